"""Several days that are one expression: «من 14 يونيو إلى 15 يوليو», «يومي السبت والأحد», «اليوم وغدا»."""

import datetime as dt
import re
from collections.abc import Iterator

from etl.annotate import weekdays, years
from etl.annotate.calendar_words import (
    DAY_MONTH,
    FROM_DAY_TO_DAY,
    MONTHS,
    NEXT,
    NOW,
    OFFSETS,
    ORDINAL_DAYS,
    PAST,
    RANGE,
    SIDES,
    TODAY_AND_TOMORROW,
    WEEKDAY_RUN,
    WEEKDAYS,
    Near,
)
from etl.annotate.found_dates import Days, Found, day_of, one_day, span, stated
from etl.annotate.patterns import any_of

_TO = re.compile(rf"(?: (?:{SIDES}))?[ ،)]{{0,2}}(?:و?الي(?: غايه)?|و?حتي|و?لغايه|[-–])(?: (?:يوم|تاريخ))? ?")
_AND = re.compile(rf"(?: (?:{SIDES}))? ?و ?(?:بين |يوم )?")
_BETWEEN = re.compile(r"(?<!\w)(?:ال)?(?:ما )?بين (?:يومي |تاريخي )?(?:يوم )?$")
_FROM = re.compile(
    rf"(?<!\w)(?:و?(\d{{1,2}})|({any_of(ORDINAL_DAYS)}))(?:(?P<comma> ?، ?)|[ ،]{{1,2}}"
    r"(?:(?P<and>و) ?|(?P<or>او) |و?(?:الي|حتي) (?:غايه |حدود )?|[-–] ?)(?:اليوم |يوم )?)$"
)
_FROM_BEFORE = re.compile(r"(?<!\w)من (?:تاريخ )?(?:يوم )?$")
_NUMBERED = re.compile(r"[ ،,(]{0,3}\d")
_RUNS_ON = re.compile(r" و?(?:الي|حتي)(?: غايه)? (?:مطلع|منتصف|نهايه|بدايه|اوايل|اواخر|ثاني|ختام)(?!\w)")
"""Behind the first day of a run whose end is no day: «من 20 ديسمبر إلى مطلع يناير»."""
_SINGLE = frozenset(("day-month", "day-month-year", "ordinal-day", "day-of-month", "numeric"))
_SIDE = re.compile(rf"[)،]? ?(?:من )?(?:(?:ال)?(?:عام|سنه) )?(?:{SIDES}|هذا العام|هذه السنه)")
"""Behind the last end of a run: the year of the first end is known by it, too; else where one is open both are."""
_LISTED = _SINGLE | {"day-range"}
_LONGEST = 200
"""Days of a run without a year; what is longer is read wrongly."""


