"""الأحداث عبر الزمن: stories or articles per period for chosen events, with each event's window and countdown."""

import datetime as dt
from dataclasses import replace

import streamlit as st

from dashboard import bar, charts, drill, queries, timeline
from dashboard.room import UNITS, Room, page

_PHASES = ("before", "during", "after")
_MOST = 10
_DAY = dt.timedelta(days=1)


def body(room: Room) -> None:
    """Lanes of the chosen events (else the busiest), then before / during / after, then a ranking of all."""
    chosen = list(room.filters.events) or timeline.busiest(room, "events", "event")
    rows = timeline.lanes(room, "events", "event", chosen)
    title = room.words.t("events.lanes", unit=room.unit, grain=room.words.t(f"per.{room.filters.grain}"))
    if not any(any(lane.values.values()) for lane in rows):
        st.header(title)
        bar.nothing(room, "events")
        return
    drill.figure(room, "events-lanes", timeline.figure(room, rows), title=title, alt=room.words.t("events.alt"))
    st.caption(timeline.reading(room, rows))
    ranking(room)
    phases(room, chosen)


def ranking(room: Room) -> None:
    """All events under the filters, unresolved editions as their own rows."""
    found = queries.counts(room.source, "events", ("event",), room.filters, room.first_weekday)
    ranked = sorted(found, key=lambda row: (-row[1], row[0]))[:_MOST]
    title = room.words.t("events.ranking", unit=room.unit)
    rows = [charts.Bar(i, room.label("event", i), n, drill.mark_text("events", event=i)) for i, n in ranked]
    figure = charts.bars(rows, room.words, unit=room.unit)
    drill.figure(room, "events-ranking", figure, title=title, alt=room.words.t("events.ranking_alt"))


def phases(room: Room, chosen: list[str]) -> None:
    """Coverage before, during and after each event with registered days, as far as time and the data reach."""
    known = [i for i in chosen if i in room.names.windows]
    if not known:
        return
    st.header(room.words.t("events.phases", unit=room.unit))
    for ident in known:
        start, end = room.names.windows[ident]
        spans = ((dt.date.min, start - _DAY), (start, end), (end + _DAY, dt.date.max))
        parts = [_phase(room, ident, name, *span) for name, span in zip(_PHASES, spans, strict=True)]
        st.text(f"{room.label('event', ident)}: " + " · ".join(parts))


def _phase(room: Room, ident: str, name: str, since: dt.date, until: dt.date) -> str:
    """How much was written in a phase; a zero of days that are to come, or that nothing was loaded of, is no zero."""
    n, phase = _between(room, ident, since, until), room.words.t(f"phase.{name}")
    first, last = queries.day_span(room.source)
    if not n and since > room.today:
        return room.words.t("phase.to_come", phase=phase)
    if not n and (first is None or last is None or until < first or since > last):
        return room.words.t("phase.not_loaded", phase=phase)
    return room.words.t("phase.found", phase=phase, found=room.words.n(UNITS[room.filters.unit], n))


def _between(room: Room, ident: str, since: dt.date, until: dt.date) -> int:
    """Stories or articles on an event between two days, inside the filters' own period."""
    low, high = max(since, room.filters.since or since), min(until, room.filters.until or until)
    if low > high:
        return 0
    asked = replace(room.filters, since=low, until=high)
    return queries.number(room.source, queries.mark_of("events", event=ident), asked)


page("nav.events", body, bar=bar.show)
