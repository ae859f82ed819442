"""Kill -9 at any moment: readers see the old snapshot or the new one, and the next load cleans up.

Thirty kills in the ordinary run; `RASD_KILLS=1000 python -m pytest tests/trust/test_kill.py` makes a thousand.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.trust import faults

_LAP = 10
_LAPS = -(-int(os.environ.get("RASD_KILLS", "30")) // _LAP)
_ATTEMPTS = 8


@contextlib.contextmanager
def reader(folder: Path) -> Generator[dict[str, Any]]:
    """A process that opens the current snapshot again and again; what it saw is there at the end."""
    command = [sys.executable, "-m", "tests.trust.reader", str(folder)]
    told: dict[str, Any] = {}
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield told
        told |= json.loads(process.communicate()[0])


def killed(warm: faults.Warm, words: Sequence[object], seconds: float, env: dict[str, str]) -> bool:
    """Kill a load, with all its processes, after some seconds; False where it was quicker."""
    pid = faults.begin(warm, *words, env=env)
    time.sleep(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return faults.end(warm).code == -signal.SIGKILL


@pytest.mark.parametrize("lap", range(_LAPS))
def test_a_kill_at_any_moment_leaves_the_old_snapshot_or_the_new_one(
    warm: faults.Warm, folder: Path, more: Path, after: faults.Counts, lap: int
) -> None:
    """Ten kills spread over the whole of a load, under the eyes of a reader; after each, the next load is as ever.

    Every second lap loads upon a copy of the snapshot and shares its texts, as a small load into a big store does.
    """
    chance, before, (base,) = random.Random(lap), faults.counts(folder), [*folder.glob("snapshots/*")]
    words, torn = ["load", more, "--store", folder], 0
    env = {"RASD_UPON": "0"} if lap % 2 else {}
    with reader(folder) as told:
        began = time.monotonic()
        assert faults.run(warm, *words, env=env).code == 0
        whole = time.monotonic() - began
        for n in range(_LAP):
            share = (n + chance.random()) / _LAP
            for _ in range(_ATTEMPTS):
                assert faults.run(warm, "snapshots", "use", base.name, "--store", folder).code == 0
                if killed(warm, words, share * whole, env):
                    break
                # It was quicker than the one measured: the same moment again, by the shorter measure.
                whole *= share
            torn += bool(faults.left_aside(folder))
            assert faults.counts(folder) in (before, after)
            assert faults.run(warm, *words, env=env).code == 0
            assert faults.left_aside(folder) == []
            assert faults.counts(folder) == after
    assert told["faults"] == []
    assert all(found in (before, after) for found in told["seen"])
    assert len(told["seen"]) == 2
    assert torn, "no kill met a load while it was building"
    print(f"lap {lap}: {told['looks']} looks, {torn} of {_LAP} kills while building, a load takes {whole:.2f} s")
