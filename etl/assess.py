"""`rasd quality`: how well an annotator reads articles that a person has labelled, and where it errs.

Gold is the rows of `analyst:…` in rasd-article/1 files. An item (an edition, a country, a pair, a theme, a date) is
shown with the sentence that says it: the annotator's where it is wrong, the reader's where it was missed.
"""

import collections
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from etl import annotators, quality
from etl.annotate import annotate
from etl.gather import story_id
from etl.model import (
    Annotation,
    Article,
    CountryMention,
    DateExpression,
    EventMention,
    PairMention,
    Record,
    ThemeMention,
    UsageError,
)
from etl.quality import Label
from etl.read import read, survey
from etl.registry import Registry, load
from etl.text import fold, sentences

_PERSON = "analyst:"
_ALL_TIERS = ("strong", "medium", "weak")
_AROUND = 60
Rows = Sequence[Annotation]


class Error(NamedTuple):
    """An item that is wrong or was missed in a text, with the sentence that it stands in."""

    layer: str
    kind: str
    article_id: str
    item: str
    sentence: str


class Assessment(NamedTuple):
    """The number of texts, the table of `etl.quality`, errors by layer, kind, text and item, rows refused by reason."""

    texts: int
    table: str
    errors: list[Error]
    refused: dict[str, int]


def assess(paths: Iterable[Path], annotator: str = annotators.BUILT_IN, registry: Registry | None = None) -> Assessment:
    """Read labelled files and let the annotator read the same texts.

    Texts that are the same letter for letter count once. Raises UsageError where no article bears a person's rows or
    nobody offers such an annotator, AnnotatorError where it fails.
    """
    registry = registry or load()
    asked = annotators.chosen([annotator])
    labelled = _labelled(paths, registry)
    if not labelled:
        raise UsageError(f"expected rasd-article/1 files with rows of a person, annotator {_PERSON}NAME; found none")
    articles = [article for article, _ in labelled]
    refused: collections.Counter[str] = collections.Counter()
    said = _said(articles, asked, registry, refused)
    gold_rows = {article.article_id: rows for article, rows in labelled}
    gold = {ident: quality.of_rows(rows, _ALL_TIERS) for ident, rows in gold_rows.items()}
    strong, medium = (
        {ident: quality.of_rows(rows, tiers) for ident, rows in said.items()} for tiers in quality.TIERS.values()
    )
    texts = {article.article_id: article for article in articles}
    errors = [
        error
        for ident in sorted(gold)
        for error in _errors(texts[ident], (gold_rows[ident], gold[ident]), (said[ident], medium[ident]))
    ]
    return Assessment(len(gold), quality.table(gold, strong, medium), sorted(errors), dict(refused))


def _labelled(paths: Iterable[Path], registry: Registry) -> list[tuple[Article, Rows]]:
    """Articles with a person's rows; of the same text under two ids the first."""
    found: dict[str, tuple[Article, Rows]] = {}
    for item in read(survey(paths).sources, None, registry):
        for article in item.articles if isinstance(item, Record) else ():
            rows = [row for row in article.annotations if row.annotator.startswith(_PERSON)]
            if rows:
                found.setdefault(story_id(article), (article, rows))
    return list(found.values())


def _said(
    articles: list[Article], others: list[annotators.Annotator], registry: Registry, refused: collections.Counter[str]
) -> dict[str, Rows]:
    if not others:
        return {article.article_id: annotate(article, registry) for article in articles}
    read_by = annotators.read(others[0], articles, registry)
    refused.update(fault.reason for _, faults in read_by for _, fault in faults)
    return {article.article_id: rows for article, (rows, _) in zip(articles, read_by, strict=True)}


def _errors(article: Article, labelled: tuple[Rows, Label], read_by: tuple[Rows, Label]) -> Iterator[Error]:
    (gold_rows, gold), (rows, said) = labelled, read_by
    for layer, told in quality.LAYERS.items():
        ours, theirs = _places(rows, layer), _places(gold_rows, layer)
        for item in sorted(told(said) - told(gold), key=str):
            yield _error(layer, "wrong", article, item, ours)
        for item in sorted(told(gold) - told(said), key=str):
            yield _error(layer, "missed", article, item, theirs)
    yield from _date_errors(article, gold, said)


def _date_errors(article: Article, gold: Label, said: Label) -> Iterator[Error]:
    whole = f"{article.headline or ''}\n{article.body or ''}"
    for words, days, kind in quality.date_errors(gold, said):
        at = whole.find(words)
        yield Error("dates", kind, article.article_id, f"{words} = {days}", _sentence(whole, at, at + len(words)))


def _error(layer: str, kind: str, article: Article, item: object, places: Mapping[object, Annotation]) -> Error:
    row = places.get(item)
    text = (getattr(article, row.field) or "") if row else ""
    name = "–".join(item) if isinstance(item, tuple) else str(item)
    return Error(layer, kind, article.article_id, name, _sentence(text, row.start, row.end) if row else "")


def _places(rows: Rows, layer: str) -> dict[object, Annotation]:
    """The first row that says each item of a layer."""
    found: dict[object, Annotation] = {}
    for row in rows:
        match row:
            case EventMention() if layer == "events":
                found.setdefault(row.event_id or f"{row.series_id}?", row)
            case CountryMention() if layer == "countries":
                found.setdefault(row.code, row)
            case ThemeMention() if layer == "themes":
                found.setdefault(row.theme_id, row)
            case PairMention() if layer == ("joint hosts" if row.relation == "cohost" else "pairs"):
                found.setdefault((row.a, row.b), row)
            case DateExpression() | _:
                continue
    return found


def _sentence(text: str, start: int, end: int) -> str:
    """The line's part around a place: the sentence where one holds it, on one line."""
    if not 0 <= start < end:
        return ""
    folded = fold(text)
    if len(folded) == len(text):
        for first, last in sentences(folded):
            if first <= start < last:
                return " ".join(text[first:last].split())
    return " ".join(text[max(0, start - _AROUND) : end + _AROUND].split())


def lines(found: Assessment, most: int) -> Iterator[str]:
    """The table, then at most so many errors of a layer and kind, each beside its sentence."""
    yield f"{found.texts} texts"
    yield found.table
    if found.refused:
        yield "rows refused: " + ", ".join(f"{reason} {n}" for reason, n in sorted(found.refused.items()))
    shown: dict[tuple[str, str], int] = {}
    for error in found.errors:
        group = error.layer, error.kind
        shown[group] = shown.get(group, 0) + 1
        if shown[group] == 1 and most:
            total = sum((other.layer, other.kind) == group for other in found.errors)
            yield f"\n{error.layer}, {error.kind}: {total}"
        if shown[group] <= most:
            yield f"  {error.article_id}  {error.item}  {error.sentence}"
