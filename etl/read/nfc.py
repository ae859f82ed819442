"""A text made NFC, and where its offsets go."""

import bisect
import functools
import re
import unicodedata
from typing import NamedTuple

from etl.mapping import WrongValue

_NO_MARKS = 0x20000
"""From here on, in the planes of ideographs and of private use, Unicode has no combining marks."""

_MOST_MARKS = 64
"""Combining marks in a row; Unicode's stream-safe format has 30. Sorting takes the square of their number."""


def nfc(text: str, field: str = "") -> str:
    """The text as NFC; raises WrongValue `too-many-marks`."""
    if unicodedata.is_normalized("NFC", text):
        return text
    if _many_marks().search(text):
        raise WrongValue(field, "too-many-marks", f"at most {_MOST_MARKS} combining marks upon a letter")
    return unicodedata.normalize("NFC", text)


@functools.cache
def _many_marks() -> re.Pattern[str]:
    marks = "".join(c for c in map(chr, range(0x300, _NO_MARKS)) if unicodedata.combining(c))
    return re.compile(f"[{marks}]{{{_MOST_MARKS + 1}}}")


class Offsets(NamedTuple):
    """The original text and its pieces that NFC changes each on its own: where each begins, before and after."""

    original: str
    before: list[int]
    after: list[int]

    def start(self, offset: int) -> int:
        """The new place of a span's first code point: inside a changed piece, the piece's beginning."""
        return self._place(offset, is_end=False)

    def end(self, offset: int) -> int:
        """The new place after a span's last code point: inside a changed piece, the piece's end."""
        return self._place(offset, is_end=True)

    def _place(self, offset: int, *, is_end: bool) -> int:
        piece = max(0, bisect.bisect_right(self.before, offset) - 1)
        inside = offset - self.before[piece]
        if not inside or piece + 1 == len(self.before):
            return self.after[piece]
        was, now = self.before[piece + 1] - self.before[piece], self.after[piece + 1] - self.after[piece]
        if was == now:
            return self.after[piece] + inside
        return self.after[piece + 1] if is_end else self.after[piece]


def offsets(text: str) -> Offsets:
    """The way from offsets of a text to those of its NFC form; linear in its length."""
    before, after, pending = [0], [0], ""
    for char in text:
        if pending and not unicodedata.combining(char) and _stands_alone(pending, char):
            before.append(before[-1] + len(pending))
            after.append(after[-1] + len(unicodedata.normalize("NFC", pending)))
            pending = ""
        pending += char
    before.append(before[-1] + len(pending))
    after.append(after[-1] + len(unicodedata.normalize("NFC", pending)))
    return Offsets(text, before, after)


def _stands_alone(piece: str, char: str) -> bool:
    """A starter may still join the one before it (Hangul, some Indic vowels)."""
    last = piece[-1]
    if char < "\u0900" or (last < "\u0900" and unicodedata.normalize("NFC", last + char) == last + char):
        return True
    whole = unicodedata.normalize("NFC", piece + char)
    return whole == unicodedata.normalize("NFC", piece) + unicodedata.normalize("NFC", char)
