"""Tables into figures: pure functions, plain Plotly dicts, no Streamlit, no SQL.

Every mark carries its address in `customdata` (see `drill.mark_text`), so that a click opens the list behind exactly
that number. Time runs left to right unless asked; bars and matrices run right to left. Colours go by id.
"""

import datetime as dt
import itertools
import textwrap
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import safe
from dashboard.figure import COLOURS
from dashboard.words import Words, bare, svg

Figure = dict[str, Any]

_LANE_HEIGHT, _LANE_HEAD = 138, 0.41
"""Pixels of a lane, and the part of them that its name and days take above it."""
_BAR_HEIGHT, _FOLDED, _GREY, _INK, _GRID = 30, 24, "#8a94a3", "#1f2933", "#e7eaee"
_NOW = "#1f5f8b"
"""The one colour of what is compared by length: only lanes are told apart by colour."""
_MOST_TICKS = 6
_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
"""Months between two ticks: those that a reader counts by."""
_LEGEND: Figure = {
    "orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom", "itemclick": False,
    "itemdoubleclick": False,
}  # fmt: skip
_SPREAD = 151871
"""Found by trying: with it the ten events that the product is about fall on ten different colours."""


@dataclass(frozen=True)
class Lane:
    """One line over time: `values` by first day of period (None: nothing was loaded), the event's window, a note."""

    id: str
    name: str
    values: Mapping[dt.date, int | None]
    marks: Mapping[dt.date, str]
    window: tuple[dt.date, dt.date] | None = None
    note: str = ""


def _text(text: str) -> str:
    """Text for SVG: escaped, embedded right to left; the isolates of our own messages have no place there."""
    return svg(safe.plotly(bare(text)))


def colour(ident: str) -> str:
    """The colour of an id: the same on every page, whatever else is drawn."""
    return COLOURS[zlib.crc32(f"{_SPREAD}{ident}".encode()) % len(COLOURS)]


def lanes(
    rows: Sequence[Lane], words: Words, *, period: Callable[[dt.date], str], unit: str, today: dt.date | None, time: str
) -> Figure:
    """Small charts over one time axis, a lane each; `period` names a period, `unit` says what is counted."""
    days = sorted({day for lane in rows for day in lane.values})
    shown = len(rows)
    layout: Figure = {
        "height": _LANE_HEIGHT * shown + 82, "margin": {"l": 8, "r": 8, "t": 6, "b": 72}, "showlegend": False,
        "hovermode": "x", "xaxis": _time_axis(days, words, time, f"y{shown}" if shown > 1 else "y", today),
        "shapes": [], "annotations": [],
    }  # fmt: skip
    data = []
    for n, lane in enumerate(rows):
        axis = "" if n == 0 else str(n + 1)
        layout[f"yaxis{axis}"] = _lane_axis(lane, words, n, shown, time)
        data.append(_line(lane, axis, words, period, unit))
        layout["annotations"].append(_lane_title(lane, n, shown, time))
        layout["shapes"] += _gaps(lane, f"y{axis} domain")
        if lane.window and days:
            layout["shapes"] += _window(lane.window, f"y{axis} domain", days)
        if today and days and _is_near(today, days):
            layout["shapes"].append(_vertical(today, f"y{axis} domain"))
    if today and days and _is_near(today, days):
        layout["annotations"].append(_note(today, words, time))
    return {"data": data, "layout": layout}


def beside_bars(rows: Sequence[Lane], today: dt.date | None) -> list[str]:
    """What `lanes` draws beside the bars, in the order in which a caption tells it: window, today, gap."""
    days = sorted({day for lane in rows for day in lane.values})
    drawn = {
        "window": any(lane.window and days and _window(lane.window, "", days) for lane in rows),
        "today": bool(today and days and _is_near(today, days)),
        "gap": any(value is None for lane in rows for value in lane.values.values()),
    }
    return [name for name, is_drawn in drawn.items() if is_drawn]


