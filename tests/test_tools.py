"""Annotation tools: their export files in, articles with annotations or refusals out."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest

from etl import mapping, read
from etl.labels import Labels, of_tables
from etl.model import Record
from etl.registry import load

EXPORTS = Path(__file__).resolve().parents[2] / "shared" / "exports"
TEXT = "استقبل المغرب \U0001f1f2\U0001f1e6 وفدًا من إسبانيا."
"""Two letters beyond U+FFFF stand between the two countries."""
LABELS = of_tables({
    "label": {"GPE": {"layer": "country"}, "Borders": {"layer": "theme", "theme_id": "migration"}},
    "relation": {"meets": {"layer": "pair", "relation": "meeting", "direction": "both"},
                 "visits": {"layer": "pair", "relation": "visit"}},
}, "x")  # fmt: skip


def read_file(path: Path, labels: Labels | None = LABELS, columns: str | None = None) -> list[Record | read.Refusal]:
    """Everything that the file holds."""
    found = mapping.parse(columns) if columns else None
    return list(read.read(read.survey([path]).sources, found, load(), labels))


def rows(found: Record | read.Refusal) -> list[dict[str, Any]]:
    """The annotations of an accepted record."""
    assert isinstance(found, Record), found
    return [msgspec.to_builtins(row) for row in found.articles[0].annotations]


def said(found: Record | read.Refusal) -> list[tuple[str, str, str]]:
    """What each annotation is, its words and who says so."""
    return [(row.get("code") or row.get("theme_id") or f"{row['a']}-{row['b']}", row["text"], row["annotator"])
            for row in rows(found)]  # fmt: skip


def reasons(found: Record | read.Refusal) -> list[str]:
    """Why the record, or annotations of it, were refused."""
    return [one.reason for one in found.refused] if isinstance(found, Record) else [found.reject.reason]


def span(words: str, *, units: bool = False) -> dict[str, int]:
    """Where the words stand in the text: code points, or the units of a browser."""
    start = TEXT.index(words)
    ends = (start, start + len(words))
    if units:
        ends = tuple(len(TEXT[:end].encode("utf-16-le")) // 2 for end in ends)
    return {"start": ends[0], "end": ends[1]}


def write(folder: Path, name: str, *values: object, indent: int | None = None) -> Path:
    """A file of these JSON values: an array for `.json`, one after another for `.jsonl`."""
    text = [json.dumps(value, ensure_ascii=False, indent=indent) for value in values]
    path = folder / name
    raw = ("[" + ",".join(text) + "]" if name.endswith(".json") else "\n".join(text) + "\n").encode()
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    return path


# Label Studio


def region(words: str, label: str = "GPE", *, units: bool = True, **more: Any) -> dict[str, Any]:
    """A span as Label Studio writes it."""
    value = {**span(words, units=units), "text": words, "labels": [label]}
    return {"id": words, "type": "labels", "from_name": "label", "to_name": "text", "value": value, "origin": "manual",
            **more}  # fmt: skip


def task(*results: dict[str, Any], data: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A task with one annotation of those results."""
    one = {"id": 1, "completed_by": {"id": 3, "email": "amal@desk.example"}, "was_cancelled": False, "lead_time": 4.2,
           "result": list(results)} | more  # fmt: skip
    return {"id": 7, "annotations": [one], "predictions": [], "data": {"text": TEXT, **(data or {})}, "meta": {}}


@pytest.mark.parametrize("units", [True, False])
def test_label_studio_counts_units_or_code_points(tmp_path: Path, *, units: bool) -> None:
    """Versions differ in how they count letters beyond U+FFFF; the marked words decide."""
    path = write(tmp_path, "a.json", task(region("المغرب", units=units), region("إسبانيا", units=units)))
    (found,) = read_file(path)
    who = "analyst:amal@desk.example"
    assert said(found) == [("MA", "المغرب", who), ("ES", "إسبانيا", who)]
    assert rows(found)[1]["start"] == TEXT.index("إسبانيا")


