"""Event editions: which series a text names, and which edition of it.

etl.annotate.resolve decides the edition of a name by the words around it, etl.annotate.echoes by the whole article.
What is still open keeps its candidates in time order. A year may stand far from its name, and one year may serve two
names; the clause ends at the next event's name.
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterator

from etl.annotate import cues
from etl.annotate.countries import Place
from etl.annotate.editions import editions_of, hosts, places_of
from etl.annotate.names import Hit, longest
from etl.annotate.patterns import anywhere
from etl.annotate.resolve import JOINT, YEAR, Question, decided, named_after, of_year
from etl.annotate.scan import Scan
from etl.annotate.words import seen_in
from etl.model import ANNOTATOR, EventMention, Stage, Tier
from etl.registry import Event, Registry, Series
from etl.text import folded_name

_RANK = {"event_not": 0, "event": 1, "event_dual": 2, "event_elided": 3, "event_short": 4}
_REACH = 170
_NEAR_VARIANT = 45
_NEAR_LIST = 14
_LONGEST_HOST = 30
AND_YEAR = re.compile(r"(?:[-–]| ?[،,]? ?(?:و|ثم |او )? ?(?:عام |سنه |نسخه )?)((?:19|20)\d{2})(?!\d)")
_LONG_AGO, _FULL_RECORD = 12, 2013
_MINISTRY = re.compile(r"(?:ال|لل)شباب وال?رياضه")
_YOUTH = "شباب"
_NOUN_BEFORE = re.compile(r"(?<!\w)(?:نهاييات|منافسات|بطوله|دوره|نسخه|في|من|خلال|قبل|بعد|منتخبات|مباريات|قرعه) $")
_PLACE_AND_YEAR = re.compile(r"\W{1,2}ال(?!عام |سنه |موسم )\w+ (?:19|20)\d{2}(?!\d)")
_BESIDE = re.compile(r"\W*(?:19|20)?\d{0,2}\W*(?:ب|في|المقرره? في|المقامه? في)?\W*(?:كل من )?")
_QUALIFIERS = re.compile(r"(?<!\w)[وفبلك]?(?:ال|لل)?(?:تصفي\w+|اقصاييات|موهله|ملحق)(?!\w)")
_OTHER_BALL = re.compile(r"(?<!\w)(?:\w{0,2}كره (?:ال)?|لل|\w{0,3}مونديال ال)(?:سله|يد|طايره|رجبي|ريغبي|ريكبي)(?!\w)")
_OTHER_BALLS = ("سله", "كره يد", "اليد", "لليد", "طايره", "رجبي", "ريغبي", "ريكبي")
"""One of these stands in each match: a search for words goes through a text far quicker than a pattern."""
_OWN_NAME = re.compile(r"(?:ال|لل|ل)?(?:يورو|كوبا|خليجي)")
_FOOTBALL = re.compile(r"كره القدم|لكره القدم|كره قدم|فوتسال|الصالات|داخل القاعه|فيفا|كاف(?!\w)|يويفا")


class EventPlace:
    """An event name in a folded field with its clause; `event_id` None while the edition is open."""

    def __init__(
        self,
        series_id: str,
        event_id: str | None,
        candidates: tuple[str, ...],
        start: int,
        end: int,
        clause: tuple[int, int],
        tier: Tier,
        rule: str,
        stage: Stage | None,
    ) -> None:
        self.series_id = series_id
        self.event_id = event_id
        self.candidates = candidates
        self.start = start
        self.end = end
        self.clause = clause
        self.tier = tier
        self.rule = rule
        self.stage = stage

    def decided(self, event_id: str, rule: str) -> "EventPlace":
        """The same mention with its edition, and the rule that told it."""
        return EventPlace(self.series_id, event_id, (), self.start, self.end, self.clause, self.tier, rule, self.stage)


def find(scan: Scan, places: list[Place], registry: Registry, published: dt.date | None) -> list[EventPlace]:
    """The event names of a field, each with its edition where its clause or the date decides it."""
    hits = _names(scan, registry) if scan.events else []
    found = [_resolve(scan, hits, n, places, registry, published) for n in range(len(hits))]
    named = [_with_apposition(scan, event, after) for event, after in itertools.zip_longest(found, found[1:])]
    return [one for event in named for one in (event, *_more_years(scan, event, registry))]


def _with_apposition(scan: Scan, event: EventPlace, after: EventPlace | None) -> EventPlace:
    """«قمة المناخ كوب 30», «مؤتمر الأطراف (كوب 30)»: two names side by side of one series are one edition."""
    if event.event_id or not after or after.series_id != event.series_id or not after.event_id:
        return event
    is_beside = not re.search(r"\w", scan.text[event.end : after.start])
    return event.decided(after.event_id, "apposition") if is_beside else event


def _more_years(scan: Scan, event: EventPlace, registry: Registry) -> Iterator[EventPlace]:
    """«كأس العالم 2026 و2030», «في أعوام 1958 و1962»: each further year of a list is an edition of its own."""
    editions = editions_of(registry).get(event.series_id, ())
    end = _first_of_list(scan, event, registry)
    while end and (match := AND_YEAR.match(scan.text, end)):
        end = match.end()
        other = of_year(editions, int(match[1]))
        if other and match.end() <= scan.sentence_of(event.start)[1]:
            yield EventPlace(event.series_id, other.id, (), match.start(1), end, event.clause, event.tier,
                             "year-in-list", event.stage)  # fmt: skip


def _first_of_list(scan: Scan, event: EventPlace, registry: Registry) -> int | None:
    """Where the first year of a list ends: beside the name, or in its clause («بعد 1978 و1998»)."""
    if event.rule == "year-beside-name":
        beside = YEAR.search(scan.text, event.start, event.end + _NEAR_LIST)
        return beside.end() if beside else None
    if event.rule != "year-in-clause" or not event.event_id:
        return None
    label = str(registry.events[event.event_id].label_year)
    first = scan.text.find(label, event.end, event.clause[1])
    return first + len(label) if first >= 0 else None


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
    for place in places if found else ():
        near = [e for e in found if _same_sentence(scan, e.start, place.start)]
        is_host = near and _hosts(scan, place, near, places, registry)
        out.append(place.told(place.code, "host") if is_host else place)
    return out if found else places


def _same_sentence(scan: Scan, first: int, second: int) -> bool:
    start, end = scan.sentence_of(first)
    return start <= second < end


def _names(scan: Scan, registry: Registry) -> list[Hit]:
    """The event names that count, by length, blockers and the demands of short and elided forms."""
    kept: list[Hit] = []
    duals = [h.end for h in scan.events if h.kind == "event_dual"]
    may_be = any(word in scan.text for word in _OTHER_BALLS)
    is_other_ball = may_be and bool(_OTHER_BALL.search(scan.text)) and not _FOOTBALL.search(scan.text)
    named = (h for h in scan.events if h.kind != "event_elided" or any(0 <= h.start - d < _NEAR_VARIANT for d in duals))
    for hit in longest(named, _RANK):
        after = scan.text[hit.end : hit.end + 40]
        if hit.kind == "event_short" and not _short_counts(scan.text, hit, after, registry):
            continue
        if hit.kind == "event_not":
            continue
        if is_other_ball and _is_bare_football(scan.text, hit, registry):
            other = _of_other_ball(scan.text, registry.series[str(hit.payload)])
            kept += [Hit(hit.start, hit.end, hit.kind, other, hit.before)] if other else []
        else:
            kept.append(hit)
    return kept


def _is_bare_football(text: str, hit: Hit, registry: Registry) -> bool:
    """«كأس إفريقيا للأمم» is football's, unless an article speaks of another ball alone."""
    return registry.series[str(hit.payload)].sport == "football" and not _OWN_NAME.match(text, hit.start)


