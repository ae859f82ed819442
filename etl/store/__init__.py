"""The store: immutable snapshots, built aside, checked, published by one pointer, opened for reading only.

    <store>/snapshots/<id>/{rasd.duckdb, manifest.json}    never changed once it has its name
    <store>/CURRENT                                        the id that readers open
    <store>/load.lock                                      held by the one load that may build

`places` knows where things lie, `staging` turns articles into rows, `building` makes a snapshot out of the current
one and the staged rows, `opening` verifies and opens one.
"""

from etl.model import StoreError
from etl.store.building import Building, Published, add, build, building, held, publish
from etl.store.opening import open_snapshot, verify
from etl.store.places import current, database, manifest, project_folder, snapshots, store_folder, use
from etl.store.staging import Arrival, Batch, FileCount

__all__ = [
    "Arrival",
    "Batch",
    "Building",
    "FileCount",
    "Published",
    "StoreError",
    "add",
    "build",
    "building",
    "current",
    "database",
    "held",
    "manifest",
    "open_snapshot",
    "project_folder",
    "publish",
    "snapshots",
    "store_folder",
    "use",
    "verify",
]
