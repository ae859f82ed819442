"""Which edition of a series a name means, decided by the words around it and the article's date.

In this order: ordinal («الدورة الثالثة والتسعين») → a year after, else before the name within its clause → the city,
host or the host's demonym right after the name → «this year», «next year» → «next», «last», «this» against the
article's date → the hosts that the clause names → nearness in time. What none of them decides stays open. Facts count
from the day on which they were known: nobody wrote of Morocco's World Cup in 2018.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from etl.annotate import cues, ordinals
from etl.annotate.calendar_words import MONTHS
from etl.annotate.countries import Place
from etl.annotate.editions import ELIDED, all_places, demonyms_of, held_in, hosts, places_of, window
from etl.annotate.names import Hit
from etl.annotate.patterns import any_of
from etl.annotate.scan import Scan
from etl.model import Stage, Tier
from etl.registry import Event, Registry
from etl.text import folded_name

YEAR = re.compile(r"([12](?<!\d\d)(?:(?<=1)(?:896|9\d{2})|(?<=2)0\d{2}))(?!\d)")
"""1896 or of the twentieth century and after; the first digit is taken before it is looked at, which is quick."""
SHORT_YEAR = re.compile(
    r"(?:(?<!\w)(?:عام|سنه|لعام|لسنه|نسخه|العام) (\d{2})|^ (?:\w+ )?([5-9]\d))"
    r"(?![\d\-–:/٪%.]|\W{1,2}\d| ?(?:دقيق|هدف|\w*مليون))"
)
"""«عام 94», «كأس العالم 98», «مونديال أميركا 94»; no score, share or count."""

JOINT = re.compile(r"\W{0,3}(?:\(|ب|في |في نسخ\w+ |نسخ\w+ |دور\w+ |لعام |لعامي |لسن\w+ |عام |عامي |سن\w+ )?\W{0,2}")
_TITLES = re.compile(
    r"(?<!\w)(?:[وفبل]?(?:ال)?(?:متوج\w*|فايز\w*|حايز\w*|لقب|القاب|تاريخ\w*|مرات|مرتين|قياسي\w*)"
    r"|منذ نسخه|اول القاب\w*)(?!\w)"
)
"""Of titles and history a name alone says nothing about the edition at hand."""
_WON = re.compile(r"(?<!\w)[وف]?(?:فاز|فازت|توج|توجت|احرز|احرزت|حصد|حصدت|نال|نالت|تتويج\w*|التتويج)(?!\w)")
_TWO_YEARS = 730
_NEAR_ORDINAL = 60
_NEAR_YEAR = 25
_LIST = 50
_SINCE = re.compile(r"(?<!\w)(?:منذ|حتي|قبل|بعد)(?!\w)")
_SINCE_WHEN = re.compile(r"(?<!\w)منذ (?:عام |سنه |نسخه |مونديال )?$")
_OF_A_DAY = re.compile(rf"(?<!\w){any_of(MONTHS)} $")
"""Before a year: it belongs to a date («سحبت القرعة في دجنبر 1997»)."""
_OF_A_SEASON = re.compile(r"(?<!\w)[وبل]?(?:ال)?موسم $")
"""Before a year: the first of a season («كأس أوروبا اعتبارا من موسم 2019-2020»)."""
_NEXT_ADJECTIVE = r"(?:مقبله?|قادمه?|مرتقبه?)"
_NEXT_BESIDE = re.compile(rf"\W{{0,2}}(?:في نسخ\w+ |في دور\w+ |نسخ\w+ )?(?:ال)?{_NEXT_ADJECTIVE}(?!\w)")
_NEXT = re.compile(
    rf"(?<!\w)[وفبلك]?(?:ال)?(?:{_NEXT_ADJECTIVE}|قريبا|استعداد\w*|تحضير\w*|تاهل\w*|يتاهل|تتاهل|المتاهل\w*|بلوغ)(?!\w)"
)
_LAST = re.compile(r"\W{0,2}(?:في |ب)?(?:ال)?(?:نسخ\w+ |دور\w+ )?(?:ال)?(?:ماضيه?|اخيره?|سابقه?|منصرمه?|فايته?)(?!\w)")
_SEVERAL = re.compile(r"(?<!\w)(?:ال)?(?:بطولات|نسخ|دورات|نهاييات بطولات) $")
_THIS = re.compile(r"(?<!\w)(?:ال)?(?:حاليه?|جاريه?|مقامه حاليا|الداير\w*)(?!\w)")
_RELATIVE_YEARS = tuple(
    (steps, re.compile(rf"(?<!\w)(?:[بفل]?هذا العام|[بفل]?هذه السنه|[بل]?العام (?:{his})|[بل]?السنه (?:{her}))(?!\w)"))
    if steps == 0
    else (steps, re.compile(rf"(?<!\w)(?:[بل]?العام (?:{his})|[بل]?السنه (?:{her}))(?!\w)"))
    for steps, his, her in (
        (0, "الحالي|الجاري", "الحاليه|الجاريه"),
        (1, "المقبل|القادم", "المقبله|القادمه"),
        (-1, "الماضي|المنصرم|الفايت", "الماضيه|المنصرمه|الفايته"),
    )
)
_SUMMER = re.compile(r"(?<!\w)[بفل]?الصيف (?:(الماضي|المنصرم|الفايت)|المقبل|القادم)(?!\w)")
_HOSTED = re.compile(r"(?<!\w)[وف]?(?:استضافت|احتضنت|نظمت|استضاف|احتضن)(?!\w)")
_YEAR_REACH = 70
_BEFORE_START, _AFTER_END = 240, 75
_LONGEST_AGO = 500
"""Days within which a title that was won is the last one."""

Decision = tuple[Event | None, str, Tier] | None


class Question:
    """All that a step may look at: the name, its clause to both sides, the editions of its series, the date."""

    def __init__(
        self,
        scan: Scan,
        hit: Hit,
        left: str,
        right: str,
        clause: tuple[int, int],
        editions: tuple[Event, ...],
        places: list[Place],
        registry: Registry,
        published: dt.date | None,
        stage: Stage,
    ) -> None:
        self.scan = scan
        self.hit = hit
        self.left = left
        self.right = right
        self.clause = clause
        self.editions = editions
        self.places = places
        self.registry = registry
        self.published = published
        self.stage = stage


def decided(question: Question) -> tuple[Event | None, str, Tier]:
    """The edition (None: open, or not registered), the rule that decided, and how strong that is."""
    for step in _STEPS:
        found = step(question)
        if found:
            return found
    return None, "edition-open", "medium"


def is_history(left: str, right: str) -> bool:
    """Does a name stand beside words of titles or history: «في تاريخ كأس العالم»."""
    return bool(_TITLES.search(left[-45:]) or _TITLES.search(right[:45]))


def of_year(editions: tuple[Event, ...], year: int) -> Event | None:
    """The edition that the press calls by a year, None where none or several are."""
    by_label = [e for e in editions if e.label_year == year]
    if len(by_label) == 1:
        return by_label[0]
    also = [e for e in editions if year in e.also_years]
    return also[0] if not by_label and len(also) == 1 else None


def full_year(digits: str) -> int:
    """«94» as people write it of cups: the twentieth century from 30 on."""
    return int(digits) + (1900 if int(digits) >= 30 else 2000)


def _by_ordinal(q: Question) -> Decision:
    if not any(e.ordinal for e in q.editions):
        return None
    number = next(_ordinals(q), None)
    if number is None:
        return None
    event = next((e for e in q.editions if e.ordinal == number), None)
    return (event, "ordinal" if event else "ordinal-not-registered", "strong")


def _ordinals(q: Question) -> Iterator[int]:
    """Edition numbers in the name («كوب 30»), before it, then right after it."""
    name = q.scan.text[q.hit.start : q.hit.end]
    yield from ordinals.of_name(name, [folded_name(n) for n in q.registry.series[str(q.hit.payload)].names])
    yield from (number for _, number in reversed(list(ordinals.in_text(q.left[-90:] + name))))
    known = {e.ordinal for e in q.editions}
    yield from (number for number in ordinals.beside(q.right) if number in known)
    yield from (number for start, number in ordinals.in_text(q.right) if start < _NEAR_ORDINAL)


def _by_year(q: Question) -> Decision:
    """The first year after the name that is an edition's, else the last one before it."""
    after = YEAR.search(q.right)
    joint = JOINT.match(q.right)
    if after and joint and after.start() <= joint.end() + 1:
        event = of_year(q.editions, int(after[1]))
        return (event, "year-beside-name", "strong") if event else (None, "year-not-registered", "medium")
    short = SHORT_YEAR.search(q.right[:_NEAR_YEAR])
    if short:
        event = of_year(q.editions, full_year(short[1] or short[2]))
        if event:
            return (event, "short-year", "medium")
    for match in YEAR.finditer(q.right):
        before = q.right[: match.start()]
        if event := _of_year_or_month(q.editions, int(match[1]), before):
            return (event, "year-in-clause", "strong")
        is_of_another = any(one.search(before) for one in (_SINCE_WHEN, _OF_A_DAY, _OF_A_SEASON))
        if match.start() <= _NEAR_YEAR and not (is_of_another or _SINCE.search(before)):
            return (None, "year-not-registered", "medium")
    for match in reversed(list(YEAR.finditer(q.left))):
        if event := of_year(q.editions, int(match[1])):
            return (event, "year-before-name", "medium")
    return None