def test_label_studio_words_that_do_not_stand_there_are_refused(tmp_path: Path) -> None:
    """Other words and unsure places are refused; spaces and breaks that the tool writes otherwise do not matter."""
    wrong, unsure, silent = region("إسبانيا"), region("إسبانيا"), region("المغرب")
    wrong["value"]["text"] = "البرتغال"
    del unsure["value"]["text"], silent["value"]["text"]
    broken = task({"type": "labels", "to_name": "text", "value": {"start": 0, "end": 4, "text": "a\\nb", "labels": [
        "country:MA:actor"]}}, data={"text": "a \nb"})  # fmt: skip
    first, second = read_file(write(tmp_path, "a.json", task(wrong, unsure, silent), broken))
    assert reasons(first) == ["text-differs", "unsure-offsets"]
    assert said(first) == [("MA", "المغرب", "analyst:amal@desk.example")]
    assert rows(second)[0]["text"] == "a \nb"


def test_label_studio_relations_and_choices(tmp_path: Path) -> None:
    """A relation is a pair in its direction; a choice is a theme; both by whoever made the annotation."""
    right, left, both = (
        {"type": "relation", "from_id": "المغرب", "to_id": "إسبانيا", "direction": way, "labels": ["visits"]}
        for way in ("right", "left", "bi")
    )
    choice = {"type": "choices", "from_name": "theme", "to_name": "text", "value": {"choices": ["Borders", "Mood"]}}
    (found,) = read_file(
        write(tmp_path, "a.json", task(region("المغرب"), region("إسبانيا"), right, left, both, choice))
    )
    pairs = [row for row in rows(found) if row["layer"] == "pair"]
    assert [row["direction"] for row in pairs] == ["b>a", "a>b", "both"]
    assert [row["theme_id"] for row in rows(found) if row["layer"] == "theme"] == ["migration"]
    assert {row["annotator"] for row in rows(found)} == {"analyst:amal@desk.example"}
    assert reasons(found) == ["unmapped-label"]


def test_label_studio_leaves_out_what_does_not_stand(tmp_path: Path) -> None:
    """Cancelled and rejected annotations and regions of images are counted by name; predictions are nobody's word."""
    one = task(region("المغرب"), completed_by=5)
    one["annotations"] += [
        one["annotations"][0] | {"was_cancelled": True},
        one["annotations"][0] | {"last_action": "rejected"},
        one["annotations"][0] | {"reviews": [{"created_at": "2026-01-02", "accepted": False},
                                             {"created_at": "2026-01-01", "accepted": True}]},
        one["annotations"][0] | {"reviews": [{"created_at": "2026-01-02", "accepted": True}], "completed_by": 6,
                                 "result": [{"type": "rectanglelabels", "value": {"rectanglelabels": ["Car"]}}]},
    ]  # fmt: skip
    one["predictions"] = [{"result": [region("إسبانيا")]}]
    (found,) = read_file(write(tmp_path, "a.json", one))
    assert said(found) == [("MA", "المغرب", "analyst:5")]
    assert sorted(reasons(found)) == ["cancelled", "not-text", "rejected", "rejected"]
    assert isinstance(found, Record)
    assert any("rectanglelabels" in refused.expected for refused in found.refused)


def test_label_studio_knows_two_annotators_apart(tmp_path: Path) -> None:
    """Two people's annotations of one task are two people's rows; an imported one keeps who it came from."""
    own = {"layer": "country", "code": "MA", "role": "actor", "candidates": [], "field": "body", "start": 7, "end": 13,
           "text": "المغرب", "tier": "medium", "rule": "capital", "annotator": "rules/1"}  # fmt: skip
    carried = region("المغرب", "country:MA:actor", meta={"rasd": own})
    one = task(carried, completed_by={"id": 1}, lead_time=None)
    one["annotations"] += task(carried, completed_by={"id": 1, "username": "sami"})["annotations"]
    (found,) = read_file(write(tmp_path, "a.json", one))
    assert rows(found) == [own, own | {"annotator": "analyst:sami"}]


def test_label_studio_names_its_texts(tmp_path: Path) -> None:
    """Regions of two texts go to headline and body; data that bear our names are the article's; HTML has offsets."""
    html = {"type": "hypertextlabels", "to_name": "headline", "value": {
        "start": "/p[1]/text()[1]", "startOffset": 0, "globalOffsets": {"start": 0, "end": 6}, "text": "المغرب",
        "hypertextlabels": ["GPE"]}}  # fmt: skip
    nowhere = {
        "type": "hypertextlabels",
        "to_name": "headline",
        "value": {"start": "/p[1]", "hypertextlabels": ["GPE"]},
    }
    data = {"headline": "المغرب يستقبل", "published": "2026-10-01", "article_id": 12}
    (found,) = read_file(write(tmp_path, "a.json", task(html, nowhere, region("إسبانيا"), data=data)))
    assert isinstance(found, Record)
    assert [(row["field"], row["code"]) for row in rows(found)] == [("headline", "MA"), ("body", "ES")]
    assert reasons(found) == ["no-offsets"]
    article = found.articles[0]
    assert (article.article_id, article.headline, article.published) == ("12", "المغرب يستقبل", "2026-10-01")


