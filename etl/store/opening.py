"""Verify a snapshot against its manifest and open it for reading, hardened."""

import hashlib
from pathlib import Path

import duckdb

from etl.model import StoreError
from etl.store.places import SCHEMA_VERSION, current, database, manifest, snapshots

Settings = dict[str, str | float | list[str]]

EVERYWHERE: Settings = {
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
"""Settings of every connection: names mean tables only, and nothing is fetched at run time."""

_READING: Settings = EVERYWHERE | {"enable_external_access": "false", "memory_limit": "2GB", "threads": "4"}
_verified: set[tuple[str, int, int]] = set()


def open_snapshot(store: Path, snapshot_id: str) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a verified snapshot: no files, no extensions, no settings, at most 2 GB, UTC.

    One `cursor()` a query. Raises StoreError: `no-store`, `no-snapshot`, `other-version`, `damaged` (naming the
    last snapshot that is whole).
    """
    verify(store, snapshot_id)
    try:
        connection = duckdb.connect(database(store, snapshot_id), read_only=True, config=_READING)
        if not connection.execute("SELECT current_setting('lock_configuration')").fetchall()[0][0]:
            connection.execute("SET GLOBAL TimeZone = 'UTC'")
            connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        raise _damaged(store, snapshot_id) from error
    return connection


def verify(store: Path, snapshot_id: str) -> None:
    """Check version, size and digest, once per process and file; raises StoreError as `open_snapshot` says."""
    if not (store / "snapshots").is_dir():
        current(store)
        raise StoreError("no-store", f"{store} holds nothing yet; load with: rasd load PATH --store {store}")
    said = manifest(store, snapshot_id)
    if said["schema_version"] != SCHEMA_VERSION:
        msg = f"snapshot {snapshot_id} has tables of version {said['schema_version']}, this program reads version"
        raise StoreError("other-version", f"{msg} {SCHEMA_VERSION}; load the files again into another --store")
    if not _is_whole(database(store, snapshot_id), said["size"], said["sha256"]):
        raise _damaged(store, snapshot_id)


def _is_whole(path: Path, size: int, sha256: str) -> bool:
    try:
        state = path.stat()
    except OSError:
        return False
    seen = (str(path), state.st_size, state.st_mtime_ns)
    if seen not in _verified:
        if state.st_size != size or digest(path) != sha256:
            return False
        _verified.add(seen)
    return True


def digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(store: Path, snapshot_id: str) -> StoreError:
    good = next((name for name in reversed(snapshots(store)) if name != snapshot_id and _usable(store, name)), None)
    mend = f"go back with: rasd snapshots use {good} --store {store}" if good else "load again: rasd load PATH"
    return StoreError("damaged", f"snapshot {snapshot_id} of {store} is damaged; {mend}")


def _usable(store: Path, snapshot_id: str) -> bool:
    try:
        said = manifest(store, snapshot_id)
    except StoreError:
        return False
    is_ours = said["schema_version"] == SCHEMA_VERSION
    return is_ours and _is_whole(database(store, snapshot_id), said["size"], said["sha256"])