def ranges(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    """«24 و25 نونبر», «من 4 إلى 7 نونبر», «بين 21 و28 أكتوبر»; «23 و27 مارس» are two days."""
    for match in RANGE.finditer(text, *near):
        month, days = MONTHS[match[4]], (int(match[1]), int(match[3]))
        if match[2] and days[1] - days[0] > 1 and not _BETWEEN.search(text, max(0, match.start() - 25), match.start(1)):
            yield from _first_of_two(text, match, published)
            continue
        if days[0] >= days[1]:
            continue
        ends = [_of_month(text, match, published, (month, day)) for day in days]
        value = (ends[0], ends[1]) if ends[0] and ends[1] and ends[0] < ends[1] else None
        if match[5] and not value:
            continue
        basis, tier = stated(match[5])
        yield Found(match.start(1), match.end(), value, "day", basis, anchored=bool(value and not match[5]),
                    weekday=None, rule="day-range", tier=tier)  # fmt: skip


def _of_month(text: str, match: re.Match[str], published: dt.date | None, day: tuple[int, int]) -> dt.date | None:
    return day_of(int(match[5]), *day) if match[5] else years.meant(text, (match.start(1), match.end()), published, day)


def _first_of_two(text: str, match: re.Match[str], published: dt.date | None) -> Iterator[Found]:
    """«23 و27 مارس»: the first is a day of its own; the second is read with its month."""
    value = _of_month(text, match, published, (MONTHS[match[4]], int(match[1])))
    if value:
        basis, tier = stated(match[5])
        yield Found(match.start(1), match.end(1), one_day(value), "day", basis, anchored=not match[5], weekday=None,
                    rule="day-month-year" if match[5] else "day-month", tier=tier)  # fmt: skip


def today_and_tomorrow(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    """«اليوم وغدا», «يومي اليوم الجمعة وغدا السبت»."""
    for match in TODAY_AND_TOMORROW.finditer(text, *near):
        value = (published, published + dt.timedelta(days=1)) if published else None
        weekday = WEEKDAYS[match[2]] if match[2] else None
        yield Found(*span(match), value, "day", "relative", anchored=value is not None, weekday=weekday,
                    rule="day-range")  # fmt: skip


def weekday_runs(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    """«يومي السبت والأحد», «بين الجمعة والثلاثاء»: as the first of the days is meant; «ليل الجمعة السبت» stays open."""
    for match in WEEKDAY_RUN.finditer(text, *near):
        weekday = WEEKDAYS[match["first"]]
        length = (WEEKDAYS[match["last"]] - weekday) % 7
        if match["night"] is None and (not match["and"] or (match["two"] and length != 1)):
            continue
        first = _first_weekday(text, match, published, length) if published and not match["night"] else None
        value = (first, first + dt.timedelta(days=length)) if first else None
        start = match.start("first") if match["two"] is None else match.start("two")
        yield Found(start, match.end(), value, "day", "relative", anchored=value is not None, weekday=weekday,
                    rule="day-range", tier="medium")  # fmt: skip


def _first_weekday(text: str, match: re.Match[str], published: dt.date, length: int) -> dt.date | None:
    """The first day of a run of weekdays; None where numbers follow it, or «الماضيين» would hold the day itself."""
    weekday, side = WEEKDAYS[match["first"]], match["side"]
    back = (published.isoweekday() - weekday) % 7
    if side in NOW or _NUMBERED.match(text, match.end()):
        return None
    if side in NEXT:
        return published + dt.timedelta(days=7 - back)
    if side in PAST:
        return published - dt.timedelta(days=back) if back > length else None
    return weekdays.meant(text, match.start(), match.end(), published, weekday)


def from_day_to_day(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    """«من اليوم الاثنين إلى الأربعاء», «من السبت وحتى الثلاثاء المقبل»: from the end that is known; else no date."""
    for match in FROM_DAY_TO_DAY.finditer(text, *near):
        first, last = WEEKDAYS.get(match["first"]), WEEKDAYS.get(match["last"])
        if not (match["from"] or first) or not (match["to"] or last):
            continue
        start = _end_of_run(published, match["from"], match["side"], first)
        end = _end_of_run(published, match["to"], match["end"], last)
        if not start and not end and not (match["from"] or match["to"]):
            continue
        if end and first and not start:
            start = end - dt.timedelta(days=(end.isoweekday() - first) % 7)
        elif start and last and not end:
            end = start + dt.timedelta(days=(last - start.isoweekday()) % 7)
        is_run = bool(start and end and start < end and {first, None} >= {first and start.isoweekday()})
        value = (start, end) if start and end and is_run else None
        yield Found(match.start(), match.end(), value, "day", "relative", anchored=value is not None, weekday=first,
                    rule="day-range", tier="medium")  # fmt: skip


def _end_of_run(published: dt.date | None, word: str | None, side: str | None, weekday: int | None) -> dt.date | None:
    """The day of one end, None where a weekday alone does not tell it."""
    if not published:
        return None
    if word:
        return published + dt.timedelta(days=OFFSETS[word])
    if not weekday or not side or side in NOW:
        return None
    back = (published.isoweekday() - weekday) % 7
    return published - dt.timedelta(days=back or 7) if side in PAST else published + dt.timedelta(days=7 - back)


def joined(text: str, found: list[Found]) -> Iterator[Found]:
    """The dates of a text in reading order, two ends of a run as one: «من 14 يونيو إلى 15 يوليو»."""
    last: Found | None = None
    for one in found:
        if last and _is_run(text, last, one):
            last = _run(text, last, one)
            continue
        if last:
            yield last
        last = _from_number(text, one)
        if one.rule in _SINGLE and _RUNS_ON.match(text, one.end):
            last = last.left_open()
    if last:
        yield last


def _is_run(text: str, first: Found, last: Found) -> bool:
    if not {first.rule, last.rule} <= _SINGLE:
        return False
    if (first.weekday or last.weekday) and not _FROM_BEFORE.search(text, max(0, first.start - 20), first.start):
        return False
    between = text[first.end : last.start]
    return bool(_TO.fullmatch(between)) or (
        bool(_AND.fullmatch(between)) and bool(_BETWEEN.search(text, max(0, first.start - 25), first.start))
    )


def _run(text: str, first: Found, last: Found) -> Found:
    value = _ends(first, last, _named(text, first), _named(text, last))
    if not first.value and last.basis == "relative" and not _SIDE.match(text, last.end):
        value = None
    is_stated = last.basis == "absolute"
    return Found(first.start, last.end, value, "day", last.basis, anchored=bool(value and not is_stated),
                 weekday=first.weekday, rule="day-range", tier=last.tier)  # fmt: skip


def _named(text: str, one: Found) -> tuple[int, int] | None:
    """Month and day of an end, also where its year is open."""
    if one.value:
        return one.value[0].month, one.value[0].day
    match = DAY_MONTH.search(text, one.start, one.end)
    return (MONTHS[match[3]], int(match[2])) if match else None


def _ends(first: Found, last: Found, begins: tuple[int, int] | None, stops: tuple[int, int] | None) -> Days | None:
    """The run from the end that is known best: the first such day before the last, or the next after the first."""
    if first.value and last.value and first.basis == last.basis:
        start, end = first.value[0], last.value[0]
    elif last.value and begins:
        end = last.value[0]
        start = day_of(end.year - (begins >= (end.month, end.day)), *begins) or end
    elif first.value and stops:
        start = first.value[0]
        end = day_of(start.year + (stops <= (start.month, start.day)), *stops) or start
    else:
        return None
    is_run = start < end and (last.basis == "absolute" or (end - start).days <= _LONGEST)
    return (start, end) if is_run else None


def _from_number(text: str, one: Found) -> Found:
    """«22 حتى 26 من الشهر المقبل», «بين الخامس والثامن من فبراير»: the run that begins with the number before the day.

    «7 و8 و9 سبتمبر» is one, too; «الخامس أو السادس من مايو» is left open.
    """
    before = _FROM.search(text, max(0, one.start - 30), one.start) if one.rule in _LISTED else None
    if not before:
        return one
    if before["or"]:
        return one.left_open()
    day = one.value[0] if one.value else None
    first = int(before[1]) if before[1] else ORDINAL_DAYS[before[2]]
    is_list = bool(before["and"] or before["comma"])
    is_next = bool(day and first + 1 == day.day and (one.rule == "day-range" or before["and"]))
    if one.rule != "day-range" and is_list and not is_next and (before["comma"] or not _is_between(text, before)):
        return one
    if one.rule == "day-range" and not is_next:
        return one.left_open() if is_list and before[1] else one
    value = (day.replace(day=first), one.value[1]) if day and one.value and 0 < first < day.day else None
    found = Found(before.start(1 if before[1] else 2), one.end, value, one.precision, one.basis, anchored=one.anchored,
                  weekday=None, rule="day-range", tier=one.tier)  # fmt: skip
    return _from_number(text, found) if is_next else found


def _is_between(text: str, before: re.Match[str]) -> bool:
    return bool(_BETWEEN.search(text, max(0, before.start() - 25), before.start()))
