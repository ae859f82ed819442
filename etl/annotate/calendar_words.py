"""Names of months, weekdays and relative days as Arabic news writes them, and the patterns of dates made of them.

Folded. Months of all regions are one (يوليوز = جويلية = يوليو = تموز), doubled ones («تشرين الأول/أكتوبر») too.
"""

import re
from collections.abc import Iterable

from etl.annotate import ordinals
from etl.annotate.patterns import any_of
from etl.text import IS_OF_A_WORD, LETTER, Folded, fold, spelled

MONTH_NAMES = (
    "يناير جانفي كانون_الثاني", "فبراير فيفري فبرائر شباط", "مارس آذار", "أبريل إبريل أفريل نيسان", "مايو ماي أيار",
    "يونيو جوان يونيه حزيران", "يوليو يوليوز جويلية يوليه تموز", "أغسطس غشت أوت آب", "سبتمبر شتنبر أيلول",
    "أكتوبر تشرين_الأول", "نوفمبر نونبر تشرين_الثاني", "ديسمبر دجنبر كانون_الأول",
)  # fmt: skip
ENGLISH = "january february march april may june july august september october november december"
HIJRI_NAMES = (
    "محرم المحرم", "صفر", "ربيع_الأول", "ربيع_الآخر ربيع_الثاني", "جمادى_الأولى", "جمادى_الآخرة جمادى_الثانية", "رجب",
    "شعبان", "رمضان", "شوال", "ذو_القعدة ذي_القعدة", "ذو_الحجة ذي_الحجة",
)  # fmt: skip


def _numbered(names: tuple[str, ...]) -> dict[str, int]:
    return {fold(w.replace("_", " ")): n for n, words in enumerate(names, 1) for w in words.split()}


MONTHS = _numbered(MONTH_NAMES)
HIJRI = _numbered(HIJRI_NAMES)
WEEKDAY_NAMES = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
WEEKDAYS = {fold(w): n for n, w in enumerate(WEEKDAY_NAMES, 1)}
ENGLISH_MONTHS: dict[str, int] = {m: n for n, m in enumerate(ENGLISH.split(), 1)}
PAST = ("الماضي", "المنصرم", "الفايت", "المنقضي", "الفارط")
NEXT = ("المقبل", "القادم")
NOW = ("الجاري", "الحالي")
OFFSETS = {"اول امس": -2, "اول من امس": -2, "امس الاول": -2, "الليله قبل البارحه": -2, "الليله قبل الماضيه": -2,
            "ليله قبل امس": -2, "ليله قبل البارحه": -2, "اول البارحه": -2, "البارحه الاولي": -2, "امس": -1,
            "بالامس": -1, "البارحه": -1, "الليله الماضيه": -1, "اليوم": 0, "غدا": 1, "غد": 1, "بعد غد": 2,
            "بعد غدا": 2}  # fmt: skip
_GAMES = (f"{joint}{game}" for joint in ("", "ب", "ل") for game in ("مباراه", "مواجهه", "مقابله", "لقاء"))
OFFSETS |= {f"{one} {word}": days for one in ("يوم", "صباح", "ظهر", "مساء", "عشيه", "ليله", "سهره", *_GAMES)
            for word, days in (("الامس", -1), ("الغد", 1))}  # fmt: skip

