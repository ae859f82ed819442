"""Build a snapshot aside out of the current one and staged rows, check it, publish it.

Read from `building` down: lock, stage, sort out, derive, check, close, digest, rename, point.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from etl.model import ANNOTATOR, Reject, StoreError
from etl.registry import Registry
from etl.store import checks, derive, forgetting, places, sorting, tables
from etl.store.opening import EVERYWHERE, Settings, attach_parts, damaged, digest, trust, verify
from etl.store.sorting import Wanted
from etl.store.staging import Sheet

_THREADS = min(4, os.cpu_count() or 1)
_SETTINGS: Settings = EVERYWHERE | {
    "memory_limit": "700MB",
    "threads": f"{_THREADS}",
    "preserve_insertion_order": "false",
    "write_buffer_row_group_count": "1",
}

_TEXTS_TOGETHER = 8_192
"""Texts of one row group: each thread holds them until they are compressed together; DuckDB's 122,880 are 0.9 GB."""

UPON = 20_000
"""From so many articles on, a small load is written upon a copy of the current snapshot; RASD_UPON sets another."""

_SMALL = 5
"""A load is small where it brings less than one article to so many that are there."""

_MOST_PARTS = 32
"""With more parts, texts are brought together by writing all anew."""


@dataclass(frozen=True)
class Building:
    """A snapshot in the making, inside `building`.

    `folder` becomes the snapshot's; in `work`, most often the same, databases are written; `stage` is for the sheets of
    what was read and found.
    """

    store: Path
    folder: Path
    work: Path
    stage: Path
    snapshot_id: str
    base_id: str | None
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


def build(store: Path, sheets: Iterable[Sheet], registry: Registry) -> Published | None:
    """Publish the current snapshot plus the sheets as a new one; None where they bring no article or statement.

    Raises BusyError, or StoreError; then the store is as it was.
    """
    with building(store, registry) as made:
        files = {}
        for sheet in sheets:
            sheet.save(made.stage)
            files |= dict.fromkeys(sheet.files, "sheet")
        sort_out(made, files)
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
        try:
            folder = places.building_folder(store, snapshot_id)
            base = None if parent and replaces_sample and _is_sample(store, parent) else parent
            stage = folder / "stage"
            stage.mkdir(mode=0o700)
            with _workplace(folder) as work, contextlib.closing(_connect(work, store, base)) as connection:
                yield Building(store, folder, work, stage, snapshot_id, base, parent, created_at, registry, connection)
        except (duckdb.Error, OSError) as error:
            msg = f"no snapshot could be built, {store} is as it was: {_first_line(error)}; mend this, load again"
            raise StoreError("build-failed", msg) from error
        finally:
            with contextlib.suppress(OSError):  # what stays is removed by the next load
                places.sweep(store)


@contextlib.contextmanager
def _workplace(folder: Path) -> Generator[Path]:
    """The folder itself, or one aside where DuckDB would look for its log in another: behind a ? it reads options."""
    if "?" not in str(folder):
        yield folder
        return
    with tempfile.TemporaryDirectory() as aside:
        yield Path(aside)


def _is_sample(store: Path, snapshot_id: str) -> bool:
    # Attached, since a reader of this process may hold the file open with other settings.
    with contextlib.closing(duckdb.connect(config=EVERYWHERE)) as connection:
        _attach(connection, places.database(store, snapshot_id), "old", "(READ_ONLY)")
        return bool(connection.execute("SELECT is_sample FROM old.snapshot").fetchall()[0][0])


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _connect(folder: Path, store: Path, base: str | None) -> duckdb.DuckDBPyConnection:
    """A workplace with `old` beside it: the snapshot to build upon, or the same tables empty."""
    connection = duckdb.connect(folder / "work.duckdb", config=_SETTINGS)
    connection.execute("SET TimeZone = 'UTC'")
    if base:
        attach_parts(connection, store, places.parts_of(places.manifest(store, base)))
        _attach(connection, places.database(store, base), "old", "(READ_ONLY)")
    else:
        _attach(connection, folder / "empty.duckdb", "old")
        tables.create_empty(connection, "old")
    derive.erasing(connection, {}, {})
    return connection


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str, how: str = "") -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS \"{name}\" {how}")


def sort_out(made: Building, formats: dict[str, str]) -> None:
    """Decide what of the staged records is new.

    `formats`: by the name of every file of the load, those without a record too, what read it.
    """
    sorting.sort_out(made.connection, made.stage, formats)


def counts(made: Building) -> list[tuple[str, str, int, int, int, int]]:
    """What was sorted out, by file: its format, and read = accepted + rejected + duplicate."""
    return sorting.sums(made.connection)


def rejected(made: Building) -> Iterator[tuple[Reject, bytes]]:
    """The refused records in the order of the input, each with its bytes where they were kept."""
    return sorting.rejected(made.connection, made.stage)


def todo(made: Building) -> list[tuple[int, Wanted]]:
    """The numbers of the sheets in which something is still to be found, in order, with what it is."""
    return sorting.todo(made.connection)


