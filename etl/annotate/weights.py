"""What each sign of a dealing weighs: learnt from labelled articles, shipped with the registry, read at the first use.

`python -m tests.quality.learn` makes data/registry/learned.json; it says there which labels it was learnt from. A word
weighs what was learnt for it in its slot and for the group of words that it is used like; a sign that was never seen
weighs nothing. The score is a logistic one; two bounds make it tiers.
"""

import functools
import itertools
import math
import operator
from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from etl.annotate.signs import NEXT_TO, Around, Candidate, Codes, Shared, Trait, bags, crossed, flags
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
    whole: list[float]
    """The bias and what each number of `of_article` weighs: how all of an article speaks for a dealing."""

    strong: float
    medium: float


Row = tuple[Any, ...]
"""The group of a word (-1 for none) and its weights in the slots of `_PLAIN`."""
_PLAIN = ("s", "w", "a1", "bz", *(c + slot for c in ("", "c") for slot in ("pw", "p0", "p1", "p2", "nw", "n0", "n1")))
_UNKNOWN: Row = -1, *(0.0 for _ in _PLAIN)
Crossed = dict[str, list[tuple[dict[str, float], dict[int, float]]]]


class Table:
    """A scale, ready to be summed.

    A class because what candidates share is looked up once and kept until the next sentence or the next words come.
    """

    def __init__(self, scale: Scale, group_of: dict[str, int]) -> None:
        """Set each word beside its group and what it weighs in each slot: one look-up finds all of it."""
        slots = [scale.words.get(slot, {}) for slot in _PLAIN]
        words = dict.fromkeys(itertools.chain(group_of, *slots))
        rows = {word: (group_of.get(word, -1), *(slot.get(word, 0.0) for slot in slots)) for word in words}
        # The last weight is that of words without a group, whose number is -1.
        numbers = [*range(max(group_of.values(), default=-1) + 1), -1]
        groups = {slot: [scale.groups.get(slot, {}).get(number, 0.0) for number in numbers] for slot in _PLAIN}
        self._plain = {slot: (n, groups[slot]) for n, slot in enumerate(_PLAIN, 1)}
        self._scale, self._row, self._nothing = scale, rows.get, rows.get("", _UNKNOWN)
        self._of_trait = functools.lru_cache(maxsize=1 << 14)(self._trait)
        self._crossed = functools.lru_cache(maxsize=1 << 12)(self._next_to)
        self._shared: tuple[Shared | None, list[Row], float] = None, [], 0.0
        self._around: tuple[Around | None, float] = None, 0.0

    def sum(self, candidate: Candidate) -> float:
        """Each sign once, as it was learnt: a word twice in a slot weighs once, as do two words of one group."""
        shared, of_all = candidate.shared, self._shared
        if of_all[0] is not shared:
            rows = [self._row(word, _UNKNOWN) for word in shared.stems]
            traits = self._scale.bias + sum(map(self._of_trait, shared.traits))
            of_all = self._shared = shared, rows, traits + self._bag("s", [rows[n] for n in shared.said])
        beside = self._around
        if beside[0] is not candidate.around:
            beside = self._around = candidate.around, self._beside(shared.stems, of_all[1], candidate.around)
        return of_all[2] + beside[1] + sum(map(self._of_trait, candidate.traits))

    def _trait(self, trait: Trait) -> float:
        return sum(self._scale.flags.get(flag, 0.0) for flag in flags(trait))

    def _beside(self, stems: list[str], rows: list[Row], around: Around) -> float:
        total, too = 0.0, self._crossed(around.kinds, around.roles)
        for slot, n in around.near:
            row = rows[n] if n >= 0 else self._nothing
            at, groups = self._plain[slot]
            total += row[at] + groups[row[0]]
            for by_word, by_group in too.get(slot, ()):
                total += by_word.get(stems[n] if n >= 0 else "", 0.0) + by_group.get(row[0], 0.0)
        for slot, first, last in around.bags:
            total += self._bag(slot, dict(zip(stems[first:last], rows[first:last], strict=True)).values())
        return total

    def _next_to(self, kinds: str, roles: str) -> Crossed:
        """What is known of words right beside two mentions with these kinds and roles, by slot."""
        words, groups = self._scale.words, self._scale.groups
        found = {
            slot: [one for one in crossed(slot, kinds, roles) if one in words or one in groups] for slot in NEXT_TO
        }
        return {slot: [(words.get(s, {}), groups.get(s, {})) for s in too] for slot, too in found.items() if too}

    def _bag(self, slot: str, rows: Collection[Row]) -> float:
        """Different words in one slot."""
        at, groups = self._plain[slot]
        return sum([row[at] for row in rows]) + sum([groups[number] for number in {row[0] for row in rows}])


