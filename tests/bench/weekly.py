"""The figure that both sides of the bench draw: all articles by week, from the same query, by the same code."""

import os
from pathlib import Path
from typing import Any, Literal, cast

from dashboard import charts, queries, words
from dashboard.filters import Filters

UNITS = ("stories", "articles")


def figure(unit: str) -> dict[str, Any]:
    """Stories or articles by week as one lane."""
    shown = words.load("ar-MA")
    source = queries.current(Path(os.environ["RASD_STORE"]))
    filters = Filters(unit=cast("Literal['stories', 'articles']", unit))
    values = dict(queries.counts(source, "articles", ("period",), filters, shown.first_weekday()))
    lane = charts.Lane("all", shown.t("lane.all"), values, {day: f"articles|period={day}|grain=week" for day in values})
    return charts.lanes([lane], shown, period=shown.week, unit=shown.t(f"unit.{unit}"), today=None, time="ltr")
