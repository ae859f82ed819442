"""Out again: a store in, a file for another tool out, and the same store from that file."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import pytest
from loading import span
from payloads import PAYLOADS

from dashboard import safe
from etl import store
from etl.__main__ import main
from etl.model import StoreError, UsageError
from etl.pipeline import load
from etl.write import WRITERS, Choice, export, labelstudio, snapshot, table

BODY = "استقبل المغرب \U0001f1f2\U0001f1e6 وفدًا من إسبانيا. وغادر الوفد."
READ_BACK = [name for name, writer in WRITERS.items() if writer.reader]
Loaded = Callable[..., Path]


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    """Return `loaded(*lines)`: a new store that holds these lines of rasd-article/1."""

    def make(*lines: dict[str, Any]) -> Path:
        folder = tmp_path / f"store-{len(list(tmp_path.iterdir()))}"
        file = tmp_path / f"{folder.name}.jsonl"
        whole = ({"format": "rasd-article/1", "annotations": []} | line for line in lines)
        file.write_text("".join(json.dumps(line) + "\n" for line in whole), "utf-8")
        load([file], store=folder)
        return folder

    return make


def written(where: Path, out: Path, name: str = "rasd", **choice: Any) -> bytes:
    """The bytes of an export."""
    export(where, out.with_name(out.name + WRITERS[name].suffix), name, Choice(**choice))
    return out.with_name(out.name + WRITERS[name].suffix).read_bytes()


def rows_of(raw: bytes) -> list[dict[str, Any]]:
    """The annotations of the one line of rasd-article/1."""
    (line,) = raw.splitlines()
    return json.loads(line)["annotations"]


@pytest.mark.parametrize("name", READ_BACK)
def test_the_sample_comes_back_whole(name: str, sample_store: Path, tmp_path: Path) -> None:
    """Export, load into a fresh store, export again: the same articles, versions and annotations, to the last byte."""
    before = written(sample_store, tmp_path / "before")
    written(sample_store, tmp_path / "out", name)
    report = load([tmp_path / f"out{WRITERS[name].suffix}"], store=tmp_path / "fresh")
    assert {file.format for file in report.files.values()} == {WRITERS[name].reader}
    assert not report.refused
    assert written(tmp_path / "fresh", tmp_path / "after") == before
    content = "SELECT article_id, content_sha256 FROM article WHERE is_current ORDER BY ALL"
    assert _asked(tmp_path / "fresh", content) == _asked(sample_store, content)


def _asked(where: Path, sql: str) -> list[Any]:
    connection = store.open_snapshot(where, store.current(where) or "")
    found = connection.execute(sql).fetchall()
    connection.close()
    return found


COUNTRY = {"layer": "country", "code": "MA", "role": "actor", **span("المغرب", 7, "rules/1")}
STRANGE: list[dict[str, Any]] = [
    {"headline": "المغرب يستقبل", "body": BODY, "article_id": "a",
     "annotations": [COUNTRY, COUNTRY | {"annotator": "analyst:x"}, COUNTRY | span("المغرب", 0, "y/2", "headline"),
                     {"layer": "country", "code": None, "role": "place", "candidates": ["ES", "MA"],
                      **span("إسبانيا", BODY.index("إسبانيا"))},
                     {"layer": "person", "entity_id": "no one: <&>", "office": "=1",
                      **span("وفدًا", BODY.index("وفد"))}]},
    {"headline": None, "body": "=1+1\r\nسطر\n\n", "article_id": "b", "keywords": ["\u200fأ", ""], "rights": "©",
     "published": "2026-10-01T23:30:00+01:00", "published_basis": "dateline", "fetched": "2026-10-02T00:00:00.5Z",
     "url": "https://a.example/?q=<b>", "carrier": "x", "publisher": "+منبر", "language": "ar-MA"},
    {"headline": "عنوان\n\nآخر", "body": None, "article_id": "c", "role": "headline"},
    {"headline": "عنوان", "body": "\n\nنص", "article_id": "d", "role": "read_also", "page_id": "p-7"},
]  # fmt: skip


@pytest.mark.parametrize("name", READ_BACK)
def test_strange_articles_come_back_whole(name: str, loaded: Loaded, tmp_path: Path) -> None:
    """No headline, no body, letters beyond U+FFFF, two annotators on the same words, odd breaks, ids with signs."""
    where = loaded(*STRANGE)
    before = written(where, tmp_path / "before", everybody=True)
    written(where, tmp_path / "out", name, everybody=True)
    report = load([tmp_path / f"out{WRITERS[name].suffix}"], store=tmp_path / "fresh")
    assert (report.total("accepted"), dict(report.refused)) == (len(STRANGE), {})
    assert written(tmp_path / "fresh", tmp_path / "after", everybody=True) == before


def test_only_what_is_in_force_unless_everybody_is_asked(loaded: Loaded, tmp_path: Path) -> None:
    """A person's rows stand for a program's of the same layer; old versions of a text stay in the store."""
    old = {"body": "أ", "article_id": "a", "fetched": "2020-01-01T00:00:00Z"}
    where = loaded(old, STRANGE[0] | {"fetched": "2021-01-01T00:00:00Z"})
    (line,) = written(where, tmp_path / "a").splitlines()
    assert "rules/1" not in {row["annotator"] for row in json.loads(line)["annotations"]}
    (line,) = written(where, tmp_path / "a", everybody=True).splitlines()
    assert {row["annotator"] for row in json.loads(line)["annotations"]} == {"rules/1", "analyst:x", "y/2", "x/1"}


def test_a_span_of_days_leaves_out_what_has_no_day(loaded: Loaded, tmp_path: Path) -> None:
    """Both ends count; who asks for days asks for dated articles."""
    days = [None, "2026-09-30", "2026-10-01", "2026-10-02T01:00:00+01:00"]
    where = loaded(*({"body": str(day), "article_id": str(day), "published": day} for day in days))
    for first, last, wanted in ((None, None, 4), ("2026-10-01", None, 2), (None, "2026-10-01", 2),
                                ("2026-10-01", "2026-10-02", 2), ("2027-01-01", None, 0)):  # fmt: skip
        assert len(written(where, tmp_path / "a", first=first, last=last).splitlines()) == wanted


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_the_size_of_a_chunk_does_not_matter(
    chunk: int, sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few articles are held at once, the file is the same."""
    days = {"first": "2025-12-01", "last": "2025-12-20"}
    whole = written(sample_store, tmp_path / "a", **days)
    monkeypatch.setattr(snapshot, "CHUNK", chunk)
    assert written(sample_store, tmp_path / "b", **days) == whole
    assert whole.count(b"\n") > 5


