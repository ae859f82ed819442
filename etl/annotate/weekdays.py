"""Which day a weekday alone means: «وصل الوفد الجمعة», «يلتقي الفريقان السبت»."""

import datetime as dt
import re

from etl.annotate.calendar_words import ORDINAL_DAYS, WEEKDAYS
from etl.annotate.patterns import any_of
from etl.annotate.tense import leaning, told

_NO_WEEKDAY = re.compile(
    r"(?<!\w)[وفبل]?(?:صلاه|خطبه|سوق|فيها|كل|ايام|ليالي|مسيرات|جمعه|بعد|قبل|من|الي|حتي|منذ|بين|الواحد|واد|وادي|كلا|"
    r"هذين|هما|احد|عوض|بدل)"
    rf"(?:(?:(?<=ايام)|(?<=كل))(?: ?(?:يوم )?{any_of(WEEKDAYS)}(?:،| و|، و))+| )(?:يوم )?$"
)
_NO_DAY_OF_NEWS = re.compile(
    r" (?:ال(?:تالي|موالي|سابق|اخير|اول|ثاني|اسود|سوداء|دامي|حزين|عظيم|رياضي|اخرين|موافق|مصادف)ه?|قبل الماضي|"
    r"بعد (?:المقبل|القادم|ذلك)|نفسه|ذاته|معا|اللذين|"
    rf"من (?:كل|ال?اسبوع|الشهر)|{any_of(ORDINAL_DAYS)} من)(?!\w)"
)
"""Behind a weekday: another day than the next or last, or what names it in its own way, «الأحد الموافق ل25 جوان»,
«الجمعة العظيمة»; and «الاثنين الآخرين» are two."""
_ONE_AFTER_ANOTHER = re.compile(rf"(?<!\w){any_of(WEEKDAYS)}(?!\w)[^\n]*(?<!\w)ثم [^\n]*$")


def names_something_else(text: str, start: int) -> bool:
    """Is the weekday at a position no day of the news: «صلاة الجمعة», «سوق الأربعاء», «أيام الجمعة والسبت»."""
    return bool(_NO_WEEKDAY.search(text, max(0, start - 60), start))


def meant(text: str, start: int, end: int, published: dt.date, weekday: int) -> dt.date | None:
    """The day that a weekday alone means; None where the sentence does not tell.

    The day of publication and the one before need no cue, the next one none against it; farther days need one that
    nothing in the clause contradicts.
    """
    if _NO_DAY_OF_NEWS.match(text, end):
        return None
    back = (published.isoweekday() - weekday) % 7
    tense, is_sure = told(text, start)
    days: int | None = None
    if back <= 1:
        is_later = tense == "ahead" and (back or _ONE_AFTER_ANOTHER.search(text, max(0, start - _CLAUSE), start))
        days = None if is_later else -back
    elif back == _TOMORROW:
        days = None if "past" in {tense, leaning(text, start)} else 1
    elif is_sure and tense:
        days = -back if tense == "past" else 7 - back
    return None if days is None else published + dt.timedelta(days=days)


_CLAUSE = 150
"""Letters before a weekday in which «الأحد … ثم … السبت» tells that it is not the day of publication."""
_TOMORROW = 6
"""The day after publication is also six days before it."""
