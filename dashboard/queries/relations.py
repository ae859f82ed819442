"""Relations and marks: which rows a number stands for, as SQL with bound values."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.filters import Filters
from dashboard.queries.source import Params
from etl.text import key as folded_key

OPEN = "?"
"""Ends the lane of a series whose edition is open: `afcon?`."""


@dataclass(frozen=True)
class Mark:
    """A point, cell, bar or tile: a relation and the dimensions that it stands for; an empty value is «not known»."""

    relation: str
    where: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Relation:
    """Rows of a table, or of a question in parentheses, which no tier of the filters narrows.

    `dimensions` are the columns that marks may name, as SQL over the alias m.
    """

    table: str
    dimensions: dict[str, str]
    condition: str = "m.in_force"
    is_undated: bool = False
    """No period can hold these rows: the filters' dates do not apply to them."""


PERIOD = "period"
"""The dimension that every relation has: the first day of the day, week or month."""

_LANE = f"coalesce(m.event_id::VARCHAR, m.series_id::VARCHAR || '{OPEN}')"
_A, _B = "m.a::VARCHAR", "m.b::VARCHAR"
_PUBLISHER = "m.publisher::VARCHAR"
_SAID = """(
    SELECT m.article_key, any_value(a.story_key) AS story_key, any_value(a.role) AS role,
        any_value(a.published_on) AS published_on, any_value(a.publisher) AS publisher,
        array_to_string(list_sort(list(DISTINCT m.annotator)), ' + ') AS who
    FROM {table} m JOIN article a USING (article_key)
    WHERE a.is_current AND m.tier >= 'medium' AND {condition} AND m.article_key IN (
        SELECT article_key FROM statement GROUP BY article_key HAVING count(DISTINCT annotator) > 1)
    GROUP BY m.article_key, {item}
)"""
"""Of articles that more than one annotator has read: who says an item (an event, a country …), alone or together."""


def _said(table: str, item: str, condition: str) -> Relation:
    return Relation(_SAID.format(table=table, item=item, condition=condition), {"who": "m.who"}, "true")


RELATIONS: dict[str, Relation] = {
    "said_events": _said("event_mention", _LANE, "true"),
    "said_countries": _said("country_mention", "m.code", "m.code IS NOT NULL"),
    "said_pairs": _said("pair_mention", "m.a, m.b", "m.relation <> 'cohost'"),
    "said_themes": _said("theme_mention", "m.theme_id", "true"),
    "articles": Relation(
        "counted_article",
        {"publisher": _PUBLISHER, "role": "m.role::VARCHAR", "basis": "m.published_basis::VARCHAR"},
        "m.is_current",
    ),
    "undated": Relation(
        "counted_article", {"publisher": _PUBLISHER}, "m.is_current AND m.published_on IS NULL", is_undated=True
    ),
    "events": Relation("event_mention", {"event": _LANE, "stage": "m.stage::VARCHAR"}),
    "open_editions": Relation(
        "(FROM event_mention)", {"series": "m.series_id::VARCHAR"}, "m.in_force AND m.event_id IS NULL"
    ),
    "ambiguous": Relation(
        "(FROM country_mention)",
        {"candidates": "nullif(array_to_string(list_sort(m.candidates), ' '), '')"},
        "m.in_force AND m.code IS NULL",
    ),
    "date_conflicts": Relation(
        "(FROM date_expression JOIN (SELECT article_key, story_key, role, published_on, publisher FROM article) "
        "USING (article_key))",
        {"rule": "m.rule"},
        "m.in_force AND m.weekday_check = 'conflict'",
    ),
    "countries": Relation("country_mention", {"country": "m.code::VARCHAR"}, "m.in_force AND m.code IS NOT NULL"),
    "pairs": Relation(
        "pair_mention",
        {"a": _A, "b": _B, "relation": "m.relation::VARCHAR", "direction": "m.direction::VARCHAR"},
    ),
    "together": Relation("pair_mention", {"a": _A, "b": _B}, "m.in_force AND m.tier = 'weak'"),
    "themes": Relation("theme_mention", {"theme": "m.theme_id::VARCHAR"}),
}
_TIERED = frozenset(("event_mention", "country_mention", "pair_mention", "theme_mention"))


def mark_of(relation: str, /, **where: str) -> Mark:
    """A mark of a relation; unknown names raise ValueError, so that an address cannot invent columns."""
    known = {PERIOD, *RELATIONS[relation].dimensions} if relation in RELATIONS else set()
    if relation not in RELATIONS or not known.issuperset(where):
        msg = f"no such mark: {relation} {sorted(where)}"
        raise ValueError(msg)
    return Mark(relation, tuple(sorted(where.items())))


def marked(mark: Mark, filters: Filters, first_weekday: int) -> tuple[str, Params]:
    """FROM and WHERE of one mark's rows."""
    text, params = body(mark.relation, filters, dated=any(name == PERIOD for name, _ in mark.where))
    for name, value in mark.where:
        column = dimension(mark.relation, name, filters, first_weekday)
        text += f" AND {column} = ?" if value else f" AND {column} IS NULL"
        params += [_typed(name, value)] if value else []
    return text, params


