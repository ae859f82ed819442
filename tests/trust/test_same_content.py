"""Loading twice, shuffled, or split over several loads gives the same content."""

import hashlib
import itertools
import json
import random
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from etl import pipeline, store

_OF_A_LOAD = {"snapshot", "load_file", "reject", "refused_annotation"}
"""Tables that tell of the loads themselves."""

_OF_A_SNAPSHOT = {"load_id", "article_key", "story_key", "text_no"}
"""Columns that name a load, or a row within a snapshot; what they lead to is told by its ids."""


def content(folder: Path) -> dict[str, str]:
    """Every table of the current snapshot, with its rows told by ids: number and digest, to be compared."""
    with closing(store.open_snapshot(folder, store.current(folder) or "")) as connection:
        found = connection.execute("SELECT DISTINCT table_name FROM duckdb_columns() WHERE NOT internal").fetchall()
        asked = "SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND NOT internal GROUP BY 1 ORDER BY 1"
        told = {}
        for (table,) in sorted(found):
            columns = [name for (name,) in connection.execute(asked, [table]).fetchall()]
            if table in _OF_A_LOAD or not set(columns) - _OF_A_SNAPSHOT:
                continue
            kept = [f'x."{name}"' for name in columns if name not in _OF_A_SNAPSHOT]
            is_keyed = "article_key" in columns and table != "article"
            of = " JOIN article a USING (article_key)" if is_keyed else ""
            kept += ["a.article_id", "a.content_sha256"] if is_keyed else []
            rows = connection.execute(f'SELECT {", ".join(kept)} FROM "{table}" x{of} ORDER BY ALL').fetchall()
            told[table] = f"{len(rows)} rows, {hashlib.sha256(repr(rows).encode()).hexdigest()}"
    return told


def loaded(folder: Path, lines: Sequence[str], cuts: Sequence[int]) -> dict[str, str]:
    """The content after the lines were loaded in several loads, cut at these places."""
    edges = [0, *sorted(cuts), len(lines)]
    for n, (start, end) in enumerate(itertools.pairwise(edges)):
        path = folder.parent / f"{folder.name}-{n}.jsonl"
        path.write_text("".join(lines[start:end]), "utf-8")
        pipeline.load([path], store=folder)
    return content(folder)


@pytest.fixture(scope="module")
def mixed(lines: list[str]) -> list[str]:
    """Return lines with copies, second versions, sources that went back and repetitions among them."""
    some = lines[:60]
    later = [
        json.dumps(json.loads(line) | {"fetched": "2026-11-01T00:00:00Z", "publisher": "ب"}) for line in some[1:11]
    ]
    back = [json.dumps(json.loads(line) | {"fetched": f"2026-{month}-01T00:00:00Z"})
            for line in some[1:6] for month in ("10", "12")]  # fmt: skip
    copies = [json.dumps(json.loads(line) | {"article_id": f"copy {n}"}) for n, line in enumerate(some[11:21])]
    return [*some, *(f"{line}\n" for line in later + back + copies), *some[20:25]]


@pytest.fixture(scope="module")
def once(mixed: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the content after one load in the order given."""
    return loaded(tmp_path_factory.mktemp("once") / "store", mixed, [])


@pytest.mark.parametrize("seed", [0, 3])
def test_shuffled_and_split_loads_give_the_same_content(
    mixed: list[str], once: dict[str, str], tmp_path: Path, seed: int
) -> None:
    """Any order, in any number of loads, some of them upon a copy: the same articles, versions, stories and rows."""
    chance = random.Random(seed)
    order = chance.sample(mixed, len(mixed))
    assert loaded(tmp_path / "store", order, chance.sample(range(1, len(mixed)), seed)) == once


def test_a_load_upon_a_copy_gives_the_same_content(
    mixed: list[str], once: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small loads that share the texts of the snapshot before lead where one load leads."""
    monkeypatch.setenv("RASD_UPON", "0")
    assert loaded(tmp_path / "store", mixed, [50, 57, 65, 70]) == once


def test_loading_twice_changes_nothing(mixed: list[str], once: dict[str, str], tmp_path: Path) -> None:
    """The same file a second time, under another name, is all duplicates: no snapshot, no other content."""
    assert loaded(tmp_path / "store", [*mixed, *mixed], [len(mixed)]) == once
    assert len(store.snapshots(tmp_path / "store")) == 1


def test_the_content_is_seen(once: dict[str, str], mixed: list[str], tmp_path: Path) -> None:
    """The comparison is no empty one: one article less, and it tells."""
    assert {"article", "article_text", "country_mention", "pair_mention", "theme_mention"} <= once.keys()
    less = loaded(tmp_path / "store", mixed[1:], [])
    assert less["article"] != once["article"]
    assert less["article_text"] != once["article_text"]