def _of_year_or_month(editions: tuple[Event, ...], year: int, before: str) -> Event | None:
    """The edition of a year in the clause; the year of a date tells the one that is held in its month."""
    if _SINCE_WHEN.search(before):
        return None
    of_a_day = _OF_A_DAY.search(before)
    return held_in(editions, year, MONTHS[of_a_day.group().strip()]) if of_a_day else of_year(editions, year)


def _by_city(q: Question) -> Decision:
    name = q.scan.text[q.hit.start : q.hit.end]
    # Without a date an edition of which only year and host are registered is as good as unknown.
    known = q.editions if q.published else [e for e in q.editions if e.value("start") or e.cities or len(e.fact) > 1]
    placed = _placed(q, known)
    named = [e for e in known if e.id in placed or _ends_with(name, e.cities)]
    listed = {p.code for p in q.places if q.hit.end <= p.start <= q.hit.end + _LIST}
    joint = [e for e in named if len(listed & set(hosts(e, q.published))) > 1]
    if len(joint) == 1:  # «كأس العالم في أمريكا وكندا والمكسيك»
        return joint[0], "host-beside-name", "strong"
    alone = [e for e in named if len(hosts(e, q.published)) == 1]
    if len(alone) == 1:  # «يورو ألمانيا» is not the edition that was played in eleven countries
        return alone[0], "host-beside-name", "strong"
    named = alone or named
    if q.published and len(named) > 1:
        day = q.published
        named = [min(named, key=lambda e: abs((window(e)[0] - day).days))]
    return (named[0], "host-beside-name", "strong") if len(named) == 1 else None


