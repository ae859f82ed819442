"""The questions, asked of the shipped sample: a number, its list and SQL written here on its own say the same."""

import datetime as dt
import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboard import queries
from dashboard.filters import Filters, Grain, Unit
from etl import store
from etl.text import key as folded
from tests.loading import REGISTRY, arrival, sheet

SUNDAY = 7
PERIOD = dt.date(2025, 11, 24), dt.date(2026, 1, 19)
"""Articles were published on both its first and its last day: both count."""
FILTERS: dict[str, Filters] = {
    "none": Filters(),
    "weak evidence": Filters(tier="weak", grain="month"),
    "an event": Filters(events=("afcon-2025",), grain="day"),
    "an open edition": Filters(events=("afcon-2025", "afcon?"), tier="weak"),
    "countries": Filters(countries=("MA", "EG"), tier="medium"),
    "a pair": Filters(pair=("ES", "MA"), tier="weak", cohost=True),
    "a pair that deals": Filters(pair=("ES", "MA"), tier="medium"),
    "themes": Filters(themes=("sport_competition", "diplomacy"), headlines=True),
    "a period": Filters(since=PERIOD[0], until=PERIOD[1], tier="weak"),
    "words": Filters(search="كأس إفريقيا", tier="weak"),
    "all together": Filters(countries=("MA",), themes=("sport_hosting", "security_cooperation"), since=PERIOD[0],
                            search="المغرب", tier="weak", headlines=True, cohost=True),
}  # fmt: skip
ONE_READ = [name for name in queries.RELATIONS if not name.startswith("said_")]
"""The sample was read by one annotator; tests/test_compared.py asks about several."""
TABLES = {"events": "event_mention", "open_editions": "event_mention", "countries": "country_mention",
          "pairs": "pair_mention", "together": "pair_mention", "themes": "theme_mention",
          "ambiguous": "country_mention", "date_conflicts": "date_expression"}  # fmt: skip
COLUMNS = {
    "event": "CASE WHEN m.event_id IS NULL THEN concat(m.series_id, '?') ELSE m.event_id::VARCHAR END",
    "series": "m.series_id", "stage": "m.stage", "country": "m.code", "a": "m.a", "b": "m.b", "theme": "m.theme_id",
    "candidates": "list_aggregate(list_sort(m.candidates), 'string_agg', ' ')", "rule": "m.rule",
    "relation": "m.relation", "direction": "m.direction", "publisher": "art.publisher", "role": "art.role",
    "basis": "art.published_basis",
}  # fmt: skip


@pytest.fixture(scope="module")
def source(sample_store: Path) -> queries.Source:
    """The sample's snapshot."""
    return queries.current(sample_store)


def asked(source: queries.Source, sql: str) -> list[tuple[Any, ...]]:
    """SQL of the tests' own."""
    return queries.connection(source).cursor().execute(sql).fetchall()


# The same number, written anew


def quoted(values: tuple[str, ...]) -> str:
    """Values as SQL writes them."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def period(grain: str, first_weekday: int) -> str:
    """The first day of a period, from DuckDB's own weeks, which begin on Monday."""
    shift = first_weekday - 1
    return f"(date_trunc('{grain}', art.published_on - {shift}) + INTERVAL {shift} DAY)::DATE" if grain == "week" else (
        f"date_trunc('{grain}', art.published_on)::DATE")  # fmt: skip


def mentions(table: str, condition: str, tier: str) -> str:
    """The article says something of a layer, as strongly as asked."""
    strong = {"weak": "'weak', 'medium', 'strong'", "medium": "'medium', 'strong'", "strong": "'strong'"}[tier]
    return (f"EXISTS (FROM {table} m WHERE m.article_key = art.article_key AND m.in_force "
            f"AND m.tier IN ({strong}) AND {condition})")  # fmt: skip


def article_conditions(asked_for: Filters, *, is_undated: bool) -> list[str]:
    """What the filters demand of the article."""
    f, out = asked_for, ["art.is_current"]
    out += [] if f.headlines else ["art.role IN ('main', 'read_also')"]
    out += [f"art.published_on >= DATE '{f.since}'"] if f.since and not is_undated else []
    out += [f"art.published_on <= DATE '{f.until}'"] if f.until and not is_undated else []
    out += [f"art.publisher IN ({quoted(f.publishers)})"] if f.publishers else []
    out += [mentions("event_mention", f"{COLUMNS['event']} IN ({quoted(f.events)})", f.tier)] if f.events else []
    out += [mentions("country_mention", f"m.code IN ({quoted(f.countries)})", f.tier)] if f.countries else []
    out += [mentions("theme_mention", f"m.theme_id IN ({quoted(f.themes)})", f.tier)] if f.themes else []
    out += [mentions("pair_mention", pair_conditions(f), f.tier)] if f.pair else []
    return out + [
        f"(SELECT folded FROM article_text WHERE article_key = art.article_key) LIKE '%{folded(word)}%'"
        for word in f.search.split()
    ]


