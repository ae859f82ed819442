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
    st.header(room.words.t("overview.lanes", unit=room.unit))
    chosen = timeline.busiest(room, "events", "event")
    if chosen:
        rows = timeline.lanes(room, "events", "event", chosen)
        drill.figure(room, "overview-lanes", timeline.figure(room, rows), alt=room.words.t("events.alt"))
        st.caption(room.words.t("chart.reading"))
    else:
        bar.nothing(room, "events")
    if both:
        compared(room, both)


def compared(room: Room, both: weekly.Weeks) -> None:
    """Themes of this week beside last week's, and the changes in words."""
    now, before = room.words.week(both.now), room.words.week(both.before)
    rows = weekly.compared(room, "themes", "theme", both)
    st.header(room.words.t("overview.compared", unit=room.unit, now=now, before=before))
    if not rows:
        bar.nothing(room, "themes")
        return
    for sentence in weekly.changes(room, [*weekly.compared(room, "events", "event", both), *rows]):
        st.text(f"• {sentence}")
    figure = charts.dumbbells(rows, room.words, now=now, before=before, unit=room.unit)
    drill.figure(room, "overview-compared", figure, alt=room.words.t("compared.alt"))


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
    """Last week's number and the mean of four weeks."""
    mean = round(weekly.mean(values, both.now), 1)
    return room.words.t("tile.versus", before=values.get(both.before, 0), mean=mean)


def tile(room: Room, name: str, value: int | str, note: str, mark: str | None) -> None:
    """One number with its caption; a click opens the articles behind it."""
    shown = value if isinstance(value, str) else room.words.number(value)
    label = f"**{safe.markdown(bare(shown))}**  \n{room.words.t(f'tile.{name}')}  \n:small[{safe.markdown(bare(note))}]"
    st.button(
        label,
        key=f"tile-{name}",
        disabled=mark is None,
        on_click=put,
        kwargs={"at": "tiles", "mark": mark or "", "page": "0"},
    )


def sources(room: Room, both: weekly.Weeks) -> None:
    """How many publishers wrote this week."""
    counted = [
        queries.sources_between(room.source, start, start + dt.timedelta(days=6), room.filters)
        for start in (both.now, both.before)
    ]
    mark = drill.mark_text("articles", period=both.now.isoformat(), grain="week", unit="articles")
    tile(room, "sources", counted[0], room.words.t("tile.before", before=counted[1]), mark if counted[0] else None)


def events(room: Room, both: weekly.Weeks, weekly_filters: Filters) -> None:
    """How many editions the week's articles name; the list holds the articles that name one."""
    found = queries.counts(room.source, "events", ("event", "period"), weekly_filters, room.first_weekday)
    now, before = (
        sum(1 for ident, day, _ in found if day == week and not ident.endswith(queries.OPEN))
        for week in (both.now, both.before)
    )
    mark = drill.mark_text("events", period=both.now.isoformat(), grain="week")
    tile(room, "events", now, room.words.t("tile.before", before=before), mark if now else None)


def undated(room: Room) -> None:
    """The share of undated articles under the filters, and their list."""
    no_period = replace(room.filters, since=None, until=None)
    without = queries.number(room.source, queries.mark_of("undated"), no_period)
    everything = queries.number(room.source, queries.mark_of("articles"), no_period)
    share = room.words.percent(without / everything) if everything else room.words.percent(0)
    tile(room, "undated", without, room.words.t("tile.share", share=share), "undated" if without else None)


page("nav.overview", body, bar=bar.show)
