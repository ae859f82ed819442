"""Lanes over time from a relation: which rows, which periods, gaps, windows and countdowns. Shared by three pages."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from dashboard import charts, queries
from dashboard.drill import mark_text
from dashboard.room import Room

_MOST_LANES = 6


def busiest(room: Room, relation: str, dimension: str, most: int = _MOST_LANES) -> list[str]:
    """The values with the greatest numbers under the filters, the greatest first; ties by id."""
    found = queries.counts(room.source, relation, (dimension,), room.filters, room.first_weekday)
    return [ident for ident, _ in sorted(found, key=lambda row: (-row[1], row[0]))[:most]]


def lanes(room: Room, relation: str, dimension: str, chosen: Sequence[str]) -> list[charts.Lane]:
    """A lane for each chosen value, on the periods of the data: zero where articles were loaded, None where none."""
    found = queries.counts(room.source, relation, (dimension, "period"), room.filters, room.first_weekday)
    numbers: dict[str, dict[dt.date, int]] = defaultdict(dict)
    for ident, day, count in found:
        numbers[ident][day] = count
    days = periods(room, [day for ident in chosen for day in numbers[ident]])
    loaded = set(queries.loaded_periods(room.source, room.filters.grain, room.first_weekday))
    return [
        _lane(room, relation, dimension, ident, {d: numbers[ident].get(d, 0 if d in loaded else None) for d in days})
        for ident in chosen
    ]


def _lane(room: Room, relation: str, dimension: str, ident: str, values: dict[dt.date, int | None]) -> charts.Lane:
    marks = {
        day: mark_text(relation, **{dimension: ident, "period": day.isoformat(), "grain": room.filters.grain})
        for day, value in values.items() if value
    }  # fmt: skip
    window = room.names.windows.get(ident) if dimension == "event" else None
    return charts.Lane(ident, room.label(dimension, ident), values, marks, window, countdown(room, window))


def periods(room: Room, days: Sequence[dt.date]) -> list[dt.date]:
    """All periods from the first to the last of `days`, widened to the filters' dates where there is data, no hole."""
    first, last = queries.day_span(room.source)
    if not days or not first or not last:
        return []
    asked = (d for d in (room.filters.since, room.filters.until) if d)
    ends = [*days, *(room.start_of(min(max(d, first), max(last, room.today))) for d in asked)]
    out, day = [], min(ends)
    while day <= max(ends):
        out.append(day)
        day = room.following(day)
    return out


def countdown(room: Room, window: tuple[dt.date, dt.date] | None) -> str:
    """«بعد 38 يومًا», «يومه 2 من 4», «انتهى», and the days themselves; empty where they are not registered."""
    if window is None:
        return ""
    start, end = window
    if start > room.today:
        when = room.words.t("event.in", days=room.words.n("n.day", (start - room.today).days))
    elif end < room.today:
        when = room.words.t("event.over")
    else:
        when = room.words.t("event.now", n=(room.today - start).days + 1, days=(end - start).days + 1)
    return f"{room.words.span(start, end)} · {when}"


def total(room: Room) -> list[charts.Lane]:
    """One lane of everything under the filters."""
    found = dict(queries.counts(room.source, "articles", ("period",), room.filters, room.first_weekday))
    loaded = set(queries.loaded_periods(room.source, room.filters.grain, room.first_weekday))
    values = {d: found.get(d, 0 if d in loaded else None) for d in periods(room, list(found))}
    marks = {d: mark_text("articles", period=d.isoformat(), grain=room.filters.grain) for d, v in values.items() if v}
    return [charts.Lane("all", room.words.t("lane.all"), values, marks)]


def reading(room: Room, rows: list[charts.Lane]) -> str:
    """How the lanes are read: what stands beside their bars, and that a bar is a link."""
    return " ".join(room.words.t(f"chart.reading.{one}") for one in (*charts.beside_bars(rows, room.today), "bar"))


def figure(room: Room, rows: list[charts.Lane]) -> charts.Figure:
    """The lanes drawn in the room's words, with today and the direction of time that was chosen."""
    return charts.lanes(rows, room.words, period=room.period, unit=room.unit, today=room.today, time=room.filters.time)
