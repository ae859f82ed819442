"""The current articles of an open snapshot with their annotations, in the order of their ids, a chunk at a time."""

import collections
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import duckdb
import msgspec

from etl.model import Annotation, Article
from etl.returned import listed, told

CHUNK = 500
"""Articles held at once. A long one has 50 kB and a few hundred annotations."""


class Choice(NamedTuple):
    """What is wanted: rows in force or everybody's; articles published from an ISO day to another, both included."""

    everybody: bool = False
    first: str | None = None
    last: str | None = None


_KEYS = """
SELECT article_key FROM article
WHERE is_current AND (? IS NULL OR published_on >= CAST(? AS DATE)) AND (? IS NULL OR published_on <= CAST(? AS DATE))
ORDER BY article_key
"""

_ARTICLES = """
SELECT a.article_key, a.article_id, a.page_id, a.role::VARCHAR AS role, a.url, a.publisher::VARCHAR AS publisher,
    a.carrier, t.headline, t.body, a.language, a.published, a.published_basis::VARCHAR AS published_basis,
    a.fetched_at, a.keywords, a.rights
FROM article a JOIN article_text t ON t.article_key = a.article_key
WHERE a.is_current AND a.article_key BETWEEN ? AND ? AND t.article_key BETWEEN ? AND ?
ORDER BY a.article_key
"""

_OWN = {
    "event_mention": "'event' AS layer, series_id::VARCHAR AS series_id, event_id::VARCHAR AS event_id, candidates,"
    " stage::VARCHAR AS stage",
    "country_mention": "'country' AS layer, code::VARCHAR AS code, country_role::VARCHAR AS role, candidates",
    "pair_mention": "'pair' AS layer, a::VARCHAR AS a, b::VARCHAR AS b, direction::VARCHAR AS direction,"
    " relation::VARCHAR AS relation",
    "theme_mention": "'theme' AS layer, theme_id::VARCHAR AS theme_id",
    "date_expression": "'date' AS layer, value_from::VARCHAR AS value_from, value_to::VARCHAR AS value_to,"
    " precision::VARCHAR AS precision, basis::VARCHAR AS basis, anchor::VARCHAR AS anchor, weekday,"
    " weekday_check::VARCHAR AS weekday_check",
    "entity_mention": "kind AS layer, entity_id, country::VARCHAR AS country, office",
}
"""By table of mentions: its own columns, under the names of rasd-article/1."""

_ROWS = """
SELECT article_key, field, span_start AS "start", span_end AS "end", {own}, tier, rule, annotator
FROM {table} WHERE article_key BETWEEN ? AND ? AND (in_force OR ?)
ORDER BY ALL
"""


# Out of force like the rows of the outranked, but nobody says them any more.
_GONE = """
SELECT article_key, annotator, field::VARCHAR || ':' || span_start || '-' || span_end || ' ' || label
FROM returned_label
WHERE article_key BETWEEN ? AND ?
GROUP BY article_key, annotator, field, span_start, span_end, label
HAVING NOT arg_max(is_said, (load_id, record_no))
"""


def articles(connection: duckdb.DuckDBPyConnection, choice: Choice) -> Iterator[Article]:
    """Every current article that is wanted, finished, its annotations in a total order."""
    days = [choice.first, choice.first, choice.last, choice.last]
    listed = connection.cursor().execute(_KEYS, days)
    while keys := [key for (key,) in listed.fetchmany(CHUNK)]:
        yield from _chunk(connection, keys, everybody=choice.everybody)


def _chunk(connection: duckdb.DuckDBPyConnection, keys: list[int], *, everybody: bool) -> Iterator[Article]:
    wanted, ends = set(keys), [keys[0], keys[-1]]
    rows: dict[int, list[dict[str, Any]]] = collections.defaultdict(list)
    for table, own in _OWN.items():
        for row in _dicts(connection, _ROWS.format(own=own, table=table), [*ends, everybody]):
            rows[row.pop("article_key")].append(row)
    gone = collections.defaultdict(set)
    for key, who, label in connection.cursor().execute(_GONE, ends).fetchall() if everybody else ():
        gone[key].add((who, label))
    for found in _dicts(connection, _ARTICLES, [*ends, *ends]):
        if (key := found.pop("article_key")) in wanted:
            yield _article(found, rows[key], gone[key])


def _dicts(connection: duckdb.DuckDBPyConnection, sql: str, values: list[Any]) -> Iterator[dict[str, Any]]:
    cursor = connection.cursor().execute(sql, values)
    names = [column[0] for column in cursor.description or ()]
    fetch: Callable[[], list[tuple[Any, ...]]] = lambda: cursor.fetchmany(CHUNK)  # noqa: E731 -- iter() takes a callable
    for some in iter(fetch, []):
        yield from (dict(zip(names, row, strict=True)) for row in some)


def _article(found: dict[str, Any], rows: list[dict[str, Any]], gone: set[tuple[str, str]]) -> Article:
    fetched = found.pop("fetched_at")
    found["fetched"] = fetched.isoformat() + "Z" if fetched else None
    article = Article(**found)
    for row in rows:
        row["text"] = (getattr(article, row["field"]) or "")[row["start"] : row["end"]]
    every = (msgspec.convert(row, Annotation) for row in rows)
    article.annotations = [one for one in every if (one.annotator, told(one)) not in gone]
    article.exported = listed(article.annotations)
    return article
