"""A figure as plain JSON with the look that all figures share."""

import base64
import datetime as dt
import math
from array import array
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dashboard.words import Words

FIGURE_HEIGHT = 360
"""Pixels, unless the figure's layout says otherwise."""

FONT = "Noto Sans Arabic, sans-serif"
COLOURS = (
    "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
)  # fmt: skip
"""Ten colours told apart by colour-blind readers, the same as theme.chartCategoricalColors."""

_LINE = "#d5dde3"
_AXIS = {"automargin": True, "gridcolor": "#e6ebef", "zerolinecolor": _LINE, "linecolor": _LINE, "ticks": ""}
_AXES = {"xaxis": _AXIS | {"showgrid": False}, "yaxis": _AXIS}
_SHADES = [[0, "#f3f6f8"], [0.5, "#7fb0d3"], [1, "#174a6e"]]
# The value axis of a matrix stands on the right, so its scale stands on the left.
_BAR = {"x": -0.02, "xanchor": "right", "thickness": 10, "outlinewidth": 0}
_CELLS = {"type": "heatmap", "colorscale": _SHADES, "colorbar": _BAR, "xgap": 1, "ygap": 1}
_TEMPLATE = {"layout": _AXES, "data": {"heatmap": [_CELLS]}}

_TYPES = {"i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f4": "f", "f8": "d"}


def figure_json(fig: Any, *, locale: "Words") -> dict[str, Any]:  # noqa: ANN401 -- go.Figure or dict
    """Return {"data", "layout"} of plain JSON values; what the figure says wins over the shared look."""
    raw = fig if isinstance(fig, Mapping) else fig.to_plotly_json()
    figure = _plain(raw)
    # Plotly's own template, which plotly.py adds to each Figure, would win over the look.
    layout = figure.get("layout", {}) | {"template": _TEMPLATE}
    return {"data": figure.get("data", []), "layout": _merged(_look(locale), layout)}


def _look(words: "Words") -> dict[str, Any]:
    symbols = words.plotly_locale()["locales"][words.locale]["format"]
    return {
        "font": {"family": FONT, "size": 14, "color": "#1f2933"},
        "hoverlabel": {"font": {"family": FONT, "size": 14}, "align": "right"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": list(COLOURS),
        "separators": symbols["decimal"] + symbols["thousands"],
        "height": FIGURE_HEIGHT,
        "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
        "uirevision": "keep",
        "autosize": True,
        # A drag that zooms would hold the page's scroll on a phone; a briefing needs no zoom.
        "dragmode": False,
        "hovermode": "closest",
    }


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = {
        name: _merged(base[name], over[name])
        for name in base.keys() & over.keys()
        if isinstance(base[name], dict) and isinstance(over[name], dict)
    }
    return base | over | both


def _plain(value: Any) -> Any:  # noqa: ANN401 -- a value of any JSON type
    if isinstance(value, Mapping):
        return _decoded(value) if value.keys() >= {"bdata", "dtype"} else {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (str, bool, int)) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    message = f"a figure holds JSON values only, not {type(value).__name__}"
    raise TypeError(message)


def _decoded(value: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- nested lists of numbers
    """Undo plotly's base64 arrays: the browser would answer a click on them with typed arrays, which are no JSON."""
    numbers = array(_TYPES[value["dtype"]])
    numbers.frombytes(base64.b64decode(value["bdata"]))
    flat = _plain(numbers.tolist())
    shape = [int(n) for n in str(value.get("shape", len(flat))).split(",")]
    for size in reversed(shape[1:]):
        flat = [flat[i : i + size] for i in range(0, len(flat), size)]
    return flat
