"""Files that appear under their names only when they are whole."""

import contextlib
import os
from collections.abc import Generator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def aside(path: Path | None) -> Generator[IO[bytes]]:
    """A file to write that is put in place at the end, and not at all where that fails; None: nowhere."""
    if path is None:
        with Path(os.devnull).open("wb") as nowhere:
            yield nowhere
        return
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
