"""How a story is told: a text or a page in, its rows in words that an analyst reads.

A country is its code (`JO|OM` while open), an event its edition (`afcon ?` while open), a pair `GB>MA visit strong`
(`>` and `<` the side that acts, `=` both, `-` neither), a date its day or month (`?` while open).
"""

import datetime as dt
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from etl import mapping, pipeline, registry
from etl.annotate import annotate
from etl.model import Annotation, Article, CountryMention, DateExpression, EventMention, PairMention, ThemeMention

SHARED = Path(__file__).resolve().parents[3] / "shared"
SEED = SHARED / "seed" / "page.txt"
NO_SEED = f"the seed page is not here: {SEED}"
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
T = TypeVar("T")
_ARROWS = {"a>b": ">", "b>a": "<", "both": "=", "none": "-"}


def rows_of(text: str, published: str | None = None) -> list[Annotation]:
    """The rows of a body, published on a day or on no day that anybody stated."""
    return annotate(Article(body=text, published=published), registry.load())


class Told(NamedTuple):
    """An article in words: each layer as a set, so that a story says what there is and what there is not."""

    article: Article

    def of(self, kind: type[T]) -> list[T]:
        """The rows of one layer."""
        return [row for row in self.article.annotations if isinstance(row, kind)]

    @property
    def events(self) -> set[str]:
        """The editions, `series ?` while open."""
        return events(self.article.annotations)

    @property
    def countries(self) -> set[str]:
        """The codes, all roles."""
        return countries(self.article.annotations)

    @property
    def pairs(self) -> set[str]:
        """The pairs with direction, relation and tier."""
        return pairs(self.article.annotations)

    @property
    def pair_codes(self) -> set[str]:
        """The pairs without anything said of them, at any tier."""
        return {f"{row.a} {row.b}" for row in self.article.annotations if isinstance(row, PairMention)}

    @property
    def themes(self) -> set[str]:
        """The themes."""
        return themes(self.article.annotations)

    @property
    def dates(self) -> list[str]:
        """The dates in reading order."""
        return dates(self.article.annotations)


def read_page(text: str | bytes, folder: Path, columns: str = "") -> list[Told]:
    """The articles of a page as `rasd annotate` writes them, main first, then in page order."""
    page, out = folder / "page.txt", folder / "out.jsonl"
    page.write_bytes(text if isinstance(text, bytes) else text.encode())
    pipeline.annotate_files([page], out, mapping.parse(columns) if columns else None)
    return [Told(msgspec.json.decode(line, type=Article)) for line in out.read_bytes().splitlines()]


def countries(rows: list[Annotation], *, with_role: bool = False) -> set[str]:
    """Codes, with `:role` if asked for; an open name as its candidates."""
    found = [row for row in rows if isinstance(row, CountryMention)]
    return {(row.code or "|".join(sorted(row.candidates))) + (f":{row.role}" if with_role else "") for row in found}


def events(rows: list[Annotation]) -> set[str]:
    """Editions, or `series ?`; `+` after it for qualifiers."""
    found = [row for row in rows if isinstance(row, EventMention)]
    return {(row.event_id or f"{row.series_id} ?") + ("+" if row.stage == "qualifiers" else "") for row in found}


def pairs(rows: list[Annotation]) -> set[str]:
    """`GB>MA visit strong`."""
    found = [row for row in rows if isinstance(row, PairMention)]
    return {f"{row.a}{_ARROWS[row.direction]}{row.b} {row.relation} {row.tier}" for row in found}


def themes(rows: list[Annotation]) -> set[str]:
    """Theme ids."""
    return {row.theme_id for row in rows if isinstance(row, ThemeMention)}


def dates(rows: list[Annotation]) -> list[str]:
    """`2025-10-24`, `2025-10` for a month, `a..b` for a run of days, `?` while open; then what the weekday says."""
    return [_date(row) for row in rows if isinstance(row, DateExpression)]


def _date(row: DateExpression) -> str:
    check = "" if row.weekday_check == "none" else f" {row.weekday_check}"
    if row.value_from is None or row.value_to is None:
        return f"?{check}"
    first = dt.date.fromisoformat(row.value_from)
    if row.precision == "month":
        return f"{first:%Y-%m}{check}"
    return (row.value_from if row.value_from == row.value_to else f"{row.value_from}..{row.value_to}") + check
