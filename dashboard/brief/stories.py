"""Five stories of the week, by a stated rule, each with one sentence of its text.

The order: most sources, then most articles, then most tracked events and pairs named strongly, then the newest, then by
id. The text is that of its first article of the week. The sentence is the one with the most marks above weak, the first
of equals; of a longer one the first 25 words, cut at a comma where one stands late enough.
"""

import datetime as dt
import re
from dataclasses import dataclass

from dashboard import queries
from dashboard.room import Room
from etl import store
from etl.text import sentences

_STORIES, _OFFERED = 5, 12
MOST_WORDS, _FEWEST = 25, 5
_LATE_ENOUGH = 12
_COUNTED = frozenset({"event", "pair", "theme", "country", "entity"})
_WORD = re.compile(r"\S+")
_PAUSE = re.compile(r"[،؛,;:](?=\s)")


@dataclass(frozen=True)
class Story:
    """A story as it is told: what ranked it, its first article, and the quotation (`start`, `end` in the body).

    `is_cut` says that the sentence goes on after the quotation, which is empty where the article has no text.
    """

    found: queries.Ranked
    start: int
    end: int
    is_cut: bool

    @property
    def quotation(self) -> str:
        """The words as they stand in the text."""
        return self.found.body[self.start : self.end]


def ranked(room: Room, first: dt.date, last: dt.date) -> tuple[queries.Ranked, ...]:
    """The stories between two days under the filters that an analyst may choose among, in the order of the rule."""
    return queries.ranked(room.source, room.filters, first, last, _OFFERED)


def chosen(room: Room, first: dt.date, last: dt.date, notes: store.Notes) -> tuple[Story, ...]:
    """The five that are told: an analyst's first, then the others by the rule, without those left out."""
    hidden = frozenset(notes.hidden)
    offered = [(place(one, notes.first), n, one) for n, one in enumerate(ranked(room, first, last))]
    told = sorted((row for row in offered if hidden.isdisjoint(marks(row[2]))), key=lambda row: row[:2])
    return tuple(_told(room, one) for _, _, one in told[:_STORIES])


def marks(found: queries.Ranked) -> tuple[str, ...]:
    """What an analyst's choice of a story is kept by: a mark of each of its articles, that of its first one first.

    A choice means every story that holds any article of the chosen one: an earlier copy that is loaded later becomes
    the first article, and one may be erased.
    """
    others = (ident for ident in found.article_ids if ident != found.article_id)
    return tuple(store.story_mark(ident) for ident in (found.article_id, *others))


def place(found: queries.Ranked, chosen: tuple[str, ...]) -> int:
    """Where a story stands among chosen marks, by the first of its own; their number where none is of it."""
    order = {mark: n for n, mark in reversed(list(enumerate(chosen)))}
    return min(order.get(mark, len(chosen)) for mark in marks(found))


def _told(room: Room, found: queries.Ranked) -> Story:
    marks = [
        span.start
        for span in queries.spans(room.source, found.article_key)
        if span.field == "body" and span.layer in _COUNTED and span.tier != "weak"
    ]
    return Story(found, *quoted(found.body, marks))


def quoted(body: str, marks: list[int]) -> tuple[int, int, bool]:
    """Where the quotation stands in a text whose marks begin at these code points, and whether it ends too early."""
    found = [(start, end) for start, end in sentences(body) if len(_WORD.findall(body, start, end)) >= _FEWEST]
    if not found:
        # No sentence says enough: the first line, which is one at least.
        found = [(start, end) for start, end in sentences(body) if _WORD.search(body, start, end)][:1]
    if not found:
        return 0, 0, False
    start, end = max(found, key=lambda place: (sum(place[0] <= mark < place[1] for mark in marks), -place[0]))
    words = list(_WORD.finditer(body, start, end))
    if len(words) <= MOST_WORDS:
        return start, end, False
    end = words[MOST_WORDS - 1].end()
    pauses = [pause.start() for pause in _PAUSE.finditer(body, words[_LATE_ENOUGH - 1].start(), end)]
    return start, pauses[-1] if pauses else end, True
