"""What an analyst asks for, and its address. Filters mean the same on every page; the address holds all of them.

`parse` never fails: what an address says wrongly is left out, so that no link can break a page. `query` gives the
shortest address that parses to the same filters.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal, get_args

from dashboard.words import LOCALES

Unit = Literal["stories", "articles"]
Grain = Literal["day", "week", "month"]
Tier = Literal["strong", "medium", "weak"]
TimeDirection = Literal["ltr", "rtl"]

_ID = re.compile(r"[A-Za-z0-9._?-]{1,80}")
_MOST_VALUES = 60
_MOST_TEXT = 300
_YEARS = range(1970, 2100)
"""Years in which a period may begin or end; a chart has a bar for each of its days."""


@dataclass(frozen=True)
class Filters:
    """One question to the store; hashable, so that answers can be kept by it.

    `events` holds event ids, and `<series>?` for mentions whose edition is open. `tier` is the weakest evidence that
    counts, in all layers. `since` and `until` include their days; an undated article is in no period. `headlines`
    counts bare headlines too, `cohost` hosting together too. `time` is the direction of time axes.
    """

    events: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    pair: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    grain: Grain = "week"
    tier: Tier = "strong"
    unit: Unit = "stories"
    search: str = ""
    headlines: bool = False
    cohost: bool = False
    locale: str = "ar-MA"
    time: TimeDirection = "ltr"

    @property
    def narrows(self) -> tuple[str, ...]:
        """Names of the filters that leave something out, in the order of the bar."""
        narrowing = ("events", "countries", "pair", "themes", "publishers", "since", "until", "search")
        return tuple(name for name in narrowing if getattr(self, name))


_DEFAULT = Filters()
_CHOICES: dict[str, tuple[str, ...]] = {
    "grain": get_args(Grain), "tier": get_args(Tier), "unit": get_args(Unit), "time": get_args(TimeDirection),
}  # fmt: skip
NAMES = tuple(field.name for field in fields(Filters))


def parse(address: Mapping[str, str]) -> Filters:
    """The filters that an address states; anything unknown, malformed or absurd is left out."""
    values: dict[str, object] = {}
    for name in NAMES:
        raw = address.get(name)
        if raw is not None:
            value = _value(name, raw)
            if value is not None:
                values[name] = value
    return _ordered(replace(_DEFAULT, **values))


def refused(address: Mapping[str, str]) -> list[str]:
    """Names of filters whose value in an address says nothing: for those who would rather be told than shown all."""
    return [name for name in NAMES if address.get(name) and not _says(name, address[name])]


def _says(name: str, raw: str) -> bool:
    value = _value(name, raw)
    return bool(value) or (value is False and raw == "0")


def query(filters: Filters) -> dict[str, str]:
    """The address of filters: only what differs from the default, in a fixed order."""
    return {
        name: _text(name, getattr(filters, name)) for name in NAMES if getattr(filters, name) != getattr(_DEFAULT, name)
    }


def without(filters: Filters, name: str) -> Filters:
    """The filters with one of them loosened."""
    return replace(filters, **{name: getattr(_DEFAULT, name)})


def _value(name: str, raw: str) -> object | None:
    if name in _CHOICES:
        return raw if raw in _CHOICES[name] else None
    if name in {"since", "until"}:
        return _day(raw)
    if name in {"headlines", "cohost"}:
        return raw == "1"
    if name == "search":
        return raw[:_MOST_TEXT].strip()
    if name == "locale":
        return raw if raw in LOCALES else None
    if name == "publishers":
        return tuple(dict.fromkeys(p for p in raw.split("|") if p))[:_MOST_VALUES]
    return tuple(dict.fromkeys(v for v in raw.split(",") if _ID.fullmatch(v)))[:_MOST_VALUES]


def _day(raw: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(raw) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw, re.ASCII) else None
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None


def _ordered(filters: Filters) -> Filters:
    """A pair has two codes in the order of letters; a period does not end before it begins."""
    pair = tuple(sorted(filters.pair))
    if len(pair) != 2 or pair[0] == pair[1]:
        pair = ()
    since, until = filters.since, filters.until
    if since and until and since > until:
        since, until = until, since
    return replace(filters, pair=pair, since=since, until=until)


def _text(name: str, value: object) -> str:
    if isinstance(value, tuple):
        return ("|" if name == "publishers" else ",").join(str(v) for v in value)
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
