"""Folding with exact offsets, keys, and sentences.

Folding unifies what newspapers write differently: alef and hamza forms, final ya and ta marbuta, digits, quotation
marks; it drops diacritics, tatweel, zero-width and bidi controls. Two short lists map any folded span back to the
exact original span, so that an annotation always marks the letters that stand in the article.

Nearly every article is written with some two hundred letters. A text as bytes, one a letter (`spelled`), is folded by
a table and searched in a fraction of the time that letters take; other letters make a text go the longer way.
"""

import bisect
import codecs
import functools
import itertools
import re
import unicodedata
from collections.abc import Callable

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
_RUN_OF_LETTERS = re.compile(b" (?P<more> +)")
_SPACES = ("  ", "\t", "\u00a0")
_NOT_KEY = re.compile(r"[\W_]+")
_SENTENCE_END = re.compile(r"[.!?؟\n](?:(?<=\n)\n*|(?<=[^\s.][^\s.][.!?؟])[.!?؟]*(?=[\s\"»)]|$))")
"""The first letter is taken before it is looked at: a search that begins with a class is quick."""


_ASCII = ("\0", "\t", "\n", "\r", *map(chr, range(0x20, 0x7F)))
_ARABIC = (*map(chr, (*range(0x621, 0x63B), *range(0x640, 0x656), 0x670)), *"ٱٲٳیۍېۀەہکڪگڤپچڨژھ")
_OTHERS = ("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "،؛؟٪٫٬«»“”„‘’–—…•·°×\u00a0", "éèêëàâçôöîïûüùÉÈÀÇäóíáñãøå",
           "\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff\u00ad")  # fmt: skip
_NONE = "\ufffe"
"""No character: in the alphabet, a place for none."""


def _alphabet() -> str:
    """The letters that have a byte, each at its place: ASCII at its own, then what Arabic news is written with."""
    others = itertools.chain(_ARABIC, *_OTHERS)
    return "".join(chr(byte) if chr(byte) in _ASCII else next(others, _NONE) for byte in range(256))


ALPHABET = _alphabet()
"""By byte its letter, or none."""
_DROPPED, LETTER, OTHER = 255, 254, 253
"""Bytes without a letter: of what folding drops, and of letters without a byte, in words and elsewhere."""
_BYTE_OF = codecs.charmap_build(ALPHABET)


def _table(is_so: Callable[[str], bool]) -> bytes:
    return bytes(is_so(letter) for letter in ALPHABET)


IS_OF_A_WORD = _table(str.isalnum)[:LETTER] + bytes((1, 0))
"""By byte, is its letter one of a word."""


def _folded_byte(letter: str) -> int:
    return _DROPPED if letter == _NONE or _CHANGES_LENGTH.fullmatch(letter) else ALPHABET.index(_unified(letter))


def spelled(folded: str) -> bytes:
    """A folded text as bytes whose places are those of its letters; LETTER and OTHER stand for those without one."""
    return codecs.charmap_encode(folded, "rasd.stand-in", _BYTE_OF)[0]


def unspelled(letters: bytes) -> str:
    """The folded text of bytes all of which are letters. Raises UnicodeDecodeError for LETTER and OTHER."""
    return codecs.charmap_decode(letters, "strict", ALPHABET)[0]


def _stand_in(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return bytes(LETTER if letter.isalnum() else OTHER for letter in missing), error.end


codecs.register_error("rasd.stand-in", _stand_in)

_FIRST_MARK = "\u0300"
"""No letter before it is a combining one."""


class Folded:
    """A text beside its folded form. `text` is folded; `span(a, b)` gives the original half-open code-point span.

    `letters` is the folded text as `spelled` gives it.
    """

    __slots__ = ("_at", "_to", "letters", "original", "text")

    def __init__(self, original: str) -> None:
        """Fold `original`; linear in its length."""
        self.original, self._at, self._to = original, [0], [0]
        try:
            letters = codecs.charmap_encode(original, "strict", _BYTE_OF)[0].translate(_FOLDED)
        except UnicodeEncodeError:
            self.text = self._fold_any()
            self.letters = spelled(self.text)
        else:
            self.letters = self._fold_letters(letters)
            self.text = unspelled(self.letters)

    def _fold_letters(self, letters: bytes) -> bytes:
        """Leave out what folding drops, and note where."""
        pieces, done, length = [], 0, 0
        for start, end in _cuts(letters):
            pieces.append(letters[done:start])
            length += start - done
            done = end
            self._at.append(length)
            self._to.append(end)
        return b"".join([*pieces, letters[done:]]) if pieces else letters

    def _fold_any(self) -> str:
        original, pieces, at, to, done, length = self.original, list[str](), self._at, self._to, 0, 0
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
        return _unified("".join(pieces))

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


def _cuts(letters: bytes) -> list[tuple[int, int]]:
    """The spans of letters that folding drops, in order; of a run of spaces all but the first."""
    found = []
    at = letters.find(_DROPPED)
    while at >= 0:
        found.append((at, at + 1))
        at = letters.find(_DROPPED, at + 1)
    if b"  " in letters:
        found += [match.span("more") for match in _RUN_OF_LETTERS.finditer(letters)]
        found.sort()
    return found


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


_FOLDED = bytes(map(_folded_byte, ALPHABET))
"""By byte that of its folded letter. A tab is a space, so that the alphabet holds no space that runs do not."""


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


def sentences(text: str, letters: bytes | None = None) -> list[tuple[int, int]]:
    """Spans of the sentences of a folded text, without their closing mark; a line break ends one.

    `letters`: what `spelled` gives for the text, where that is known.
    """
    letters = spelled(text) if letters is None else letters
    # What no byte tells apart may be a space.
    ends = [match.span() for match in _SENTENCE_END.finditer(text)] if OTHER in letters else _ends(letters)
    found: list[tuple[int, int]] = []
    start = 0
    for end, following in ends:
        found += _trimmed(text, start, end)
        start = following
    return found + _trimmed(text, start, len(text))


_MARK, _BREAK, _CLOSES, _NO_ABBREVIATION = 1, 2, 4, 8
_SIGNS = bytes(
    _MARK * (letter in ".!?؟") + _BREAK * (letter == "\n") + _CLOSES * (letter.isspace() or letter in '"»)')
    + _NO_ABBREVIATION * (not letter.isspace() and letter != ".")
    for letter in ALPHABET
)  # fmt: skip
_ENDS = bytes(map(bool, (sign & (_MARK | _BREAK) for sign in _SIGNS)))


def _ends(letters: bytes) -> list[tuple[int, int]]:
    """What `_SENTENCE_END` matches in a text all of whose letters have a byte, or are of a word."""
    signs, found = letters.translate(_SIGNS), []
    ends = letters.translate(_ENDS)
    at, size = ends.find(1), len(letters)
    while at >= 0:
        last = at + 1
        is_break = signs[at] & _BREAK
        if is_break or (at > 1 and signs[at - 2] & signs[at - 1] & _NO_ABBREVIATION):
            kind = _BREAK if is_break else _MARK
            while last < size and signs[last] & kind:
                last += 1
            if is_break or last == size or signs[last] & _CLOSES:
                found.append((at, last))
        at = ends.find(1, last)
    return found


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    while start < end and not text[start].isalnum() and text[start] != '"':
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return [(start, end)] if start < end else []
