"""The pipeline: files in, report and snapshot out; read = accepted + rejected + duplicate, whatever comes."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from loading import REGISTRY, span

from etl import mapping, pipeline, store
from etl.model import Article
from etl.report import text

PAGE = "استقبل وزير الداخلية المغربي، أمس الأربعاء، نظيره الإسباني في زيارة عمل بالرباط.\n\nالمصدر: الضفاف\n"


def line(**fields: Any) -> str:
    """A line of rasd-article/1."""
    return json.dumps({"format": "rasd-article/1", "annotations": []} | fields, ensure_ascii=False) + "\n"


def write(path: Path, *lines: str) -> Path:
    """A file of lines."""
    path.write_text("".join(lines), encoding="utf-8", newline="")
    return path


def sums(report: pipeline.Report) -> tuple[int, int, int, int]:
    """read, accepted, rejected, duplicate."""
    return report.total("read"), report.total("accepted"), report.total("rejected"), report.total("duplicate")


def ask(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows of the current snapshot."""
    return store.open_snapshot(folder, store.current(folder) or "").cursor().execute(query).fetchall()


def test_every_record_is_accounted_for(tmp_path: Path) -> None:
    """Good, bad, blank, doubled and page files in one folder: the sums hold by file and in all."""
    inputs = tmp_path / "in"
    inputs.mkdir()
    write(inputs / "a.jsonl", line(body="خبر أول"), "\n", "{bad\n", line(body="خبر أول"), line(headline=""))
    write(inputs / "b.jsonl", line(body="خبر أول"), line(body="خبر ثان"))
    write(inputs / "c.txt", PAGE)
    write(inputs / "d.txt", "")
    write(inputs / "e.pdf", "x")
    report = pipeline.load([inputs], store=tmp_path / "store", rejects_file=tmp_path / "rejects.jsonl")
    assert sums(report) == (8, 3, 3, 2)
    assert report.reasons == {"not-json": 1, "no-text": 1, "empty-page": 1}
    assert all(f.read == f.accepted + f.rejected + f.duplicate for f in report.files.values())
    rejects = [json.loads(row) for row in (tmp_path / "rejects.jsonl").read_text(encoding="ascii").splitlines()]
    assert (rejects[0]["place"]["line"], rejects[0]["record"]) == (3, "{bad")
    assert "unknown-format" in text(report)


def test_loading_again_publishes_nothing(tmp_path: Path) -> None:
    """The same file a second time is all duplicates and the snapshot stays."""
    path = write(tmp_path / "a.jsonl", line(body="استقبل المغرب وفدا"), line(headline="المغرب"))
    first = pipeline.load([path], store=tmp_path / "store")
    again = pipeline.load([path], store=tmp_path / "store")
    assert sums(again) == (2, 0, 0, 2)
    assert (again.published, again.snapshot_id, again.exit_code) == (False, first.snapshot_id, 0)


def test_a_changed_article_is_a_version_and_another_annotator_is_welcome(tmp_path: Path) -> None:
    """Same id, other content; same content, other annotator's rows: both accepted, neither a new article."""
    note = {"layer": "theme", "theme_id": "migration", **span("هجرة", annotator="analyst:sara")}
    lines = [line(article_id="1", body="هجرة"), line(article_id="1", body="هجرة!", fetched="2024-01-01T00:00:00Z"),
             line(article_id="1", body="هجرة", annotations=[note])]  # fmt: skip
    for one in lines:
        assert sums(pipeline.load([write(tmp_path / "a.jsonl", one)], store=tmp_path / "store"))[1] == 1
    assert ask(tmp_path / "store", "SELECT version_no, is_current FROM article ORDER BY 1") == [(1, False), (2, True)]
    assert ask(tmp_path / "store", "SELECT count(*) FROM theme_mention WHERE annotator = 'analyst:sara'") == [(1,)]


def test_refused_records_are_written_in_the_order_of_the_input(tmp_path: Path) -> None:
    """One that is refused because it was erased stands in the rejects file between those that could not be read."""
    erased, folder = line(article_id="gone", body="خبر"), tmp_path / "store"
    pipeline.load([write(tmp_path / "a.jsonl", erased, line(body="آخر"))], store=folder)
    store.erase(folder, {"gone": "asked"}, REGISTRY)
    write(tmp_path / "a.jsonl", "{bad\n", erased, "{bad\n", line(body="ثالث"), erased)
    pipeline.load([tmp_path / "a.jsonl"], store=folder, rejects_file=tmp_path / "rejects.jsonl")
    rejects = [json.loads(row) for row in (tmp_path / "rejects.jsonl").read_text(encoding="ascii").splitlines()]
    told = [(one["place"]["line"], one["reason"], one["record"]) for one in rejects]
    bad, gone = ("not-json", "{bad"), ("erased", "")
    assert told == [(1, *bad), (2, *gone), (3, *bad), (5, *gone)]


def test_a_later_time_of_fetching_is_no_duplicate(tmp_path: Path) -> None:
    """It is accepted and kept though nothing else is new; an earlier one afterwards brings nothing."""
    for day, brings in ((2, 1), (3, 1), (3, 0), (1, 0)):
        path = write(tmp_path / "a.jsonl", line(body="خبر", fetched=f"2024-01-0{day}T00:00:00Z"))
        report = pipeline.load([path], store=tmp_path / "store")
        assert (sums(report), report.published) == ((1, brings, 0, 1 - brings), bool(brings))
    assert ask(tmp_path / "store", "SELECT fetched_at::VARCHAR FROM article") == [("2024-01-03 00:00:00",)]


