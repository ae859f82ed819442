"""المحاور: all themes, themes over time, and this week against last."""

import streamlit as st

from dashboard import bar, charts, drill, queries, timeline, weekly
from dashboard.room import Room, page


def body(room: Room) -> None:
    """Bars of all themes, lanes of the chosen (else the busiest), and the comparison of two weeks."""
    found = queries.counts(room.source, "themes", ("theme",), room.filters, room.first_weekday)
    title = room.words.t("themes.bars", unit=room.unit)
    if not found:
        st.header(title)
        bar.nothing(room, "themes")
        return
    rows = [
        charts.Bar(ident, room.label("theme", ident), n, drill.mark_text("themes", theme=ident)) for ident, n in found
    ]
    figure = charts.bars(rows, room.words, unit=room.unit)
    drill.figure(room, "themes-bars", figure, title=title, alt=room.words.t("themes.alt"))
    title = room.words.t("themes.time", unit=room.unit, grain=room.words.t(f"per.{room.filters.grain}"))
    chosen = list(room.filters.themes) or timeline.busiest(room, "themes", "theme")
    lanes = timeline.lanes(room, "themes", "theme", chosen)
    drill.figure(room, "themes-time", timeline.figure(room, lanes), title=title, alt=room.words.t("themes.time_alt"))
    st.caption(timeline.reading(room, lanes))
    both = weekly.weeks(room)
    if both and weekly.is_loaded(room, both.before):
        two_weeks(room, both)


def two_weeks(room: Room, both: weekly.Weeks) -> None:
    """The dumbbells of last week and this week."""
    now, before = room.words.week(both.now), room.words.week(both.before)
    rows = weekly.compared(room, "themes", "theme", both, most=22)
    if rows:
        title = room.words.t("overview.compared", unit=room.unit, now=now, before=before)
        figure = charts.dumbbells(rows, room.words, now=now, before=before, unit=room.unit)
        drill.figure(room, "themes-compared", figure, title=title, alt=room.words.t("compared.alt"))
        st.caption(room.words.t("compared.reading", now=now, before=before, unit=room.unit))


page("nav.themes", body, bar=bar.show)
