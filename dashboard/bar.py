"""The filter bar: widgets ⇄ Filters. The same on every page; what narrows is always visible and removable."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard import filters, queries, safe, words
from dashboard.filters import Filters
from dashboard.plot import Switch, switches
from dashboard.room import UNITS, Room, choose

_KEY = "bar-"
_SWITCHES = {"unit": ("stories", "articles"), "grain": ("day", "week", "month"), "tier": ("strong", "medium", "weak")}
"""What stands in the bar itself. One component: three of Streamlit's own would delay the chart that they ask for."""
_MAY_BE_EMPTY = frozenset(("since", "until"))
"""A switch can be cleared by a key in the browser; that is no answer, and the filter stays."""


def show(room: Room) -> None:
    """Draw the bar; a change is taken over at once and closes an open list."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="bar"):
        switches(
            [_choice(room, name, options) for name, options in _SWITCHES.items()],
            f"{_KEY}switches",
            lambda name, option: choose(replace(room.filters, **{name: option})),
        )
        more = st.popover(
            room.words.t("filters.more"), icon=":material/filter_alt:", key=f"{_KEY}more", on_change="rerun"
        )
        # Ten widgets that nobody sees would be sent with every redrawn chart.
        if more.open:
            with more:
                _more(room)
    _chips(room)


def _choice(room: Room, name: str, options: tuple[str, ...]) -> Switch:
    texts = {option: room.words.t(f"{name}.{option}") for option in options}
    return Switch(name, room.words.t(f"filters.{name}"), texts, getattr(room.filters, name))


def _switch(room: Room, name: str, options: tuple[str, ...]) -> None:
    _keep(name, getattr(room.filters, name))
    st.segmented_control(
        room.words.t(f"filters.{name}"),
        options,
        key=_KEY + name,
        required=True,
        on_change=_take,
        args=(room.filters, name),
        format_func=_named(room, f"{name}."),
    )


def _named(room: Room, prefix: str) -> Callable[[str], str]:
    return lambda option: room.words.t(prefix + option)


def _keep(name: str, value: object) -> None:
    """Widgets follow the filters, whoever changed them (the address, a chip, another page)."""
    if st.session_state.get(_KEY + name) != value:
        st.session_state[_KEY + name] = value


def _take(before: Filters, name: str) -> None:
    value = st.session_state[_KEY + name]
    if value is None and name not in _MAY_BE_EMPTY:
        return
    choose(replace(before, **{name: tuple(value) if isinstance(value, list) else value}))


def _as_typed(room: Room, event: str) -> str:
    """An edition as the registry writes it: the digits typed to find one are Latin on most keyboards."""
    return safe.plain(room.names.events[event]) if event in room.names.events else room.label("event", event)


def _more(room: Room) -> None:
    _many(room, "events", "events", "event", lambda ident: _as_typed(room, ident))
    _many(room, "countries", "countries", "country", lambda code: room.label("country", code))
    _pair(room)
    _many(room, "themes", "themes", "theme", lambda ident: room.label("theme", ident))
    _many(room, "publishers", "articles", "publisher", safe.plain)
    _period(room)
    _keep("search", room.filters.search)
    st.text_input(
        room.words.t("filters.search"),
        key=_KEY + "search",
        on_change=_take,
        args=(room.filters, "search"),
        max_chars=200,
    )
    for name in ("headlines", "cohost"):
        _keep(name, getattr(room.filters, name))
        st.toggle(room.words.t(f"filters.{name}"), key=_KEY + name, on_change=_take, args=(room.filters, name))
    _switch(room, "time", ("ltr", "rtl"))
    _keep("locale", room.filters.locale)
    st.selectbox(
        room.words.t("filters.locale"),
        words.LOCALES,
        key=_KEY + "locale",
        on_change=_take,
        args=(room.filters, "locale"),
        format_func=_named(room, "locale."),
    )


def _many(room: Room, name: str, relation: str, dimension: str, label: Callable[[str], str]) -> None:
    chosen = list(getattr(room.filters, name))
    offered = queries.present(room.source, relation, dimension)
    options = [*offered, *(value for value in chosen if value not in offered)]
    _keep(name, chosen)
    st.multiselect(
        room.words.t(f"filters.{name}"),
        options,
        key=_KEY + name,
        on_change=_take,
        args=(room.filters, name),
        format_func=label,
        placeholder=room.words.t("filters.all"),
        select_all=False,
    )


def _pair(room: Room) -> None:
    chosen = list(room.filters.pair)
    offered = queries.present(room.source, "countries", "country")
    _keep("pair", chosen)
    st.multiselect(
        room.words.t("filters.pair"),
        [*offered, *(c for c in chosen if c not in offered)],
        key=_KEY + "pair",
        max_selections=2,
        on_change=_take_pair,
        args=(room.filters,),
        format_func=lambda code: room.label("country", code),
        placeholder=room.words.t("filters.two"),
        select_all=False,
    )


def _take_pair(before: Filters) -> None:
    """A pair counts when both are chosen; one alone waits."""
    value = tuple(sorted(st.session_state[_KEY + "pair"]))
    if len(value) != 1:
        choose(replace(before, pair=value))


def _period(room: Room) -> None:
    first, last = queries.day_span(room.source)
    low, high = (first or room.today), max(last or room.today, room.today)
    for column, name in zip(st.columns(2), ("since", "until"), strict=True):
        value = getattr(room.filters, name)
        _keep(name, value)
        column.date_input(
            room.words.t(f"filters.{name}"),
            key=_KEY + name,
            value=None,
            on_change=_take,
            args=(room.filters, name),
            format="DD/MM/YYYY",
            min_value=min(low, value or low),
            max_value=max(high, value or high),
        )


def _chips(room: Room) -> None:
    """What narrows the view, each with its value; a click removes it."""
    if not room.filters.narrows:
        return
    with st.container(horizontal=True, key="chips"):
        for name in room.filters.narrows:
            st.button(
                f"{room.words.t(f'filters.{name}')}: {value(room, name)}",
                key=f"chip-{name}",
                icon=":material/close:",
                on_click=_loosen,
                args=(room.filters, name),
            )


def _loosen(before: Filters, name: str) -> None:
    choose(filters.without(before, name))


def value(room: Room, name: str) -> str:
    """The value of a filter in words, safe for a label."""
    chosen = getattr(room.filters, name)
    kind = {"events": "event", "countries": "country", "pair": "country", "themes": "theme"}.get(name)
    if isinstance(chosen, tuple):
        shown = [safe.markdown(room.label(kind, v) if kind else v) for v in chosen[:3]]
        return "، ".join(shown) + ("…" if len(chosen) > 3 else "")
    return room.words.day(chosen) if isinstance(chosen, dt.date) else safe.markdown(str(chosen))


def nothing(room: Room, relation: str) -> None:
    """Why a chart is empty, and which filter to loosen: what each would bring back, with its number."""
    st.info(room.words.t("empty.why"), icon=":material/search_off:")
    for name in (*room.filters.narrows, *(("tier",) if room.filters.tier != "weak" else ())):
        loosened = replace(room.filters, tier="weak") if name == "tier" else filters.without(room.filters, name)
        found = queries.number(room.source, queries.mark_of(relation), loosened, room.first_weekday)
        if found:
            said = room.words.n(UNITS[room.filters.unit], found)
            offer = room.words.t("empty.loosen", filter=room.words.t(f"filters.{name}"), found=said)
            st.button(offer, key=f"loosen-{relation}-{name}", on_click=choose, args=(loosened,))
