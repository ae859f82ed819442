"""The one way a figure or a list of rows reaches the page.

Both are components with files in assets/, so the browser loads them by address and the Content-Security-Policy
needs no blob:. A figure keeps one live Plotly graph per key; `RASD_PLOT=native` draws the same figure with Streamlit's
own chart, so that either body can go.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from dashboard.figure import FIGURE_HEIGHT, figure_json

if TYPE_CHECKING:
    from dashboard.words import Words

__all__ = ["FIGURE_HEIGHT", "figure_json", "listing", "plot"]

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


def plot(fig: Any, key: str, *, alt: str, words: "Words") -> dict[str, Any] | None:  # noqa: ANN401 -- go.Figure or dict
    """Draw a figure and return the mark that was clicked since the last run, else None.

    `fig` is a plotly Figure or the same as a dict. The answer is `{"mark": <the point's customdata>, "n": <counter>}`,
    told once: copy it to the state or the address at once. A point without customdata is no mark. `alt` is what a
    screen reader says; the title belongs in HTML above the figure. Keys are unique on a page.
    """
    shape = figure_json(fig, locale=words)
    config = _CONFIG | words.plotly_locale() | {"toImageButtonOptions": {"filename": key, "scale": 2}}
    if os.environ.get("RASD_PLOT") == "native":
        return _native(shape, key, alt, config)
    # A list: Streamlit looks into a dict for tables, and imports pandas to do so (0.8 s before the first chart).
    data = [shape, config, alt]
    return _component("plot", '<div class="rasd-plot"></div>')(data=data, key=key, on_mark_change=_nothing).mark


def listing(
    columns: Mapping[str, str], rows: Sequence[Mapping[str, str]], key: str, *, empty: str = "", alt: str = ""
) -> str | None:
    """Draw rows as a table (cards on a narrow screen) and return the id of the row that was opened, else None.

    `columns` maps a row's keys to headings, in reading order. A row holds plain text (shown as text, never as HTML:
    pass outside text through `safe.plain`), its `id`, and its `href`, an address within the app that starts with
    "?" or "/"; the first column is the link. A plain click is told to the app once; a modified one opens the address.
    `empty` is said where there is no row; `alt` names the table for a screen reader.
    """
    shown = [{"id": row["id"], "href": _inner(row["href"]), "cells": [row[name] for name in columns]} for row in rows]
    data = [list(columns.values()), shown, empty, alt]
    return _component("listing", '<div class="rasd-list"></div>')(data=data, key=key, on_open_change=_nothing).open


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
