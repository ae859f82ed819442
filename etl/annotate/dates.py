"""Dates in the text and on a page's date line: resolved rightly or left open, never guessed.

A relative date needs the article's date; a weekday beside it is a checksum: «أمس الأربعاء» fits only a Thursday. On
conflict both values stay empty. Numbers are day first. Hijri dates come from hijridate and may be a day off. Bare years
and phrases such as «منذ العام الماضي» are no dates.
"""

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterator

from hijridate import Hijri

from etl.annotate import tense, weekdays, years
from etl.annotate.calendar_words import (
    ANOTHER_MONTH,
    ATTACKS,
    DAY_MONTH,
    DAY_OF_MONTH,
    ENGLISH_DATE,
    ENGLISH_MONTHS,
    GLUED_DATE,
    HIJRI,
    HIJRI_DATE,
    MONTH_ALONE,
    MONTH_QUALIFIED,
    MONTH_YEAR,
    MONTHS,
    NEXT,
    NOW,
    NUMERIC,
    OF_THAT_YEAR,
    ORDINAL_DAY,
    ORDINAL_DAYS,
    ORDINAL_OF_MONTH,
    PART_OF_MONTH,
    PAST,
    PERIOD,
    QUALIFIED,
    SEASON,
    SEASONS,
    SIGNS,
    TENS_OF_MORE,
    THIS_MONTH,
    WEEKDAY,
    WEEKDAYS,
    Near,
    near_dates,
)
from etl.annotate.date_runs import from_day_to_day, joined, ranges, today_and_tomorrow, weekday_runs
from etl.annotate.found_dates import Days, Found, checked, day_of, one_day, span, stated
from etl.annotate.relative_days import doubted, relatives
from etl.annotate.scan import Scan
from etl.model import ANNOTATOR, DateExpression
from etl.text import fold


def find(scan: Scan, published: dt.date | None, *, is_small_hours: bool = False) -> list[DateExpression]:
    """The date rows of a field; `published` anchors relative ones, None leaves them open.

    What comes out in the small hours was mostly written the evening before: «أمس» alone stays open then.
    """
    kept: list[Found] = []
    for near, kinds in near_dates(scan.folded, scan.dates):
        for found in _all(scan.text, published, near, kinds):
            if not any(found.start < k.end and k.start < found.end for k in kept):
                kept.append(found)
    kept.sort(key=lambda f: f.start)
    whole = list(joined(scan.text, kept))
    return [_row(scan, found, published) for found in doubted(whole, is_small_hours=is_small_hours)]


def date_line(text: str) -> dt.date | None:
    """The date that a page's date line states, None where it states none or an impossible one.

    Reads «24th, October 2025 GMT», «24 أكتوبر 2025», «24/10/2025» (day first) and «2025-10-24».
    """
    english = ENGLISH_DATE.search(text)
    if english:
        return day_of(int(english[3]), ENGLISH_MONTHS[english[2].lower()], int(english[1]))
    folded = fold(text)
    whole = 0, len(folded)
    for found in (*_day_months(folded, None, whole), *_numerics(folded, None, whole)):
        if found.value:
            return found.value[0]
    return None


def _all(text: str, published: dt.date | None, near: Near, kinds: int) -> list[Found]:
    """What the patterns find, in the order in which they claim words; those are left out that lack what they need."""
    found: list[Found] = []
    start, end = near
    for sign, find_dates in _forms_of(kinds):
        if sign is None or sign.search(text, start, end):
            found += find_dates(text, published, near)
    return found


@functools.cache
def _forms_of(kinds: int) -> list[tuple[re.Pattern[str] | None, Callable[..., Iterator[Found]]]]:
    return [(sign, find_dates) for needs, sign, find_dates in FORMS if kinds & needs == needs]


def _row(scan: Scan, found: Found, published: dt.date | None) -> DateExpression:
    start, end = scan.folded.span(found.start, found.end)
    value, check = found.value, checked(found)
    if check == "conflict":
        value = None
    return DateExpression(
        value_from=value[0].isoformat() if value else None, value_to=value[1].isoformat() if value else None,
        precision=found.precision, basis=found.basis, weekday=found.weekday, weekday_check=check,
        anchor=published.isoformat() if published and found.anchored else None, field=scan.field, start=start, end=end,
        text=scan.folded.original[start:end], tier=found.tier, rule=found.rule, annotator=ANNOTATOR,
    )  # fmt: skip


