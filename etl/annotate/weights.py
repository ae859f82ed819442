"""What each sign of a dealing weighs: learnt from labelled articles, shipped with the registry, read at the first use.

The weights stand in data/registry/learned.json (etl.annotate.learned). A word weighs what was learnt for it in its slot
and for the group of words that it is used like; a sign that was never seen weighs nothing. The score is a logistic one;
two bounds make it tiers.
"""

import functools
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from etl.annotate.kept import Kept
from etl.annotate.learned import Scale, Weights, shipped
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

_WITHOUT_ONE, _UNKNOWN, _START = -1, 0, 1
"""The group of a word that is like no other; the numbers of a word that was not learnt, and of what begins a sentence:
«» before its first word."""


class Vocabulary:
    """All words that any scale knows, each with its number, and the number of its group, -1 where it has none."""

    def __init__(self, words: Iterable[str], group_of: Mapping[str, int]) -> None:
        """Number the words as they come; what begins a sentence and what was not learnt come before them."""
        self.all = tuple(dict.fromkeys(("?", "", *words)))
        self.number_of = {word: number for number, word in enumerate(self.all) if number != _UNKNOWN}
        self.group = [group_of.get(word, _WITHOUT_ONE) for word in self.all]
        self.groups = max(self.group) + 1


def _sum(weights: list[float], numbers: set[int]) -> float:
    """One after another: what `sum` gives differs with the version of Python."""
    total = 0.0
    for number in numbers:
        total += weights[number]
    return total


RELATION_SLOTS = ("s", "w")
"""The slots of words that relations are learnt from."""


class _Slot:
    """What words weigh in a slot: by their numbers, and by those of their groups, the last for words without one."""

    def __init__(self, words: dict[int, float], groups: list[float]) -> None:
        self.words = words
        self.groups = groups


class _Near:
    """The slots that one word beside two mentions stands in; `is_known` tells, by its number, if any may know it."""

    def __init__(self, slots: list[_Slot], is_known: bytes) -> None:
        self.slots = slots
        self.is_known = is_known


class _Beside:
    """The slots of the words right beside two mentions of some kinds and roles, by their place from them."""

    def __init__(self, before: list[_Near], after: list[_Near], between: list[_Near]) -> None:
        self.before = before
        self.after = after
        self.between = between


class Table:
    """A scale, ready to be summed: words are numbers, and a number is the place of a word's weight.

    A class because slots, traits and what kinds and roles bring are numbered once and kept.
    """

    def __init__(self, scale: Scale, words: Vocabulary) -> None:
        """Number the words of `scale`; nothing is summed yet."""
        self._scale, self._vocabulary = scale, words
        self._of_trait = Kept(self._trait)
        self._beside = Kept(self._place)
        self._slots = Kept(self._slot)
        self._known = Kept(self._all_known)
        # A single letter is no word of a sentence, but one beside a name.
        self._sentence = [0.0 if len(word) < 2 else w for word, w in zip(words.all, self._all("s"), strict=True)]
        self._before, self._after, self._between = self._all("pw"), self._all("nw"), self._all("w")

    def sum(self, candidate: Candidate, numbers: Sequence[int], of_sentence: float) -> float:
        """What speaks for a candidate: its own signs, and `of_sentence`, what its sentence adds to each candidate.

        `numbers` are those of the words of the sentence.
        """
        around = candidate.around
        before, after, (left, right) = numbers[bag_before(around)], numbers[bag_after(around)], around.between
        places = self._beside[around.kinds, around.roles]
        total = of_sentence + self._of(candidate.traits)
        total += _sum(self._before, {*before}) + _sum(self._after, {*after})
        for near, number in zip(places.before, (before or (_START,))[::-1], strict=False):
            total += self._in(near, number)
        for near, number in zip(places.after, after, strict=False):
            total += self._in(near, number)
        if left < right:
            opens, closes = places.between
            total += self._in(opens, numbers[left]) + self._in(closes, numbers[right - 1])
            if right - left <= MOST_BETWEEN:
                total += _sum(self._between, {*numbers[left:right]})
        return total

    def of_sentence(self, shared: Shared, numbers: Sequence[int]) -> float:
        """The bias, and what a sentence says to all of its candidates; a word that stands in it twice weighs once."""
        said = {numbers[n] for n in shared.said}
        return self._scale.bias + self._of(shared.traits) + _sum(self._sentence, said)

    def _of(self, traits: tuple[Trait, ...]) -> float:
        total = 0.0
        for trait in traits:
            total += self._of_trait[trait]
        return total

    def _slot(self, slot: str) -> _Slot:
        number_of, groups = self._vocabulary.number_of, self._scale.groups.get(slot, {})
        words = {number_of[word]: weight for word, weight in self._scale.words.get(slot, {}).items()}
        return _Slot(words, [groups.get(n, 0.0) for n in (*range(self._vocabulary.groups), _WITHOUT_ONE)])

    def _all(self, slot: str) -> list[float]:
        """What each word weighs in a slot, by its number; most words of a group share one object, as memory is slow."""
        known, same = self._slots[slot], dict[float, float]()
        found = [known.words.get(n, 0.0) + known.groups[group] for n, group in enumerate(self._vocabulary.group)]
        return [same.setdefault(weight, weight) for weight in found]

    def _trait(self, trait: Trait) -> float:
        total = 0.0
        for flag in flags(trait):
            total += self._scale.flags.get(flag, 0.0)
        return total

    def _place(self, where: tuple[str, str]) -> _Beside:
        before, after, between = ([self._all_of(slot, where) for slot in near] for near in (BEFORE, AFTER, BETWEEN))
        return _Beside(before, after, between)

    def _all_of(self, slot: str, where: tuple[str, str]) -> _Near:
        """A slot, and those in which its word stands too where the two mentions are of these kinds and roles."""
        slots = (slot, *(crossed(slot, *where) if slot in NEXT_TO else ()))
        return _Near([self._slots[one] for one in slots], self._known[slot])

    def _all_known(self, slot: str) -> bytes:
        """By its number, is a word known in a slot, whatever the kinds and roles."""
        known = bytearray(len(self._vocabulary.all))
        for name in self._scale.words:
            if name.replace("|", "/").partition("/")[0] == slot:
                for number in self._slots[name].words:
                    known[number] = 1
        return bytes(known)

    def _in(self, near: _Near, number: int) -> float:
        total, group, is_known = 0.0, self._vocabulary.group[number], near.is_known[number]
        for slot in near.slots:
            total += (slot.words.get(number, 0.0) if is_known else 0.0) + slot.groups[group]
        return total