def _line(lane: Lane, axis: str, words: Words, period: Callable[[dt.date], str], unit: str) -> Figure:
    days = sorted(lane.values)
    head = _text(lane.name)
    hover = [f"{head}<br>{_text(period(d))}<br>{_text(f'{unit}: {words.number(lane.values[d] or 0)}')}" for d in days]
    return {
        "type": "bar", "xaxis": "x", "yaxis": f"y{axis}",
        "x": [d.isoformat() for d in days], "y": [lane.values[d] for d in days],
        "name": _text(lane.name), "marker": {"color": colour(lane.id), "line": {"width": 0}}, "width": _width(days),
        "customdata": [lane.marks.get(d) for d in days],
        # With "text" alone Plotly leaves out its own label of the axis, which no locale turns into Arabic words.
        "hovertext": hover, "hoverinfo": "text",
    }  # fmt: skip


def _width(days: Sequence[dt.date]) -> float:
    """Bars nearly touch: the shortest distance between two periods, in the milliseconds of a date axis."""
    step = min(((b - a).days for a, b in itertools.pairwise(days)), default=7)
    return step * 86_400_000 * 0.86


def _gaps(lane: Lane, yref: str) -> list[Figure]:
    """Periods in which nothing was loaded, as grey ground: a gap is no zero."""
    days = sorted(lane.values)
    step = min((b - a for a, b in itertools.pairwise(days)), default=dt.timedelta(days=7))
    out = []
    for is_gap, run in itertools.groupby(days, key=lambda d: lane.values[d] is None):
        if is_gap:
            span = list(run)
            out.append(_band((span[0] - step / 2), (span[-1] + step / 2), yref, "rgba(116,128,145,0.13)"))
    return out


def _band(start: dt.date, end: dt.date, yref: str, fill: str) -> Figure:
    return {"type": "rect", "xref": "x", "yref": yref, "x0": start.isoformat(), "x1": end.isoformat(), "y0": 0, "y1": 1,
            "fillcolor": fill, "line": {"width": 0}, "layer": "below"}  # fmt: skip


def _lane_axis(lane: Lane, words: Words, n: int, shown: int, time: str) -> Figure:
    top = max((v or 0 for v in lane.values.values()), default=0) or 1
    start = 1 - (n + 1) / shown
    return {
        "domain": [start, start + (1 - _LANE_HEAD) / shown], "range": [0, top * 1.12], "fixedrange": True,
        "side": "right" if time == "ltr" else "left",
        "tickvals": [0, top], "ticktext": [words.number(0), words.number(top)],
        "gridcolor": _GRID, "zeroline": True, "zerolinecolor": "#c3c9d1", "tickfont": {"size": 12},
    }  # fmt: skip


def _lane_title(lane: Lane, n: int, shown: int, time: str) -> Figure:
    """The name, and below it smaller the event's days: two lines fit a phone where one would be cut.

    They stand on their own lane: what they leave free parts them from the lane above.
    """
    note = f"<br><span style='font-size:11px;color:#5b6675'>{safe.plotly(bare(lane.note))}</span>" if lane.note else ""
    right = time == "ltr"
    return {
        "text": svg(f"<b>{safe.plotly(_short(bare(lane.name), 44))}</b>{note}"), "xref": "paper", "yref": "paper",
        "x": 1 if right else 0, "y": 1 - (n + _LANE_HEAD) / shown, "yanchor": "bottom",
        "xanchor": "right" if right else "left",
        "showarrow": False, "align": "right" if right else "left", "font": {"size": 13, "color": _INK},
    }  # fmt: skip


def _window(window: tuple[dt.date, dt.date], yref: str, days: Sequence[dt.date]) -> list[Figure]:
    """The event's own days, as a band; nothing where they lie outside the axis."""
    start, end = window
    if end < days[0] or start > days[-1] + dt.timedelta(days=31):
        return []
    end_of_day = end + dt.timedelta(days=1)
    return [_band(start, end_of_day, yref, "rgba(255,169,14,0.30)")]