SIDES = "|".join((*PAST, *NEXT, *NOW))
"""The words that put a day before, after or in the present, as a pattern's alternatives."""
_TWICE = "|".join(
    rf"(?<={_one}) (?:{'|'.join(_other for _other, _n in MONTHS.items() if _n == _number and _other != _one)})"
    for _one, _number in MONTHS.items()
)
"""A second name of the same month: «أبريل نيسان 2017»."""
_START, _END = r"(?<![\w/.])", r"(?![\w])"
WD = rf"(?:(?:يوم )?({any_of(WEEKDAYS)})(?: الموافق| المصادف)?[ ،,(]{{1,3}})?"
_OF_YEAR = r"[ ،,]{1,2}(?:(?:من|في) )?(?:سنه |عام |العام )?|[ ،,]{0,2}(?=[12])"
YEAR = rf"(?:(?:{_OF_YEAR})((?:1[5-9]|20)\d{{2}})م?)?"
MONTH = rf"({any_of(MONTHS)})(?: ?[/(] ?(?:{any_of(MONTHS)})\)?|{_TWICE})?"
DAY_MONTH = re.compile(rf"{_START}(?:[وبلف]|ب?ال)?{WD}(\d{{1,2}})(?: ?(?:من )?(?:شهر )?| ?[-–/] ?){MONTH}{YEAR}{_END}")
MONTH_YEAR = re.compile(rf"{_START}(?:شهر )?[وبلف]?(?:شهر )?{MONTH}(?:{_OF_YEAR})((?:19|20)\d{{2}})م?{_END}")
_DIGITS = re.compile(r"\d\d*")
GLUED_DATE = re.compile(
    rf"(?:(?<=[^\W\d_])|{_START})(\d{{1,2}}) {MONTH} ((?:19|20)\d{{2}})(?=[^\W\d_])|"
    rf"(?<=[^\W\d_])(\d{{1,2}}) {MONTH} ((?:19|20)\d{{2}}){_END}"
)
NUMERIC = re.compile(
    rf"{_START}{WD}(?:(\d{{1,2}})[/.-](\d{{1,2}})[/.-]((?:19|20)\d{{2}})|((?:19|20)\d{{2}})-(\d{{2}})-(\d{{2}})){_END}"
)
HIJRI_DATE = re.compile(
    rf"{_START}(\d{{1,2}})(?: من)?(?: شهر)? ({any_of(HIJRI)})[ ،]{{1,2}}(?:سنه |عام )?(1[34]\d{{2}})(?: ?ه)?{_END}"
)
# «24 و25 نونبر», «من 4 إلى 7 نونبر»: one expression of several days.
RANGE = re.compile(
    rf"(?:{_START}[وبل]?|(?<=يومي))(\d{{1,2}}) ?(?:(و) ?|الي |حتي |[-–/] ?)(\d{{1,2}})(?: ?(?:من )?(?:شهر )?)"
    rf"{MONTH}{YEAR}{_END}"
)
TODAY_AND_TOMORROW = re.compile(
    rf"{_START}(?:يومي )?(اليوم)(?: ({any_of(WEEKDAYS)}))? و(?:يوم )?غدا?(?: ({any_of(WEEKDAYS)}))?{_END}"
)
_CARDINALS = (
    "الواحد", "", "الثلاث الثلاثه", "الاربع الاربعه", "الخمس الخمسه", "الست السته", "السبع السبعه",
    "الثماني الثمانيه الثمان", "التسع التسعه",
)  # fmt: skip
"""Of 1 to 9, as they stand before «والعشرين»; «الاثنين» is a weekday."""
ORDINAL_DAYS = ordinals.days()
ORDINAL_DAYS |= {
    f"{word} و{tens}": n + more
    for n, words in enumerate(_CARDINALS, 1)
    for word in (*words.split(), *(one for one, of in ordinals.days().items() if of == n and one != "الاول"))
    for tens, more in (("العشرين", 20), ("العشرون", 20), ("الثلاثين", 30), ("الثلاثون", 30))
    if n + more <= 31
}
ORDINAL_DAYS |= {"العشرون": 20, "الثلاثون": 30}
ORDINAL_DAY = re.compile(
    rf"{_START}(?<!اسبوع )(?<!نصف )(?<!ثلث )(?<!شطر )(?<!جزء )(?:[وبلف]?{WD}"
    rf"(?:({any_of(ORDINAL_DAYS)}) من (?:شهر )?|(اول|فاتح|غره) (?:شهر )?)"
    rf"|(?:(?<=في )|(?<=يوم )|(?<=منذ ))({any_of(ORDINAL_DAYS)}) ){MONTH}{YEAR}{_END}"
)
TENS_OF_MORE = re.compile(r"(?<!\w)(ال\w+) و$")
"""Before «العشرين»: a word that is no day of its own may be the smaller part of the number."""
ATTACKS = (9, 11)
"""Without a year «الحادي عشر من سبتمبر» names what happened in 2001."""
MONTH_QUALIFIED = re.compile(rf"{_START}[وبلف]?(?:شهر )?{MONTH} (?:(?:من )?(?P<year>العام|السنه) )?({SIDES})ه?{_END}")
_TO_A_MONTH = ("في", "خلال", "شهر", "مطلع", "مستهل", "بدايه", "اوايل", "منتصف", "اواسط", "اواخر")
MONTH_ALONE = re.compile(
    rf"{_START}(?<!من )[وف]?(?:{'|'.join(_TO_A_MONTH)}) (?:شهر )?{MONTH}{_END}"
    r"(?! ?/| (?:او |و)\w+ من كل| (?:من )?(?:ال)?(?:عام|سنه|نفس|ذات)(?!\w))"
)
"""«في مارس», «أواخر أبريل»; «منذ يناير» is said of what goes on, and «ماي» without such a word is a person, too."""
OF_THAT_YEAR = re.compile(
    r"(?<!\w)(?:(?:نفس|ذات|ذلك|تلك) (?:العام|السنه)"
    r"|(?:العام|السنه) (?:(?:نفس|ذات)ه\w?|ال(?:تالي|سابق|موالي)ه?))(?!\w)[^.\n]{0,25}$"
)
"""Before a month: it is one of another year («في نفس العام في شهر مارس»)."""
DAY_OF_MONTH = re.compile(rf"{_START}[وبلف]?{WD}(\d{{1,2}}) (?:من )?(?:(?:هذا )?الشهر )?({SIDES}){_END}")
REL = any_of(OFFSETS)
# «اليوم الثاني» counts days of something, «اليوم العالمي» is a feast: neither is today; nor is «أمس الحاجة» yesterday.
COUNTED = (
    r"(?! (?:ال(?:اول|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر|تالي|موالي|سابق|اخير|عالمي|وطني|مذكور|موعود|مشهود|"
    r"ختامي|افتتاحي|دراسي|مفتوح)|نفسه|ذاته|عينه|الذي)(?!\w))"
)
RELATIVE = re.compile(
    rf"{_START}[وف]?(?:يوم |(?P<hour>مساء |صباح |ظهر |فجر |عصر |بعد ظهر |عشيه |صبيحه |زوال )|ليله )?({REL})"
    rf"{COUNTED}(?! (?:القريب|الحاجه|قريب)(?!\w))"
    rf"(?: ?[،(]? ?(?:يوم )?({any_of(WEEKDAYS)}))?{_END}"
)
QUALIFIED = re.compile(
    rf"{_START}[وفبل]?(?:يوم |مساء |صباح |ليله )?({any_of(WEEKDAYS)}) "
    rf"({SIDES})(?:ه|ين)?{_END}"
)
WEEKDAY = re.compile(
    rf"{_START}[وفب]?(?:(?:يوم|مساء|صباح|ليله|ظهر|فجر|عصر|عشيه) )?({any_of(WEEKDAYS)})(?! (?:ال)?\d|،? \d){_END}"
)
WEEKDAY_RUN = re.compile(
    rf"{_START}[وفبل]?(?:(?P<two>يومي|ليلتي|مساءي)|(?P<night>ليله?)|(?:ما )?بين(?: يومي)?) (?:يوم )?"
    rf"(?P<first>{any_of(WEEKDAYS)})(?: ?(?P<and>و) ?(?:يوم )?| ?[-–/] ?| الي | )(?P<last>{any_of(WEEKDAYS)})"
    rf"(?: (?P<side>{SIDES})ين)?{_END}"
)
_OFFSET_WORD = any_of(("اليوم", "امس", "غد", "غدا", "بعد غد", "بعد غدا"))
FROM_DAY_TO_DAY = re.compile(
    rf"{_START}من (?:يوم |مساء |صباح )?(?:(?P<from>{_OFFSET_WORD})(?!\w) ?[،(]?)?(?:يوم )?"
    rf"(?P<first>{any_of(WEEKDAYS)})?"
    rf"(?: (?P<side>{SIDES}))?[ ،)]{{1,3}}(?:و?الي|و?حتي|و?لغايه)(?: غايه)? (?:(?:يوم|مساء|صباح|فجر) )?"
    rf"(?:(?P<to>{_OFFSET_WORD})(?!\w) ?[،(]?)?(?:يوم )?(?P<last>{any_of(WEEKDAYS)})?"
    rf"(?: (?P<end>{SIDES}))?{_END}(?! \d)"
)
"""«من اليوم الاثنين إلى الأربعاء», «من السبت وحتى يوم الثلاثاء المقبل»."""
SEASONS = {"ربيع": 3, "صيف": 6, "خريف": 9}
"""The first month of a season of three, as newspapers count them; a winter belongs to two years and stays open."""
SEASON = re.compile(
    rf"{_START}[وفبل]?(?:(?:ال|لل)({'|'.join(SEASONS)}) ({SIDES})"
    rf"|({'|'.join(SEASONS)}) (?:عام |سنه )?((?:19|20)\d{{2}})"
    rf"|({'|'.join(SEASONS)}) (?:هذا العام|العام ({SIDES}))"
    rf"|(هذا ال({'|'.join(SEASONS)}))(?! العربي)){_END}"
)
PART_OF_MONTH = re.compile(
    r"(?<!\w)(?:ب|في |منذ |حتي |ل)?(?:(اواخر)|(اوايل|مطلع|بدايه|مستهل|منتصف|اواسط)|نهايه|اخر|موفي|ختام) (?:شهر |ال)?$"
)
"""Before a month: «أواخر» is its last days from the 21st; «نهاية» may be its last day or week, so it stays open; of the
others the month is told and the days are not."""
ORDINAL_OF_MONTH = re.compile(rf"(?<!\w)[وبلف]?({any_of(ORDINAL_DAYS)}) من (?:ال|هذا ال)?$")
"""Before «الشهر الجاري»: a day of it, «العاشر من الشهر الجاري»."""
PERIOD = re.compile(rf"{_START}[وفبل]?(?:ال)?(اسبوع|شهر) ({SIDES}){_END}")
THIS_MONTH = re.compile(rf"{_START}[وفبل]?هذا الشهر(?! ال(?:فضيل|كريم|مبارك|عظيم|معظم)){_END}")
ANOTHER_MONTH = re.compile(
    rf"(?<!\w)(?:[وفبل]?(?:{any_of(HIJRI)})|[وبلف]?(?P<month>{any_of(MONTHS)}))(?!\w)"
    r"|(?<!\w)(?:مثل|\d{1,2} من|ال\w+ من) $"
)
"""Before «هذا الشهر»: a month that it may mean instead of that of publication, or a day of it."""
ENGLISH_DATE = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?,? ({'|'.join(ENGLISH_MONTHS)}),? (\d{{4}})", re.IGNORECASE)
NO_DAY_WORDS = re.compile(r"(?:ذلك|هذا|حتي|لحد|الي حد|من ذلك) $")
SET_AGAINST = re.compile(r"(?<!\w)(?:الان|و?اليوم|ب?الامس)(?!\w)[^\n]{0,30}$")
"""Before «غدا» without more: «من يتردد الآن يدفع أكثر غدا» speaks of times to come, not of the next day."""
_WEEKDAY, _MONTH, _OFFSET, _SEASON, _PERIOD = (1 << n for n in range(5))
_JOINED, _OF_MONTH, _GLUED, _HIJRI_YEAR, _PARTED, _YEAR, _DIGIT, _ORDINAL, _ALONE = (1 << n for n in range(5, 14))
"""What may stand beside a number, or what it may be: a second day, a month that is not named, a letter, a year of the
hijra, another part of the date, a year; and that it is there. Before a month: words of a day, or of none."""
_ANY_NUMBER = _JOINED | _OF_MONTH | _GLUED | _HIJRI_YEAR | _PARTED | _YEAR | _DIGIT
TRACES: dict[str, int] = {}
"""Ends of words: with a number, what every date has, by kind. A weekday, a month, a season, a word such as «أمس»."""
for _words, _kind in ((WEEKDAYS, _WEEKDAY), (MONTHS, _MONTH), (OFFSETS, _OFFSET), (SEASONS, _SEASON),
                      (("اسبوع", "شهر"), _PERIOD)):  # fmt: skip
    TRACES |= {word: TRACES.get(word, 0) | _kind for word in _words}

