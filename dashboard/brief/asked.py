"""Which briefing is meant, and its address: week, filters, snapshot and notes; the same address gives the same page."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from dashboard import filters, queries, words
from dashboard.brief import weeks
from dashboard.filters import Filters
from dashboard.room import Room
from etl import store

_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_DIGEST = re.compile(r"[0-9a-f]{16}", re.ASCII)
NAMES = ("week", "snapshot", "notes", "code")


@dataclass(frozen=True)
class Asked:
    """A whole address. The week decides the days, so the filters' own period and grain do not speak.

    `notes` is the digest of an analyst's words, empty where there are none.
    """

    week: str
    filters: Filters
    snapshot: str
    notes: str = ""


def parse(address: Mapping[str, str], source: queries.Source) -> Asked:
    """The briefing of an address; what it does not say, or says wrongly, is completed from the store.

    The week: that of the last publication. The snapshot: the one given. The notes: the newest of this week and these
    filters. Raises the store's errors.
    """
    chosen = replace(filters.parse(address), since=None, until=None, grain="week")
    first_weekday = words.load(chosen.locale).first_weekday()
    week = address.get("week", "")
    if weeks.first_day(week, first_weekday) is None:
        week = last_week(source, first_weekday)
    asked = Asked(week, chosen, source.snapshot_id)
    notes = address.get("notes")
    if notes is None:
        notes = store.newest_notes(source.folder, subject(asked))
    return replace(asked, notes=notes if _DIGEST.fullmatch(notes) else "")


def last_week(source: queries.Source, first_weekday: int) -> str:
    """The name of the week of the last publication before the snapshot was made; of its making where there is none."""
    made = queries.about(source)["created_at"].date()
    last = queries.last_day(source, made + weeks.DAY)
    name = weeks.name_of(last or made, first_weekday)
    return name if weeks.first_day(name, first_weekday) else weeks.name_of(made, first_weekday)


def whole(given: Mapping[str, str], folder: Path) -> dict[str, str] | None:
    """An address without a code: what a short one stands for, with what else was given; None for an unknown code."""
    rest = {name: value for name, value in given.items() if name != "code"}
    if "code" not in given:
        return rest
    kept = store.brief(folder, read_code(given["code"]))
    return None if kept is None else {**kept["address"], **rest}


def read_code(typed: str) -> str:
    """A code as it was typed from paper, without its groups: small letters, gaps, O and I are forgiven."""
    return typed.upper().translate(_FORGIVEN)


def of_week(asked: Asked, week: str) -> dict[str, str]:
    """The address of another week with the same filters and snapshot: its own newest notes, not this week's."""
    return {name: value for name, value in address(replace(asked, week=week)).items() if name != "notes"}


def address(asked: Asked) -> dict[str, str]:
    """The whole address, in a fixed order."""
    return {"week": asked.week, **filters.query(asked.filters), "snapshot": asked.snapshot, "notes": asked.notes}


def subject(asked: Asked) -> str:
    """What an analyst's notes belong to: the week and the filters, whatever the snapshot, the words and the locale."""
    plain = replace(asked.filters, locale=Filters.locale, time=Filters.time)
    return urlencode({"week": asked.week, **filters.query(plain)})


def room_of(asked: Asked, source: queries.Source) -> Room:
    """What the briefing may look at: today is the week's last day, and events' days are those known by then."""
    said = words.load(asked.filters.locale)
    first = weeks.first_day(asked.week, said.first_weekday())
    if first is None:
        raise ValueError(f"no week: {asked.week}")
    last = first + weeks.WEEK - weeks.DAY
    known = replace(queries.names(source), windows=windows(source, last))
    return Room(source, asked.filters, said, known, last)


def windows(source: queries.Source, day: dt.date) -> dict[str, tuple[dt.date, dt.date]]:
    """The days of the editions as they were known on a day; those without a first and a last day are left out."""
    known: dict[str, dict[str, dt.date]] = {}
    for event, key, value, _ in queries.facts_on(source, day):
        if key != "host" and len(value) == len("2025-12-21"):
            known.setdefault(event, {})[key] = dt.date.fromisoformat(value)
    return {event: (days["start"], days["end"]) for event, days in known.items() if len(days) == 2}
