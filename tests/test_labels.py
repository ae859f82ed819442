"""Labels: what our own say, what the table of --labels says of others, and what it may not say."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from loading import span

from etl.labels import label_of, meaning, of_tables, read_labels
from etl.model import Annotation, UsageError

DATE = {"layer": "date", "basis": "absolute", "anchor": None, "weekday": None, "weekday_check": "none"}
OURS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("country:MA:actor", {"layer": "country", "code": "MA", "role": "actor"}, {}),
    ("country:X-AU:host", {"layer": "country", "code": "X-AU", "role": "host"}, {}),
    ("country:?:mention", {"layer": "country", "code": None, "role": "mention"}, {}),
    ("event:afcon-2025", {"layer": "event", "event_id": "afcon-2025"}, {"series_id": "afcon"}),
    ("event:afcon-2025:finals", {"layer": "event", "event_id": "afcon-2025", "stage": "finals"},
     {"series_id": "afcon"}),
    ("event:afcon?", {"layer": "event", "series_id": "afcon"}, {}),
    ("theme:migration", {"layer": "theme", "theme_id": "migration"}, {}),
    ("person:hammouchi", {"layer": "person", "entity_id": "hammouchi"}, {}),
    ("organisation:?:MA", {"layer": "organisation", "entity_id": None, "country": "MA"}, {}),
    ("pair:ES-X-AU:visit:a>b",
     {"layer": "pair", "a": "ES", "b": "X-AU", "relation": "visit", "direction": "a>b"}, {}),
    ("date:?", DATE | {"value_from": None, "value_to": None, "precision": "day"}, {}),
    ("date:2024-10-02", DATE | {"value_from": "2024-10-02", "value_to": "2024-10-02", "precision": "day"}, {}),
    ("date:2024-10-02..2024-10-03",
     DATE | {"value_from": "2024-10-02", "value_to": "2024-10-03", "precision": "day"}, {}),
    ("date:2024-02-01..2024-02-29",
     DATE | {"value_from": "2024-02-01", "value_to": "2024-02-29", "precision": "month"}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("label", "said", "looked_up"), OURS, ids=[label for label, _, _ in OURS])
def test_a_label_of_ours_says_what_its_annotation_says(
    label: str, said: dict[str, Any], looked_up: dict[str, Any]
) -> None:
    """There and back: the keys of the label, and the label of an annotation with those keys."""
    assert meaning(label) == said
    row = msgspec.convert(said | looked_up | span("x"), Annotation, strict=True)
    assert label_of(row) == label


@pytest.mark.parametrize("label", [
    "GPE", "", "country:", "country:ma", "country:MA:king", "event:", "pair:ES-MA:visit", "date:2024", "mood:good",
    "theme:a b", "country:MA:actor ", "event:afcon-2025\n",
])  # fmt: skip
def test_everything_else_is_a_label_of_others(label: str) -> None:
    """What is nearly ours is not guessed."""
    assert meaning(label) is None


TABLE = """
annotator = "analyst:desk"
[label.GPE]
layer = "country"
[label."ORG-MA"]
layer = "organisation"
country = "MA"
[label.EVENT]
layer = "event"
[relation.meets]
layer = "pair"
relation = "meeting"
direction = "both"
[ignore]
labels = ["MISC"]
"""


def test_the_table_is_read(tmp_path: Path) -> None:
    """Each label has its keys, a relation goes from source to target unless it says otherwise."""
    (tmp_path / "labels.toml").write_text(TABLE + '[relation.acts]\nlayer = "pair"\nrelation = "support"\n', "utf-8")
    found = read_labels(tmp_path / "labels.toml")
    assert found.annotator == "analyst:desk"
    assert found.meanings["ORG-MA"] == {"layer": "organisation", "country": "MA"}
    assert found.relations["meets"]["direction"] == "both"
    assert found.relations["acts"]["direction"] == "forward"
    assert found.ignored == {"MISC"}


@pytest.mark.parametrize(("text", "names"), [
    ("[label.X]\n", "label.'X': layer"),
    ('[label.X]\nlayer = "mood"\n', "label.'X': layer"),
    ('[label.X]\nlayer = "country"\ncolour = "red"\n', "'colour'"),
    ('[label.X]\nlayer = "country"\nrole = "king"\n', "role"),
    ('[label.X]\nlayer = "pair"\na = "ES"\n', "label.'X'"),
    ('[relation.X]\nlayer = "pair"\nrelation = "hug"\n', "relation"),
    ('[relation.X]\nlayer = "pair"\nrelation = "visit"\ndirection = "a>b"\n', "direction"),
    ("[labels.X]\n", "labels"), ("annotator = 7\n", "annotator"), ('annotator = "a\\nb"\n', "annotator"),
    ("[label", "TOML"),
])  # fmt: skip
def test_a_wrong_table_is_wrong_usage(tmp_path: Path, text: str, names: str) -> None:
    """The message names file, table and key."""
    (tmp_path / "labels.toml").write_text(text, "utf-8")
    with pytest.raises(UsageError, match="--labels") as caught:
        read_labels(tmp_path / "labels.toml")
    assert "labels.toml" in str(caught.value)
    assert names in str(caught.value)


def test_a_missing_table_is_wrong_usage(tmp_path: Path) -> None:
    """A file that cannot be read is said before any work."""
    with pytest.raises(UsageError, match="cannot be read"):
        read_labels(tmp_path / "none.toml")


def test_an_empty_table_maps_nothing() -> None:
    """No table at all is the table of our own labels only."""
    assert of_tables({}, "x").meanings == {}
