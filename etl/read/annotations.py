"""One annotation of strangers → ours, or a WrongValue: types, closed ids, and words that stand where it says."""

from datetime import date
from typing import Any

import msgspec

from etl.mapping import WrongValue
from etl.model import (
    Annotation,
    Article,
    CountryMention,
    DateExpression,
    EventMention,
    OrganisationMention,
    PairMention,
    PersonMention,
    ThemeMention,
)
from etl.read.nfc import Offsets
from etl.registry import Registry

_LONGEST_NAME = 200
_LAYERS = "event, country, pair, theme, date, person or organisation"
_WEEK = range(1, 8)


def checked(raw: object, article: Article, moved: dict[str, Offsets], registry: Registry) -> Annotation:
    """The annotation, its offsets moved to the NFC text; raises WrongValue."""
    found = _typed(raw)
    _place(found, article, moved)
    for name in ("rule", "annotator"):
        value = getattr(found, name)
        if not value or len(value) > _LONGEST_NAME or not value.isprintable():
            raise WrongValue(name, "wrong-value", "a short printable name")
    _known(found, registry)
    if isinstance(found, DateExpression):
        _possible(found)
    return found


class _Typed(msgspec.Struct):
    """What msgspec knows of a struct it keeps; of a union it would find it out again for every annotation."""

    one: Annotation


def _typed(raw: object) -> Annotation:
    if not isinstance(raw, dict):
        raise WrongValue("annotations", "wrong-type", "a list of objects")
    try:
        return msgspec.convert({"one": raw}, _Typed, strict=True).one
    except msgspec.ValidationError as error:
        if "layer" in str(error):
            raise WrongValue("layer", "wrong-value", _LAYERS) from error
        field = str(error).rpartition("$.one.")[2].rstrip("`") if "$.one." in str(error) else ""
        raise WrongValue(_plain(field), "wrong-type", "the keys of its layer, as docs/format.md lists them") from error


def _plain(field: str) -> str:
    return field if field.isascii() and field.isidentifier() else ""


def _place(found: Annotation, article: Article, moved: dict[str, Offsets]) -> None:
    """`field[start:end] == text` in the text as given; then both move to the text as stored."""
    change = moved.get(found.field)
    stored: str = getattr(article, found.field) or ""
    given = change.original if change else stored
    if not 0 <= found.start < found.end <= len(given):
        raise WrongValue("start", "offset-out-of-range", f"0 <= start < end <= {len(given)}, in code points")
    if given[found.start : found.end] != found.text:
        raise WrongValue("text", "text-differs", "field[start:end] == text, in code points")
    if change:
        found.start, found.end = change.start(found.start), change.end(found.end)
        found.text = stored[found.start : found.end]


def _known(found: Annotation, registry: Registry) -> None:
    match found:
        case ThemeMention(theme_id=theme):
            _one_of("theme_id", [theme], registry.themes)
        case CountryMention(code=code, candidates=candidates):
            _one_of("code", [code], registry.countries)
            _one_of("candidates", candidates, registry.countries)
        case PairMention(a=a, b=b):
            _one_of("a", [a], registry.countries)
            _one_of("b", [b], registry.countries)
            if a >= b:
                raise WrongValue("a", "pair-order", "a before b by letters, two countries")
        case EventMention():
            _event(found, registry)
        case PersonMention(country=country) | OrganisationMention(country=country):
            _one_of("country", [country], registry.countries)


def _event(found: EventMention, registry: Registry) -> None:
    _one_of("series_id", [found.series_id], registry.series)
    _one_of("event_id", [found.event_id], registry.events)
    _one_of("candidates", found.candidates, registry.events)
    if found.event_id and registry.events[found.event_id].series != found.series_id:
        raise WrongValue("event_id", "other-series", "an event of that series")


def _one_of(field: str, ids: list[Any], known: dict[str, Any]) -> None:
    for one in ids:
        if one is not None and one not in known:
            raise WrongValue(field, "unknown-id", "an id of data/registry")


def _possible(found: DateExpression) -> None:
    for field in ("value_from", "value_to", "anchor"):
        _iso(field, getattr(found, field))
    ends = found.value_from or "", found.value_to or ""
    if any(ends) and not all(ends):
        raise WrongValue("value_from", "half-open", "both values, or none")
    if ends[0] > ends[1]:
        raise WrongValue("value_to", "wrong-order", "value_from not after value_to")
    if found.weekday is not None and found.weekday not in _WEEK:
        raise WrongValue("weekday", "wrong-value", "an ISO weekday, 1 to 7, or null")
    if found.weekday_check == "conflict" and any(ends):
        raise WrongValue("value_from", "conflict-with-value", "no values on conflict")


def _iso(field: str, value: str | None) -> None:
    try:
        is_day = value is None or date.fromisoformat(value).isoformat() == value
    except ValueError:
        is_day = False
    if not is_day:
        raise WrongValue(field, "impossible-date", "a date such as 2024-10-02, or null")
