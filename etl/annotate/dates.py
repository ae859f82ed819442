"""Dates in the text and on a page's date line: resolved rightly or left open, never guessed.

A relative date needs the article's date; a weekday beside it is a checksum: «أمس الأربعاء» fits only a Thursday. On
conflict both values stay empty. Numbers are day first. Hijri dates come from hijridate and may be a day off. Bare years
and phrases such as «منذ العام الماضي» are no dates.
"""

import datetime as dt
import functools
import itertools
import re
from collections.abc import Callable, Iterator

import msgspec
from hijridate import Hijri

from etl.annotate import weekdays
from etl.annotate.calendar_words import (
    ATTACKS,
    DAY_MONTH,
    DAY_OF_MONTH,
    ENGLISH_DATE,
    ENGLISH_MONTHS,
    GLUED_DATE,
    HIJRI,
    HIJRI_DATE,
    MONTH_QUALIFIED,
    MONTH_YEAR,
    MONTHS,
    NO_DAY_WORDS,
    NOW,
    NUMERIC,
    OFFSETS,
    ORDINAL_DAY,
    ORDINAL_DAYS,
    PART_OF_MONTH,
    PAST,
    PERIOD,
    QUALIFIED,
    RANGE,
    RELATIVE,
    SEASON,
    SEASONS,
    SIGNS,
    TODAY_AND_TOMORROW,
    WEEKDAY,
    WEEKDAYS,
    Near,
    near_dates,
)
from etl.annotate.scan import Scan
from etl.model import ANNOTATOR, DateBasis, DateExpression, Precision, Tier, WeekdayCheck
from etl.text import fold


class _Found(msgspec.Struct, frozen=True):
    start: int
    end: int
    value: tuple[dt.date, dt.date] | None
    precision: Precision
    basis: DateBasis
    anchored: bool
    weekday: int | None
    rule: str
    tier: Tier = "strong"


def find(scan: Scan, published: dt.date | None) -> list[DateExpression]:
    """The date rows of a field; `published` anchors relative ones, None leaves them open."""
    kept: list[_Found] = []
    near = near_dates(scan.text, scan.dates)
    for found in itertools.chain.from_iterable(_all(scan.text, published, *one) for one in near):
        if not any(found.start < k.end and k.start < found.end for k in kept):
            kept.append(found)
    kept.sort(key=lambda f: f.start)
    return [_row(scan, found, published) for found in kept]


def date_line(text: str) -> dt.date | None:
    """The date that a page's date line states, None where it states none or an impossible one.

    Reads «24th, October 2025 GMT», «24 أكتوبر 2025», «24/10/2025» (day first) and «2025-10-24».
    """
    english = ENGLISH_DATE.search(text)
    if english:
        return _date(int(english[3]), ENGLISH_MONTHS[english[2].lower()], int(english[1]))
    folded = fold(text)
    whole = 0, len(folded)
    for found in (*_day_months(folded, None, whole), *_numerics(folded, None, whole)):
        if found.value:
            return found.value[0]
    return None


def _all(text: str, published: dt.date | None, near: Near, kinds: int) -> Iterator[_Found]:
    """What the patterns find, in the order in which they claim words; those are left out that lack what they need."""
    for sign, find_dates in _forms_of(kinds):
        if sign.search(text, *near):
            yield from find_dates(text, published, near)


@functools.cache
def _forms_of(kinds: int) -> list[tuple[re.Pattern[str], Callable[..., Iterator[_Found]]]]:
    return [(sign, find_dates) for needs, sign, find_dates in FORMS if kinds & needs == needs]


def _row(scan: Scan, found: _Found, published: dt.date | None) -> DateExpression:
    start, end = scan.folded.span(found.start, found.end)
    value, check = found.value, _check(found)
    if check == "conflict":
        value = None
    return DateExpression(
        value_from=value[0].isoformat() if value else None, value_to=value[1].isoformat() if value else None,
        precision=found.precision, basis=found.basis, weekday=found.weekday, weekday_check=check,
        anchor=published.isoformat() if published and found.anchored else None, field=scan.field, start=start, end=end,
        text=scan.folded.original[start:end], tier=found.tier, rule=found.rule, annotator=ANNOTATOR,
    )  # fmt: skip


def _check(found: _Found) -> WeekdayCheck:
    if found.weekday is None or found.value is None:
        return "none"
    return "ok" if found.value[0].isoweekday() == found.weekday else "conflict"


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _one(day: dt.date | None) -> tuple[dt.date, dt.date] | None:
    return (day, day) if day else None


