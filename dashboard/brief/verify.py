"""Do the numbers of a printed briefing still hold: on its own snapshot, and on the data of today."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dashboard import queries
from dashboard.brief import asked, codes, facts
from etl import store
from etl.model import UsageError


@dataclass(frozen=True)
class Difference:
    """A number, date or story by its name: what stood on the briefing and what stands now; None: it is not there."""

    name: str
    then: object
    now: object


@dataclass(frozen=True)
class Verdict:
    """What became of a briefing. `then` are differences on its own snapshot (None: that is no longer kept).

    `since` are differences on the current snapshot.
    """

    code: str
    address: dict[str, str]
    current: str
    then: tuple[Difference, ...] | None
    since: tuple[Difference, ...]


def check(folder: Path, typed: str, address: Mapping[str, str] | None = None) -> Verdict:
    """Compare what a code stands for with the store.

    What was said is looked up under the code; with an address (week, view …) it is reckoned anew on each snapshot that
    is kept. Raises UsageError where neither gives this code, and the store's errors.
    """
    code = codes.read(typed)
    kept = store.brief(folder, code)
    if kept is not None and codes.code_of(kept) != code:
        raise UsageError(f"{codes.grouped(code)}: what is kept under this code is damaged; give its --week and --view")
    if kept is None:
        kept = _reckoned(folder, code, address)
    now = queries.current(folder)
    return Verdict(code, kept["address"], now.snapshot_id, _then(folder, kept), _differences(kept, now))


def _reckoned(folder: Path, code: str, address: Mapping[str, str] | None) -> dict[str, Any]:
    for snapshot in reversed(store.snapshots(folder)) if address is not None else ():
        source = queries.Source(folder, snapshot)
        for notes in ({}, {"notes": ""}):
            told = codes.told(facts.gather(asked.parse({**(address or {}), **notes}, source), source))
            if codes.code_of(told) == code:
                return told
    raise UsageError(
        f"{codes.grouped(code)}: no briefing of this code was made from {folder}; "
        "give its address too: rasd brief --verify CODE --week WEEK --view ADDRESS"
    )


def _then(folder: Path, kept: dict[str, Any]) -> tuple[Difference, ...] | None:
    snapshot = kept["address"]["snapshot"]
    if snapshot not in store.snapshots(folder):
        return None
    return _differences(kept, queries.Source(folder, snapshot))


def _differences(kept: dict[str, Any], source: queries.Source) -> tuple[Difference, ...]:
    """With the notes of then: an analyst's later words are no change of the data."""
    again = replace(asked.parse(kept["address"], source), notes=kept["address"]["notes"])
    was, now = kept["said"], codes.said(facts.gather(again, source))
    # What is kept has been through JSON, which knows no difference between 2.0 and 2.
    return tuple(
        Difference(name, was.get(name), now.get(name))
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    )
