"""الموجز الأسبوعي: a week's briefing as it will be sent, its files, an analyst's words, the week before beside it."""

import datetime as dt
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from dashboard import bar, drill, queries, safe
from dashboard.brief import asked, document, facts, making, served, stories, weeks
from dashboard.plot import Said, listing
from dashboard.room import Room, page, put
from etl import store

_KEY = "brief"
_BESIDE = "beside"
_LONGEST = {"headline": 90, "note": 240}
_KINDS = {"articles": ("articles", "publisher"), "events": ("events", "event")}
"""Tiles that count neither articles nor stories: the relation and dimension that their list names one by one."""


def body(room: Room) -> None:
    """Week, files and words above; the list of a number that was asked for; the sheets themselves."""
    address = _address()
    one = asked.parse(address, served.source_of(address))
    source = queries.Source(room.source.folder, one.snapshot)
    brief = facts.gather(one, source)
    put(week=one.week)
    _weeks(brief)
    _files(brief)
    _behind(brief)
    if st.query_params.get(_BESIDE) == "1":
        before = asked.parse({**asked.address(one), "week": _neighbour(brief, -1)}, source)
        with st.container(horizontal=True, key="brief-both"):
            _sheets(brief, "now")
            _sheets(facts.gather(before, source), "before")
    else:
        _sheets(brief, "now")
    making.kept(brief)


def _address() -> dict[str, str]:
    """What the page's address says; a short one, by a code, stands for the whole address kept under it."""
    given = st.query_params.to_dict()
    kept = store.brief(served.folder(), given.get("code", ""))
    return {**kept["address"], **{k: v for k, v in given.items() if k in {"at", "mark"}}} if kept else given


def _sheets(brief: facts.Brief, name: str) -> None:
    with st.container(key=f"brief-sheets-{name}"):
        st.html(document.sheets(brief, _link(brief)))


def _link(brief: facts.Brief) -> document.Link:
    """A number leads to its list on this page, a story to its article."""
    here = {name: value for name, value in asked.address(brief.asked).items() if value}

    def link(mark: str) -> str:
        if mark.startswith("article="):
            chosen = {**drill.address_of(brief.asked.filters), "article": mark.removeprefix("article=")}
            return f"/article?{urlencode(chosen)}"
        return f"/brief?{urlencode({**here, 'at': _KEY, 'mark': mark})}"

    return link


def _weeks(brief: facts.Brief) -> None:
    """The week before, every week that holds anything, the week after."""
    room = brief.room
    loaded = queries.loaded_periods(room.source, "week", room.first_weekday)
    names = sorted({*(weeks.name_of(day, room.first_weekday) for day in loaded), brief.asked.week}, reverse=True)
    with st.container(horizontal=True, vertical_alignment="bottom", key="brief-weeks"):
        st.button(room.words.t("brief.before"), key="brief-back", on_click=_go, args=(_neighbour(brief, -1),))
        st.session_state["brief-week"] = brief.asked.week
        st.selectbox(
            room.words.t("brief.choose"), names, key="brief-week", on_change=_chosen,
            format_func=lambda name: _days(room, name),
        )  # fmt: skip
        st.button(room.words.t("brief.after"), key="brief-on", on_click=_go, args=(_neighbour(brief, 1),))
        is_beside = st.query_params.get(_BESIDE) == "1"
        label = room.words.t("brief.alone" if is_beside else "brief.beside")
        st.button(label, key="brief-beside", on_click=put, kwargs={_BESIDE: "0" if is_beside else "1"})


def _neighbour(brief: facts.Brief, steps: int) -> str:
    return weeks.name_of(brief.first + steps * weeks.WEEK, brief.room.first_weekday)


def _days(room: Room, name: str) -> str:
    first = weeks.first_day(name, room.first_weekday) or dt.date.min
    return room.words.span(first, first + weeks.WEEK - weeks.DAY)


def _go(week: str) -> None:
    """Another week, of the current snapshot and with its own notes; a list that was open is closed."""
    kept = {name: value for name, value in st.query_params.to_dict().items() if name not in _OF_THE_WEEK}
    st.query_params.from_dict({**kept, "week": week})


