"""Folding with exact offsets, keys, and sentences.

Folding unifies what newspapers write differently: alef and hamza forms, final ya and ta marbuta, digits, quotation
marks; it drops diacritics, tatweel, zero-width and bidi controls. Two short lists map any folded span back to the
exact original span, so that an annotation always marks the letters that stand in the article.
"""

import bisect
import functools
import re
import unicodedata

import numpy as np
import numpy.typing as npt

_FOLDS = (("أإآٱٲٳ", "ا"), ("ىیۍې", "ي"), ("ئ", "ي"), ("ؤ", "و"), ("ةۀەہ", "ه"), ("کڪگ", "ك"), ("ڤ", "ف"), ("پ", "ب"),
          ("چ", "ج"), ("«»“”„\"'‘’", '"'), ("\u00a0\u202f\t", " "))  # fmt: skip
_LETTERS = (*((old, new) for olds, new in _FOLDS for old in olds if old != new),
            *((chr(zero + digit), str(digit)) for zero in (0x660, 0x6F0) for digit in range(10)))  # fmt: skip

_MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
_CONTROLS = "\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff\u00ad"
_FORMS = "\ufb50-\ufdff\ufe70-\ufefc\uff10-\uff19"
_CHANGES_LENGTH = re.compile(
    f"[{_MARKS}{_CONTROLS}{_FORMS}](?:(?<=[{_FORMS}])[{_FORMS}]*|(?<=[^{_FORMS}])[{_MARKS}{_CONTROLS}]*)"
)
_RUN_OF_SPACES = re.compile("[ \t\u00a0](?P<more>[ \t\u00a0]+)")
_SPACES = ("  ", "\t", "\u00a0")
_NOT_KEY = re.compile(r"[\W_]+")
_SENTENCE_END = re.compile(r"[.!?؟\n](?:(?<=\n)\n*|(?<=[^\s.][^\s.][.!?؟])[.!?؟]*(?=[\s\"»)]|$))")
"""The first letter is taken before it is looked at: a search that begins with a class is quick."""


_FIRST_MARK = "\u0300"
"""No letter before it is a combining one."""


class Folded:
    """A text beside its folded form. `text` is folded; `span(a, b)` gives the original half-open code-point span."""

    __slots__ = ("_at", "_to", "original", "text")

    def __init__(self, original: str) -> None:
        """Fold `original`; linear in its length."""
        pieces, at, to, done, length = [], [0], [0], 0, 0
        for start, end in _changes(original):
            pieces.append(original[done:start])
            length += start - done
            folded = _expand(original[start:end])
            for offset in range(len(folded)):
                at.append(length + offset)
                to.append(min(start + offset, end - 1))
            pieces.append(folded)
            length, done = length + len(folded), end
            at.append(length)
            to.append(end)
        pieces.append(original[done:])
        self.original, self._at, self._to = original, at, to
        self.text = _unified("".join(pieces))

    def _original(self, position: int) -> int:
        k = bisect.bisect_right(self._at, position) - 1
        return self._to[k] + position - self._at[k]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of a folded one; marks that sit on its last letter stay inside."""
        first, last = (self._original(start), self._original(end - 1) + 1) if len(self._at) > 1 else (start, end)
        while last < len(self.original) and self.original[last] >= _FIRST_MARK:
            if not unicodedata.combining(self.original[last]):
                break
            last += 1
        return first, last


def _changes(text: str) -> list[tuple[int, int]]:
    """The spans that folding makes shorter or longer, in order; of a run of spaces all but the first."""
    found = [match.span() for match in _CHANGES_LENGTH.finditer(text)]
    if any(space in text for space in _SPACES):
        found += [match.span("more") for match in _RUN_OF_SPACES.finditer(text)]
        found.sort()
    return found


def _unified(text: str) -> str:
    """One form for each letter, the length unchanged: letter by letter, six times as quick as `str.translate`."""
    for old, new in _LETTERS:
        text = text.replace(old, new)
    return text


def _expand(run: str) -> str:
    if "\ufb50" <= run[0] <= "\ufefc" or "\uff10" <= run[0] <= "\uff19":
        plain = unicodedata.normalize("NFKC", run)
        return "".join(c for c in plain if not unicodedata.combining(c) and c not in "\u0640\ufeff")
    return ""


def fold(text: str) -> str:
    """The folded form alone, for keys and comparisons."""
    return Folded(text).text


@functools.lru_cache(maxsize=1 << 14)
def folded_name(name: str) -> str:
    """`fold` of a registered name or a word of a list; kept, as they are few and asked for again and again."""
    return fold(name)


def key(text: str) -> str:
    """Folded letters and digits with single spaces: equal for copies that differ in marks and punctuation only."""
    codes = _key_codes()[_codes(text)]
    return _key(text) if codes.max(initial=0) == _OTHER else _spaced(codes[codes != 0])


def without(words: str, letters: str) -> str:
    """Words parted by spaces without some letters; a word of these only is left out.

    The letters are of the Basic Multilingual Plane. Many times as quick as `str.translate`.
    """
    codes = _codes(words)
    return _spaced(codes[_kept(letters)[codes]])


def _spaced(codes: npt.NDArray[np.uint16]) -> str:
    """The text of these code units with single spaces, none at its ends."""
    repeats = codes == _SPACE
    repeats[1:] &= repeats[:-1]
    return codes[~repeats].tobytes().decode(_UTF16, "surrogatepass").strip(" ")


_UTF16 = "utf-16-le"
_OTHER, _SPACE = 0xFFFF, 0x20
_FREQUENT = (*range(0x700), *range(0x2000, 0x2070))
"""Code points whose key does not depend on their neighbours: ASCII to Arabic, and general punctuation."""


def _codes(text: str) -> npt.NDArray[np.uint16]:
    return np.frombuffer(text.encode(_UTF16, "surrogatepass"), "<u2")


def _key(text: str) -> str:
    """`key` as its definition reads, for any text."""
    return _NOT_KEY.sub(" ", fold(text)).strip()


@functools.cache
def _key_codes() -> npt.NDArray[np.uint16]:
    """By code unit what `_key` makes of it between two letters: another one, a space, 0 for nothing, or _OTHER."""
    table = np.full(1 << 16, _OTHER, "<u2")
    for code in _FREQUENT:
        made = _key(f"\u0627{chr(code)}\u0627")[1:-1]
        if len(made) <= 1:
            table[code] = ord(made or "\0")
    return table


@functools.cache
def _kept(letters: str) -> npt.NDArray[np.bool_]:
    table = np.ones(1 << 16, np.bool_)
    table[[ord(letter) for letter in letters]] = False
    return table


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a folded text, without their closing mark; a line break ends one."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        found += _trimmed(text, start, match.start())
        start = match.end()
    return found + _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    while start < end and not text[start].isalnum() and text[start] != '"':
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return [(start, end)] if start < end else []
