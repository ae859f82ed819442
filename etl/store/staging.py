"""From typed records to rows: a sheet of what was read or found, written as Parquet under names that its number gives.

A sheet is filled by one process and knows nothing of other sheets: `record_no` and `arrival_no` (an article on its way
in) carry the sheet's number in their upper half, so that they are unique and in the order of the input.
"""

from collections.abc import Container, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
from pyarrow import parquet

from etl.gather import Signature
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
from etl.returned import Returned


class Arrival(msgspec.Struct, kw_only=True):
    """An article on its way into the store, with what its text and its annotators identify it by."""

    article: Article
    content_sha256: str
    statements: list[Statement]
    returned: list[Returned] = []
    is_sample: bool = False


class Found(msgspec.Struct, kw_only=True):
    """What was worked out of an article's text alone: its signature among copies, and its folded text for search."""

    article: Article
    signature: Signature
    folded: str


class Mention(NamedTuple):
    """A mention table: the columns that are its own, what it is sorted by, and whether article columns repeat in it.

    `label` is etl.labels.label_of of its rows, in SQL.
    """

    own: dict[str, pa.DataType]
    order: str
    is_wide: bool
    label: str


_S, _I, _B, _L, _D = pa.string(), pa.int64(), pa.bool_(), pa.list_(pa.string()), pa.date32()
_T, _RAW = pa.timestamp("us"), pa.binary()

MENTIONS = {
    "event_mention": Mention(
        {"event_id": _S, "series_id": _S, "candidates": _L, "stage": _S},
        "event_id, published_on, article_key, span_start", is_wide=True,
        label="concat('event:', coalesce(event_id::VARCHAR, series_id::VARCHAR || '?'), ':' || stage::VARCHAR)"),
    "country_mention": Mention(
        {"code": _S, "candidates": _L, "country_role": _S},
        "code, published_on, article_key, span_start", is_wide=True,
        label="'country:' || coalesce(nullif(code::VARCHAR, ''), '?') || ':' || country_role::VARCHAR"),
    "pair_mention": Mention(
        {"a": _S, "b": _S, "direction": _S, "relation": _S},
        "a, b, published_on, article_key, span_start", is_wide=True,
        label="concat('pair:', a, '-', b, ':', relation, ':', direction)"),
    "theme_mention": Mention(
        {"theme_id": _S}, "theme_id, published_on, article_key, span_start", is_wide=True,
        label="'theme:' || theme_id::VARCHAR"),
    "date_expression": Mention(
        {"value_from": _D, "value_to": _D, "precision": _S, "basis": _S, "anchor": _D, "weekday": _I,
         "weekday_check": _S},
        "article_key, span_start", is_wide=False,
        label="concat('date:', coalesce(value_from::VARCHAR, '?'), "
        "if(value_to IS DISTINCT FROM value_from, '..' || coalesce(value_to::VARCHAR, 'None'), ''))"),
    "entity_mention": Mention(
        {"kind": _S, "entity_id": _S, "country": _S, "office": _S}, "article_key, span_start", is_wide=False,
        label="concat(kind, ':', coalesce(nullif(entity_id, ''), '?'), ':' || nullif(country::VARCHAR, ''))"),
}  # fmt: skip

SPAN = {"field": _S, "span_start": _I, "span_end": _I, "tier": _S, "rule": _S, "annotator": _S}
_NO = {"arrival_no": _I}

STAGED: dict[str, dict[str, pa.DataType]] = {
    "record": {
        "record_no": _I, "file": _S, "line": _I, "byte": _I, "date_form": _S, "unknown_keys": _L,
        "unmapped_labels": _L},
    "article": {
        **_NO, "record_no": _I, "article_id": _S, "content_sha256": _S, "is_sample": _B, "role": _S, "page_id": _S,
        "url": _S, "publisher": _S, "carrier": _S, "language": _S, "published": _S, "published_on": _D,
        "published_at": _T, "published_basis": _S, "fetched_at": _T, "keywords": _L, "rights": _S, "headline": _S,
        "body": _S},
    "found": {
        **_NO, "headline": _S, "body": _S, "folded": _S, "text_id": _S, "day": _I, "minute": _I, "outlet": _I,
        "runs": _I, "bands": pa.list_(_I), "sketch": _RAW, "opening": _RAW, "unusual": _RAW, "numbers": _RAW},
    "statement": {**_NO, "annotator": _S, "sha256": _S, "is_built_in": _B, "is_asked": _B},
    "returned_label": {
        **_NO, "annotator": _S, "field": _S, "span_start": _I, "span_end": _I, "label": _S, "is_said": _B,
        "base_sha256": _S, "sha256": _S},
    **{name: {**mention.own, **_NO, **SPAN} for name, mention in MENTIONS.items()},
    "page": {"record_no": _I, "page_id": _S, "name": _S, "text": _S},
    "page_block": {
        "record_no": _I, "page_id": _S, "position": _I, "zone": _S, "page_start": _I, "page_end": _I,
        "article_id": _S, "field": _S, "field_start": _I},
    "reject": {
        "record_no": _I, "file": _S, "line": _I, "byte": _I, "field": _S, "reason": _S, "expected": _S, "sha256": _S,
        "raw": _RAW},
    "refused_annotation": {
        "record_no": _I, "file": _S, "line": _I, "article_id": _S, "position": _I, "reason": _S, "expected": _S},
}  # fmt: skip
"""Every staged table with its columns, in the order in which a sheet's rows give their values."""

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
_HALF = 32


