"""What each sign of a dealing weighs: learnt from labelled articles, shipped with the registry, read at the first use.

`python -m tests.quality.learn` makes data/registry/learned.json; it says there which labels it was learnt from. A word
weighs what was learnt for it in its slot and for the group of words that it is used like; a sign that was never seen
weighs nothing. The score is a logistic one; two bounds make it tiers.
"""

import functools
import math
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from etl.annotate.signs import Candidate, Shared
from etl.model import Relation
from etl.registry import LEARNED, folder


class Scale(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The weights of flags, of words by slot, and of groups of words (by their number) by slot."""

    bias: float
    flags: dict[str, float]
    words: dict[str, dict[str, float]]
    groups: dict[str, dict[int, float]]


class Weights(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The file: a scale for whether a dealing is stated, one for each relation, and the bounds of the tiers."""

    learned_from: dict[str, str]
    """Label file → SHA-256."""

    dealing: Scale
    relations: dict[Relation, Scale]
    group_of: dict[str, int]
    strong: float
    medium: float


class Judge:
    """The weights, ready to be summed.

    A class because what the candidates of a sentence share is summed once and kept until the next sentence comes.
    """

    def __init__(self, known: Weights) -> None:
        """Keep the weights; nothing is summed yet."""
        self.known = known
        self._shared: dict[int, tuple[Shared, float]] = {}

    def probability(self, candidate: Candidate) -> float:
        """How much speaks for a dealing, from 0 to 1."""
        return 1 / (1 + math.exp(-self._sum(candidate, self.known.dealing)))

    def likeliest(self, candidate: Candidate) -> Relation:
        """The relation that most speaks for, if a dealing is stated."""
        sums = {name: self._sum(candidate, scale) for name, scale in self.known.relations.items()}
        return max(sorted(sums), key=lambda name: sums[name])

    def _sum(self, candidate: Candidate, scale: Scale) -> float:
        """Each sign once, as it was learnt: a word twice in a slot weighs once, as do two words of one group."""
        total = self._of_shared(candidate.shared, scale) + _weigh(candidate.flags, scale.flags)
        placed = dict.fromkeys(candidate.words)
        for slot, word in placed:
            words = scale.words.get(slot)
            if words:
                total += words.get(word, 0.0)
        group_of = self.known.group_of
        for slot, group in dict.fromkeys((slot, group_of[word]) for slot, word in placed if word in group_of):
            groups = scale.groups.get(slot)
            if groups:
                total += groups.get(group, 0.0)
        return total

    def _of_shared(self, shared: Shared, scale: Scale) -> float:
        kept = self._shared.get(id(scale))
        if kept and kept[0] is shared:
            return kept[1]
        group_of = self.known.group_of
        total = scale.bias + _weigh(shared.flags, scale.flags) + _weigh(shared.words, scale.words.get("s", {}))
        total += _weigh((group_of[word] for word in shared.words if word in group_of), scale.groups.get("s", {}))
        self._shared[id(scale)] = shared, total
        return total


T = TypeVar("T")


def _weigh(signs: Iterable[T], weights: dict[T, float]) -> float:
    return sum(weights.get(sign, 0.0) for sign in dict.fromkeys(signs))


@functools.cache
def judge() -> Judge:
    """The shipped weights."""
    return Judge(msgspec.json.decode((folder() / LEARNED).read_bytes(), type=Weights))