def test_label_studio_min(tmp_path: Path) -> None:
    """JSON-MIN: one row an annotation, its regions under the control's name; two rows of one text are two people's."""
    flat = {"id": 7, "text": TEXT, "headline": "خبر", "annotation_id": 1, "lead_time": 2.0,
            "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
            "ner": [region("المغرب")["value"], region("إسبانيا")["value"]],
            "theme": {"choices": ["Borders"]}}  # fmt: skip
    first, second = read_file(write(tmp_path, "a.json", flat | {"annotator": "a@b.example"}, flat | {"annotator": 4}))
    who = "analyst:a@b.example"
    assert said(first) == [("MA", "المغرب", who), ("ES", "إسبانيا", who), ("migration", "خبر", who)]
    assert {row["annotator"] for row in rows(second)} == {"analyst:4"}
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert first.articles[0].article_id == second.articles[0].article_id


# doccano


DOCCANO = [
    ({"id": 1, "text": TEXT, "label": [[*span("المغرب").values(), "GPE"]], "Comments": []}, ["MA"]),
    ({"text": TEXT, "labels": [[*span("المغرب").values(), "GPE"]]}, ["MA"]),
    ({"text": TEXT, "label": ["Borders"]}, ["migration"]),
    ({"column_data": TEXT, "column_label": [[*span("إسبانيا").values(), "GPE"]]}, ["ES"]),
    ({"column_data": TEXT, "column_label": ["Borders"]}, ["migration"]),
    ({"text": TEXT, "entities": [
        {"id": 5, "start_offset": 7, "end_offset": 13, "label": "GPE"},
        {"id": 9, "start_offset": span("إسبانيا")["start"], "end_offset": span("إسبانيا")["end"], "label": "GPE"}],
      "relations": [{"id": 0, "from_id": 9, "to_id": 5, "type": "visits"}]}, ["MA", "ES", "ES-MA"]),
]  # fmt: skip


@pytest.mark.parametrize(("example", "wanted"), DOCCANO)
@pytest.mark.parametrize(("name", "indent"), [("a.jsonl", None), ("a.jsonl", 4), ("a.json", None), ("a.jsonl.gz", 4)])
def test_doccano_has_four_shapes(
    tmp_path: Path, example: dict[str, Any], wanted: list[str], name: str, indent: int | None
) -> None:
    """Spans, categories, entities with relations, and the names of an import; on one line, on several, in an array."""
    for found in read_file(write(tmp_path, name, example, example, indent=indent)):
        assert [one for one, _, _ in said(found)] == wanted
        assert {who for _, _, who in said(found)} == {"analyst:doccano"}
        assert reasons(found) == []


def test_doccano_refuses_what_is_no_label(tmp_path: Path) -> None:
    """A broken line, a label that is none and offsets beyond the text are refused; the others are read."""
    path = write(tmp_path, "a.jsonl", DOCCANO[0][0], DOCCANO[0][0] | {"label": [[1, 2]]},
                 DOCCANO[0][0] | {"label": [[500, 600, "GPE"]]})  # fmt: skip
    path.write_bytes(path.read_bytes() + b"garbage\n" + path.read_bytes().splitlines()[0])
    first, second, third, fourth, fifth = read_file(path)
    assert [reasons(one) for one in (first, fifth)] == [[], []]
    assert [reasons(one) for one in (second, third, fourth)] == [["wrong-type"], ["offset-out-of-range"], ["not-json"]]


# Prodigy


def prodigy(**more: Any) -> dict[str, Any]:
    """An accepted example of Prodigy."""
    spans = [{**span(words), "token_start": 0, "token_end": 0, "label": "GPE"} for words in ("المغرب", "إسبانيا")]
    return {"text": TEXT, "meta": {"publisher": "منبر", "pattern": "3"}, "_input_hash": 1, "_task_hash": -2,
            "_session_id": "news-amal", "_annotator_id": "amal", "spans": spans, "tokens": [], "answer": "accept",
            } | more  # fmt: skip