class Sheet:
    """Rows by table, numbered as they come.

    A class because numbers are given out while rows are added.
    """

    def __init__(self, number: int) -> None:
        """An empty sheet; `number` is unique in a load and in the order of the input."""
        self._number = number
        self._first = number << _HALF
        self._records = self._arrivals = 0
        self.rows: dict[str, list[Row]] = {name: [] for name in STAGED}

    def record(
        self, place: Place, date_form: str = "none", unknown_keys: Iterable[str] = (), unmapped: Iterable[str] = ()
    ) -> int:
        """Note a record that was read, with the keys and labels that it has and we have not; its number."""
        number = self._first + self._records
        self._records += 1
        self.rows["record"].append(
            (number, place.file, place.line, place.byte, date_form, list(unknown_keys), list(unmapped)))  # fmt: skip
        return number

    def arrival(self, record_no: int, arrival: Arrival) -> int:
        """Note an article of a record, with the rows that it brings; its number."""
        number = self._first + self._arrivals
        self._arrivals += 1
        self.rows["article"].append((number, record_no, *_article(arrival)))
        for said in arrival.statements:
            self.rows["statement"].append((number, *said))
        self.rows["returned_label"] += [(number, *one) for one in arrival.returned]
        self.mentions(number, arrival.article.annotations)
        return number

    def mentions(self, arrival_no: int, annotations: Iterable[Annotation]) -> None:
        """Note what is said of an article; the same row twice stands once."""
        seen = set()
        for one in annotations:
            table, own = _own(one)
            row = (*own, arrival_no, one.field, one.start, one.end, one.tier, one.rule, one.annotator)
            if (table, row) not in seen:
                seen.add((table, row))
                self.rows[table].append(row)

    def found(self, arrival_no: int, found: Found) -> None:
        """Note what was worked out of an article's text."""
        texts = found.article.headline, found.article.body, found.folded
        self.rows["found"].append((arrival_no, *texts, *msgspec.structs.astuple(found.signature)))

    def page(self, record_no: int, page: Page) -> None:
        """Note the page that a record's articles stood on."""
        self.rows["page"].append((record_no, page.page_id, page.name, page.text))
        self.rows["page_block"] += [
            (record_no, page.page_id, n, b.zone, b.page_start, b.page_end, b.article_id, b.field, b.field_start)
            for n, b in enumerate(page.blocks)
        ]

    def reject(self, record_no: int, reject: Reject, raw: bytes | None = None) -> None:
        """Note that a record was refused; `raw` only where its bytes are asked for."""
        place = reject.place.file, reject.place.line, reject.place.byte
        self.rows["reject"].append(
            (record_no, *place, reject.field, reject.reason, reject.expected, reject.sha256, raw))  # fmt: skip

    def refused(self, record_no: int, refused: RefusedAnnotation) -> None:
        """Note an annotation that was refused while its article stands."""
        place = refused.place.file, refused.place.line
        self.rows["refused_annotation"].append(
            (record_no, *place, refused.article_id, refused.position, refused.reason, refused.expected))  # fmt: skip

    @property
    def files(self) -> set[str]:
        """The names of the files that its records come from."""
        return {row[1] for row in self.rows["record"]}

    def save(self, folder: Path, kind: str = "") -> None:
        """Write each table that has rows to `folder/TABLE-NUMBER.parquet`: aside, then under its name.

        `kind` tells the sheets of one number apart: what was read, and what was found of it later.
        """
        for table, rows in self.rows.items():
            if rows:
                write(folder, table, f"{self._number:010d}{kind}", _table(STAGED[table], rows))


def staged(folder: Path, number: int, wanted: Container[int]) -> list[tuple[int, Article]]:
    """The articles of a sheet that was read, those with a wanted arrival_no, without annotations."""
    rows = parquet.read_table(folder / f"article-{number:010d}.parquet", columns=["arrival_no", *_KEPT]).to_pylist()
    return [(row.pop("arrival_no"), Article(**row)) for row in rows if row["arrival_no"] in wanted]


def rows(path: Path) -> Iterator[Row]:
    """The rows of one staged file, in the order in which a sheet noted them."""
    return zip(*(column.to_pylist() for column in parquet.read_table(path).columns), strict=True)


_KEPT = ("article_id", "page_id", "role", "url", "publisher", "carrier", "language", "published", "published_basis",
         "keywords", "rights", "headline", "body")  # fmt: skip


def write(folder: Path, table: str, number: str, rows: pa.Table) -> None:
    """One Parquet file of a staged table, aside and then under its name, so that a killed process leaves none by half.

    Uncompressed: it is read once and thrown away.
    """
    path = folder / f"{table}-{number}.parquet"
    aside = path.with_suffix(".part")
    parquet.write_table(rows, aside, compression="none", use_dictionary=False, write_statistics=False)
    aside.replace(path)


def empty(name: str) -> pa.Table:
    """A staged table without rows, for its columns."""
    return _table(STAGED[name], [])


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


def _article(arrival: Arrival) -> Row:
    a = arrival.article
    return (
        a.article_id, arrival.content_sha256, arrival.is_sample, a.role, a.page_id, a.url, a.publisher or None,
        a.carrier, a.language, a.published, _day(a.published), _moment(a.published), a.published_basis,
        _moment(a.fetched), a.keywords, a.rights, a.headline, a.body,
    )  # fmt: skip


def _own(mention: Annotation) -> tuple[str, Row]:
    """The table of an annotation and the values of its own columns, as MENTIONS orders them."""
    match mention:
        case EventMention(event_id=event, series_id=series, candidates=candidates, stage=stage):
            return "event_mention", (event, series, tuple(candidates), stage)
        case CountryMention(code=code, candidates=candidates, role=role):
            return "country_mention", (code, tuple(candidates), role)
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