def _placed(q: Question, editions: Iterable[Event]) -> set[str]:
    """«مونديال قطر», «المونديال الروسي»: those with a place, or the demonym of their host, right after the name."""
    begins = _beginnings(q.right)
    found = set[str]()
    if any(text.startswith(all_places(q.editions, q.registry)) for text in begins):
        found = {e.id for e in editions if _begin_with(begins, places_of(e, q.registry, q.published))}
    if q.right.startswith(" ال") and q.scan.text[q.hit.start : q.hit.end] in _ONE_WORD:
        found |= {e.id for e in editions if _named_at(q.right[1:], demonyms_of(e, q.registry, q.published))}
    return found


_ONE_WORD = frozenset(("المونديال", "مونديال", "لمونديال", "يورو", "اليورو", "اولمبياد", "الاولمبياد"))


def _ends_with(name: str, cities: tuple[str, ...]) -> bool:
    return any(name.endswith(" " + folded_name(city)) for city in cities)


def named_after(right: str, names: tuple[str, ...]) -> bool:
    """Is one of the folded names next, after «في», «ب» and the like: «مونديال قطر», «المونديال بقطر»."""
    return _begin_with(_beginnings(right), names)


def _beginnings(right: str) -> list[str]:
    """Where a name may begin after the words that join it to what is before."""
    joint = JOINT.match(right)
    end = joint.end() if joint else 0
    # The last letter taken for the preposition may be the name's own: «أولمبياد باريس».
    return [right[end:], right[end - 1 :]] if right[end - 1 : end] == "ب" else [right[end:]]


def _begin_with(texts: list[str], names: tuple[str, ...]) -> bool:
    return any(_named_at(text, names) for text in texts)


