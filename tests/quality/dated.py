"""Dates of 720 real articles that readers marked: how often the annotator is right about them.

`news/dates/reader.jsonl` holds by id and place (field, start, end) what each expression means, and no words. `tuning`
was read while rules were mended; `unseen` was not, and two readers labelled it, each without the other.
"""

import functools
import hashlib
import json
from typing import Any

from etl import quality
from etl.annotate import annotate
from etl.model import DateExpression
from etl.registry import load
from tests.quality import news

READER = news.GOLD.parent / "dates" / "reader.jsonl"
HALVES = ("tuning", "unseen")


def labels(half: str) -> list[dict[str, Any]]:
    """The lines of a half: id, half, dates (at, from, to, precision, basis); what is open has no days."""
    return [raw for raw in map(json.loads, READER.read_text("utf-8").splitlines()) if raw["half"] == half]


def digest(half: str) -> str:
    """SHA-256 of the labels of a half."""
    return hashlib.sha256(json.dumps(labels(half), sort_keys=True).encode()).hexdigest()


@functools.cache
def counts(half: str) -> quality.Counts:
    """Dates that are right, wrong and missed, above weak, place by place. Needs the corpus.

    A row with days is right where a label that it overlaps has the same days, else wrong; a label with days is missed
    where no row that it overlaps has them.
    """
    lines, registry = labels(half), load()
    texts = news.by_id(raw["id"] for raw in lines)
    right = wrong = missed = 0
    for raw in lines:
        said = [_of_row(row) for row in annotate(texts[raw["id"]], registry)
                if isinstance(row, DateExpression) and row.tier != "weak" and row.value_from]  # fmt: skip
        known = [(*one["at"], one["from"], one["to"]) for one in raw["dates"]]
        dated = [one for one in known if one[3]]
        right += sum(any(_is_same(one, other) for other in said) for one in dated)
        wrong += sum(not any(_is_same(one, other) for other in known) for one in said)
        missed += sum(not any(_is_same(one, other) for other in said) for one in dated)
    return right, wrong, missed


_Dated = tuple[str, int, int, str | None, str | None]


def _of_row(row: DateExpression) -> _Dated:
    return row.field, row.start, row.end, row.value_from, row.value_to


def _is_same(one: _Dated, other: _Dated) -> bool:
    """The same days at places that overlap."""
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2] and one[3:] == other[3:]


def table() -> str:
    """Counts, precision, recall and wrong in a hundred of each half, as Markdown."""
    lines = ["| articles | dates that have days | wrong in 100 | precision | recall |", "|---|---|---|---|---|"]
    for half in HALVES:
        right, wrong, missed = counts(half)
        precision, recall, _ = quality.f1([(right, wrong, missed)])
        resolved = sum(bool(one["from"]) for raw in labels(half) for one in raw["dates"])
        lines.append(f"| {len(labels(half))} {half} | {resolved} | {100 * (1 - precision):.1f} "
                     f"| {precision:.3f} | {recall:.2f} |")  # fmt: skip
    return "\n".join(lines)
