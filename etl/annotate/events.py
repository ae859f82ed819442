"""Event editions: which series a text names, and which edition of it.

An edition is decided in this order: ordinal («الدورة الثالثة والتسعين») → a year after, else before the name within
its clause → the city or host right after the name → «next», «last», «this» against the article's date → the hosts
that the clause names → nearness in time. What none of them decides stays open, with the candidates in time order.
A year may stand far from its name, and one year may serve two names; the clause ends at the next event's name.
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from etl.annotate import cues
from etl.annotate.countries import Place
from etl.annotate.editions import editions_of, hosts, places_of, window
from etl.annotate.names import Hit, longest
from etl.annotate.scan import Scan
from etl.model import ANNOTATOR, EventMention, Stage, Tier
from etl.registry import Event, Registry, Series
from etl.text import fold

_RANK = {"event_not": 0, "event": 1, "event_dual": 2, "event_elided": 3, "event_short": 4}
_REACH = 170
_NEAR_VARIANT = 45
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_AND_YEAR = re.compile(r" ?[،,]? ?(?:و|ثم )(?:عام |سنه |نسخه )?((?:19|20)\d{2})(?!\d)")
_TITLES = re.compile(
    r"(?<!\w)(?:[وفبل]?(?:ال)?(?:متوج\w*|فايز\w*|حايز\w*|لقب|القاب|تاريخ\w*|مرات|مرتين)"
    r"|منذ نسخه|للمره الاولي|اول القاب\w*)(?!\w)"
)
"""Of titles and history a name alone says nothing about the edition at hand."""
_SHORT_YEAR = re.compile(r"(?<!\w)(?:عام|سنه|لعام|لسنه|نسخه) (\d{2})(?!\d)")
_TWO_YEARS = 730
_LONG_AGO, _FULL_RECORD = 12, 2013
_NEAR_ORDINAL = 60
_NEAR_YEAR = 25
_NOUN_BEFORE = re.compile(r"(?<!\w)(?:نهاييات|منافسات|بطوله|دوره|نسخه|في|من|خلال|قبل|بعد|منتخبات|مباريات|قرعه) $")
_JOINT = re.compile(r"\W{0,3}(?:\(|ب|في |في نسخ\w+ |نسخ\w+ |دور\w+ |لعام |لسن\w+ |عام |سن\w+ )?\W{0,2}")
_SINCE = re.compile(r"(?<!\w)(?:منذ|حتي|قبل|بعد)(?!\w)")
_BESIDE = re.compile(r"\W*(?:19|20)?\d{0,2}\W*(?:ب|في|المقرره? في|المقامه? في)?\W*(?:كل من )?")
_NEXT = re.compile(r"(?<!\w)[وفبلك]?(?:ال)?(?:مقبله?|قادمه?|مرتقبه?|قريبا|استعداد\w*|تحضير\w*|تاهل\w*)(?!\w)")
_LAST = re.compile(r"(?<!\w)(?:ال)?(?:ماضيه?|اخيره?|سابقه?|منصرمه?|فايته?)(?!\w)")
_THIS = re.compile(r"(?<!\w)(?:ال)?(?:حاليه?|جاريه?|مقامه حاليا|الداير\w*)(?!\w)")
_QUALIFIERS = re.compile(r"(?<!\w)[وفبلك]?(?:ال|لل)?(?:تصفي\w+|اقصاييات|اقصاييات|موهله|ملحق|المؤهله)(?!\w)")
_BEFORE_START, _AFTER_END = 240, 75


@dataclass(frozen=True)
class EventPlace:
    """An event name in a folded field with its clause; `event_id` None while the edition is open."""

    series_id: str
    event_id: str | None
    candidates: tuple[str, ...]
    start: int
    end: int
    clause: tuple[int, int]
    tier: Tier
    rule: str
    stage: Stage | None


def find(scan: Scan, places: list[Place], registry: Registry, published: dt.date | None) -> list[EventPlace]:
    """The event names of a field, each with its edition where the text or the date decides it."""
    hits = _names(scan, registry)
    found = [_resolve(scan, hits, n, places, registry, published) for n in range(len(hits))]
    named = [_with_apposition(scan, event, after) for event, after in itertools.zip_longest(found, found[1:])]
    return [one for event in named for one in (event, *_more_years(scan, event, registry))]


def _with_apposition(scan: Scan, event: EventPlace, after: EventPlace | None) -> EventPlace:
    """«قمة المناخ كوب 30», «مؤتمر الأطراف (كوب 30)»: two names side by side of one series are one edition."""
    if event.event_id or not after or after.series_id != event.series_id or not after.event_id:
        return event
    is_beside = not re.search(r"\w", scan.text[event.end : after.start])
    return replace(event, event_id=after.event_id, candidates=(), rule="apposition") if is_beside else event


def _more_years(scan: Scan, event: EventPlace, registry: Registry) -> Iterator[EventPlace]:
    """«كأس العالم 2026 و2030», «مونديالي 2006 و2014»: each further year of a list is an edition of its own."""
    if event.rule != "year-beside-name":
        return
    end = event.end
    while match := _AND_YEAR.match(scan.text, end):
        end = match.end()
        other = _of_year(editions_of(registry).get(event.series_id, ()), int(match[1]))
        if other and match.end() <= scan.sentence_of(event.start)[1]:
            yield replace(event, event_id=other.id, candidates=(), start=match.start(1), end=end, rule="year-in-list")


def mentions(scan: Scan, found: list[EventPlace]) -> list[EventMention]:
    """The rows of the event layer for a field."""
    rows = []
    for event in found:
        start, end = scan.folded.span(event.start, event.end)
        rows.append(EventMention(
            series_id=event.series_id, event_id=event.event_id, candidates=list(event.candidates), stage=event.stage,
            field=scan.field, start=start, end=end, text=scan.folded.original[start:end], tier=event.tier,
            rule=event.rule, annotator=ANNOTATOR,
        ))  # fmt: skip
    return rows


def with_hosts(scan: Scan, places: list[Place], found: list[EventPlace], registry: Registry) -> list[Place]:
    """The places again, with the role `host` for countries that host an event named in the same sentence."""
    out = []
    for place in places:
        near = [e for e in found if _same_sentence(scan, e.start, place.start)]
        out.append(replace(place, role="host") if near and _hosts(scan, place, near, places, registry) else place)
    return out


def _same_sentence(scan: Scan, first: int, second: int) -> bool:
    start, end = scan.sentence_of(first)
    return start <= second < end


def _names(scan: Scan, registry: Registry) -> list[Hit]:
    """The event names that count, by length, blockers and the demands of short and elided forms."""
    kept: list[Hit] = []
    duals = [h.end for h in scan.events if h.kind == "event_dual"]
    named = (h for h in scan.events if h.kind != "event_elided" or any(0 <= h.start - d < _NEAR_VARIANT for d in duals))
    for hit in longest(named, _RANK):
        after = scan.text[hit.end : hit.end + 40]
        if hit.kind == "event_short" and not _short_counts(scan.text, hit, after, registry):
            continue
        if hit.kind != "event_not":
            kept.append(hit)
    return kept


def _short_counts(text: str, hit: Hit, after: str, registry: Registry) -> bool:
    """«كان 2025» always; «كان المغرب» only after a word that no verb follows («نهائيات كان المغرب»)."""
    joint = _JOINT.match(after)
    rest = after[joint.end() if joint else 0 :]
    if _YEAR.match(rest):
        return True
    if not (hit.before in {"ب", "ل", "ال", "بال", "لل"} or _NOUN_BEFORE.search(text[: hit.start])):
        return False
    editions = editions_of(registry).get(str(hit.payload), ())
    return any(_named_after(after, places_of(event, registry)) for event in editions)


def _named_after(right: str, names: tuple[str, ...]) -> bool:
    """Is one of the names next, after «في», «ب» and the like: «مونديال قطر», «المونديال بقطر», «مونديال بيرو»."""
    joint = _JOINT.match(right)
    end = joint.end() if joint else 0
    # The last letter taken for the preposition may be the name's own: «أولمبياد باريس».
    return _named_at(right[end:], names) or (right[end - 1 : end] == "ب" and _named_at(right[end - 1 :], names))


def _named_at(rest: str, names: tuple[str, ...]) -> bool:
    """Does the text begin with one of the names, elided article included."""
    for name in names:
        folded = fold(name)
        for form in (folded, "ل" + folded[1:] if folded.startswith("ال") else folded):
            if rest.startswith(form) and not rest[len(form) : len(form) + 1].isalnum():
                return True
    return False


def _resolve(
    scan: Scan, hits: list[Hit], n: int, places: list[Place], registry: Registry, published: dt.date | None
) -> EventPlace:
    hit, clause = hits[n], _clause(scan, hits, n)
    left, right = scan.text[clause[0] : hit.start], scan.text[hit.end : clause[1]]
    series = _variant(registry.series[str(hit.payload)], left, right, registry)
    editions = editions_of(registry).get(series.id, ())
    stage: Stage = "qualifiers" if _QUALIFIERS.search(left[-40:]) else "finals"
    for step in _STEPS:
        decided = step(_Question(scan, hit, left, right, clause, editions, places, registry, published, stage))
        if decided:
            event, rule, tier = decided
            ident = event.id if event else None
            end = _with_year(scan.text, hit.end) if rule.endswith("beside-name") else hit.end
            unknown = ident or rule.endswith("not-registered")
            candidates = () if unknown else _candidates(editions, published)
            return EventPlace(series.id, ident, candidates, hit.start, end, clause, tier, rule, stage)
    candidates = _candidates(editions, published)
    return EventPlace(series.id, None, candidates, hit.start, hit.end, clause, "medium", "edition-open", stage)


def _candidates(editions: tuple[Event, ...], published: dt.date | None) -> tuple[str, ...]:
    """The editions that an open name may mean: none of many years before the text, or of before the full record."""
    first = published.year - _LONG_AGO if published else _FULL_RECORD
    return tuple(e.id for e in editions if e.label_year >= first)


def _with_year(text: str, end: int) -> int:
    """The end of «كأس العالم 2030»: a year directly beside the name belongs to the mention."""
    year = re.compile(r" \(?((?:19|20)\d{2})\)?(?!\d)").match(text, end)
    return year.end() if year else end


def _with_years(text: str, end: int) -> int:
    """The end of «كأس آسيا 2023 و2027»: a list of years beside a name belongs to it, too."""
    last = _with_year(text, end)
    while last > end and (match := _AND_YEAR.match(text, last)):
        last = match.end()
    return last


def _clause(scan: Scan, hits: list[Hit], n: int) -> tuple[int, int]:
    hit = hits[n]
    start, end = scan.sentence_of(hit.start)
    # A year directly beside the name before belongs to that name alone: «كأس آسيا 2027 وكأس أمم إفريقيا».
    first = max(start, hit.start - _REACH, _with_years(scan.text, hits[n - 1].end) if n else 0)
    last = min(end, hit.end + _REACH, hits[n + 1].start if n + 1 < len(hits) else end)
    return min(first, hit.start), max(last, hit.end)


def _variant(series: Series, left: str, right: str, registry: Registry) -> Series:
    """Another series where its words stand right after the name or just before it."""
    for variant in series.variants:
        pattern = cues.anywhere(variant.words)
        if pattern.search(right[:_NEAR_VARIANT]) or pattern.search(left[-_NEAR_VARIANT // 2 :]):
            return registry.series[variant.series]
    return series


@dataclass(frozen=True)
class _Question:
    """All that a step may look at."""

    scan: Scan
    hit: Hit
    left: str
    right: str
    clause: tuple[int, int]
    editions: tuple[Event, ...]
    places: list[Place]
    registry: Registry
    published: dt.date | None
    stage: Stage


_Decision = tuple[Event | None, str, Tier] | None


def _by_ordinal(q: _Question) -> _Decision:
    if not any(e.ordinal for e in q.editions):
        return None
    number = next(_ordinals(q), None)
    if number is None:
        return None
    event = next((e for e in q.editions if e.ordinal == number), None)
    return (event, "ordinal" if event else "ordinal-not-registered", "strong")


def _ordinals(q: _Question) -> Iterator[int]:
    """Edition numbers in the name («كوب 30»), before it, then right after it."""
    name = q.scan.text[q.hit.start : q.hit.end]
    yield from cues.ordinals_of_name(name, [fold(n) for n in q.registry.series[str(q.hit.payload)].names])
    yield from (number for _, number in reversed(list(cues.ordinals_in(q.left[-90:] + name))))
    known = {e.ordinal for e in q.editions}
    yield from (number for number in cues.ordinals_beside(q.right) if number in known)
    yield from (number for start, number in cues.ordinals_in(q.right) if start < _NEAR_ORDINAL)


def _by_year(q: _Question) -> _Decision:
    """The first year after the name that is an edition's, else the last one before it."""
    after = _YEAR.search(q.right)
    joint = _JOINT.match(q.right)
    if after and joint and after.start() <= joint.end() + 1:
        event = _of_year(q.editions, int(after[1]))
        return (event, "year-beside-name", "strong") if event else (None, "year-not-registered", "medium")
    for match in _YEAR.finditer(q.right):
        if event := _of_year(q.editions, int(match[1])):
            return (event, "year-in-clause", "strong")
        if match.start() <= _NEAR_YEAR and not _SINCE.search(q.right[: match.start()]):
            return (None, "year-not-registered", "medium")
    if _SHORT_YEAR.search(q.right[:_NEAR_YEAR]):
        return (None, "year-not-registered", "medium")
    for match in reversed(list(_YEAR.finditer(q.left))):
        if event := _of_year(q.editions, int(match[1])):
            return (event, "year-before-name", "medium")
    return None


