"""Two loads at once, and readers while one is published."""

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from etl import store
from tests.trust import faults
from tests.trust.faults import Counts, Warm

_PATIENCE = 60.0


@contextlib.contextmanager
def stopped(warm: Warm, folder: Path, *words: object) -> Generator[int]:
    """A load that the system has stopped while it was building; its process group."""
    pid = faults.begin(warm, "load", *words, "--store", folder)
    for _ in _until(_PATIENCE):
        if [*folder.glob("snapshots/.building-*")]:
            break
    os.killpg(pid, signal.SIGSTOP)
    assert [*folder.glob("snapshots/.building-*")], "the load was quicker than the stop"
    try:
        yield pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGCONT)


def _until(seconds: float) -> Iterator[float]:
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end:
        yield now
        time.sleep(0.001)


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """Return a second process that loads."""
    with faults.warmed(tmp_path_factory.mktemp("second")) as warm:
        yield warm


def test_of_two_loads_at_once_the_second_says_so(
    warm: Warm, second: Warm, folder: Path, more: Path, after: Counts
) -> None:
    """Exit 3 and one line, at once; going back is refused, too; the first load comes to its end undisturbed."""
    (base,) = store.snapshots(folder)
    with stopped(warm, folder, more):
        for words in (["load", more], ["snapshots", "use", base]):
            ran = faults.run(second, *words, "--store", folder)
            assert (ran.code, ran.err.count("\n")) == (3, 1), ran
            assert "another load is running" in ran.err
    assert faults.end(warm).code == 0
    assert (faults.counts(folder), faults.left_aside(folder)) == (after, [])


def test_a_killed_load_holds_no_lock(warm: Warm, second: Warm, folder: Path, more: Path, after: Counts) -> None:
    """The lock goes with its process: after kill -9 the next load begins at once and clears what lay aside."""
    with stopped(warm, folder, more) as pid:
        os.killpg(pid, signal.SIGKILL)
        assert faults.end(warm).code == -signal.SIGKILL
        assert faults.left_aside(folder)
        assert faults.run(second, "load", more, "--store", folder).code == 0
    assert (faults.counts(folder), faults.left_aside(folder)) == (after, [])


def test_a_reader_keeps_its_snapshot_through_a_publication(warm: Warm, folder: Path, more: Path, after: Counts) -> None:
    """A connection opened before a load counts the same during it and after it; a new one sees the new rows."""
    with closing(store.open_snapshot(folder, store.current(folder) or "")) as reader:
        before = faults.counted(reader)
        with stopped(warm, folder, more):
            assert faults.counted(reader.cursor()) == before == faults.counts(folder)
        assert faults.end(warm).code == 0
        assert faults.counted(reader.cursor()) == before != after
    assert faults.counts(folder) == after


def test_a_store_that_vanishes_under_a_load_is_told(warm: Warm, folder: Path, more: Path) -> None:
    """Somebody removes the folder in the middle: exit 1 with cause and mend; the next load begins anew."""
    with stopped(warm, folder, more):
        shutil.rmtree(folder)
    ran = faults.end(warm)
    assert (ran.code, ran.err.count("\n")) == (1, 1), ran
    assert "load again" in ran.err
    assert faults.run(warm, "load", more, "--store", folder).code == 0
    assert faults.counts(folder)["load_file"] == 1
