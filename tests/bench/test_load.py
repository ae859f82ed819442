"""How fast a load of annotated articles is beside what people would write for it, in the same run.

`pytest tests/bench/test_load.py -s` prints articles a second. The peers do less: they check nothing, keep no versions,
gather no stories and publish nothing that a reader could trust. `python -m tests.bench.synthetic` makes larger inputs.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from etl import pipeline
from tests.bench.synthetic import articles

_NUMBER = 12_000
_MOST_ENGINE, _MOST_SCRIPT = 15, 6
"""Times that a load may take of what the peer takes; measured with other work beside: 5 to 7 and 2 to 2.5."""


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of annotated articles of three kilobytes each."""
    path = tmp_path_factory.mktemp("bench") / "articles.jsonl"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in articles(_NUMBER))
    return path


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, once."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def by_engine(lines: Path, folder: Path) -> None:
    """DuckDB's own reader, and a row an annotation."""
    with duckdb.connect(folder / "peer.duckdb") as connection:
        connection.execute("CREATE TABLE article AS SELECT * FROM read_json(?, format = 'nd')", [str(lines)])
        connection.execute("""CREATE TABLE mention AS
            SELECT article_id, one->>'layer' AS layer, one->>'code' AS code, one->>'text' AS words,
                (one->>'start')::INTEGER AS span_start, (one->>'end')::INTEGER AS span_end
            FROM (SELECT article_id, unnest(annotations)::JSON AS one FROM article) ORDER BY layer, article_id""")


def by_script(lines: Path, folder: Path) -> None:
    """A plain script: lines of JSON, a row an annotation, Parquet."""
    table = pd.DataFrame([json.loads(line) for line in lines.read_text("utf-8").splitlines()])
    table["folded"] = (table["headline"] + "\n" + table["body"]).str.replace("[أإآ]", "ا", regex=True)
    mentions = pd.json_normalize(
        [
            {"article_id": ident} | one
            for ident, rows in zip(table["article_id"], table["annotations"], strict=True)
            for one in rows
        ]
    )
    table.drop(columns="annotations").drop_duplicates("body").to_parquet(folder / "articles.parquet")
    mentions.sort_values(["layer", "article_id", "start"]).to_parquet(folder / "mentions.parquet")


def test_a_load_costs_a_bounded_multiple_of_its_peers(lines: Path, tmp_path: Path) -> None:
    """Reading, checking, gathering, sorting and publishing beside the engine's reader, and beside a plain script."""
    loaded = seconds(lambda: pipeline.load([lines], store=tmp_path / "store"))
    engine, script = seconds(lambda: by_engine(lines, tmp_path)), seconds(lambda: by_script(lines, tmp_path))
    print(
        f"\n{_NUMBER / loaded:,.0f} articles/s; {loaded / engine:.1f} times the engine, {loaded / script:.1f} the script"
    )
    assert loaded < _MOST_ENGINE * engine
    assert loaded < _MOST_SCRIPT * script


def test_a_week_upon_a_store_costs_a_part_of_building_it(
    lines: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundredth more, written upon a copy, costs less than half of writing all anew."""
    week = tmp_path / "week.jsonl"
    week.write_text("".join(json.dumps(one) + "\n" for one in articles(_NUMBER // 100, first=_NUMBER)), "utf-8")
    monkeypatch.setenv("RASD_UPON", "1")
    built = seconds(lambda: pipeline.load([lines], store=tmp_path / "store"))
    added = seconds(lambda: pipeline.load([week], store=tmp_path / "store"))
    print(f"\n{built:.1f} s for {_NUMBER}, {added:.1f} s for {_NUMBER // 100} on top")
    assert added < built / 2
