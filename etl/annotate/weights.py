"""What each sign of a dealing weighs: learnt from labelled articles, shipped with the registry, read at the first use.

`python -m tests.quality.learn` makes data/registry/learned.json; it says there which labels it was learnt from. A word
weighs what was learnt for it in its slot and for the group of words that it is used like; a sign that was never seen
weighs nothing. The score is a logistic one; two bounds make it tiers.
"""

import functools
import itertools
import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from etl.annotate.kept import Kept
from etl.annotate.signs import (
    AFTER,
    BEFORE,
    BETWEEN,
    MOST_BETWEEN,
    NEXT_TO,
    Candidate,
    Codes,
    Shared,
    Trait,
    bag_after,
    bag_before,
    crossed,
    flags,
)
from etl.annotate.words import stem
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


_WITHOUT_ONE, _UNKNOWN, _START = -1, 0, 1
"""The group of a word that is like no other; the numbers of a word that was not learnt, and of what begins a sentence:
«» before its first word."""


class _Beside(NamedTuple):
    """What a word weighs right beside two mentions, by its place from them and its number."""

    before: list[Kept[int, float]]
    after: list[Kept[int, float]]
    between: list[Kept[int, float]]


RELATION_SLOTS = ("s", "w")
"""The slots of words that relations are learnt from."""


class Table:
    """A scale, ready to be summed: words are numbers, and a number is the place of a word's weight.

    A class because a word beside two mentions stands in several slots by their kinds and roles, whose weights are added
    once and kept.
    """

    def __init__(self, scale: Scale, words: Sequence[str], group_of: Mapping[str, int]) -> None:
        """`words` has all that any scale knows, each at its number."""
        self._scale, self._words, self._group_of = scale, words, group_of
        self._of_trait = Kept(self._trait)
        self._beside = Kept(self._place)
        # A single letter is no word of a sentence, but one beside a name.
        self._sentence = [0.0 if len(word) < 2 else self._weight("s", word) for word in words]
        self._before, self._after, self._between = ([self._weight(s, w) for w in words] for s in ("pw", "nw", "w"))

    def sum(self, candidate: Candidate, numbers: Sequence[int], of_sentence: float) -> float:
        """What speaks for a candidate: its own signs, and `of_sentence`, what its sentence adds to each candidate.

        `numbers` are those of the words of the sentence.
        """
        around = candidate.around
        before, after, (left, right) = numbers[bag_before(around)], numbers[bag_after(around)], around.between
        places = self._beside[around.kinds, around.roles]
        total = of_sentence + sum(map(self._of_trait.__getitem__, candidate.traits))
        total += sum(map(self._before.__getitem__, {*before})) + sum(map(self._after.__getitem__, {*after}))
        for weight_of, number in zip(places.before, (before or (_START,))[::-1], strict=False):
            total += weight_of[number]
        for weight_of, number in zip(places.after, after, strict=False):
            total += weight_of[number]
        if left < right:
            opens, closes = places.between
            total += opens[numbers[left]] + closes[numbers[right - 1]]
            if right - left <= MOST_BETWEEN:
                total += sum(map(self._between.__getitem__, {*numbers[left:right]}))
        return total

    def of_sentence(self, shared: Shared, numbers: Sequence[int]) -> float:
        """The bias, and what a sentence says to all of its candidates; a word that stands in it twice weighs once."""
        said = set(map(numbers.__getitem__, shared.said))
        return (
            self._scale.bias
            + sum(map(self._of_trait.__getitem__, shared.traits))
            + sum(map(self._sentence.__getitem__, said))
        )

    def _weight(self, slot: str, word: str) -> float:
        weight = self._scale.words.get(slot, {}).get(word, 0.0)
        return weight + self._scale.groups.get(slot, {}).get(self._group_of.get(word, _WITHOUT_ONE), 0.0)

    def _trait(self, trait: Trait) -> float:
        return sum(self._scale.flags.get(flag, 0.0) for flag in flags(trait))

    def _place(self, where: tuple[str, str]) -> _Beside:
        """By slot and number, what a word weighs beside two mentions of these kinds and roles."""

        def weights(slot: str) -> Kept[int, float]:
            slots = (slot, *crossed(slot, *where)) if slot in NEXT_TO else (slot,)
            return Kept(lambda number: sum(self._weight(one, self._words[number]) for one in slots))

        before, after, between = ([weights(slot) for slot in near] for near in (BEFORE, AFTER, BETWEEN))
        return _Beside(before, after, between)


