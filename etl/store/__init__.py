"""The store: immutable snapshots, built aside, checked, published by one pointer, opened for reading only.

    <store>/snapshots/<id>/{rasd.duckdb, manifest.json}    never changed once it has its name
    <store>/parts/<id>.duckdb                              texts, which several snapshots may share; never changed, too
    <store>/CURRENT                                        the id that readers open
    <store>/briefs/                                        an analyst's words and the numbers of briefings (briefs.py)
    <store>/load.lock                                      held by the one load that may build

`places` knows where things lie, `staging` turns articles into rows, `sorting` says what of them is new, `building`
makes a snapshot out of the current one and the new rows, `opening` verifies and opens one.
"""

from etl.model import StoreError
from etl.store.briefs import Notes, brief, keep_brief, keep_notes, newest_notes, notes, story_mark
from etl.store.building import Building, Published, build, building, counts, publish, rejected, sort_out, todo
from etl.store.keeping import Difference, compare, erase, prune, told
from etl.store.opening import open_snapshot, verify
from etl.store.places import current, database, held, manifest, project_folder, snapshots, store_folder, use
from etl.store.sorting import Wanted
from etl.store.staging import Arrival, Found, Sheet, staged

__all__ = [
    "Arrival",
    "Building",
    "Difference",
    "Found",
    "Notes",
    "Published",
    "Sheet",
    "StoreError",
    "Wanted",
    "brief",
    "build",
    "building",
    "compare",
    "counts",
    "current",
    "database",
    "erase",
    "held",
    "keep_brief",
    "keep_notes",
    "manifest",
    "newest_notes",
    "notes",
    "open_snapshot",
    "project_folder",
    "prune",
    "publish",
    "rejected",
    "snapshots",
    "sort_out",
    "staged",
    "store_folder",
    "story_mark",
    "todo",
    "told",
    "use",
    "verify",
]
