"""The store: batches in, immutable snapshots out; readers see the old one or the new one, never half."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loading import REGISTRY, arrival, sheet, span, theme

from etl import store
from etl.model import CountryMention, EventMention, Page, PairMention, Place, Reject
from etl.store import Arrival, Sheet, StoreError


def build(folder: Path, *arrivals: Arrival, **others: Any) -> str:
    """Publish one batch, give the id."""
    published = store.build(folder, [sheet(*arrivals, **others)], REGISTRY)
    assert published
    return published.snapshot_id


def ask(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows of the current snapshot."""
    name = store.current(folder)
    assert name
    return store.open_snapshot(folder, name).cursor().execute(query).fetchall()


def test_an_article_and_what_is_said_of_it_arrive(tmp_path: Path) -> None:
    """One article with a theme: its row, its text, its mention with the columns of the article repeated."""
    build(tmp_path, arrival("هجرة", theme("هجرة"), publisher="الضفاف", published="2024-10-03T01:00:00+02:00"))
    (row,) = ask(tmp_path, "SELECT publisher::VARCHAR, published_on::VARCHAR, published_at::VARCHAR FROM article")
    assert row == ("الضفاف", "2024-10-03", "2024-10-02 23:00:00")
    query = "SELECT theme_id::VARCHAR, publisher::VARCHAR, published_on::VARCHAR, span_end, in_force FROM theme_mention"
    assert ask(tmp_path, query) == [("migration", "الضفاف", "2024-10-03", 4, True)]


def test_every_column_explains_itself(tmp_path: Path) -> None:
    """Tables and views have a comment on every column."""
    build(tmp_path, arrival("a"))
    assert (
        ask(tmp_path, "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal")
        == []
    )


def test_versions_do_not_depend_on_the_order_of_loading(tmp_path: Path) -> None:
    """Same id, other content: ordered by the time of fetching, then by digest; only the last one is current."""
    texts = (("b", "2024-01-02T00:00:00Z"), ("a", None), ("c", "2024-01-02T01:00:00+02:00"))
    forms = [arrival(body, article_id="1", fetched=fetched) for body, fetched in texts]
    query = "SELECT version_no, body, is_current FROM article JOIN article_text USING (article_key) ORDER BY 1"
    for n, order in enumerate(((0, 1, 2), (2, 1, 0))):
        for k in order:
            build(tmp_path / str(n), forms[k])
        assert ask(tmp_path / str(n), query) == [(1, "a", False), (2, "c", False), (3, "b", True)]


SIGHTINGS = [("قبل", "2024-01-01T00:00:00Z"), ("بعد", "2024-01-03T00:00:00Z"), ("قبل", "2024-01-05T00:00:00Z")]
WENT_BACK = [("بعد", "2024-01-03 00:00:00", "p1", False), ("قبل", "2024-01-05 00:00:00", "p0", True)]


@pytest.mark.parametrize("upon", ["0", "1000000"])
def test_a_source_that_went_back_shows_what_it_showed_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, upon: str
) -> None:
    """One text, another, the first again: the version seen last is current, in any order and any number of loads."""
    monkeypatch.setenv("RASD_UPON", upon)
    seen = [
        arrival(body, article_id="1", page_id=f"p{n % 2}", fetched=fetched)
        for n, (body, fetched) in enumerate(SIGHTINGS)
    ]
    query = """SELECT body, fetched_at::VARCHAR, page_id, is_current FROM article JOIN article_text USING (article_key)
        ORDER BY version_no"""
    for n, order in enumerate(itertools.permutations(seen)):
        folder, cut = tmp_path / str(n), n % 3
        for some in (order[:cut], order[cut:]):
            store.build(folder, [sheet(*some)], REGISTRY)
        assert ask(folder, query) == WENT_BACK
        assert store.build(folder, [sheet(*order)], REGISTRY) is None


def test_one_load_or_several_give_the_same_rows(tmp_path: Path) -> None:
    """Split or at once, in either order: the same keys, stories and mentions, in the same places."""
    some = [arrival(f"خبر {n % 3}", theme("خبر"), article_id=str(n)) for n in range(6)]
    build(tmp_path / "once", *some)
    for one in reversed(some):
        build(tmp_path / "many", one)
    texts = "FROM article_text ORDER BY article_key"
    for query in ("SELECT * EXCLUDE load_id FROM article", "FROM theme_mention", texts):
        assert ask(tmp_path / "once", query) == ask(tmp_path / "many", query)


def in_force(folder: Path, table: str) -> list[str]:
    """Who is in force in a layer."""
    return [who for (who,) in ask(folder, f"SELECT DISTINCT annotator FROM {table} WHERE in_force ORDER BY 1")]


def test_people_outrank_programs_in_their_layer(tmp_path: Path) -> None:
    """Where an analyst spoke of themes, programs' themes are out of force, but not their events."""
    event = EventMention(series_id="afcon", event_id="afcon-2025", **span("هجرة", annotator="rules/1"))
    build(tmp_path, arrival("هجرة", theme("هجرة", "rules/1"), theme("هجرة", "analyst:sara", "diplomacy"), event))
    assert in_force(tmp_path, "theme_mention") == ["analyst:sara"]
    assert in_force(tmp_path, "event_mention") == ["rules/1"]