class Judge:
    """The weights as one table for whether a dealing is stated, and one of all relations side by side."""

    def __init__(self, known: Weights) -> None:
        """Keep the weights; nothing is summed yet."""
        self.known = known
        self._relations, scales = zip(*sorted(known.relations.items()), strict=True)
        tables = [scale.words for scale in (known.dealing, *scales)]
        words = ("?", "", *dict.fromkeys(itertools.chain(known.group_of, *(w for t in tables for w in t.values()))))
        number_of = {word: number for number, word in enumerate(words) if number != _UNKNOWN}
        self._numbers = Kept(lambda word: number_of.get(stem(word), _UNKNOWN))
        self._dealing = Table(known.dealing, words, known.group_of)
        self._side_by_side = SideBySide(scales, words, known.group_of)

    def numbers(self, shared: Shared) -> list[int]:
        """The words of a sentence as numbers."""
        return list(map(self._numbers.__getitem__, shared.words))

    def sums(self, candidates: Sequence[Candidate]) -> list[float]:
        """What speaks for each candidate by itself, above or below 0."""
        shared, numbers, of_sentence, found = None, list[int](), 0.0, []
        for candidate in candidates:
            if shared is not candidate.shared:
                shared, numbers = candidate.shared, self.numbers(candidate.shared)
                of_sentence = self._dealing.of_sentence(shared, numbers)
            found.append(self._dealing.sum(candidate, numbers, of_sentence))
        return found

    def heard(self, candidates: Sequence[Candidate], named: Mapping[str, int]) -> list[float]:
        """How much speaks for the dealing of each candidate of an article, from 0 to 1; `named`: how often codes are.

        The best sentence of two countries is as likely as all that the article says of them; no other is likelier.
        """
        sums = self.sums(candidates)
        likely = [_logistic(one) for one in sums]
        bias, *weights = self.known.whole
        for numbers, places in of_article(candidates, sums, named).values():
            whole = _logistic(bias + sum(map(operator.mul, weights, numbers)))
            for n in places:
                likely[n] = min(likely[n], whole)
            likely[places[0]] = whole
        return likely

    def likeliest(self, candidate: Candidate, but: Relation | None = None) -> Relation:
        """The relation that most speaks for, if a dealing is stated, and not `but`; of equals the first by its name."""
        sums = self._side_by_side.sums(candidate, self.numbers(candidate.shared))
        by_relation = dict(zip(self._relations, sums, strict=True))
        return max((relation for relation in self._relations if relation != but), key=by_relation.__getitem__)


