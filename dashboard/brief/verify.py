"""Do the numbers of a printed briefing still hold: on its own snapshot, and on the data of today."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dashboard import queries
from dashboard.brief import asked, codes, facts
from etl import store
from etl.model import StoreError, UsageError

_STORY = "story."


@dataclass(frozen=True)
class Difference:
    """A number, date or story by its name: what stood on the briefing and what stands now; None: it is not there."""

    name: str
    then: object
    now: object


@dataclass(frozen=True)
class Verdict:
    """What became of a briefing. `then` are differences on its own snapshot (None: that is no longer kept).

    `since` are those on the current snapshot, `around` those of what is said of the whole store, which any load
    changes. Where the analyst's words are gone (`words_gone`), stories cannot be compared and are left out.
    """

    code: str
    address: dict[str, str]
    current: str
    then: tuple[Difference, ...] | None
    since: tuple[Difference, ...]
    around: tuple[Difference, ...]
    words_gone: bool


def check(folder: Path, typed: str, address: Mapping[str, str] | None = None) -> Verdict:
    """Compare what a code stands for with the store.

    What was said is looked up under the code; with an address (week, view …) it is reckoned anew on each snapshot that
    is kept. Raises UsageError where neither gives this code, and the store's errors.
    """
    code = asked.read_code(typed)
    kept = store.brief(folder, code)
    if kept is None or codes.code_of(kept) != code:
        kept = _reckoned(folder, code, address)
    now = queries.current(folder)
    is_gone = bool(kept["address"].get("notes")) and store.notes(folder, kept["address"]["notes"]) is None
    found = _differences(kept, now, is_gone=is_gone)
    return Verdict(
        code, kept["address"], now.snapshot_id, _then(folder, kept, is_gone=is_gone),
        tuple(one for one in found if one.name not in codes.AROUND),
        tuple(one for one in found if one.name in codes.AROUND), is_gone,
    )  # fmt: skip


def _reckoned(folder: Path, code: str, address: Mapping[str, str] | None) -> dict[str, Any]:
    for snapshot in reversed(store.snapshots(folder)) if address is not None else ():
        source = queries.Source(folder, snapshot)
        for notes in ({}, {"notes": ""}):
            # A damaged snapshot is not the one that is looked for, or cannot show it.
            with contextlib.suppress(StoreError):
                told = codes.told(facts.gather(asked.parse({**(address or {}), **notes}, source), source))
                if codes.code_of(told) == code:
                    return told
    raise UsageError(
        f"{codes.grouped(code)}: no whole record of a briefing of this code in {folder}; "
        "give its address too: rasd brief --verify CODE --week WEEK --view ADDRESS"
    )


def _then(folder: Path, kept: dict[str, Any], *, is_gone: bool) -> tuple[Difference, ...] | None:
    snapshot = kept["address"]["snapshot"]
    if snapshot not in store.snapshots(folder):
        return None
    return _differences(kept, queries.Source(folder, snapshot), is_gone=is_gone)


def _differences(kept: dict[str, Any], source: queries.Source, *, is_gone: bool) -> tuple[Difference, ...]:
    """With the notes of then: an analyst's later words are no change of the data."""
    again = replace(asked.parse(kept["address"], source), notes=kept["address"]["notes"])
    was, now = kept["said"], codes.said(facts.gather(again, source))
    return tuple(
        Difference(name, was.get(name), now.get(name))
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name) and not (is_gone and name.startswith(_STORY))
    )