def _of_year(editions: tuple[Event, ...], year: int) -> Event | None:
    by_label = [e for e in editions if e.label_year == year]
    if len(by_label) == 1:
        return by_label[0]
    also = [e for e in editions if year in e.also_years]
    return also[0] if not by_label and len(also) == 1 else None


def _by_city(q: _Question) -> _Decision:
    name = q.scan.text[q.hit.start : q.hit.end]
    named = [e for e in q.editions if _named_after(q.right, places_of(e, q.registry)) or _ends_with(name, e.cities)]
    alone = [e for e in named if len(hosts(e)) == 1]
    if len(alone) == 1:  # «يورو ألمانيا» is not the edition that was played in eleven countries
        return alone[0], "host-beside-name", "strong"
    if q.published and len(named) > 1:
        day = q.published
        named = [min(named, key=lambda e: abs((window(e)[0] - day).days))]
    return (named[0], "host-beside-name", "strong") if len(named) == 1 else None


def _ends_with(name: str, cities: tuple[str, ...]) -> bool:
    return any(name.endswith(" " + fold(city)) for city in cities)


def _by_relative_word(q: _Question) -> _Decision:
    if not q.published:
        return None
    ahead = [e for e in q.editions if window(e)[1] >= q.published]
    behind = [e for e in q.editions if window(e)[1] < q.published]
    near_right, near_left = q.right[:40], q.left[-35:]
    if _LAST.search(near_right[:25]) and behind:
        return (behind[-1], "last", "medium")
    if (_THIS.search(near_right[:30]) or _NEXT.search(near_right) or _NEXT.search(near_left)) and ahead:
        return (ahead[0], "next", "strong" if _NEXT.search(near_right) else "medium")
    return None