def _is_near(today: dt.date, days: Sequence[dt.date]) -> bool:
    return days[0] <= today <= days[-1] + dt.timedelta(days=31)


def _vertical(day: dt.date, yref: str) -> Figure:
    return {
        "type": "line", "xref": "x", "yref": yref, "x0": day.isoformat(), "x1": day.isoformat(), "y0": 0, "y1": 1,
        "line": {"color": "#bd1f01", "width": 1.5, "dash": "dot"},
    }  # fmt: skip


def _note(day: dt.date, words: Words, time: str) -> Figure:
    """The word beside today's line, on the side where the axis still has room; «2/4» would be a share or a score."""
    month = words.month(day).rsplit(" ", 1)[0]
    said = words.t("chart.today", day=f"{words.digits(str(day.day))} {month}")
    return {
        "text": _text(said), "xref": "x", "yref": "paper",
        "x": day.isoformat(), "y": 0, "yanchor": "top", "yshift": 1, "showarrow": False,
        "xanchor": "right" if time == "ltr" else "left", "font": {"size": 11, "color": "#bd1f01"},
    }  # fmt: skip


def _time_axis(days: Sequence[dt.date], words: Words, time: str, anchor: str, today: dt.date | None) -> Figure:
    ticks = _ticks(days)
    axis: Figure = {
        "type": "date", "anchor": anchor,
        "tickvals": [d.isoformat() for d in ticks], "ticktext": [_tick(d, days, words) for d in ticks],
        "fixedrange": True, "showgrid": True, "gridcolor": _GRID, "tickfont": {"size": 12},
        "tickangle": 0, "ticklabelstandoff": 30,
    }  # fmt: skip
    if days:
        near = today if today and _is_near(today, days) else days[-1]
        span = [(days[0] - dt.timedelta(days=4)).isoformat(), (max(days[-1], near) + dt.timedelta(days=5)).isoformat()]
        axis["range"] = span if time == "ltr" else span[::-1]
    return axis