_QUALIFIER = re.compile(" ال(?:ماضي|منصرم|فايت|منقضي|فارط|مقبل|قادم|جاري|حالي)")
SIGNS: dict[str, tuple[int, re.Pattern[str] | None]] = {
    "day-range": (_JOINED | _MONTH, None),
    "day-month": (_DIGIT | _MONTH, None),
    "day-of-month": (_OF_MONTH, None),
    "glued-byline": (_GLUED | _MONTH, None),
    "hijri": (_HIJRI_YEAR, None),
    "numeric": (_PARTED, None),
    "today-and-tomorrow": (_OFFSET, re.compile("غد")),
    "ordinal-day": (_MONTH | _ORDINAL, None),
    "from-day-to-day": (_WEEKDAY, re.compile(" و?(?:الي|حتي|لغايه) ")),
    "relative": (_OFFSET, None),
    "weekday-run": (_WEEKDAY, re.compile("(?:يومي|ليل|مساءي|بين)")),
    "weekday-qualified": (_WEEKDAY, _QUALIFIER),
    "month-year": (_YEAR | _MONTH, None),
    "month-qualified": (_MONTH, _QUALIFIER),
    "month-alone": (_MONTH | _ALONE, None),
    "period": (_PERIOD, _QUALIFIER),
    "this-month": (_PERIOD, re.compile("هذا الشهر")),
    "season": (_SEASON, None),
    "weekday-alone": (_WEEKDAY, None),
}
"""The kinds of traces that a date of some form needs, and a quick sign, if any, without which the slow pattern finds
none."""

