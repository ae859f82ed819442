"""What the tests of trust share: loads in children with faults, and what a store holds, told by its files and rows."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from etl import store
from tests.conftest import ROOT

Counts = dict[str, int]


class Warm(NamedTuple):
    """The process of `tests.trust.warm`, and a folder where its children leave word."""

    process: subprocess.Popen[str]
    folder: Path


class Ran(NamedTuple):
    """How a child ended: exit code (negative: the signal), output, memory, processor time, the call that failed."""

    code: int
    out: str
    err: str
    megabytes: float
    seconds: float
    failed: str | None


@contextmanager
def warmed(folder: Path) -> Generator[Warm]:
    """A process that forks a child for each order."""
    command = [sys.executable, "-m", "tests.trust.warm"]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Warm(process, folder)


def run(warm: Warm, *words: object, **faults: Any) -> Ran:
    """`rasd WORDS` in a child, to its end; `faults` as in `begin`."""
    begin(warm, *words, **faults)
    return end(warm)


def begin(
    warm: Warm, *words: object, limit: int | None = None, fail: dict[str, Any] | None = None,
    env: dict[str, str] | None = None, alone: bool = False,
) -> int:  # fmt: skip
    """Start `rasd WORDS` in a child that leads a process group of its own; gives its id.

    `limit`: no file may grow beyond these bytes. `fail`: under, nth and how of `failing.arm`. `env`: more environment.
    `alone`: on one core, so that no process is started beside it and all its memory is seen.
    """
    _failed(warm).unlink(missing_ok=True)
    fail = fail and fail | {"told": str(_failed(warm))}
    order = {"words": [str(word) for word in words], "limit": limit, "fail": fail, "env": env or {},
             "alone": alone}  # fmt: skip
    assert warm.process.stdin
    warm.process.stdin.write(json.dumps(order) + "\n")
    warm.process.stdin.flush()
    return int(_answer(warm)["pid"])


def end(warm: Warm) -> Ran:
    """Wait for the child that was begun last."""
    failed = _failed(warm)
    return Ran(**_answer(warm), failed=failed.read_text("ascii") if failed.exists() else None)


def _failed(warm: Warm) -> Path:
    return warm.folder / "failed"


def _answer(warm: Warm) -> dict[str, Any]:
    assert warm.process.stdout
    line = warm.process.stdout.readline()
    assert line, "the process of tests.trust.warm has ended"
    return json.loads(line)


def published(folder: Path) -> dict[str, str]:
    """What readers can reach in a store: every file by its name, with its digest; no lock, nothing in the making."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "load.lock")
    named = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return {name: digest for name, digest in named.items() if not _is_aside(name)}


def left_aside(folder: Path) -> list[str]:
    """What a load made that belongs to no snapshot: half-built folders, half-written files, parts nobody names."""
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*"))]
    manifests = "".join(path.read_text("utf-8") for path in folder.glob("snapshots/*/manifest.json"))
    orphans = [name for name in names if name.startswith("parts/") and Path(name).stem not in manifests]
    return [name for name in names if _is_aside(name) or name.endswith(".wal")] + orphans


def _is_aside(name: str) -> bool:
    return "/.building-" in f"/{name}" or name.endswith((".part", ".new", ".tmp"))


def counts(folder: Path) -> Counts:
    """Rows by table of the current snapshot, opened as readers open it."""
    return counts_of(folder, store.current(folder) or "")


def counts_of(folder: Path, name: str) -> Counts:
    """Rows by table of a snapshot."""
    with closing(store.open_snapshot(folder, name)) as connection:
        return counted(connection)


def counted(connection: duckdb.DuckDBPyConnection) -> Counts:
    """Rows by table of an open snapshot."""
    found = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1").fetchall()
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0] for (name,) in found}


def python(code: str) -> None:
    """Run a few lines in a process of their own."""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
