"""الموجز الأسبوعي: a week's briefing as it will be sent, its files, an analyst's words, the week before beside it."""

import datetime as dt
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from dashboard import bar, drill, filters, queries, safe
from dashboard.brief import asked, document, facts, making, served, stories, weeks
from dashboard.plot import Said, listing
from dashboard.room import Room, choose, page, put
from etl import store
from etl.model import RasdError

_KEY = "brief"
_BESIDE = "beside"
_LONGEST = {"headline": 90, "note": 240}
_KINDS = {"articles": ("articles", "publisher"), "events": ("events", "event")}
"""Tiles that count neither articles nor stories: the relation and dimension that their list names one by one."""


_Found = dict[tuple[str, ...], queries.Ranked]
"""The stories that an analyst may choose among, by the marks of their articles."""


def body(room: Room) -> None:
    """Week, files and words above; the list of a number that was asked for; the sheets themselves."""
    address = _address(room)
    source = queries.Source(room.source.folder, address["snapshot"]) if "snapshot" in address else room.source
    one = asked.parse(address, source)
    brief = facts.gather(one, source)
    put(week=one.week)
    _weeks(brief)
    _files(brief)
    _behind(brief)
    if st.query_params.get(_BESIDE) == "1":
        before = facts.gather(asked.parse(asked.of_week(one, _neighbour(brief, -1) or one.week), source), source)
        with st.container(horizontal=True, key="brief-both"):
            _sheets(brief, "now")
            _sheets(before, "before")
        making.kept(before)
    else:
        _sheets(brief, "now")
    making.kept(brief)


def _address(room: Room) -> dict[str, str]:
    """What the page's address says; a short one, by a code, gives way to the whole one that is kept under it.

    A code that nobody knows and a snapshot that is gone are told: what is shown then is something else.
    """
    given = st.query_params.to_dict()
    # By now the filters of the session stand beside a code; what it stands for are its own.
    known = asked.whole({"code": given["code"]} if "code" in given else given, room.source.folder)
    if "code" in given and known is not None:
        choose(filters.parse(known))
        st.query_params.from_dict(known)
        st.rerun()
    if known is None:
        st.warning(room.words.t("brief.no_code"), icon=":material/search_off:")
    address = {name: value for name, value in (known or given).items() if name != "code"}
    if address.get("snapshot", room.source.snapshot_id) not in store.snapshots(room.source.folder):
        st.warning(room.words.t("brief.no_snapshot"), icon=":material/search_off:")
        address.pop("snapshot")
    return address


def _sheets(brief: facts.Brief, name: str) -> None:
    with st.container(key=f"brief-sheets-{name}"):
        st.html(document.sheets(brief, _link(brief)))


def _link(brief: facts.Brief) -> document.Link:
    """A number leads to its list on this page, a story to its article."""
    here = asked.address(brief.asked)

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
        before, after = _neighbour(brief, -1), _neighbour(brief, 1)
        st.button(room.words.t("brief.before"), key="brief-back", disabled=not before, on_click=_go, args=(before,))
        st.session_state["brief-week"] = brief.asked.week
        st.selectbox(
            room.words.t("brief.choose"), names, key="brief-week", on_change=_chosen,
            format_func=lambda name: _days(room, name),
        )  # fmt: skip
        st.button(room.words.t("brief.after"), key="brief-on", disabled=not after, on_click=_go, args=(after,))
        is_beside = st.query_params.get(_BESIDE) == "1"
        label = room.words.t("brief.alone" if is_beside else "brief.beside")
        st.button(label, key="brief-beside", on_click=put, kwargs={_BESIDE: "0" if is_beside else "1"})


def _neighbour(brief: facts.Brief, steps: int) -> str:
    """The name of a week before or after; empty where there is none that can be named."""
    name = weeks.name_of(brief.first + steps * weeks.WEEK, brief.room.first_weekday)
    return name if weeks.first_day(name, brief.room.first_weekday) else ""


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
    told = asked.address(brief.asked)
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
    found = {stories.marks(one): one for one in stories.ranked(room, brief.first, brief.last)}
    titles = {marks: safe.plain(one.headline or one.body[:60]) for marks, one in found.items()}
    nothing = room.words.t("brief.stories.none")
    # Of this week and these words alone: a box keeps what was typed under its key.
    own = f"{brief.asked.week}-{brief.asked.notes}-{asked.subject(brief.asked)}"
    with st.form(f"brief-words-{own}", border=False):
        headline = st.text_input(
            room.words.t("brief.headline"), notes.headline, max_chars=_LONGEST["headline"], key=f"brief-headline-{own}"
        )
        parts = {
            name: st.text_area(
                room.words.t("brief.note_on", part=room.words.t(f"brief.part.{name}", unit=room.unit)),
                notes.parts.get(name, ""), max_chars=_LONGEST["note"], height=80, key=f"brief-note-{name}-{own}",
            )
            for name in document.PARTS
        }  # fmt: skip
        chosen = {
            name: st.multiselect(
                room.words.t(f"brief.stories.{name}"), list(titles), _before(found, getattr(notes, name)),
                format_func=titles.__getitem__, placeholder=nothing, key=f"brief-{name}-{own}",
                select_all=False,
            )
            for name in ("first", "hidden")
        }  # fmt: skip
        if st.form_submit_button(room.words.t("brief.save")):
            kept = store.Notes(
                headline=" ".join(headline.split()),
                parts={name: " ".join(text.split()) for name, text in parts.items() if text.strip()},
                **{name: _kept(found, getattr(notes, name), chosen[name]) for name in chosen},
            )  # fmt: skip
            try:
                digest = store.keep_notes(room.source.folder, asked.subject(brief.asked), kept)
            except RasdError:
                st.error(room.words.t("brief.not_saved"), icon=":material/error:")
            else:
                put(notes=digest)
                st.rerun()


def _before(found: _Found, kept: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The stories that were chosen before, in the order of then."""
    places = {marks: stories.place(one, kept) for marks, one in found.items()}
    return sorted((marks for marks in found if places[marks] < len(kept)), key=places.__getitem__)


def _kept(found: _Found, kept: tuple[str, ...], chosen: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The marks of the stories chosen now; those of stories that are not offered at the moment stay."""
    offered = {mark for marks in found for mark in marks}
    now = [mark for marks in chosen for mark in marks]
    return tuple(dict.fromkeys([*now, *(mark for mark in kept if mark not in offered)]))


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
