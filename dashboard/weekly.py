"""One week against the week before, by the locale's weeks: numbers with their marks, and sentences of what changed.

The week is that of the last day asked for, or of the last publication; the week before is compared with it. Small
numbers are said to be small.
"""

import datetime as dt
import math
from dataclasses import dataclass, replace

from dashboard import charts, queries
from dashboard.drill import mark_text
from dashboard.room import Room

WEEK = dt.timedelta(days=7)
_BACK = 4
SMALL_MEAN, SMALL_NOW = 2, 5
"""ACLED's guard: of an average of both weeks up to this, and up to that now, little is said."""


@dataclass(frozen=True)
class Weeks:
    """The first days of the week looked at and of the week before."""

    now: dt.date
    before: dt.date


def weeks(room: Room) -> Weeks | None:
    """The weeks to compare; None where nothing is dated."""
    _, last = queries.day_span(room.source)
    ends = [day for day in (room.filters.until, last) if day]
    if not ends:
        return None
    now = room.words.week_start(min(ends))
    return Weeks(now, now - WEEK)


def is_loaded(room: Room, week: dt.date) -> bool:
    """Was any article of the week that begins on a day loaded, whatever the filters."""
    return week in queries.loaded_periods(room.source, "week", room.first_weekday)


def compared(room: Room, relation: str, dimension: str, both: Weeks, most: int = 12) -> list[charts.Bar]:
    """The values that moved or were strong in either week: number now and before, each with its mark."""
    weekly = replace(room.filters, grain="week")
    found = queries.counts(room.source, relation, (dimension, "period"), weekly, room.first_weekday)
    now = {ident: n for ident, day, n in found if day == both.now}
    before = {ident: n for ident, day, n in found if day == both.before}
    ranked = sorted({*now, *before}, key=lambda i: (-max(now.get(i, 0), before.get(i, 0)), i))[:most]
    return [
        charts.Bar(ident, room.label(dimension, ident), now.get(ident, 0), _mark(relation, dimension, ident, both.now),
                   before.get(ident, 0), _mark(relation, dimension, ident, both.before))
        for ident in ranked
    ]  # fmt: skip


def _mark(relation: str, dimension: str, ident: str, week: dt.date) -> str:
    return mark_text(relation, **{dimension: ident, "period": week.isoformat(), "grain": "week"})


def changes(room: Room, rows: list[charts.Bar], most: int = 4) -> list[str]:
    """The greatest changes as sentences with both numbers; a small one says that it is small."""
    moved = sorted((r for r in rows if r.value != r.before), key=lambda r: (-abs(r.value - (r.before or 0)), r.id))
    out = []
    for row in moved[:most]:
        before = row.before or 0
        said = room.words.t("change.sentence", name=row.name, before=before, now=row.value)
        out.append(f"{said} {room.words.t('change.small')}" if is_small(row) else said)
    return out


def is_small(bar: charts.Bar) -> bool:
    """Are both numbers so small that their change says little."""
    return (bar.value + (bar.before or 0)) / 2 <= SMALL_MEAN and bar.value <= SMALL_NOW


def mean(room: Room, values: dict[dt.date, int], now: dt.date) -> tuple[float, int] | None:
    """The mean of the loaded ones among the four weeks before, and how many they are; None where none was loaded.

    What was not loaded is no zero. Half a tenth goes up, as readers reckon it; Python would take it to the even side.
    """
    before = [now - WEEK * n for n in range(1, _BACK + 1)]
    found = [values.get(week, 0) for week in before if is_loaded(room, week)]
    return (math.floor(sum(found) / len(found) * 10 + 0.5) / 10, len(found)) if found else None
