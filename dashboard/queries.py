"""The questions. A figure's numbers and the list behind each mark come from the same relation, so they cannot differ.

A *relation* is a named set of rows (dimensions, article_key, story_key) under the filters. `counts` groups it; `listed`
gives the articles of one mark: the same rows, narrowed to the mark's dimensions. The only SQL of the dashboard: values
are bound, identifiers come from the closed tables below. Every answer is totally ordered, and kept per snapshot.
"""

import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from dashboard.filters import Filters
from etl import store
from etl.text import key as folded_key

Row = tuple[Any, ...]
Params = list[Any]
PAGE_SIZE = 50
OPEN = "?"
"""Ends the lane of a series whose edition is open: `afcon?`."""


@dataclass(frozen=True)
class Source:
    """One snapshot of one store: what every answer is kept by."""

    folder: Path
    snapshot_id: str


@dataclass(frozen=True)
class Mark:
    """A point, cell, bar or tile: a relation and the dimensions that it stands for."""

    relation: str
    where: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Relation:
    """Rows of one table; `dimensions` are the columns that marks may name, as SQL over the alias m."""

    table: str
    dimensions: dict[str, str]
    condition: str = "m.in_force"
    dated_only: bool = False


_PERIOD = "period"
_LANE = f"coalesce(m.event_id::VARCHAR, m.series_id::VARCHAR || '{OPEN}')"
RELATIONS: dict[str, Relation] = {
    "articles": Relation("counted_article", {"publisher": "m.publisher::VARCHAR", "role": "m.role::VARCHAR",
                                             "basis": "m.published_basis::VARCHAR"}, "m.is_current"),
    "undated": Relation("counted_article", {"publisher": "m.publisher::VARCHAR"}, "m.is_current AND m.published_on IS NULL"),
    "events": Relation("event_mention", {"event": _LANE, "stage": "m.stage::VARCHAR"}),
    "open_editions": Relation("event_mention", {"series": "m.series_id::VARCHAR"}, "m.in_force AND m.event_id IS NULL"),
    "countries": Relation("country_mention", {"country": "m.code::VARCHAR"}, "m.in_force AND m.code IS NOT NULL"),
    "pairs": Relation("pair_mention", {"a": "m.a::VARCHAR", "b": "m.b::VARCHAR", "relation": "m.relation::VARCHAR",
                                       "direction": "m.direction::VARCHAR"}),
    "together": Relation("pair_mention", {"a": "m.a::VARCHAR", "b": "m.b::VARCHAR"}, "m.in_force AND m.tier = 'weak'"),
    "themes": Relation("theme_mention", {"theme": "m.theme_id::VARCHAR"}),
}  # fmt: skip
_UNIT = {"stories": "m.story_key", "articles": "m.article_key"}
_TIERED = frozenset(("event_mention", "country_mention", "pair_mention", "theme_mention"))


@functools.lru_cache(maxsize=8)
def connection(source: Source) -> duckdb.DuckDBPyConnection:
    """The read-only connection of a snapshot, opened and checked once per process."""
    return store.open_snapshot(source.folder, source.snapshot_id)


def current(folder: Path) -> Source:
    """The snapshot that CURRENT names now. Raises the store's errors (no-store, damaged, foreign, other-version)."""
    snapshot_id = store.current(folder)
    if snapshot_id is None:
        raise store.StoreError("no-store", f"{folder}: nothing has been loaded; run: rasd load PATH")
    return Source(folder, snapshot_id)


def rows(source: Source, sql: str, params: Sequence[Any] = ()) -> list[Row]:
    """One query on its own cursor, read at once."""
    return connection(source).cursor().execute(sql, list(params)).fetchall()


@functools.lru_cache(maxsize=1024)
def counts(
    source: Source, relation: str, by: tuple[str, ...], filters: Filters, first_weekday: int = 1
) -> tuple[Row, ...]:
    """Rows (dimensions in `by` …, number) ordered by the dimensions; `period` is the first day of day, week or month.

    The number counts stories or articles, as `filters.unit` says; a story in two periods counts in each.
    """
    names = [_dimension(relation, name, filters, first_weekday) for name in by]
    select = ", ".join(
        [*(f"{sql} AS d{n}" for n, sql in enumerate(names)), f"count(DISTINCT {_UNIT[filters.unit]})::INTEGER"]
    )
    order = ", ".join(f"d{n}" for n in range(len(by))) or "1"
    body, params = _body(source, relation, filters, dated=_PERIOD in by)
    grouping = f"GROUP BY {order}" if by else ""
    return tuple(rows(source, f"SELECT {select} {body} {grouping} ORDER BY {order}", params))


