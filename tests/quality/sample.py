"""The sample's texts, their labels, and what the built-in annotator says of the same texts."""

import functools
import json
import tomllib
from pathlib import Path
from typing import Any

from etl import clean, quality
from etl.annotate import annotate
from etl.model import Article
from etl.quality import Label
from etl.registry import load
from tests.quality import labels

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample"
GOLD = Path(__file__).parent / "sample"


def copies() -> dict[str, tuple[str, str]]:
    """The declared copies: id → the article that it copies, and how."""
    declared = tomllib.loads((GOLD / "copies.toml").read_text("utf-8"))["copy"]
    return {one["id"]: (one["of"], one["kind"]) for one in declared}


def records() -> list[dict[str, Any]]:
    """Every line of the sample, as it stands in the files."""
    return [
        json.loads(line) for path in sorted(SAMPLE.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]


@functools.cache
def texts() -> dict[str, Article]:
    """The labelled texts by id, without annotations: articles but for exact and cut copies, and what pages hold."""
    left_out = {ident for ident, (_, kind) in copies().items() if kind in {"exact", "cut"}}
    found = {
        raw["article_id"]: Article(headline=raw["headline"], body=raw["body"], published=raw["published"])
        for raw in records()
        if raw["article_id"] not in left_out
    }
    for path in sorted((SAMPLE / "pages").glob("*.txt")):
        _, parts = clean.split(path.name, path.read_text("utf-8"), path.stem)
        ident = f"sample-{path.stem.removeprefix('page-')}"
        found |= {ident + ("" if a.role == "main" else "-ra"): a for a in parts if a.role != "headline"}
    return found


@functools.cache
def gold(name: str) -> dict[str, Label]:
    """The labels of `reader-a`, `reader-b` or `settled`."""
    return labels.read(GOLD / f"{name}.jsonl")


@functools.cache
def said(tier: str) -> dict[str, Label]:
    """What the built-in annotator says of each text; pairs at the tiers of `tier`."""
    registry = load()
    return {
        ident: quality.of_rows(annotate(article, registry), quality.TIERS[tier]) for ident, article in texts().items()
    }
