"""Open a store's current snapshot again and again, as a page does, until stdin ends; then tell what was seen."""

import json
import select
import sys
import traceback
from contextlib import closing
from pathlib import Path

from etl import store
from tests.trust.faults import Counts, counted

_PAUSE = 0.04
"""Seconds between two looks, so that the load that is watched has a core, too."""


def look(folder: Path) -> Counts:
    """Rows by table, of one snapshot: what a page counts at its beginning it counts at its end."""
    name = store.current(folder) or ""
    with closing(store.open_snapshot(folder, name)) as connection:
        found, again = counted(connection), counted(connection)
    assert found == again
    assert not list(store.database(folder, name).parent.glob("*.wal"))
    return found


def watch(folder: Path) -> None:
    """Look until told to end."""
    looks, seen, faults = 0, list[Counts](), list[str]()
    while not select.select([sys.stdin], [], [], _PAUSE)[0]:
        looks += 1
        try:
            found = look(folder)
        except Exception:  # noqa: BLE001 -- whatever a reader meets, the test is to hear of it
            faults.append(traceback.format_exc())
        else:
            seen += [] if found in seen else [found]
    sys.stdout.write(json.dumps({"looks": looks, "seen": seen, "faults": faults}))


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