def number(source: Source, mark: Mark, filters: Filters, first_weekday: int = 1) -> int:
    """The number of a mark, in the unit of the filters: what a tile shows and what its list must total."""
    body, params = _marked(source, mark, filters, first_weekday)
    return rows(source, f"SELECT count(DISTINCT {_UNIT[filters.unit]})::INTEGER {body}", params)[0][0]


@dataclass(frozen=True)
class Listed:
    """A row of a list: an article, or a story by its first article in the mark with the number of its copies there."""

    article_key: int
    article_id: str
    headline: str | None
    opening: str
    publisher: str | None
    published_on: dt.date | None
    copies: int


_LISTED = """
WITH hit AS (SELECT DISTINCT m.article_key, m.story_key {body}),
first AS (
    SELECT {unit} AS unit_key, count(*)::INTEGER AS copies,
        arg_min(a.article_key, (coalesce(a.published_on, DATE '9999-12-31'), a.article_id)) AS article_key
    FROM hit m JOIN article a USING (article_key) GROUP BY unit_key
)
SELECT a.article_key, a.article_id, t.headline, left(t.body, 160), a.publisher::VARCHAR, a.published_on, f.copies
FROM first f JOIN article a USING (article_key) JOIN article_text t USING (article_key)
ORDER BY a.published_on DESC NULLS LAST, a.article_id {limit}
"""


def listed(
    source: Source, mark: Mark, filters: Filters, first_weekday: int = 1, page: int = 0, *, all_rows: bool = False
) -> list[Listed]:
    """The articles behind a mark, newest first, undated last; a page of them or all."""
    body, params = _marked(source, mark, filters, first_weekday)
    limit = "" if all_rows else "LIMIT ? OFFSET ?"
    sql = _LISTED.format(body=body, unit=_UNIT[filters.unit], limit=limit)
    return [Listed(*row) for row in rows(source, sql, params if all_rows else [*params, PAGE_SIZE, PAGE_SIZE * page])]


def mark_of(relation: str, **where: str) -> Mark:
    """A mark of a relation; unknown names raise ValueError, so that an address cannot invent columns."""
    if relation not in RELATIONS or any(
        name != _PERIOD and name not in RELATIONS[relation].dimensions for name in where
    ):
        msg = f"no such mark: {relation} {sorted(where)}"
        raise ValueError(msg)
    return Mark(relation, tuple(sorted(where.items())))


def _marked(source: Source, mark: Mark, filters: Filters, first_weekday: int) -> tuple[str, Params]:
    dated = any(name == _PERIOD for name, _ in mark.where)
    body, params = _body(source, mark.relation, filters, dated=dated)
    for name, value in mark.where:
        body += f" AND {_dimension(mark.relation, name, filters, first_weekday)} = ?"
        params.append(_typed(name, value))
    return body, params


def _typed(name: str, value: str) -> Any:  # noqa: ANN401
    if name != _PERIOD:
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return dt.date.min


def _dimension(relation: str, name: str, filters: Filters, first_weekday: int) -> str:
    if name == _PERIOD:
        return period_sql("m.published_on", filters.grain, first_weekday)
    return RELATIONS[relation].dimensions[name]


def period_sql(column: str, grain: str, first_weekday: int) -> str:
    """The first day of the period that a date column falls in; weeks begin on the locale's first weekday."""
    if grain == "week":
        return f"({column} - ((isodow({column}) - {int(first_weekday)} + 7) % 7)::INTEGER)"
    return f"date_trunc('{'day' if grain == 'day' else 'month'}', {column})::DATE"


def _body(source: Source, relation: str, filters: Filters, *, dated: bool) -> tuple[str, Params]:
    """FROM and WHERE of a relation under the filters; the filters of its own layer narrow its rows, too."""
    known = RELATIONS[relation]
    where, params = [known.condition], []
    for condition, values in (*_own(known, filters, relation), *_common(filters), *_through(source, filters)):
        where.append(condition)
        params += values
    if dated or known.dated_only:
        where.append("m.published_on IS NOT NULL")
    return f"FROM {known.table} m WHERE {' AND '.join(where)}", params


