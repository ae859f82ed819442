"""Whether two articles are one text, by their signatures: the rule's name and how much is the same.

The bounds were chosen on labelled pairs; docs/stories.md says how, and how often the rule is right.
"""

import itertools
from typing import Literal, NamedTuple

import numpy as np

from etl.gather.signatures import NUMBERS, OPENING, SKETCH, UNUSUAL, Signature

Rule = Literal["same-text", "near-copy", "contained", "agency-copy", "reworked"]

WINDOW_DAYS = 3
"""Near-copies are printed within so many days; what comes later with the same words is a series or background."""

_FEWEST_RUNS = 8
_LEAD, _HEAD = OPENING // 2, 3 * OPENING // 4
_BRIEF = 24
"""Of one outlet's texts of so many words at most a number is the news: a score, a price, a toll. No label was looked
at: of each pair on which the rule was chosen the longer text has 27 words at least."""


class Bounds(NamedTuple):
    """What two texts of one outlet must share; `python -m tests.quality.folds` judges how these were chosen."""

    agreed: float = 1.38
    """Their heads and their telling words, summed, of 2 at most."""
    shorter: float = 0.5
    """Of the shorter one's runs, beside that."""
    at_one_minute: float = 0.7
    """Heads and telling words of what was printed at the same minute."""
    begun: float = 1.0
    """Or else a third of all runs, and these and the lead summed, of 2 at most."""


BOUNDS = Bounds()


class Similarity(NamedTuple):
    """Why two articles are one text, and what share of runs of words says so (of both, or of the shorter), 0 to 1."""

    rule: Rule
    share: float


class _Common(NamedTuple):
    """What two texts share, each from 0 to 1: of both texts' runs, of the shorter's, of their leads and rare words."""

    both: float
    shorter: float
    lead: float
    unusual: float
    numbers: float
    size: float


def alike(a: Signature, b: Signature, *, bounds: Bounds = BOUNDS) -> Similarity | None:
    """Why the two are copies, None where they are not; the same for (b, a)."""
    if a.text_id == b.text_id:
        return Similarity("same-text", 1.0)
    if min(a.runs, b.runs) < _FEWEST_RUNS:
        return None
    apart = None if a.day is None or b.day is None else abs(a.day - b.day)
    if apart is not None and apart > WINDOW_DAYS:
        return None
    is_two = 0 != a.outlet != b.outlet != 0
    if not is_two and _is_brief(a) and _is_brief(b) and not _share_numbers(a, b):
        return None
    common = _common(a, b)
    if common.unusual < 0.6 or common.numbers < 0.5:
        return None
    if apart is None:
        return Similarity("near-copy", common.both) if common.both >= 0.8 else None
    return _of_two(common, apart) if is_two else _of_one(a, b, common, bounds)


def _of_two(common: _Common, apart: int) -> Similarity | None:
    """Two outlets that are known print the same words where both have them from one source."""
    if common.both >= 0.4:
        return Similarity("near-copy", common.both)
    if common.shorter >= 0.6 and common.lead >= 0.5:
        return Similarity("contained", common.shorter)
    if common.shorter >= 0.5 and common.lead >= 0.1 and common.size >= 0.4:
        return Similarity("agency-copy", common.shorter)
    if common.shorter >= 0.36 and common.lead >= 0.3 and common.size >= 0.25 and not apart:
        return Similarity("agency-copy", common.shorter)
    return None


def _of_one(a: Signature, b: Signature, common: _Common, bounds: Bounds) -> Similarity | None:
    """One outlet (or nobody knows) repeats its own background and forms under other news.

    So what is the news must agree: how the texts begin, and the names and numbers of both. What one outlet prints twice
    at the same minute are two states of one text; there half as much is enough.
    """
    agreed = _head(a, b) + _telling(a, b)
    if not (
        (agreed >= bounds.agreed and common.shorter >= bounds.shorter)
        or (agreed >= bounds.at_one_minute and _is_of_one_minute(a, b))
        or (common.both >= 0.33 and common.both + common.lead >= bounds.begun)
    ):
        return None
    if common.both >= 0.33:
        return Similarity("near-copy", common.both)
    return Similarity("contained" if common.shorter >= 0.65 else "reworked", common.shorter)