def _typed(name: str, value: str) -> str | dt.date:
    if name != PERIOD:
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return dt.date.min


def dimension(relation: str, name: str, filters: Filters, first_weekday: int) -> str:
    """A dimension of a relation as SQL over the alias m."""
    if name == PERIOD:
        return period_sql("m.published_on", filters.grain, first_weekday)
    return RELATIONS[relation].dimensions[name]


def period_sql(column: str, grain: str, first_weekday: int) -> str:
    """The first day of the period that a date column falls in; weeks begin on the locale's first weekday."""
    if grain == "week":
        return f"({column} - ((isodow({column}) - {int(first_weekday)} + 7) % 7)::INTEGER)"
    return f"date_trunc('{'day' if grain == 'day' else 'month'}', {column})::DATE"


def body(relation: str, filters: Filters, *, dated: bool) -> tuple[str, Params]:
    """FROM and WHERE of a relation under the filters; the filters of its own layer narrow its rows, too."""
    known = RELATIONS[relation]
    where, params = [known.condition], []
    for condition, values in (
        *_own(known, filters, relation),
        *_common(filters, has_dates=not known.is_undated),
        *_through(filters),
    ):
        where.append(condition)
        params += values
    if dated:
        where.append("m.published_on IS NOT NULL")
    return f"FROM {known.table} m WHERE {' AND '.join(where)}", params


def _common(filters: Filters, *, has_dates: bool) -> list[tuple[str, Params]]:
    """Conditions on columns that every table repeats."""
    out: list[tuple[str, Params]] = []
    if not filters.headlines:
        out.append(("m.role <> 'headline'", []))
    if filters.since and has_dates:
        out.append(("m.published_on >= ?", [filters.since]))
    if filters.until and has_dates:
        out.append(("m.published_on <= ?", [filters.until]))
    if filters.publishers:
        out.append(_one_of(_PUBLISHER, filters.publishers))
    return out


def _own(known: Relation, filters: Filters, relation: str) -> list[tuple[str, Params]]:
    """What the filters say of the relation's own rows: tier, and the chosen events, pair or themes themselves."""
    out: list[tuple[str, Params]] = []
    if known.table in _TIERED and relation != "together":
        out.append(("m.tier >= ?::tier_enum", [filters.tier]))
    if known.table == "event_mention" and filters.events and relation == "events":
        out.append(_one_of(_LANE, filters.events))
    if known.table == "pair_mention":
        out += _dealings(filters)
    if known.table == "theme_mention" and filters.themes:
        out.append(_one_of("m.theme_id::VARCHAR", filters.themes))
    if known.table == "country_mention" and filters.countries:
        out.append(_one_of("m.code::VARCHAR", filters.countries))
    return out


def _dealings(filters: Filters) -> list[tuple[str, Params]]:
    """Conditions on the rows of pairs: the chosen pair, a chosen country on either side, no hosting together."""
    out: list[tuple[str, Params]] = [] if filters.cohost else [("m.relation <> 'cohost'", [])]
    if filters.pair:
        out.append((f"{_A} = ? AND {_B} = ?", [*filters.pair]))
    if filters.countries:
        (left, codes), (right, again) = _one_of(_A, filters.countries), _one_of(_B, filters.countries)
        out.append((f"({left} OR {right})", codes + again))
    return out


def _through(filters: Filters) -> list[tuple[str, Params]]:
    """Conditions on the article: it mentions one of the events, one of the countries, the pair, one of the themes."""
    out: list[tuple[str, Params]] = []
    if filters.events:
        out.append(_having("event_mention", *_one_of(_LANE, filters.events), filters.tier))
    if filters.countries:
        out.append(_having("country_mention", *_one_of("m.code::VARCHAR", filters.countries), filters.tier))
    if filters.pair:
        dealing = "" if filters.cohost else " AND m.relation <> 'cohost'"
        out.append(_having("pair_mention", f"{_A} = ? AND {_B} = ?{dealing}", [*filters.pair], filters.tier))
    if filters.themes:
        out.append(_having("theme_mention", *_one_of("m.theme_id::VARCHAR", filters.themes), filters.tier))
    if filters.search:
        out.append(_search(filters.search))
    return out


def _one_of(column: str, values: Sequence[str]) -> tuple[str, Params]:
    return f"{column} IN ({', '.join('?' for _ in values)})", [*values]


def _having(table: str, condition: str, values: Params, tier: str) -> tuple[str, Params]:
    rows = f"SELECT m.article_key FROM {table} m WHERE m.in_force AND m.tier >= ?::tier_enum AND {condition}"
    return f"m.article_key IN ({rows})", [tier, *values]


def _search(search: str) -> tuple[str, Params]:
    """Every word of the search stands in the folded text; inside a word too, so that clitics do not hide it."""
    words: list[Any] = folded_key(search).split()[:12]
    condition = " AND ".join("contains(folded, ?)" for _ in words) or "true"
    return f"m.article_key IN (SELECT article_key FROM article_text WHERE {condition})", words
