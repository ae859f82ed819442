"""`--map`: which column of other people's files is which field, and constants for what the files do not say."""

import re
from typing import Any

import msgspec

from etl import stated
from etl.model import UsageError

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
        super().__init__(f"{field}: {reason}")
        self.field, self.reason, self.expected = field, reason, expected


def parse(text: str) -> Mapping:
    r"""Read `field=column[,…]` and `publisher:=…`, `published:=…`; `\,` `\=` `\\` stand for themselves.

    Raises UsageError for an unknown or repeated field, and for a constant date that is none.
    """
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    for part in _PART.findall(text):
        pair = _PAIR.fullmatch(part)
        if not pair or not pair["value"]:
            raise UsageError(f"--map: expected field=column or publisher:=name, found {part!a}; {_fields()}")
        name, is_constant = pair["field"], pair["is"] == ":="
        if name not in (CONSTANTS if is_constant else FIELDS) or name in columns or name in constants:
            raise UsageError(f"--map: {name!a} cannot be set here, or twice; {_fields()}")
        (constants if is_constant else columns)[name] = re.sub(r"\\(.)", r"\1", pair["value"], flags=re.DOTALL)
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
        found["published"], form = _published(found["published"] or "")
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


def _published(text: str) -> stated.Stated:
    try:
        return stated.parse(text)
    except ValueError as error:
        expected = f"a possible date as {', '.join(stated.FORMS)} (day before month)"
        raise WrongValue("published", "impossible-date", expected) from error
