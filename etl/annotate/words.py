"""The words of a sentence, their places, and the cues that they may belong to; their stems where they are asked for."""

import itertools
import re

from etl.annotate.kept import Kept
from etl.annotate.patterns import keep

_TOKEN = re.compile(r"(\w+|[،؛:])")
_PROCLITICS = re.compile(r"^(?:[وف]?(?:[بكل]?ال|لل)|[وف](?=\w{4}))(?=\w{2})")
_ENDINGS = re.compile(r"(?:ها|هما|هم|ه|ات|ين|ون|ان|ا)$")


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
    bare = _PROCLITICS.sub("", word)
    return _ENDINGS.sub("", bare) if len(bare) > 4 else bare


STEMS = Kept(stem)
"""Word → its stem; kept, as most words are met again."""