def test_prodigy_accepts_spans_relations_and_choices(tmp_path: Path) -> None:
    """Accepted: spans by their annotator, relations from head to child, options that were chosen, meta of our names."""
    one = prodigy(relations=[{"head": 1, "child": 5, "label": "meets", "head_span": span("المغرب"),
                              "child_span": span("إسبانيا")}, {"head": 1, "child": 2, "label": "meets"}],
                  options=[{"id": "Borders", "text": "Borders"}, {"id": "Mood", "text": "Mood"}],
                  accept=["Borders"])  # fmt: skip
    (found,) = read_file(write(tmp_path, "a.jsonl", one))
    assert [(what, who) for what, _, who in said(found)] == [
        (what, "analyst:amal") for what in ("MA", "ES", "ES-MA", "migration")]  # fmt: skip
    assert reasons(found) == ["no-pair"]
    assert isinstance(found, Record)
    assert found.articles[0].publisher == "منبر"


def test_prodigy_leaves_out_what_was_not_accepted(tmp_path: Path) -> None:
    """Reject and ignore are refused by these names; a binary question's label counts where it was accepted."""
    lines = [prodigy(answer="reject"), prodigy(answer="ignore"), prodigy(answer="maybe"),
             {"text": TEXT, "label": "Borders", "answer": "accept", "_input_hash": 1, "_session_id": "x"}]  # fmt: skip
    found = read_file(write(tmp_path, "a.jsonl", *lines))
    assert [reasons(one) for one in found] == [["answer-reject"], ["answer-ignore"], ["wrong-value"], []]
    assert said(found[3]) == [("migration", TEXT[:-1], "analyst:x")]


# Whatever they hold

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 7, 10**30, 1.5, "", "x", "country:MA:actor", [], {}, [[]], [{}], [None], [1, 2, "GPE"],
    {"id": []}, {"rasd": {"layer": "country"}}, {"rasd": []}, {"start": 0, "end": 3, "labels": ["GPE"]},
    {"headline": 3, "annotations": [7]}, {"headline": 10**20, "annotations": [{"layer": "pair", "start": "x"}]},
)  # fmt: skip
CARRIED = {"format": "rasd-article/1", "article_id": "a", "headline": "خبر", "published": "2026-10-01"}
EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "a.jsonl": [example for example, _ in DOCCANO] + [
        CARRIED | {"text": "خبر\n\n" + TEXT, "label": [[0, 3, "theme:migration"], [12, 18, "GPE"]], "rasd": {
            "headline": 3, "annotations": [{"layer": "theme", "theme_id": "migration", "field": "headline", "start": 0,
                                            "end": 3, "text": "خبر", "tier": "strong", "rule": "x",
                                            "annotator": "a"}]}}],
    "b.jsonl": [prodigy(relations=[{"head": 1, "child": 2, "label": "meets", "head_span": span("المغرب"),
                                    "child_span": span("إسبانيا")}], options=[{"id": "x", "text": "y"}], accept=["x"])],
    "c.json": [task(region("المغرب", meta={"rasd": {"layer": "country", "code": "MA", "role": "actor"}}),
                    region("إسبانيا"), data=CARRIED | {"body": TEXT}, reviews=[{"created_at": "x", "accepted": True}]),
               task({"type": "relation", "from_id": "a", "to_id": "b", "direction": "left", "labels": ["meets"]},
                    {"type": "choices", "to_name": "text", "value": {"choices": ["Borders"]}}),
               {"text": TEXT, "annotator": 1, "annotation_id": 2, "ner": [region("المغرب")["value"]], "c": {"choices": [
                   "x"]}}],
}  # fmt: skip


def changed(value: Any, chance: random.Random) -> Any:  # noqa: ANN401 -- any JSON
    """The value with one thing inside of it replaced by something odd, or taken away."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.15:
        return chance.choice(ODD)
    if isinstance(value, list):
        at = chance.randrange(len(value))
        return [changed(one, chance) if n == at else one for n, one in enumerate(value)]
    at = chance.choice(sorted(value))
    if chance.random() < 0.2:
        return {key: one for key, one in value.items() if key != at}
    return {key: changed(one, chance) if key == at else one for key, one in value.items()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_whatever_a_file_holds_each_record_is_read_or_refused(tmp_path: Path, name: str) -> None:
    """Six hundred files' worth of wrong types in every place: no record is lost, and nothing stops the reading."""
    chance = random.Random(name)
    values = [changed(chance.choice(EXAMPLES[name]), chance) for _ in range(600)]
    path = write(tmp_path, name, EXAMPLES[name][0], *({"x": value} if value == {} else value for value in values))
    found = read_file(path)
    assert len(found) == len(values) + 1
    assert sum(isinstance(one, Record) for one in found) > len(values) / 5
    assert all(isinstance(one, Record) or one.reject.reason for one in found)