_OF_THE_WEEK = frozenset(("week", "snapshot", "notes", "code", "at", "mark", "page"))


def _chosen() -> None:
    _go(st.session_state["brief-week"])


def _files(brief: facts.Brief) -> None:
    """The same page as picture, paper, file and slides; an analyst's words."""
    room = brief.room
    told = {name: value for name, value in asked.address(brief.asked).items() if name != "notes" or value}
    with st.container(horizontal=True, vertical_alignment="center", key="brief-files"):
        for form in served.FORMS:
            address = f"{served.FILE}?{urlencode({**told, 'form': form})}"
            said = safe.message(room.words.t(f"brief.file.{form}"))
            st.html(safe.tag("a", said, href=address, class_="rasd-file", download=""))
        with st.popover(room.words.t("brief.words"), icon=":material/edit_note:"):
            _words(brief)
    st.caption(room.words.t("brief.how"))


def _words(brief: facts.Brief) -> None:
    """An analyst's own words, kept beside the snapshots; saving them makes a new address."""
    room, notes = brief.room, brief.notes
    found = stories.ranked(room, brief.first, brief.last)
    titles = {store.story_mark(one.article_id): safe.plain(one.headline or one.body[:60]) for one in found}
    with st.form("brief-words", border=False):
        headline = st.text_input(room.words.t("brief.headline"), notes.headline, max_chars=_LONGEST["headline"])
        parts = {
            name: st.text_area(
                room.words.t("brief.note_on", part=room.words.t(f"brief.part.{name}", unit=room.unit)),
                notes.parts.get(name, ""), max_chars=_LONGEST["note"], height=80, key=f"brief-note-{name}",
            )
            for name in document.PARTS
        }  # fmt: skip
        chosen = {
            name: st.multiselect(
                room.words.t(f"brief.stories.{name}"), list(titles), [m for m in getattr(notes, name) if m in titles],
                format_func=titles.__getitem__, placeholder=room.words.t("filters.all"), key=f"brief-{name}",
            )
            for name in ("first", "hidden")
        }  # fmt: skip
        if st.form_submit_button(room.words.t("brief.save")):
            kept = store.Notes(
                headline=" ".join(headline.split()),
                parts={name: " ".join(text.split()) for name, text in parts.items() if text.strip()},
                first=tuple(chosen["first"]), hidden=tuple(chosen["hidden"]),
            )  # fmt: skip
            put(notes=store.keep_notes(room.source.folder, asked.subject(brief.asked), kept))
            st.rerun()


def _behind(brief: facts.Brief) -> None:
    """The list of the number that was asked for; publishers and editions by name, each with its own list."""
    mark = st.query_params.get("mark", "")
    kind = mark.partition("|")[0]
    if st.query_params.get("at") == _KEY and kind in _KINDS and mark.endswith(f"|{facts.LISTED}"):
        _named(brief, *_KINDS[kind])
        return
    drill.behind(brief.room, _KEY)


def _named(brief: facts.Brief, relation: str, dimension: str) -> None:
    room, link = brief.room, _link(brief)
    span = replace(room.filters, since=brief.first, until=brief.last)
    found = queries.counts(room.source, relation, (dimension,), span, room.first_weekday)
    week = {"period": brief.first.isoformat(), "grain": "week"}
    rows = [
        {
            "id": ident,
            "href": link(drill.mark_text(relation, **{dimension: ident}, **week)),
            "name": room.label(dimension, ident) if dimension == "event" else safe.plain(ident),
            "found": room.words.number(n),
        }
        for ident, n in sorted(found, key=lambda row: (-row[1], row[0] or ""))
        if ident and not ident.endswith(queries.OPEN)
    ]
    columns = {"name": room.words.t(f"brief.list.{dimension}"), "found": room.unit}
    with st.container(key="behind-brief", border=True):
        title = room.words.t(f"brief.list.{relation}", week=room.words.span(brief.first, brief.last))
        listing(columns, rows, "list-brief", Said(title, 3, title))


page("nav.brief", body, bar=bar.show)
