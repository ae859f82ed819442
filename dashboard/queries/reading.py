"""One article: its text, what was read in it, its dates, its copies, the page that it stood on."""

from dataclasses import dataclass
from typing import Any

from dashboard.queries.source import Row, Source, records, rows

_ARTICLE = """
SELECT a.article_key, a.article_id, a.story_key, a.role::VARCHAR AS role, a.page_id, a.url,
    a.publisher::VARCHAR AS publisher, a.carrier, a.published_on, a.published, a.published_basis::VARCHAR AS basis,
    a.keywords, a.rights, a.version_no, a.is_sample, t.headline, t.body
FROM article a JOIN article_text t USING (article_key) WHERE a.article_id = ? AND a.is_current
"""
_LAYERS: dict[str, tuple[str, str, str]] = {
    "event": ("event_mention", "event_id::VARCHAR", "series_id::VARCHAR"),
    "country": ("country_mention", "code::VARCHAR", "country_role::VARCHAR"),
    "pair": ("pair_mention", "a::VARCHAR || '-' || b::VARCHAR", "relation::VARCHAR || ' ' || direction::VARCHAR"),
    "theme": ("theme_mention", "theme_id::VARCHAR", "''"),
    "date": ("date_expression", "coalesce(value_from::VARCHAR, '')", "coalesce(value_to::VARCHAR, '')"),
    "entity": ("entity_mention", "coalesce(entity_id, '')", "coalesce(country::VARCHAR, '')"),
}
"""Layer: its table, and `id` and `detail` of a span as SQL."""
LAYERS = tuple(_LAYERS)

_SPANS = """
SELECT field::VARCHAR, span_start, span_end, tier::VARCHAR, rule, annotator, {ident} AS id, {detail} AS detail
FROM {table} WHERE article_key = ? AND in_force ORDER BY field, span_start, span_end, id, rule, annotator
"""
_DATES = """
SELECT field::VARCHAR, span_start, span_end, value_from, value_to, precision::VARCHAR, basis::VARCHAR, anchor, weekday,
    weekday_check::VARCHAR, rule
FROM date_expression WHERE article_key = ? AND in_force ORDER BY field, span_start, span_end
"""
_COPIES = """
SELECT a.article_id, a.publisher::VARCHAR, a.carrier, a.published_on, t.headline,
    coalesce(a.published_on = min(a.published_on) OVER ()
        AND (a.published_at = min(a.published_at) OVER day
            OR NOT bool_and(a.published_at IS NOT NULL) OVER day), false),
    a.story_rule, a.story_share
FROM article a JOIN article_text t USING (article_key)
WHERE a.story_key = ? AND a.is_current
WINDOW day AS (PARTITION BY a.published_on)
ORDER BY a.published_on NULLS LAST, a.published_at NULLS LAST, a.article_id
"""
_BLOCKS = """
SELECT DISTINCT zone::VARCHAR, page_start, page_end, article_id FROM page_block WHERE page_id = ? ORDER BY page_start
"""


@dataclass(frozen=True)
class Span:
    """A mark in an article: `id` is the event, code, pair, theme or date, `detail` the series, role or relation."""

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
    found = records(source, _ARTICLE, [article_id])
    return found[0] if found else None


def spans(source: Source, article_key: int) -> list[Span]:
    """All annotations in force of an article, by layer, field and place."""
    out = []
    for layer, (table, ident, detail) in _LAYERS.items():
        found = rows(source, _SPANS.format(table=table, ident=ident, detail=detail), [article_key])
        out += [Span(layer, *row) for row in found]
    return out


def dates(source: Source, article_key: int) -> list[Row]:
    """The date ledger: field, place, value from and to, precision, basis, anchor, weekday, check, rule."""
    return rows(source, _DATES, [article_key])


def copies(source: Source, story_key: int) -> list[Row]:
    """The articles of a story, the first published first: id, publisher, carrier, day, headline, is it the first.

    Then by which rule its nearest copy is one and what share the two have in common (None without a copy). Several are
    the first where they share its day and not all of them say their time.
    """
    return rows(source, _COPIES, [story_key])


def page_blocks(source: Source, page_id: str) -> tuple[str | None, list[Row]]:
    """The original page of an article (None where it came from no page), and its runs: zone, start, end, article."""
    text = rows(source, "SELECT text FROM page WHERE page_id = ? ORDER BY name LIMIT 1", [page_id])
    return (text[0][0] if text else None), rows(source, _BLOCKS, [page_id])
