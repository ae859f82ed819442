"""Dates of 420 real articles that readers marked, one each: how often the annotator is right about them.

`news/dates/reader.jsonl` holds by id and place (field, start, end) what each expression means, and no words. `tuning`
was read while rules were mended (its last hundred were unseen at first); of `unseen` only the counts were looked at,
once the mending was done.
"""

import functools
import hashlib
import json
from typing import Any

from etl import quality
from etl.annotate import annotate
from etl.model import Article
from etl.quality import Label
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
    """Dates that are right, wrong and missed, above weak. Needs the corpus."""
    lines, registry = labels(half), load()
    texts = news.by_id(raw["id"] for raw in lines)
    said = {ident: quality.of_rows(annotate(text, registry), ("strong",)) for ident, text in texts.items()}
    found = quality.dates({raw["id"]: _label(raw, texts[raw["id"]]) for raw in lines}, said)
    right, wrong, missed = (sum(one[n] for one in found) for n in range(3))
    return right, wrong, missed


def _label(raw: dict[str, Any], article: Article) -> Label:
    dates = [(news.words(article, *one["at"]), one["from"], one["to"]) for one in raw["dates"]]
    return quality.of_parts(events=[], countries=[], stated={}, themes=[], dates=dates)


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