def _common(filters: Filters) -> list[tuple[str, Params]]:
    """Conditions on columns that every table repeats."""
    out: list[tuple[str, Params]] = []
    if not filters.headlines:
        out.append(("m.role <> 'headline'", []))
    if filters.since:
        out.append(("m.published_on >= ?", [filters.since]))
    if filters.until:
        out.append(("m.published_on <= ?", [filters.until]))
    if filters.publishers:
        out.append((f"m.publisher::VARCHAR IN ({_marks(filters.publishers)})", [*filters.publishers]))
    return out


def _own(known: Relation, filters: Filters, relation: str) -> list[tuple[str, Params]]:
    """What the filters say of the relation's own rows: tier, and the chosen events, pair or themes themselves."""
    out: list[tuple[str, Params]] = []
    if known.table in _TIERED and relation != "together":
        out.append(("m.tier >= ?::tier_enum", [filters.tier]))
    if known.table == "event_mention" and filters.events and relation == "events":
        out.append((f"{_LANE} IN ({_marks(filters.events)})", [*filters.events]))
    if known.table == "pair_mention":
        if not filters.cohost:
            out.append(("m.relation <> 'cohost'", []))
        if filters.pair:
            out.append(("m.a::VARCHAR = ? AND m.b::VARCHAR = ?", [*filters.pair]))
        if filters.countries:
            chosen = _marks(filters.countries)
            out.append((f"(m.a::VARCHAR IN ({chosen}) OR m.b::VARCHAR IN ({chosen}))", [*filters.countries] * 2))
    if known.table == "theme_mention" and filters.themes:
        out.append((f"m.theme_id::VARCHAR IN ({_marks(filters.themes)})", [*filters.themes]))
    if known.table == "country_mention" and filters.countries:
        out.append((f"m.code::VARCHAR IN ({_marks(filters.countries)})", [*filters.countries]))
    return out


def _through(source: Source, filters: Filters) -> list[tuple[str, Params]]:
    """Conditions on the article: it mentions one of the events, one of the countries, the pair, one of the themes."""
    out: list[tuple[str, Params]] = []
    tier = [filters.tier]
    if filters.events:
        out.append((_having("event_mention", f"{_LANE} IN ({_marks(filters.events)})"), [*tier, *filters.events]))
    if filters.countries:
        out.append(
            (
                _having("country_mention", f"m.code::VARCHAR IN ({_marks(filters.countries)})"),
                [*tier, *filters.countries],
            )
        )
    if filters.pair:
        dealing = "" if filters.cohost else " AND m.relation <> 'cohost'"
        out.append((_having("pair_mention", f"m.a::VARCHAR = ? AND m.b::VARCHAR = ?{dealing}"), [*tier, *filters.pair]))
    if filters.themes:
        out.append(
            (_having("theme_mention", f"m.theme_id::VARCHAR IN ({_marks(filters.themes)})"), [*tier, *filters.themes])
        )
    if filters.search:
        out.append(_search(source, filters.search))
    return out


def _having(table: str, condition: str) -> str:
    return f"m.article_key IN (SELECT m.article_key FROM {table} m WHERE m.in_force AND m.tier >= ?::tier_enum AND {condition})"


def _search(_source: Source, search: str) -> tuple[str, Params]:
    """Every word of the search stands in the folded text; inside a word too, so that clitics do not hide it."""
    words = folded_key(search).split()[:12]
    condition = " AND ".join("contains(folded, ?)" for _ in words) or "true"
    return f"m.article_key IN (SELECT article_key FROM article_text WHERE {condition})", [*words]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" for _ in values)


@dataclass(frozen=True)
class Names:
    """Arabic names by id, and what an event's registered days are."""

    events: dict[str, str]
    series: dict[str, str]
    series_of: dict[str, str]
    countries: dict[str, str]
    themes: dict[str, str]
    windows: dict[str, tuple[dt.date, dt.date]]


