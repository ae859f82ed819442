"""Dates in the text and on a page's date line: resolved rightly or left open, never guessed.

A relative date needs the article's date; a weekday beside it is a checksum: «أمس الأربعاء» fits only a Thursday. On
conflict both values stay empty. Month names of all regions are read at once (يوليوز = جويلية = يوليو = تموز), doubled
ones («تشرين الأول/أكتوبر») as one; numbers are day first. Hijri dates come from hijridate and may be a day off.
Bare years and phrases such as «منذ العام الماضي» are no dates.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from hijridate import Hijri

from etl.annotate import cues, weekdays
from etl.annotate.scan import Scan
from etl.model import ANNOTATOR, DateBasis, DateExpression, Precision, Tier, WeekdayCheck
from etl.text import fold

_MONTH_NAMES = (
    "يناير جانفي كانون_الثاني", "فبراير فيفري فبرائر شباط", "مارس آذار", "أبريل إبريل أفريل نيسان", "مايو ماي أيار",
    "يونيو جوان يونيه حزيران", "يوليو يوليوز جويلية يوليه تموز", "أغسطس غشت أوت آب", "سبتمبر شتنبر أيلول",
    "أكتوبر تشرين_الأول", "نوفمبر نونبر تشرين_الثاني", "ديسمبر دجنبر كانون_الأول",
)  # fmt: skip
_ENGLISH = "january february march april may june july august september october november december"
_HIJRI_NAMES = (
    "محرم المحرم", "صفر", "ربيع_الأول", "ربيع_الآخر ربيع_الثاني", "جمادى_الأولى", "جمادى_الآخرة جمادى_الثانية", "رجب",
    "شعبان", "رمضان", "شوال", "ذو_القعدة ذي_القعدة", "ذو_الحجة ذي_الحجة",
)  # fmt: skip


def _numbered(names: tuple[str, ...]) -> dict[str, int]:
    return {fold(w.replace("_", " ")): n for n, words in enumerate(names, 1) for w in words.split()}


def _choice(words: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


MONTHS = _numbered(_MONTH_NAMES)
_HIJRI = _numbered(_HIJRI_NAMES)
_WEEKDAY_NAMES = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
_WEEKDAYS = {fold(w): n for n, w in enumerate(_WEEKDAY_NAMES, 1)}
_ENGLISH_MONTHS: dict[str, int] = {m: n for n, m in enumerate(_ENGLISH.split(), 1)}
_OFFSETS = {"اول امس": -2, "اول من امس": -2, "امس الاول": -2, "امس": -1, "بالامس": -1, "البارحه": -1, "اليوم": 0,
            "غدا": 1, "غد": 1, "بعد غد": 2}  # fmt: skip

_START, _END = r"(?<![\w/.])", r"(?![\w])"
_WD = rf"(?:(?:يوم )?({_choice(_WEEKDAYS)})(?: الموافق| المصادف)?[ ،,(]{{1,3}})?"
_YEAR = r"(?:[ ،,]{1,2}(?:من )?(?:سنه |عام |العام )?((?:19|20)\d{2}))?"
_MONTH = rf"({_choice(MONTHS)})(?: ?[/(] ?(?:{_choice(MONTHS)})\)?)?"
_DAY_MONTH = re.compile(
    rf"{_START}(?:[وبلف]|ب?ال)?{_WD}(\d{{1,2}})(?: ?(?:من )?(?:شهر )?| ?[-–/] ?){_MONTH}{_YEAR}{_END}"
)
_MONTH_YEAR = re.compile(
    rf"{_START}(?:شهر )?[وبلف]?(?:شهر )?{_MONTH}[ ،]{{1,2}}(?:من )?(?:سنه |عام )?((?:19|20)\d{{2}}){_END}"
)
_GLUED_DATE = re.compile(
    rf"(?:(?<=[^\W\d_])|{_START})(\d{{1,2}}) {_MONTH} ((?:19|20)\d{{2}})(?=[^\W\d_])|"
    rf"(?<=[^\W\d_])(\d{{1,2}}) {_MONTH} ((?:19|20)\d{{2}}){_END}"
)
_NUMERIC = re.compile(
    rf"{_START}{_WD}(?:(\d{{1,2}})[/.-](\d{{1,2}})[/.-]((?:19|20)\d{{2}})|((?:19|20)\d{{2}})-(\d{{2}})-(\d{{2}})){_END}"
)
_HIJRI_DATE = re.compile(
    rf"{_START}(\d{{1,2}})(?: من)?(?: شهر)? ({_choice(_HIJRI)})[ ،]{{1,2}}(?:سنه |عام )?(1[34]\d{{2}})(?: ?ه)?{_END}"
)
# «24 و25 نونبر», «من 4 إلى 7 نونبر»: one expression of several days.
_RANGE = re.compile(
    rf"{_START}[وبل]?(\d{{1,2}}) ?(?:(و) ?|الي |حتي |[-–/] ?)(\d{{1,2}})(?: ?(?:من )?(?:شهر )?){_MONTH}{_YEAR}{_END}"
)
_ORDINAL_DAYS = cues.ordinal_days()
_ORDINAL_DAY = re.compile(
    rf"{_START}(?<!اسبوع )(?<!نصف )(?<!ثلث )(?<!شطر )(?<!جزء )[وبلف]?{_WD}"
    rf"(?:({_choice(_ORDINAL_DAYS)}) من (?:شهر )?|(اول|فاتح|غره) (?:شهر )?){_MONTH}{_YEAR}{_END}"
)
_ATTACKS = (9, 11)
"""Without a year «الحادي عشر من سبتمبر» names what happened in 2001."""
_MONTH_QUALIFIED = re.compile(
    rf"{_START}[وبلف]?(?:شهر )?{_MONTH} (الماضي|المنصرم|الفايت|المقبل|القادم|الجاري|الحالي){_END}"
)
_DAY_OF_MONTH = re.compile(
    rf"{_START}[وبلف]?{_WD}(\d{{1,2}}) (?:من )?(?:(?:هذا )?الشهر )?(الجاري|الحالي|المقبل|القادم|الماضي|المنصرم){_END}"
)
_REL = "|".join(sorted(_OFFSETS, key=len, reverse=True))
# «اليوم الثاني» counts days of something, «اليوم العالمي» is a feast: neither is today.
_COUNTED = r"(?! (?:ال(?:اول|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر|تالي|موالي|عالمي|وطني)|نفسه)(?!\w))"
_RELATIVE = re.compile(
    rf"{_START}[وف]?(?:يوم |(?P<hour>مساء |صباح |ظهر |فجر |عصر |بعد ظهر )|ليله )?({_REL}){_COUNTED}(?! القريب)"
    rf"(?: ?[،(]? ?(?:يوم )?({_choice(_WEEKDAYS)}))?{_END}"
)
_QUALIFIED = re.compile(
    rf"{_START}[وفبل]?(?:يوم |مساء |صباح |ليله )?({_choice(_WEEKDAYS)}) "
    rf"(الماضي|المنصرم|الفايت|المقبل|القادم|الجاري)ه?{_END}"
)
_WEEKDAY = re.compile(
    rf"{_START}[وفب]?(?:(?:يوم|مساء|صباح|ليله|ظهر|فجر|عصر|عشيه) )?({_choice(_WEEKDAYS)})(?! (?:ال)?\d|،? \d){_END}"
)
_PERIOD = re.compile(rf"{_START}[وفبل]?(?:ال)?(اسبوع|شهر) (الماضي|المنصرم|المقبل|القادم|الجاري|الحالي){_END}")
_ENGLISH_DATE = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?,? ({'|'.join(_ENGLISH_MONTHS)}),? (\d{{4}})", re.IGNORECASE)
_NO_DAY_WORDS = re.compile(r"(?:ذلك|هذا|حتي|لحد|الي حد|من ذلك) $")
_PAST = frozenset(("الماضي", "المنصرم", "الفايت"))
_NOW = frozenset(("الجاري", "الحالي"))


@dataclass(frozen=True)
class _Found:
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
    for found in _all(scan.text, published):
        if not any(found.start < k.end and k.start < found.end for k in kept):
            kept.append(found)
    kept.sort(key=lambda f: f.start)
    return [_row(scan, found, published) for found in kept]


def date_line(text: str) -> dt.date | None:
    """The date that a page's date line states, None where it states none or an impossible one.

    Reads «24th, October 2025 GMT», «24 أكتوبر 2025», «24/10/2025» (day first) and «2025-10-24».
    """
    english = _ENGLISH_DATE.search(text)
    if english:
        return _date(int(english[3]), _ENGLISH_MONTHS[english[2].lower()], int(english[1]))
    for found in (*_day_months(fold(text), None), *_numerics(fold(text))):
        if found.value:
            return found.value[0]
    return None


def _all(text: str, published: dt.date | None) -> Iterator[_Found]:
    yield from _ranges(text, published)
    yield from _day_months(text, published)
    yield from _ordinal_days(text, published)
    yield from _days_of_month(text, published)
    yield from _glued(text)
    yield from _hijris(text)
    yield from _numerics(text)
    yield from _relatives(text, published)
    yield from _qualified(text, published)
    yield from _months(text)
    yield from _qualified_months(text, published)
    yield from _periods(text, published)
    yield from _weekdays(text, published)


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


def _day_months(text: str, published: dt.date | None) -> Iterator[_Found]:
    for match in _DAY_MONTH.finditer(text):
        weekday = _WEEKDAYS[match[1]] if match[1] else None
        day, month = int(match[2]), MONTHS[match[3]]
        if match[4]:
            exact = _date(int(match[4]), month, day)
            if exact:
                yield _Found(
                    *_span(match),
                    _one(exact),
                    "day",
                    "absolute",
                    anchored=False,
                    weekday=weekday,
                    rule="day-month-year",
                )
        elif _date(2000, month, day):
            near = _nearest(published, month, day)
            yield _Found(
                *_span(match),
                _one(near),
                "day",
                "relative",
                anchored=near is not None,
                weekday=weekday,
                rule="day-month",
                tier="medium",
            )


def _stated(year: str | None) -> tuple[DateBasis, Tier]:
    """A day with its year stands by itself; without, the nearest year is taken."""
    return ("absolute", "strong") if year else ("relative", "medium")


def _ranges(text: str, published: dt.date | None) -> Iterator[_Found]:
    for match in _RANGE.finditer(text):
        month, days = MONTHS[match[4]], (int(match[1]), int(match[3]))
        if days[0] >= days[1] or (match[2] and days[1] - days[0] > 1):
            continue
        ends = [_date(int(match[5]), month, d) if match[5] else _nearest(published, month, d) for d in days]
        value = (ends[0], ends[1]) if ends[0] and ends[1] and ends[0] < ends[1] else None
        if match[5] and not value:
            continue
        basis, tier = _stated(match[5])
        yield _Found(match.start(1), match.end(), value, "day", basis, anchored=bool(value and not match[5]),
                     weekday=None, rule="day-range", tier=tier)  # fmt: skip


def _ordinal_days(text: str, published: dt.date | None) -> Iterator[_Found]:
    """«السادس من مارس», «فاتح يوليوز»."""
    for match in _ORDINAL_DAY.finditer(text):
        weekday = _WEEKDAYS[match[1]] if match[1] else None
        day, month, year = (_ORDINAL_DAYS[match[2]] if match[2] else 1), MONTHS[match[4]], match[5]
        if not _date(2000, month, day):
            continue
        near = None if (month, day) == _ATTACKS else _nearest(published, month, day)
        value = _date(int(year), month, day) if year else near
        basis, tier = _stated(year)
        yield _Found(*_span(match), _one(value), "day", basis, anchored=not year and bool(near), weekday=weekday,
                     rule="ordinal-day", tier=tier)  # fmt: skip


def _days_of_month(text: str, published: dt.date | None) -> Iterator[_Found]:
    """«27 الجاري», «10 من الشهر المقبل»: the month counts from that of publication."""
    for match in _DAY_OF_MONTH.finditer(text):
        weekday, word = (_WEEKDAYS[match[1]] if match[1] else None), match[3]
        if word not in _NOW and "الشهر" not in match.group():
            continue
        step = -1 if word in _PAST else 0 if word in _NOW else 1
        month = published.year * 12 + published.month - 1 + step if published else 0
        value = _one(_date(month // 12, month % 12 + 1, int(match[2]))) if published else None
        yield _Found(*_span(match), value, "day", "relative", anchored=value is not None, weekday=weekday,
                     rule="day-of-month", tier="medium")  # fmt: skip


def _glued(text: str) -> Iterator[_Found]:
    """A byline that lost its spaces: «admin23 أكتوبر 2025آخر تحديث»; only a whole date is safe to cut out of words."""
    for match in _GLUED_DATE.finditer(text):
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


def _numerics(text: str) -> Iterator[_Found]:
    for match in _NUMERIC.finditer(text):
        weekday = _WEEKDAYS[match[1]] if match[1] else None
        day = (
            _date(int(match[4]), int(match[3]), int(match[2]))
            if match[2]
            else _date(int(match[5]), int(match[6]), int(match[7]))
        )
        if day:
            yield _Found(*_span(match), _one(day), "day", "absolute", anchored=False, weekday=weekday, rule="numeric")


def _hijris(text: str) -> Iterator[_Found]:
    for match in _HIJRI_DATE.finditer(text):
        try:
            day = dt.date(*Hijri(int(match[3]), _HIJRI[match[2]], int(match[1])).to_gregorian().datetuple())
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


def _relatives(text: str, published: dt.date | None) -> Iterator[_Found]:
    for match in _RELATIVE.finditer(text):
        word, weekday = match[2], _WEEKDAYS[match[3]] if match[3] else None
        if word == "اليوم" and (not weekday and (published is None or _NO_DAY_WORDS.search(text[: match.start(2)]))):
            continue
        day = published + dt.timedelta(days=_OFFSETS[word]) if published else None
        rule = {-2: "before-yesterday", -1: "yesterday", 0: "today", 1: "tomorrow", 2: "after-tomorrow"}[_OFFSETS[word]]
        tier: Tier = "strong" if weekday or match["hour"] or word != "اليوم" else "weak"
        yield _Found(*_span(match, 2), _one(day), "day", "relative", anchored=day is not None, weekday=weekday,
                     rule=rule + ("-weekday" if weekday else ""), tier=tier)  # fmt: skip


def _qualified(text: str, published: dt.date | None) -> Iterator[_Found]:
    for match in _QUALIFIED.finditer(text):
        weekday, word = _WEEKDAYS[match[1]], match[2]
        value = None
        if published and word not in _NOW:
            back = (published.isoweekday() - weekday) % 7 or 7
            ahead = (weekday - published.isoweekday()) % 7 or 7
            value = _one(published + dt.timedelta(days=-back if word in _PAST else ahead))
        rule = "weekday-last" if word in _PAST else "weekday-this" if word in _NOW else "weekday-next"
        yield _Found(*_span(match), value, "day", "relative", anchored=value is not None, weekday=weekday, rule=rule)


def _months(text: str) -> Iterator[_Found]:
    for match in _MONTH_YEAR.finditer(text):
        value = _month(int(match[2]), MONTHS[match[1]])
        yield _Found(
            match.start(1), match.end(), value, "month", "absolute", anchored=False, weekday=None, rule="month-year"
        )


def _qualified_months(text: str, published: dt.date | None) -> Iterator[_Found]:
    """«ديسمبر الماضي»: the last one that is over, the next one that has not begun, or this month."""
    for match in _MONTH_QUALIFIED.finditer(text):
        month, word, value = MONTHS[match[1]], match[2], None
        if published and word not in _NOW:
            year = (
                published.year - (month >= published.month)
                if word in _PAST
                else published.year + (month <= published.month)
            )
            value = _month(year, month)
        elif published and month == published.month:
            value = _month(published.year, month)
        rule = "month-name-last" if word in _PAST else "month-name-this" if word in _NOW else "month-name-next"
        yield _Found(match.start(1), match.end(), value, "month", "relative", anchored=value is not None, weekday=None,
                     rule=rule, tier="medium")  # fmt: skip


def _weekdays(text: str, published: dt.date | None) -> Iterator[_Found]:
    """A weekday alone, as `weekdays.meant` decides it."""
    for match in _WEEKDAY.finditer(text):
        if weekdays.names_something_else(text, match.start(1)):
            continue
        weekday = _WEEKDAYS[match[1]]
        value = _one(weekdays.meant(text, match.start(), published, weekday)) if published else None
        yield _Found(*_span(match), value, "day", "relative", anchored=value is not None, weekday=weekday,
                     rule="weekday-alone", tier="medium")  # fmt: skip


def _month(year: int, month: int) -> tuple[dt.date, dt.date]:
    first = dt.date(year, month, 1)
    return first, (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def _periods(text: str, published: dt.date | None) -> Iterator[_Found]:
    for match in _PERIOD.finditer(text):
        week, word = match[1] == "اسبوع", match[2]
        step = -1 if word in _PAST else 0 if word in _NOW else 1
        value = None
        if published and not week:
            months = published.year * 12 + published.month - 1 + step
            value = _month(months // 12, months % 12 + 1)
        rule = f"{'week' if week else 'month'}-{('last', 'this', 'next')[step + 1]}"
        yield _Found(match.start(1), match.end(), value, "week" if week else "month", "relative",
                     anchored=value is not None, weekday=None, rule=rule, tier="medium")  # fmt: skip
