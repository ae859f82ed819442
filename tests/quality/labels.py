"""What readers labelled: label files, and how they become what etl.quality compares.

A label file is JSONL, a line a text: id, events (series, event or null, quotes), countries (code, role, quotes), pairs
(a, b, relation, direction, quote), themes (theme, quotes), dates (quote, from, to, precision, basis), note. A quote
stands in the text letter for letter. `reader-a` and `reader-b` worked apart; `settled` is what a third reading left.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from etl.quality import Label, of_parts


def read(path: Path) -> dict[str, Label]:
    """The labels of a file by the text's id."""
    with path.open(encoding="utf-8") as lines:
        return {raw["id"]: of_raw(raw) for raw in map(json.loads, lines)}


def of_raw(raw: Mapping[str, Any]) -> Label:
    """A line of a label file as a label."""
    stated: dict[tuple[str, str], set[str]] = {}
    for pair in raw["pairs"]:
        stated.setdefault((pair["a"], pair["b"]), set()).add(pair["relation"])
    return of_parts(
        events=[one["event"] or f"{one['series']}?" for one in raw["events"]],
        countries=[one["code"] for one in raw["countries"]],
        stated=stated,
        themes=[one["theme"] for one in raw["themes"]],
        dates=[(one["quote"], one.get("from"), one.get("to")) for one in raw["dates"]],
    )