def pair_conditions(f: Filters) -> str:
    """The rows of the chosen pair."""
    return f"m.a = '{f.pair[0]}' AND m.b = '{f.pair[1]}'" + ("" if f.cohost else " AND m.relation != 'cohost'")


_OF_ANY_TIER = {"open_editions": "m.event_id IS NULL", "ambiguous": "m.code IS NULL",
                "date_conflicts": "m.weekday_check = 'conflict'"}  # fmt: skip


def row_conditions(relation: str, f: Filters) -> list[str]:
    """What the relation and the filters demand of the mention itself."""
    strong = {"weak": "'weak', 'medium', 'strong'", "medium": "'medium', 'strong'", "strong": "'strong'"}[f.tier]
    if relation in _OF_ANY_TIER:
        return ["m.in_force", _OF_ANY_TIER[relation]]
    out = ["m.in_force", "m.tier = 'weak'" if relation == "together" else f"m.tier IN ({strong})"]
    if relation == "events" and f.events:
        out.append(f"{COLUMNS['event']} IN ({quoted(f.events)})")
    if relation == "countries":
        out.append(f"m.code IN ({quoted(f.countries)})" if f.countries else "m.code IS NOT NULL")
    if relation == "themes" and f.themes:
        out.append(f"m.theme_id IN ({quoted(f.themes)})")
    if relation in {"pairs", "together"}:
        out += [] if f.cohost else ["m.relation != 'cohost'"]
        out += [pair_conditions(f)] if f.pair else []
        out += [f"(m.a IN ({quoted(f.countries)}) OR m.b IN ({quoted(f.countries)}))"] if f.countries else []
    return out


def written_anew(source: queries.Source, relation: str, where: dict[str, Any], f: Filters, first_weekday: int) -> int:
    """The number of a mark by SQL that shares nothing with dashboard/queries."""
    conditions = article_conditions(f, is_undated=relation == "undated")
    table = TABLES.get(relation)
    conditions += row_conditions(relation, f) if table else []
    conditions += ["art.published_on IS NULL"] if relation == "undated" else []
    for name, value in where.items():
        column = period(f.grain, first_weekday) if name == "period" else COLUMNS[name]
        conditions.append(f"{column} IS NULL" if value is None else f"{column}::VARCHAR = {quoted((str(value),))}")
    join = f"JOIN {table} m ON m.article_key = art.article_key" if table else ""
    unit = {"stories": "story_id", "articles": "article_id"}[f.unit]
    sql = f"SELECT count(DISTINCT art.{unit}) FROM article art {join} WHERE {' AND '.join(conditions)}"
    return asked(source, sql)[0][0]


def groupings(relation: str) -> list[tuple[str, ...]]:
    """Ways in which charts group a relation: by nothing, each dimension alone, and over time; pairs by both codes."""
    known = queries.RELATIONS[relation]
    names = [name for name in known.dimensions if name not in {"a", "b"}]
    alone = [(name,) for name in names] + ([("a", "b")] if "a" in known.dimensions else [])
    return [(), *alone] if known.is_undated else [(), ("period",), *alone, *((*by, "period") for by in alone[:1])]