def _of_other_ball(text: str, series: Series) -> str | None:
    """The cup of the same name in the ball that the text speaks of («كرة اليد» for «لكرة اليد»)."""
    named = (
        v.series
        for v in series.variants
        if any(folded_name(w).removeprefix("ل") in text for w in v.words if len(w) > 5)
    )
    return next(named, None)


def _short_counts(text: str, hit: Hit, after: str, registry: Registry) -> bool:
    """«كان 2025» always; «كان المغرب» only after a word that no verb follows («نهائيات كان المغرب»)."""
    joint = JOINT.match(after)
    rest = after[joint.end() if joint else 0 :]
    if YEAR.match(rest) or _PLACE_AND_YEAR.match(after):
        return True
    if not (
        hit.before in {"ب", "ل", "ال", "بال", "لل"} or _NOUN_BEFORE.search(text, max(0, hit.start - 12), hit.start)
    ):
        return False
    editions = editions_of(registry).get(str(hit.payload), ())
    return any(named_after(after, places_of(event, registry, None)) for event in editions)


def _resolve(
    scan: Scan, hits: list[Hit], n: int, places: list[Place], registry: Registry, published: dt.date | None
) -> EventPlace:
    hit, clause = hits[n], _clause(scan, hits, n)
    left, right = scan.text[clause[0] : hit.start], scan.text[hit.end : clause[1]]
    series = _variant(registry.series[str(hit.payload)], left, right, registry)
    editions = editions_of(registry).get(series.id, ())
    stage: Stage = "qualifiers" if _QUALIFIERS.search(left[-40:]) else "finals"
    question = Question(scan, hit, left, right, clause, editions, places, registry, published, stage)
    event, rule, tier = decided(question)
    if rule == "year-not-registered" and (sister := _of_sister(right, series, registry)):
        series, event = sister
        rule, tier = "year-beside-name", "strong"
    end = _with_year(scan.text, hit.end) if rule.endswith("beside-name") else hit.end
    ident = event.id if event else None
    candidates = () if ident or rule.endswith("not-registered") else _candidates(editions, published)
    return EventPlace(series.id, ident, candidates, hit.start, end, clause, tier, rule, stage)