def _named_at(rest: str, names: tuple[str, ...]) -> bool:
    """Does the text begin with one of the names, elided article included."""
    if not rest.startswith((*names, ELIDED)):
        return False
    for name in names:
        forms = (name, "ل" + name[1:]) if name.startswith("ال") else (name,)
        for form in forms:
            if rest.startswith(form) and not rest[len(form) : len(form) + 1].isalnum():
                return True
    return False


def _by_relative_year(q: Question) -> Decision:
    """«كأس العالم هذا العام», «التي ستقام في صيف العام المقبل»."""
    if not q.published:
        return None
    for steps, pattern in _RELATIVE_YEARS:
        match = pattern.search(q.right[:_YEAR_REACH]) or pattern.search(q.left[-_YEAR_REACH // 2 :])
        event = of_year(q.editions, q.published.year + steps) if match else None
        if event:
            return (event, "relative-year", "medium")
    summer = _SUMMER.search(q.right[:_YEAR_REACH])
    year = _year_of_summer(q.published, is_past=bool(summer[1])) if summer else 0
    event = of_year(q.editions, year)
    return (event, "relative-year", "medium") if event else None


def _year_of_summer(published: dt.date, *, is_past: bool) -> int:
    """The last summer that is over, or the next that has not begun: June to August."""
    return published.year - (published.month < 9) if is_past else published.year + (published.month > 5)


def _by_relative_word(q: Question) -> Decision:
    if not q.published:
        return None
    ahead = [e for e in q.editions if window(e)[1] >= q.published]
    later = [e for e in q.editions if window(e)[0] > q.published]
    behind = [e for e in q.editions if window(e)[1] < q.published]
    near_right, near_left = q.right[:40], q.left[-35:]
    if _LAST.match(near_right) and behind and not _SEVERAL.search(q.left):
        return (behind[-1], "last", "medium")
    if _NEXT_BESIDE.match(near_right) and later:
        return (later[0], "next", "strong")
    if (_THIS.search(near_right[:30]) or _NEXT.search(near_right) or _NEXT.search(near_left)) and ahead:
        return (ahead[0], "next", "strong" if _NEXT.search(near_right) else "medium")
    return None


def _by_hosts(q: Question) -> Decision:
    """The only edition near in time whose hosts the clause names as hosting."""
    inside = {p.code for p in q.places if q.clause[0] <= p.start < q.clause[1] and p.code}
    if not cues.HOSTING.is_in(q.left + " " + q.right):
        return None
    hosted = [e for e in q.editions if inside & set(hosts(e, q.published))]
    if q.published:
        hosted = [e for e in hosted if (q.published - window(e)[1]).days <= 2 * _TWO_YEARS]
        behind = [e for e in hosted if window(e)[1] < q.published]
        hosted = [e for e in hosted if window(e)[1] >= q.published] or hosted
        hosted = behind[-1:] if behind and _HOSTED.search(q.left) else hosted
    return (hosted[0], "hosts-in-clause", "medium") if len(hosted) == 1 else None


def _by_time(q: Question) -> Decision:
    """Qualifiers belong to the next edition; a name alone to the edition being played or about to be."""
    if not q.published:
        return None
    published = q.published
    if q.stage == "qualifiers":
        ahead = [e for e in q.editions if window(e)[0] >= published]
        near = ahead and (window(ahead[0])[0] - published).days <= 2 * _TWO_YEARS
        return (ahead[0], "qualifiers-to-next", "strong") if near else None
    if is_history(q.left, q.right):
        played = [e for e in q.editions if window(e)[0] <= published <= window(e)[1]]
        return (played[0], "near-in-time", "medium") if len(played) == 1 else None
    around = [e for e in q.editions if -_AFTER_END <= (window(e)[0] - published).days <= _BEFORE_START
              or window(e)[0] <= published <= window(e)[1] + dt.timedelta(days=_AFTER_END)]  # fmt: skip
    if _WON.search(q.left[-45:]):
        won = [e for e in q.editions if 0 <= (published - window(e)[1]).days <= _LONGEST_AGO]
        around = won[-1:] or around
    return (around[0], "near-in-time", "strong") if len(around) == 1 else None


_STEPS = (_by_ordinal, _by_year, _by_city, _by_relative_year, _by_relative_word, _by_hosts, _by_time)
