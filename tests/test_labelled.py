"""The neutral form of all annotation tools: marks, ties and choices in, annotations of an article or refusals out."""

from typing import Any

import msgspec
import pytest

from etl import mapping
from etl.labels import of_tables
from etl.mapping import WrongValue
from etl.model import Place, Record
from etl.read.labelled import Labelled, Mark, Tie, data_fields, person, record, utf16_offsets
from etl.read.need import Need
from etl.registry import load

BODY = "استقبل المغرب وفدًا من إسبانيا لبحث كأس إفريقيا للأمم 2025. وزار السنغال وفد آخر يوم 2 أكتوبر 2024."
LABELS = of_tables({
    "annotator": "analyst:desk",
    "label": {"GPE": {"layer": "country"}, "EVENT": {"layer": "event"}, "DATE": {"layer": "date"},
              "ORG": {"layer": "organisation"}, "Migration": {"layer": "theme", "theme_id": "migration"}},
    "relation": {"meets": {"layer": "pair", "relation": "meeting", "direction": "both"},
                 "visits": {"layer": "pair", "relation": "visit"}},
    "ignore": {"labels": ["MISC"]},
}, "x")  # fmt: skip
NEED = Need(mapping=None, registry=load(), labels=LABELS)


def mark(words: str, label: str, **more: Any) -> Mark:
    """The first place of the words in the body, marked."""
    start = BODY.index(words)
    return Mark(start=start, end=start + len(words), label=label, **more)


def read(need: Need = NEED, **more: Any) -> Record:
    """The record of the body with these marks, ties and choices."""
    return record(Place("a", 1, 0), Labelled(tool="brush", fields={"body": BODY}, **more), need)


def rows(found: Record) -> list[dict[str, Any]]:
    """Its annotations as plain values."""
    return [msgspec.to_builtins(row) for row in found.articles[0].annotations]


MARKS = [
    (mark("المغرب", "GPE"), {"layer": "country", "code": "MA", "role": "mention"}),
    (mark("وفدًا", "GPE"), "unknown-name"),
    (mark("كأس إفريقيا للأمم 2025", "EVENT"), {"series_id": "afcon", "event_id": "afcon-2025", "candidates": []}),
    (mark("كأس إفريقيا للأمم", "EVENT"), {"series_id": "afcon", "event_id": None}),
    (mark("2 أكتوبر 2024", "DATE"), {"value_from": "2024-10-02", "value_to": "2024-10-02", "precision": "day"}),
    (mark("وفد آخر", "DATE"), "unreadable-date"),
    (mark("وفد آخر", "ORG"), {"layer": "organisation", "entity_id": None, "country": None}),
    (mark("وفد آخر", "Migration"), {"layer": "theme", "theme_id": "migration"}),
    (mark("وفد آخر", "country:MA:actor"), {"layer": "country", "code": "MA", "role": "actor"}),
    (mark("وفد آخر", "event:afcon-2025"), {"series_id": "afcon", "event_id": "afcon-2025"}),
    (mark("وفد آخر", "event:afcon-1"), "unknown-id"),
    (mark("وفد آخر", "theme:cooking"), "unknown-id"),
    (mark("وفد آخر", "person:hammouchi"), {"entity_id": "hammouchi", "country": "MA"}),
    (mark("وفد آخر", "pair:ES-MA:visit:b>a"), {"a": "ES", "b": "MA", "relation": "visit", "direction": "b>a"}),
    (mark("وفد آخر", "Mood"), "unmapped-label"),
    (mark("وفد آخر", "MISC"), None),
    (Mark(start=5, end=5, label="GPE"), "offset-out-of-range"),
    (Mark(start=-1, end=5, label="GPE"), "offset-out-of-range"),
    (mark("المغرب", "country:MA:actor", text="المشرق"), "text-differs"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "wanted"), MARKS)
def test_a_mark_becomes_an_annotation_or_is_refused(one: Mark, wanted: dict[str, Any] | str | None) -> None:
    """By our label, by the table and the marked words, or refused by name; an ignored label is neither."""
    found = read(marks=[one])
    if isinstance(wanted, dict):
        (row,) = rows(found)
        assert row.items() >= wanted.items()
        assert (row["start"], row["end"], row["text"]) == (one.start, one.end, BODY[one.start : one.end])
        assert (row["annotator"], row["rule"], row["tier"]) == ("analyst:desk", "label", "strong")
    else:
        assert rows(found) == []
        assert [refused.reason for refused in found.refused] == ([wanted] if wanted else [])


def test_labels_without_a_meaning_are_listed() -> None:
    """Each mark of one counts, escaped and shortened for the report; the refusal names the option that mends it."""
    found = read(marks=[mark("المغرب", "Mood\n"), mark("إسبانيا", "Mood\n"), mark("السنغال", "ن" * 99)])
    assert found.unmapped_labels == ["Mood\\n", "Mood\\n", "ن" * 60]
    assert "--labels" in found.refused[0].expected
    assert found.refused[2].position == 2


PAIRS = [
    ("meets", 0, 1, {"a": "ES", "b": "MA", "relation": "meeting", "direction": "both"}),
    ("visits", 0, 1, {"a": "ES", "b": "MA", "relation": "visit", "direction": "b>a"}),
    ("visits", 1, 0, {"a": "ES", "b": "MA", "relation": "visit", "direction": "a>b"}),
    ("visits", 0, 2, "no-sentence"),
    ("visits", 0, 0, "no-pair"),
    ("visits", 0, 3, "no-pair"),
    ("visits", 0, 99, "no-pair"),
    ("loves", 0, 1, "unmapped-label"),
    ("MISC", 0, 1, None),
]  # fmt: skip


