"""A page's lines, each with its place, its folded form and where its words end."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from etl.text import fold

_BLANKS = "\r\t \u00a0\u200e\u200f\ufeff"
_FINAL_POINT = re.compile(r"(?<!\.)\.[\s\"»”)\]]*$")
_TITLE_WORDS = 30
_PROSE_WORDS = 12


class Line(NamedTuple):
    """A line that holds something, without the blanks around: `page[start:end] == text`."""

    start: int
    end: int
    text: str
    folded: str

    @property
    def n_words(self) -> int:
        """Words between blanks."""
        return len(self.folded.split())

    @property
    def ends_a_sentence(self) -> bool:
        """A final point; the points of an unfinished headline are none."""
        return bool(_FINAL_POINT.search(self.text))

    @property
    def is_title_like(self) -> bool:
        """Short, without a final point; a title may ask («من يدفع الثمن؟»)."""
        return self.n_words <= _TITLE_WORDS and not self.ends_a_sentence and self.text[-1] not in ":،"

    @property
    def is_prose(self) -> bool:
        """What only a paragraph looks like: a whole sentence of some length, or more words than a headline has."""
        return self.n_words > _TITLE_WORDS or (self.ends_a_sentence and self.n_words >= _PROSE_WORDS)


def lines(page: str) -> Iterator[Line]:
    """The lines of a page in order; blank ones are none."""
    for match in re.finditer(r"[^\n]+", page):
        found = match.group()
        text = found.strip(_BLANKS)
        if text:
            start = match.start() + found.index(text)
            yield Line(start, start + len(text), text, fold(text))
