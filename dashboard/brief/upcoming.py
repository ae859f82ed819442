"""What the calendar of tracked events holds for two weeks, as it was known in the week of the briefing."""

import calendar
import datetime as dt
from dataclasses import dataclass

from dashboard import queries
from dashboard.brief import weeks
from dashboard.room import Room

_AHEAD = 2 * weeks.WEEK
_MOST = 6
_SURENESS = ("low", "medium", "high")


@dataclass(frozen=True)
class Due:
    """An edition that begins, ends or runs: `what` is starts, ends, runs or month (the day is not known).

    `first` and `last` are its days, or those of the month; `sureness` is that of the less sure of them.
    """

    event: str
    what: str
    first: dt.date
    last: dt.date
    hosts: tuple[str, ...]
    sureness: str


def due(room: Room) -> tuple[Due, ...]:
    """The editions of the next two weeks, by their day and id; with events chosen, those alone."""
    known: dict[str, dict[str, tuple[str, str]]] = {}
    for event, key, value, sureness in queries.facts_on(room.source, room.today):
        known.setdefault(event, {})[key] = (value, sureness)
    chosen = set(room.filters.events)
    found = [_due(event, facts, room.today) for event, facts in known.items() if not chosen or event in chosen]
    told = sorted((one for one in found if one), key=lambda one: (_day(one, room.today), one.event))
    return tuple(told[:_MOST])


def _day(one: Due, today: dt.date) -> tuple[bool, dt.date]:
    """What happens on a known day stands first, by that day."""
    return one.what in {"runs", "month"}, one.last if one.first <= today else one.first


def _due(event: str, facts: dict[str, tuple[str, str]], today: dt.date) -> Due | None:
    if "start" not in facts:
        return None
    first, is_day = _read(facts["start"][0], is_end=False)
    last, ends_on_day = _read(facts.get("end", facts["start"])[0], is_end=True)
    if first is None or last is None:
        return None
    ahead = today + _AHEAD
    if last <= today or first > ahead:
        return None
    what = "month" if not is_day else "starts" if first > today else "ends" if ends_on_day and last <= ahead else "runs"
    hosts = tuple(code for code in facts.get("host", ("", ""))[0].split(",") if code)
    sureness = min((facts[key][1] for key in ("start", "end") if key in facts), key=_SURENESS.index)
    return Due(event, what, first, last, hosts, sureness)


def _read(value: str, *, is_end: bool) -> tuple[dt.date | None, bool]:
    """A day, or the first or last day of a month; a bare year says too little for two weeks."""
    if len(value) == len("2025-12-21"):
        return dt.date.fromisoformat(value), True
    if len(value) != len("2025-12"):
        return None, False
    year, month = int(value[:4]), int(value[5:])
    return dt.date(year, month, calendar.monthrange(year, month)[1] if is_end else 1), False