_MARGIN = 32
"""Longer than what any pattern reads on either side of a digit or a name: in 16,542 articles 21 letters before («السادس
والعشرين من الشهر الجاري») and 18 behind («فيفري من السنة المنقضية»)."""

Near = tuple[int, int]
"""The part of a text that is searched; what stands before it can still be seen."""


def near_dates(folded: Folded, traces: Iterable[tuple[int, int, int]]) -> list[tuple[Near, int]]:
    """The parts around what a date may be made of, those that touch joined, with the kinds that each holds.

    `traces` are the words of `TRACES` in the text (start, end, kind); numbers are found here.
    """
    found: list[tuple[Near, int]] = []
    start = end = kinds = 0
    for first, last, kind in sorted([*_numbers(folded), *traces]):
        if kind & _MONTH:
            kind |= _kinds_before_month(folded.text, first)  # noqa: PLW2901 -- the same kind, seen more closely
        if first - _MARGIN > end:
            if end:
                found.append(((start, end), kinds))
            start, kinds = max(0, first - _MARGIN), 0
        # An end within the part is that of a word already: it is not looked for again.
        end, kinds = _end_of_word(folded.letters, last + _MARGIN) if last + _MARGIN > end else end, kinds | kind
    return [*found, ((start, end), kinds)] if end else found