def _day_months(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    for match in DAY_MONTH.finditer(text, *near):
        if years.names_something_else(text, span(match)[0]):
            continue
        weekday = WEEKDAYS[match[1]] if match[1] else None
        day, month = int(match[2]), MONTHS[match[3]]
        if match[4]:
            exact = day_of(int(match[4]), month, day)
            if exact:
                yield Found(*span(match), one_day(exact), "day", "absolute", anchored=False, weekday=weekday,
                             rule="day-month-year")  # fmt: skip
        elif day_of(2000, month, day):
            meant = years.meant(text, span(match), published, (month, day), weekday)
            yield Found(*span(match), one_day(meant), "day", "relative", anchored=meant is not None,
                        weekday=weekday, rule="day-month", tier="medium")  # fmt: skip


def _ordinal_days(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    """«السادس من مارس», «فاتح يوليوز»."""
    for match in ORDINAL_DAY.finditer(text, *near):
        weekday = WEEKDAYS[match[1]] if match[1] else None
        name, place = match[2] or match[4], span(match)
        day, month, year = (ORDINAL_DAYS[name] if name else 1), MONTHS[match[5]], match[6]
        if not day_of(int(year) if year else 2000, month, day) or years.names_something_else(text, place[0]):
            continue
        meant = None if (month, day) == ATTACKS else years.meant(text, place, published, (month, day), weekday)
        value = day_of(int(year), month, day) if year else meant
        if day in _TENS and _is_part(text, place[0]):
            value = None
        basis, tier = stated(year)
        yield Found(*place, one_day(value), "day", basis, anchored=not year and bool(meant), weekday=weekday,
                    rule="ordinal-day", tier=tier)  # fmt: skip


_TENS = (20, 30)


def _is_part(text: str, start: int) -> bool:
    """Is a round number of words perhaps the greater part of one: «التسعمئة والعشرين من»."""
    before = TENS_OF_MORE.search(text, max(0, start - 20), start)
    return before is not None and before[1] not in ORDINAL_DAYS


def _days_of_month(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    """«27 الجاري», «10 من الشهر المقبل»: the month counts from that of publication."""
    for match in DAY_OF_MONTH.finditer(text, *near):
        weekday, word = (WEEKDAYS[match[1]] if match[1] else None), match[3]
        if word not in NOW and "الشهر" not in match.group():
            continue
        step = -1 if word in PAST else 0 if word in NOW else 1
        month = published.year * 12 + published.month - 1 + step if published else 0
        value = one_day(day_of(month // 12, month % 12 + 1, int(match[2]))) if published else None
        yield Found(*span(match), value, "day", "relative", anchored=value is not None, weekday=weekday,
                     rule="day-of-month", tier="medium")  # fmt: skip


def _glued(text: str, _published: dt.date | None, near: Near) -> Iterator[Found]:
    """A byline that lost its spaces: «admin23 أكتوبر 2025آخر تحديث»; only a whole date is safe to cut out of words."""
    for match in GLUED_DATE.finditer(text, *near):
        day, month, year = (group for group in match.groups() if group)
        exact = day_of(int(year), MONTHS[month], int(day))
        if exact:
            yield Found(
                *span(match), one_day(exact), "day", "absolute", anchored=False, weekday=None, rule="glued-byline"
            )


def _numerics(text: str, _published: dt.date | None, near: Near) -> Iterator[Found]:
    for match in NUMERIC.finditer(text, *near):
        weekday = WEEKDAYS[match[1]] if match[1] else None
        day = (
            day_of(int(match[4]), int(match[3]), int(match[2]))
            if match[2]
            else day_of(int(match[5]), int(match[6]), int(match[7]))
        )
        if day:
            yield Found(*span(match), one_day(day), "day", "absolute", anchored=False, weekday=weekday, rule="numeric")


def _hijris(text: str, _published: dt.date | None, near: Near) -> Iterator[Found]:
    for match in HIJRI_DATE.finditer(text, *near):
        try:
            day = dt.date(*Hijri(int(match[3]), HIJRI[match[2]], int(match[1])).to_gregorian().datetuple())
        except (ValueError, OverflowError):
            continue
        yield Found(
            match.start(1),
            match.end(),
            one_day(day),
            "day",
            "hijri",
            anchored=False,
            weekday=None,
            rule="hijri",
            tier="medium",
        )


def _is_beside(days: int, word: str) -> bool:
    """«الجمعة الماضية» on a Saturday was a week before that Friday in 5 of 25 cases; «الفارط» is said of yesterday."""
    return abs(days) == 1 and word in {"الماضي", "المنصرم", *NEXT}


def _qualified(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    for match in QUALIFIED.finditer(text, *near):
        weekday, word = WEEKDAYS[match[1]], match[2]
        value = None
        if published and word not in NOW:
            back = (published.isoweekday() - weekday) % 7 or 7
            ahead = (weekday - published.isoweekday()) % 7 or 7
            days = -back if word in PAST else ahead
            value = None if _is_beside(days, word) else one_day(published + dt.timedelta(days=days))
        rule = "weekday-last" if word in PAST else "weekday-this" if word in NOW else "weekday-next"
        yield Found(*span(match), value, "day", "relative", anchored=value is not None, weekday=weekday, rule=rule)


_NUMBER = re.compile(r"(?<!\w)\d{1,2} (?:من )?(?:شهر )?$")
"""Before a month whose day is a name or no day of the calendar: «ثورة 25 يناير 2011», «29 فبراير 2025»."""


def _months(text: str, _published: dt.date | None, near: Near) -> Iterator[Found]:
    for match in MONTH_YEAR.finditer(text, *near):
        if _NUMBER.search(text, max(0, match.start() - 8), match.start(1)):
            continue
        value = _part(text, match.start(), _month(int(match[2]), MONTHS[match[1]]))
        yield Found(
            match.start(1), match.end(), value, "month", "absolute", anchored=False, weekday=None, rule="month-year"
        )


def _qualified_months(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    """«ديسمبر الماضي»: the last one that is over, the next one that has not begun, this month; «من العام الماضي».

    «مارس الماضي» in a March is open: newspapers write it of the same month, too.
    """
    for match in MONTH_QUALIFIED.finditer(text, *near):
        month, (year, word) = MONTHS[match[1]], match.groups()[-2:]
        side = -1 if word in PAST else 0 if word in NOW else 1
        value = _part(text, match.start(), _month_beside(published, month, side, is_year=bool(year)))
        rule = f"month-name-{('last', 'this', 'next')[side + 1]}"
        yield Found(match.start(1), match.end(), value, "month", "relative", anchored=value is not None, weekday=None,
                    rule=rule, tier="medium")  # fmt: skip


def _month_beside(published: dt.date | None, month: int, side: int, *, is_year: bool) -> Days | None:
    if not published:
        return None
    if is_year:
        return _month(published.year + side, month)
    if not side or month == published.month:
        return _month(published.year, month) if not side and month == published.month else None
    is_turned = month > published.month if side < 0 else month < published.month
    return _month(published.year + side * is_turned, month)


def _months_alone(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    """«في مارس»: the one that holds the day of `years.meant`, where the clause looks to that side and no other."""
    for match in MONTH_ALONE.finditer(text, *near):
        month, place = MONTHS[match[1]], (match.start(1), match.end())
        middle = years.meant(text, place, published, (month, _MIDDLE))
        is_told = middle and published and _is_on_side(text, match.start(), is_later=middle > published)
        value = _part(text, place[0], _month(middle.year, month)) if middle and is_told else None
        yield Found(*place, value, "month", "relative", anchored=value is not None, weekday=None, rule="month-alone",
                    tier="weak")  # fmt: skip


def _is_on_side(text: str, start: int, *, is_later: bool) -> bool:
    """Does all of the clause before look ahead, or back, and to no other year: «في نفس العام»."""
    clause = tense.told(text, start)
    if not clause.is_sure or clause.tense != ("ahead" if is_later else "past"):
        return False
    return not OF_THAT_YEAR.search(text, max(0, start - _YEAR_REACH), start)


_YEAR_REACH = 45
_MIDDLE = 15


def _weekdays(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    """A weekday alone, as `weekdays.meant` decides it."""
    for match in WEEKDAY.finditer(text, *near):
        if weekdays.names_something_else(text, match.start(1)):
            continue
        weekday = WEEKDAYS[match[1]]
        value = one_day(weekdays.meant(text, match.start(), match.end(), published, weekday)) if published else None
        yield Found(*span(match), value, "day", "relative", anchored=value is not None, weekday=weekday,
                     rule="weekday-alone", tier="medium")  # fmt: skip


def _month(year: int, month: int) -> Days:
    first = dt.date(year, month, 1)
    return first, (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def _part(text: str, start: int, month: Days | None) -> Days | None:
    """The month, its last days after «أواخر», nothing after «نهاية»."""
    part = PART_OF_MONTH.search(text, max(0, start - 20), start)
    if not part or not month or part[2]:
        return month
    return (month[0].replace(day=21), month[1]) if part[1] else None


def _seasons(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    """«الصيف الماضي», «صيف 2014», «صيف هذا العام», «هذا الصيف»: three whole months."""
    for match in SEASON.finditer(text, *near):
        name, word, year = match[1] or match[3] or match[5] or match[8], match[2] or match[6], None
        if match[4]:
            year = int(match[4])
        elif published and match[1]:
            year = _year_of_season(published, SEASONS[name], word)
        elif published:
            year = published.year + (-1 if word in PAST else 0 if not word or word in NOW else 1)
        value = (_month(year, SEASONS[name])[0], _month(year, SEASONS[name] + 2)[1]) if year else None
        yield Found(*span(match), value, "season", "absolute" if match[4] else "relative",
                     anchored=bool(value and not match[4]), weekday=None, rule="season", tier="medium")  # fmt: skip


def _year_of_season(published: dt.date, first: int, word: str) -> int | None:
    """The last one that is over, the next one that has not begun, or this year's; in its first month «next» is open."""
    if word in PAST:
        return published.year - (published.month < first + 3)
    if word in NOW:
        return published.year
    return None if published.month == first else published.year + (published.month > first)


def _periods(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    """«الأسبوع الماضي» stays open; «الشهر الجاري» is a month, «العاشر من الشهر الجاري» a day of it."""
    for match in PERIOD.finditer(text, *near):
        is_week, word = match[1] == "اسبوع", match[2]
        step = -1 if word in PAST else 0 if word in NOW else 1
        months = published.year * 12 + published.month - 1 + step if published and not is_week else None
        value = _month(months // 12, months % 12 + 1) if months else None
        day = ORDINAL_OF_MONTH.search(text, max(0, match.start() - 30), match.start(1))
        if day and not is_week:
            of_month = one_day(day_of(value[0].year, value[0].month, ORDINAL_DAYS[day[1]]) if value else None)
            yield Found(day.start(1), match.end(), of_month, "day", "relative", anchored=of_month is not None,
                        weekday=None, rule="day-of-month", tier="medium")  # fmt: skip
            continue
        value = _part(text, match.start(1), value)
        rule = f"{'week' if is_week else 'month'}-{('last', 'this', 'next')[step + 1]}"
        yield Found(match.start(1), match.end(), value, "week" if is_week else "month", "relative",
                    anchored=value is not None, weekday=None, rule=rule, tier="medium")  # fmt: skip


def _this_months(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    """«هذا الشهر» is that of publication, unless the words before name another one that it may mean."""
    for match in THIS_MONTH.finditer(text, *near):
        start = match.start()
        named = [one["month"] for one in ANOTHER_MONTH.finditer(text, max(0, start - _MONTH_REACH), start)]
        is_told = published and all(MONTHS.get(month or "") == published.month for month in named)
        value = _part(text, start, _month(published.year, published.month)) if published and is_told else None
        yield Found(start, match.end(), value, "month", "relative", anchored=value is not None, weekday=None,
                    rule="month-this", tier="medium")  # fmt: skip


_MONTH_REACH = 300
"""Letters before «هذا الشهر» in which another month may be named: two or three sentences."""

FORMS = tuple((*SIGNS[form], reader) for form, reader in (
    ("day-range", ranges), ("day-month", _day_months), ("day-of-month", _days_of_month), ("glued-byline", _glued),
    ("hijri", _hijris), ("numeric", _numerics), ("today-and-tomorrow", today_and_tomorrow),
    ("ordinal-day", _ordinal_days), ("from-day-to-day", from_day_to_day), ("relative", relatives),
    ("weekday-run", weekday_runs),
    ("weekday-qualified", _qualified),
    ("month-year", _months), ("month-qualified", _qualified_months), ("month-alone", _months_alone),
    ("period", _periods), ("this-month", _this_months), ("season", _seasons), ("weekday-alone", _weekdays),
))  # fmt: skip
"""What a part of a text must hold, a quick sign of it, and what then reads it; what comes first claims the words."""
