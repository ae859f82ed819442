"""Figures: what a table becomes. Plain dicts that Plotly accepts, the same for the same table, each with its marks."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace

import plotly.graph_objects as go
import pytest

from dashboard import charts, queries, words
from dashboard.charts import Bar, Figure, Lane
from dashboard.plot import figure_json

ARABIC = words.load("ar-MA")
MONDAYS = [dt.date(2025, 12, 1) + dt.timedelta(weeks=n) for n in range(6)]
TODAY = dt.date(2025, 12, 24)


def lane(ident: str, *numbers: int | None) -> Lane:
    """A lane over six weeks, with a mark for each number that is not zero."""
    values = dict(zip(MONDAYS, numbers, strict=True))
    marks = {day: f"events|event={ident}|period={day}" for day, n in values.items() if n}
    return Lane(ident, f"حدث {ident}", values, marks, (dt.date(2025, 12, 21), dt.date(2026, 1, 18)), "ملاحظة")


LANES = [lane("afcon-2025", 1, None, None, 0, 12, 3), lane("euro-2028", 0, None, None, 2, 0, 5)]
BARS = [
    Bar("health", "الصحة", 4, "themes|theme=health", 2, "themes|theme=health|period=2025-12-01"),
    Bar("trade", "التجارة", 9, "themes|theme=trade", 0, ""),
    Bar("media", "الإعلام", 0, "", 3, "themes|theme=media|period=2025-12-01"),
]
CODES = ["MA", "ES", "FR"]
CELLS = {("ES", "MA"): (7, "pairs|a=ES|b=MA"), ("FR", "MA"): (2, "pairs|a=FR|b=MA")}


def lanes(rows: list[Lane], time: str = "ltr", today: dt.date | None = TODAY) -> Figure:
    """Lanes as pages draw them."""
    return charts.lanes(rows, ARABIC, period=ARABIC.week, unit="القصص", today=today, time=time)


def matrix(codes: list[str]) -> Figure:
    """The matrix of three countries, of which two pairs deal."""
    return charts.matrix(codes, {c: f"بلد {c}" for c in codes}, CELLS, ARABIC, unit="القصص")


FIGURES: dict[str, Callable[[], Figure]] = {
    "lanes": lambda: lanes(LANES),
    "lanes from right to left": lambda: lanes(LANES, "rtl"),
    "one lane": lambda: lanes(LANES[:1]),
    "no lane": lambda: lanes([]),
    "a lane without periods": lambda: lanes([Lane("a", "a", {}, {})]),
    "lanes without today": lambda: lanes(LANES, today=None),
    "bars": lambda: charts.bars(BARS, ARABIC, unit="القصص"),
    "no bar": lambda: charts.bars([], ARABIC, unit="القصص"),
    "dumbbells": lambda: charts.dumbbells(BARS, ARABIC, now="الآن", before="قبل", unit="القصص"),
    "no dumbbell": lambda: charts.dumbbells([], ARABIC, now="الآن", before="قبل", unit="القصص"),
    "matrix": lambda: matrix(CODES),
    "no matrix": lambda: matrix([]),
}


@pytest.mark.parametrize("named", FIGURES)
def test_plotly_accepts_every_figure(named: str) -> None:
    """A misspelt or misplaced property would be dropped by the browser in silence."""
    made = FIGURES[named]()
    go.Figure(made)
    json.dumps(figure_json(made, locale=ARABIC), allow_nan=False)


@pytest.mark.parametrize("named", FIGURES)
def test_the_same_table_gives_the_same_figure(named: str) -> None:
    """Nothing depends on the hour, on chance or on what was drawn before."""
    assert FIGURES[named]() == FIGURES[named]()


def test_the_order_of_rows_is_the_charts_own() -> None:
    """Bars and dumbbells are ordered by number, whatever order they come in; ties by id."""
    for draw in (
        lambda rows: charts.bars(rows, ARABIC, unit="القصص"),
        lambda rows: charts.dumbbells(rows, ARABIC, now="الآن", before="قبل", unit="القصص"),
    ):
        assert draw(BARS) == draw(BARS[::-1])


# Marks


def test_every_number_has_its_mark() -> None:
    """Where the number is not zero, customdata says which list is behind it; a zero and a gap open nothing."""
    for trace, row in zip(lanes(LANES)["data"], LANES, strict=True):
        assert [bool(mark) for mark in trace["customdata"]] == [bool(n) for n in trace["y"]]
        assert trace["y"] == list(row.values.values())
    (bar,) = charts.bars(BARS, ARABIC, unit="القصص")["data"]
    assert all(mark for mark, number in zip(bar["customdata"], bar["x"], strict=True) if number)
    joins, *dots = charts.dumbbells(BARS, ARABIC, now="الآن", before="قبل", unit="القصص")["data"]
    assert "customdata" not in joins
    for trace in dots:
        assert all(mark for mark, number in zip(trace["customdata"], trace["x"], strict=True) if number)
    (cells,) = matrix(CODES)["data"]
    for marks, numbers in zip(cells["customdata"], cells["z"], strict=True):
        assert [bool(mark) for mark in marks] == [number is not None for number in numbers]


def test_every_text_says_its_number() -> None:
    """Labels and hover texts carry the region's digits."""
    egypt = words.load("ar-EG")
    (bar,) = charts.bars(BARS, egypt, unit="القصص")["data"]
    assert bar["text"] == ["٠", "٤", "٩"]
    assert all(text in hover for text, hover in zip(bar["text"], bar["hovertext"], strict=True))


