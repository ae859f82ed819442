"""Editions as the whole article tells them: names left open that it names elsewhere, and editions without their name.

«المونديال» alone is the World Cup that the article names a paragraph above. «نسخة 2010», «باللقب عام 1966» and
«النسخة الماضية» are editions of the series that the article is about. A name beside words of history («في تاريخ كأس
العالم») is no edition of its own where the article names one.
"""

import collections
import datetime as dt
import functools
import itertools
import re
from collections.abc import Iterator, Sequence

from etl.annotate import ordinals
from etl.annotate.editions import editions_of, places_of, window
from etl.annotate.events import AND_YEAR, EventPlace
from etl.annotate.resolve import YEAR, is_history, of_year
from etl.annotate.scan import Scan
from etl.registry import Event, Registry

_YEAR = r"((?:19|20)\d{2})(?!\d)"
_EDITION = re.compile(
    r"(?<!\w)[وفبلك]{0,2}(?:ال|لل)?"
    r"(?<!بشكل )(?:نسخه|نسختي|نسخ|دوره|دورات|بطوله|بطولات|بطولتي|لقب\w*|القاب|نهايي|بطله?(?: العالم)?|ابطال العالم)"
    r"(?: العالم| العالمي| القاري| البطوله)?(?: مرتين| \d مرات)?،?"
    rf"(?: (?:ل|في )?(?:عام|عامي|اعوام|سنه|نسختي))? و?{_YEAR}"
)
_FIRST_SINCE = re.compile(
    rf"(?<!\w)(?:لاول مره|اول مره|للمره الاولي|الاول\w*) منذ (?:عام |سنه |نسخه |مونديال )?{_YEAR}"
)
_LOOKING_BACK = re.compile(
    rf"(?<!\w)[وف]?(?:منذ|في|عام|بعام|سنه|لعام|عامي|اعوام|بعد)(?: عام| سنه| نسخه| عامي)? {_YEAR}"
)
_OF_A_CUP = re.compile(
    r"(?<!\w)[وفبل]{0,2}(?:ال|لل)?"
    r"(?:كاس|لقب\w*|نهايي\w*|مشارك\w*|ظهور\w*|تاهل\w*|انجاز\w*|نسخه|مونديال"
    r"|دور ال ?16|الدور (?:الثاني|الاول)|(?:نصف|ربع|ثمن) النهايي)(?!\w)"
)
_OF_CLUBS = re.compile(r"(?<!\w)(?:ال|لل|بال)?(?:دوري|نادي|ناد|الانديه|اندي[هت])(?!\w)")
_RELATIVE = re.compile(
    r"(?<!\w)[وفبلك]{0,2}ال(?:نسخه|دوره) "
    r"(?:(الماضيه|السابقه|الاخيره|المنصرمه)|(المقبله|القادمه))(?!\w)"
)
_EDITIONS = ("النسخه ", "الدوره ")
_LONGEST = 80
"""Letters that stand before a year in no match of `_EDITION` or `_LOOKING_BACK`, but for words without end."""
_NEAR = 70
_NEAR_ORDINAL = 30
"""Letters between a name and the number that decided it: there the number is no mention of its own."""
_SPACED = 2
"""Years between editions of a series whose bare years are telling."""


def settled(
    scans: Sequence[Scan], found: Sequence[list[EventPlace]], registry: Registry, published: dt.date | None
) -> list[list[EventPlace]]:
    """The events of each field, with what only the whole article decides; in the order of the text."""
    if not any(found):
        return list(found)
    named: dict[str, list[str]] = collections.defaultdict(list)
    for event in (one for field in found for one in field if one.event_id):
        named[event.series_id].append(str(event.event_id))
    main = _main(found)
    out = []
    for scan, field in zip(scans, found, strict=True):
        kept = [one for event in field if (one := _settled(scan, event, field, named.get(event.series_id, [])))]
        if main:
            kept += _echoes(scan, kept, main, registry, published)
        out.append(sorted(kept, key=lambda event: (event.start, event.end)))
    return out


def _main(found: Sequence[list[EventPlace]]) -> EventPlace | None:
    """A mention of the series that the article names most."""
    count = collections.Counter(event.series_id for field in found for event in field)
    most = max(sorted(count), key=lambda series: count[series], default=None)
    return next((event for field in found for event in field if event.series_id == most), None)


