"""What of an article tells whether it is a copy: a few hundred bytes, computed from the article alone.

Words are folded (etl.text.key) and hashed by CRC-32, runs of words by multiplying and mixing: the same numbers on every
machine. docs/stories.md says how the sizes below were chosen.
"""

import datetime as dt
import itertools
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from etl.identity import digest
from etl.model import Article
from etl.text import key, without

BANDS, SKETCH, OPENING, UNUSUAL, NUMBERS = 20, 96, 80, 32, 16
"""How many of each are kept of a text, at most."""

_RUN, _BAND_RUN = 3, 5
_ID_DIGITS = 24
_SHORT = 12
"""Below so many words a body alone («شاهد الفيديو») is no text: the headline belongs to it."""

_SOFT = "اويهت"
"""Letters in which spellings of one foreign name differ (جيرمان, جرمان); the rest of a word tells it well enough."""

_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F], np.uint64
)
"""Odd numbers without a pattern, one a place in a run, as multiplying hashes use them."""

_MIX = np.uint64(0xFF51AFD7ED558CCD)
_HALF, _MIDDLE = np.uint64(32), np.uint64(29)
Hashes = npt.NDArray[np.uint64]


def _skeletons(folded: str) -> str:
    """The words without their soft letters; a word of soft letters only is left out."""
    return without(folded, _SOFT)


_COMMON = frozenset(_skeletons(" ".join(Path(__file__).with_name("common.txt").read_text("utf-8").split())).split())


class Signature(msgspec.Struct, frozen=True):
    """An article as `alike` sees it. Hashes in bytes stand little-endian, one after the other."""

    text_id: str
    """Digest of the folded text, 24 hex digits: the same for copies letter for letter."""
    day: int | None
    """Ordinal of the stated day of publication (date.toordinal); None: undated."""
    minute: int | None
    """Minute of that day, as its clock was stated; None: no time, or a full hour, as days are written, too."""
    outlet: int
    """Hash of who printed it (the carrier, else the publisher); 0: unknown."""
    runs: int
    """How many different runs of three words the text has."""
    bands: list[int]
    """The smallest hashes of its runs of five words, signed 64 bits: who shares none is no candidate."""
    sketch: bytes
    """The smallest hashes of its runs of three words, 4 bytes each, ascending; all of them up to 96."""
    opening: bytes
    """Its first 80 words in their order, 2 bytes each."""
    unusual: bytes
    """The smallest hashes of words that are not common, names above all, by their consonants; 2 bytes each."""
    numbers: bytes
    """The smallest hashes of its numbers, 2 bytes each."""


class Folded(NamedTuple):
    """Headline and body as folded letters and digits, empty where there is none."""

    headline: str
    body: str


def folded(article: Article) -> Folded:
    """Headline and body, folded: the dearest step, so that who needs it more than once does it once."""
    return Folded(key(article.headline or ""), key(article.body or ""))


def searched(article: Article, of: Folded | None = None) -> str:
    """Headline and body as folded letters and digits: what a search looks into."""
    return " ".join(filter(None, of or folded(article)))


def text_id(article: Article, of: Folded | None = None) -> str:
    """Digest of the folded letters and digits of body and, where that has few words, headline.

    Equal for copies that differ in marks, punctuation and spaces only. A text without letters is one of its own.
    """
    headline, body = of or folded(article)
    whole = body if body.count(" ") >= _SHORT - 1 else f"{headline} {body}"
    return digest(whole.replace(" ", "") or article.article_id)[:_ID_DIGITS]


def signature(article: Article, of: Folded | None = None) -> Signature:
    """The signature of an article: a function of its headline, body, stated day, carrier and publisher alone."""
    return signatures([article], [of or folded(article)])[0]


def signatures(articles: Sequence[Article], of: Sequence[Folded]) -> list[Signature]:
    """The signature of each article, with its folded texts beside it; many at once cost a third of one by one."""
    words = _words([_skeletons(one.body or one.headline) for one in of])
    given = zip(articles, of, itertools.pairwise(words.ends), strict=True)
    return [_signed(article, one, words, *span) for article, one, span in given]


