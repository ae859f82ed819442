"""What each sign of a dealing weighs: learnt from labelled articles, shipped with the registry, read at the first use.

`python -m tests.quality.learn` makes data/registry/learned.json; it says there which labels it was learnt from. A word
weighs what was learnt for it in its slot and for the group of words that it is used like; a sign that was never seen
weighs nothing. The score is a logistic one; two bounds make it tiers.
"""

import functools
import itertools
import math
import operator
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from etl.annotate.signs import (
    AFTER,
    BEFORE,
    BETWEEN,
    MOST_BETWEEN,
    NEXT_TO,
    Around,
    Candidate,
    Codes,
    Shared,
    Trait,
    bag_after,
    bag_before,
    bags,
    crossed,
    flags,
)
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


_BAGS = ("s", "w", "pw", "nw", "cpw", "cnw")
_UNKNOWN, _NO_GROUP = 0, -1


class _Slot(NamedTuple):
    """What words weigh in a slot, by their number, and groups by theirs; the last is that of words without one."""

    words: dict[int, float]
    groups: list[float]


class _Place(NamedTuple):
    """The slots by their place beside two mentions of certain kinds and roles, or beside one.

    A word may stand in several at once. Slots that nothing was learnt for are left out.
    """

    before: list[list[_Slot]]
    after: list[list[_Slot]]
    between: list[list[_Slot]]
    bag_before: _Slot
    bag_after: _Slot


class Table:
    """A scale, ready to be summed: words are numbers, and a number is the place of a word's weight.

    A class because what candidates share is looked up once and kept until the next sentence or the next words come.
    """

    def __init__(self, scale: Scale, group_of: dict[str, int]) -> None:
        """Number all words of which something is known."""
        self._scale = scale
        self._words = ["?", *dict.fromkeys(itertools.chain(group_of, *scale.words.values()))]
        self._number = {sys.intern(word): number for number, word in enumerate(self._words) if number != _UNKNOWN}
        self._group = [group_of.get(word, _NO_GROUP) for word in self._words]
        self._slots = {slot: self._slot(slot) for slot in dict.fromkeys((*scale.words, *scale.groups, *_BAGS))}
        self._start = [self._number.get("", _UNKNOWN)]
        self._letters = {number for word, number in self._number.items() if len(word) < 2}
        self._of_trait = functools.lru_cache(maxsize=1 << 14)(self._trait)
        self._places = functools.lru_cache(maxsize=1 << 9)(self._place)
        self._shared: tuple[Shared | None, list[int], float] = None, [], 0.0
        self._around: tuple[Around | None, float] = None, 0.0

    def _slot(self, slot: str) -> _Slot:
        words, groups = self._scale.words.get(slot, {}), self._scale.groups.get(slot, {})
        numbers = (*range(max(self._group) + 1), _NO_GROUP)
        return _Slot(
            {self._number[word]: weight for word, weight in words.items()}, [groups.get(n, 0.0) for n in numbers]
        )

    def sum(self, candidate: Candidate) -> float:
        """Each sign once, as it was learnt: a word twice in a slot weighs once, as do two words of one group."""
        shared, of_all = candidate.shared, self._shared
        if of_all[0] is not shared:
            numbers = list(map(self._number.get, shared.stems, itertools.repeat(_UNKNOWN)))
            said = {numbers[n] for n in shared.said} - self._letters
            traits = self._scale.bias + sum(map(self._of_trait, shared.traits))
            of_all = self._shared = shared, numbers, traits + self._many(self._slots["s"], said)
        beside = self._around
        if beside[0] is not candidate.around:
            beside = self._around = candidate.around, self._beside(of_all[1], candidate.around)
        return of_all[2] + beside[1] + sum(map(self._of_trait, candidate.traits))

    def _trait(self, trait: Trait) -> float:
        return sum(self._scale.flags.get(flag, 0.0) for flag in flags(trait))

    def _beside(self, numbers: list[int], around: Around) -> float:
        place = self._places(around.kinds, around.roles, "c" if around.is_one else "")
        before, after, (left, right) = numbers[bag_before(around)], numbers[bag_after(around)], around.between
        total = self._many(place.bag_before, {*before}) + self._many(place.bag_after, {*after})
        total += self._each(place.before, (before or self._start)[::-1]) + self._each(place.after, after)
        if left < right:
            total += self._each(place.between, (numbers[left], numbers[right - 1]))
        if 0 < right - left <= MOST_BETWEEN:
            total += self._many(self._slots["w"], {*numbers[left:right]})
        return total

    def _place(self, kinds: str, roles: str, c: str) -> _Place:
        def slots(slot: str) -> list[_Slot]:
            too = crossed(slot, kinds, roles) if slot in NEXT_TO else ()
            return [self._slots[one] for one in (slot, *too) if one in self._slots]

        before, after = ([slots(c + slot) for slot in near] for near in (BEFORE, AFTER))
        return _Place(before, after, list(map(slots, BETWEEN)), self._slots[f"{c}pw"], self._slots[f"{c}nw"])

    def _each(self, places: list[list[_Slot]], numbers: Sequence[int]) -> float:
        """One word in each place."""
        total = 0.0
        for slots, number in zip(places, numbers, strict=False):
            group = self._group[number]
            for words, groups in slots:
                total += words.get(number, 0.0) + groups[group]
        return total

    def _many(self, slot: _Slot, numbers: set[int]) -> float:
        """Different words in one slot; a loop, as sums of lists take twice as long for so few."""
        weight_of, groups, group_of = slot.words.get, slot.groups, self._group
        total, met = 0.0, set()
        for number in numbers:
            total += weight_of(number, 0.0)
            group = group_of[number]
            if group not in met:
                met.add(group)
                total += groups[group]
        return total


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

    def likeliest(self, candidate: Candidate, but: Relation | None = None) -> Relation:
        """The relation that most speaks for, if a dealing is stated, and not `but`; of equals the first by its name."""
        sums = list(map(sum, zip(self._bias, *self._said(candidate), strict=True)))
        return max((r for r in self._relations if r != but), key=lambda r: sums[self._relations.index(r)])

    def _said(self, candidate: Candidate) -> Iterator[tuple[float, ...]]:
        """What each sign weighs for each relation: relations are learnt from flags and from slots of many words."""
        yield from itertools.chain.from_iterable(map(self._of_trait, candidate.shared.traits))
        yield from itertools.chain.from_iterable(map(self._of_trait, candidate.traits))
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
    near = _best_of_each(best)
    found = {}
    for codes, places in placed.items():
        own = [sums[n] for n in places]
        direct = [sums[n] for n in places if candidates[n].second is not None]
        shown = [sums[n] for n in places if candidates[n].scan.field == "headline"]
        beside = [best[other] for code in codes for other in near[code] if other != codes]
        unlikely = math.prod(1 - _logistic(one) for one in own)
        found[codes] = (
            (*[*own, _NONE, _NONE][:3], -math.log(unlikely + 1e-9), math.log(len(own)), max(direct, default=_NONE),
             math.log(1 + len(direct)), max(shown, default=_NONE), max(beside, default=_NONE), first - own[0]),
            places,
        )  # fmt: skip
    return found


def _best_of_each(best: Iterable[Codes]) -> dict[str, list[Codes]]:
    """Of each code the best two codes that it is one of, as they come best first: two, as one of them may be asked."""
    found: dict[str, list[Codes]] = {}
    for codes in best:
        for code in codes:
            own = found.setdefault(code, [])
            if len(own) < 2:
                own.append(codes)
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
