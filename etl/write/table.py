"""Tables for spreadsheets and data frames: a row an annotation, with the article it stands in and its sentence.

An article without annotations has one row, its layer empty, so that counting ids counts articles.
"""

import csv
import datetime as dt
import io
import itertools
import unicodedata
from collections.abc import Iterable, Iterator
from typing import IO, Any

import msgspec
import pyarrow as pa
from pyarrow import parquet

from etl.labels import label_of
from etl.model import Article
from etl.text import Folded, sentences

_FORMULA = frozenset("=+-@|%\uff1d\uff0b\uff0d\uff20")
_TEXTS = ("article_id", "role", "publisher", "carrier", "url", "language", "published", "published_basis", "headline")
_SPAN = ("layer", "label", "field", "words", "sentence", "tier", "rule", "annotator")
_OWN = ("code", "country_role", "series_id", "event_id", "stage", "theme_id", "a", "b", "direction", "relation",
        "precision", "basis", "weekday_check", "entity_id", "country", "office")  # fmt: skip
_DAYS = ("published_on", "value_from", "value_to", "anchor")
COLUMNS = {
    **dict.fromkeys(_TEXTS, pa.string()), "published_on": pa.date32(), **dict.fromkeys(_SPAN, pa.string()),
    "start": pa.int32(), "end": pa.int32(), **dict.fromkeys(_OWN, pa.string()), "value_from": pa.date32(),
    "value_to": pa.date32(), "anchor": pa.date32(), "weekday": pa.int32(), "candidates": pa.list_(pa.string()),
}  # fmt: skip
"""The columns of both tables in order, with their types in Parquet. Offsets are code points into `field`."""

_GROUP = 5_000


def write_csv(articles: Iterable[Article], file: IO[bytes]) -> None:
    """UTF-8 with BOM, every cell quoted and safe from formulas; a list is joined by spaces."""
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    text.write("\ufeff")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([csv_cell(_written(row.get(name))) for name in COLUMNS] for row in _rows(articles))
    text.detach()


def _written(value: object) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value)


def csv_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula where every cell is quoted; dashboard.safe has the same rule."""
    seen = next((c for c in text if unicodedata.category(c)[0] not in "CZ"), "")
    return "'" + text if seen in _FORMULA or text[:1] in ("\t", "\r", "\n") else text


def write_parquet(articles: Iterable[Article], file: IO[bytes]) -> None:
    """One file in row groups, typed."""
    schema = pa.schema(list(COLUMNS.items()))
    rows = _rows(articles)
    with parquet.ParquetWriter(file, schema) as writer:
        while some := list(itertools.islice(rows, _GROUP)):
            writer.write_table(pa.Table.from_pylist([_typed(row) for row in some], schema))


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: dt.date.fromisoformat(row[name]) for name in _DAYS if row.get(name)}


def _rows(articles: Iterable[Article]) -> Iterator[dict[str, Any]]:
    for article in articles:
        about = {name: getattr(article, name) for name in _TEXTS}
        about["published_on"] = (article.published or "")[:10] or None
        spans = {name: _sentences(getattr(article, name)) for name in ("headline", "body")}
        for row in article.annotations:
            text: str = getattr(article, row.field)
            own = msgspec.to_builtins(row)
            if own["layer"] == "country":
                own["country_role"] = own.pop("role")
            first, last = next((s for s in spans[row.field] if s[0] <= row.start < s[1]), (row.start, row.end))
            said = {"label": label_of(row), "words": row.text, "sentence": text[first : max(last, row.end)]}
            yield own | about | said
        if not article.annotations:
            yield about


def _sentences(text: str | None) -> list[tuple[int, int]]:
    folded = Folded(text or "")
    return [folded.span(start, end) for start, end in sentences(folded.text, folded.letters)]
