"""Numbers of editions: «الدورة الثالثة والتسعين», «النسخة 23», «الـ92», «المؤتمر الثلاثين», «كوب 30»."""

import re
from collections.abc import Iterator, Sequence

_UNITS: dict[str, int] = {
    "الاولي": 1, "الحاديه": 1, "الثانيه": 2, "الثالثه": 3, "الرابعه": 4, "الخامسه": 5, "السادسه": 6, "السابعه": 7,
    "الثامنه": 8, "التاسعه": 9, "العاشره": 10,
    "الاول": 1, "الحادي": 1, "الثاني": 2, "الثالث": 3, "الرابع": 4, "الخامس": 5, "السادس": 6, "السابع": 7, "الثامن": 8,
    "التاسع": 9, "العاشر": 10,
}  # fmt: skip
_TENS = {"العشرين": 20, "الثلاثين": 30, "الاربعين": 40, "الخمسين": 50, "الستين": 60, "السبعين": 70, "الثمانين": 80,
         "التسعين": 90, "العشرون": 20, "الثلاثون": 30, "الاربعون": 40, "الخمسون": 50, "الستون": 60, "السبعون": 70,
         "الثمانون": 80, "التسعون": 90}  # fmt: skip
_WORDED = rf"(?:({'|'.join(_UNITS)})(?: و({'|'.join(_TENS)})| (عشره|عشر))?|({'|'.join(_TENS)}))(?!\w)"
_NUMERAL = rf"(?:ال ?)?(\d{{1,3}})(?!\d)|{_WORDED}"
_ORDINAL = re.compile(rf"(?<!\w)(?:ال|لل|ل|ب|بال|وال)?(?:دوره|نسخه|طبعه|دورته[ام]*|نسخته[ام]*)\s+(?:{_NUMERAL})")
_BARE_ORDINAL = re.compile(rf"[ال]ل(?:قمه|دوره|نسخه|طبعه)\s+(?:رقم )?\(?(?:{_NUMERAL})")
_EDITION, _BARE_EDITION = ("دور", "نسخ", "طبع"), ("لقمه", "لدوره", "لنسخه", "لطبعه")
"""What these patterns need."""
_GLUED_BEFORE = re.compile(r"(?<!\w)[وفبلك]{1,2}$")
_SMALLEST = 10
_WORDED_ORDINAL = re.compile(rf"(?:\s+|^)()(?:{_WORDED})")
_NUMBER_IN_NAME = re.compile(r"(?<!\d)\d{1,3}(?!\d)")
_SHORT_ORDINAL = re.compile(r"\s*ال\s?\(?(\d{1,3})\)?(?!\d)")


def days() -> dict[str, int]:
    """Folded ordinals of the days of a month: «السادس» 6, «الخامس عشر» 15, «الحادي والثلاثين» 31."""
    units = {word: n for word, n in _UNITS.items() if not word.endswith("ه")}
    small = {word: n for word, n in units.items() if n < 10 and word != "الاول"}
    found = {word: n for word, n in units.items() if word != "الحادي"}
    found |= {f"{word} عشر": 10 + n for word, n in small.items()}
    found |= {f"{word} والعشرين": 20 + n for word, n in small.items()}
    return found | {"العشرين": 20, "الثلاثين": 30, "الحادي والثلاثين": 31}


def in_text(text: str) -> Iterator[tuple[int, int]]:
    """Where a word for edition stands with its number, and the number."""
    for match in _ORDINAL.finditer(text) if any(one in text for one in _EDITION) else ():
        yield match.start(), _number(match)


def alone(text: str) -> Iterator[tuple[int, int, int]]:
    """Where an edition is told by its number alone, «القمة الـ33», and the number; small ones count rounds, too."""
    for match in _BARE_ORDINAL.finditer(text) if any(one in text for one in _BARE_EDITION) else ():
        start, number = match.start(), _number(match)
        if start and text[start - 1].isalnum():
            glued = _GLUED_BEFORE.search(text, max(0, start - 3), start)
            start = glued.start() if glued else -1
        if start >= 0 and number >= _SMALLEST:
            yield start, match.end(), number


def beside(right: str) -> Iterator[int]:
    """The number that a text begins with: «الـ92», «الثلاثين»; a bare number of digits could count anything."""
    short = _SHORT_ORDINAL.match(right)
    if short:
        yield int(short[1])
    worded = _WORDED_ORDINAL.match(right)
    if worded:
        yield _number(worded)


def of_name(name: str, names: Sequence[str]) -> Iterator[int]:
    """The number of a name that is listed edition by edition: of «خليجي 26», not of «كأس العالم تحت 17».

    `names` are all the folded names of the series.
    """
    number = _NUMBER_IN_NAME.search(name)
    if not number:
        # «قمة مجموعة العشرين»: a number in every name of the series is no edition's.
        found = (worded for worded in _WORDED_ORDINAL.finditer(name))
        yield from (_number(w) for w in found if sum(w.group().strip() in one for one in names) <= 1)
        return
    head, tail = name[: number.start()].removeprefix("ال").removeprefix("ل"), name[number.end() :]
    others = [head + str(int(number[0]) + step) + tail for step in (-1, 1)]
    if any(one.endswith(other) for one in names for other in others):
        yield int(number[0])


def _number(match: re.Match[str]) -> int:
    digits, unit, tens, ten, round_tens = match.groups()
    if digits:
        return int(digits)
    if round_tens:
        return _TENS[round_tens]
    return _UNITS[unit] + (_TENS[tens] if tens else 10 if ten else 0)
