"""A process that imports Rasd once and forks a child for each order, so that thirty loads pay for one start.

An order is a line of JSON on stdin (see `tests.trust.faults.begin`). The answers are lines, too: the child's id when
it begins; its exit code, memory and processor time when it has ended. The child leads a process group of its own.
"""

import contextlib
import gc
import json
import os
import resource
import signal
import sys
from typing import Any

import pandas as pd  # noqa: F401 -- pyarrow would import it in every child

import etl.pipeline  # noqa: F401 -- here, once, so that no child waits for it
from etl import registry
from etl.__main__ import main
from tests.trust import failing

_PATIENCE = 120
"""Seconds after which a child that hangs is ended by SIGALRM, and its test fails."""


def child(order: dict[str, Any], out: int, err: int) -> None:
    """Become `rasd WORDS` with the faults of the order, and end with its exit code."""
    os.setpgid(0, 0)
    signal.alarm(_PATIENCE)
    os.environ |= order["env"]
    sys.stdout, sys.stderr = os.fdopen(out, "w"), os.fdopen(err, "w")
    os.dup2(out, 1)
    os.dup2(err, 2)
    if order["alone"]:
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    if order["limit"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["limit"], order["limit"]))
    if order["fail"]:
        failing.arm(**order["fail"])
    code = main(order["words"])
    sys.stderr.flush()
    # Without taking apart what was imported: half of a short order's time.
    os._exit(code)


def serve() -> None:
    """Answer orders until stdin ends."""
    for line in sys.stdin:
        # Pipes: a limit to the size of files does not reach them.
        (out, out_end), (err, err_end) = os.pipe(), os.pipe()
        pid = os.fork()
        if not pid:
            child(json.loads(line), out_end, err_end)
        os.close(out_end)
        os.close(err_end)
        # Said on both sides: whoever comes first, the group is there before its id is told.
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        answer(pid=pid)
        said = {"err": everything(err), "out": everything(out)}
        _, status, used = os.wait4(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        answer(code=code, megabytes=used.ru_maxrss / 1024, seconds=used.ru_utime + used.ru_stime, **said)


def everything(descriptor: int) -> str:
    """What comes out of a pipe until its last writer has gone."""
    with os.fdopen(descriptor, "rb") as pipe:
        return pipe.read().decode()


def answer(**said: object) -> None:
    """A line of JSON to who ordered."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    registry.load()
    gc.freeze()
    serve()
    os._exit(0)