@pytest.mark.parametrize(("label", "source", "target", "wanted"), PAIRS)
def test_a_tie_of_two_countries_is_a_pair(label: str, source: int, target: int, wanted: Any) -> None:  # noqa: ANN401 -- keys or a reason
    """Its span is the sentence that holds both; a relation between anything else is refused."""
    marks = [mark(words, "GPE") for words in ("المغرب", "إسبانيا", "السنغال")] + [mark("وفد آخر", "ORG")]
    found = read(marks=marks, ties=[Tie(label, source, target, annotator="analyst:x")])
    pairs = [row for row in rows(found) if row["layer"] == "pair"]
    if isinstance(wanted, dict):
        assert pairs[0].items() >= wanted.items()
        assert pairs[0]["text"] == BODY[: BODY.index(".")]
        assert pairs[0]["annotator"] == "analyst:x"
    else:
        assert pairs == []
        assert [refused.reason for refused in found.refused] == ([wanted] if wanted else [])


def test_a_choice_is_a_theme_of_the_text() -> None:
    """Its evidence is the headline, else the first sentence; what is no theme marks no words."""
    found = read(choices=[("Migration", "analyst:x"), ("GPE", None), ("Mood", None)])
    (row,) = rows(found)
    assert (row["theme_id"], row["text"], row["annotator"]) == ("migration", BODY[: BODY.index(".")], "analyst:x")
    assert [refused.reason for refused in found.refused] == ["no-words", "unmapped-label"]
    titled = Labelled(tool="t", fields={"body": BODY, "headline": "خبر"}, choices=[("theme:sport_hosting", None)])
    (row,) = rows(record(Place("a", 1, 0), titled, Need(mapping=None, registry=load())))
    assert (row["field"], row["text"], row["annotator"]) == ("headline", "خبر", "analyst:t")


def test_our_own_object_is_taken_while_its_label_agrees() -> None:
    """Moved words keep what we knew; another label is what the person says now; a named person says all of it."""
    own = {"layer": "country", "code": "MA", "role": "actor", "candidates": [], "field": "body", "start": 0, "end": 3,
           "text": "xxx", "tier": "medium", "rule": "capital", "annotator": "rules/1"}  # fmt: skip
    kept, relabelled, signed = (
        rows(read(marks=[mark("المغرب", label, own=own, annotator=who)]))[0]
        for label, who in (("country:MA:actor", None), ("country:ES:actor", None), ("country:MA:actor", "analyst:x"))
    )
    assert kept == own | {"start": 7, "end": 13, "text": "المغرب"}
    assert (relabelled["code"], relabelled["rule"], relabelled["annotator"]) == ("ES", "label", "analyst:desk")
    assert (signed["rule"], signed["annotator"]) == ("capital", "analyst:x")
    broken = read(marks=[mark("المغرب", "country:MA:actor", own={"layer": "mood"})])
    assert rows(broken)[0]["rule"] == "label"


def test_units_of_a_browser_become_code_points() -> None:
    """A letter beyond U+FFFF counts twice in a browser; every place goes there and back."""
    text = "a\U0001f600ب\U0001f1f2\U0001f1e6ج"
    way = utf16_offsets(text)
    for place in range(len(text) + 1):
        units = len(text[:place].encode("utf-16-le")) // 2
        assert way.code_points(units) == place
        assert way.units(place) == units
    assert way.code_points(2) == 1


def test_the_data_of_a_tool_give_the_fields() -> None:
    """Without a map the text is the body and our names are taken; a map says which is which; our format is exact."""
    data = {"text": "نص", "headline": "عنوان", "published": "3/10/2024", "article_id": 7, "role": "boss", "mood": "x"}
    fields, where = data_fields(data, NEED, "text")
    assert fields == {"body": "نص", "headline": "عنوان", "published": "2024-10-03", "published_basis": "metadata",
                      "article_id": "7"}  # fmt: skip
    assert where == "body"
    assert data_fields({"headline": "خبر"}, NEED, "headline") == (
        {"headline": "خبر", "published_basis": "unknown"}, "headline")  # fmt: skip
    mapped = Need(mapping=mapping.parse("headline=text,publisher:=منبر"), registry=load())
    assert data_fields(data, mapped, "text") == (
        {"headline": "نص", "publisher": "منبر", "published_basis": "unknown"}, "headline")  # fmt: skip
    ours = {"format": "rasd-article/1", "body": "نص", "role": "read_also", "page_id": "p-1", "published": None}
    assert data_fields(ours, NEED, "body")[0] == {k: v for k, v in ours.items() if k != "format"}


def test_who_labelled_is_a_short_printable_name() -> None:
    """Addresses, logins and numbers name a person; nothing names nobody."""
    assert [person(name) for name in ("a@b.example", 7, " ل ", "analyst:x", "", None, [], True)] == [
        "analyst:a@b.example", "analyst:7", "analyst:ل", "analyst:x", None, None, None, None]  # fmt: skip
    assert person("a\nb" * 99) == "analyst:" + ("a\\nb" * 99)[:100]


def test_an_article_that_does_not_hold_is_refused_whole() -> None:
    """No text, no article; then no annotation is looked at."""
    with pytest.raises(WrongValue, match="no-text"):
        record(Place("a", 1, 0), Labelled(tool="t", fields={"body": " "}, marks=[Mark(0, 1, "GPE")]), NEED)
