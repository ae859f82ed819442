"""What of an article tells whether it is a copy: a few hundred bytes, computed from the article alone.

Words are folded (etl.text.key) and hashed by CRC-32, runs of words by multiplying and mixing: the same numbers on every
machine. docs/stories.md says how the sizes below were chosen.
"""

import datetime as dt
import zlib
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from etl.identity import digest
from etl.model import Article
from etl.text import key

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


def _skeletons(folded: str) -> list[str]:
    """The words without their soft letters; a word of soft letters only is left out. Five passes beat one translate."""
    for letter in _SOFT:
        folded = folded.replace(letter, "")
    return folded.split()


_COMMON = frozenset(_skeletons(Path(__file__).with_name("common.txt").read_text("utf-8")))


class Signature(msgspec.Struct, frozen=True):
    """An article as `alike` sees it. Hashes in bytes stand little-endian, one after the other."""

    text_id: str
    """Digest of the folded text, 24 hex digits: the same for copies letter for letter."""
    day: int | None
    """Ordinal of the stated day of publication (date.toordinal); None: undated."""
    outlet: int
    """Hash of who printed it (the carrier, else the publisher); 0: unknown."""
    runs: int
    """How many different runs of three words the text has."""
    bands: list[int]
    """The smallest hashes of its runs of five words, signed 64 bits: who shares none is no candidate."""
    sketch: bytes
    """The smallest hashes of its runs of three words, 4 bytes each, ascending; all of them up to 64."""
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
    of = of or folded(article)
    words = _skeletons(of.body or of.headline)
    hashed = np.fromiter(map(zlib.crc32, map(str.encode, words)), np.uint64, len(words))
    runs = _distinct(_runs(hashed, _RUN) >> _HALF)
    different = set(words) - _COMMON
    numbers = set(filter(str.isdigit, different))
    return Signature(
        text_id=text_id(article, of),
        day=_day(article.published),
        outlet=zlib.crc32((article.carrier or article.publisher or "").encode()),
        runs=len(runs),
        bands=_distinct(_runs(hashed, _BAND_RUN))[:BANDS].view(np.int64).tolist(),
        sketch=runs[:SKETCH].astype("<u4").tobytes(),
        opening=(_mixed(hashed[:OPENING]) >> np.uint64(48)).astype("<u2").tobytes(),
        unusual=_smallest(different - numbers, UNUSUAL),
        numbers=_smallest(numbers, NUMBERS),
    )


def _day(published: str | None) -> int | None:
    try:
        return dt.date.fromisoformat(published[:10]).toordinal() if published else None
    except ValueError:
        return None


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


def _distinct(hashed: Hashes) -> Hashes:
    """In ascending order, each once: numpy.unique in a tenth of its time."""
    ordered = np.sort(hashed)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


def _smallest(words: set[str], most: int) -> bytes:
    hashed = np.fromiter((zlib.crc32(word.encode()) for word in words), np.uint64, len(words))
    return _distinct(_mixed(hashed) >> np.uint64(48))[:most].astype("<u2").tobytes()
