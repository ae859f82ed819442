"""Annotators of other packages: installed, found, asked in batches, checked, kept beside ours."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from loading import REGISTRY, article, theme

from etl import annotators, pipeline
from etl.annotators import Annotator, AnnotatorError
from etl.model import Annotation, Article, UsageError
from tests.test_pipeline import ask, line, sums, write

DOCUMENT = (Path(__file__).parent.parent / "docs" / "annotator.md").read_text("utf-8")


def said(*rows: Annotation) -> Annotator:
    """An annotator that says the same rows of every article."""
    return Annotator("x/1", lambda articles: [rows for _ in articles])


def offer(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    """Entry points as an installed package would have them."""
    points = {name: EntryPoint(name, value, annotators.GROUP) for name, value in values.items()}
    monkeypatch.setattr(annotators, "installed", lambda: points)


def test_the_one_of_the_documents_is_installed_and_read(tmp_path: Path) -> None:
    """The package of docs/annotator.md, installed by pip: its rows stand beside ours, under its name."""
    for name in ("pyproject.toml", "rasd_words.py"):
        found = re.search(rf"^```\w+\n# {re.escape(name)}.*?\n(.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE)
        assert found
        write(tmp_path / name, found[1])
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", str(site), str(tmp_path)], check=True)
    articles = write(tmp_path / "in.jsonl", line(article_id="1", body="وصلت قوارب الموت إلى إسبانيا"))
    read = [sys.executable, "-m", "etl", "annotate", str(articles), "-o", str(tmp_path / "out.jsonl")]
    named = ["--annotator", "rules", "--annotator", "words"]
    subprocess.run([*read, *named], check=True, env=os.environ | {"PYTHONPATH": str(site)})
    rows = json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["annotations"]
    own = [row for row in rows if row["annotator"] == "words/1"]
    assert [(row["theme_id"], row["text"], row["start"]) for row in own] == [("migration", "قوارب الموت", 5)]
    assert any(row["annotator"] == "rules/1" and row.get("code") == "ES" for row in rows)


def test_rows_are_checked_like_a_strangers() -> None:
    """A wrong offset, an unknown id and a false name are refused each with its reason; the good row is kept."""
    good = theme("هجرة")
    bad = [theme("هجرت"), theme("هجرة", theme_id="nothing"), theme("هجرة", annotator="rules/1")]
    [(kept, faults)] = annotators.read(said(*bad, good), [article("هجرة سرية")], REGISTRY)
    assert kept == [good]
    assert [(place, fault.reason) for place, fault in faults] == [
        (0, "text-differs"), (1, "unknown-id"), (2, "wrong-value")]  # fmt: skip


def test_articles_come_in_batches_and_bare() -> None:
    """At most `batch` articles at a time, in order, without the rows of others, and none of ours is changed by it."""
    seen: list[list[tuple[str | None, int]]] = []

    def annotate(articles: Sequence[Article]) -> list[list[Annotation]]:
        seen.append([(one.body, len(one.annotations)) for one in articles])
        articles[0].body = "غيره"
        return [[] for _ in articles]

    given = [article(word, theme(word)) for word in ("أول", "ثان", "ثالث")]
    annotators.read(Annotator("x/1", annotate, batch=2), given, REGISTRY)
    assert seen == [[("أول", 0), ("ثان", 0)], [("ثالث", 0)]]
    assert [one.body for one in given] == ["أول", "ثان", "ثالث"]


def test_a_program_that_stops_or_loses_count_is_named() -> None:
    """The error says which annotator and which article, without a traceback of theirs."""

    def stops(articles: Sequence[Article]) -> list[list[Annotation]]:
        raise OSError(len(articles))

    for one in (Annotator("x/1", stops), Annotator("x/1", lambda _: [])):
        with pytest.raises(AnnotatorError, match=r"annotator x/1.* a-"):
            annotators.read(one, [article("خبر")], REGISTRY)


def test_what_it_gives_late_or_wrongly_is_its_own_fault() -> None:
    """A list that fails while it is read stops it by name; a row that is none is refused, and the others kept."""

    def late(articles: Sequence[Article]) -> Iterator[Iterator[Annotation]]:
        return ((theme(str(1 // 0)) for _ in articles) for _ in articles)

    with pytest.raises(AnnotatorError, match="annotator x/1"):
        annotators.read(Annotator("x/1", late), [article("خبر")], REGISTRY)  # ty: ignore[invalid-argument-type] -- that is the fault
    mixed: list[Any] = [object(), None, "كلمة", theme("هجرة")]
    [(kept, faults)] = annotators.read(Annotator("x/1", lambda _: [mixed]), [article("هجرة")], REGISTRY)
    assert (kept, [fault.reason for _, fault in faults]) == ([theme("هجرة")], ["wrong-type"] * 3)


@pytest.mark.parametrize("name", ["x", "y/1", "x/", "x/1\n", "analyst:x/1"])
def test_a_program_bears_its_own_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Name and version, as its entry point is called; nobody speaks as a person or as the built-in one."""
    monkeypatch.setattr("tests.test_annotators.OFFERED", Annotator(name, lambda articles: [[] for _ in articles]))
    offer(monkeypatch, x="tests.test_annotators:OFFERED")
    with pytest.raises(AnnotatorError, match="named x/VERSION"):
        annotators.chosen(["x"])


def test_what_is_no_annotator_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody offers, a module that is not there, an object of another kind."""
    offer(monkeypatch, broken="no_such_module:x", other="json:dumps")
    with pytest.raises(UsageError, match="expected one of rules, broken, other"):
        annotators.chosen(["nobody"])
    for name in ("broken", "other"):
        with pytest.raises(AnnotatorError, match=name):
            annotators.chosen([name])


def test_its_rows_live_beside_ours_and_are_asked_for_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Loaded again with an annotator more, the same article gets its rows; a third time brings nothing new."""
    offer(monkeypatch, x=f"{__name__}:OFFERED")
    path, store = write(tmp_path / "a.jsonl", line(article_id="1", body="هجرة سرية من المغرب")), tmp_path / "store"
    pipeline.load([path], store=store)
    second = pipeline.load([path], store=store, annotator=["rules", "x"])
    third = pipeline.load([path], store=store, annotator=["rules", "x"])
    assert (sums(second), sums(third)) == ((1, 1, 0, 0), (1, 0, 0, 1))
    assert second.refused == {"unknown-id": 1}
    assert ask(store, "SELECT annotator, count(*) > 0 FROM theme_mention GROUP BY 1 ORDER BY 1")[-1] == ("x/1", True)
    assert ask(store, "SELECT DISTINCT annotator FROM country_mention") == [("rules/1",)]
    assert ask(store, "SELECT article_id, reason FROM refused_annotation") == [("1", "unknown-id")]


OFFERED = said(theme("هجرة"), theme("هجرة", theme_id="nothing"))
