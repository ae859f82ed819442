"""Verify a snapshot against its manifest and open it for reading, hardened."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb

from etl.model import StoreError
from etl.store.places import SCHEMA_VERSION, database, held, manifest, part, parts_of, snapshots

Settings = dict[str, str | float | list[str]]

EVERYWHERE: Settings = {
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
"""Settings of every connection: names mean tables only, and nothing is fetched at run time."""

_READING: Settings = EVERYWHERE | {"memory_limit": "2GB", "threads": "4"}
_AT_ONCE = 4
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
            attach_parts(connection, store, parts_of(manifest(store, snapshot_id)))
            connection.execute("SET enable_external_access = false")
            connection.execute("SET GLOBAL TimeZone = 'UTC'")
            connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        raise damaged(store, snapshot_id) from error
    return connection


def attach_parts(connection: duckdb.DuckDBPyConnection, store: Path, names: list[str]) -> None:
    """Put the shared parts beside a snapshot's database, for reading, under the names by which its views call them."""
    for name in names:
        quoted = str(part(store, name)).replace("'", "''")
        connection.execute(f"ATTACH IF NOT EXISTS '{quoted}' AS \"{name}\" (READ_ONLY)")


def verify(store: Path, snapshot_id: str) -> None:
    """Check version, size and digest of all its files, once per process and file; raises as `open_snapshot` says."""
    held(store)
    said = manifest(store, snapshot_id)
    if said["schema_version"] != SCHEMA_VERSION:
        msg = f"snapshot {snapshot_id} has tables of version {said['schema_version']}, this program reads version"
        raise StoreError("other-version", f"{msg} {SCHEMA_VERSION}; load the files again into another --store")
    if not _is_whole(store, snapshot_id, said):
        raise damaged(store, snapshot_id)


def _is_whole(store: Path, snapshot_id: str, said: dict[str, Any]) -> bool:
    files = [(database(store, snapshot_id), said)]
    try:
        files += [(part(store, one["name"]), one) for one in said["parts"]]
        with ThreadPoolExecutor(_AT_ONCE) as pool:  # hashing lets go of the interpreter
            return not any(_has_log(path) for path, _ in files) and all(
                pool.map(lambda one: _is_as_said(one[0], one[1]["size"], one[1]["sha256"]), files)
            )
    except (KeyError, TypeError):
        return False


def _has_log(path: Path) -> bool:
    """Somebody's program wrote to the file: the changes wait beside it, and whoever opens it would read them."""
    return path.with_name(f"{path.name}.wal").exists()


def _is_as_said(path: Path, size: int, sha256: str) -> bool:
    try:
        state = path.stat()
        if _seen(path) not in _verified:
            if state.st_size != size or digest(path) != sha256:
                return False
            trust(path)
    except OSError:
        return False
    return True


def trust(path: Path) -> None:
    """Note that a file's digest is known to be right: it was just checked or made."""
    _verified.add(_seen(path))


def _seen(path: Path) -> tuple[str, int, int]:
    state = path.stat()
    return str(path), state.st_size, state.st_mtime_ns


def digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damaged(store: Path, snapshot_id: str) -> StoreError:
    """The error of a snapshot that is not what its manifest says; it names the last one that is whole."""
    good = next((name for name in reversed(snapshots(store)) if name != snapshot_id and _usable(store, name)), None)
    mend = f"go back with: rasd snapshots use {good} --store {store}" if good else "load again: rasd load PATH"
    return StoreError("damaged", f"snapshot {snapshot_id} of {store} is damaged; {mend}")


def _usable(store: Path, snapshot_id: str) -> bool:
    try:
        said = manifest(store, snapshot_id)
    except StoreError:
        return False
    return said["schema_version"] == SCHEMA_VERSION and _is_whole(store, snapshot_id, said)
