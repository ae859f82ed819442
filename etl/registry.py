"""The names of things in the world, read from data/registry/*.toml and held as typed entries.

A bad entry stops the reading with its file, id and key: a registry that is half right gives numbers that are
half right. Folding, matching and resolving are the annotator's business; here a name is just as it is written.
"""

import functools
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from etl.model import RasdError

FILES = ("countries.toml", "events.toml", "themes.toml", "people.toml")
LEARNED = "learned.json"
"""What the signs of a dealing weigh (etl.annotate.learned); made by a program, and part of the registry's digest."""

_ISO_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_CODE = re.compile(r"[A-Z]{2}|X-[A-Z]{2,4}")
T = TypeVar("T")
_ID = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


class RegistryError(RasdError):
    """An entry of the registry cannot be used; the message names file, entry and key."""


class _Entry(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """What every kind of entry shares: unknown keys are refused, so that a typing error is seen."""


class Country(_Entry, frozen=True):
    """A country or bloc. `official_demonyms` count only after a word of office; `capitals` are weaker evidence."""

    name: str
    names: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    official_demonyms: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    code: str = ""
    is_bloc: bool = False


class Ambiguous(_Entry, frozen=True):
    """A name of several countries; words in `hints` decide, else `default`, else it stays open."""

    name: str
    candidates: tuple[str, ...]
    default: str = ""
    kind: str = "name"
    hints: dict[str, tuple[str, ...]] = {}


class Conditional(_Entry, frozen=True):
    """A name that is a country only beside, or never beside, certain words."""

    name: str
    code: str
    kind: str = "name"
    needs_before: tuple[str, ...] = ()
    needs_after: tuple[str, ...] = ()
    needs_article: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_article: tuple[str, ...] = ()


class Blocker(_Entry, frozen=True):
    """Phrases in which a country-like word is none; with `needs_article` only where the article says one of these."""

    reason: str
    phrases: tuple[str, ...]
    needs_article: tuple[str, ...] = ()


class Variant(_Entry, frozen=True):
    """Words near a series' name that make it another series."""

    series: str
    words: tuple[str, ...]


class Series(_Entry, frozen=True):
    """A competition or recurring meeting. `short_names` count only beside a year, a host or a city."""

    name: str
    kind: str
    sport: str = ""
    names: tuple[str, ...] = ()
    short_names: tuple[str, ...] = ()
    dual_plural: tuple[str, ...] = ()
    elided: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    not_names: tuple[str, ...] = ()
    id: str = ""


class Fact(_Entry, frozen=True):
    """One fact of an edition with its history; `value` is a date (or month, or year), a code, or a list of codes."""

    key: str
    value: str | tuple[str, ...]
    known_from: str | None = None
    superseded_on: str | None = None
    sureness: str = "high"
    sources: tuple[str, ...] = ()
    note: str | None = None

    def holds(self, on: str | None) -> bool:
        """Is it in force: today (None), or as known on an ISO day."""
        if on is None:
            return not self.superseded_on
        return (self.known_from or "") <= on and (self.superseded_on is None or on < self.superseded_on)


class Event(_Entry, frozen=True):
    """A tracked event: one edition of a series. `label_year` is what the press prints, not the year of play."""

    id: str
    series: str
    name: str
    label_year: int
    also_years: tuple[int, ...] = ()
    ordinal: int | None = None
    cities: tuple[str, ...] = ()
    fact: tuple[Fact, ...] = ()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All facts, superseded ones too, in the order of the file."""
        return self.fact

    def value(self, key: str, on: str | None = None) -> str | tuple[str, ...] | None:
        """The fact in force for a key, today or as it was known on an ISO day; None where there was none."""
        found = [fact.value for fact in self.fact if fact.key == key and fact.holds(on)]
        return found[-1] if found else None


class Theme(_Entry, frozen=True):
    """A theme: one `strong` term shows it, or two different `weak` ones; `not` phrases hide terms."""

    name: str
    gloss: str = ""
    medtop: str = ""
    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    hides: tuple[str, ...] = msgspec.field(default=(), name="not")
    id: str = ""


class Actor(_Entry, frozen=True):
    """A person or organisation and the country it acts for ("" international)."""

    name: str
    names: tuple[str, ...] = ()
    country: str = ""
    office: str = ""
    kind: str = ""
    since: str = msgspec.field(default="", name="from")
    until: str = ""
    source: str = ""
    id: str = ""


class Registry(msgspec.Struct, kw_only=True, frozen=True):
    """Everything registered, by id, with the digest of the files (order of files does not matter)."""

    sha256: str
    countries: dict[str, Country]
    ambiguous: tuple[Ambiguous, ...]
    conditional: tuple[Conditional, ...]
    blockers: tuple[Blocker, ...]
    series: dict[str, Series]
    events: dict[str, Event]
    not_events: tuple[str, ...]
    themes: dict[str, Theme]
    persons: dict[str, Actor]
    organisations: dict[str, Actor]


def folder() -> Path:
    """Where the registry lies: the project's data/registry, or the copy inside the installed package."""
    here = Path(__file__).resolve().parent
    project = here.parent / "data" / "registry"
    return project if project.is_dir() else here / "data" / "registry"


def load(path: Path | None = None) -> Registry:
    """Read and check the registry in `path` (default: `folder()`), once per folder and process.

    Raises RegistryError naming file, entry and key.
    """
    return _load(path or folder())


@functools.cache
def _load(path: Path) -> Registry:
    raw = {name: _bytes(path / name) for name in FILES}
    tables = {name: _toml(path / name, text) for name, text in raw.items()}
    countries, events, themes, people = (tables[name] for name in FILES)
    registry = Registry(
        sha256=hashlib.sha256(b"\0".join([*raw.values(), _bytes(path / LEARNED)])).hexdigest(),
        countries=_countries(countries),
        ambiguous=_list(countries, "countries.toml", "ambiguous", Ambiguous),
        conditional=_list(countries, "countries.toml", "conditional", Conditional),
        blockers=_list(countries, "countries.toml", "blocker", Blocker),
        series=_table(events, "events.toml", "series", Series, "id"),
        events={event.id: event for event in _list(events, "events.toml", "event", Event)},
        not_events=tuple(p for entry in events.get("not_event", []) for p in entry.get("phrases", [])),
        themes=_table(themes, "themes.toml", "theme", Theme, "id"),
        persons=_table(people, "people.toml", "person", Actor, "id"),
        organisations=_table(people, "people.toml", "organisation", Actor, "id"),
    )
    _check(registry, events)
    return registry


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        msg = f"{path.name}: the registry file cannot be read ({error.strerror}); restore data/registry"
        raise RegistryError(msg) from error


def _toml(path: Path, text: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"{path.name}: not valid TOML: {error}"
        raise RegistryError(msg) from error


def _entry(file: str, ident: str, raw: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(raw, kind, strict=True)
    except msgspec.ValidationError as error:
        msg = f"{file}: {ident}: {error}"
        raise RegistryError(msg) from error


def _list(table: dict[str, Any], file: str, key: str, kind: type[T]) -> tuple[T, ...]:
    entries = table.get(key, [])
    return tuple(
        _entry(file, str(raw.get("id") or raw.get("name") or f"{key} {n}"), raw, kind)
        for n, raw in enumerate(entries, 1)
    )


def _table(table: dict[str, Any], file: str, key: str, kind: type[T], ident: str) -> dict[str, T]:
    return {name: _entry(file, f"{key}.{name}", {**raw, ident: name}, kind) for name, raw in table.get(key, {}).items()}


def _countries(table: dict[str, Any]) -> dict[str, Country]:
    both = _table(table, "countries.toml", "country", Country, "code")
    for code, raw in table.get("bloc", {}).items():
        both[code] = _entry("countries.toml", f"bloc.{code}", {**raw, "code": code, "is_bloc": True}, Country)
    return both


def _check(registry: Registry, events: dict[str, Any]) -> None:
    """What types cannot say: ids are well formed and unique, references meet, dates are dates."""
    seen: set[str] = set()
    for raw in events.get("event", []):
        _demand(raw["id"] not in seen, "events.toml", raw["id"], "id", "an id of its own")
        seen.add(raw["id"])
    for code in registry.countries:
        _demand(bool(_CODE.fullmatch(code)), "countries.toml", code, "code", "ISO alpha-2, EU, UN or X-…")
    for ident in (*registry.series, *registry.events, *registry.themes):
        _demand(bool(_ID.fullmatch(ident)), "registry", ident, "id", "lower-case letters, digits, - and _")
    for series in registry.series.values():
        for variant in series.variants:
            _demand(variant.series in registry.series, "events.toml", series.id, "variants", "a registered series")
    for event in registry.events.values():
        _check_event(event, registry)
    for actor in (*registry.persons.values(), *registry.organisations.values()):
        known = not actor.country or actor.country in registry.countries
        _demand(known, "people.toml", actor.id, "country", "a registered code or an empty string")


def _check_event(event: Event, registry: Registry) -> None:
    _demand(event.series in registry.series, "events.toml", event.id, "series", "a registered series")
    for fact in event.fact:
        if fact.key in {"start", "end"}:
            good = isinstance(fact.value, str) and bool(_ISO_DAY.fullmatch(fact.value))
            _demand(good, "events.toml", event.id, fact.key, "a date such as 2025-12-21, a month or a year")
        if fact.key in {"host", "part_host"}:
            codes = fact.value if isinstance(fact.value, tuple) else (fact.value,)
            _demand(all(c in registry.countries for c in codes), "events.toml", event.id, fact.key, "registered codes")


def _demand(condition: bool, file: str, ident: str, key: str, expected: str) -> None:  # noqa: FBT001 -- read as an assertion
    if not condition:
        msg = f"{file}: {ident}: {key}: expected {expected}"
        raise RegistryError(msg)