class SideBySide:
    """Scales of the same signs, summed at once: a row a sign, a column a scale.

    A class because its rows are numbered once: that of the bias, then those of flags, and in each slot those of words
    by their numbers and those of groups by theirs, the last for words without one.
    """

    def __init__(self, scales: Sequence[Scale], words: Sequence[str], group_of: Mapping[str, int]) -> None:
        """Number the rows; nothing is summed yet."""
        self._group = [group_of.get(word, _WITHOUT_ONE) for word in words]
        flags_known = list(dict.fromkeys(itertools.chain(*(scale.flags for scale in scales))))
        self._row_of_flag = {flag: number for number, flag in enumerate(flags_known, 1)}
        self._rows_of = Kept(self._of_trait)
        rows = [[scale.bias for scale in scales], *([s.flags.get(flag, 0.0) for s in scales] for flag in flags_known)]
        self._starts = dict[str, tuple[int, int]]()
        for slot in RELATION_SLOTS:
            of_words = [scale.words.get(slot, {}) for scale in scales]
            of_groups = [scale.groups.get(slot, {}) for scale in scales]
            first = len(rows)
            rows += [[one.get(word, 0.0) for one in of_words] for word in words]
            self._starts[slot] = first, len(rows) + 1
            rows += [[one.get(n, 0.0) for one in of_groups] for n in range(_WITHOUT_ONE, max(self._group) + 1)]
        self._weights = np.array(rows)
        # A single letter is no word of a sentence, but one between two names.
        self._letters = {number for number, word in enumerate(words) if len(word) < 2 and number != _UNKNOWN}

    def sums(self, candidate: Candidate, numbers: Sequence[int]) -> list[float]:
        """What speaks for each scale; a flag, word or group counts once in its slot. `numbers`: of the words."""
        (left, right), shared = candidate.around.between, candidate.shared
        rows = [0, *itertools.chain(*map(self._rows_of.__getitem__, (*shared.traits, *candidate.traits)))]
        rows += self._rows("s", {numbers[n] for n in shared.said} - self._letters)
        if 0 < right - left <= MOST_BETWEEN:
            rows += self._rows("w", {*numbers[left:right]})
        return self._weights[rows].sum(axis=0).tolist()

    def _rows(self, slot: str, numbers: set[int]) -> list[int]:
        words, groups = self._starts[slot]
        return [*(words + n for n in numbers), *(groups + n for n in set(map(self._group.__getitem__, numbers)))]

    def _of_trait(self, trait: Trait) -> list[int]:
        return [self._row_of_flag[flag] for flag in flags(trait) if flag in self._row_of_flag]


_NONE = -5.0
"""The sum that stands for a sentence that is not there."""


def of_article(
    candidates: Sequence[Candidate], sums: Sequence[float], named: Mapping[str, int]
) -> dict[Codes, tuple[tuple[float, ...], list[int]]]:
    """For each two countries what an article says of them in numbers, and the places of their candidates, best first.

    The numbers: the three best sums, how likely any of them is, how many there are, the best of the headline, the best
    of other two with one of these, how far the article's best is, how often the one and the other is `named` and how
    much of all names that is, how many countries are named.
    """
    placed: dict[Codes, list[int]] = {}
    for n in sorted(range(len(sums)), key=lambda n: (-sums[n], n)):
        placed.setdefault(candidates[n].codes, []).append(n)
    best = {codes: sums[places[0]] for codes, places in placed.items()}
    first = max(best.values(), default=_NONE)
    near, all_named = _best_of_each(best), sum(named.values()) or 1
    found = {}
    for codes, places in placed.items():
        own = [sums[n] for n in places]
        shown = [sums[n] for n in places if candidates[n].scan.field == "headline"]
        beside = [best[other] for code in codes for other in near[code] if other != codes]
        seldom, often = sorted(named.get(code, 0) for code in codes)
        unlikely = math.prod(1 - _logistic(one) for one in own)
        found[codes] = (
            (*[*own, _NONE, _NONE][:3], -math.log(unlikely + 1e-9), math.log(len(own)), max(shown, default=_NONE),
             max(beside, default=_NONE), first - own[0], math.log(1 + seldom), math.log(1 + often),
             seldom / all_named, often / all_named, math.log(len(named) or 1)),
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


_LOWEST = -700.0
"""Below it e**-x is no float any more. A sentence of all words that speak against a dealing comes near it."""


def _logistic(total: float) -> float:
    return 1 / (1 + math.exp(-max(total, _LOWEST)))


@functools.cache
def judge() -> Judge:
    """The shipped weights."""
    return Judge(msgspec.json.decode((folder() / LEARNED).read_bytes(), type=Weights))
