"""Make the n-th change of the file system fail: what Python asks of the system under a folder, counted.

Counted are making a file, writing a whole text (half of it arrives), making a folder, renaming, replacing and fsync.
DuckDB's own writes do not pass here; a small file system and RLIMIT_FSIZE reach those.
"""

import builtins
import errno
import functools
import io
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

_CALLS = (
    ("open", io),
    ("open", builtins),
    ("mkdir", os),
    ("rename", os),
    ("replace", os),
    ("fsync", os),
)
_SILENT = {"fsync"}
"""A kill here leaves the same files as a kill at the call after it."""

_WRITING = frozenset("wax")
_open = os.open


def arm(under: str, nth: int, how: str, told: str, since: str = "") -> None:
    """From now on the n-th counted call fails: `how` is the name of an errno, or "kill" for a kill -9 at that moment.

    `told` is a file that then holds the name of the call that failed. `since`: counting begins with the first call of
    this name.
    """
    seen = [] if since else [since]

    def due(name: str) -> bool:
        if seen or name == since:
            seen.append(name)
        is_due = len(seen) == nth + (not since)
        if is_due:
            os.write(_open(told, os.O_WRONLY | os.O_CREAT), name.encode())
        return is_due

    strike = functools.partial(_strike, how)

    def counted(name: str, original: Callable[..., object]) -> Callable[..., object]:
        def call(*words: Any, **named: Any) -> object:
            if _is_counted(name, under, words, named) and due(name):
                strike()
            return original(*words, **named)

        return call

    for name, module in (one for one in _CALLS if how != "kill" or one[0] not in _SILENT):
        setattr(module, name, counted(name, getattr(module, name)))
    setattr(Path, "write_text", _half(Path.write_text, due, strike))  # noqa: B010 -- a type checker would take it for an error


def _strike(how: str) -> None:
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    number = getattr(errno, how)
    raise OSError(number, os.strerror(number))


def _half(original: Callable[..., int], due: Callable[[str], bool], strike: Callable[[], None]) -> Callable[..., int]:
    def write_text(path: Path, text: str, **named: Any) -> int:
        if due("write_text"):
            original(path, text[: len(text) // 2], **named)
            strike()
        return original(path, text, **named)

    return write_text


def _is_counted(name: str, under: str, words: tuple[Any, ...], named: dict[str, Any]) -> bool:
    if name == "fsync":
        return True
    if isinstance(words[0], int) or not os.fspath(words[0]).startswith(under):
        return False
    mode = words[1] if len(words) > 1 else named.get("mode", "r")
    return name != "open" or not _WRITING.isdisjoint(mode)
