"""The processes that annotate: they end with their load, however it ends, and none ends without a word."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.trust import faults

_BARE = 4_000
"""Articles without annotations: enough that the processes are still at work when one is killed."""
_PATIENCE = 60.0
_LINUX = Path("/proc/self/cmdline")


def workers_of(pid: int) -> list[int]:
    """The processes that a load has started to annotate."""
    found = (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit())
    return [one for one in found if _state(one)[1] == str(pid) and b"spawn_main" in _words(one)]


def at_work(pid: int) -> list[int]:
    """Those of them that have used a tenth of a second: they were started, not only being started."""
    return [one for one in workers_of(pid) if int(_state(one)[11]) > os.sysconf("SC_CLK_TCK") // 10]


def _state(pid: int) -> list[str]:
    """What the system says of a process after its name: state, parent, …, ticks used."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return ["", "0"]


def _words(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture
def load(folder: Path, lines: list[str], tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Return a load whose processes are at work."""
    if not _LINUX.exists() or len(os.sched_getaffinity(0)) == 1:
        pytest.skip("needs /proc to find the processes, and two cores for a load to start any")
    path, fields = tmp_path / "bare.jsonl", {"annotations": [], "url": None}
    some = [json.loads(line) | fields for line in lines[:200]]
    bare = (json.dumps(some[n % 200] | {"article_id": str(n)}) + "\n" for n in range(_BARE))
    path.write_text("".join(bare), "ascii")
    command = [sys.executable, "-m", "etl", "load", str(path), "--store", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        until(lambda: len(at_work(process.pid)) > 1)
        yield process
        process.kill()


def until(happens: Callable[[], bool]) -> None:
    """Wait until something is true; fail where it never is."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if happens():
            return
        time.sleep(0.01)
    pytest.fail("waited in vain")


def test_a_killed_load_leaves_no_process_behind(load: subprocess.Popen[str]) -> None:
    """Kill -9 of the load alone: its processes end, too, instead of waiting for work for ever."""
    started = workers_of(load.pid)
    load.kill()
    load.wait()
    until(lambda: not any(b"spawn_main" in _words(one) for one in started))


def test_a_load_whose_process_was_killed_says_so(load: subprocess.Popen[str], folder: Path) -> None:
    """The system ends one for want of memory: exit 1, cause and mend in one line, and the store as it was."""
    before = faults.published(folder)
    os.kill(workers_of(load.pid)[0], signal.SIGKILL)
    _, err = load.communicate(timeout=_PATIENCE)
    assert (load.returncode, err.count("\n")) == (1, 1), err
    assert "memory" in err
    assert "load again" in err
    assert (faults.published(folder), faults.left_aside(folder)) == (before, [])
