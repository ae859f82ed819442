"""`--map`: which column of other people's files is which field, and constants for what the files do not say."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from etl import stated
from etl.model import UsageError
from etl.tables import read_tables

FIELDS = ("article_id", "headline", "body", "published", "publisher", "carrier", "url", "language", "keywords")
CONSTANTS = ("publisher", "published")
_PART = re.compile(r"(?:\\.|[^\\,])+", re.DOTALL)
_PAIR = re.compile(r"(?P<field>\w+)(?P<is>:?=)(?P<value>.*)", re.DOTALL)


class Mapping(msgspec.Struct, kw_only=True, frozen=True):
    """Columns by field, and constants by field; `published` among the constants is an ISO date or RFC 3339 time."""

    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    date_form: str = "none"
    """How the constant `published` was written."""


class WrongValue(ValueError):  # noqa: N818 -- it names a value, in the words of the rejects file
    """A mapped value that no field can hold: names field, reason code and what was expected."""

    def __init__(self, field: str, reason: str, expected: str) -> None:
        """Keep the three apart for the reject."""
        super().__init__(field, reason, expected)
        self.field, self.reason, self.expected = field, reason, expected

    def __str__(self) -> str:
        """Field and reason."""
        return f"{self.field}: {self.reason}"


def parse(text: str) -> Mapping:
    r"""Read `field=column[,…]` and `publisher:=…`, `published:=…`; `\,` `\=` `\\` stand for themselves.

    Raises UsageError for an unknown or repeated field, and for a constant date that is none.
    """
    return mapped(pairs(text))


class Pair(NamedTuple):
    """A field, whether it is given a constant, and its column or constant."""

    field: str
    is_constant: bool
    value: str


def pairs(text: str) -> list[Pair]:
    """The pairs of the command line's form. Raises UsageError."""
    found = []
    for part in _PART.findall(text):
        pair = _PAIR.fullmatch(part)
        if not pair or not pair["value"]:
            raise UsageError(f"--map: expected field=column or publisher:=name, found {part!a}; {_fields()}")
        value = re.sub(r"\\(.)", r"\1", pair["value"], flags=re.DOTALL)
        found.append(Pair(pair["field"], pair["is"] == ":=", value))
    return found


def in_file(path: Path) -> tuple[list[Pair], dict[str, Any]]:
    """The pairs of a TOML file with tables `columns` and `constants`, and what else it holds: a table of labels.

    Raises UsageError that names file, table and key.
    """
    found = read_tables(path, "--map")
    tables = {name: found.pop(name, {}) for name in ("columns", "constants")}
    for name, table in tables.items():
        wrong = [table] if not isinstance(table, dict) else [v for v in table.values() if not _is_name(v)]
        if wrong:
            raise UsageError(f'--map: {path}: {name}: expected field = "text", found {str(wrong[0])!a:.80}')
    return [
        Pair(field, name == "constants", value) for name, table in tables.items() for field, value in table.items()
    ], found


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def mapped(found: Iterable[Pair]) -> Mapping:
    """The mapping of the pairs; raises UsageError for an unknown or repeated field, or a constant that is no date."""
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    for name, is_constant, value in found:
        if name not in (CONSTANTS if is_constant else FIELDS) or name in columns or name in constants:
            raise UsageError(f"--map: {name!a} cannot be set here, or twice; {_fields()}")
        (constants if is_constant else columns)[name] = value
    constant = _constant_date(constants)
    return Mapping(columns=columns, constants=constants | constant[0], date_form=constant[1])


def _fields() -> str:
    return f"fields: {' '.join(FIELDS)}; constants: {' '.join(CONSTANTS)}"


def _constant_date(constants: dict[str, str]) -> tuple[dict[str, str], str]:
    try:
        value, form = stated.parse(constants.get("published", ""))
    except ValueError as error:
        raise UsageError("--map: published:= expects a date such as 2024-10-03 or 03/10/2024") from error
    return ({"published": value} if value else {}), form


def apply(mapping: Mapping, row: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The fields of rasd-article/1 that a row of columns gives, and the form of its date.

    Columns win over nothing, constants fill what no column maps. Raises WrongValue.
    """
    found: dict[str, Any] = {}
    for field, column in mapping.columns.items():
        value = row.get(column)
        found[field] = _keywords(value) if field == "keywords" else _text(field, value)
    form = mapping.date_form
    if "published" in mapping.columns:
        found["published"], form = published(found["published"] or "")
    found |= mapping.constants
    found["published_basis"] = "metadata" if found.get("published") else "unknown"
    return {field: value for field, value in found.items() if value is not None}, form


def _text(field: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise WrongValue(field, "wrong-type", "a text, a number or null in the mapped column")


def _keywords(value: object) -> list[str]:
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return value
    text = _text("keywords", value)
    return [text] if text else []


def published(text: str) -> stated.Stated:
    """The date and its form; raises WrongValue `impossible-date`."""
    try:
        return stated.parse(text)
    except ValueError as error:
        expected = f"a possible date as {', '.join(stated.FORMS)} (day before month)"
        raise WrongValue("published", "impossible-date", expected) from error