def _by_hosts(q: _Question) -> _Decision:
    """The only edition near in time whose hosts the clause names as hosting."""
    inside = {p.code for p in q.places if q.clause[0] <= p.start < q.clause[1] and p.code}
    if not cues.HOSTING.search(q.left + " " + q.right):
        return None
    hosted = [e for e in q.editions if inside & set(hosts(e))]
    if q.published:
        hosted = [e for e in hosted if window(e)[1] >= q.published] or hosted
    return (hosted[0], "hosts-in-clause", "medium") if len(hosted) == 1 else None


def _by_time(q: _Question) -> _Decision:
    """Qualifiers belong to the next edition; a name alone to the edition being played or about to be."""
    if not q.published:
        return None
    published = q.published
    if q.stage == "qualifiers":
        ahead = [e for e in q.editions if window(e)[0] >= published]
        near = ahead and (window(ahead[0])[0] - published).days <= 2 * _TWO_YEARS
        return (ahead[0], "qualifiers-to-next", "strong") if near else None
    if _TITLES.search(q.left[-45:]) or _TITLES.search(q.right[:45]):
        return None
    around = [e for e in q.editions if -_AFTER_END <= (window(e)[0] - published).days <= _BEFORE_START
              or window(e)[0] <= published <= window(e)[1] + dt.timedelta(days=_AFTER_END)]  # fmt: skip
    return (around[0], "near-in-time", "strong") if len(around) == 1 else None


