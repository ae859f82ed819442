"""The words of a sentence, their places, and the cues that they may belong to; their stems where they are asked for."""

import re

from etl.annotate.kept import Kept
from etl.annotate.patterns import said_by
from etl.text import ALPHABET, IS_OF_A_WORD, LETTER, Folded, unspelled

_POINTS = "،؛:"
_TOKEN = re.compile(rf"\w+|[{_POINTS}]")
_WORDS = bytes(byte if IS_OF_A_WORD[byte] or ALPHABET[byte] == "_" else ord(" ") for byte in range(256))
_WORDS_AND_POINTS = bytes(byte if ALPHABET[byte] in _POINTS else _WORDS[byte] for byte in range(256))
_APART = [(bytes((byte,)), bytes((32, byte, 32))) for byte in range(256) if ALPHABET[byte] in _POINTS]
_JOINING, _PREPOSITIONS = frozenset("وف"), frozenset("بكل")
_ARTICLES = frozenset(("ال", "لل"))
_ENDINGS = frozenset(("ها", "هم", "ات", "ين", "ون", "ان"))


class Words:
    """The words of a part of a folded text, and its commas, semicolons and colons; `said` is what `seen` says of it."""

    def __init__(self, text: str, words: list[str], starts: list[int], ends: list[int], said: int) -> None:
        self.text = text
        self.words = words
        self.starts = starts
        self.ends = ends
        self.said = said


def words_of(folded: Folded, start: int, end: int) -> Words:
    """The words of a part of a folded text, whose places count in all of it."""
    letters = folded.letters[start:end]
    if LETTER in letters:
        return _words_of_any(folded.text[start:end], start)
    letters = letters.translate(_WORDS_AND_POINTS)
    for point, apart in _APART:
        if point in letters:
            letters = letters.replace(point, apart)
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = start
    for piece in unspelled(letters).split(" "):
        if piece in _SET_APART:
            words.append(piece)
            starts.append(at - 1)
            ends.append(at)
            continue
        size = len(piece)
        if size:
            words.append(piece)
            starts.append(at)
            ends.append(at + size)
        at += size + 1
    return Words(folded.text[start:end], words, starts, ends, said_by(words))


_SET_APART = frozenset(_POINTS)
"""The space before one of these stands for itself, and none in the text for the space after it."""


def _words_of_any(text: str, start: int) -> Words:
    found = list(_TOKEN.finditer(text))
    words = [match.group() for match in found]
    return Words(text, words, [start + match.start() for match in found], [start + match.end() for match in found],
                 said_by(words))  # fmt: skip


def seen_in(folded: Folded, start: int, end: int) -> int:
    """What `seen` says of a part of a folded text; of one that ends before it begins, nothing."""
    if end <= start:  # compiled, a slice of bytes would raise SystemError
        return 0
    letters = folded.letters[start:end]
    return said_by(_TOKEN.findall(folded.text[start:end]) if LETTER in letters
                   else unspelled(letters.translate(_WORDS)).split())  # fmt: skip


def tokens(text: str) -> list[str]:
    """The words of a folded text, and the commas, semicolons and colons between them."""
    return _TOKEN.findall(text)


def stem(word: str) -> str:
    """A folded word without its article, proclitics and common endings: a key, no linguist's root."""
    bare = _bare(word)
    if len(bare) < 5:
        return bare
    last = bare[-2:]
    if last in _ENDINGS:
        return bare[:-2]
    if last == "ما" and bare[-3] == "ه":
        return bare[:-3]
    return bare[:-1] if last[1] in {"ه", "ا"} else bare


def _bare(word: str) -> str:
    joined = 1 if word[:1] in _JOINING else 0
    article = 2 if word[joined : joined + 2] in _ARTICLES else 0
    if not article and word[joined + 1 : joined + 3] == "ال" and word[joined] in _PREPOSITIONS:
        article = 3
    if article and len(word) - joined - article > 1:
        return word[joined + article :]
    return word[joined:] if len(word) > 4 else word


STEMS = Kept(stem)
"""Word → its stem; kept, as most words are met again."""