def test_of_one_program_the_version_loaded_last_counts(tmp_path: Path) -> None:
    """Within one load 10 is later than 9; a later load outranks both; another program stays."""
    build(tmp_path, arrival("a", theme("a", "x/9"), theme("a", "x/10"), theme("a", "y/1")))
    assert in_force(tmp_path, "theme_mention") == ["x/10", "y/1"]
    build(tmp_path, arrival("a", theme("a", "x/2")))
    assert in_force(tmp_path, "theme_mention") == ["x/2", "y/1"]
    assert ask(tmp_path, "SELECT count(*) FROM theme_mention") == [(4,)]


def test_the_same_rows_again_are_held_and_bring_nothing(tmp_path: Path) -> None:
    """What is loaded twice stands once."""
    one = arrival("a", theme("a"))
    build(tmp_path, one)
    assert store.build(tmp_path, [sheet(one)], REGISTRY) is None
    build(tmp_path, one, arrival("b"))
    assert ask(tmp_path, "SELECT count(*) FROM theme_mention") == [(1,)]


def test_mentions_are_sorted_and_ids_outside_the_registry_stay(tmp_path: Path) -> None:
    """Rows lie by id, then day; an id that only the data knows is kept."""
    build(tmp_path, *[arrival(f"ab{n}", theme("a", theme_id=i), published=f"2024-01-0{n}")
                      for n, i in ((3, "migration"), (1, "migration"), (2, "old_theme"))])  # fmt: skip
    rows = ask(tmp_path, "SELECT theme_id::VARCHAR, published_on::VARCHAR FROM theme_mention")
    assert rows == [("migration", "2024-01-01"), ("migration", "2024-01-03"), ("old_theme", "2024-01-02")]


def test_earlier_loads_are_carried_over(tmp_path: Path) -> None:
    """Pages, files and rejects of the first load are there after the second."""
    reject = Reject(place=Place("f", 2, 9), field="body", reason="no-text", expected="text", sha256="0")
    build(tmp_path, arrival("a"), pages=[Page(page_id="p", name="f", text="a")], rejects=[reject])
    build(tmp_path, arrival("b"), file="g")
    tables = ("page", "reject", "load_file")
    assert [ask(tmp_path, f"SELECT count(*) FROM {table}") for table in tables] == [[(1,)], [(1,)], [(2,)]]


FAULTS = {
    "spans": arrival("abc", theme("abc", annotator="x/1")),
    "a before b": arrival("abc", PairMention(a="MA", b="ES", direction="none", relation="visit", **span("abc"))),
    "every version has its text": arrival(""),
}
FAULTS["spans"].article.annotations[0].end = 9


@pytest.mark.parametrize("check", FAULTS)
def test_a_failed_check_leaves_the_old_snapshot(tmp_path: Path, check: str) -> None:
    """Rows that cannot be true are not published; nothing of the attempt stays."""
    before = build(tmp_path, arrival("old"))
    with pytest.raises(StoreError, match=check) as error:
        store.build(tmp_path, [sheet(FAULTS[check])], REGISTRY)
    assert error.value.code == "build-failed"
    assert (store.current(tmp_path), store.snapshots(tmp_path)) == (before, [before])
    assert [entry.name for entry in (tmp_path / "snapshots").iterdir()] == [before]


def test_a_source_that_breaks_off_leaves_the_old_snapshot(tmp_path: Path) -> None:
    """Whatever stops the batches stops the load."""
    before = build(tmp_path, arrival("old"))

    def breaking() -> Iterator[Sheet]:
        yield sheet(arrival("new"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.build(tmp_path, breaking(), REGISTRY)
    assert store.snapshots(tmp_path) == [before]


def test_a_store_that_is_none_says_what_it_is(tmp_path: Path) -> None:
    """Missing, foreign, of another version, unknown: a code for each."""
    assert store.current(tmp_path / "missing") is None
    codes = []
    name = build(tmp_path / "store", arrival("a"))
    manifest = store.database(tmp_path / "store", name).with_name("manifest.json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"schema_version": 99}))
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "thesis.doc").touch()
    for folder, snapshot in (("missing", name), ("store", name), ("store", "../../etc"), ("foreign", name)):
        with pytest.raises(StoreError) as error:
            store.open_snapshot(tmp_path / folder, snapshot)
        codes.append(error.value.code)
    assert codes == ["no-store", "other-version", "no-snapshot", "foreign"]
    with pytest.raises(StoreError, match="--store"):
        store.build(tmp_path / "foreign", [], REGISTRY)


def test_a_reader_can_do_nothing_but_read(tmp_path: Path) -> None:
    """No files, no writing, no settings, no Python variables as tables."""
    name = build(tmp_path, arrival("a", CountryMention(code="MA", role="actor", **span("a"))))
    connection = store.open_snapshot(tmp_path, name)
    secret = [1]
    for query in ("FROM read_csv('/etc/passwd')", "DELETE FROM article", "SET memory_limit = '9GB'", "FROM secret",
                  "ATTACH 'x.duckdb'", "INSTALL httpfs"):  # fmt: skip
        with pytest.raises(Exception, match=r".+"):
            connection.cursor().execute(query)
    assert secret
