"""Build a snapshot aside out of the current one and staged rows, check it, publish it.

Read from `building` down: lock, stage, derive, check, close, digest, rename, point.
"""

import contextlib
import json
import shutil
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from etl.model import ANNOTATOR, StoreError
from etl.registry import Registry
from etl.store import checks, derive, places, staging
from etl.store.opening import EVERYWHERE, Settings, digest, verify

_SETTINGS: Settings = EVERYWHERE | {"memory_limit": "1GB", "threads": "4"}


@dataclass(frozen=True)
class Building:
    """A snapshot in the making, inside `building`."""

    store: Path
    folder: Path
    snapshot_id: str
    parent_id: str | None
    created_at: datetime
    registry: Registry
    connection: duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Published:
    """A snapshot that readers now open: its id, its parent, and its row counts by table."""

    snapshot_id: str
    parent_id: str | None
    rows: dict[str, int]


def build(store: Path, batches: Iterable[staging.Batch], registry: Registry) -> Published | None:
    """Publish the current snapshot plus the batches as a new one; None where they bring no article or statement.

    Raises BusyError, or StoreError; then the store is as it was.
    """
    with building(store, registry) as made:
        for batch in batches:
            add(made, batch)
        return publish(made)


@contextlib.contextmanager
def building(store: Path, registry: Registry, *, replaces_sample: bool = False) -> Generator[Building]:
    """Hold the store's lock and an empty snapshot upon the current one; whatever is not published is removed.

    `replaces_sample`: where the current one holds the shipped sample only, the new one begins without it, so that an
    analyst's own articles never stand among invented ones.
    """
    with places.locked(store):
        parent = places.current(store)
        if parent:
            verify(store, parent)
        snapshot_id, created_at = places.new_id(parent)
        folder = places.building_folder(store, snapshot_id)
        try:
            base = None if parent and replaces_sample and _is_sample(store, parent) else parent
            with contextlib.closing(_connect(folder, store, base)) as connection:
                yield Building(store, folder, snapshot_id, parent, created_at, registry, connection)
        except (duckdb.Error, OSError) as error:
            msg = f"no snapshot could be built, {store} is as it was: {_first_line(error)}; mend this, load again"
            raise StoreError("build-failed", msg) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _is_sample(store: Path, snapshot_id: str) -> bool:
    with contextlib.closing(duckdb.connect(places.database(store, snapshot_id), read_only=True)) as connection:
        return bool(connection.execute("SELECT is_sample FROM snapshot").fetchall()[0][0])


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _connect(folder: Path, store: Path, parent: str | None) -> duckdb.DuckDBPyConnection:
    """The new database, with `stage` (thrown away later) and `old` (the parent, or the same tables empty) beside it."""
    connection = duckdb.connect(folder / "rasd.duckdb", config=_SETTINGS)
    connection.execute("SET TimeZone = 'UTC'")
    _attach(connection, folder / "stage.duckdb", "stage")
    if parent:
        _attach(connection, places.database(store, parent), "old", "(READ_ONLY)")
    else:
        _attach(connection, folder / "empty.duckdb", "old")
        derive.create_empty(connection, "old")
    for name in staging.STAGED:
        _insert(connection, f"CREATE TABLE stage.{name} AS FROM incoming", staging.empty(name))
    return connection


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str, how: str = "") -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS {name} {how}")


def _insert(connection: duckdb.DuckDBPyConnection, statement: str, rows: object) -> None:
    connection.register("incoming", rows)
    connection.execute(statement)
    connection.unregister("incoming")


def held(made: Building, digests: Iterable[str]) -> set[str]:
    """Those of the statements' digests that the current snapshot already holds."""
    made.connection.register("asked", staging.text_table("sha256", digests))
    found = made.connection.execute("SELECT sha256 FROM old.statement SEMI JOIN asked USING (sha256)").fetchall()
    made.connection.unregister("asked")
    return {sha256 for (sha256,) in found}


def add(made: Building, batch: staging.Batch) -> None:
    """Stage a batch; its rows leave the memory of Python."""
    for name, rows in staging.tables(batch, made.snapshot_id).items():
        _insert(made.connection, f"INSERT INTO stage.{name} FROM incoming", rows)


def publish(made: Building) -> Published | None:
    """Derive, check and publish; None (and nothing changed) where no statement was staged."""
    connection = made.connection
    if not connection.execute("SELECT count(*) FROM stage.statement").fetchall()[0][0]:
        return None
    derive.create(connection, made.registry)
    derive.fill(connection, made.registry)
    _describe(made)
    rows = checks.check(connection)
    connection.execute("CHECKPOINT")
    connection.close()
    _put_in_place(made, rows)
    places.point(made.store, made.snapshot_id)
    return Published(made.snapshot_id, made.parent_id, rows)


def _describe(made: Building) -> None:
    created_at = made.created_at.replace(tzinfo=None)
    values = made.snapshot_id, made.parent_id, created_at, places.SCHEMA_VERSION, ANNOTATOR, made.registry.sha256
    made.connection.execute("INSERT INTO snapshot SELECT ?, ?, ?, ?, ?, ?, bool_and(is_sample) FROM article", values)


def _put_in_place(made: Building, rows: dict[str, int]) -> None:
    """Leave the database and its manifest alone in the folder, on the disk, and give the folder its name."""
    path = made.folder / "rasd.duckdb"
    for left in made.folder.iterdir():
        if left != path:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    places.keep(path)
    said = {
        "snapshot_id": made.snapshot_id,
        "parent_id": made.parent_id,
        "created_at": f"{made.created_at:%Y-%m-%dT%H:%M:%SZ}",
        "schema_version": places.SCHEMA_VERSION,
        "size": path.stat().st_size,
        "sha256": digest(path),
        "rows": rows,
    }
    manifest = made.folder / "manifest.json"
    manifest.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    places.keep(manifest)
    places.keep_folder(made.folder)
    made.folder.rename(places.database(made.store, made.snapshot_id).parent)
    places.keep_folder(made.store / "snapshots")
