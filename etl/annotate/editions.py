"""Editions of a series: in time order, with their days, hosts and the names that stand for them."""

import datetime as dt

from etl.registry import Event, Registry

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
    start, end = event.value("start"), event.value("end")
    first = _day(start if isinstance(start, str) else str(event.label_year), last=False)
    final = _day(
        end if isinstance(end, str) else (start if isinstance(start, str) else str(event.label_year)), last=True
    )
    return first, max(first, final)


def _day(value: str, *, last: bool) -> dt.date:
    year, month, day = (*map(int, value.split("-")), 0, 0)[:3]
    if day:
        return dt.date(year, month, day)
    if not last:
        return dt.date(year, month or 1, 1)
    following = dt.date(year + (month in {0, 12}), 1 if month in {0, 12} else month + 1, 1)
    return following - dt.timedelta(days=1)


def places_of(event: Event, registry: Registry) -> tuple[str, ...]:
    """The names that a text may put beside a competition to mean this edition: its cities and its hosts."""
    return (*event.cities, *(n for code in hosts(event) for n in registry.countries[code].names))


def hosts(event: Event) -> tuple[str, ...]:
    """The codes of the host countries in force."""
    found = event.value("host") or ()
    return found if isinstance(found, tuple) else (found,)
