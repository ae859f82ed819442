"""Whether two articles are one text, by their signatures: the rule's name and how much is the same.

The bounds were chosen on labelled pairs; docs/stories.md says how, and how often the rule is right.
"""

import itertools
from typing import Literal, NamedTuple

import numpy as np

from etl.gather.signatures import NUMBERS, OPENING, SKETCH, UNUSUAL, Signature

Rule = Literal["same-text", "near-copy", "contained", "agency-copy"]

WINDOW_DAYS = 3
"""Near-copies are printed within so many days; what comes later with the same words is a series or background."""

_FEWEST_RUNS = 8
_LEAD = OPENING // 2
_BRIEF = 24
"""Of one outlet's texts of so many words at most a number is the news: a score, a price, a toll. The shortest text of a
labelled pair has 27 words, so that no label was looked at."""


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


def alike(a: Signature, b: Signature) -> Similarity | None:
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
    if common.unusual < (0.6 if is_two or common.lead >= 0.8 else 0.7) or common.numbers < 0.5:
        return None
    if apart is None:
        return Similarity("near-copy", common.both) if common.both >= 0.8 else None
    return _of_two(common, apart) if is_two else _of_one(common, apart)


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


def _of_one(common: _Common, apart: int) -> Similarity | None:
    """One outlet (or nobody knows) repeats its own background and forms under other news: the leads must agree, too."""
    if common.both >= 0.33 and common.lead >= 0.2 and common.both + common.lead >= 0.8:
        return Similarity("near-copy", common.both)
    if common.lead >= 0.5 and common.shorter >= 0.65 and not apart:
        return Similarity("contained", common.shorter)
    return None


def _common(a: Signature, b: Signature) -> _Common:
    both, of_shorter = _shares(a.sketch, b.sketch, "<u4", 4 * SKETCH)
    return _Common(
        both=both,
        shorter=of_shorter,
        lead=min(_lead(a.opening, b.opening), _lead(b.opening, a.opening)),
        unusual=_of_smaller(a.unusual, b.unusual, 2 * UNUSUAL, least=4),
        numbers=_of_smaller(a.numbers, b.numbers, 2 * NUMBERS, least=3),
        size=min(a.runs, b.runs) / max(a.runs, b.runs),
    )


def _shares(a: bytes, b: bytes, kind: str, full: int) -> tuple[float, float]:
    """Estimates from the smallest hashes of two sets: |both| / |either|, and |both| / |the smaller|.

    Below the largest hash that a full sketch of `full` bytes holds, both are complete, and a fair sample.
    """
    left, right = np.frombuffer(a, kind).tolist(), np.frombuffer(b, kind).tolist()
    bound = min(left[-1] if len(a) >= full else 1 << 32, right[-1] if len(b) >= full else 1 << 32)
    mine, theirs = ({h for h in side if h <= bound} for side in (left, right))
    common = len(mine & theirs)
    return common / (len(mine | theirs) or 1), common / (min(len(mine), len(theirs)) or 1)


def _of_smaller(a: bytes, b: bytes, full: int, *, least: int) -> float:
    """The share of the smaller set that stands in the other; 1.0 where either has too few to say anything."""
    return 1.0 if min(len(a), len(b)) < 2 * least else _shares(a, b, "<u2", full)[1]


def _lead(a: bytes, b: bytes) -> float:
    """The share of the pairs of neighbours in the first text's lead that stand in the second's opening."""
    lead, opening = np.frombuffer(a, "<u2").tolist()[:_LEAD], np.frombuffer(b, "<u2").tolist()
    pairs = set(itertools.pairwise(lead))
    return len(pairs.intersection(itertools.pairwise(opening))) / (len(pairs) or 1)


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
