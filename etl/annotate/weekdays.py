"""Which day a weekday alone means: «وصل الوفد الجمعة», «يلتقي الفريقان السبت»."""

import datetime as dt
import re

_NO_WEEKDAY = re.compile(r"(?<!\w)(?:صلاه|خطبه|سوق|كل|ايام|ليالي|مسيرات|جمعه|بعد|قبل|من|الي|حتي|منذ|بين) (?:يوم )?$")
_NOUNS = "ياس|يار|ياح|ياد|ياق|يد|يناء|ينما|ير[هت]|يطر|يول|تين|تون|تار|تراتيج"
"""How nouns go on that begin like a verb of the future: «سياسية», «سيارة», «سيدة»."""
_AHEAD = re.compile(
    rf"(?<!\w)[وف]?س(?!{_NOUNS})[يت]\w{{2,}}|(?<!\w)(?:سوف|[وفبل]?(?:ال)?(?:مقبل|قادم|مقرر|مرتقب)\w*|"
    r"[وف]?(?:ي|ت)(?:ستعد|نتظر|رتقب|عتزم|توقع)\w*|استعداد\w*|غدا|قبل (?:لقاء|مباراه|مواجهه|نهايي|قمه))(?!\w)"
)
_PERHAPS_AHEAD = re.compile(
    r"(?<!\w)[وف]?(?:ي(?!وم|ناير|وليو|ونيو|ورو|من)\w{3,}|ت(?:قام|جر[يا]|نطلق|واجه|لعب|لاقي|لتقي|ستضيف|بدا|نظم|"
    r"عقد|ستانف|ختتم|نتهي|صل|توجه|خوض|حتضن|شهد))(?!\w)"
)
_CLAUSE, _NEAR, _FAR = 110, 45, 3
_TOLD = re.compile(
    r"(?<!\w)(?:التي|الذي|الذين|بعدما|بعد ان)(?: (?![يتس])\w+)? (?![يتس])\w+(?: (?!س?[يت])[\w-]+){0,5} ?$"
)
"""A relative clause in the past before a weekday: «القرعة التي سحبت»."""


def names_something_else(text: str, start: int) -> bool:
    """Is the weekday at a position no day of the news: «صلاة الجمعة», «سوق الأربعاء», «كل أحد»."""
    return bool(_NO_WEEKDAY.search(text, max(0, start - 20), start))


def meant(text: str, start: int, published: dt.date, weekday: int) -> dt.date | None:
    """The day that a weekday alone means; None where the sentence does not tell.

    Of 84 weekdays in real articles 72 meant the day before publication, the same or the next: these need no cue, but
    the day before is left open where the sentence looks ahead. Farther days need it to look ahead, or not to.
    """
    back = (published.isoweekday() - weekday) % 7
    ahead = 7 - back
    reach = max(0, start - 2 * _CLAUSE)
    begin = max(text.rfind("\n", reach, start), text.rfind(". ", reach, start))
    clause = _whole_words(text[(begin + 1 if begin >= 0 else reach) : start], _CLAUSE)
    is_told = bool(_TOLD.search(clause))
    looks_ahead = not is_told and bool(_AHEAD.search(clause))
    if ahead == 1 and not is_told:
        return published + dt.timedelta(days=1)
    if back <= 1:
        return None if looks_ahead and back else published - dt.timedelta(days=back)
    if looks_ahead:
        return published + dt.timedelta(days=ahead)
    unsure = back > _FAR or _PERHAPS_AHEAD.search(_whole_words(clause, _NEAR))
    return None if unsure else published - dt.timedelta(days=back)


def _whole_words(text: str, letters: int) -> str:
    """The end of a text, from the beginning of a word."""
    return text if len(text) <= letters else text[-letters:].partition(" ")[2]