def test_the_order_of_loading_does_not_matter(loaded: Loaded, tmp_path: Path) -> None:
    """Articles stand by their ids, annotations by their places: the same data, the same file."""
    one, other = loaded(*STRANGE), loaded(*reversed(STRANGE))
    for name, writer in WRITERS.items():
        assert written(one, tmp_path / "one", name) == written(other, tmp_path / "other", name), writer


def test_a_name_decides_packing_and_must_fit_its_format(loaded: Loaded, tmp_path: Path) -> None:
    """What `rasd load` would not know again is refused before any work; .gz is packed."""
    where = loaded({"body": "أ"})
    export(where, tmp_path / "a.jsonl.gz", "rasd")
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == written(where, tmp_path / "a")
    for name, format_name in (("a.txt", "rasd"), ("a.jsonl", "labelstudio"), ("a.parquet.gz", "parquet"), ("a", "x")):
        with pytest.raises(UsageError):
            export(where, tmp_path / name, format_name)
    with pytest.raises(StoreError, match="rasd load"):
        export(tmp_path / "nowhere", tmp_path / "b.jsonl", "rasd")
    assert sorted(path.name for path in tmp_path.glob("[ab]*")) == ["a.jsonl", "a.jsonl.gz"]


def test_the_verb_says_what_it_wrote(loaded: Loaded, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers and names of files; a wrong day is wrong usage."""
    where = ["--store", str(loaded(*STRANGE))]
    assert main(["export", "--format", "labelstudio", "-o", str(tmp_path / "a.json"), *where]) == 0
    said = capsys.readouterr().out
    assert said.startswith("4 articles with ")
    assert "a.json.config.xml" in said
    with pytest.raises(SystemExit, match="2"):
        main(["export", "--from", "gestern", "-o", str(tmp_path / "a.jsonl"), *where])
    assert main(["export", "-o", str(tmp_path / "no" / "a.jsonl"), *where]) == 2


# A person works on it in their tool


def label_studio_task(where: Path, out: Path) -> dict[str, Any]:
    """The one task of an export, as Label Studio writes it after a person has submitted it."""
    (task,) = json.loads(written(where, out, "labelstudio"))
    (one,) = task["annotations"]
    one |= {"id": 1, "completed_by": {"id": 2, "email": "amal@desk.example"}, "was_cancelled": False, "lead_time": 8.5,
            "last_action": "submitted"}  # fmt: skip
    return task | {"id": 5, "predictions": [], "meta": {}}


def test_a_correction_in_label_studio_is_that_persons(loaded: Loaded, tmp_path: Path) -> None:
    """Moved words keep what was known, another label says something else, a drawn relation is a pair; all are hers."""
    where = loaded(
        {"body": BODY, "annotations": [COUNTRY, COUNTRY | span("إسبانيا", BODY.index("إسبانيا"), "rules/1")]}
    )
    task = label_studio_task(where, tmp_path / "out")
    first, second = task["annotations"][0]["result"]
    first["value"] |= {"start": 0, "end": 13, "text": "استقبل المغرب"}
    second["value"]["labels"] = ["country:ES:target"]
    task["annotations"][0]["result"].append({"type": "relation", "from_id": first["id"], "to_id": second["id"],
                                             "direction": "right", "labels": ["pair:visit"]})  # fmt: skip
    (tmp_path / "done.json").write_text(json.dumps([task]), "utf-8")
    report = load([tmp_path / "done.json"], store=tmp_path / "fresh")
    assert not report.refused
    rows = rows_of(written(tmp_path / "fresh", tmp_path / "after"))
    assert {row["annotator"] for row in rows} == {"analyst:amal@desk.example"}
    told = [(row.get("code") or row["a"] + row["direction"] + row["b"], row["rule"], row["text"]) for row in rows]
    assert sorted(told) == [("ES", "label", "إسبانيا"), ("ESb>aMA", "label", BODY[: BODY.index(".")]),
                            ("MA", "test", "استقبل المغرب")]  # fmt: skip


def test_a_correction_in_doccano_is_a_persons(loaded: Loaded, tmp_path: Path) -> None:
    """Where a label went and another came, somebody has gone over the text: the rest is theirs, too."""
    where = loaded({"headline": "المغرب", "body": BODY, "annotations": [
        COUNTRY, COUNTRY | span("المغرب", 0, "rules/1", "headline"),
        {"layer": "theme", "theme_id": "migration", **span("وفدًا", BODY.index("وفد"), "rules/1")}]})  # fmt: skip
    example = json.loads(written(where, tmp_path / "out", "doccano"))
    shown = {"id": 3, "Comments": []}
    start = example["text"].index("إسبانيا")
    kept = [one for one in example["label"] if one[2] != "theme:migration"]
    changed = example | shown | {"label": [*kept, [start, start + 7, "country:ES:actor"]]}
    for name, one in (("same", example | shown), ("changed", changed)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(one), "utf-8")
        load([tmp_path / f"{name}.jsonl"], store=tmp_path / name)
    assert written(tmp_path / "same", tmp_path / "a") == written(where, tmp_path / "b")
    rows = rows_of(written(tmp_path / "changed", tmp_path / "after"))
    assert [(row["code"], row["field"], row["rule"], row["annotator"]) for row in rows] == [
        ("MA", "headline", "test", "analyst:doccano"), ("MA", "body", "test", "analyst:doccano"),
        ("ES", "body", "label", "analyst:doccano")]  # fmt: skip


def test_doccano_refuses_a_mark_across_headline_and_body(loaded: Loaded, tmp_path: Path) -> None:
    """It stands in neither of them; its neighbours do."""
    where = loaded({"headline": "المغرب", "body": BODY, "annotations": [COUNTRY]})
    example = json.loads(written(where, tmp_path / "out", "doccano"))
    example["label"].append([3, 12, "country:MA:actor"])
    (tmp_path / "x.jsonl").write_text(json.dumps(example), "utf-8")
    assert dict(load([tmp_path / "x.jsonl"], store=tmp_path / "fresh").refused) == {"offset-out-of-range": 1}
    example["text"] = example["text"].replace("\n\n", " \n")
    (tmp_path / "x.jsonl").write_text(json.dumps(example), "utf-8")
    assert load([tmp_path / "x.jsonl"], store=tmp_path / "broken").exit_code == 1


def test_the_labelling_interface_names_every_label(loaded: Loaded, tmp_path: Path) -> None:
    """Well-formed whatever an id holds: both texts, the labels of the export and the registry, a pair's relations."""
    export(loaded(*STRANGE), tmp_path / "a.json", "labelstudio")
    root = ET.fromstring((tmp_path / "a.json.config.xml").read_bytes())  # noqa: S314 -- written by us a line above
    assert [text.get("value") for text in root.iter("Text")] == ["$headline", "$body"]
    results = [result for task in json.loads((tmp_path / "a.json").read_bytes()) for one in task["annotations"]
               for result in one["result"]]  # fmt: skip
    assert "person:no one: <&>" in [result["value"]["labels"][0] for result in results]
    for control in root.iter("Labels"):
        labels = [label.get("value") for label in control]
        assert len(labels) == len(set(labels))
        assert {r["value"]["labels"][0] for r in results if r["to_name"] == control.get("toName")} <= set(labels)
        assert {"event:afcon-2025", "event:afcon?", "theme:migration", "country:MA:mention", "date:?"} <= set(labels)
    assert "pair:visit" in [relation.get("value") for relation in root.iter("Relation")]
    assert labelstudio.TEXTS == ("headline", "body")


# Tables


def test_a_table_has_a_row_for_each_annotation(sample_store: Path, tmp_path: Path) -> None:
    """CSV and Parquet say the same; every article is there, every sentence holds its words."""
    export(sample_store, tmp_path / "a.parquet", "parquet")
    sheet = list(csv.DictReader(io.StringIO(written(sample_store, tmp_path / "a", "csv").decode("utf-8-sig"))))
    with duckdb.connect() as connection:
        frame = connection.read_parquet(str(tmp_path / "a.parquet"))
        rows = frame.fetchall()
        assert frame.columns == list(sheet[0]) == list(table.COLUMNS)
        assert [str(kind) for kind in frame.types[frame.columns.index("published_on") :][:1]] == ["DATE"]
    assert len(rows) == len(sheet)
    counts = "SELECT count(*) FROM article WHERE is_current"
    assert len({row["article_id"] for row in sheet}) == _asked(sample_store, counts)[0][0]
    named = [dict(zip(table.COLUMNS, row, strict=True)) for row in rows]
    assert all(row["words"] in row["sentence"] for row in named if row["layer"])
    assert [row["label"] or "" for row in named] == [row["label"].removeprefix("'") for row in sheet]
    pairs = _asked(sample_store, "SELECT count(*) FROM pair_mention WHERE in_force")[0][0]
    assert sum(row["layer"] == "pair" and row["relation"] is not None for row in named) == pairs


@pytest.mark.parametrize("text", [*PAYLOADS, "", "=1", " =1", "\t", "نص", "\uff1d1", "-1", "\u200f@x"])
def test_a_cell_never_starts_a_formula(text: str) -> None:
    """The rule is that of the lists which the app hands out."""
    assert table.csv_cell(text) == safe.csv_cell(text)


def test_a_strange_article_is_harmless_in_a_sheet(loaded: Loaded, tmp_path: Path) -> None:
    """Every cell is quoted; those that a spreadsheet would run are shown as text; line breaks stay inside."""
    raw = written(loaded(*STRANGE), tmp_path / "a", "csv").decode("utf-8-sig")
    sheet = list(csv.DictReader(io.StringIO(raw, newline="")))
    assert {row["publisher"] for row in sheet} == {"", "'+منبر"}
    assert [row["office"] for row in sheet if row["office"]] == ["'=1"]
    assert not [row for row in sheet if None in row or None in row.values()]