def _span(match: re.Match[str], first_group: int = 1) -> tuple[int, int]:
    """From the first group that matched, so that proclitics stay outside."""
    starts = [match.start(n) for n in range(first_group, (match.re.groups or 0) + 1) if match.group(n)]
    return min(starts), match.end()


def _day_months(text: str, published: dt.date | None, near: Near) -> Iterator[_Found]:
    for match in DAY_MONTH.finditer(text, *near):
        weekday = WEEKDAYS[match[1]] if match[1] else None
        day, month = int(match[2]), MONTHS[match[3]]
        if match[4]:
            exact = _date(int(match[4]), month, day)
            if exact:
                yield _Found(*_span(match), _one(exact), "day", "absolute", anchored=False, weekday=weekday,
                             rule="day-month-year")  # fmt: skip
        elif _date(2000, month, day):
            nearest = _nearest(published, month, day)
            yield _Found(*_span(match), _one(nearest), "day", "relative", anchored=nearest is not None,
                         weekday=weekday, rule="day-month", tier="medium")  # fmt: skip


def _stated(year: str | None) -> tuple[DateBasis, Tier]:
    """A day with its year stands by itself; without, the nearest year is taken."""
    return ("absolute", "strong") if year else ("relative", "medium")


def _ranges(text: str, published: dt.date | None, near: Near) -> Iterator[_Found]:
    for match in RANGE.finditer(text, *near):
        month, days = MONTHS[match[4]], (int(match[1]), int(match[3]))
        if match[2] and days[1] - days[0] > 1:
            yield from _first_of_two(match, published)
            continue
        if days[0] >= days[1]:
            continue
        ends = [_date(int(match[5]), month, d) if match[5] else _nearest(published, month, d) for d in days]
        value = (ends[0], ends[1]) if ends[0] and ends[1] and ends[0] < ends[1] else None
        if match[5] and not value:
            continue
        basis, tier = _stated(match[5])
        yield _Found(match.start(1), match.end(), value, "day", basis, anchored=bool(value and not match[5]),
                     weekday=None, rule="day-range", tier=tier)  # fmt: skip


def _first_of_two(match: re.Match[str], published: dt.date | None) -> Iterator[_Found]:
    """«23 و27 مارس»: the first is a day of its own; the second is read with its month."""
    month, day, year = MONTHS[match[4]], int(match[1]), match[5]
    value = _date(int(year), month, day) if year else _nearest(published, month, day)
    if value:
        basis, tier = _stated(year)
        yield _Found(match.start(1), match.end(1), _one(value), "day", basis, anchored=not year, weekday=None,
                     rule="day-month-year" if year else "day-month", tier=tier)  # fmt: skip


def _today_and_tomorrow(text: str, published: dt.date | None, near: Near) -> Iterator[_Found]:
    for match in TODAY_AND_TOMORROW.finditer(text, *near):
        value = (published, published + dt.timedelta(days=1)) if published else None
        weekday = WEEKDAYS[match[2]] if match[2] else None
        yield _Found(*_span(match), value, "day", "relative", anchored=value is not None, weekday=weekday,
                     rule="day-range")  # fmt: skip


def _ordinal_days(text: str, published: dt.date | None, near: Near) -> Iterator[_Found]:
    """«السادس من مارس», «فاتح يوليوز»."""
    for match in ORDINAL_DAY.finditer(text, *near):
        weekday = WEEKDAYS[match[1]] if match[1] else None
        day, month, year = (ORDINAL_DAYS[match[2]] if match[2] else 1), MONTHS[match[4]], match[5]
        if not _date(int(year) if year else 2000, month, day):
            continue
        nearest = None if (month, day) == ATTACKS else _nearest(published, month, day)
        value = _date(int(year), month, day) if year else nearest
        basis, tier = _stated(year)
        yield _Found(*_span(match), _one(value), "day", basis, anchored=not year and bool(nearest), weekday=weekday,
                     rule="ordinal-day", tier=tier)  # fmt: skip


