"""In a mount namespace of its own: a store on a file system with little room, a load, more room, the load again.

Words: the store to copy, the file to load, the room in bytes beside the store. The answer is one line of JSON.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import ROOT
from tests.trust import faults


def mount(folder: Path, size: int, *more: str) -> None:
    """A file system of some bytes."""
    options = ",".join([f"size={size}", *more])
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)  # noqa: S607 -- the system's


def load(file: str, store: Path) -> subprocess.CompletedProcess[str]:
    """`rasd load FILE` into the store."""
    command = [sys.executable, "-m", "etl", "load", file, "--store", str(store)]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)


def tried(held: str, file: str, room: int) -> dict[str, object]:
    """What happened."""
    with tempfile.TemporaryDirectory() as folder:
        disk, store = Path(folder), Path(folder) / "store"
        taken = sum(path.stat().st_size for path in Path(held).rglob("*"))
        mount(disk, taken + room)
        shutil.copytree(held, store)
        before = faults.published(store)
        first = load(file, store)
        told = {"code": first.returncode, "err": first.stderr, "left": faults.left_aside(store),
                "is_as_it_was": faults.published(store) == before}  # fmt: skip
        mount(disk, taken + (64 << 20), "remount")
        told |= {"again": load(file, store).returncode, "counts": faults.counts(store)}
        subprocess.run(["umount", str(disk)], check=True)  # noqa: S607 -- the system's
    return told


if __name__ == "__main__":
    sys.stdout.write(json.dumps(tried(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
