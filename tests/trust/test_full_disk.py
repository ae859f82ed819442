"""The disk is really full, so that DuckDB's own writes fail, too: the load says so, and the store is as it was."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.trust import faults
from tests.trust.faults import Counts, Warm

_CAUSES = ("File too large", "No space left on device")


def sizes(folder: Path) -> list[int]:
    """Sizes of a file at which it stops growing: nothing, a page, and up to nearly the database that stands there."""
    (whole,) = (path.stat().st_size for path in folder.glob("snapshots/*/rasd.duckdb"))
    return [0, 4096, *(whole * n // 8 for n in range(1, 8))]


def test_a_file_that_cannot_grow_stops_the_load_and_nothing_else(
    warm: Warm, folder: Path, more: Path, after: Counts
) -> None:
    """Wherever staging, tables or index meet the end of the disk: exit 1, cause and mend, nothing changed or aside."""
    before = faults.published(folder)
    for size in sizes(folder):
        ran = faults.run(warm, "load", more, "--store", folder, limit=size)
        assert (ran.code, ran.err.count("\n")) == (1, 1), (size, ran)
        assert any(cause in ran.err for cause in _CAUSES), (size, ran.err)
        assert "load again" in ran.err or "--store" in ran.err
        assert (faults.published(folder), faults.left_aside(folder)) == (before, []), size
    assert faults.run(warm, "load", more, "--store", folder).code == 0
    assert faults.counts(folder) == after


def test_the_first_load_on_a_full_disk_leaves_an_empty_store(warm: Warm, more: Path, tmp_path: Path) -> None:
    """Nothing was there and nothing is; the next load is as ever."""
    folder = tmp_path / "store"
    for size in (0, 100_000, 1 << 20):
        ran = faults.run(warm, "load", more, "--store", folder, limit=size)
        assert (ran.code, ran.err.count("\n")) == (1, 1), (size, ran)
        assert (faults.published(folder), faults.left_aside(folder)) == ({}, [])
    assert faults.run(warm, "load", more, "--store", folder).code == 0


@pytest.mark.parametrize("room", [100_000, 1 << 20, 4 << 20])
def test_a_small_file_system_stops_the_load_and_nothing_else(held: Path, more: Path, after: Counts, room: int) -> None:
    """The same on a file system with that much room; with more room, the same load goes through."""
    command = [*_namespace(), sys.executable, "-m", "tests.trust.small_disk", str(held), str(more), str(room)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["code"], told["left"], told["is_as_it_was"]) == (1, [], True), told
    assert any(cause in told["err"] for cause in _CAUSES), told["err"]
    assert "Traceback" not in told["err"]
    assert (told["again"], told["counts"]) == (0, after)


def _namespace() -> list[str]:
    """The command that gives another one file systems of its own; skips where the system has or permits none."""
    unshare = shutil.which("unshare")
    if not sys.platform.startswith("linux") or unshare is None:
        pytest.skip("a small file system needs Linux and unshare (util-linux)")
    own = [unshare, "--mount"] if os.geteuid() == 0 else [unshare, "--map-root-user", "--mount"]
    mount = [*own, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    tried = subprocess.run(mount, check=False, capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"this system permits no file system of one's own: {tried.stderr.strip()}")
    return own


def test_annotating_onto_a_full_disk_leaves_no_half_file(warm: Warm, more: Path, tmp_path: Path) -> None:
    """`rasd annotate`: exit 1 with cause and mend in one line; neither the file nor a beginning of it."""
    ran = faults.run(warm, "annotate", more, "-o", tmp_path / "out.jsonl", limit=1000)
    assert (ran.code, ran.err.count("\n")) == (1, 1), ran
    assert "File too large" in ran.err
    assert [*tmp_path.iterdir()] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_report_that_cannot_be_written_is_told(folder: Path, more: Path, after: Counts) -> None:
    """The output goes to a full disk: exit 1 and one line; what was published stays published."""
    command = [sys.executable, "-m", "etl", "load", str(more), "--store", str(folder), "--json"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, cwd=ROOT, check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("rasd: [Errno 28] No space left on device")
    assert faults.counts(folder) == after