# Time


def test_a_gap_is_no_zero() -> None:
    """A period in which nothing was loaded stays empty and gets grey ground; a zero is a zero."""
    figure = lanes(LANES)
    assert figure["data"][0]["y"] == [1, None, None, 0, 12, 3]
    grounds = [shape for shape in figure["layout"]["shapes"] if shape.get("fillcolor") == "rgba(116,128,145,0.13)"]
    assert len(grounds) == len(LANES)
    assert all(ground["x0"] < MONDAYS[1].isoformat() <= MONDAYS[2].isoformat() < ground["x1"] for ground in grounds)


def test_time_runs_the_way_that_was_asked() -> None:
    """Left to right unless asked; the scale stands where the newest is."""
    for time, side, order in (("ltr", "right", 1), ("rtl", "left", -1)):
        layout = lanes(LANES, time)["layout"]
        assert layout["xaxis"]["range"] == sorted(layout["xaxis"]["range"])[::order]
        assert {layout["yaxis"]["side"], layout["yaxis2"]["side"]} == {side}


def test_today_is_drawn_where_it_is_near() -> None:
    """A line for today within the axis or a month after; none on a chart of long ago."""
    dotted = [shape for shape in lanes(LANES)["layout"]["shapes"] if shape["type"] == "line"]
    assert {shape["x0"] for shape in dotted} == {TODAY.isoformat()}
    far = lanes(LANES, today=dt.date(2030, 1, 1))["layout"]
    assert not [shape for shape in far["shapes"] if shape["type"] == "line"]


@pytest.mark.parametrize(
    ("first", "weeks", "ticks"),
    [
        ((2025, 12, 1), 6, ["2025-12-01", "2025-12-08", "2025-12-15", "2025-12-22", "2025-12-29", "2026-01-05"]),
        ((2025, 11, 3), 16, ["2025-12-01", "2026-01-01", "2026-02-01"]),
        ((2025, 2, 3), 60, ["2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01"]),
        ((2024, 10, 7), 110, ["2025-01-01", "2025-07-01", "2026-01-01", "2026-07-01"]),
        ((2013, 10, 7), 262, ["2014-01-01", "2015-01-01", "2016-01-01", "2017-01-01", "2018-01-01"]),
        ((1990, 1, 1), 1700, ["1990-01-01", "2000-01-01", "2010-01-01", "2020-01-01"]),
    ],
)
def test_time_is_marked_by_the_steps_of_a_calendar(first: tuple[int, int, int], weeks: int, ticks: list[str]) -> None:
    """Months, quarters, half years, years: no axis counts by ten months; at most six marks, whatever the span."""
    days = [dt.date(*first) + dt.timedelta(weeks=n) for n in range(weeks)]
    shown = lanes([Lane("a", "حدث", dict.fromkeys(days, 1), {})])
    assert shown["layout"]["xaxis"]["tickvals"] == ticks


