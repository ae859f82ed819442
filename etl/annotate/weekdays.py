"""Which day a weekday alone means: «وصل الوفد الجمعة», «يلتقي الفريقان السبت»."""

import datetime as dt
import re

_NO_WEEKDAY = re.compile(r"(?<!\w)(?:صلاه|خطبه|سوق|كل|ايام|ليالي|مسيرات|جمعه|بعد|قبل|من|الي|حتي|منذ|بين) (?:يوم )?$")
_AHEAD = re.compile(
    r"(?<!\w)[وف]?س[يتن]\w{2,}|(?<!\w)(?:سوف|[وفبل]?ال?مقبل\w*|[وفبل]?ال?قادم\w*|[وفبل]?(?:من )?ال?مقرر\w*|مرتقب\w*|"
    r"[وف]?(?:ي|ت)(?:ستعد|نتظر|رتقب|عتزم|توقع)\w*|استعداد\w*|غدا)(?!\w)"
)
_PERHAPS_AHEAD = re.compile(
    r"(?<!\w)[وف]?(?:ي(?!وم|ناير|وليو|ونيو|ورو|مني?|من)\w{3,}|ت(?:قام|جر[يا]|نطلق|واجه|لعب|لاقي|لتقي|ستضيف|بدا|نظم|"
    r"عقد|ستانف|ختتم|نتهي|صل|توجه|خوض|حتضن|شهد))(?!\w)"
)
_CLAUSE, _FAR = 110, 3
_TOLD = re.compile(r"(?<!\w)(?:التي|الذي|الذين|بعدما|بعد ان)(?: \w+)? (?![يتس])\w+(?: [\w-]+){0,5} ?$")
"""A relative clause in the past before a weekday: «القرعة التي سحبت»."""


def names_something_else(text: str, start: int) -> bool:
    """Is the weekday at a position no day of the news: «صلاة الجمعة», «سوق الأربعاء», «كل أحد»."""
    return bool(_NO_WEEKDAY.search(text[:start]))


def meant(text: str, start: int, published: dt.date, weekday: int) -> dt.date | None:
    """The day that a weekday alone means; None where the sentence does not tell.

    Of 84 weekdays in real articles 72 meant the day before publication, the same or the next: these need no cue.
    Farther days need the sentence to look ahead, or not to.
    """
    back = (published.isoweekday() - weekday) % 7
    ahead = 7 - back
    first = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start), start - _CLAUSE)
    clause = text[first + 1 : start]
    looks_ahead = bool(_AHEAD.search(clause)) and not _TOLD.search(clause)
    if ahead == 1 and not _TOLD.search(clause):
        return published + dt.timedelta(days=1)
    if back <= 1:
        return None if looks_ahead and back else published - dt.timedelta(days=back)
    if looks_ahead:
        return published + dt.timedelta(days=ahead)
    unsure = ahead == 1 or back > _FAR or _PERHAPS_AHEAD.search(clause[-45:])
    return None if unsure else published - dt.timedelta(days=back)