def _numbers(folded: Folded) -> list[tuple[int, int, int]]:
    letters = folded.letters
    if LETTER in letters:
        return [(match.start(), match.end(), _ANY_NUMBER) for match in _DIGITS.finditer(folded.text)]
    digits, found = letters.translate(_IS_DIGIT) + b"\0", []
    first = digits.find(1)
    if first >= 0:
        letters += b"\0\0"
    while first >= 0:
        last = digits.find(0, first)
        found.append((first, last, _kinds_of_number(letters, first, last)))
        first = digits.find(1, last)
    return found


def _kinds_of_number(letters: bytes, first: int, last: int) -> int:
    """What stands beside a number, and whether it may be a year; two letters without meaning end `letters`."""
    kinds, after, then = _DIGIT, letters[last], letters[last + 1]
    if (then if after == _SPACE else after) in _JOINS:
        kinds |= _JOINED
    if after == _SPACE and letters.startswith(_OF_THE_MONTH, last + 1):
        kinds |= _OF_MONTH
    if IS_OF_A_WORD[after] or (first and IS_OF_A_WORD[letters[first - 1]]):
        kinds |= _GLUED
    if after in b"/.-" and _IS_DIGIT[then]:
        kinds |= _PARTED
    if last - first == _DIGITS_OF_YEAR:
        beginning = letters[first : first + 2]
        kinds |= _HIJRI_YEAR if beginning in _HIJRI_CENTURIES else _YEAR if beginning in _CENTURIES else 0
    return kinds


def _kinds_before_month(text: str, start: int) -> int:
    """What stands right before a month: a word of its part, «من», or a day in words: «في السادس عشر ديسمبر»."""
    if text.endswith(_BEFORE_ALONE, 0, start):
        return _ALONE | (_ORDINAL if text.endswith(_BEFORE_ORDINAL, 0, start) else 0)
    is_ordinal = text.endswith(_BEFORE_ORDINAL, 0, start) or _DAY_IN_WORDS.search(text, max(0, start - 45), start)
    return _ORDINAL if is_ordinal else 0


_BEFORE_ALONE = tuple(f"{word} " for word in _TO_A_MONTH)
_BEFORE_ORDINAL = tuple(f"{word} " for word in ("من", "شهر", "اول", "فاتح", "غره"))
_DAY_IN_WORDS = re.compile(r"(?:في|يوم|منذ) ال\w+ (?:و?\w+ )?$")
_SPACE, _DIGITS_OF_YEAR = 32, 4
_JOINS = spelled("واح-–/")
"""What «و», «إلى», «حتى» and signs begin with."""
_OF_THE_MONTH = tuple(map(spelled, ("من ", "هذا ", "الشهر", *PAST, *NEXT, *NOW)))
_HIJRI_CENTURIES, _CENTURIES = (b"13", b"14"), (b"19", b"20")
_IS_DIGIT = bytes(byte in b"0123456789" for byte in range(256))
"""By byte; folding leaves no other digits that have one."""


def _end_of_word(letters: bytes, at: int) -> int:
    """No word is cut: «غدا» is no part of «غداة»."""
    while at < len(letters) and IS_OF_A_WORD[letters[at]]:
        at += 1
    return min(at, len(letters))