def _ticks(days: Sequence[dt.date]) -> list[dt.date]:
    """At most six firsts of months, of the steps of a calendar; where the span is short, the periods themselves."""
    if not days:
        return []
    firsts = {d.replace(day=1) for d in days if d.replace(day=1) >= days[0]}
    if len(firsts) <= 2:
        return list(days)[:: -(-len(days) // _MOST_TICKS)]
    months = range(_month_number(min(firsts)), _month_number(max(firsts)) + 1)
    for step in _STEPS:
        # Of a step of three: January, April, July, October, whatever the first month is.
        found = [dt.date(n // 12, n % 12 + 1, 1) for n in months if n % step == 0]
        if len(found) <= _MOST_TICKS:
            break
    return found


def _month_number(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _tick(day: dt.date, days: Sequence[dt.date], words: Words) -> str:
    long = (days[-1] - days[0]).days > 100
    month, year = words.month(day).rsplit(" ", 1)
    return "<br>".join(svg(part) for part in ((month, year) if long else (words.digits(str(day.day)), month)))


@dataclass(frozen=True)
class Bar:
    """A named number with the mark behind it; `before` is the number of the period before, with its own mark."""

    id: str
    name: str
    value: int
    mark: str
    before: int | None = None
    mark_before: str = ""


def bars(rows: Sequence[Bar], words: Words, *, unit: str) -> Figure:
    """Horizontal bars, the greatest on top, growing from right to left with names on the right."""
    ordered = sorted(rows, key=lambda b: (b.value, b.id))
    data = [{
        "type": "bar", "orientation": "h", "y": [b.id for b in ordered], "x": [b.value for b in ordered],
        "marker": {"color": _NOW}, "customdata": [b.mark for b in ordered],
        "text": [words.number(b.value) for b in ordered], "textposition": "outside", "cliponaxis": False,
        "hovertext": [_text(f"{b.name}\n{unit}: {words.number(b.value)}") for b in ordered],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }]  # fmt: skip
    top = max((b.value for b in ordered), default=1) or 1
    return {"data": data, "layout": _sideways([(b.id, b.name) for b in ordered], words, top * 1.3, len(ordered))}


def dumbbells(rows: Sequence[Bar], words: Words, *, now: str, before: str, unit: str) -> Figure:
    """Two points a row, the period before (hollow) and now (full), joined; right to left, both numbers beside them.

    Distances go by the root of the number (`rooted`): where one row dominates, the others can still be read.
    """
    ordered = sorted(rows, key=lambda b: (max(b.value, b.before or 0), b.id))
    joins = {
        "type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False,
        "line": {"color": _GREY, "width": 2},
        "x": [x for b in ordered for x in (rooted(b.before or 0), rooted(b.value), None)],
        "y": [y for b in ordered for y in (b.id, b.id, None)],
    }  # fmt: skip
    data = [joins, _dots(ordered, words, before, unit, earlier=True), _dots(ordered, words, now, unit, earlier=False)]
    top = max((max(b.value, b.before or 0) for b in ordered), default=1) or 1
    layout = _sideways([(b.id, b.name) for b in ordered], words, rooted(top) * 1.15, len(ordered))
    ticks = _rooted_ticks(top)
    layout["xaxis"] |= {"tickvals": [rooted(n) for n in ticks], "ticktext": [words.number(n) for n in ticks]}
    layout["xaxis"]["range"] = [rooted(top) * 1.15, -rooted(top) / 9]
    layout |= {"showlegend": True, "height": layout["height"] + 34, "legend": _LEGEND}
    return {"data": data, "layout": layout}


def rooted(number: int) -> float:
    """Where a number stands on a scale of roots, on which like distances are changes of like weight.

    The difference of two roots is near the difference of the numbers by the root of their sum, by which a briefing
    chooses what changed (`brief.changes`); a logarithm would do the same for shares, but has no place for zero.
    """
    return number**0.5


def _rooted_ticks(top: int) -> list[int]:
    """Zero and those of 1, 2, 5, 10, 20, 50 … up to `top` that leave each other room for their digits."""
    ticks: list[int] = []
    for n in sorted((base * 10**power for power in range(12) for base in (1, 2, 5)), reverse=True):
        above = ticks[-1] if ticks else None
        least = rooted(top) / (_MOST_TICKS + 1)
        if n <= top and rooted(n) >= least and (above is None or rooted(above) - rooted(n) >= least):
            ticks.append(n)
    return [*ticks, 0]


def _dots(ordered: Sequence[Bar], words: Words, label: str, unit: str, *, earlier: bool) -> Figure:
    values, others = [b.before or 0 for b in ordered], [b.value for b in ordered]
    if not earlier:
        values, others = others, values
    look = {"color": "#ffffff", "line": {"color": _GREY, "width": 2}} if earlier else {"color": _NOW}
    both = list(zip(values, others, strict=True))
    hover = [f"{b.name}\n{label}\n{unit}: {words.number(v)}" for b, v in zip(ordered, values, strict=True)]
    return {
        "type": "scatter", "mode": "markers+text", "name": svg(label), "marker": {"size": 13, **look},
        "x": [rooted(v) for v in values], "y": [b.id for b in ordered],
        "customdata": [b.mark_before if earlier else b.mark for b in ordered],
        # Outwards, where the two never meet. Never empty: plotly.js draws nothing more where a label once was empty.
        "text": [words.number(v) for v in values],
        "textposition": ["middle right" if (v, not earlier) < (other, earlier) else "middle left" for v, other in both],
        "textfont": {"size": 12}, "cliponaxis": False,
        "hovertext": [_text(said) for said in hover], "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip


def _sideways(names: Sequence[tuple[str, str]], words: Words, top: float, rows: int) -> Figure:
    ticks = list(range(0, int(top) + 1, _step(top)))
    told = [_folded(name) for _, name in names]
    lines = max((name.count("\n") for name in told), default=0) + 1
    return {
        "height": (_BAR_HEIGHT + 14 * (lines - 1)) * max(rows, 1) + 70, "margin": {"l": 12, "r": 8, "t": 10, "b": 36},
        "showlegend": False, "bargap": 0.35,
        "xaxis": {
            "range": [top, -top / 16], "fixedrange": True, "gridcolor": _GRID, "zeroline": False,
            "tickvals": ticks, "ticktext": [words.number(t) for t in ticks],
        },
        "yaxis": {
            "type": "category", "side": "right", "fixedrange": True, "automargin": True, "range": [-0.6, rows - 0.4],
            "categoryorder": "array", "categoryarray": [i for i, _ in names],
            "tickvals": [i for i, _ in names], "ticktext": [_text(name) for name in told],
        },
    }  # fmt: skip


def _step(top: float) -> int:
    """The least of 1, 2, 5, 10, 20, 50 … that gives at most six ticks."""
    steps = (base * 10**power for power in range(12) for base in (1, 2, 5))
    return next(step for step in steps if top / step < _MOST_TICKS)


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def _folded(name: str, width: int = _FOLDED) -> str:
    """A name in up to three lines of like length that leave a phone room for the bars; only what is longer is cut."""
    told = bare(name)
    lines = textwrap.wrap(told, width, max_lines=3, placeholder="…")
    # The narrowest that needs no more lines: no word is left alone on its line.
    for most in range(len(told) // max(len(lines), 1), width) if len(lines) > 1 else ():
        closer = textwrap.wrap(told, most, break_long_words=False)
        if len(closer) == len(lines) and max(map(len, closer)) <= most:
            return "\n".join(closer)
    return "\n".join(lines)


def matrix(
    codes: Sequence[str],
    names: Mapping[str, str],
    cells: Mapping[tuple[str, str], tuple[int, str]],
    words: Words,
    *,
    unit: str,
) -> Figure:
    """A symmetric matrix of pairs: the first country stands at the right and on top; an empty cell is no dealing."""
    z, text, marks, hover = [], [], [], []
    for row in codes:
        found = [cells.get((row, column)) or cells.get((column, row)) for column in codes]
        z.append([cell[0] if cell else None for cell in found])
        text.append([words.number(cell[0]) if cell else "" for cell in found])
        marks.append([cell[1] if cell else None for cell in found])
        hover.append(
            [
                _text(f"{names[row]} – {names[column]}\n{unit}: {words.number(cell[0] if cell else 0)}")
                for column, cell in zip(codes, found, strict=True)
            ]
        )
    axis = {"type": "category", "tickvals": list(codes), "fixedrange": True, "showgrid": False, "automargin": True}
    across = [_short(names[code], 26) for code in codes]
    down = [_text(_folded(names[code], 18)) for code in codes]
    data = [{
        "type": "heatmap", "x": list(codes), "y": list(codes), "z": z, "customdata": marks,
        "text": text, "texttemplate": "%{text}", "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>", "showscale": False, "xgap": 2, "ygap": 2, "zmin": 0,
        "colorscale": [[0, "#eef4fb"], [0.5, "#7fb2e3"], [1, "#1b5fa8"]],
    }]  # fmt: skip
    # Turned names take about six pixels of height a letter.
    head = 40 + 6 * max(map(len, across), default=15)
    layout = {
        "height": 34 * max(len(codes), 1) + head, "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": {**axis, "autorange": "reversed", "side": "top", "tickangle": -60,
                  "ticktext": [_text(name) for name in across]},
        "yaxis": {**axis, "autorange": "reversed", "side": "right", "ticktext": down},
    }  # fmt: skip
    return {"data": data, "layout": layout}
