"""Numbers and lists of marks: what a figure shows, and the articles behind exactly that."""

import datetime as dt
import functools
from dataclasses import dataclass

from dashboard.filters import Filters
from dashboard.queries.relations import PERIOD, Mark, body, dimension, marked
from dashboard.queries.source import Row, Source, rows

PAGE_SIZE = 50
_UNIT = {"stories": "m.story_key", "articles": "m.article_key"}


@functools.lru_cache(maxsize=1024)
def counts(
    source: Source, relation: str, by: tuple[str, ...], filters: Filters, first_weekday: int = 1
) -> tuple[Row, ...]:
    """Rows (dimensions in `by` …, number) ordered by the dimensions; `period` is the first day of day, week or month.

    The number counts stories or articles, as `filters.unit` says; a story in two periods counts in each.
    """
    columns = [f"{dimension(relation, name, filters, first_weekday)} AS d{n}" for n, name in enumerate(by)]
    select = ", ".join([*columns, f"count(DISTINCT {_UNIT[filters.unit]})::INTEGER"])
    order = ", ".join(f"d{n}" for n in range(len(by))) or "1"
    text, params = body(relation, filters, dated=PERIOD in by)
    grouping = f"GROUP BY {order}" if by else ""
    return tuple(rows(source, f"SELECT {select} {text} {grouping} ORDER BY {order}", params))


@functools.lru_cache(maxsize=1024)
def number(source: Source, mark: Mark, filters: Filters, first_weekday: int = 1) -> int:
    """The number of a mark, in the unit of the filters: what a tile shows and what its list must total."""
    text, params = marked(mark, filters, first_weekday)
    return rows(source, f"SELECT count(DISTINCT {_UNIT[filters.unit]})::INTEGER {text}", params)[0][0]


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


@functools.lru_cache(maxsize=256)
def listed(
    source: Source, mark: Mark, filters: Filters, first_weekday: int = 1, page: int = 0, *, size: int | None = PAGE_SIZE
) -> tuple[Listed, ...]:
    """The articles behind a mark, newest first, undated last; a page of `size`, None: all of them."""
    text, params = marked(mark, filters, first_weekday)
    sql = _LISTED.format(body=text, unit=_UNIT[filters.unit], limit="LIMIT ? OFFSET ?" if size else "")
    asked = [*params, size, size * page] if size else params
    return tuple(Listed(*row) for row in rows(source, sql, asked))


@functools.lru_cache(maxsize=256)
def sources_between(source: Source, since: dt.date, until: dt.date, filters: Filters) -> int:
    """How many publishers have an article under the filters in a period, both days included."""
    text, params = body("articles", filters, dated=True)
    sql = f"SELECT count(DISTINCT m.publisher)::INTEGER {text} AND m.published_on BETWEEN ? AND ?"
    return rows(source, sql, [*params, since, until])[0][0]