_STEPS = (_by_ordinal, _by_year, _by_city, _by_relative_word, _by_hosts, _by_time)


def _hosts(scan: Scan, place: Place, near: list[EventPlace], places: list[Place], registry: Registry) -> bool:
    """A country after a word of hosting, or in the list that follows, or right after the event's name and year."""
    text, (start, _) = scan.text, scan.sentence_of(place.start)
    first = _list_start(text, place, places)
    before = text[max(start, first.start - 45) : first.start]
    last = _list_end(text, place, places)
    if cues.JOINT_BID.search(text[last.end : last.end + 30]):  # «المغرب وإسبانيا والبرتغال ملفا مشتركا»
        return True
    found = [*cues.HOSTING.finditer(before), *cues.JOINT_BID.finditer(before)]
    cue = found[-1] if found else None
    if cue and not cues.OFFICE.search(before[cue.end() :] + " "):
        return len(before[cue.end() :].split()) <= 4  # «تنظيم كأس العالم 2030 في» is the longest seen
    for event in near:
        if event.event_id and place.code not in hosts(registry.events[event.event_id]):
            continue
        between = text[event.end : first.start]
        if 0 <= first.start - event.end <= 30 and _BESIDE.fullmatch(between):
            return True
    return False


def _list_end(text: str, place: Place, places: list[Place]) -> Place:
    """The last country of the run that a place stands in."""
    last = place
    for other in (p for p in places if p.start >= place.end):
        if not cues.LIST_JOINT.fullmatch(text[last.end : other.start]):
            break
        last = other
    return last


def _list_start(text: str, place: Place, places: list[Place]) -> Place:
    """The first country of the run «المغرب وإسبانيا والبرتغال» that a place stands in."""
    first = place
    for other in reversed([p for p in places if p.end <= place.start]):
        if not cues.LIST_JOINT.fullmatch(text[other.end : first.start]):
            break
        first = other
    return first