def test_pages_that_hold_the_same_article_are_all_kept(tmp_path: Path) -> None:
    """Which page came first decides neither what is kept nor which of them the article names."""
    pages = [write(tmp_path / f"{n}.txt", f"{PAGE}\nإقرأ أيضاً\n{'شاركها' * n}\n") for n in range(2)]
    named = "SELECT page_id FROM article WHERE role = 'main'"
    told = set()
    for n, order in enumerate(itertools.permutations(pages)):
        folder = tmp_path / f"store{n}"
        for page in order:
            pipeline.load([page], store=folder)
        told.add(repr((ask(folder, named), ask(folder, "SELECT page_id FROM page ORDER BY 1"))))
    assert len(told) == 1
    assert told.pop().count("p-") == 1 + len(pages)


def test_copies_share_a_story(tmp_path: Path) -> None:
    """The same words under two ids, with other marks: two articles, one story."""
    lines = [line(article_id="1", body="استقبل المغربُ وفدًا."), line(article_id="2", body="استقبل المغرب وفدا"),
             line(article_id="3", body="خبر آخر")]  # fmt: skip
    pipeline.load([write(tmp_path / "a.jsonl", *lines)], store=tmp_path / "store")
    assert ask(tmp_path / "store", "SELECT count(*), count(DISTINCT story_key) FROM article") == [(3, 2)]


@pytest.mark.parametrize("extra", [0, 400])
def test_articles_without_annotations_get_ours(tmp_path: Path, extra: int) -> None:
    """In one process or in several, the rows are the same."""
    lines = [line(article_id="x", body="استقبل الرئيس المصري وفدا"), *(line(body=f"خبر رقم {n}") for n in range(extra))]
    pipeline.load([write(tmp_path / "a.jsonl", *lines)], store=tmp_path / "store")
    query = (
        "SELECT code::VARCHAR, annotator FROM country_mention JOIN article USING (article_key) WHERE article_id = 'x'"
    )
    assert ask(tmp_path / "store", query) == [("EG", "rules/1")]


def test_a_page_keeps_the_way_back_and_a_given_date_is_its_main_articles(tmp_path: Path) -> None:
    """Blocks lead to the article's words; published:= dates the main article, as another version of the same one."""
    page, folder = (
        write(tmp_path / "p.txt", PAGE + "\nمقالات مشابهة\n\n• عنوان آخر عن مصر والمغرب\n"),
        tmp_path / "store",
    )
    pipeline.load([page], store=folder)
    given = mapping.parse("published:=2024-10-03,publisher:=البوابة")
    pipeline.load([page], store=folder, mapping=given)
    rows = ask(
        folder, "SELECT role::VARCHAR, published, publisher::VARCHAR, version_no FROM article ORDER BY role, published"
    )
    assert [row[:3] for row in rows] == [
        ("main", "2024-10-03", "البوابة"), ("main", None, "الضفاف"), ("headline", None, None)]  # fmt: skip
    query = """SELECT bool_and(substring(p.text, b.page_start + 1, b.page_end - b.page_start)
        = substring(t.body, b.field_start + 1, b.page_end - b.page_start)), count(*)
        FROM page_block b JOIN page p USING (page_id) JOIN article a ON a.article_id = b.article_id AND a.is_current
        JOIN article_text t USING (article_key) WHERE b.zone = 'body'"""
    assert ask(folder, query) == [(True, 1)]


def test_annotate_writes_what_load_reads(tmp_path: Path) -> None:
    """annotate, then load: the rows are those of loading at once."""
    path = write(tmp_path / "a.csv", "titre,texte\n", "عنوان,استقبل الرئيس المصري وفدا مغربيا\n")
    found = mapping.parse("headline=titre,body=texte")
    pipeline.annotate_files([path], tmp_path / "out.jsonl", found)
    pipeline.load([tmp_path / "out.jsonl"], store=tmp_path / "one")
    pipeline.load([path], store=tmp_path / "two", mapping=found)
    query = "SELECT * FROM country_mention"
    assert ask(tmp_path / "one", query) == ask(tmp_path / "two", query) != []
    assert Article(body="x").format in (tmp_path / "out.jsonl").read_text(encoding="utf-8")


def test_the_real_corpus_loads(tmp_path: Path) -> None:
    """A slice of each real file: every line accounted for, nearly all dated."""
    news = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "news"
    if not news.is_dir():
        pytest.skip("../shared is missing: the real corpus is not shipped")
    for path in news.glob("*.jsonl"):
        with path.open(encoding="utf-8") as file:
            write(tmp_path / path.name, *(next(file) for _ in range(150)))
    found = mapping.parse("article_id=id,url=url,publisher=source,headline=title,body=text,published=date")
    report = pipeline.load(sorted(tmp_path.glob("*.jsonl")), store=tmp_path / "store", mapping=found)
    read, accepted, rejected, duplicate = sums(report)
    assert read == 450 == accepted + rejected + duplicate
    assert accepted > 440
    assert ask(tmp_path / "store", "SELECT count(*) FROM article WHERE published_on IS NULL") == [(0,)]
