"""From line to line: what each is, which article it belongs to."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from etl.clean import datelines, furniture
from etl.clean.drafts import Draft, Reading, Run, repeats
from etl.clean.glued import is_glued
from etl.clean.labels import (
    ADDRESS,
    METADATA,
    OVER_TITLE,
    READ_ALSO,
    RELATED,
    UNDER_TITLE,
    UPDATED,
    labelled,
    one_of_keywords,
)
from etl.clean.lines import Line
from etl.model import Article, Zone
from etl.text import Folded

_PROMOTION = re.compile(
    r"(?:تابع(?:وا|ونا)?|حملوا?|حمل|نزل|اشترك\w*|انضم\w*|شارك\w*|اضغط|للاشتراك|جميع الحقوق|لمتابعه|تطبيق)(?!\w).{0,80}"
    r"(?:تطبيق|قناه|قناتنا|واتس\w*|تليجرام|تلغرام|تيليجرام|نشره|النشره|اخبار جوجل|جوجل نيوز|غوغل|فيسبوك|تويتر|محفوظه"
    r"|التطبيق|البريديه)"
)
_BYLINE = re.compile(r"\W*(?:كتبت?|بقلم|بواسطه|تحرير|اعداد|ترجمه|متابعه|مراسل\w*)\s*[:：/|-]\s*\S.*")
_BULLET = re.compile(r"[\s•▪◦●·*\-–—]+")
_KICKER_WORDS, _BYLINE_WORDS = 4, 10
_LIST_LINES = 6
"""So many title-like lines before a text are a list of headlines, the last of them its title."""

_AHEAD = 80
"""Lines that a decision looks ahead; a page of headlines without end costs no more."""

_BACK_WORDS = 20
"""A sentence of so many words under a list of headlines is the text going on; a teaser is shorter or ends in «...»."""


def read(page: str, page_lines: Sequence[Line], known: Mapping[int, Zone], stated: Article | None) -> Reading:
    """Read the lines in order.

    `known` says by their start what lines are: title, body, label (a line beside the text, of which only labels and
    dates count), rest; a line that it does not hold is judged by its words. `stated` may know the day.
    """
    reading = Reading([Draft("main")], page, is_whole=not known)
    if stated:
        sureness = ADDRESS if stated.published_basis == "url" else METADATA
        reading.dated(0, stated.published, sureness, stated.published_basis)
    for position, line in enumerate(page_lines):
        zone = known.get(line.start)
        if zone in {"rest", "label"}:
            _aside(reading, line, zone)
        elif zone == "title":
            reading.title(line)
        else:
            reading.wants_title = reading.wants_title and reading.is_whole
            _take(reading, line, page_lines, position)
    return reading


def _aside(reading: Reading, line: Line, zone: Zone) -> None:
    if zone == "rest" or not (_dated(reading, line) or labelled(reading, line)):
        reading.note("rest", line)


def _take(reading: Reading, line: Line, page_lines: Sequence[Line], position: int) -> None:
    following = page_lines[position + 1 : position + 1 + _AHEAD]
    in_keywords, reading.in_keywords = reading.in_keywords, False
    if _also(reading, line) or _part(reading, line, following):
        return
    if reading.in_comments:
        reading.note("rest", line)
    elif len(line.text) < 160 and _PROMOTION.match(line.folded):
        reading.note("promotion", line)
    elif (
        _dated(reading, line)
        or labelled(reading, line)
        or _furniture(reading, line)
        or (in_keywords and one_of_keywords(reading, line))
    ):
        return
    elif reading.in_related and not _comes_back(reading, line):
        _headline(reading, line.text, line.start, line.end)
    elif is_glued(line.text):
        reading.note("glued", line)
    else:
        _text(reading, line, following)


def _also(reading: Reading, line: Line) -> bool:
    """The label of another article, or of bare headlines."""
    also = READ_ALSO.match(line.folded)
    if also and also["value"]:
        value = line.start + Folded(line.text).span(*also.span("value"))[0]
        label = line.text[: value - line.start].rstrip()
        reading.runs.append(Run("label", line.start, line.start + len(label)))
        _headline(reading, line.text[value - line.start :], value, line.end)
        return True
    if also:
        reading.begin("read_also")
    elif RELATED.match(line.folded):
        reading.in_related, reading.in_comments = True, False
    else:
        return False
    reading.note("label", line)
    return True


def _part(reading: Reading, line: Line, following: Sequence[Line]) -> bool:
    """A rule, after which another article may begin; and where comments begin."""
    if furniture.begins_comments(line) and reading.draft.paragraphs:
        reading.in_comments = True
    elif not furniture.is_rule(line):
        return False
    elif furniture.is_long_rule(line) and reading.draft.paragraphs and _begins_article(following):
        reading.begin("main")
    reading.note("rest", line)
    return True


def _begins_article(following: Sequence[Line]) -> bool:
    """A title, then a text, with at most furniture and date lines between."""
    has_title = False
    for line in following:
        if furniture.is_rule(line) or READ_ALSO.match(line.folded) or RELATED.match(line.folded):
            return False
        if line.is_prose:
            return has_title
        if not (furniture.furniture(line) or datelines.printed(line)):
            has_title = True
    return False


def _dated(reading: Reading, line: Line) -> bool:
    """A date line without a label counts between title and text, or right over the title; elsewhere it is text."""
    if reading.draft.paragraphs or (reading.in_related and not _is_list_over_text(reading)):
        return False
    found = datelines.printed(line)
    if not found:
        return False
    if reading.in_related:
        _leave_list(reading)
    sureness = UPDATED if found.is_update else OVER_TITLE if reading.wants_title else UNDER_TITLE
    if labelled(reading, line):
        return True
    reading.dated(reading.at, found.day.isoformat() if found.day else None, sureness)
    reading.note("date_line", line, reading.at)
    return True


def _furniture(reading: Reading, line: Line) -> bool:
    zone = furniture.furniture(line)
    is_byline = line.n_words <= _BYLINE_WORDS and not line.ends_a_sentence and _BYLINE.match(line.folded)
    if not zone and not is_byline:
        return False
    reading.note(zone or "rest", line)
    if zone == "rest" and reading.draft.sureness == OVER_TITLE and reading.wants_title:
        _forget_clock(reading)
    return True


def _forget_clock(reading: Reading) -> None:
    """A date over a menu is the clock of the site's header, no article's."""
    reading.draft.published, reading.draft.sureness, reading.draft.basis = None, -1, "unknown"
    for run in reading.runs:
        if run.zone == "date_line" and run.draft == reading.at:
            run.zone, run.draft = "rest", None


def _comes_back(reading: Reading, line: Line) -> bool:
    """A text after a list of headlines: the article goes on, or begins with the last line of the list as its title."""
    if not (line.ends_a_sentence and line.n_words >= _BACK_WORDS):
        return False
    _leave_list(reading)
    return True


def _is_list_over_text(reading: Reading) -> bool:
    """The last line was a headline of a list, and the article has neither title nor text so far."""
    run = reading.runs[-1] if reading.runs else None
    return bool(run) and run.zone == "related_headline" and not (reading.draft.paragraphs or reading.draft.headline)


def _leave_list(reading: Reading) -> None:
    reading.in_related = False
    if _is_list_over_text(reading):
        reading.draft.headline = reading.drafts.pop().headline
        reading.runs[-1].zone, reading.runs[-1].draft = "title", reading.at
        reading.wants_title = False


def _headline(reading: Reading, text: str, start: int, end: int) -> None:
    bullet = _BULLET.match(text)
    first = start + (bullet.end() if bullet else 0)
    if bullet:
        reading.runs.append(Run("rest", start, start + len(bullet.group().rstrip())))
    if first == end:  # a bullet with nothing behind it
        return
    reading.drafts.append(Draft("headline", headline=(first, end)))
    reading.runs.append(Run("related_headline", first, end, len(reading.drafts) - 1))


def _text(reading: Reading, line: Line, following: Sequence[Line]) -> None:
    """A line of the article itself: its title, what only leads to the title, or a paragraph."""
    if reading.wants_title and line.is_title_like and following:
        reading.patience -= 1
        if reading.patience > 0 and _leads_to_title(reading, line, following):
            return
        reading.title(line)
    elif not reading.draft.paragraphs and reading.is_title_again(line):
        reading.note("rest", line)
    else:
        reading.body(line)


def _leads_to_title(reading: Reading, line: Line, following: Sequence[Line]) -> bool:
    """A kicker, the title with the site's name, or one of many headlines over the text."""
    head = _head(following)
    ahead = head.over_date + head.under_date
    again = next((other.text for other in ahead if repeats(line, other.text)), None)
    if again or (reading.expected and not repeats(line, reading.expected)):
        reading.expected = again or reading.expected
        reading.note("rest", line)
    elif reading.expected:
        return False
    elif reading.in_list or len(head.over_date) + 1 >= _LIST_LINES:
        if not (head.over_date and head.is_followed):
            return False
        reading.in_list = True
        _headline(reading, line.text, line.start, line.end)
    elif ahead and line.n_words <= _KICKER_WORDS < ahead[0].n_words:
        reading.note("rest", line)
    else:
        return False
    return True


class _Head(NamedTuple):
    """The title-like lines between here and the text, over and under a date line, and whether a text comes at all."""

    over_date: list[Line]
    under_date: list[Line]
    is_followed: bool


def _head(following: Sequence[Line]) -> _Head:
    ahead: tuple[list[Line], list[Line]] = [], []
    is_dated = False
    for line in following:
        if line.is_prose or not (line.is_title_like or is_glued(line.text)):
            return _Head(*ahead, is_followed=True)
        if READ_ALSO.match(line.folded) or RELATED.match(line.folded) or furniture.is_rule(line):
            break
        if datelines.printed(line):
            is_dated = True
        elif not (is_glued(line.text) or furniture.furniture(line)):
            ahead[is_dated].append(line)
    return _Head(*ahead, is_followed=is_dated)
