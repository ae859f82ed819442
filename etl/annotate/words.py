"""The words of a sentence, their places, and the cues that they may belong to; their stems where they are asked for."""

import itertools
import re

from etl.annotate.kept import Kept
from etl.annotate.patterns import keep

_TOKEN = re.compile(r"(\w+|[،؛:])")
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


def words_of(text: str, start: int, end: int) -> Words:
    """The words of a part of a folded text, whose places count in all of it."""
    part = text[start:end]
    pieces = _TOKEN.split(part)
    ends = list(itertools.accumulate(map(len, pieces), initial=start))
    words = pieces[1::2]
    return Words(part, words, ends[1:-1:2], ends[2::2], keep(part, words))


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
