"""Folders and files under any name: what DuckDB takes for a pattern or an address is only a name."""

import json
import sys
from pathlib import Path

import pytest

from dashboard import queries
from dashboard.queries import source
from etl import store
from etl.__main__ import main
from etl.write import WRITERS
from tests.test_pipeline import line, write

NAMES = ["a?b", "?", "a[b]", "a[b", "a]b", "a*b", "a#b", "a%20b", "a%", "a b", "a'b", "الرصد", "{a,b}", "a:b"]


@pytest.mark.skipif(sys.platform == "win32", reason="such names are none there")
@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_folder_or_file_works_everywhere(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Load anew and upon a copy, rejects, the dashboard, export in every form, compare, erase, prune."""
    monkeypatch.setenv("RASD_UPON", "0")
    home = tmp_path / name
    home.mkdir()
    news, rejects, where = home / f"{name}.jsonl", home / f"rejects {name}", ["--store", str(home / f"store {name}")]
    folder = Path(where[1])
    for bodies in (["استقبل المغرب وفدا", "زار وفد إسباني مصر"], ["خبر ثالث", None]):
        write(news, *(line(article_id=body and body[:3], body=body) for body in bodies))
        assert main(["load", str(news), "--rejects", str(rejects), *where]) == 0
    assert json.loads(rejects.read_text("ascii"))["place"]["file"] == str(news)
    for form, writer in WRITERS.items():
        assert main(["export", "--format", form, "-o", str(home / f"{name}{writer.suffix}"), *where]) == 0
    assert main(["snapshots", "compare", *store.snapshots(folder), *where]) == 0
    assert main(["erase", "زار", "--reason", "asked", *where]) == 0
    assert main(["snapshots", "prune", "--keep", "1", *where]) == 0
    assert capsys.readouterr().err == ""
    assert source.rows(queries.current(folder), "SELECT count(*) FROM article_text") == [(2,)]
    assert {path.name for path in folder.iterdir()} == {"CURRENT", "load.lock", "parts", "snapshots"}
    assert not [path for path in tmp_path.iterdir() if path != home]