def _of_sister(right: str, series: Series, registry: Registry) -> tuple[Series, Event] | None:
    """«كأس العالم 2023 بأستراليا»: the edition of a variant with this year and a host named right after it."""
    year = YEAR.search(right[:_NEAR_VARIANT])
    if year is None:
        return None
    beside = right[year.end() : year.end() + _LONGEST_HOST]
    for variant in series.variants:
        event = of_year(editions_of(registry).get(variant.series, ()), int(year[1]))
        places = places_of(event, registry, None) if event else ()
        if event and places and anywhere(places).search(beside):
            return registry.series[variant.series], event
    return None


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
    while last > end and (match := AND_YEAR.match(text, last)):
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
    """Another series where its words stand right after the name or just before it; a ministry of youth is none."""
    if _YOUTH in left or _YOUTH in right:
        right, left = (_MINISTRY.sub("", side) for side in (right, left))
    beside = right[:_NEAR_VARIANT], left[-_NEAR_VARIANT // 2 :]
    if not any(map(_any_variant(series, registry).search, beside)):
        return series
    return next(registry.series[v.series] for v in series.variants if any(map(anywhere(v.words).search, beside)))


def _any_variant(series: Series, registry: Registry) -> re.Pattern[str]:
    """Matches where any variant of a series does: most names stand beside none."""
    key = registry.sha256, series.id
    if key not in _VARIANTS:
        words = tuple(word for variant in series.variants for word in variant.words)
        _VARIANTS[key] = anywhere(words) if words else _NOTHING
    return _VARIANTS[key]


_VARIANTS: dict[tuple[str, str], re.Pattern[str]] = {}
_NOTHING = re.compile(r"(?!)")


def _hosts(scan: Scan, place: Place, near: list[EventPlace], places: list[Place], registry: Registry) -> bool:
    """A country after a word of hosting, or in the list that follows, or beside the event's name or its year alone."""
    text, (start, _) = scan.text, scan.sentence_of(place.start)
    first = _list_start(text, place, places)
    begin = max(start, first.start - 45)
    before, said = text[begin : first.start], seen_in(scan.folded, begin, first.start)
    last = _list_end(text, place, places)
    following = seen_in(scan.folded, last.end, last.end + 30)
    if cues.JOINT_BID.is_in(text[last.end : last.end + 30], following):  # «المغرب وإسبانيا والبرتغال ملفا مشتركا»
        return True
    if cues.HOSTS_NEXT.match(text, last.end) and any(_is_host_of(place, event, registry) for event in near):
        return True
    found = [*cues.HOSTING.finditer(before, said), *cues.JOINT_BID.finditer(before, said)]
    cue = found[-1] if found else None
    if cue and not cues.OFFICE.search(before[cue.end() :] + " "):
        between = before[cue.end() :]
        most = 6 if cues.IN_PARTNERSHIP.search(between) else 4  # «تنظيم كأس العالم 2030 في» is the longest seen
        return len(between.split()) <= most
    for event in near:
        if event.event_id and not _is_host_of(place, event, registry):
            continue
        if _is_year_of(event, text, last.end):
            return True
        between = text[event.end : first.start]
        if 0 <= first.start - event.end <= 30 and _BESIDE.fullmatch(between):
            return True
    return False


def _is_year_of(event: EventPlace, text: str, end: int) -> bool:
    """«نسخة كوريا الجنوبية واليابان 2002»: the year alone, right after its hosts."""
    return event.rule == "edition-alone" and text[end : event.start] == " " and text[event.start].isdigit()


def _is_host_of(place: Place, event: EventPlace, registry: Registry) -> bool:
    return bool(event.event_id) and place.code in hosts(registry.events[str(event.event_id)])


def _list_end(text: str, place: Place, places: list[Place]) -> Place:
    """The last country of the run that a place stands in."""
    last = place
    for other in (p for p in places if p.start >= place.end):
        if not cues.is_list_joint(text[last.end : other.start]):
            break
        last = other
    return last


def _list_start(text: str, place: Place, places: list[Place]) -> Place:
    """The first country of the run «المغرب وإسبانيا والبرتغال» that a place stands in."""
    first = place
    for other in reversed([p for p in places if p.end <= place.start]):
        if not cues.is_list_joint(text[other.end : first.start]):
            break
        first = other
    return first
