"""What the labels of annotation tools mean: our own names for annotations, and a small table for everybody else's.

Our own need no table: `country:MA:actor`, `event:afcon-2025`, `event:afcon?` while the edition is open,
`theme:migration`, `person:hammouchi`, `organisation:?:MA`, `date:2024-10-02..2024-10-03`, `pair:ES-MA:visit:a>b`; `?`
stands for what is not known. docs/inputs.md describes the table.
"""

import datetime as dt
import re
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from etl.model import (
    Annotation,
    CountryMention,
    CountryRole,
    DateExpression,
    Direction,
    EventMention,
    OrganisationMention,
    PairMention,
    PersonMention,
    Precision,
    Relation,
    Stage,
    ThemeMention,
    UsageError,
)
from etl.tables import read_tables

Keys = dict[str, Any]
"""The own keys of an annotation, `layer` among them; what is missing is found in the marked words by the registry."""

_SPAN = {"field": "body", "start": 0, "end": 1, "text": "x", "tier": "strong", "rule": "label", "annotator": "x"}
_CODE = r"(?:X-[A-Z]{2,4}|[A-Z]{2})"
_ONE_OF = "|".join
_OURS = {
    "country": re.compile(rf"country:(?P<code>{_CODE}|\?)(?::(?P<role>{_ONE_OF(get_args(CountryRole))}))?"),
    "event": re.compile(rf"event:(?P<id>[a-z0-9_-]+)(?P<open>\?)?(?::(?P<stage>{_ONE_OF(get_args(Stage))}))?"),
    "theme": re.compile(r"theme:(?P<theme_id>[a-z0-9_-]+)"),
    "pair": re.compile(
        rf"pair:(?P<a>{_CODE})-(?P<b>{_CODE}):(?P<relation>{_ONE_OF(get_args(Relation))})"
        rf":(?P<direction>{_ONE_OF(get_args(Direction))})"
    ),
    "date": re.compile(r"date:(?:\?|(?P<first>\d{4}-\d\d-\d\d)(?:\.\.(?P<last>\d{4}-\d\d-\d\d))?)"),
    "person": re.compile(rf"person:(?P<entity_id>[a-z0-9_-]+|\?)(?::(?P<country>{_CODE}))?"),
    "organisation": re.compile(rf"organisation:(?P<entity_id>[a-z0-9_-]+|\?)(?::(?P<country>{_CODE}))?"),
}
_TIE = re.compile(rf"pair:(?P<relation>{_ONE_OF(get_args(Relation))})(?::(?P<direction>forward|backward|both|none))?")
_FOUND_IN_WORDS: dict[str, Keys] = {
    "country": {"code": None, "role": "mention"},
    "event": {"series_id": ""},
    "theme": {"theme_id": ""},
    "date": {
        "value_from": None,
        "value_to": None,
        "precision": "day",
        "basis": "absolute",
        "anchor": None,
        "weekday": None,
        "weekday_check": "none",
    },
}
"""Keys that a table may leave out, because the marked words say them, with values of their types."""


class Labels(msgspec.Struct, kw_only=True, frozen=True):
    """The table: who labelled where the export does not say; what labels and relations of others mean; what to ignore.

    A relation's `direction` is `forward` (the source acts upon the target), `backward`, `both` or `none`.
    """

    annotator: str | None = None
    meanings: dict[str, Keys] = {}
    relations: dict[str, Keys] = {}
    ignored: frozenset[str] = frozenset()


class _Relation(msgspec.Struct, forbid_unknown_fields=True):
    layer: Literal["pair"]
    relation: Relation
    direction: Literal["forward", "backward", "both", "none"] = "forward"


class _Ignore(msgspec.Struct, forbid_unknown_fields=True):
    labels: list[str] = []


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    annotator: str | None = None
    label: dict[str, dict[str, Any]] = {}
    relation: dict[str, _Relation] = {}
    ignore: _Ignore = msgspec.field(default_factory=_Ignore)


def read_labels(path: Path) -> Labels:
    """The table in a TOML file. Raises UsageError that names file, table, key and what was expected."""
    found = read_tables(path, "--labels")
    return of_tables(found, f"--labels: {path}")