def _common(a: Signature, b: Signature) -> _Common:
    both, of_shorter = _shares(a.sketch, b.sketch, "<u4", 4 * SKETCH)
    return _Common(
        both=both,
        shorter=of_shorter,
        lead=_begun(a, b, _LEAD),
        unusual=_of_smaller(a.unusual, b.unusual, 2 * UNUSUAL, least=4),
        numbers=_of_smaller(a.numbers, b.numbers, 2 * NUMBERS, least=3),
        size=min(a.runs, b.runs) / max(a.runs, b.runs),
    )


def _shares(a: bytes, b: bytes, kind: str, full: int) -> tuple[float, float]:
    """Estimates from the smallest hashes of two sets: |both| / |either|, and |both| / |the smaller|.

    Below the largest hash that a full sketch of `full` bytes holds, both are complete, and a fair sample.
    """
    mine, theirs = _comparable(a, b, kind, full)
    common = len(mine & theirs)
    return common / (len(mine | theirs) or 1), common / (min(len(mine), len(theirs)) or 1)


def _comparable(a: bytes, b: bytes, kind: str, full: int) -> tuple[set[int], set[int]]:
    """The hashes of each that the other would hold, too, if it had them."""
    left, right = np.frombuffer(a, kind).tolist(), np.frombuffer(b, kind).tolist()
    bound = min(left[-1] if len(a) >= full else 1 << 32, right[-1] if len(b) >= full else 1 << 32)
    return {h for h in left if h <= bound}, {h for h in right if h <= bound}


def _of_smaller(a: bytes, b: bytes, full: int, *, least: int) -> float:
    """The share of the smaller set that stands in the other; 1.0 where either has too few to say anything."""
    return 1.0 if min(len(a), len(b)) < 2 * least else _shares(a, b, "<u2", full)[1]


def _begun(a: Signature, b: Signature, words: int) -> float:
    """The share of the pairs of neighbours among either text's first words that stand in the other's opening."""
    left, right = np.frombuffer(a.opening, "<u2").tolist(), np.frombuffer(b.opening, "<u2").tolist()
    shares = []
    for first, other in ((left, right), (right, left)):
        pairs = set(itertools.pairwise(first[:words]))
        shares.append(len(pairs.intersection(itertools.pairwise(other))) / (len(pairs) or 1))
    return min(shares)


def _head(a: Signature, b: Signature) -> float:
    """As `lead`, of half as many words again: other news in a first sentence of its own leaves less of it."""
    return _begun(a, b, _HEAD)


def _telling(a: Signature, b: Signature) -> float:
    """The share of the unusual words and the numbers of each that stand in the other, on an average of the two.

    Names and numbers that only the later text has are its news; a shorter text without news has none.
    """
    words, numbers = (_comparable(*two, "<u2", full) for two, full in (
        ((a.unusual, b.unusual), 2 * UNUSUAL), ((a.numbers, b.numbers), 2 * NUMBERS)))  # fmt: skip
    common = len(words[0] & words[1]) + len(numbers[0] & numbers[1])
    return sum(common / (len(words[side]) + len(numbers[side]) or 1) for side in (0, 1)) / 2


def _is_of_one_minute(a: Signature, b: Signature) -> bool:
    return a.outlet == b.outlet != 0 and a.minute is not None and (a.day, a.minute) == (b.day, b.minute)


def _is_brief(a: Signature) -> bool:
    return len(a.opening) <= 2 * _BRIEF


def _share_numbers(a: Signature, b: Signature) -> bool:
    """Do the numbers of one stand in the other in their order, as they do in a cut text: 2-1 is not 1-2."""
    shorter, longer = sorted((_numbers(a), _numbers(b)), key=len)
    left = iter(longer)
    return all(number in left for number in shorter)


def _numbers(a: Signature) -> list[int]:
    """The numbers of a brief text as they come; they are hashed as its words are."""
    known = set(np.frombuffer(a.numbers, "<u2").tolist())
    return [word for word in np.frombuffer(a.opening, "<u2").tolist() if word in known]
