"""Where a store keeps things: folder, snapshots, the CURRENT pointer, the lock; and how a file is made to stay."""

import contextlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import filelock
import msgspec
import platformdirs

from etl.model import BusyError, StoreError

SCHEMA_VERSION = 4
_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_BUILDING = ".building-"


class _Said(msgspec.Struct):
    """What every version of a manifest says."""

    schema_version: int
    size: int
    sha256: str
    created_at: str
    rows: dict[str, int]


def project_folder() -> Path | None:
    """The project's root when running from it, None when installed as a package."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() else None


def store_folder(explicit: Path | None = None) -> Path:
    """The store to use: `explicit`, else RASD_STORE, else the project's data/store, else the user's data folder."""
    if explicit or os.environ.get("RASD_STORE"):
        return Path(explicit or os.environ["RASD_STORE"]).expanduser().absolute()
    project = project_folder()
    home = project / "data" if project else Path(platformdirs.user_data_dir("rasd", appauthor=False))
    return home / "store"


def database(store: Path, snapshot_id: str) -> Path:
    """The database file of a snapshot, existing or not."""
    return store / "snapshots" / snapshot_id / "rasd.duckdb"


def part(store: Path, name: str) -> Path:
    """The file of a part, existing or not: texts that snapshots may share, named by the snapshot that made it."""
    return store / "parts" / f"{name}.duckdb"


def parts_of(said: dict[str, Any]) -> list[str]:
    """The parts that a manifest names, in the order in which they were made."""
    return [one["name"] for one in said["parts"]]


def current(store: Path) -> str | None:
    """The id of the snapshot to read, None while nothing was ever published.

    Raises StoreError `foreign` where the folder belongs to something else, `damaged` where CURRENT is no pointer.
    """
    try:
        text = (store / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        _refuse_foreign(store)
        # One snapshot and no pointer: the first load was stopped just before its end. Several: the pointer was lost.
        if len(snapshots(store)) < 2:
            return None
        text = ""
    except (OSError, UnicodeDecodeError):
        text = ""
    if not _ID.fullmatch(text) or not database(store, text).parent.is_dir():
        raise StoreError("damaged", f"{store}: CURRENT names no snapshot; {advice(store)}")
    return text


def _refuse_foreign(store: Path) -> None:
    if store.exists() and not store.is_dir():
        raise StoreError("foreign", f"{store} is a file, not a store; name another folder with --store")
    ours = {"snapshots", "parts", "briefs", "load.lock"}
    if store.is_dir() and {entry.name for entry in store.iterdir()} - ours - {"CURRENT.new", "corrections.sqlite"}:
        msg = f"{store} is not empty and no store (it has no CURRENT); name another folder with --store"
        raise StoreError("foreign", msg)


def snapshots(store: Path) -> list[str]:
    """Ids of all published snapshots, oldest first; whether they are whole is for `verify` to say."""
    folder = store / "snapshots"
    return sorted(entry.name for entry in folder.iterdir() if _ID.fullmatch(entry.name)) if folder.is_dir() else []


def held(store: Path) -> list[str]:
    """The snapshots of a store that has some; creates nothing. Raises StoreError `no-store`, `foreign`, `damaged`."""
    if not (known := snapshots(store)):
        current(store)
        raise StoreError("no-store", f"{store} holds nothing yet; load with: rasd load PATH --store {store}")
    return known


def advice(store: Path) -> str:
    """The command that leads back to the last published snapshot whose manifest and size are right."""
    good = next((name for name in reversed(snapshots(store)) if _looks_whole(store, name)), None)
    return f"go back with: rasd snapshots use {good} --store {store}" if good else "load again: rasd load PATH"


def _looks_whole(store: Path, snapshot_id: str) -> bool:
    path, said = database(store, snapshot_id), _said(store, snapshot_id)
    return said is not None and path.is_file() and path.stat().st_size == said["size"]


def manifest(store: Path, snapshot_id: str) -> dict[str, Any]:
    """What was written at publication: snapshot_id, parent_id, created_at, schema_version, size, sha256, rows, parts.

    `parts` lists name, size and sha256 of each shared file.

    Raises StoreError `no-snapshot`, or `damaged` where the manifest cannot be read.
    """
    folder = database(store, snapshot_id).parent
    if not _ID.fullmatch(snapshot_id) or not folder.is_dir():
        raise StoreError("no-snapshot", f"{snapshot_id!r} is no snapshot of {store}; see: rasd snapshots list")
    said = _said(store, snapshot_id)
    if said is None:
        raise StoreError("damaged", f"snapshot {snapshot_id} of {store} has no readable manifest; {advice(store)}")
    return said


def _said(store: Path, snapshot_id: str) -> dict[str, Any] | None:
    try:
        read = json.loads((database(store, snapshot_id).parent / "manifest.json").read_bytes())
        msgspec.convert(read, _Said)
    except (OSError, ValueError, RecursionError, msgspec.ValidationError):
        return None
    return read


def new_id(after: str | None) -> tuple[str, datetime]:
    """A snapshot id never used before, and its time; later than `after` even where the clock went back."""
    now = datetime.now(UTC).replace(microsecond=0)
    if after:
        parent = datetime.strptime(after[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        now = max(now, parent + timedelta(seconds=1))
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}", now


@contextlib.contextmanager
def locked(store: Path) -> Generator[None]:
    """Hold the store for one load; raises BusyError at once where another holds it, StoreError where it is foreign."""
    _refuse_foreign(store) if not (store / "CURRENT").exists() else None
    try:
        (store / "snapshots").mkdir(parents=True, exist_ok=True)
        (store / "parts").mkdir(mode=0o700, exist_ok=True)
        lock = filelock.FileLock(store / "load.lock", timeout=0)
        lock.acquire()
    except filelock.Timeout as error:
        raise BusyError(f"another load is running on {store}; wait for its end and try again") from error
    except OSError as error:
        raise _unwritable(store, error) from error
    try:
        yield
    finally:
        lock.release()


def _unwritable(store: Path, error: OSError) -> StoreError:
    return StoreError("build-failed", f"{store} cannot be written ({error.strerror}); name another folder with --store")


def building_folder(store: Path, snapshot_id: str) -> Path:
    """An empty folder to build in, readable by its owner only; what earlier, killed loads left behind is removed."""
    sweep(store)
    folder = store / "snapshots" / f"{_BUILDING}{snapshot_id}"
    folder.mkdir(mode=0o700)
    return folder


def sweep(store: Path, keep: Path | None = None) -> None:
    """Remove what no snapshot needs: half-built ones but `keep`, and parts that no manifest names.

    The caller holds the lock.
    """
    for left in (store / "snapshots").glob(f"{_BUILDING}*"):
        if left != keep:
            shutil.rmtree(left, ignore_errors=True)
    needed = set()
    for name in snapshots(store):
        try:
            needed |= set(parts_of(manifest(store, name)))
        except (StoreError, KeyError, TypeError):
            return  # a damaged manifest may name any part: nothing is thrown away until it is mended or pruned
    for left in (store / "parts").glob("*.duckdb*"):
        if left.name.partition(".")[0] not in needed:
            left.unlink(missing_ok=True)


def drop(store: Path, snapshot_id: str) -> None:
    """Remove a published snapshot, under its name no reader finds any more before its files go; its parts stay."""
    folder = database(store, snapshot_id).parent
    aside = folder.with_name(f"{_BUILDING}{snapshot_id}")
    folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def use(store: Path, snapshot_id: str) -> None:
    """Make a published snapshot the current one; the caller has verified it. Raises StoreError, BusyError."""
    held(store)
    with locked(store):
        try:
            point(store, snapshot_id)
        except OSError as error:
            raise _unwritable(store, error) from error


def point(store: Path, snapshot_id: str) -> None:
    """Write CURRENT aside and put it in place in one step, so that a reader sees the old id or the new one.

    Raises OSError; then CURRENT is as it was and nothing lies beside it.
    """
    put(store / "CURRENT", f"{snapshot_id}\n".encode(), aside=store / "CURRENT.new")
    keep_folder(store)


def put(path: Path, body: bytes, *, aside: Path) -> None:
    """Write a private file aside and put it in place in one step. Raises OSError; then nothing lies aside."""
    try:
        aside.write_bytes(body)
        keep(aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def keep(path: Path) -> None:
    """Make a written file private and have the system put it on the disk."""
    path.chmod(0o600)
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def keep_folder(path: Path) -> None:
    """Have the system put a folder's names on the disk, where the system knows how (Windows does not)."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
