"""The one way a figure, a list of rows or the bar's switches reach the page.

They are components with files in assets/, so the browser loads them by address and the Content-Security-Policy needs
no blob:. Heading, pager and rows are one component: React draws each element of Streamlit's several times a run, which
costs a redrawn chart more than the chart itself. A figure keeps one live Plotly graph per key; `RASD_PLOT=native` draws
the same figure with Streamlit's own chart, so that either body can go.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from dashboard import safe
from dashboard.figure import FIGURE_HEIGHT, figure_json

if TYPE_CHECKING:
    from dashboard.words import Words

__all__ = ["FIGURE_HEIGHT", "Pager", "Said", "Switch", "figure_json", "listing", "plot", "switches"]

_HERE = Path(__file__).parent
_PROJECT = "rasd"
_CONFIG = {
    "responsive": True,
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "plotlyServerURL": "",
    "showTips": False,
    "doubleClick": "reset",
}


@dataclass(frozen=True)
class Said:
    """The words around rows, plain text: heading (`level` 2 or 3), a name for screen readers, what no row says."""

    title: str = ""
    level: int = 3
    alt: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Pager:
    """Which page of a list is shown (from 0 to `last`), in words; what happens when another one is asked for; files.

    `files` are addresses within the app, with the words of their links.
    """

    said: str
    page: int
    last: int
    previous: str
    next: str
    turn: Callable[[int], None]
    files: Mapping[str, str]


def plot(
    fig: Any,  # noqa: ANN401 -- go.Figure or dict
    key: str,
    *,
    title: str = "",
    alt: str,
    words: "Words",
) -> dict[str, Any] | None:
    """Draw a figure under its title and return the mark that was clicked since the last run, else None.

    `fig` is a plotly Figure or the same as a dict. The answer is `{"mark": <the point's customdata>, "n": <counter>}`,
    told once: copy it to the state or the address at once. A point without customdata is no mark. `alt` is what a
    screen reader says; `title` is plain text, a heading of the page. Keys are unique on a page.
    """
    shape = figure_json(fig, locale=words)
    config = _CONFIG | words.plotly_locale() | {"toImageButtonOptions": {"filename": key, "scale": 2}}
    if os.environ.get("RASD_PLOT") == "native":
        if title:
            st.header(safe.markdown(title))
        return _native(shape, key, alt, config)
    # A list: Streamlit looks into a dict for tables, and imports pandas to do so (0.8 s before the first chart).
    data = [shape, config, alt, title]
    return _component("plot", '<div class="rasd-plot"></div>')(data=data, key=key, on_mark_change=_nothing).mark


def listing(
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, str]],
    key: str,
    said: Said = Said(),
    pager: Pager | None = None,
) -> None:
    """Draw rows as a table, as cards on a narrow screen; a row opens its address.

    `columns` maps a row's keys to headings, in reading order. A row holds plain text (shown as text, never as HTML:
    pass outside text through `safe.plain`), its `id`, and its `href`, an address within the app that starts with
    "?" or "/"; the first column is the link. A plain click is one step of the history, another a new tab.
    With a pager, `turn` is called with the number of the asked page before the run that shows it.
    """
    shown = [{"id": row["id"], "href": _inner(row["href"]), "cells": [row[name] for name in columns]} for row in rows]
    foot = _foot(pager) if pager else None
    data = [list(columns.values()), shown, [said.title, said.level, said.alt, said.empty], foot]
    mount = _component("listing", '<div class="rasd-list"></div>')

    def turned() -> None:
        asked = st.session_state[key].get("turn")
        if pager and isinstance(asked, int) and 0 <= asked <= pager.last:
            pager.turn(asked)

    mount(data=data, key=key, on_turn_change=turned)


def _foot(pager: Pager) -> list[object]:
    files = [[_inner(href), text] for href, text in pager.files.items()]
    return [pager.said, pager.page, pager.last, pager.previous, pager.next, files]


@dataclass(frozen=True)
class Switch:
    """One choice of a few: its name in the code, its label, its options (id → text), the chosen one; plain text."""

    name: str
    label: str
    options: Mapping[str, str]
    chosen: str


def switches(shown: Sequence[Switch], key: str, take: Callable[[str, str], None]) -> None:
    """Draw switches in a row; `take(name, option)` is called before the run that follows a choice, with these ids."""
    data = [[one.name, one.label, [list(option) for option in one.options.items()], one.chosen] for one in shown]
    offered = {(one.name, option) for one in shown for option in one.options}

    def chosen() -> None:
        asked = tuple(st.session_state[key].get("choose") or ())
        if asked in offered:
            take(*asked)

    _component("switches", '<div class="rasd-switches"></div>')(data=data, key=key, on_choose_change=chosen)


def _native(shape: dict[str, Any], key: str, alt: str, config: dict[str, Any]) -> dict[str, Any] | None:
    chart = st.plotly_chart(shape, key=key, theme=None, on_select="rerun", config=config, alt=alt)
    points = [point["customdata"] for point in chart["selection"]["points"] if point.get("customdata") is not None]
    # The native selection stays until the next click: tell it once, as the component does.
    before, count = st.session_state.get(f"{key}.told", (None, 0))
    mark = points[0] if points else None
    if mark == before:
        return None
    st.session_state[f"{key}.told"] = (mark, count + 1)
    return None if mark is None else {"mark": mark, "n": count + 1}


def _component(name: str, html: str) -> Any:  # noqa: ANN401 -- Streamlit's renderer
    """Return the mounting command, registered with the runtime that runs this script (each AppTest has its own)."""
    manager, full = get_bidi_component_manager(), f"{_PROJECT}.{name}"
    if manager.get_component_asset_root(full) is None:
        # Streamlit finds packaged components by a pyproject.toml beside a package named like the project; ours has
        # two packages and an editable install, so it is told the folder by the call that its own scan makes.
        declared = ComponentManifest(_PROJECT, "", [ComponentConfig(name, "assets")])
        manager.register_from_manifest(declared, _HERE)
    if full not in _mounts:
        _mounts[full] = st.components.v2.component(full, html=html, js=f"{name}.js", isolate_styles=False)
    return _mounts[full]


_mounts: dict[str, Any] = {}


def _inner(href: str) -> str:
    if not href.startswith(("?", "/")) or href.startswith(("//", "/\\")):
        message = f"a row links within the app, by an address that starts with ? or /; not {href!r}"
        raise ValueError(message)
    return href


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that names a callback for it."""