@functools.lru_cache(maxsize=8)
def names(source: Source) -> Names:
    """The registry of a snapshot, by id."""
    events = rows(source, "SELECT event_id, name, series_id FROM tracked_event ORDER BY event_id")
    windows = rows(
        source,
        "SELECT event_id, start_on, end_on FROM event_window WHERE start_on IS NOT NULL AND end_on IS NOT NULL ORDER BY 1",
    )
    return Names(
        events={ident: name for ident, name, _ in events},
        series=dict(rows(source, "SELECT series_id, name FROM series ORDER BY 1")),
        series_of={ident: series for ident, _, series in events},
        countries=dict(rows(source, "SELECT code, name FROM country ORDER BY 1")),
        themes=dict(rows(source, "SELECT theme_id, name FROM theme ORDER BY 1")),
        windows={ident: (start, end) for ident, start, end in windows},
    )


@functools.lru_cache(maxsize=64)
def present(source: Source, relation: str, name: str) -> tuple[str, ...]:
    """The values that a dimension really has, the most frequent first: what a filter offers."""
    known = RELATIONS[relation]
    column = known.dimensions[name]
    sql = (f"SELECT {column} AS v FROM {known.table} m WHERE {known.condition} AND {column} IS NOT NULL "
           "GROUP BY v ORDER BY count(DISTINCT m.article_key) DESC, v")  # fmt: skip
    return tuple(value for (value,) in rows(source, sql))


@functools.lru_cache(maxsize=64)
def loaded_periods(source: Source, grain: str, first_weekday: int) -> tuple[dt.date, ...]:
    """The periods in which any dated article was loaded; a period outside is a gap, not a zero."""
    sql = f"SELECT DISTINCT {period_sql('published_on', grain, first_weekday)} AS p FROM counted_article WHERE published_on IS NOT NULL ORDER BY p"
    return tuple(day for (day,) in rows(source, sql))


def day_span(source: Source) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of publication among counted articles."""
    return rows(source, "SELECT min(published_on), max(published_on) FROM counted_article")[0]


@functools.lru_cache(maxsize=256)
def sources_between(source: Source, since: dt.date, until: dt.date, filters: Filters) -> int:
    """How many publishers have an article under the filters in a period, both days included."""
    body, params = _body(source, "articles", filters, dated=True)
    sql = f"SELECT count(DISTINCT m.publisher)::INTEGER {body} AND m.published_on BETWEEN ? AND ?"
    return rows(source, sql, [*params, since, until])[0][0]


@functools.lru_cache(maxsize=8)
def about(source: Source) -> dict[str, Any]:
    """The snapshot's own row: id, created_at, annotator, is_sample …"""
    cursor = connection(source).cursor().execute("SELECT * FROM snapshot")
    columns = [column[0] for column in cursor.description or ()]
    return dict(zip(columns, cursor.fetchall()[0], strict=True))


# One article

_ARTICLE = """
SELECT a.article_key, a.article_id, a.story_key, a.role::VARCHAR AS role, a.page_id, a.url, a.publisher::VARCHAR AS publisher, a.carrier,
    a.published_on, a.published, a.published_basis::VARCHAR AS basis, a.keywords, a.rights, a.version_no, a.is_sample, t.headline, t.body
FROM article a JOIN article_text t USING (article_key) WHERE a.article_id = ? AND a.is_current
"""
_LAYERS: dict[str, str] = {
    "event": "SELECT field::VARCHAR, span_start, span_end, tier::VARCHAR, rule, annotator, event_id::VARCHAR AS id, series_id::VARCHAR AS detail FROM event_mention",
    "country": "SELECT field::VARCHAR, span_start, span_end, tier::VARCHAR, rule, annotator, code::VARCHAR AS id, country_role::VARCHAR AS detail FROM country_mention",
    "pair": "SELECT field::VARCHAR, span_start, span_end, tier::VARCHAR, rule, annotator, a::VARCHAR || '-' || b::VARCHAR AS id, relation::VARCHAR || ' ' || direction::VARCHAR AS detail FROM pair_mention",
    "theme": "SELECT field::VARCHAR, span_start, span_end, tier::VARCHAR, rule, annotator, theme_id::VARCHAR AS id, '' AS detail FROM theme_mention",
    "date": "SELECT field::VARCHAR, span_start, span_end, tier::VARCHAR, rule, annotator, coalesce(value_from::VARCHAR, '') AS id, coalesce(value_to::VARCHAR, '') AS detail FROM date_expression",
    "entity": "SELECT field::VARCHAR, span_start, span_end, tier::VARCHAR, rule, annotator, coalesce(entity_id, '') AS id, coalesce(country::VARCHAR, '') AS detail FROM entity_mention",
}
LAYERS = tuple(_LAYERS)