def test_today_is_said_as_a_day_of_a_month() -> None:
    """«اليوم: 24 دجنبر»; two numbers with a stroke between them could be a share."""
    (said,) = [note["text"] for note in lanes(LANES)["layout"]["annotations"] if "اليوم" in note["text"]]
    assert words.bare(said).strip("\u202b\u202c") == "اليوم: 24 دجنبر"


def test_a_caption_tells_what_is_drawn() -> None:
    """The band of an event's days, today's line and unloaded weeks are explained where they stand, nowhere else."""
    day = dt.date(2025, 12, 1)
    plain = Lane("a", "محور", {day: 1}, {})
    later = replace(plain, window=(day + dt.timedelta(400), day + dt.timedelta(401)))
    held = replace(plain, values={day: 1, day + dt.timedelta(7): None}, window=(day, day))
    assert charts.beside_bars([plain], None) == charts.beside_bars([later], day - dt.timedelta(1)) == []
    assert charts.beside_bars([plain, held], day) == ["window", "today", "gap"]


def test_a_lanes_name_stands_on_its_own_lane() -> None:
    """Nearer to its own lane than to the one above, also where no days stand below it."""
    layout = lanes(LANES)["layout"]
    names = [note for note in layout["annotations"] if "حدث" in note["text"]]
    for name, axis in zip(names, ("yaxis", "yaxis2"), strict=True):
        assert (name["y"], name["yanchor"]) == (pytest.approx(layout[axis]["domain"][1]), "bottom")


def test_each_lane_has_its_own_scale_from_zero() -> None:
    """A small event beside a great one can be read; no scale hides where zero is."""
    layout = lanes(LANES)["layout"]
    tops = [layout[axis]["range"][1] for axis in ("yaxis", "yaxis2")]
    assert tops[0] > 12 > tops[1] > 5
    assert {layout[axis]["range"][0] for axis in ("yaxis", "yaxis2")} == {0}
    assert layout["yaxis"]["domain"][0] > layout["yaxis2"]["domain"][1]


def test_a_dumbbell_beside_a_great_one_can_be_read() -> None:
    """On the scale of roots a change of one to two beside 83 to 66 is wider than its points; ticks say the numbers."""
    rows = [
        Bar("sport", "الرياضة", 66, "m", 83, "m"),
        Bar("rights", "الحقوق", 2, "m", 1, "m"),
        Bar("art", "ا", 3, "m", 3),
    ]
    figure = charts.dumbbells(rows, ARABIC, now="الآن", before="قبل", unit="القصص")
    _, before, now = figure["data"]
    assert [round(x**2) for x in before["x"]] == [1, 3, 83]
    axis = figure["layout"]["xaxis"]
    width = 600 / abs(axis["range"][0] - axis["range"][1])
    assert abs(before["x"][0] - now["x"][0]) * width > now["marker"]["size"] * 1.5
    assert [round(x**2) for x in axis["tickvals"]] == [int(text) for text in axis["ticktext"]] == [50, 20, 10, 2, 0]
    assert (before["text"], now["text"]) == (["1", "3", "83"], ["2", "3", "66"])
    assert now["textposition"] == ["middle left", "middle left", "middle right"]
    assert before["textposition"] == ["middle right", "middle right", "middle left"]


# Right to left


def test_bars_grow_from_the_right() -> None:
    """Names on the right, zero at the right edge, the greatest on top."""
    figure = charts.bars(BARS, ARABIC, unit="القصص")
    axis = figure["layout"]["xaxis"]["range"]
    assert axis[0] > max(figure["data"][0]["x"])
    assert axis[1] <= 0
    assert figure["layout"]["yaxis"]["side"] == "right"
    assert figure["data"][0]["y"][-1] == figure["layout"]["yaxis"]["categoryarray"][-1] == "trade"


