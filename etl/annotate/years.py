"""Which year a day and month without one mean: «في 21 أكتوبر», «يوم 7 مارس الماضي», «27 مايو من نفس العام»."""

import datetime as dt
import re

from etl.annotate.calendar_words import ATTACKS, MONTHS, NEXT, NOW, PAST, SIDES
from etl.annotate.found_dates import day_of
from etl.annotate.patterns import any_of
from etl.annotate.tense import told

_PLACES = (
    "شارع|نهج|ملعب|استاد|ستاد|ميدان|ساحه|مدينه|جامعه|جسر|كوبري|مستشفي|مدرسه|معهد|حي|محطه|مطار|مجمع|قاعه|مسرح|قاعده|سد|"
    "(?:ال)?(?:ثانوي|اعدادي|ابتدايي)ه?|"
    "محور|حركه|مجموعه|حزب|ايتلاف|تحالف|قوي|جبهه|كتيبه|لواء|نادي|شباب|كتله|ثور[هت]\\w{0,2}|انتفاض[هت]|جمعيه|ميناء|حديقه|كذبه"
)
_EVENTS = (
    "احداث|حادث[هت]?|هجوم|هجمات|تفجيرات|اعتداءات|عمليه|مجزره|انقلاب|اتفاق|اتفاقيه|اتفاقات|استفتاء|انتخابات|ذكري|عيد|"
    "دستور|قانون|مرسوم|حرب|معركه|مذبحه|مظاهرات|احتجاجات|وثيقه|بيان|قرار"
)
_PLACE = re.compile(
    rf"(?<!\w)[وفبكل]?(?:{_PLACES})(?: ال)? ?[«\"“]?"
    rf"(?:\d{{1,2}} (?:{any_of(MONTHS)})(?: (?:19|20)\d\d)?(?: ?[-/،]? ?و?))?$"
)
_AT = (" ب ", "\nب ")
"""«فرقة الحرس الوطني بـ 2 مارس»: at a place; a day is reached by «في» or by «ب» written to its number."""
_EVENT = re.compile(rf"(?<!\w)[وفبكل]?(?:ال)?(?:{_EVENTS}) (?:يوم )?$")
_YEARS = "(?:ال)?(?:عام|سنه)"
_AFTER = re.compile(
    rf"[)،]? ?(?:من )?(?:(?P<open>(?:كل|نفس|ذات|ذلك|تلك) {_YEARS}|{_YEARS} (?:(?:نفس|ذات)ه\w?|(?:التالي|الموالي)ه?)"
    r"|سنويا)"
    rf"|(?P<year>{_YEARS} )?(?P<word>{SIDES})(?:ه|ين)?|(?P<this>هذا العام|هذه السنه))(?!\w)"
)
_YEAR = re.compile(r"(?<![\w/.-])(?:19|20)\d\d(?![\w/-]|\.\d)")
_MONTH_OF_YEAR = re.compile(rf"(?<!\w)[وبلف]?({any_of(MONTHS)})(?!\w)\D{{1,20}}?((?:19|20)\d\d)(?!\w)")
_OF_IT = re.compile(
    rf"(?<!\w)(?:(?:{any_of(MONTHS)}) 20\d\d(?!\w)(?:(?!20\d\d)[^\n])*|20\d\d[،,]? (?:\w+ )?(?:بين|من|يومي?|في) )$"
)
"""Before a day, a year far ahead that is its own: «بطولة 2028 من 9 يونيو», not «خطة 2040»."""
_BEFORE, _BEHIND = 200, 30
"""Letters before and behind a date in which another year tells that the text is about that one."""
_NEAR, _FAR = 45, 150
"""Days from publication: what is nearer needs no cue of tense, what is farther no cue can settle."""
_WEEK = 7


def names_something_else(text: str, start: int) -> bool:
    """Is the day at a position a name: «شارع 9 أفريل», «ثورة 14 جانفي», «فرقة الحرس بـ 2 مارس»."""
    return text.endswith(_AT, 0, start) or bool(_PLACE.search(text, max(0, start - 60), start))


def meant(
    text: str, place: tuple[int, int], published: dt.date | None, day: tuple[int, int], weekday: int | None = None
) -> dt.date | None:
    """The day that a month and a day of it mean; None where the text does not tell their year.

    What follows decides: «الماضي», «المقبل», «من العام الماضي», «من كل عام». Else it is the occurrence within five
    months of publication, unless the clause looks the other way, the text is in another year, or an event of old is
    named by its day; a weekday that fits needs no more.
    """
    if not published:
        return None
    start, end = place
    after = _AFTER.match(text, end)
    if after:
        return _told(after, published, day)
    nearest = _nearest(published, day) if day != ATTACKS or not _EVENT.search(text, max(0, start - 30), start) else None
    if not nearest or nearest.isoweekday() == weekday:
        return nearest
    days = (nearest - published).days
    year = _year_beside(text, start, end)
    is_of_it = bool(year and (year <= published.year + 1 or _OF_IT.search(text, max(0, start - _BEFORE), start)))
    if is_of_it and year != nearest.year:
        return None
    if abs(days) > _NEAR and _is_of_old(text, start, nearest):
        return None
    return nearest if _fits(text, start, days, reach=_FAR if year == nearest.year else _NEAR) else None


def _told(after: re.Match[str], published: dt.date, day: tuple[int, int]) -> dt.date | None:
    word = after["word"]
    if after["open"]:
        return None
    if after["this"] or after["year"]:
        return day_of(published.year + (-1 if word in PAST else 1 if word in NEXT else 0), *day)
    if word in NOW:
        return day_of(published.year, *day) if day[0] == published.month else None
    days = [one for k in (-1, 0, 1) if (one := day_of(published.year + k, *day))]
    if word in PAST:
        return max((one for one in days if one < published), default=None)
    return min((one for one in days if one > published), default=None)


def _nearest(published: dt.date, day: tuple[int, int]) -> dt.date | None:
    days = [one for k in (-1, 0, 1) if (one := day_of(published.year + k, *day))]
    near = min(days, key=lambda one: abs((one - published).days), default=None)
    return near if near and abs((near - published).days) <= _FAR else None


def _year_beside(text: str, start: int, end: int) -> int | None:
    """The year that is named last before the day in its paragraph, else the one just behind it."""
    begin = max(text.rfind("\n", 0, start) + 1, start - _BEFORE)
    years = _YEAR.findall(text, begin, start)[-1:] or _YEAR.findall(text, end, min(len(text), end + _BEHIND))
    return int(years[0]) if years else None


def _is_of_old(text: str, start: int, nearest: dt.date) -> bool:
    """Is the month named before with other years only: «في أكتوبر 2016 … في 28 أكتوبر»."""
    years = {int(found[2]) for found in _MONTH_OF_YEAR.finditer(text, 0, start) if MONTHS[found[1]] == nearest.month}
    return bool(years) and nearest.year not in years


def _fits(text: str, start: int, days: int, reach: int) -> bool:
    """Is a day so far from publication what the clause means.

    Without reach the clause must look to that side; one that looks ahead means no day that is over for a week.
    """
    if _EVENT.search(text, max(0, start - 30), start):
        return -_NEAR <= days <= 0
    clause = told(text, start)
    if days <= -_WEEK and clause.tense == "ahead" and clause.is_sure:
        return False
    return abs(days) <= reach or clause.leaning == ("past" if days < 0 else "ahead")
