"""From typed records to rows: what a batch holds, and its columns as Arrow tables for bulk insertion."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from etl.identity import Statement
from etl.model import (
    Annotation,
    Article,
    CountryMention,
    DateExpression,
    EventMention,
    OrganisationMention,
    Page,
    PairMention,
    PersonMention,
    Place,
    RefusedAnnotation,
    Reject,
    ThemeMention,
)
from etl.registry import Fact, Registry


class Arrival(msgspec.Struct, kw_only=True):
    """An article on its way into the store, annotated, with what its text and its annotators identify it by."""

    article: Article
    content_sha256: str
    story_id: str
    folded: str = ""
    statements: list[Statement]
    is_sample: bool = False
    place: Place | None = None
    """Where its record stands; None in what no file brought."""


class FileCount(msgspec.Struct):
    """The record sum of one file: read = accepted + rejected + duplicate."""

    file: str
    format: str
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0


class Batch(msgspec.Struct, kw_only=True):
    """What is handed to the store at a time; the caller keeps it small enough for memory."""

    arrivals: list[Arrival] = []
    pages: list[Page] = []
    rejects: list[Reject] = []
    refused: list[RefusedAnnotation] = []
    files: list[FileCount] = []


class Mention(NamedTuple):
    """A mention table: the columns that are its own, what it is sorted by, and whether article columns repeat in it."""

    own: dict[str, pa.DataType]
    order: str
    is_wide: bool


_S, _I, _B, _L, _D = pa.string(), pa.int64(), pa.bool_(), pa.list_(pa.string()), pa.date32()
_T = pa.timestamp("us")

MENTIONS = {
    "event_mention": Mention(
        {"event_id": _S, "series_id": _S, "candidates": _L, "stage": _S},
        "event_id, published_on, article_key, span_start", is_wide=True),
    "country_mention": Mention(
        {"code": _S, "candidates": _L, "country_role": _S},
        "code, published_on, article_key, span_start", is_wide=True),
    "pair_mention": Mention(
        {"a": _S, "b": _S, "direction": _S, "relation": _S},
        "a, b, published_on, article_key, span_start", is_wide=True),
    "theme_mention": Mention({"theme_id": _S}, "theme_id, published_on, article_key, span_start", is_wide=True),
    "date_expression": Mention(
        {"value_from": _D, "value_to": _D, "precision": _S, "basis": _S, "anchor": _D, "weekday": _I,
         "weekday_check": _S},
        "article_key, span_start", is_wide=False),
    "entity_mention": Mention(
        {"kind": _S, "entity_id": _S, "country": _S, "office": _S}, "article_key, span_start", is_wide=False),
}  # fmt: skip

SPAN = {"field": _S, "span_start": _I, "span_end": _I, "tier": _S, "rule": _S, "annotator": _S}
_OF = {"article_id": _S, "content_sha256": _S}

STAGED: dict[str, dict[str, pa.DataType]] = {
    "article": {
        **_OF, "story_id": _S, "is_sample": _B, "role": _S, "page_id": _S, "url": _S, "publisher": _S, "carrier": _S,
        "language": _S, "published": _S, "published_on": _D, "published_at": _T, "published_basis": _S,
        "fetched_at": _T, "keywords": _L, "rights": _S, "load_id": _S, "headline": _S, "body": _S, "folded": _S},
    "statement": {**_OF, "annotator": _S, "sha256": _S, "is_built_in": _B, "load_id": _S},
    **{name: {**mention.own, **_OF, **SPAN} for name, mention in MENTIONS.items()},
    "page": {"page_id": _S, "name": _S, "text": _S},
    "page_block": {
        "page_id": _S, "position": _I, "zone": _S, "page_start": _I, "page_end": _I, "article_id": _S, "field": _S,
        "field_start": _I},
    "load_file": {
        "load_id": _S, "file": _S, "format": _S, "n_read": _I, "n_accepted": _I, "n_rejected": _I, "n_duplicate": _I},
    "reject": {
        "load_id": _S, "file": _S, "line": _I, "byte": _I, "field": _S, "reason": _S, "expected": _S, "sha256": _S},
    "refused_annotation": {
        "load_id": _S, "file": _S, "line": _I, "article_id": _S, "position": _I, "reason": _S, "expected": _S},
}  # fmt: skip
"""Every staged table with its columns, in the order in which `rows` gives their values."""

_REGISTRY: dict[str, dict[str, pa.DataType]] = {
    "series": {"series_id": _S, "name": _S, "kind": _S},
    "tracked_event": {"event_id": _S, "series_id": _S, "name": _S, "label_year": _I, "ordinal": _I},
    "tracked_event_fact": {
        "event_id": _S, "key": _S, "value": _S, "known_from": _D, "superseded_on": _D, "sureness": _S, "sources": _L,
        "note": _S},
    "country": {"code": _S, "name": _S, "is_bloc": _B},
    "theme": {"theme_id": _S, "name": _S, "medtop": _S},
}  # fmt: skip

Row = tuple[Any, ...]


def tables(batch: Batch, load_id: str) -> dict[str, pa.Table]:
    """The batch as one Arrow table per staged table that it has rows for."""
    rows: dict[str, list[Row]] = {name: [] for name in STAGED}
    for arrival in batch.arrivals:
        _arrival(rows, arrival, load_id)
    rows["page"] = [(page.page_id, page.name, page.text) for page in batch.pages]
    rows["page_block"] = [row for page in batch.pages for row in _blocks(page)]
    rows["load_file"] = [(load_id, f.file, f.format, f.read, f.accepted, f.rejected, f.duplicate) for f in batch.files]
    rows["reject"] = [
        (load_id, r.place.file, r.place.line, r.place.byte, r.field, r.reason, r.expected, r.sha256)
        for r in batch.rejects
    ]
    rows["refused_annotation"] = [
        (load_id, r.place.file, r.place.line, r.article_id, r.position, r.reason, r.expected) for r in batch.refused
    ]
    return {name: _table(STAGED[name], lines) for name, lines in rows.items() if lines}  # fmt: skip


def registry_tables(registry: Registry) -> dict[str, pa.Table]:
    """The registry as the tables of the same names; values of several codes are joined by commas."""
    events = registry.events.values()
    rows: dict[str, Iterable[Row]] = {
        "series": [(s.id, s.name, s.kind) for s in registry.series.values()],
        "tracked_event": [(e.id, e.series, e.name, e.label_year, e.ordinal) for e in events],
        "tracked_event_fact": [(e.id, *_fact(f)) for e in events for f in e.facts],
        "country": [(c.code, c.name, c.is_bloc) for c in registry.countries.values()],
        "theme": [(t.id, t.name, t.medtop or None) for t in registry.themes.values()],
    }
    return {name: _table(_REGISTRY[name], sorted(lines, key=str)) for name, lines in rows.items()}


def empty(name: str) -> pa.Table:
    """A staged table without rows, for its columns."""
    return _table(STAGED[name], [])


def text_table(column: str, values: Iterable[str]) -> pa.Table:
    """One column of texts, to be joined with."""
    return pa.table({column: pa.array(list(values), _S)})


def _table(columns: dict[str, pa.DataType], rows: Iterable[Row]) -> pa.Table:
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [pa.array(column, kind) for column, kind in zip(values, columns.values(), strict=True)]
    return pa.Table.from_arrays(arrays, names=list(columns))


def _fact(fact: Fact) -> Row:
    value = fact.value if isinstance(fact.value, str) else ",".join(fact.value)
    known, superseded = _day(fact.known_from), _day(fact.superseded_on)
    return fact.key, value, known, superseded, fact.sureness, list(fact.sources), fact.note


def _blocks(page: Page) -> Iterable[Row]:
    for position, b in enumerate(page.blocks):
        yield page.page_id, position, b.zone, b.page_start, b.page_end, b.article_id, b.field, b.field_start


def _arrival(rows: dict[str, list[Row]], arrival: Arrival, load_id: str) -> None:
    of = (arrival.article.article_id, arrival.content_sha256)
    rows["article"].append(_article(arrival, load_id))
    for said in arrival.statements:
        rows["statement"].append((*of, said.annotator, said.sha256, said.is_built_in, load_id))
    for mention in arrival.article.annotations:
        name, own = _own(mention)
        span = (mention.field, mention.start, mention.end, mention.tier, mention.rule, mention.annotator)
        rows[name].append((*own, *of, *span))


def _article(arrival: Arrival, load_id: str) -> Row:
    a: Article = arrival.article
    return (
        a.article_id, arrival.content_sha256, arrival.story_id, arrival.is_sample, a.role, a.page_id, a.url,
        a.publisher or None, a.carrier, a.language, a.published, _day(a.published), _moment(a.published),
        a.published_basis, _moment(a.fetched), a.keywords, a.rights, load_id, a.headline, a.body, arrival.folded,
    )  # fmt: skip


def _own(mention: Annotation) -> tuple[str, Row]:
    """The table of an annotation and the values of its own columns, as MENTIONS orders them."""
    match mention:
        case EventMention(event_id=event, series_id=series, candidates=candidates, stage=stage):
            return "event_mention", (event, series, candidates, stage)
        case CountryMention(code=code, candidates=candidates, role=role):
            return "country_mention", (code, candidates, role)
        case PairMention(a=a, b=b, direction=direction, relation=relation):
            return "pair_mention", (a, b, direction, relation)
        case ThemeMention(theme_id=theme):
            return "theme_mention", (theme,)
        case DateExpression() as d:
            days = _day(d.value_from), _day(d.value_to)
            return "date_expression", (*days, d.precision, d.basis, _day(d.anchor), d.weekday, d.weekday_check)
        case PersonMention(entity_id=entity, country=country, office=office):
            return "entity_mention", ("person", entity, country, office)
        case OrganisationMention(entity_id=entity, country=country, office=office):
            return "entity_mention", ("organisation", entity, country, office)


def _day(stated: str | None) -> date | None:
    """The calendar day as stated; a month or a year alone is no day."""
    try:
        return date.fromisoformat(stated[:10]) if stated else None
    except ValueError:
        return None


def _moment(stated: str | None) -> datetime | None:
    """The UTC time where one was stated with its offset."""
    moment = datetime.fromisoformat(stated) if stated and len(stated) > len("2024-10-03") else None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment and moment.tzinfo else None
