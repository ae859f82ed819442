"""البيانات: what was loaded, refused, left undated; who published; weeks with nothing; the snapshot."""

import datetime as dt
from dataclasses import replace
from pathlib import PurePath

import streamlit as st

from dashboard import bar, charts, drill, queries, safe
from dashboard.room import Room, page

_MOST_GAPS = 60
_MOST_BARS = 30
_OPEN = (
    ("open_editions", "series", "series"),
    ("ambiguous", "candidates", "country"),
    ("date_conflicts", "rule", "rule"),
)
_SAID = ("said_events", "said_countries", "said_pairs", "said_themes")


def body(room: Room) -> None:
    """Snapshot, dates by basis, what stays open, annotators compared, publishers, gaps, loads, rejects."""
    snapshot(room)
    bases(room)
    undecided(room)
    compared(room)
    publishers(room)
    gaps(room)
    loads(room)
    rejects(room)


def snapshot(room: Room) -> None:
    """Which data this is: what a reader needs to see the same numbers again."""
    about = queries.about(room.source)
    words = room.words
    facts = (
        (words.t("data.snapshot"), about["snapshot_id"]),
        (words.t("data.created"), words.day(about["created_at"].date())),
        (words.t("data.annotator"), about["annotator"]),
        (words.t("data.registry"), about["registry_sha256"][:12]),
    )
    st.html(safe.facts((name, safe.text(str(value))) for name, value in facts))


def bases(room: Room) -> None:
    """How the dates are known; undated articles can be listed."""
    title = room.words.t("data.bases")
    rows = [
        charts.Bar(basis, room.words.t(f"basis.{basis}"), n, drill.mark_text("articles", basis=basis, unit="articles"))
        for basis, n in queries.counts(room.source, "articles", ("basis",), replace(room.filters, unit="articles"))
    ]
    figure = charts.bars(rows, room.words, unit=room.words.t("unit.articles"))
    drill.figure(room, "data-bases", figure, title=title, alt=title)


def undecided(room: Room) -> None:
    """What stays open: editions by series, names of several countries, weekdays that contradict their date."""
    for relation, by, kind in _OPEN:
        found = queries.counts(room.source, relation, (by,), replace(room.filters, unit="articles"))
        rows = [
            charts.Bar(value, _name(room, kind, value), n, drill.mark_text(relation, **{by: value}, unit="articles"))
            for value, n in found
            if value
        ]
        if rows:
            _bars(room, relation, rows, room.words.t(f"open.{relation}"))


def _name(room: Room, kind: str, value: str) -> str:
    """The Arabic name of a series, of the countries of a list of codes, or of a rule."""
    if kind == "rule":
        return room.rule(value)
    return " · ".join(room.label(kind, one) for one in value.split())


def compared(room: Room) -> None:
    """Which annotators say the same of the articles that several have read; nothing where only one has spoken."""
    for relation in _SAID:
        found = queries.counts(room.source, relation, ("who",), replace(room.filters, unit="articles"))
        rows = [
            charts.Bar(who, room.who(who), n, drill.mark_text(relation, who=who, unit="articles")) for who, n in found
        ]
        if rows:
            _bars(room, relation, rows, room.words.t(f"said.{relation}"))


def _bars(room: Room, relation: str, rows: list[charts.Bar], title: str) -> None:
    most = sorted(rows, key=lambda bar: (-bar.value, bar.id))[:_MOST_BARS]
    figure = charts.bars(most, room.words, unit=room.words.t("unit.articles"))
    drill.figure(room, f"data-{relation}", figure, title=title, alt=title)


def publishers(room: Room) -> None:
    """Every publisher with its articles, stories and days."""
    found = queries.publishers(room.source)
    words = room.words
    st.header(words.t("data.publishers", found=words.n("n.publisher", sum(1 for row in found if row[0]))))
    names = ("list.publisher", "data.articles", "data.stories", "data.span")
    rows = [
        (
            name or words.t("list.no_publisher"),
            words.number(a),
            words.number(s),
            words.span(first, last) if first else "—",
        )
        for name, a, s, first, last in found
    ]
    st.html(safe.table([words.t(name) for name in names], rows))


def gaps(room: Room) -> None:
    """Weeks between the first and the last day in which nothing was loaded."""
    first, last = queries.day_span(room.source)
    st.header(room.words.t("data.gaps"))
    if not first or not last:
        st.caption(room.words.t("data.nothing_dated"))
        return
    loaded = set(queries.loaded_periods(room.source, "week", room.first_weekday))
    week, missing = room.words.week_start(first), []
    while week <= last:
        if week not in loaded:
            missing.append(week)
        week += dt.timedelta(days=7)
    st.text(room.words.t("data.gaps_found", found=room.words.n("n.week", len(missing))))
    if missing:
        shown = "، ".join(room.words.day(day) for day in missing[-_MOST_GAPS:])
        with st.expander(room.words.t("data.gaps_list")):
            st.text(shown)


def loads(room: Room) -> None:
    """Every file of every load: read = accepted + rejected + duplicate."""
    words = room.words
    st.header(words.t("data.loads"))
    names = ("data.file", "data.format", "data.read", "data.accepted", "data.rejected", "data.duplicate")
    rows = [
        (short(file), form, *(words.number(n) for n in numbers))
        for _, file, form, *numbers in queries.loads(room.source)
    ]
    st.html(safe.table([words.t(n) for n in names], rows))


def short(file: str) -> str:
    """A file with its folder: enough to know it by, and no path of the machine in a picture."""
    return "/".join(PurePath(file).parts[-2:])


def rejects(room: Room) -> None:
    """Refused records with place, reason and what was expected; their text is kept nowhere."""
    words, found = room.words, queries.rejects(room.source)
    st.header(words.t("data.rejects"))
    if not found:
        st.caption(words.t("data.no_rejects"))
        return
    names = ("data.file", "data.line", "data.field", "data.reason", "data.expected")
    rows = [
        (short(file), words.number(line), field, reason, expected) for _, file, line, field, reason, expected in found
    ]
    st.html(safe.table([words.t(n) for n in names], rows))


page("nav.data", body, bar=bar.show)
