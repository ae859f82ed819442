"""Date lines and bylines: a line that says when, perhaps by whom, and nothing else.

«admin23 أكتوبر 2025آخر تحديث» has lost its spaces; «الخميس 23 أكتوبر 2025 - 14:30» has no label. A date inside of prose
is none of these, and neither is a time that counts from when the page was fetched («منذ ساعتين»).
"""

import datetime as dt
import re
from typing import NamedTuple

from etl.annotate.calendar_words import ENGLISH, HIJRI, MONTHS, WEEKDAYS
from etl.annotate.dates import date_line
from etl.clean.lines import Line

_MOST_LETTERS, _MOST_NAMES = 160, 5
_ENGLISH = "|".join(f"{month[:3]}(?:{month[3:]})?\\.?" for month in ENGLISH.split())
_ARABIC = "|".join(re.escape(month) for month in sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(WEEKDAYS)
_YEAR = r"(?:19|20)\d{2}(?!\d)"
_DATE = re.compile(
    rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?\W{{0,2}}(?:{_ARABIC}|{_ENGLISH})(?:\s?[/(]\s?(?:{_ARABIC})\)?)?\W{{0,2}}{_YEAR}"
    rf"|(?P<month>{_ARABIC}|{_ENGLISH}) (?P<day>\d{{1,2}})\W{{1,2}}(?P<year>{_YEAR})"
    rf"|(?<![\d/.-])\d{{1,2}}[/.-]\d{{1,2}}[/.-]{_YEAR}|(?<!\d)(?:19|20)\d{{2}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d)",
    re.IGNORECASE,
)
_UPDATE = r"(?:اخر تحديث|تم التحديث|تاريخ التحديث|حدث في|تحديث|updated?)"
_UPDATE_BEFORE = re.compile(rf"{_UPDATE}\W*(?:في|يوم|الساعه|بتاريخ|on)?\W*(?:(?:{_WEEKDAY})\W*)?$", re.IGNORECASE)
_UPDATED_AT = re.compile(rf"{_UPDATE}\W*(?:الساعه\W*)?\d{{1,2}}:\d{{2}}", re.IGNORECASE)
_CUE = re.compile(
    r"\W*(?:كتبت?|بقلم|بواسطه|تحرير|اعداد|مراسل\w*|متابعه|محرر|المحرر|هييه التحرير|admin|by|نشر\w*|posted)(?!\w)",
    re.IGNORECASE,
)
_SEPARATED = re.compile(rf"[|\-–—•·/،,]\s*(?:(?:{_WEEKDAY})\W{{1,2}})?$")
_FILLER = re.compile(
    rf"{_UPDATE}|تاريخ النشر|تم النشر|نشر[ت]?|بتوقيت(?: \w+)?|الساعه|التوقيت|بتاريخ|الموافق(?: ل)?|التاريخ|"
    rf"(?<!\w)(?:{_WEEKDAY})(?!\w)"
    rf"|(?<!\w)(?:يوم|في|من|علي|صباحا|مساء|ظهرا|صباح|[صمه]|هجري\w*|ميلادي\w*|am|pm|gmt|utc|at|on|published|posted|updated?)(?!\w)"
    rf"|\d{{1,2}} (?:{'|'.join(sorted(HIJRI, key=len, reverse=True))})\W{{0,2}}1[34]\d{{2}}|"
    rf"\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}})?"
    r"|[+-]\d{1,4}|(?:مده |وقت )?(?:ال)?قراءه\W*(?:\d+ )?\w*|\d+ (?:دقايق|دقيقه|مشاهده|مشاهدات|تعليق|تعليقات)",
    re.IGNORECASE,
)
_EARLY, _LATE = dt.date(1900, 1, 1), dt.date(2100, 1, 1)


class Printed(NamedTuple):
    """What a date line says: the day, None for an impossible one; is it only the day of an update."""

    day: dt.date | None
    is_update: bool


def printed(line: Line) -> Printed | None:
    """The date of a line that is nothing but a date line or a byline with one; None for any other line."""
    if len(line.text) > _MOST_LETTERS or line.ends_a_sentence:
        return None
    first = _DATE.search(line.folded)
    if not first:
        return None
    names = re.findall(r"\w+", _FILLER.sub(" ", _DATE.sub(" ", line.folded)))
    if names and not (len(names) <= _MOST_NAMES and _is_byline(line.folded, first)):
        return None
    return stated(line.folded)


def _is_byline(folded: str, first: re.Match[str]) -> bool:
    before = folded[: first.start()]
    is_stuck = before[-1:].isalpha() or folded[first.end() : first.end() + 1].isalpha()
    return bool(
        is_stuck or _CUE.match(folded) or _SEPARATED.search(before) or re.search(_UPDATE, folded, re.IGNORECASE)
    )


def stated(folded: str) -> Printed:
    """The first date of a folded text that is no update's, else an update's; a wrong weekday makes a date none."""
    updates: list[dt.date] = []
    for match in _DATE.finditer(folded):
        day = _day(folded, match)
        if not day:
            continue
        if not (_UPDATE_BEFORE.search(folded[: match.start()]) or _UPDATED_AT.search(folded, match.end())):
            return Printed(day, is_update=False)
        updates.append(day)
    return Printed(updates[0] if updates else None, is_update=True)


def _day(folded: str, match: re.Match[str]) -> dt.date | None:
    if match["month"]:
        written = f"{match['day']} {match['month']} {match['year']}"
    elif re.match(r"\d{4}", match.group()):
        year, month, day = re.split(r"\D", match.group())
        written = f"{year}-{int(month):02d}-{int(day):02d}"
    else:
        written = match.group()
    day = date_line(_whole_month(written))
    weekday = re.search(rf"(?<!\w)({_WEEKDAY})\W{{1,3}}$", folded[: match.start()])
    if day and weekday and WEEKDAYS[weekday[1]] != day.isoweekday():
        return None
    return day if day and _EARLY < day < _LATE else None


def _whole_month(written: str) -> str:
    """«Oct.» as «October», and blanks where a date has lost them."""
    for month in ENGLISH.split():
        written = re.sub(rf"(?<![a-z]){month[:3]}\.?(?![a-z])", month, written, flags=re.IGNORECASE)
    return re.sub(r"(?<=\d)(?=[^\W\d_]{2})(?!st|nd|rd|th)|(?<=[^\W\d_]{2})(?=\d)", " ", written)