class Judge:
    """The weights as one table for whether a dealing is stated, and one of all relations side by side."""

    def __init__(self, known: Weights) -> None:
        """Keep the weights; nothing is summed yet."""
        self.known = known
        self._relations, scales = zip(*sorted(known.relations.items()), strict=True)
        tables = [scale.words for scale in (known.dealing, *scales)]
        words = Vocabulary(itertools.chain(known.group_of, *(w for t in tables for w in t.values())), known.group_of)
        self._numbers: Kept[str, int] = Kept(lambda word: words.number_of.get(stem(word), _UNKNOWN))
        self._dealing = Table(known.dealing, words)
        self._side_by_side = SideBySide(scales, words)

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
            whole = _logistic(bias + _product(weights, numbers))
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
    by their numbers and those of groups by theirs, before these that of words without one, whose number is -1.
    """

    def __init__(self, scales: Sequence[Scale], words: Vocabulary) -> None:
        """Number the rows; nothing is summed yet."""
        self._group = words.group
        flags_known = list(dict.fromkeys(itertools.chain(*(scale.flags for scale in scales))))
        self._row_of_flag = {flag: number for number, flag in enumerate(flags_known, 1)}
        self._rows_of = Kept(self._of_trait)
        first = 1 + len(flags_known)
        self._starts = dict[str, tuple[int, int]]()
        for slot in RELATION_SLOTS:
            self._starts[slot] = first, first + len(words.all) + 1
            first += len(words.all) + words.groups + 1
        self._weights = np.zeros((first, len(scales)))
        for column, scale in enumerate(scales):
            self._weights[0, column] = scale.bias
            self._fill(column, 0, {self._row_of_flag[flag]: weight for flag, weight in scale.flags.items()})
            for slot, (of_words, of_groups) in self._starts.items():
                own = scale.words.get(slot, {})
                self._fill(column, of_words, {words.number_of[word]: weight for word, weight in own.items()})
                self._fill(column, of_groups, scale.groups.get(slot, {}))
        # A single letter is no word of a sentence, but one between two names.
        self._letters = {number for number, word in enumerate(words.all) if len(word) < 2 and number != _UNKNOWN}

    def _fill(self, column: int, start: int, weight_of: Mapping[int, float]) -> None:
        self._weights[[start + n for n in weight_of], column] = list(weight_of.values())

    def sums(self, candidate: Candidate, numbers: Sequence[int]) -> list[float]:
        """What speaks for each scale; a flag, word or group counts once in its slot. `numbers`: of the words."""
        (left, right), shared = candidate.around.between, candidate.shared
        rows = [0]
        for trait in (*shared.traits, *candidate.traits):
            rows += self._rows_of[trait]
        rows += self._rows("s", {numbers[n] for n in shared.said} - self._letters)
        if 0 < right - left <= MOST_BETWEEN:
            rows += self._rows("w", {*numbers[left:right]})
        return self._weights.take(rows, axis=0).sum(axis=0).tolist()

    def _rows(self, slot: str, numbers: set[int]) -> list[int]:
        words, groups = self._starts[slot]
        rows = [words + n for n in numbers]
        rows += [groups + n for n in {self._group[n] for n in numbers}]
        return rows

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
        seldom, often = sorted([named.get(codes[0], 0), named.get(codes[1], 0)])
        unlikely = 1.0
        for one in own:
            unlikely *= 1 - _logistic(one)
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


def _product(weights: Sequence[float], numbers: Sequence[float]) -> float:
    total = 0.0
    for weight, number in zip(weights, numbers, strict=False):
        total += weight * number
    return total


_LOWEST = -700.0
"""Below it e**-x is no float any more. A sentence of all words that speak against a dealing comes near it."""


def _logistic(total: float) -> float:
    return 1 / (1 + math.exp(-max(total, _LOWEST)))


@functools.cache
def judge() -> Judge:
    """The shipped weights."""
    return Judge(shipped())
