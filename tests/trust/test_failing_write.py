"""Each change of the file system fails in turn, or the load is killed at it: the old snapshot is intact every time."""

import shutil
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.trust import faults
from tests.trust.faults import Ran, Warm


def each(warm: Warm, held: Path, words: Sequence[object], tmp_path: Path, **fault: str) -> Iterator[tuple[Ran, Path]]:
    """`rasd WORDS` for every call that can fail, each on a store of its own, until one runs to its end untouched."""
    for nth in range(1, 100):
        folder = Path(shutil.copytree(held, tmp_path / str(nth)))
        ran = faults.run(warm, *words, "--store", folder, fail={"under": str(folder), "nth": nth, **fault})
        if not ran.failed:
            assert ran.code == 0
            return
        yield ran, folder
        shutil.rmtree(folder)
    pytest.fail("it never came to its end")


def test_a_failing_nth_write_leaves_the_old_snapshot(
    warm: Warm, held: Path, more: Path, tmp_path: Path, after: faults.Counts
) -> None:
    """No room at the n-th call: exit 1 with cause and mend, nothing changed, nothing aside; or the new one is whole."""
    before, met = faults.published(held), []
    for ran, folder in each(warm, held, ["load", more], tmp_path, how="ENOSPC"):
        met.append(ran.failed)
        assert faults.left_aside(folder) == [], ran.failed
        if ran.code == 0:
            assert faults.counts(folder) == after
            continue
        assert (ran.code, ran.err.count("\n")) == (1, 1), ran.err
        assert "No space left on device" in ran.err
        assert "load again" in ran.err or "--store" in ran.err
        assert faults.published(folder) == before, ran.failed
    assert {"mkdir", "open", "write_text", "fsync", "rename", "replace"} <= set(met)


def test_a_kill_between_any_two_steps_of_publishing_is_cleaned_up_by_the_next_load(
    warm: Warm, held: Path, more: Path, tmp_path: Path, after: faults.Counts
) -> None:
    """Once a snapshot has its name: readers see the old one or the new one, and the next load mends the rest."""
    before = faults.counts(held)
    for ran, folder in each(warm, held, ["load", more], tmp_path, how="kill", since="rename"):
        assert ran.code == -signal.SIGKILL
        assert faults.counts(folder) in (before, after), ran.failed
        assert faults.run(warm, "load", more, "--store", folder).code == 0
        assert faults.counts(folder) == after
        assert faults.left_aside(folder) == [], ran.failed


def test_a_failing_write_while_going_back_changes_nothing(warm: Warm, held: Path, tmp_path: Path) -> None:
    """`rasd snapshots use`, the n-th call fails: exit 1 with cause and mend, or it is done all the same."""
    before, (base,) = faults.published(held), [*held.glob("snapshots/*")]
    codes = set()
    for ran, folder in each(warm, held, ["snapshots", "use", base.name], tmp_path, how="EIO"):
        codes.add(ran.code)
        assert (faults.published(folder), faults.left_aside(folder)) == (before, []), ran.failed
        assert ran.code == 0 or ran.err.startswith("rasd: "), ran.err
        assert ran.code == 0 or "Input/output error" in ran.err
    assert codes == {0, 1}
