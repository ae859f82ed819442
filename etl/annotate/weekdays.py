"""Which day a weekday alone means: «وصل الوفد الجمعة», «يلتقي الفريقان السبت»."""

import datetime as dt
import re

from etl.annotate.calendar_words import ORDINAL_DAYS, WEEKDAYS
from etl.annotate.patterns import any_of
from etl.annotate.tense import Told, told

_NO_WEEKDAY = re.compile(
    r"(?<!\w)[وفبل]?(?:صلا[هت]|صلوات|خطب[هت]?|سوق|فيها|كل|ايام|ليالي|مسيرات|جمعه|بعد|قبل|من|الي|حتي|منذ|مع|بين|الواحد|"
    r"واد|وادي|كلا|هذين|هما|احد|عوض|بدل)"
    rf"(?:(?:(?<=ايام)|(?<=كل))(?: ?(?:يوم )?{any_of(WEEKDAYS)}(?:،| و|، و))+| )(?:يوم )?$"
)
_NO_DAY_OF_NEWS = re.compile(
    r" (?:ال(?:تالي|موالي|سابق|اخير|اول|ثاني|اسود|سوداء|دامي|حزين|عظيم|رياضي|اخرين|موافق|مصادف)ه?|قبل الماضي|"
    r"بعد (?:المقبل|القادم|ذلك)|نفسه|ذاته|معا|اللذين|"
    rf"من (?:كل|ال?اسبوع|الشهر)|{any_of(ORDINAL_DAYS)} من)(?!\w)"
)
"""Behind a weekday: another day than the next or last, or what names it in its own way, «الأحد الموافق ل25 جوان»,
«الجمعة العظيمة»; and «الاثنين الآخرين» are two."""
_HABIT = re.compile(
    rf"(?<!\w)(?:(?:[وفبل]?(?:كل|ايام)) (?:يوم )?{any_of(WEEKDAYS)}(?!\w)[^\n.]{{0,100}}(?:[،)] ?و?| و(?:يوم )?)$"
    r"|(?:مر[هت]\w{0,2}|رحل[هت]\w{0,2}|رحلات|حص[هت]\w{0,2}|حصص|ايام|يومين|يومان) (?:في|كل) (?:ال)?اسبوع(?!\w)"
    r"[^\n]{0,110}$"
    r"|(?:اسبوعي(?:ا|ه|ين|تين|تان)|كل اسبوع)(?!\w)[^\n.]{0,60}$)"
)
"""Before a weekday, days that come again: «أيام الثلاثاء (صباحا) والخميس», «ثلاث رحلات في الأسبوع … السبت»."""
_ONE_AFTER_ANOTHER = re.compile(rf"(?<!\w){any_of(WEEKDAYS)}(?!\w)[^\n]*(?<!\w)ثم [^\n]*$")


def names_something_else(text: str, start: int) -> bool:
    """Is the weekday at a position no day of the news: «صلاة الجمعة», «سوق الأربعاء», «أيام الجمعة والسبت»."""
    if _NO_WEEKDAY.search(text, max(0, start - 60), start):
        return True
    before = text[max(0, start - _CLAUSE) : start]
    return ("اسبوع" in before or "ايام " in before or "كل " in before) and bool(_HABIT.search(before))


def meant(text: str, start: int, end: int, published: dt.date, weekday: int) -> dt.date | None:
    """The day that a weekday alone means; None where the sentence does not tell.

    The day of publication and the one before need no cue. The next one needs none against it and something that
    may lie ahead: an event, a plan or a verb of the present. Farther days need a cue that nothing in the clause
    contradicts.
    """
    if _NO_DAY_OF_NEWS.match(text, end) or (text[end : end + 1] == '"' in text[max(0, start - _NAME) : start]):
        return None
    days = _days(text, start, end, (published.isoweekday() - weekday) % 7)
    return None if days is None else published + dt.timedelta(days=days)


def _days(text: str, start: int, end: int, back: int) -> int | None:
    """Days from publication to the weekday that was `back` days before it, or comes after that."""
    begin = max(0, start - _CLAUSE)
    if not back and not (text.find("ثم ", begin, start) >= 0 and _ONE_AFTER_ANOTHER.search(text, begin, start)):
        return 0
    clause = told(text, start)
    if back <= 1:
        return None if clause.tense == "ahead" else -back
    if back == _TOMORROW:
        return 1 if _may_be_tomorrow(text, start, end, clause) else None
    if clause.is_sure and clause.tense:
        return -back if clause.tense == "past" else 7 - back
    return None


def _may_be_tomorrow(text: str, start: int, end: int, clause: Told) -> bool:
    if "past" in {clause.tense, clause.leaning}:
        return False
    is_of_it = clause.leaning or clause.is_of_event or len(text) <= _HEADLINE
    return bool(is_of_it or _PRESENT.search(text, max(0, start - _CLAUSE), start) or _PRESENT_BEHIND.match(text, end))


_HE = "ي(?!وم|ون|ول|ناير|وف|ور|من|هود)"
_PRESENT = re.compile(
    r"(?<!\w)(?:(?:ال)?مشارك[هت]\w{0,2}|بحاجه|مطالبا?|علينا|لابد|جاهز\w{0,2}|سباق)(?!\w)[^\n.]{0,60}$|"
    rf"(?:(?:^|[\n.،:])[^\w\n]{{0,3}}[وف]?[يت]|(?<!\w)[وف]?{_HE})\w{{2,}}[^\n.]{{0,90}}$"
)
"""Before a position, a word of what is due, or a verb of the present: one that begins a clause, or one of «he»."""
_PRESENT_BEHIND = re.compile(rf"[ ،]{{1,2}}(?:{_HE}|س[اينت])\w{{3,}}")
"""Right behind it: «الأحد يلتقي», «ليلة الأحد سأشجع»."""
_NAME = 25
"""Letters before a weekday in which a name in quotation marks begins that ends with it: «"أمهات السبت"»."""
_CLAUSE = 150
"""Letters before a weekday in which «الأحد … ثم … السبت» tells that it is not the day of publication."""
_HEADLINE = 90
"""Letters of a text that may be a headline, which has no verb for what is to come."""
_TOMORROW = 6
"""The day after publication is also six days before it."""
