"""Days counted from publication, «أمس», «غدا», and what speaks against it: another day of writing, speech, a name."""

import datetime as dt
import re
from collections.abc import Iterator

from etl.annotate.calendar_words import MONTHS, NO_DAY_WORDS, OFFSETS, RELATIVE, SET_AGAINST, WEEKDAYS, Near
from etl.annotate.found_dates import Found, checked, one_day, span
from etl.annotate.patterns import any_of

_RULES = {-2: "before-yesterday", -1: "yesterday", 0: "today", 1: "tomorrow", 2: "after-tomorrow"}
_WITH_WEEKDAY = frozenset(f"{rule}-weekday" for rule in _RULES.values())
_BARE_TOMORROW = ("غدا", "وغدا", "فغدا")
_TIMES_TO_COME = re.compile(
    r"(?<!\w)(?:س?[يتن]صبح\w{0,2}|س?نكون|عالم|مستقبل|جيل|اجيال|قاده|رجال|نساء|ابطال|نجوم|شباب|ماذا عن) $"
)
"""Right before «غدا»: «سنكون غدا رؤساء», «قادة الغد»."""
_IF = re.compile(r" (?:ان|اذا|لو)(?!\w)")
"""Behind «وغدا»: «وغدا إن قدر لنا»."""
_RETOLD = re.compile(
    r"(?<!\w)(?:[وف]?كانت? (?:[^\n.:]{0,60} )?(?:قال|صرح|كتب|ذكر|اعلن|اكد|اوضح|توعد)ت?"
    r"|(?:تصريح|تصريحات|حوار|مقابله|لقاء|رساله|تغريده)\w{0,2} سابق[هت]?)(?!\w)[^\n:]{0,90}:[^\n]*$"
)
"""Before a day, what was said at another time: «وكان المدرب قد قال: سألعب غدا»."""
_NO_EVENT = "صور[هت]|حكم[هت]|قصه|سوال|عناوين|صحف|صحافه|[ينت]عيش|عالم|ماذا|كيف|اين|لماذا|من|ما"
_OF_NEWS = re.compile(
    rf"(?:^(?!(?:{_NO_EVENT}) )\w{{2,}} |(?<!\w)(?:(?:في )?وقت (?:سابق|لاحق) (?:من )?"
    r"|(?:بلاغ|بيان|تصريح|مداخل[هت]|ندو[هت]|جلس[هت]|اجتماع|الموتمر الصحفي|موتمر صحفي|حضور)\w{0,3} (?:\w+ ){0,2}"
    r"|(?:[وف]?(?:جرت|جمعت|دارت|انعقدت?|انتظمت?|صدرت?|نشرت?|اصدر\w{0,4}|افتتحت?|انطلقت?|تم|تمكنت?|جدت?)"
    r"|[وف]?[يت](?:نطلق|دور|لتقي|ستضيف|نعقد|فتتح|حتضن|نتظم|عقد|خوض|واجه|شيع)|(?:ال)?(?:منعقد|صادر)[هت]?) ))$"
)
"""Before «اليوم», what happens on a day and in no age: the first word of a text, a statement, «جرت», «تنطلق»."""
_SAYS = re.compile(
    r"(?<!\w)(?:[وف]?[يت](?:قول|ضيف|وكد|وضح|شرح|روي|حكي|علق)(?:ون|ان)?|(?:اليوم|صباح|مساء))(?!\w)[^\n.]{0,120}$"
)
"""Before a quotation, who speaks in the present or today."""
_REACH = 300
"""Letters before a day in which a retold speech begins."""


def relatives(text: str, published: dt.date | None, near: Near) -> Iterator[Found]:
    """«أمس», «غدا», «صباح اليوم» with or without the name of the day.

    Where no name confirms it, one in quotation marks or in retold speech is weak: who speaks counts from the day of
    speaking. «اليوم» alone may be «these days» and is weak, too.
    """
    for match in RELATIVE.finditer(text, *near):
        word, weekday = match[2], WEEKDAYS[match[3]] if match[3] else None
        if word == "اليوم" and not weekday and (published is None or _is_no_today(text, match)):
            continue
        day = published + dt.timedelta(days=OFFSETS[word]) if published else None
        if not weekday and _is_open(text, match):
            day = None
        is_sure = weekday or (
            (match["hour"] or word != "اليوم" or _is_news(text, match.start(2))) and not _is_spoken(text, match.start())
        )
        rule = _RULES[OFFSETS[word]] + ("-weekday" if weekday else "")
        yield Found(*span(match, 2), one_day(day), "day", "relative", anchored=day is not None, weekday=weekday,
                    rule=rule, tier="strong" if is_sure else "weak")  # fmt: skip


def _is_no_today(text: str, match: re.Match[str]) -> bool:
    """«ذلك اليوم», «لغاية اليوم 16 أكتوبر»."""
    is_numbered = not match["hour"] and _NUMBERED.match(text, match.end())
    return bool(is_numbered or NO_DAY_WORDS.search(text, max(0, match.start(2) - 20), match.start(2)))


_NUMBERED = re.compile(rf" \d{{1,2}} {any_of(MONTHS)}(?!\w)")


def _is_open(text: str, match: re.Match[str]) -> bool:
    """Is it no day at all, «سوسة غدا» as a name, «غدا» as times to come, or «قبل أمس», which may be either day."""
    start, end = match.span()
    if text[start - 1 : start] == '"' == text[end : end + 1]:
        return True
    if OFFSETS[match[2]] < 0:
        return text.endswith((" قبل ", " قبل يوم "), max(0, start - 9), match.start(2))
    if match.group() not in _BARE_TOMORROW:
        return False
    is_if = match.group() == "وغدا" and _IF.match(text, end)
    return bool(
        is_if
        or SET_AGAINST.search(text, max(0, start - 40), start)
        or _TIMES_TO_COME.search(text, max(0, start - 20), start)
    )


def _is_news(text: str, start: int) -> bool:
    begin = max(0, text.rfind("\n", 0, start) + 1, start - _SENTENCE)
    return ":" not in text[begin:start] and bool(_OF_NEWS.search(text, begin, start))


_SENTENCE = 60
"""Letters before «اليوم» in which a colon tells that somebody speaks."""


def _is_spoken(text: str, start: int) -> bool:
    """Does a day stand in quotation marks of its paragraph, or behind a speech of another time.

    What somebody says in the present, «يقول», is said on the day of the text.
    """
    begin = text.rfind("\n", 0, start) + 1
    if text.count('"', begin, start) % 2:
        return not _SAYS.search(text, begin, text.rfind('"', begin, start))
    return bool(_RETOLD.search(text, max(begin, start - _REACH), start))


def doubted(found: list[Found], *, is_small_hours: bool) -> list[Found]:
    """Where «أمس الثلاثاء» was no Tuesday the text was written on another day: «أمس» alone stays open, too."""
    if not (is_small_hours or any(one.rule in _WITH_WEEKDAY and checked(one) == "conflict" for one in found)):
        return found
    return [one.left_open() if f"{one.rule}-weekday" in _WITH_WEEKDAY else one
            for one in found]  # fmt: skip