# Which reader takes a file


SAID = {"format": "rasd-article/1", "body": TEXT, "annotations": []}


@pytest.mark.parametrize(("name", "value", "wanted"), [
    ("a.jsonl", SAID | {"label": []}, "jsonl"),
    ("a.jsonl", {"text": TEXT, "label": "sport"}, "jsonl"),
    ("a.jsonl", {"title": TEXT, "labels": ["x"]}, "jsonl"),
    ("a.jsonl", {"text": TEXT, "label": [[0, 2, "x"]]}, "doccano"),
    ("a.jsonl", {"id": 1, "text": 'quotes " and \\ and {"label": ["x"]}', "nested": {"label": []}}, "jsonl"),
    ("a.jsonl", prodigy(), "prodigy"),
    ("a.jsonl", {"text": TEXT, "answer": "reject"}, "prodigy"),
    ("a.jsonl", {"text": TEXT, "answer": "42"}, "jsonl"),
    ("a.json", SAID, "json"),
    ("a.json", {"text": TEXT, "label": ["x"]}, "doccano"),
    ("a.json", task(), "labelstudio"),
    ("a.json", {"annotator": 1, "annotation_id": 2, "text": TEXT}, "labelstudio"),
    ("a.json", {"data": {}, "more": []}, "json"),
])  # fmt: skip
def test_a_file_is_told_by_its_first_object(tmp_path: Path, name: str, value: object, wanted: str) -> None:
    """Only keys at the top of the first object count, and a list is no text."""
    (source,) = read.survey([write(tmp_path, name, value)]).sources
    assert source.format == wanted


REAL = {
    "doccano/export_relation_extraction.jsonl": (1, 0, {"unmapped-label": 7}),
    "doccano/export_sequence_labeling.jsonl": (3, 0, {"unmapped-label": 4}),
    "doccano/export_text_classification.jsonl": (3, 0, {"unmapped-label": 3}),
    "doccano/import_relation_extraction.jsonl": (1, 0, {"unmapped-label": 7}),
    "doccano/import_sequence_labeling.jsonl": (3, 0, {"unmapped-label": 3}),
    "doccano/import_text_classification.jsonl": (3, 0, {"unmapped-label": 3}),
    "labelstudio/csv_test.json": (2, 0, {"rejected": 2}),
    "labelstudio/csv_test_history.json": (1, 0, {"unmapped-label": 1}),
    "labelstudio/data.json": (0, 1, {}),
    "labelstudio/data_repeater.json": (0, 1, {}),
    "prodigy/news_headlines_ner.jsonl": (372, 1, {"unmapped-label": 303}),
}


@pytest.mark.parametrize("name", REAL)
def test_a_real_export_is_accounted_for(name: str) -> None:
    """Without a table every label is refused by name, every text is read, and what is no text or no answer is not."""
    if not EXPORTS.is_dir():
        pytest.skip("../shared is missing: the tools' own files are not shipped")
    found = read_file(EXPORTS / name, labels=None)
    kept = [one for one in found if isinstance(one, Record)]
    counts: dict[str, int] = {}
    for reason in (one.reason for record in kept for one in record.refused):
        counts[reason] = counts.get(reason, 0) + 1
    assert (len(kept), len(found) - len(kept), counts) == REAL[name]


def test_a_real_export_gives_rows_once_its_labels_have_a_meaning() -> None:
    """Every one of Prodigy's spans stands where it says: with a table each is an annotation."""
    if not EXPORTS.is_dir():
        pytest.skip("../shared is missing: the tools' own files are not shipped")
    table = {"label": {name: {"layer": "organisation"} for name in ("ORG", "LOCATION", "PERSON", "PRODUCT")}}
    found = read_file(EXPORTS / "prodigy" / "news_headlines_ner.jsonl", of_tables(table, "x"))
    assert sum(len(rows(one)) for one in found if isinstance(one, Record)) == 303
    assert not [reason for one in found if isinstance(one, Record) for reason in reasons(one)]