@dataclass(frozen=True)
class Span:
    """A mark in an article: `id` is the event, code, pair, theme or date; `detail` the series, role, relation …"""

    layer: str
    field: str
    start: int
    end: int
    tier: str
    rule: str
    annotator: str
    id: str | None
    detail: str | None


def article(source: Source, article_id: str) -> dict[str, Any] | None:
    """The current version of an article with its text, None where the snapshot has none of that id."""
    cursor = connection(source).cursor().execute(_ARTICLE, [article_id])
    columns = [column[0] for column in cursor.description or ()]
    found = cursor.fetchall()
    return dict(zip(columns, found[0], strict=True)) if found else None


def spans(source: Source, article_key: int) -> list[Span]:
    """All annotations in force of an article, by layer, field and place."""
    out = []
    for layer, sql in _LAYERS.items():
        order = "ORDER BY field, span_start, span_end, id, rule, annotator"
        out += [
            Span(layer, *row)
            for row in rows(source, f"{sql} WHERE article_key = ? AND in_force {order}", [article_key])
        ]
    return out


def dates(source: Source, article_key: int) -> list[Row]:
    """The date ledger: field, place, value from and to, precision, basis, anchor, weekday, check, rule."""
    return rows(source, "SELECT field::VARCHAR, span_start, span_end, value_from, value_to, precision::VARCHAR, basis::VARCHAR, anchor, weekday, "
                "weekday_check::VARCHAR, rule FROM date_expression WHERE article_key = ? AND in_force ORDER BY field, span_start, span_end", [article_key])  # fmt: skip


def copies(source: Source, story_key: int) -> list[Row]:
    """The articles of a story, the first published first: id, publisher, carrier, day, headline."""
    return rows(source, "SELECT a.article_id, a.publisher::VARCHAR, a.carrier, a.published_on, t.headline FROM article a JOIN article_text t USING (article_key) "
                "WHERE a.story_key = ? AND a.is_current ORDER BY a.published_on NULLS LAST, a.article_id", [story_key])  # fmt: skip


def page_blocks(source: Source, page_id: str) -> tuple[str | None, list[Row]]:
    """The original page of an article (None where it came from no page), and its runs: zone, start, end, article."""
    text = rows(source, "SELECT text FROM page WHERE page_id = ? ORDER BY name LIMIT 1", [page_id])
    blocks = rows(
        source,
        "SELECT DISTINCT zone::VARCHAR, page_start, page_end, article_id FROM page_block WHERE page_id = ? ORDER BY page_start",
        [page_id],
    )
    return (text[0][0] if text else None), blocks


# The data page


def loads(source: Source) -> list[Row]:
    """Every file of every load: load, file, format, read, accepted, rejected, duplicate; the last load first."""
    return rows(
        source,
        "SELECT load_id, file, format, n_read, n_accepted, n_rejected, n_duplicate FROM load_file ORDER BY load_id DESC, file, format",
    )


def rejects(source: Source, limit: int = 200) -> list[Row]:
    """Refused records: load, file, line, field, reason, expected; the last load first."""
    return rows(
        source,
        "SELECT load_id, file, line, field, reason, expected FROM reject ORDER BY load_id DESC, file, line, byte LIMIT ?",
        [limit],
    )


def bases(source: Source) -> list[Row]:
    """Articles that are counted by the basis of their date: basis, number."""
    return rows(
        source,
        "SELECT published_basis::VARCHAR, count(*)::INTEGER FROM counted_article WHERE role <> 'headline' GROUP BY 1 ORDER BY 2 DESC, 1",
    )


def publishers(source: Source) -> list[Row]:
    """Publishers: name, articles, stories, first day, last day; the greatest first, unknown as NULL."""
    return rows(source, "SELECT publisher::VARCHAR, count(*)::INTEGER, count(DISTINCT story_key)::INTEGER, min(published_on), max(published_on) FROM counted_article "
                "WHERE role <> 'headline' GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST")  # fmt: skip
