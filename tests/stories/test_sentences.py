"""Sentences of one layer each, from the table sentences.toml: what the text says, and what it does not."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from etl import registry
from etl.model import EventMention
from tests.stories.telling import countries, dates, events, pairs, rows_of, themes

TABLE = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))
LAYERS = ("country", "event", "pair", "date", "theme")
TRACKED = (
    "interpol-ga-92", "interpol-ga-93", "interpol-ga-94", "afcon-2025", "afcon-2027", "wafcon-2026", "fifa-wc-2026",
    "fifa-wc-2030", "fifa-wc-2034", "euro-2028", "arab-cup-2025", "asian-cup-2027", "cop-30", "cop-31", "cop-32",
    "olympics-2028", "expo-2030",
)  # fmt: skip
"""The editions of the table in product.md."""


def told(layer: str) -> list[Any]:
    """The sentences of a layer; what is missed today carries its reason and must still be missed."""
    return [pytest.param(one, id=f"{layer}-{n}", marks=missed(one)) for n, one in enumerate(TABLE[layer], 1)]


def missed(sentence: dict[str, str]) -> list[pytest.MarkDecorator]:
    """A strict xfail where the table says that today's rules miss the sentence."""
    return [pytest.mark.xfail(strict=True, reason=sentence["missed"])] if "missed" in sentence else []


def expected(sentence: dict[str, str]) -> list[str]:
    """The rows of the table's second column."""
    return [row.strip() for row in sentence["rows"].split(";") if row.strip()]


@pytest.mark.parametrize("sentence", told("country"))
def test_countries(sentence: dict[str, str]) -> None:
    """A country is a row where the text means it, and none where its letters only look like it."""
    rows = rows_of(sentence["text"], sentence.get("on"))
    assert countries(rows, with_role=":" in sentence["rows"]) == set(expected(sentence))


@pytest.mark.parametrize("sentence", told("event"))
def test_events(sentence: dict[str, str]) -> None:
    """An event is its edition where text or date decide it, else its series; other competitions are others."""
    assert events(rows_of(sentence["text"], sentence.get("on"))) == set(expected(sentence))


@pytest.mark.parametrize("sentence", told("pair"))
def test_pairs(sentence: dict[str, str]) -> None:
    """A pair is a stated dealing, with its relation, direction and tier; two names alone are none."""
    assert pairs(rows_of(sentence["text"], sentence.get("on"))) == set(expected(sentence))


@pytest.mark.parametrize("sentence", told("date"))
def test_dates(sentence: dict[str, str]) -> None:
    """A date is resolved rightly or left open, never guessed; the weekday is a checksum."""
    assert dates(rows_of(sentence["text"], sentence.get("on"))) == expected(sentence)


@pytest.mark.parametrize("sentence", told("theme"))
def test_themes(sentence: dict[str, str]) -> None:
    """A theme is shown by one strong term or by two weak ones, and hidden by its own `not` phrases."""
    assert themes(rows_of(sentence["text"], sentence.get("on"))) == set(expected(sentence))


MONTHS = [(number, name.strip()) for number, names in TABLE["months"].items() for name in names.split("؛")]


@pytest.mark.parametrize(("number", "month"), MONTHS)
def test_months_of_all_regions(number: str, month: str) -> None:
    """Every region's name of a month is the same month, with a day and without."""
    text = f"أعلن النادي يوم 17 {month} 2025 برنامجه، على أن ينتهي قبل {month} 2026."
    assert dates(rows_of(text)) == [f"2025-{number}-17", f"2026-{number}"]


def test_every_tracked_event_has_a_sentence() -> None:
    """Each edition of product.md's table, and so each of its series, is the expected row of a sentence."""
    named = {row.rstrip("+") for sentence in TABLE["event"] for row in expected(sentence)}
    assert not set(TRACKED) - named


def test_every_theme_has_a_sentence() -> None:
    """Each theme of the registry is the expected row of a sentence."""
    assert not set(registry.load().themes) - {row for sentence in TABLE["theme"] for row in expected(sentence)}


def test_the_table_is_whole() -> None:
    """At least 150 different sentences, each with its rows (perhaps none), and no key that nobody reads."""
    sentences = [(layer, sentence) for layer in LAYERS for sentence in TABLE[layer]]
    assert len({(layer, s["text"], s.get("on")) for layer, s in sentences}) == len(sentences) >= 150
    assert all(set(s) <= {"rows", "text", "on", "missed"} for _, s in sentences)


def test_an_edition_is_marked_once() -> None:
    """«نسخة 2010» is one mention, whichever of several patterns sees it."""
    rows = rows_of("يعود المنتخب إلى كأس العالم. وفاز في نسخة 2010 باللقب.", "2018-05-01")
    alone = [row for row in rows if isinstance(row, EventMention) and row.rule == "edition-alone"]
    assert [(row.event_id, row.text) for row in alone] == [("fifa-wc-2010", "نسخة 2010")]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_edge_of_the_calendar_anchors_nothing(day: str) -> None:
    """A date that no newspaper can bear leaves relative days open and stops nobody's load."""
    rows = rows_of("وصل الوفد أمس ويعود غدا، بعد زيارة الصيف الماضي وديسمبر الماضي، ويلتقي الفريق السبت.", day)
    assert set(dates(rows)) == {"?"}
