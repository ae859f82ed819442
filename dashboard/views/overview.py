"""نظرة عامة: the week at a glance — tiles, what changed, event lanes, this week against last."""

import datetime as dt
from dataclasses import replace

import streamlit as st

from dashboard import bar, charts, drill, queries, safe, timeline, weekly
from dashboard.filters import Filters
from dashboard.room import Room, page, put
from dashboard.words import bare


def body(room: Room) -> None:
    """Tiles with last week and the mean of four; lanes; themes compared; each number opens its articles."""
    both = weekly.weeks(room)
    tiles(room, both)
    drill.behind(room, "tiles")
    title = room.words.t("overview.lanes", unit=room.unit)
    chosen = timeline.busiest(room, "events", "event")
    if chosen:
        rows = timeline.lanes(room, "events", "event", chosen)
        figure = timeline.figure(room, rows)
        drill.figure(room, "overview-lanes", figure, title=title, alt=room.words.t("events.alt"))
        st.caption(timeline.reading(room, rows))
    else:
        st.header(title)
        bar.nothing(room, "events")
    if both:
        compared(room, both)


def compared(room: Room, both: weekly.Weeks) -> None:
    """What changed since the week before, in words; then the themes of both weeks side by side."""
    this, last = room.words.week(both.now), room.words.week(both.before)
    if not weekly.is_loaded(room, both.before):
        st.header(room.words.t("overview.changes", unit=room.unit, now=this, before=last))
        st.text(room.words.t("brief.changes.no_before"))
        return
    rows = weekly.compared(room, "themes", "theme", both)
    changes = weekly.changes(room, [*weekly.compared(room, "events", "event", both), *rows])
    if changes:
        st.header(room.words.t("overview.changes", unit=room.unit, now=this, before=last))
    for sentence in changes:
        st.text(f"• {sentence}")
    title = room.words.t("overview.compared", unit=room.unit, now=this, before=last)
    if not rows:
        st.header(title)
        bar.nothing(room, "themes")
        return
    figure = charts.dumbbells(rows, room.words, now=this, before=last, unit=room.unit)
    drill.figure(room, "overview-compared", figure, title=title, alt=room.words.t("compared.alt"))
    st.caption(room.words.t("compared.reading", now=this, before=last, unit=room.unit))


def tiles(room: Room, both: weekly.Weeks | None) -> None:
    """Five numbers; those that count articles or stories open their list."""
    weekly_filters = replace(room.filters, grain="week")
    with st.container(horizontal=True, key="tiles"):
        if both:
            for unit in ("stories", "articles"):
                found = queries.counts(
                    room.source, "articles", ("period",), replace(weekly_filters, unit=unit), room.first_weekday
                )
                values = dict(found)
                mark = drill.mark_text("articles", period=both.now.isoformat(), grain="week", unit=unit)
                tile(room, unit, values.get(both.now, 0), versus(room, values, both), mark)
            sources(room, both)
            events(room, both, weekly_filters)
        undated(room)
    if both:
        st.caption(room.words.t("overview.week", week=room.words.week(both.now)))


def versus(room: Room, values: dict[dt.date, int], both: weekly.Weeks) -> str:
    """Last week's number and the mean of the loaded ones of four weeks, as the briefing has them."""
    told = [last_week(room, values.get(both.before, 0), both)]
    mean = weekly.mean(room, values, both.now)
    if mean:
        told.append(room.words.t("tile.mean", weeks=room.words.n("n.week", mean[1]), mean=mean[0]))
    return " · ".join(told)


def last_week(room: Room, number: int, both: weekly.Weeks) -> str:
    """Last week's number, or that nothing was loaded of it."""
    if not weekly.is_loaded(room, both.before):
        return room.words.t("tile.not_loaded")
    return room.words.t("tile.before", before=number)


def tile(room: Room, name: str, value: int, note: str, mark: str | None = None) -> bool:
    """One number with its caption. With a mark, a click opens the articles behind it; else it is told."""
    said = room.words.t(f"tile.{name}")
    label = f"**{room.words.number(value)}**  \n{said}  \n:small[{safe.markdown(bare(note))}]"
    opens = {"at": "tiles", "mark": mark, "page": "0"}
    return st.button(label, key=f"tile-{name}", disabled=not value, on_click=put if mark else None, kwargs=opens)


def sources(room: Room, both: weekly.Weeks) -> None:
    """How many publishers wrote this week; a click goes to the publishers."""
    now, before = (
        queries.sources_between(room.source, start, start + dt.timedelta(days=6), room.filters)
        for start in (both.now, both.before)
    )
    if tile(room, "sources", now, last_week(room, before, both)):
        st.switch_page("views/data.py", query_params=drill.address_of(room.filters))


def events(room: Room, both: weekly.Weeks, weekly_filters: Filters) -> None:
    """How many editions the week's articles name; a click goes to the events of that week."""
    found = queries.counts(room.source, "events", ("event", "period"), weekly_filters, room.first_weekday)
    now, before = (
        sum(1 for ident, day, _ in found if day == week and not ident.endswith(queries.OPEN))
        for week in (both.now, both.before)
    )
    if tile(room, "events", now, last_week(room, before, both)):
        week = replace(room.filters, since=both.now, until=both.now + dt.timedelta(days=6))
        st.switch_page("views/events.py", query_params=drill.address_of(week))


def undated(room: Room) -> None:
    """How many are undated under the filters, of all; and their list."""
    without = queries.number(room.source, queries.mark_of("undated"), room.filters)
    no_period = replace(room.filters, since=None, until=None)
    everything = queries.number(room.source, queries.mark_of("articles"), no_period)
    share = room.words.percent(without / everything) if everything else room.words.percent(0)
    tile(room, "undated", without, room.words.t("tile.share", share=share, unit=room.unit), "undated")


page("nav.overview", body, bar=bar.show)