class Judge:
    """The weights as one table for whether a dealing is stated, and one of all relations side by side."""

    def __init__(self, known: Weights) -> None:
        """Keep the weights; nothing is summed yet."""
        self.known = known
        self._dealing = Table(known.dealing, known.group_of)
        self._relations, scales = zip(*sorted(known.relations.items()), strict=True)
        self._bias = tuple(scale.bias for scale in scales)
        self._flags = _columns([scale.flags for scale in scales])
        self._of_trait = functools.lru_cache(maxsize=1 << 14)(self._trait)
        self._slots = {
            slot: (
                _columns([s.words.get(slot, {}) for s in scales]),
                _columns([s.groups.get(slot, {}) for s in scales]),
            )
            for slot in {slot for scale in scales for slot in (*scale.words, *scale.groups)}
        }

    def heard(self, candidates: Sequence[Candidate]) -> list[float]:
        """How much speaks for the dealing of each candidate of an article, from 0 to 1.

        The best sentence of two countries is as likely as all that the article says of them; no other is likelier.
        """
        sums = [self._dealing.sum(candidate) for candidate in candidates]
        likely = [_logistic(one) for one in sums]
        bias, *weights = self.known.whole
        for numbers, places in of_article(candidates, sums).values():
            whole = _logistic(bias + sum(map(operator.mul, weights, numbers)))
            for n in places:
                likely[n] = min(likely[n], whole)
            likely[places[0]] = whole
        return likely

    def likeliest(self, candidate: Candidate) -> Relation:
        """The relation that most speaks for, if a dealing is stated; of equals the first by its name."""
        sums = list(map(sum, zip(self._bias, *self._said(candidate), strict=True)))
        return self._relations[sums.index(max(sums))]

    def _said(self, candidate: Candidate) -> Iterator[tuple[float, ...]]:
        """What each sign weighs for each relation: relations are learnt from flags and from slots of many words."""
        yield from itertools.chain.from_iterable(map(self._of_trait, (*candidate.shared.traits, *candidate.traits)))
        for slot, words in bags(candidate.shared, candidate.around):
            if slot in self._slots:
                by_word, by_group = self._slots[slot]
                said = dict.fromkeys(words)
                yield from filter(None, map(by_word.get, said))
                yield from filter(None, map(by_group.get, dict.fromkeys(map(self.known.group_of.get, said))))

    def _trait(self, trait: Trait) -> list[tuple[float, ...]]:
        return [self._flags[flag] for flag in flags(trait) if flag in self._flags]


_NONE = -5.0
"""The sum that stands for a sentence that is not there."""


def of_article(
    candidates: Sequence[Candidate], sums: Sequence[float]
) -> dict[Codes, tuple[tuple[float, ...], list[int]]]:
    """For each two countries what an article says of them in numbers, and the places of their candidates, best first.

    The numbers: the three best sums, how likely any of them is, how many there are, the best and the number of those
    that name both, the best of the headline, the best of other two with one of these, how far the article's best is.
    """
    placed: dict[Codes, list[int]] = {}
    for n in sorted(range(len(sums)), key=lambda n: (-sums[n], n)):
        placed.setdefault(candidates[n].codes, []).append(n)
    best = {codes: sums[places[0]] for codes, places in placed.items()}
    first = max(best.values(), default=_NONE)
    found = {}
    for codes, places in placed.items():
        own = [sums[n] for n in places]
        direct = [sums[n] for n in places if candidates[n].second is not None]
        shown = [sums[n] for n in places if candidates[n].scan.field == "headline"]
        beside = [s for other, s in best.items() if other != codes and not set(other).isdisjoint(codes)]
        unlikely = math.prod(1 - _logistic(one) for one in own)
        found[codes] = (
            (*[*own, _NONE, _NONE][:3], -math.log(unlikely + 1e-9), math.log(len(own)), max(direct, default=_NONE),
             math.log(1 + len(direct)), max(shown, default=_NONE), max(beside, default=_NONE), first - own[0]),
            places,
        )  # fmt: skip
    return found


def _logistic(total: float) -> float:
    return 1 / (1 + math.exp(-total))


K = TypeVar("K")


def _columns(scales: Sequence[dict[K, float]]) -> dict[K, tuple[float, ...]]:
    """What each key weighs on each scale."""
    return {key: tuple(scale.get(key, 0.0) for scale in scales) for key in dict.fromkeys(itertools.chain(*scales))}


@functools.cache
def judge() -> Judge:
    """The shipped weights."""
    return Judge(msgspec.json.decode((folder() / LEARNED).read_bytes(), type=Weights))