@pytest.mark.parametrize("unit", ["stories", "articles"])
@pytest.mark.parametrize("named", FILTERS)
@pytest.mark.parametrize("relation", ONE_READ)
def test_a_number_is_its_list(source: queries.Source, relation: str, named: str, unit: Unit) -> None:
    """A mark's number is the length of its list and what SQL written anew counts, whatever the filters."""
    filters = replace(FILTERS[named], unit=unit)
    for by in groupings(relation):
        found = queries.counts(source, relation, by, filters, SUNDAY)
        assert list(found) == sorted(found, key=lambda row: [(v is None, v) for v in row[:-1]])
        for row in found[:: max(1, len(found) // 3)]:
            where = dict(zip(by, row, strict=False))
            mark = queries.mark_of(relation, **{name: str(value or "") for name, value in where.items()})
            listed = queries.listed(source, mark, filters, SUNDAY, size=None)
            assert row[-1] == queries.number(source, mark, filters, SUNDAY) == len(listed)
            assert row[-1] == written_anew(source, relation, where, filters, SUNDAY)


def test_the_filters_of_these_tests_leave_something(source: queries.Source) -> None:
    """A comparison of nothing with nothing would prove nothing."""
    empty = {
        name for name, filters in FILTERS.items() if not queries.number(source, queries.mark_of("articles"), filters)
    }
    assert not empty
    for relation in set(ONE_READ) - {"ambiguous"}:  # the sample's readers left no country open
        assert any(queries.counts(source, relation, (), filters)[0][0] for filters in FILTERS.values()), relation


# Lists


def test_pages_of_a_list_are_the_list(source: queries.Source) -> None:
    """Paging loses and repeats nothing: newest first, undated last, ties by id."""
    mark, filters = queries.mark_of("articles"), Filters(unit="articles")
    whole = queries.listed(source, mark, filters, size=None)
    pages = [queries.listed(source, mark, filters, page=n, size=7) for n in range(-(-len(whole) // 7) + 1)]
    assert tuple(itertools.chain(*pages)) == whole
    assert not pages[-1]
    places = [(-(row.published_on or dt.date.min).toordinal(), row.article_id) for row in whole]
    assert places == sorted(places)


@pytest.mark.parametrize("relation", ["articles", "events", "pairs", "themes"])
def test_a_story_stands_for_its_copies(source: queries.Source, relation: str) -> None:
    """In a list of stories the copies add up to the list of articles, however often an article mentions the mark."""
    mark = queries.mark_of(relation)
    stories = queries.listed(source, mark, Filters(unit="stories"), size=None)
    articles = queries.listed(source, mark, Filters(unit="articles"), size=None)
    assert sum(story.copies for story in stories) == len(articles)
    assert {article.copies for article in articles} == {1}


def test_what_is_not_known_can_be_listed(source: queries.Source) -> None:
    """Articles without a publisher are a mark like any other."""
    found = dict(queries.counts(source, "articles", ("publisher",), Filters(headlines=True, unit="articles")))
    if None not in found:
        pytest.fail("the sample has no article without a publisher any more")
    listed = queries.listed(source, queries.mark_of("articles", publisher=""), Filters(headlines=True, unit="articles"),
                            size=None)  # fmt: skip
    assert len(listed) == found[None]
    assert {row.publisher for row in listed} == {None}


@pytest.mark.parametrize(
    ("relation", "where"),
    [
        ("nothing", {}),
        ("articles; DROP TABLE article", {}),
        ("events", {"publisher": "x"}),
        ("events", {"1=1 OR event": "x"}),
        ("", {"period": "2025-01-01"}),
    ],
)
def test_an_address_cannot_invent_a_mark(relation: str, where: dict[str, str]) -> None:
    """Relations and dimensions come from a closed table."""
    with pytest.raises(ValueError, match="no such mark"):
        queries.mark_of(relation, **where)


@pytest.mark.parametrize("value", ["' OR '1'='1", "%", "\x00", "nothing", "ا" * 10_000, "2025-13-45"])
def test_a_value_is_only_a_value(source: queries.Source, value: str) -> None:
    """Whatever an address puts into a mark or a filter is compared, never run."""
    for mark in (queries.mark_of("events", event=value), queries.mark_of("events", period=value)):
        assert queries.number(source, mark, Filters()) == 0
        assert not queries.listed(source, mark, Filters())
    unknown = Filters(events=(value,), countries=(value,), themes=(value,), publishers=(value,), pair=(value, value))
    assert queries.counts(source, "articles", (), unknown) == ((0,),)


def test_a_search_does_not_hang_on_spelling(source: queries.Source) -> None:
    """Hamza, ta marbuta and diacritics make no difference, and a proclitic does not hide a word."""
    numbers = {
        queries.number(source, queries.mark_of("articles"), Filters(search=said))
        for said in ("إفريقيا", "افريقيا", "أَفريقيا", "أفريقيا")
    }
    assert len(numbers) == 1
    assert numbers != {0}


# What a snapshot knows


def test_a_store_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A folder without a snapshot raises what the page explains."""
    with pytest.raises(store.StoreError) as said:
        queries.current(tmp_path)
    assert said.value.code == "no-store"


def test_what_filters_offer_is_there(source: queries.Source) -> None:
    """Every offered value has articles, the most frequent first, and a name."""
    names = queries.names(source)
    for relation, dimension, table in (
        ("countries", "country", names.countries),
        ("themes", "theme", names.themes),
        ("articles", "publisher", None),
    ):
        offered = queries.present(source, relation, dimension)
        weak = Filters(tier="weak", unit="articles", headlines=True)
        found = dict(queries.counts(source, relation, (dimension,), weak))
        assert [found[value] for value in offered] == sorted((found[value] for value in offered), reverse=True)
        assert table is None or set(offered) <= table.keys()


def test_windows_are_days_in_order(source: queries.Source) -> None:
    """An event's registered window ends no earlier than it begins."""
    windows = queries.names(source).windows
    assert windows["afcon-2025"] == (dt.date(2025, 12, 21), dt.date(2026, 1, 18))
    assert all(start <= end for start, end in windows.values())


@pytest.mark.parametrize("grain", ["day", "week", "month"])
def test_loaded_periods_are_those_with_articles(source: queries.Source, grain: Grain) -> None:
    """A period counts as loaded if an article of any kind was published in it."""
    counted = queries.counts(source, "articles", ("period",), Filters(grain=grain, headlines=True), SUNDAY)
    assert queries.loaded_periods(source, grain, SUNDAY) == tuple(day for day, _ in counted)
    first, last = queries.day_span(source)
    assert first is not None
    assert last is not None
    assert counted[0][0] <= first
    assert counted[-1][0] <= last


def test_sources_are_counted_in_their_days(source: queries.Source) -> None:
    """Publishers of a period are those of the articles listed in it."""
    filters = Filters(since=PERIOD[0], until=PERIOD[1], unit="articles")
    listed = queries.listed(source, queries.mark_of("articles"), filters, size=None)
    assert queries.sources_between(source, *PERIOD, Filters()) == len({row.publisher for row in listed} - {None})


def test_the_loads_add_up(source: queries.Source) -> None:
    """Of each file, read = accepted + rejected + duplicate; publishers count every article once."""
    assert all(read == accepted + rejected + duplicate
               for _, _, _, read, accepted, rejected, duplicate in queries.loads(source))  # fmt: skip
    articles = queries.number(source, queries.mark_of("articles"), Filters(unit="articles"))
    assert sum(row[1] for row in queries.publishers(source)) == articles
    assert queries.rejects(source) == []
    assert queries.about(source)["is_sample"] is True
    assert queries.about(source)["snapshot_id"] == source.snapshot_id


# One article


def test_every_span_lies_in_its_text(source: queries.Source) -> None:
    """The article's page marks what is stored: spans inside their field, in the order of the text."""
    for (article_id,) in asked(source, "SELECT article_id FROM article WHERE is_current"):
        found = queries.article(source, article_id)
        assert found is not None
        spans = queries.spans(source, found["article_key"])
        assert all(0 <= span.start < span.end <= len(found[span.field] or "") for span in spans)
        for _, layer in itertools.groupby(spans, key=lambda span: span.layer):
            rows = [(span.field != "headline", span.start) for span in layer]
            assert rows == sorted(rows)
        dates = [(span.field, span.start, span.end) for span in spans if span.layer == "date"]
        assert dates == [tuple(row[:3]) for row in queries.dates(source, found["article_key"])]
        assert article_id in [row[0] for row in queries.copies(source, found["story_key"])]


def test_who_published_first_is_marked(source: queries.Source) -> None:
    """Of a story's articles those of its first day are marked, the undated ones never; they stand in their order."""
    keys = [key for (key,) in asked(source, "SELECT DISTINCT story_key FROM article WHERE is_current ORDER BY 1")]
    several = [found for found in (queries.copies(source, key) for key in keys) if len(found) > 1]
    assert any(found[0][3] != found[-1][3] for found in several)
    for found in several:
        days = [row[3] for row in found if row[3]]
        assert days == sorted(days)
        assert [row[5] for row in found] == [bool(days) and row[3] == days[0] for row in found]


@pytest.mark.parametrize(("hours", "first"), [(("T09:00Z", "T08:00Z"), ["b"]), (("T09:00Z", ""), ["a", "b"])])
def test_the_hour_tells_who_was_first_where_all_state_it(
    tmp_path: Path, hours: tuple[str, str], first: list[str]
) -> None:
    """Of one day the earliest hour is marked; where one of them states none, nobody knows, and all are."""
    copies = [
        arrival("متن", article_id=ident, published=f"2025-01-01{hour}") for ident, hour in zip("ab", hours, strict=True)
    ]
    store.build(tmp_path, [sheet(*copies)], REGISTRY)
    source = queries.current(tmp_path)
    (key,) = {row[0] for row in asked(source, "SELECT story_key FROM article")}
    assert [row[0] for row in queries.copies(source, key) if row[5]] == first


def test_an_unknown_article_is_none(source: queries.Source) -> None:
    """An address may name what this snapshot does not hold."""
    assert queries.article(source, "nothing") is None
    assert queries.page_blocks(source, "nothing") == (None, [])


def test_the_runs_of_a_page_follow_each_other(source: queries.Source) -> None:
    """The page as fetched, cut into zones that do not overlap."""
    for (page_id,) in asked(source, "SELECT DISTINCT page_id FROM page"):
        text, blocks = queries.page_blocks(source, page_id)
        assert text is not None
        assert blocks
        edges = [edge for _, start, end, _ in blocks for edge in (start, end)]
        assert edges == sorted(edges)
        assert edges[-1] <= len(text)
