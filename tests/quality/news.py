"""Which real articles are labelled: drawn by a seed from the development corpus, half of them set aside.

The corpus is not shipped, so labels name an article by its id and a place in it by code points, and hold none of its
words. `working` may be looked at while rules are written; `set-aside` is scored once a change is finished.
"""

import json
import random
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from etl import quality
from etl.annotate import annotate
from etl.model import Article
from etl.quality import Label
from etl.registry import load
from etl.stated import parse
from tests.quality import labels

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "news"
GOLD = Path(__file__).parent / "news" / "working"
SEED = 20261124
WANTED = {"ant_alarabiya_2018": 100, "ant_jawharafm_2015_2017": 110, "ant_skynews_2018": 110}
SHORTEST = 200
"""Letters of a text that says enough to be labelled."""


@cache
def drawn() -> dict[str, dict[str, Any]]:
    """The drawn articles by id, in the order of the draw; no text twice. Needs the corpus."""
    chance, found, seen = random.Random(SEED), {}, set()
    for name, wanted in sorted(WANTED.items()):
        lines = (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()
        chance.shuffle(lines)
        fit = (raw for raw in map(json.loads, lines) if len(raw["text"] or "") >= SHORTEST)
        for raw in fit:
            if sum(ident.startswith(f"{name}/") for ident in found) == wanted:
                break
            if raw["text"] not in seen:
                seen.add(raw["text"])
                found[f"{name}/{raw['id']}"] = raw
    ids = sorted(found)
    chance.shuffle(ids)
    return {ident: found[ident] for ident in ids}


def halves() -> tuple[list[str], list[str]]:
    """The ids that rules may be written against, and those that are set aside."""
    ids = list(drawn())
    return ids[: len(ids) // 2], ids[len(ids) // 2 :]


def articles() -> dict[str, Article]:
    """The drawn articles by id, with their date as `rasd load` reads it."""
    return {ident: _article(raw) for ident, raw in drawn().items()}


def by_id(ids: Iterable[str]) -> dict[str, Article]:
    """Any articles of the corpus by id; of one that stands there twice the first."""
    wanted, found = set(ids), {}
    for ident, raw in lines():
        if ident in wanted and ident not in found:
            found[ident] = _article(raw)
    return found


def every() -> dict[str, Article]:
    """All articles of the corpus by id, those without a text, too."""
    return {ident: _article(raw) for ident, raw in lines()}


def lines() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every line of the corpus with the id of its article."""
    for path in sorted(CORPUS.glob("*.jsonl")):
        for raw in map(json.loads, path.read_text("utf-8").splitlines()):
            yield f"{path.stem}/{raw['id']}", raw


def _article(raw: dict[str, Any]) -> Article:
    headline = (raw["title"] or "").strip() or None
    return Article(headline=headline, body=(raw["text"] or "").strip(), published=parse(raw["date"] or "").value)


def gold(name: str) -> dict[str, Label]:
    """The labels of `reader-a`, `reader-b` or `settled` of the working half."""
    return labelled(GOLD, name)


@cache
def labelled(folder: Path, name: str) -> dict[str, Label]:
    """The labels of a half by id; words come from the corpus, by their places."""
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
        found = {raw["id"]: raw for raw in map(json.loads, lines)}
    texts = articles()
    return {ident: labels.of_raw(_with_words(raw, texts[ident])) for ident, raw in found.items()}


def _with_words(raw: dict[str, Any], article: Article) -> dict[str, Any]:
    """Each date with the words at its place (field, start, end)."""
    dates = [{**one, "quote": words(article, *one["at"])} for one in raw["dates"]]
    return {**raw, "dates": dates}


def words(article: Article, field: str, start: int, end: int) -> str:
    """What stands at a place of an article."""
    return (getattr(article, field) or "")[start:end]


def said(tier: str) -> dict[str, Label]:
    """What the built-in annotator says of the working half; pairs at the tiers of `tier`."""
    return annotated(GOLD, tier)


@cache
def annotated(folder: Path, tier: str) -> dict[str, Label]:
    """What the built-in annotator says of each labelled article of a half."""
    registry, texts, ids = load(), articles(), labelled(folder, "settled")
    return {ident: quality.of_rows(annotate(texts[ident], registry), quality.TIERS[tier]) for ident in ids}