def test_long_names_are_folded_not_cut() -> None:
    """Pairs and editions stand whole in lines that leave a phone its bars, and rows are as tall as they need."""
    long = ["الاتحاد الأوروبي – الولايات المتحدة", "الدورة 93 للجمعية العامة للإنتربول (مراكش)"]
    short, folded = (
        charts.bars([Bar(str(n), name, 3, "m") for n, name in enumerate(names)], ARABIC, unit="القصص")["layout"]
        for names in (["مصر – روسيا", "قطر – تونس"], long)
    )
    shown = [text.replace("\u202b", "").split("\u202c<br>") for text in folded["yaxis"]["ticktext"]]
    assert [" ".join(lines).rstrip("\u202c") for lines in shown] == long
    assert all(len(line) <= 25 for lines in shown for line in lines)
    assert folded["height"] > short["height"]
    (text,) = charts.bars([Bar("a", "كأس أمم إفريقيا تحت 17 سنة", 1, "m")], ARABIC, unit="القصص")["layout"]["yaxis"][
        "ticktext"
    ]
    assert text == words.svg("كأس أمم إفريقيا\nتحت 17 سنة")
    names = {"EU": "الاتحاد الأوروبي", "CD": "جمهورية الكونغو الديمقراطية", "CF": "جمهورية إفريقيا الوسطى"}
    made = charts.matrix([*names], names, {("CD", "EU"): (1, "m")}, ARABIC, unit="القصص")["layout"]
    assert not [text for text in made["yaxis"]["ticktext"] if "…" in text]


def test_a_matrix_reads_from_the_right() -> None:
    """The first country stands at the right and on top; both halves say the same; no country deals with itself."""
    figure = matrix(CODES)
    assert {figure["layout"][axis]["autorange"] for axis in ("xaxis", "yaxis")} == {"reversed"}
    assert figure["layout"]["yaxis"]["side"] == "right"
    z = figure["data"][0]["z"]
    assert z == [list(column) for column in zip(*z, strict=True)] == [[None, 7, 2], [7, None, None], [2, None, None]]


def test_names_are_shown_as_they_are() -> None:
    """A name with tags, templates or marks of direction is text in a figure, too."""
    evil = "<a href='http://x'>%{x}</a>\u202e"
    shown = json.dumps(
        [
            lanes([Lane(evil, evil, {MONDAYS[0]: 1}, {})]),
            charts.bars([Bar("a", evil, 1, "m")], ARABIC, unit="القصص"),
            charts.matrix(["a", "b"], {"a": evil, "b": evil}, {("a", "b"): (1, "m")}, ARABIC, unit="القصص"),
        ],
        ensure_ascii=False,
    )
    assert "<a href" not in shown
    assert "%{x}" not in shown
    assert "\u202e" not in shown.replace(f'"id": "{evil}"', "")


# Colours


def test_a_colour_goes_with_its_id() -> None:
    """An event keeps its colour on every page and beside whatever else is drawn."""
    alone = lanes(LANES[1:])["data"][0]["marker"]["color"]
    assert lanes(LANES)["data"][1]["marker"]["color"] == alone == charts.colour("euro-2028")


def test_bars_have_one_colour() -> None:
    """Their length says all: a colour would look as if it meant something, and there are fewer colours than names."""
    (bar,) = charts.bars(BARS, ARABIC, unit="القصص")["data"]
    assert isinstance(bar["marker"]["color"], str)


def test_pages_draw_real_marks() -> None:
    """The marks of these tests are such as queries accept."""
    for text in (BARS[0].mark, *CELLS["ES", "MA"][1:], *LANES[0].marks.values()):
        relation, *parts = text.split("|")
        assert queries.mark_of(relation, **dict(part.split("=", 1) for part in parts))