def publish(made: Building, *, erase: dict[str, str] | None = None, forget: Iterable[str] = ()) -> Published | None:
    """Derive, check and publish; None (and nothing changed) where no record brings anything and none is to be erased.

    `erase`: the articles that the new snapshot is not to hold any more, with the reason for each. `forget`: the names
    of files that its logs are not to hold any more; those that may name an erased article that came again go anyhow.
    """
    connection = made.connection
    brings = "SELECT count(*) FROM outcome WHERE outcome = 'accepted'"
    if not erase and not connection.execute(brings).fetchall()[0][0]:
        return None
    files = sorted({*forget, *forgetting.of_barred(connection)})
    derive.erasing(connection, erase or {}, {file: f"erased:{made.snapshot_id}:{n}" for n, file in enumerate(files, 1)})
    parts = _parts(made, is_kept=not erase)
    sorting.stage(connection, made.stage)
    connection.execute("SET VARIABLE load_id = $1", [made.snapshot_id])
    _open_home(made, is_anew=not parts)
    _attach(connection, made.work / "text.duckdb", made.snapshot_id, f"(ROW_GROUP_SIZE {_TEXTS_TOGETHER})")
    derive.fill(connection, made.registry, made.snapshot_id, is_anew=not parts)
    _describe(made)
    parts = [*parts, made.snapshot_id]
    tables.show_texts(connection, parts)
    rows = checks.check(connection, is_anew=len(parts) == 1)
    connection.execute(f'CHECKPOINT; CHECKPOINT "{made.snapshot_id}"')
    connection.close()
    _put_in_place(made, rows, parts)
    try:
        places.point(made.store, made.snapshot_id)
    except OSError:
        # Nobody was shown it, and "the store is as it was" is to be true.
        places.drop(made.store, made.snapshot_id)
        raise
    return Published(made.snapshot_id, made.parent_id, rows)


def _parts(made: Building, *, is_kept: bool) -> list[str]:
    """The parts of the base that the new snapshot keeps; none where all is to be written anew."""
    if not made.base_id or not is_kept:
        return []
    asked = "SELECT (SELECT count(*) FROM old.article), (SELECT count(*) FROM touching)"
    held, arrived = made.connection.execute(asked).fetchall()[0]
    parts = places.parts_of(places.manifest(made.store, made.base_id))
    is_small = held >= _upon() and arrived * _SMALL < held
    return parts if is_small and len(parts) < _MOST_PARTS else []


def _upon() -> int:
    text = os.environ.get("RASD_UPON", "")
    return int(text) if text.isascii() and text.isdigit() else UPON


def _open_home(made: Building, *, is_anew: bool) -> None:
    """The database that becomes the snapshot: empty, or a copy of the base whose digest is checked on the way."""
    path = made.work / "rasd.duckdb"
    if not is_anew and made.base_id:
        said = places.manifest(made.store, made.base_id)
        if _copied(places.database(made.store, made.base_id), path) != said["sha256"]:
            raise damaged(made.store, made.base_id)
    _attach(made.connection, path, "rasd")  # the name that readers know it by
    made.connection.execute("USE rasd")


def _copied(source: Path, target: Path) -> str:
    """Copy a file; the SHA-256 of what was copied."""
    seen = hashlib.sha256()
    with source.open("rb") as old, target.open("wb") as new:
        while piece := old.read(1 << 22):
            seen.update(piece)
            new.write(piece)
    return seen.hexdigest()


def _describe(made: Building) -> None:
    created_at = made.created_at.replace(tzinfo=None)
    values = made.snapshot_id, made.parent_id, created_at, places.SCHEMA_VERSION, ANNOTATOR, made.registry.sha256
    # Of no article nothing is the sample's.
    made.connection.execute(
        "INSERT INTO snapshot SELECT ?, ?, ?, ?, ?, ?, coalesce(bool_and(is_sample), false) FROM article", values
    )


def _put_in_place(made: Building, rows: dict[str, int], parts: list[str]) -> None:
    """Put the new part among the others, leave the database and its manifest alone in the folder, name the folder."""
    path, text = made.folder / "rasd.duckdb", made.folder / "text.duckdb"
    if made.work != made.folder:
        for file in (path, text):
            shutil.move(made.work / file.name, file)
    for left in made.folder.iterdir():
        if left not in {path, text}:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    for file in (path, text):
        places.keep(file)
    placed = places.part(made.store, made.snapshot_id)
    text.rename(placed)
    places.keep_folder(placed.parent)
    said = {
        "snapshot_id": made.snapshot_id,
        "parent_id": made.parent_id,
        "created_at": f"{made.created_at:%Y-%m-%dT%H:%M:%SZ}",
        "schema_version": places.SCHEMA_VERSION,
        **_sized(path),
        "rows": rows,
        "parts": [*_said_of(made, parts[:-1]), {"name": made.snapshot_id, **_sized(placed)}],
    }
    manifest = made.folder / "manifest.json"
    manifest.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    places.keep(manifest)
    places.keep_folder(made.folder)
    final = places.database(made.store, made.snapshot_id)
    made.folder.rename(final.parent)
    places.keep_folder(made.store / "snapshots")
    for file in (final, placed):
        trust(file)


def _sized(path: Path) -> dict[str, Any]:
    return {"size": path.stat().st_size, "sha256": digest(path)}


def _said_of(made: Building, parts: list[str]) -> list[dict[str, Any]]:
    """What the base's manifest says of its parts."""
    known = places.manifest(made.store, made.base_id)["parts"] if made.base_id else []
    return [one for one in known if one["name"] in parts]