def _settled(scan: Scan, event: EventPlace, field: list[EventPlace], named: list[str]) -> EventPlace | None:
    if event.rule != "edition-open" or not named:
        return event
    left, right = scan.text[event.clause[0] : event.start], scan.text[event.end : event.clause[1]]
    if is_history(left, right):
        return None
    before = [other.event_id for other in field if other.series_id == event.series_id and other.event_id
              and other.start < event.start]  # fmt: skip
    return event.decided(before[-1] if before else named[0], "named-elsewhere")


def _echoes(
    scan: Scan, found: list[EventPlace], main: EventPlace, registry: Registry, published: dt.date | None
) -> Iterator[EventPlace]:
    editions = editions_of(registry).get(main.series_id, ())
    taken = [
        (event.start - _NEAR_ORDINAL, event.end + _NEAR_ORDINAL // 2) for event in found if event.rule == "ordinal"
    ]
    taken += [(event.start, event.end) for event in found]
    for start, end, event in _meant(
        scan, editions, published, registry, is_of_teams=registry.series[main.series_id].sport == "football"
    ):
        if not any(a < end and start < b for a, b in taken):
            taken.append((start, end))
            yield EventPlace(
                main.series_id, event.id, (), start, end, (start, end), "medium", "edition-alone", "finals"
            )


def _meant(
    scan: Scan, editions: tuple[Event, ...], published: dt.date | None, registry: Registry, *, is_of_teams: bool
) -> Iterator[tuple[int, int, Event]]:
    """Where an edition is meant without its name: folded start and end, and the edition."""
    years = list(YEAR.finditer(scan.text))
    for match in _ending_in(years, _EDITION):
        yield from _years(scan.text, match, editions)
    for match in years:
        event = of_year(editions, int(match[1]))
        if event and _follows_its_host(scan.text, match.start(), event, registry):
            yield from _years(scan.text, match, editions)
    if published and is_of_teams and years and _are_spaced(editions):
        for match in _ending_in(years, _LOOKING_BACK):
            start, end = scan.sentence_of(match.start())
            near = scan.text[max(start, match.start() - _NEAR) : min(end, match.end() + _NEAR)]
            is_of_cup = _OF_A_CUP.search(near) or _FIRST_SINCE.search(near)
            if int(match[1]) < published.year and is_of_cup and not _OF_CLUBS.search(near):
                yield from _years(scan.text, match, editions)
    for start, last, number in ordinals.alone(scan.text):
        yield from ((start, last, event) for event in editions if event.ordinal == number)
    for match in _RELATIVE.finditer(scan.text) if published and any(n in scan.text for n in _EDITIONS) else ():
        behind = [e for e in editions if published and window(e)[1] < published]
        later = [e for e in editions if published and window(e)[0] > published]
        for event in behind[-1:] if match[1] else later[:1]:
            yield match.start(), match.end(), event


def _ending_in(years: list[re.Match[str]], pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The matches of a pattern that ends in a year: only what stands before one is searched."""
    done = 0
    for year in years:
        match = pattern.search(year.string, max(done, year.start() - _LONGEST), year.end())
        if match:
            done = match.end()
            yield match


def _follows_its_host(text: str, start: int, event: Event, registry: Registry) -> bool:
    """«ألمانيا 2006», «والمكسيك عام 1986»: the host right before the year."""
    pattern = _host_before(places_of(event, registry, None))
    return pattern is not None and pattern.search(text[max(0, start - 30) : start]) is not None


@functools.cache
def _host_before(names: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w)[وفب]?(?:{'|'.join(map(re.escape, names))}) (?:عام |سنه |في )?$") if names else None


def _years(text: str, match: re.Match[str], editions: tuple[Event, ...]) -> Iterator[tuple[int, int, Event]]:
    """The year of a match, and each that a list adds to it."""
    found: re.Match[str] | None = match
    start, end = match.start(), match.end()
    while found:
        event = of_year(editions, int(found[1]))
        if event:
            yield start, end, event
        found = AND_YEAR.match(text, end)
        if found:
            start, end = found.start(1), found.end()


def _are_spaced(editions: tuple[Event, ...]) -> bool:
    years = [event.label_year for event in editions]
    return all(later - year >= _SPACED for year, later in itertools.pairwise(years))
