"""Editions of a series: in time order, with their days, hosts and the names that stand for them."""

import bisect
import datetime as dt
import itertools

from etl.registry import Event, Registry
from etl.text import folded_name

_EDITIONS: dict[str, dict[str, tuple[Event, ...]]] = {}


def editions_of(registry: Registry) -> dict[str, tuple[Event, ...]]:
    """The editions of every series in time order."""
    if registry.sha256 not in _EDITIONS:
        grouped: dict[str, list[Event]] = {}
        for event in registry.events.values():
            grouped.setdefault(event.series, []).append(event)
        _EDITIONS[registry.sha256] = {
            s: tuple(sorted(es, key=lambda e: (window(e)[0], e.id))) for s, es in grouped.items()
        }
    return _EDITIONS[registry.sha256]


def window(event: Event) -> tuple[dt.date, dt.date]:
    """First and last day of an edition; a month or year stands for all its days, no date for its label year."""
    kept = _WINDOWS.get(id(event))
    if kept is None or kept[0] is not event:
        start, end = event.value("start"), event.value("end")
        first = start if isinstance(start, str) else str(event.label_year)
        kept = _WINDOWS[id(event)] = event, _days(first, end if isinstance(end, str) else first)
    return kept[1]


def held_in(editions: tuple[Event, ...], year: int, month: int) -> Event | None:
    """The one edition some of whose days lie in a month, None where none or several do."""
    first, last = _day(f"{year}-{month}", last=False), _day(f"{year}-{month}", last=True)
    found = [event for event in editions if window(event)[0] <= last and first <= window(event)[1]]
    return found[0] if len(found) == 1 else None


_WINDOWS: dict[int, tuple[Event, tuple[dt.date, dt.date]]] = {}
"""By the event's own place in memory: to compare or hash all that is known of it takes longer than to find it out."""


def _days(start: str, end: str) -> tuple[dt.date, dt.date]:
    first, last = _day(start, last=False), _day(end, last=True)
    return first, max(first, last)


def _day(value: str, *, last: bool) -> dt.date:
    year, month, day = (*map(int, value.split("-")), 0, 0)[:3]
    if day:
        return dt.date(year, month, day)
    if not last:
        return dt.date(year, month or 1, 1)
    following = dt.date(year + (month in {0, 12}), 1 if month in {0, 12} else month + 1, 1)
    return following - dt.timedelta(days=1)


def places_of(event: Event, registry: Registry, on: dt.date | None) -> tuple[str, ...]:
    """The folded names that a text may put beside a competition to mean this edition: its cities and its hosts."""
    key = registry.sha256, event.id, hosts(event, on)
    if key not in _PLACES:
        names = itertools.chain(event.cities, *(registry.countries[code].names for code in key[2]))
        _PLACES[key] = tuple(folded_name(name) for name in names)
    return _PLACES[key]


_PLACES: dict[tuple[str, str, tuple[str, ...]], tuple[str, ...]] = {}


def all_places(editions: tuple[Event, ...], registry: Registry) -> tuple[str, ...]:
    """The names of `places_of` for all editions of a series whenever it is asked, and the article that «ل» elides."""
    key = registry.sha256, editions[0].series if editions else ""
    if key not in _ALL_PLACES:
        known = {code for event in editions for code in _all_hosts(event)}
        cities = (city for event in editions for city in event.cities)
        names = (*cities, *(name for code in known for name in registry.countries[code].names))
        _ALL_PLACES[key] = (*sorted(map(folded_name, names)), ELIDED)
    return _ALL_PLACES[key]


ELIDED = "لل"
"""How a name with an article begins behind «ل»."""

_ALL_PLACES: dict[tuple[str, str], tuple[str, ...]] = {}


def _all_hosts(event: Event) -> set[str]:
    days = [day for fact in event.fact for day in (fact.known_from, fact.superseded_on) if day]
    return {code for day in ("", *days, None) for code in _hosts(event, day)}


def demonyms_of(event: Event, registry: Registry, on: dt.date | None) -> tuple[str, ...]:
    """The folded demonyms of its hosts with their article: «المونديال الروسي»."""
    return tuple(folded_name(f"ال{name}") for code in hosts(event, on) for name in registry.countries[code].demonyms)


def hosts(event: Event, on: dt.date | None = None) -> tuple[str, ...]:
    """The codes of the host countries, in force today or as known on a day."""
    kept = _HOSTS.get(id(event))
    if kept is None or kept[0] is not event:
        facts = [fact for fact in event.fact if fact.key == "host"]
        days = sorted({day for fact in facts for day in (fact.known_from, fact.superseded_on) if day})
        kept = _HOSTS[id(event)] = event, days, [_hosts(event, day) for day in ("", *days)], _hosts(event, None)
    _, days, known, today = kept
    return known[bisect.bisect_right(days, on.isoformat())] if on else today


_HOSTS: dict[int, tuple[Event, list[str], list[tuple[str, ...]], tuple[str, ...]]] = {}
"""The days on which something became known, the hosts before the first and from each on, and those in force today."""


def _hosts(event: Event, on: str | None) -> tuple[str, ...]:
    found = event.value("host", on) or ()
    return found if isinstance(found, tuple) else (found,)
