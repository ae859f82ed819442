"""Fifty real articles that nobody had labelled, read against their annotations: which, and what a reader found.

`python -m tests.quality.verdicts OUT.txt` writes the articles with their rows for a reader. `news/verdicts.jsonl` holds
what one found, a line an article: id, verdict (good, usable, bad), errors (layer, kind: wrong or missed, item).
"""

import collections
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from etl.annotate import annotate
from etl.model import Annotation
from etl.registry import load
from tests.quality import news

SEED = 20261310
VERDICTS = news.GOLD.parent / "verdicts.jsonl"
_READ = ("training/reader.jsonl", "dates/reader.jsonl", "conflict/records.jsonl")
"""What was labelled apart from the two halves."""
_MOST = 5_000
_NOT_SHOWN = frozenset(("field", "start", "end", "annotator", "candidates", "stage", "anchor", "office"))


def drawn() -> list[str]:
    """The ids of the fifty, in the order of the draw: none that was labelled for anything. Needs the corpus."""
    lines = (line for name in _READ for line in (news.GOLD.parent / name).read_text("utf-8").splitlines())
    known = {*news.drawn(), *(json.loads(line)["id"] for line in lines)}
    fit = [
        f"{path.stem}/{raw['id']}"
        for path in sorted(news.CORPUS.glob("*.jsonl"))
        for raw in map(json.loads, path.read_text("utf-8").splitlines())
        if news.SHORTEST <= len(raw["text"] or "") <= _MOST
    ]
    return random.Random(SEED).sample(sorted(set(fit) - known), 50)


def read() -> list[dict[str, Any]]:
    """The verdicts, in the order of the file."""
    return [json.loads(line) for line in VERDICTS.read_text("utf-8").splitlines()]


def table() -> str:
    """Verdicts counted, then errors by layer and kind, as Markdown."""
    found = read()
    verdicts = collections.Counter(one["verdict"] for one in found)
    errors = collections.Counter((error["layer"], error["kind"]) for one in found for error in one["errors"])
    layers = sorted({layer for layer, _ in errors})
    lines = [f"| {layer} | {errors[layer, 'wrong']} | {errors[layer, 'missed']} |" for layer in layers]
    told = ", ".join(f"{verdicts[name]} {name}" for name in ("good", "usable", "bad"))
    return "\n".join([f"{len(found)} articles: {told}.", "", "| layer | wrong | missed |", "|---|---|---|", *lines])


def _written() -> Iterator[str]:
    texts = news.by_id(drawn())
    for number, ident in enumerate(drawn(), 1):
        article = texts[ident]
        yield f"##### {number} {ident}\npublished: {(article.published or '')[:10]}"
        yield f"headline: {article.headline or ''}\n"
        yield f"{article.body}\n\n--- annotations"
        yield from dict.fromkeys(map(_row, annotate(article, load())))
        yield ""


def _row(row: Annotation) -> str:
    shown = {key: value for key, value in msgspec.to_builtins(row).items() if key not in _NOT_SHOWN and value}
    return "  " + " | ".join(f"{key}={str(value)[:70]}" for key, value in shown.items())


if __name__ == "__main__":
    Path(sys.argv[1]).write_text("\n".join(_written()), "utf-8")