def _days_of_month(text: str, published: dt.date | None, near: Near) -> Iterator[_Found]:
    """«27 الجاري», «10 من الشهر المقبل»: the month counts from that of publication."""
    for match in DAY_OF_MONTH.finditer(text, *near):
        weekday, word = (WEEKDAYS[match[1]] if match[1] else None), match[3]
        if word not in NOW and "الشهر" not in match.group():
            continue
        step = -1 if word in PAST else 0 if word in NOW else 1
        month = published.year * 12 + published.month - 1 + step if published else 0
        value = _one(_date(month // 12, month % 12 + 1, int(match[2]))) if published else None
        yield _Found(*_span(match), value, "day", "relative", anchored=value is not None, weekday=weekday,
                     rule="day-of-month", tier="medium")  # fmt: skip


def _glued(text: str, _published: dt.date | None, near: Near) -> Iterator[_Found]:
    """A byline that lost its spaces: «admin23 أكتوبر 2025آخر تحديث»; only a whole date is safe to cut out of words."""
    for match in GLUED_DATE.finditer(text, *near):
        day, month, year = (group for group in match.groups() if group)
        exact = _date(int(year), MONTHS[month], int(day))
        if exact:
            yield _Found(
                *_span(match), _one(exact), "day", "absolute", anchored=False, weekday=None, rule="glued-byline"
            )


def _nearest(published: dt.date | None, month: int, day: int) -> dt.date | None:
    """The occurrence within five months of publication; farther away the year is anybody's guess."""
    if not published:
        return None
    days = [_date(published.year + k, month, day) for k in (-1, 0, 1)]
    near = min((d for d in days if d), key=lambda d: abs((d - published).days), default=None)
    return near if near and abs((near - published).days) <= 150 else None


def _numerics(text: str, _published: dt.date | None, near: Near) -> Iterator[_Found]:
    for match in NUMERIC.finditer(text, *near):
        weekday = WEEKDAYS[match[1]] if match[1] else None
        day = (
            _date(int(match[4]), int(match[3]), int(match[2]))
            if match[2]
            else _date(int(match[5]), int(match[6]), int(match[7]))
        )
        if day:
            yield _Found(*_span(match), _one(day), "day", "absolute", anchored=False, weekday=weekday, rule="numeric")


def _hijris(text: str, _published: dt.date | None, near: Near) -> Iterator[_Found]:
    for match in HIJRI_DATE.finditer(text, *near):
        try:
            day = dt.date(*Hijri(int(match[3]), HIJRI[match[2]], int(match[1])).to_gregorian().datetuple())
        except (ValueError, OverflowError):
            continue
        yield _Found(
            match.start(1),
            match.end(),
            _one(day),
            "day",
            "hijri",
            anchored=False,
            weekday=None,
            rule="hijri",
            tier="medium",
        )


def _relatives(text: str, published: dt.date | None, near: Near) -> Iterator[_Found]:
    for match in RELATIVE.finditer(text, *near):
        word, weekday = match[2], WEEKDAYS[match[3]] if match[3] else None
        if word == "اليوم" and (
            not weekday
            and (published is None or NO_DAY_WORDS.search(text, max(0, match.start(2) - 20), match.start(2)))
        ):
            continue
        day = published + dt.timedelta(days=OFFSETS[word]) if published else None
        rule = {-2: "before-yesterday", -1: "yesterday", 0: "today", 1: "tomorrow", 2: "after-tomorrow"}[OFFSETS[word]]
        tier: Tier = "strong" if weekday or match["hour"] or word != "اليوم" else "weak"
        yield _Found(*_span(match, 2), _one(day), "day", "relative", anchored=day is not None, weekday=weekday,
                     rule=rule + ("-weekday" if weekday else ""), tier=tier)  # fmt: skip


def _qualified(text: str, published: dt.date | None, near: Near) -> Iterator[_Found]:
    for match in QUALIFIED.finditer(text, *near):
        weekday, word = WEEKDAYS[match[1]], match[2]
        value = None
        if published and word not in NOW:
            back = (published.isoweekday() - weekday) % 7 or 7
            ahead = (weekday - published.isoweekday()) % 7 or 7
            value = _one(published + dt.timedelta(days=-back if word in PAST else ahead))
        rule = "weekday-last" if word in PAST else "weekday-this" if word in NOW else "weekday-next"
        yield _Found(*_span(match), value, "day", "relative", anchored=value is not None, weekday=weekday, rule=rule)


def _months(text: str, _published: dt.date | None, near: Near) -> Iterator[_Found]:
    for match in MONTH_YEAR.finditer(text, *near):
        value = _part(text, match.start(), _month(int(match[2]), MONTHS[match[1]]))
        yield _Found(
            match.start(1), match.end(), value, "month", "absolute", anchored=False, weekday=None, rule="month-year"
        )


def _qualified_months(text: str, published: dt.date | None, near: Near) -> Iterator[_Found]:
    """«ديسمبر الماضي»: the last one that is over, the next one that has not begun, or this month."""
    for match in MONTH_QUALIFIED.finditer(text, *near):
        month, word, value = MONTHS[match[1]], match[2], None
        if published and word not in NOW:
            year = (
                published.year - (month >= published.month)
                if word in PAST
                else published.year + (month <= published.month)
            )
            value = _month(year, month)
        elif published and month == published.month:
            value = _month(published.year, month)
        value = _part(text, match.start(), value) if value else None
        rule = "month-name-last" if word in PAST else "month-name-this" if word in NOW else "month-name-next"
        yield _Found(match.start(1), match.end(), value, "month", "relative", anchored=value is not None, weekday=None,
                     rule=rule, tier="medium")  # fmt: skip


def _weekdays(text: str, published: dt.date | None, near: Near) -> Iterator[_Found]:
    """A weekday alone, as `weekdays.meant` decides it."""
    for match in WEEKDAY.finditer(text, *near):
        if weekdays.names_something_else(text, match.start(1)):
            continue
        weekday = WEEKDAYS[match[1]]
        value = _one(weekdays.meant(text, match.start(), match.end(), published, weekday)) if published else None
        yield _Found(*_span(match), value, "day", "relative", anchored=value is not None, weekday=weekday,
                     rule="weekday-alone", tier="medium")  # fmt: skip


def _month(year: int, month: int) -> tuple[dt.date, dt.date]:
    first = dt.date(year, month, 1)
    return first, (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def _part(text: str, start: int, month: tuple[dt.date, dt.date]) -> tuple[dt.date, dt.date] | None:
    """The month, its last days after «أواخر», nothing after another word for a part of it."""
    part = PART_OF_MONTH.search(text, max(0, start - 20), start)
    if not part:
        return month
    return (month[0].replace(day=21), month[1]) if part[1] else None


def _seasons(text: str, published: dt.date | None, near: Near) -> Iterator[_Found]:
    """«الصيف الماضي», «صيف 2014», «صيف هذا العام»: three whole months."""
    for match in SEASON.finditer(text, *near):
        name, word, year = match[1] or match[3] or match[5], match[2] or match[6], None
        if match[4]:
            year = int(match[4])
        elif published and match[1]:
            year = _year_of_season(published, SEASONS[name], word)
        elif published:
            year = published.year + (-1 if word in PAST else 0 if not word or word in NOW else 1)
        value = (_month(year, SEASONS[name])[0], _month(year, SEASONS[name] + 2)[1]) if year else None
        yield _Found(*_span(match), value, "season", "absolute" if match[4] else "relative",
                     anchored=bool(value and not match[4]), weekday=None, rule="season", tier="medium")  # fmt: skip


def _year_of_season(published: dt.date, first: int, word: str) -> int:
    """The last one that is over, the next one that has not begun, or this year's."""
    if word in PAST:
        return published.year - (published.month < first + 3)
    return published.year if word in NOW else published.year + (published.month >= first)


def _periods(text: str, published: dt.date | None, near: Near) -> Iterator[_Found]:
    for match in PERIOD.finditer(text, *near):
        week, word = match[1] == "اسبوع", match[2]
        step = -1 if word in PAST else 0 if word in NOW else 1
        value = None
        if published and not week:
            months = published.year * 12 + published.month - 1 + step
            value = _month(months // 12, months % 12 + 1)
        rule = f"{'week' if week else 'month'}-{('last', 'this', 'next')[step + 1]}"
        yield _Found(match.start(1), match.end(), value, "week" if week else "month", "relative",
                     anchored=value is not None, weekday=None, rule=rule, tier="medium")  # fmt: skip


FORMS = tuple((*SIGNS[form], reader) for form, reader in (
    ("day-range", _ranges), ("day-month", _day_months), ("day-of-month", _days_of_month), ("glued-byline", _glued),
    ("hijri", _hijris), ("numeric", _numerics), ("today-and-tomorrow", _today_and_tomorrow),
    ("ordinal-day", _ordinal_days), ("relative", _relatives), ("weekday-qualified", _qualified),
    ("month-year", _months), ("month-qualified", _qualified_months), ("period", _periods), ("season", _seasons),
    ("weekday-alone", _weekdays),
))  # fmt: skip
"""What a part of a text must hold, a quick sign of it, and what then reads it; what comes first claims the words."""
