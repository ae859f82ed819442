"""What a weekly briefing asks beside the relations: facts as they were known, stories ranked, what was not loaded."""

import datetime as dt
import functools
from dataclasses import dataclass

from dashboard.filters import Filters
from dashboard.queries.relations import OPEN, body
from dashboard.queries.source import Row, Source, rows

_FACTS = """
SELECT event_id, key, value, sureness FROM tracked_event_fact
WHERE key IN ('start', 'end', 'host') AND (known_from IS NULL OR known_from <= $day)
    AND (superseded_on IS NULL OR superseded_on > $day)
ORDER BY event_id, key, known_from NULLS FIRST, value
"""
_RANKED = f"""
WITH hit AS (
    SELECT DISTINCT m.article_key, m.story_key, m.publisher, m.published_on {{body}}
        AND m.published_on BETWEEN ? AND ?
),
named AS (
    SELECT story_key, count(DISTINCT item)::INTEGER AS n_named FROM (
        SELECT story_key, 'event ' || coalesce(event_id::VARCHAR, series_id::VARCHAR || '{OPEN}') AS item, tier
        FROM event_mention WHERE in_force AND article_key IN (SELECT article_key FROM hit)
        UNION ALL
        SELECT story_key, 'pair ' || a::VARCHAR || b::VARCHAR, tier
        FROM pair_mention WHERE in_force AND relation <> 'cohost' AND article_key IN (SELECT article_key FROM hit)
    ) WHERE tier = 'strong' GROUP BY story_key
),
story AS (
    SELECT h.story_key, count(*)::INTEGER AS n_articles, count(DISTINCT h.publisher)::INTEGER AS n_sources,
        max(h.published_on) AS last_on,
        arg_min(h.article_key, (h.published_on, coalesce(a.published_at, h.published_on::TIMESTAMP), a.article_id))
            AS article_key
    FROM hit h JOIN article a ON a.article_key = h.article_key GROUP BY h.story_key
),
told AS (
    SELECT s.*, a.article_id, coalesce(n.n_named, 0) AS strength
    FROM story s JOIN article a USING (article_key) LEFT JOIN named n ON n.story_key = s.story_key
    ORDER BY s.n_sources DESC, s.n_articles DESC, strength DESC, s.last_on DESC, a.article_id LIMIT ?
),
whole AS (
    SELECT story_key, list(article_id ORDER BY article_id) AS article_ids
    FROM article WHERE story_key IN (SELECT story_key FROM told) GROUP BY story_key
)
SELECT s.article_key, s.article_id, t.headline, t.body, a.publisher::VARCHAR, a.published_on,
    a.published_basis::VARCHAR, s.n_articles, s.n_sources, s.strength, w.article_ids
FROM told s JOIN whole w ON w.story_key = s.story_key
JOIN article a USING (article_key) JOIN article_text t USING (article_key)
ORDER BY s.n_sources DESC, s.n_articles DESC, s.strength DESC, s.last_on DESC, s.article_id
"""


@dataclass(frozen=True)
class Ranked:
    """A story of some days by its first article in them: its text, how its day is known, and what ranked it.

    `article_ids` are those of the whole story, of any day and under any filters.
    """

    article_key: int
    article_id: str
    headline: str | None
    body: str
    publisher: str | None
    published_on: dt.date
    basis: str
    n_articles: int
    n_sources: int
    n_named: int
    article_ids: tuple[str, ...]


@functools.lru_cache(maxsize=64)
def facts_on(source: Source, day: dt.date) -> tuple[Row, ...]:
    """Event, key (start, end, host), value and sureness of the facts that were known on a day and still stood."""
    return tuple(rows(source, _FACTS, {"day": day}))


@functools.lru_cache(maxsize=64)
def ranked(source: Source, filters: Filters, first: dt.date, last: dt.date, most: int) -> tuple[Ranked, ...]:
    """The stories with an article under the filters between two days: those of most sources first.

    Then those of most articles, of most tracked events and pairs named strongly, the newest, by id.
    """
    text, params = body("articles", filters, dated=True)
    found = rows(source, _RANKED.format(body=text), [*params, first, last, most])
    return tuple(Ranked(*row, tuple(article_ids)) for *row, article_ids in found)


@functools.lru_cache(maxsize=64)
def days_loaded(source: Source, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """The days between two on which any counted article was published, whatever the filters."""
    sql = "SELECT DISTINCT published_on FROM counted_article WHERE published_on BETWEEN ? AND ? ORDER BY 1"
    return tuple(day for (day,) in rows(source, sql, [first, last]))


@functools.lru_cache(maxsize=64)
def read_by_analysts(source: Source, filters: Filters) -> int:
    """How many dated articles under the filters a person has labelled."""
    text, params = body("articles", filters, dated=True)
    people = "SELECT article_key FROM statement WHERE annotator LIKE 'analyst:%'"
    sql = f"SELECT count(DISTINCT m.article_key)::INTEGER {text} AND m.article_key IN ({people})"
    return rows(source, sql, params)[0][0]


@functools.lru_cache(maxsize=8)
def refused(source: Source) -> int:
    """How many records all loads of the snapshot have refused."""
    return rows(source, "SELECT coalesce(sum(n_rejected), 0)::BIGINT FROM load_file")[0][0]
