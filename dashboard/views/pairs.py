"""أزواج الدول: the matrix, the strongest pairs, and one pair over time with its relations and themes."""

from dataclasses import replace

import streamlit as st

from dashboard import bar, charts, drill, queries, safe, timeline
from dashboard.filters import Filters
from dashboard.room import UNITS, Room, choose, page

_MATRIX, _RANKING = 12, 12


def body(room: Room) -> None:
    """The matrix and ranking; with a pair chosen, that pair first."""
    found = queries.counts(room.source, "pairs", ("a", "b"), room.filters, room.first_weekday)
    if not found:
        st.header(room.words.t("pairs.matrix", unit=room.unit))
        bar.nothing(room, "pairs")
        return
    if room.filters.pair:
        one_pair(room)
    else:
        matrix(room, found)
        ranking(room, found)
    st.caption(room.words.t("pairs.reading"))


def matrix(room: Room, found: tuple[queries.Row, ...]) -> None:
    """The countries with the most dealings against each other, right to left."""
    weight: dict[str, int] = {}
    for a, b, n in found:
        weight[a], weight[b] = weight.get(a, 0) + n, weight.get(b, 0) + n
    codes = sorted(weight, key=lambda c: (-weight[c], c))[:_MATRIX]
    cells = {(a, b): (n, drill.mark_text("pairs", a=a, b=b)) for a, b, n in found if a in codes and b in codes}
    title = room.words.t("pairs.matrix", unit=room.unit)
    names = {code: room.label("country", code) for code in codes}
    figure = charts.matrix(codes, names, cells, room.words, unit=room.unit)
    drill.figure(room, "pairs-matrix", figure, title=title, alt=room.words.t("pairs.alt"))


def ranking(room: Room, found: tuple[queries.Row, ...]) -> None:
    """The strongest pairs; each can be looked at alone."""
    ranked = sorted(found, key=lambda row: (-row[2], row[0], row[1]))[:_RANKING]
    title = room.words.t("pairs.ranking", unit=room.unit)
    rows = [charts.Bar(f"{a}-{b}", name(room, a, b), n, drill.mark_text("pairs", a=a, b=b)) for a, b, n in ranked]
    figure = charts.bars(rows, room.words, unit=room.unit)
    drill.figure(room, "pairs-ranking", figure, title=title, alt=room.words.t("pairs.ranking_alt"))
    with st.container(horizontal=True, key="pairs-focus"):
        st.caption(room.words.t("pairs.focus"))
        for a, b, _ in ranked[:6]:
            label = safe.markdown(name(room, a, b))
            st.button(label, key=f"focus-{a}-{b}", on_click=focus, args=(room.filters, a, b))


def focus(before: Filters, a: str, b: str) -> None:
    """Look at one pair alone."""
    choose(replace(before, pair=(a, b)))


def name(room: Room, a: str, b: str) -> str:
    """«المغرب – إسبانيا»."""
    return f"{room.label('country', a)} – {room.label('country', b)}"


def one_pair(room: Room) -> None:
    """The pair over time, its relations with their direction, and its themes."""
    a, b = room.filters.pair
    title = room.words.t("pairs.time", pair=name(room, a, b), unit=room.unit)
    rows = timeline.lanes(room, "pairs", "relation", timeline.busiest(room, "pairs", "relation", 5))
    figure = timeline.figure(room, [_relation_named(room, lane) for lane in rows])
    drill.figure(room, "pairs-time", figure, title=title, alt=room.words.t("pairs.time_alt"))
    st.caption(timeline.reading(room, rows))
    _directions(room, a, b)
    themes = queries.counts(room.source, "themes", ("theme",), room.filters, room.first_weekday)
    title = room.words.t("pairs.themes", unit=room.unit)
    bars = [
        charts.Bar(t, room.label("theme", t), n, drill.mark_text("themes", theme=t))
        for t, n in sorted(themes, key=lambda r: (-r[1], r[0]))[:10]
    ]
    figure = charts.bars(bars, room.words, unit=room.unit)
    drill.figure(room, "pairs-themes", figure, title=title, alt=room.words.t("themes.alt"))


def _relation_named(room: Room, lane: charts.Lane) -> charts.Lane:
    return charts.Lane(lane.id, room.words.t(f"relation.{lane.id}"), lane.values, lane.marks)


def _directions(room: Room, a: str, b: str) -> None:
    """Who acts upon whom, in words and numbers."""
    arrows = {"a>b": (a, b), "b>a": (b, a)}
    for direction, n in queries.counts(room.source, "pairs", ("direction",), room.filters, room.first_weekday):
        found = room.words.n(UNITS[room.filters.unit], n)
        if direction in arrows:
            actor, target = (room.label("country", code) for code in arrows[direction])
            st.text(room.words.t("pairs.direction", actor=actor, target=target, found=found))
        else:
            st.text(room.words.t(f"pairs.direction_{direction}", found=found))


page("nav.pairs", body, bar=bar.show)
