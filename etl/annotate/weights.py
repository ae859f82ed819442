"""What each sign of a dealing weighs: learnt from labelled articles, shipped with the registry, read at the first use.

`python -m tests.quality.learn` makes data/registry/learned.json; it says there which labels it was learnt from. A word
weighs what was learnt for it in its slot and for the group of words that it is used like; a sign that was never seen
weighs nothing. The score is a logistic one; two bounds make it tiers.
"""

import functools
import math

import msgspec

from etl.annotate.signs import Candidate, Shared
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
    relations: dict[str, Scale]
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
        self._words: dict[int, dict[str, float]] = {}
        self._shared: dict[int, tuple[Shared, float]] = {}

    def probability(self, candidate: Candidate) -> float:
        """How much speaks for a dealing, from 0 to 1."""
        return 1 / (1 + math.exp(-self._sum(candidate, self.known.dealing)))

    def likeliest(self, candidate: Candidate) -> str:
        """The relation that most speaks for, if a dealing is stated."""
        sums = {name: self._sum(candidate, scale) for name, scale in self.known.relations.items()}
        return max(sorted(sums), key=lambda name: sums[name])

    def _sum(self, candidate: Candidate, scale: Scale) -> float:
        total = self._of_shared(candidate.shared, scale)
        for flag in candidate.flags:
            total += scale.flags.get(flag, 0.0)
        group_of = self.known.group_of
        for slot, word in candidate.words:
            words, groups = scale.words.get(slot), scale.groups.get(slot)
            if words:
                total += words.get(word, 0.0)
            if groups and word in group_of:
                total += groups.get(group_of[word], 0.0)
        return total

    def _of_shared(self, shared: Shared, scale: Scale) -> float:
        kept = self._shared.get(id(scale))
        if kept and kept[0] is shared:
            return kept[1]
        slot = self._sentence_words(scale)
        total = scale.bias + sum(scale.flags.get(flag, 0.0) for flag in shared.flags)
        total += sum(slot.get(word, 0.0) for word in shared.words)
        self._shared[id(scale)] = shared, total
        return total

    def _sentence_words(self, scale: Scale) -> dict[str, float]:
        """Words of the slot «s», which are most, with what their groups weigh."""
        found = self._words.get(id(scale))
        if found is None:
            groups = scale.groups.get("s", {})
            found = {word: groups[group] for word, group in self.known.group_of.items() if group in groups}
            for word, weight in scale.words.get("s", {}).items():
                found[word] = found.get(word, 0.0) + weight
            self._words[id(scale)] = found
        return found


@functools.cache
def judge() -> Judge:
    """The shipped weights."""
    return Judge(msgspec.json.decode((folder() / LEARNED).read_bytes(), type=Weights))