def of_tables(found: dict[str, Any], where: str) -> Labels:
    """The table out of decoded TOML; `where` begins every message. Raises UsageError."""
    try:
        table = msgspec.convert(found, _Table, strict=True)
    except msgspec.ValidationError as error:
        raise UsageError(f"{where}: {error}; expected the tables that docs/inputs.md shows") from error
    name = table.annotator
    if name is not None and (not name or len(name) > 200 or not name.isprintable()):
        raise UsageError(f"{where}: annotator: expected a short printable name such as analyst:desk")
    for label, own in table.label.items():
        _check(own, f"{where}: label.{label!a}")
    return Labels(
        annotator=name,
        meanings=table.label,
        relations={label: msgspec.to_builtins(one) for label, one in table.relation.items()},
        ignored=frozenset(table.ignore.labels),
    )


def _check(own: Keys, where: str) -> None:
    """Are these keys of their layer, with values of its types; ids meet the registry when a text is read."""
    if own.get("layer") not in _OURS:
        raise UsageError(f"{where}: layer: expected one of {' '.join(_OURS)}")
    kind = _KINDS[own["layer"]]
    known = [key for key in kind.__struct_fields__ if key not in _SPAN]
    unknown = [key for key in own if key not in known and key != "layer"]
    if unknown:
        raise UsageError(f"{where}: {unknown[0]!a}: expected one of layer {' '.join(known)}")
    try:
        msgspec.convert(_SPAN | _FOUND_IN_WORDS.get(own["layer"], {}) | own, kind, strict=True)
    except msgspec.ValidationError as error:
        raise UsageError(f"{where}: {error}; docs/format.md lists the keys of a layer") from error


_KINDS: dict[str, type[Annotation]] = {
    "country": CountryMention,
    "event": EventMention,
    "theme": ThemeMention,
    "pair": PairMention,
    "date": DateExpression,
    "person": PersonMention,
    "organisation": OrganisationMention,
}


def label_of(annotation: Annotation) -> str:
    """Our label for an annotation: what it says in one word; not who says it, nor how sure, nor its candidates."""
    match annotation:
        case CountryMention(code=code, role=role):
            return f"country:{code or '?'}:{role}"
        case EventMention(series_id=series, event_id=event, stage=stage):
            return f"event:{event or series + '?'}" + (f":{stage}" if stage else "")
        case ThemeMention(theme_id=theme):
            return f"theme:{theme}"
        case PairMention(a=a, b=b, relation=relation, direction=direction):
            return f"pair:{a}-{b}:{relation}:{direction}"
        case DateExpression(value_from=first, value_to=last):
            return f"date:{first or '?'}" + (f"..{last}" if last != first else "")
        case PersonMention(entity_id=entity, country=country):
            return _actor("person", entity, country)
        case OrganisationMention(entity_id=entity, country=country):
            return _actor("organisation", entity, country)


def _actor(layer: str, entity: str | None, country: str | None) -> str:
    return f"{layer}:{entity or '?'}" + (f":{country}" if country else "")


def meaning(label: str) -> Keys | None:
    """The keys that one of our own labels states, None for a label of others. Ids are not looked up here.

    An event's label gives `event_id` without its series, or `series_id` alone while the edition is open.
    """
    layer = label.partition(":")[0]
    found = _OURS[layer].fullmatch(label) if layer in _OURS else None
    if found is None:
        return None
    said = {key: value for key, value in found.groupdict().items() if value is not None}
    if layer == "event":
        return {"layer": layer, "series_id" if said.pop("open", "") else "event_id": said.pop("id"), **said}
    if layer == "date":
        return {"layer": layer, **_days(said.get("first"), said.get("last"))}
    unknown = {key: None for key in ("code", "entity_id") if said.get(key) == "?"}
    return {"layer": layer, **said, **unknown}


def tie_meaning(label: str) -> Keys | None:
    """The keys that one of our own labels of a relation states: `pair:visit`, `pair:visit:both`; None for another's."""
    found = _TIE.fullmatch(label)
    if found is None:
        return None
    return {"layer": "pair", "relation": found["relation"], "direction": found["direction"] or "forward"}


def _days(first: str | None, last: str | None) -> Keys:
    last = last or first
    return _FOUND_IN_WORDS["date"] | {"value_from": first, "value_to": last, "precision": _precision(first, last)}


def _precision(first: str | None, last: str | None) -> Precision:
    """A whole week, month, quarter of a year or year; a day where it is none of them, or no date at all."""
    try:
        start, end = dt.date.fromisoformat(first or ""), dt.date.fromisoformat(last or "")
        after = end + dt.timedelta(days=1)
    except (ValueError, OverflowError):
        return "day"
    if (end - start).days == 6:
        return "week"
    months = (after.year - start.year) * 12 + after.month - start.month
    is_whole = start.day == after.day == 1
    by_months: dict[int, Precision] = {1: "month", 3: "season", 12: "year"}
    return by_months.get(months, "day") if is_whole else "day"
