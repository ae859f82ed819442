"""What a snapshot knows: names by id, values that filters offer, the periods that hold data, the snapshot itself."""

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Any

from dashboard.queries.relations import RELATIONS, period_sql
from dashboard.queries.source import Source, records, rows


@dataclass(frozen=True)
class Names:
    """Arabic names by id, and what an event's registered days are."""

    events: dict[str, str]
    series: dict[str, str]
    series_of: dict[str, str]
    countries: dict[str, str]
    themes: dict[str, str]
    windows: dict[str, tuple[dt.date, dt.date]]


_WINDOWS = """
SELECT event_id, start_on, end_on FROM event_window
WHERE start_on IS NOT NULL AND end_on IS NOT NULL ORDER BY event_id
"""


@functools.lru_cache(maxsize=8)
def names(source: Source) -> Names:
    """The registry of a snapshot, by id."""
    events = rows(source, "SELECT event_id, name, series_id FROM tracked_event ORDER BY event_id")
    return Names(
        events={ident: name for ident, name, _ in events},
        series=dict(rows(source, "SELECT series_id, name FROM series ORDER BY 1")),
        series_of={ident: series for ident, _, series in events},
        countries=dict(rows(source, "SELECT code, name FROM country ORDER BY 1")),
        themes=dict(rows(source, "SELECT theme_id, name FROM theme ORDER BY 1")),
        windows={ident: (start, end) for ident, start, end in rows(source, _WINDOWS)},
    )


@functools.lru_cache(maxsize=64)
def present(source: Source, relation: str, name: str) -> tuple[str, ...]:
    """The values that a dimension really has, the most frequent first: what a filter offers."""
    known = RELATIONS[relation]
    column = known.dimensions[name]
    sql = f"""SELECT {column} AS v FROM {known.table} m WHERE {known.condition} AND {column} IS NOT NULL
        GROUP BY v ORDER BY count(DISTINCT m.article_key) DESC, v"""
    return tuple(value for (value,) in rows(source, sql))


@functools.lru_cache(maxsize=64)
def loaded_periods(source: Source, grain: str, first_weekday: int) -> tuple[dt.date, ...]:
    """The periods in which any dated article was loaded; a period outside is a gap, not a zero."""
    period = period_sql("published_on", grain, first_weekday)
    sql = f"SELECT DISTINCT {period} AS p FROM counted_article WHERE published_on IS NOT NULL ORDER BY p"
    return tuple(day for (day,) in rows(source, sql))


@functools.lru_cache(maxsize=8)
def day_span(source: Source) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of publication among counted articles."""
    first, last = rows(source, "SELECT min(published_on), max(published_on) FROM counted_article")[0]
    return first, last


@functools.lru_cache(maxsize=64)
def last_day(source: Source, until: dt.date) -> dt.date | None:
    """The last day of publication among counted articles that is not after a day: articles of the future are slips."""
    return rows(source, "SELECT max(published_on) FROM counted_article WHERE published_on <= ?", [until])[0][0]


@functools.lru_cache(maxsize=8)
def about(source: Source) -> dict[str, Any]:
    """The snapshot's own row: id, created_at, annotator, is_sample, and whatever else the table says."""
    return records(source, "SELECT * FROM snapshot")[0]
