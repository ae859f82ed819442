"""Bytes of a whole file → text, in other encodings than UTF-8 where they are sure: all of it speaks, not one line.

Sure are UTF-16 with its mark, and Windows-1256 or ISO-8859-6 where the letters are those of Arabic by a clear margin.
Everything else is refused by the name of what it looks like, never guessed.
"""

import codecs
import collections
import math
import re
import string
from collections.abc import Iterable

from etl.mapping import WrongValue
from etl.read import strict

_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
ARABIC = {"windows-1256": "cp1256", "iso-8859-6": "iso8859_6"}
"""Encodings of one byte a letter: the name in reason codes, and Python's."""

_NAMES = {codec: name for name, codec in ARABIC.items()} | dict.fromkeys(_WIDE.values(), "utf-16")

_PER_MILLE = (
    "ا148 ل115 ي81 م63 و54 ن52 ر50 ت45 ب40 د32 ة32 ع30 ف27 س26 ق22.5 ه22 أ20 ك17.5 ح16.5 ج14 ص9 إ9 ش9 ى8.5 ط8.5 خ8 ض7 "
    "ز7 ذ5 ث5 غ4 ئ4 ء3 ظ2 ؤ1 آ0.7"
)
"""How often each letter stands in 1,654 news articles of three outlets, every tenth of a corpus."""

_CLEAR = 8.0
_MARGIN = 12.0
"""Natural logarithms: how much likelier as Arabic than as chance letters, and than under the other encoding."""

_LEANING = 2.0
"""How much a single line may look like the other encoding before the file counts as mixed."""

_MIXED_WORDS = 0.01
_ACCENTED = rb"[\xe0\xe2\xe7-\xeb\xee\xef\xf4\xf9\xfb\xfc]"
_LETTER = rb"[\xc1-\xd6\xd8-\xdb\xdd-\xdf\xe1\xe3-\xe6\xec\xed]"
_GLUED = re.compile(rb"%b(?=%b)|%b(?=%b)" % (_ACCENTED, _LETTER, _LETTER, _ACCENTED))
"""Windows-1256: a French letter and an Arabic one in one word, which only another encoding shows often."""

_FRENCH = re.compile(_ACCENTED.replace(b"[", b"[A-Za-z") + rb"+")
_ASCII_LETTERS = string.ascii_letters.encode()

_UTF8_RUN = re.compile(rb"(?:[\xd8-\xdb][\x80-\xbf]){3}")
"""Three Arabic letters in UTF-8; in the encodings of one byte a letter no words look so."""

_NO_BREAK, _SPACE = 0xA0, 0x20


def _values(codec: str) -> list[float]:
    """What each byte says for the encoding: likelier than a chance letter, or hardly possible."""
    shares: dict[str, float] = {part[0]: float(part[1:]) / 1000 for part in _PER_MILLE.split()}
    return [_value(bytes([byte]).decode(codec, "replace"), shares) for byte in range(256)]


def _value(char: str, shares: dict[str, float]) -> float:
    if char < "\x80":
        return 0.0
    if char in shares:
        return math.log(shares[char] * len(shares))
    if char == "\ufffd" or char < "\xa0":
        return -8.0
    if "\u0660" < char <= "\u06ff":  # Persian and Urdu letters of Windows-1256
        return -3.0
    return -1.0 if char.isalpha() else 0.0


_VALUES = {name: _values(codec) for name, codec in ARABIC.items()}
_FIRST, _SECOND = ARABIC
_LEAN = [first - second for first, second in zip(_VALUES[_FIRST], _VALUES[_SECOND], strict=True)]


def whole(raw: bytes) -> str:
    """The text of a whole file, without its mark; raises WrongValue that names the encoding where none is sure."""
    if codec := wide(raw):
        return decoded(raw[2:], codec)
    try:
        return decoded(raw, None, is_first=True)
    except WrongValue as fault:
        if fault.reason in _SURE:
            raise
    return decoded(raw, ARABIC[sure(raw.split(b"\n"))])


_SURE = "encoding-utf-16", "encoding-utf-32", "nul"


def wide(raw: bytes) -> str | None:
    """Python's name of the UTF-16 whose mark begins the file."""
    is_utf32 = raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE))
    return None if is_utf32 else _WIDE.get(raw[:2])


def decoded(raw: bytes, codec: str | None, *, is_first: bool = False) -> str:
    """The bytes in an encoding by Python's name, None for UTF-8. Raises WrongValue where they are not in it."""
    if codec is None:
        return strict.text(raw, is_first=is_first)
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError as error:
        raise WrongValue("", f"encoding-{_NAMES[codec]}", "UTF-8, or one other encoding throughout") from error
    if "\0" in text:
        raise WrongValue("", "nul", "text without NUL characters")
    return text


def sure(lines: Iterable[bytes]) -> str:
    """The one-byte encoding, a name of ARABIC, that all lines of a file are surely in; none is kept.

    For files that are no UTF-8. Raises WrongValue where no encoding, or more than one, speaks from the letters.
    """
    every: collections.Counter[int] = collections.Counter()
    leaning: set[str] = set()
    glued = 0
    for line in lines:
        if line.isascii():
            every[_SPACE] += line.count(b" ")
            continue
        if _UTF8_RUN.search(line):
            raise WrongValue("", "not-utf-8", "UTF-8, or one other encoding throughout")
        counted = collections.Counter(_FRENCH.sub(_unless_french, line))
        every.update(counted)
        glued += sum(1 for _ in _GLUED.finditer(line))
        lean = sum(_LEAN[byte] * n for byte, n in counted.items())
        if abs(lean) >= _LEANING:
            leaning.add(_FIRST if lean > 0 else _SECOND)
    score = {name: sum(values[byte] * n for byte, n in every.items()) for name, values in _VALUES.items()}
    other, best = sorted(score, key=lambda name: score[name])
    letters = sum(n for byte, n in every.items() if byte > 0x7F)
    # The Macintosh wrote Arabic with spaces of its own at this place.
    is_foreign = every[_NO_BREAK] > every[_SPACE] or (best == _FIRST and glued > _MIXED_WORDS * letters)
    if score[best] < _CLEAR or score[best] - score[other] < _MARGIN or leaning - {best} or is_foreign:
        looks = f"encoding-{best}" if score[best] > 0 and not is_foreign else "not-utf-8"
        raise WrongValue("", looks, "UTF-8, or Arabic enough to be sure of the encoding")
    return best


def _unless_french(word: re.Match[bytes]) -> bytes:
    """Accented letters beside plain ones say nothing of Arabic."""
    return b"" if word[0].translate(None, _ASCII_LETTERS) != word[0] else word[0]