class _Words(NamedTuple):
    """The words of several texts, one after the other: those of the n-th begin at `ends[n]` and end before the next.

    Each with its hash, that of the runs of words that begin with it, its short hash, and whether that may be kept.
    """

    ends: list[int]
    hashes: Hashes
    runs: Hashes
    long_runs: Hashes
    short: npt.NDArray[np.uint16]
    is_unusual: npt.NDArray[np.bool_]
    is_number: npt.NDArray[np.bool_]


def _words(texts: list[str]) -> _Words:
    column = pa.array([text or None for text in texts], pa.string())
    parted = pc.call_function("split_pattern", [column], pc.SplitPatternOptions(" "))
    coded = parted.values.dictionary_encode()
    known, places = coded.dictionary.to_pylist(), coded.indices.to_numpy()
    hashes = np.fromiter((zlib.crc32(word.encode()) for word in known), np.uint64, len(known))[places]
    is_rare = np.fromiter((word not in _COMMON for word in known), np.bool_, len(known))
    is_number = np.fromiter(map(str.isdigit, known), np.bool_, len(known))
    return _Words(
        ends=parted.offsets.to_pylist(),
        hashes=hashes,
        runs=_runs(hashes, _RUN),
        long_runs=_runs(hashes, _BAND_RUN),
        short=(_mixed(hashes) >> np.uint64(48)).astype("<u2"),
        is_unusual=(is_rare & ~is_number)[places],
        is_number=(is_rare & is_number)[places],
    )


def _signed(article: Article, of: Folded, words: _Words, start: int, end: int) -> Signature:
    runs = _distinct(_of_one(words.runs, words.hashes[start:end], start, _RUN) >> _HALF)
    bands = _distinct(_of_one(words.long_runs, words.hashes[start:end], start, _BAND_RUN))
    short = words.short[start:end]
    return Signature(
        text_id=text_id(article, of),
        day=_day(article.published),
        minute=_minute(article.published),
        outlet=zlib.crc32((article.carrier or article.publisher or "").encode()),
        runs=len(runs),
        bands=bands[:BANDS].view(np.int64).tolist(),
        sketch=runs[:SKETCH].astype("<u4").tobytes(),
        opening=short[:OPENING].tobytes(),
        unusual=_distinct(short[words.is_unusual[start:end]])[:UNUSUAL].tobytes(),
        numbers=_distinct(short[words.is_number[start:end]])[:NUMBERS].tobytes(),
    )


def _of_one(runs: Hashes, hashed: Hashes, start: int, length: int) -> Hashes:
    """The runs that lie in a text; a shorter one is a run of its own length."""
    whole = len(hashed) - length + 1
    return runs[start : start + whole] if whole > 0 else _runs(hashed, length)


def _day(published: str | None) -> int | None:
    try:
        return dt.date.fromisoformat(published[:10]).toordinal() if published else None
    except ValueError:
        return None


def _minute(published: str | None) -> int | None:
    """Of `published` with a time: 2025-03-01T14:05:00Z is minute 845."""
    clock = (published or "")[11:16]
    try:
        time = dt.time.fromisoformat(clock) if clock else dt.time.min
    except ValueError:
        return None
    return time.hour * 60 + time.minute if time.minute else None


def _runs(hashed: Hashes, length: int) -> Hashes:
    """A hash for each run of so many words; a shorter text is one run."""
    length = min(length, len(hashed))
    if not length:
        return hashed
    last = len(hashed) - length + 1
    summed = hashed[:last] * _FACTORS[0]
    for at in range(1, length):
        summed = summed + hashed[at : at + last] * _FACTORS[at]
    return _mixed(summed)


def _mixed(hashed: Hashes) -> Hashes:
    mixed = (hashed ^ (hashed >> _HALF)) * _MIX
    mixed = (mixed ^ (mixed >> _MIDDLE)) * _FACTORS[0]
    return mixed ^ (mixed >> _HALF)


def _distinct(hashed: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """In ascending order, each once: numpy.unique in a tenth of its time."""
    ordered = np.sort(hashed)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered
