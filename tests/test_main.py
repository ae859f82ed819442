"""The command line: words in, exit code and output out, never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from loading import REGISTRY

from etl import store
from etl.__main__ import main

LINE = json.dumps({"format": "rasd-article/1", "body": "استقبل المغرب وفدا", "annotations": []}) + "\n"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """One file with one good line."""
    (tmp_path / "a.jsonl").write_text(LINE, encoding="utf-8")
    return tmp_path / "a.jsonl"


def test_load_prints_one_object_last(news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--json: the object alone on stdout, its sum true; a second load finds nothing new and is no failure."""
    for published in (True, False):
        assert main(["load", str(news), "--store", str(tmp_path / "store"), "--json"]) == 0
        out = json.loads(capsys.readouterr().out)
        assert list(out) == [
            "read",
            "accepted",
            "rejected",
            "duplicate",
            "articles",
            "published",
            "snapshot_id",
            "seconds",
        ]
        assert out["read"] == out["accepted"] + out["rejected"] + out["duplicate"] == 1
        assert out["published"] is published


def test_nothing_to_load_is_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only refused records: exit 1, the reason and the way out in the report, no snapshot."""
    (tmp_path / "a.jsonl").write_text('{"title": "x"}\n', encoding="utf-8")
    assert main(["load", str(tmp_path / "a.jsonl"), "--store", str(tmp_path / "store")]) == 1
    assert "--map" in capsys.readouterr().out
    assert store.current(tmp_path / "store") is None


@pytest.mark.parametrize("words", [
    ["load", "missing.jsonl"], ["load", "a.jsonl", "--map", "title=x"],
    ["load", "a.jsonl", "--rejects", "no/such/folder"], ["annotate", "a.jsonl", "-o", "."],
    ["snapshots", "use"], ["snapshots", "list", "x"], ["load", "a.jsonl", "--labels", "none.toml"],
    ["load", "a.jsonl", "--map", "@none.toml"],
])  # fmt: skip
def test_wrong_usage_is_2(words: list[str], news: Path, monkeypatch: pytest.MonkeyPatch,
                          capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Paths that do not exist and wrong options say what was expected in one line."""
    monkeypatch.chdir(news.parent)
    monkeypatch.setenv("RASD_STORE", str(news.parent / "store"))
    assert main(words) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_map_file_may_hold_the_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One file says which column is the text and what the labels mean; two tables of labels are one too many."""
    body = "استقبل المغرب وفدا"
    line = {"story": body, "label": [[7, 13, "GPE"]], "text": body}
    (tmp_path / "a.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    file = tmp_path / "map.toml"
    file.write_text('[columns]\nheadline = "story"\nbody = "text"\n[label.GPE]\nlayer = "country"\n', "utf-8")
    command = ["annotate", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "out.jsonl")]
    assert main([*command, "--map", f"@{file}", "--map", "published:=2026-10-01"]) == 0
    written = json.loads((tmp_path / "out.jsonl").read_text("utf-8"))
    assert (written["headline"], written["published"], written["annotations"][0]["code"]) == (body, "2026-10-01", "MA")
    assert "refused" not in capsys.readouterr().out
    (tmp_path / "labels.toml").write_text('[ignore]\nlabels = ["GPE"]\n', "utf-8")
    assert main([*command, "--labels", str(tmp_path / "labels.toml"), "--map", "body=text"]) == 0
    assert main([*command, "--labels", str(tmp_path / "labels.toml"), "--map", f"@{file}"]) == 2
    assert "one table of labels" in capsys.readouterr().err


def test_unknown_words_are_2() -> None:
    """What argparse refuses has the same code."""
    with pytest.raises(SystemExit, match="2"):
        main(["serve", "--port", "99999"])


def test_another_load_running_is_3(news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second load does not wait."""
    with store.building(tmp_path / "store", REGISTRY):
        assert main(["load", str(news), "--store", str(tmp_path / "store")]) == 3
    assert "another load" in capsys.readouterr().err


def test_snapshots_are_listed_and_chosen(news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The current one has a star; use ID moves it; an unknown id is refused."""
    where = ["--store", str(tmp_path / "store")]
    main(["load", str(news), *where])
    news.write_text(LINE.replace("وفدا", "ضيفا").replace("body", "headline"), encoding="utf-8")
    main(["load", str(news), *where])
    first, second = store.snapshots(tmp_path / "store")
    assert main(["snapshots", "use", first, *where]) == 0
    assert f"* {first}" in (listed := capsys.readouterr().out)
    assert f"  {second}" in listed
    assert main(["snapshots", "use", "20200101T000000Z-00000000", *where]) == 1
    assert "snapshots list" in capsys.readouterr().err


NO_ID = "20200101T000000Z-00000000"


@pytest.mark.parametrize("words", [
    ["snapshots"], ["snapshots", "prune"], ["snapshots", "use", NO_ID], ["snapshots", "compare", NO_ID, NO_ID],
    ["erase", "x", "--reason", "asked"], ["export", "-o", "out.jsonl"],
])  # fmt: skip
@pytest.mark.parametrize("there", [[], ["store"]])
def test_a_store_that_holds_nothing_is_told_and_stays_nothing(
    words: list[str], there: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Whoever reads, throws away or erases where nothing was loaded hears so, and no folder or file is made."""
    monkeypatch.chdir(tmp_path)
    for name in there:
        (tmp_path / name).mkdir()
    before = sorted(tmp_path.rglob("*"))
    assert main([*words, "--store", str(tmp_path / "store")]) == 1
    assert "holds nothing yet; load with: rasd load" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_annotate_touches_no_store(news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It writes rasd-article/1 and nothing else."""
    monkeypatch.setenv("RASD_STORE", str(tmp_path / "store"))
    assert main(["annotate", str(news), "-o", str(tmp_path / "out.jsonl")]) == 0
    (line,) = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["annotations"]
    assert not (tmp_path / "store").exists()


def test_a_foreign_folder_is_left_alone(news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with other people's files is no store, and nothing is written there."""
    assert main(["load", str(news), "--store", str(tmp_path)]) == 1
    assert "no store" in capsys.readouterr().err
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.jsonl"]


def test_a_module_run_is_the_same_and_logs_one_line_an_event(news: Path, tmp_path: Path) -> None:
    """Python -m etl; a file name with a line break stays in its line."""
    odd = news.rename(tmp_path / "a\nb.jsonl") if os.name != "nt" else news
    command = [sys.executable, "-m", "etl", "load", str(odd), "--store", str(tmp_path / "s"), "--json"]
    environment = os.environ | {"RASD_LOG": "INFO"}
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, env=environment,
                         cwd=Path(__file__).parents[1])  # fmt: skip
    assert run.returncode == 0
    assert json.loads(run.stdout)["accepted"] == 1
    assert sum("load ended" in row for row in run.stderr.splitlines()) == 1


def test_the_sample_fills_an_empty_store_before_serving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a verb: sample, then serve; a second start loads nothing."""
    served: list[Path] = []
    monkeypatch.setenv("RASD_STORE", str(tmp_path / "store"))
    monkeypatch.setattr("etl.serve.serve", lambda folder, _port, **_: served.append(folder) or 0)
    assert main([]) == main([]) == 0
    assert served == [tmp_path / "store"] * 2
    (name,) = store.snapshots(tmp_path / "store")
    rows = store.open_snapshot(tmp_path / "store", name).execute("SELECT is_sample FROM snapshot").fetchall()
    assert rows == [(True,)]


def test_a_reader_who_has_seen_enough_is_no_failure(news: Path) -> None:
    """`rasd quality | head`: the pipe closes, and nothing is said of it."""
    row = {"layer": "country", "code": "MA", "role": "actor", "text": "المغرب", "field": "body", "start": 7, "end": 13}
    row |= {"tier": "strong", "rule": "read", "annotator": "analyst:x"}
    news.write_text(json.dumps(json.loads(LINE) | {"annotations": [row]}) + "\n", encoding="utf-8")
    command, root = [sys.executable, "-m", "etl", "quality", str(news)], Path(__file__).parent.parent
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root) as run:
        assert run.stdout
        assert run.stderr
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 0


BROUGHT = {
    "gone": "no_such_module_of_anybody:add",
    "ends": "bringing_ends:add",
    "half": "bringing_good:half",
    "load": "bringing_good:add",
    "tell": "bringing_good:add",
    "tell2": "bringing_good:described",
}
"""Verbs of an invented package: not importable, one that ends the program, one that fails, a name taken, two good."""


@pytest.fixture
def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package, good and bad at once."""
    site = tmp_path / "site"
    (about := site / "bringing-1.dist-info").mkdir(parents=True)
    points = "".join(f"{name} = {value}\n" for name, value in BROUGHT.items())
    (about / "entry_points.txt").write_text(f"[rasd.verbs]\n{points}", "utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: bringing\nVersion: 1\n", "utf-8")
    (site / "bringing_ends.py").write_text("raise SystemExit(7)\n", "utf-8")
    (site / "bringing_good.py").write_text(
        """def add(verb):
    \'\'\'Tell 100% of it.

    More.\'\'\'
    verb.add_argument("--much", type=int)
    verb.set_defaults(run=lambda options: options.much)

def half(verb):
    verb.add_argument("--much")
    raise KeyError("much")

def described(verb):
    verb.description = "What it says itself."
    verb.set_defaults(run=lambda options: 0)
""", "utf-8")  # fmt: skip
    monkeypatch.syspath_prepend(site)


@pytest.mark.usefixtures("brought")
def test_a_broken_package_hinders_no_other_verb(capsys: pytest.CaptureFixture[str], news: Path) -> None:
    """A verb that cannot be had names its package when it is asked for, whatever follows it; all others work."""
    for name, why in {"gone": "No module named", "ends": "SystemExit(7)", "half": "KeyError('much')"}.items():
        for words in ([], ["--much", "5", "x", "-h"], ["--", "x"]):
            assert main([name, *words]) == 2
            lines = capsys.readouterr().err.splitlines()
            assert f"rasd: {name}: the package bringing ({BROUGHT[name]}) cannot be used: " in lines[-1]
            assert why in lines[-1]
    assert main(["tell", "--much", "5"]) == 5
    assert main(["annotate", str(news), "-o", str(news.with_name("out.jsonl"))]) == 0


@pytest.mark.usefixtures("brought")
def test_a_verb_of_rasds_own_name_is_left_out(capsys: pytest.CaptureFixture[str], news: Path, tmp_path: Path) -> None:
    """One line warns of it, and `load` is still ours."""
    assert main(["load", str(news), "--store", str(tmp_path / "store")]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("WARNING rasd the verb load of the package bringing is left out: there is one of this name")


@pytest.mark.usefixtures("brought")
def test_each_verb_is_helped_by_its_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    """What the package says of it, else the first line of its function; the briefing's words are the briefing's."""
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "tell Tell 100% of it. tell2 What it says itself." in told
    assert told.count("weekly briefing") == 1
