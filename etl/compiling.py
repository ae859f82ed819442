"""Compiling the annotator: `python -m etl.compiling`, which `hatch_build.py` runs as Rasd is installed.

mypyc turns the modules of `compiled.sources` into C, and the machine's compiler makes a library of it, in half a minute
on two cores. Where that fails, or what came out does not give the rows that Python gives, nothing is left behind.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from filelock import FileLock
from mypyc.build import mypycify
from setuptools import Distribution
from setuptools.command.build_ext import build_ext

from etl import compiled

_ROOT = Path(__file__).resolve().parents[1]
_OPTIONS = ("--ignore-missing-imports", "--follow-imports=silent", "--config-file=")
_EXACT = () if sys.platform == "win32" else ("-ffp-contract=off",)
"""A product and a sum are rounded one after the other, as Python does it: on some machines one step would do both."""
_CHECK = """
import hashlib, json, sys
from etl import compiled
from etl.annotate import annotate
from etl.model import Article
from etl.registry import load
from etl.sample import sample_folder
seen = hashlib.sha256()
for line in (sample_folder() / "articles-2025.jsonl").read_text("utf-8").splitlines()[:100]:
    told = {name: one for name, one in json.loads(line).items() if name in {"headline", "body", "published"}}
    seen.update(repr(annotate(Article(**told), load())).encode())
print(compiled.is_taken(), seen.hexdigest())
"""
"""Whether machine code ran, and the rows of a hundred articles of the sample as one number."""


class _OnAllCores(build_ext):
    """The files of a library are compiled side by side."""

    def build_extensions(self) -> None:
        one = self.compiler.compile
        with ThreadPoolExecutor(os.cpu_count()) as pool:

            def each(files: Iterable[str], **how: Any) -> list[str]:
                return [made for found in pool.map(lambda file: one([file], **how), files) for made in found]

            self.compiler.compile = each
            super().build_extensions()


def compile_into(target: Path) -> None:
    """Leave the compiled modules in a new folder; whatever a tool raises is raised, SystemExit for a wrong type."""
    with tempfile.TemporaryDirectory(dir=target.parent) as made:
        paths = [path.relative_to(_ROOT).as_posix() for path in compiled.sources().values()]
        with contextlib.chdir(_ROOT):  # mypy names a module by where it lies under the working folder
            modules = mypycify([*_OPTIONS, f"--cache-dir={made}/cache", *paths], opt_level="3", debug_level="0",
                               multi_file=True, group_name=compiled.LIBRARY, target_dir=f"{made}/c")  # fmt: skip
        for module in modules:
            module.extra_compile_args += _EXACT
        with contextlib.chdir(made):  # setuptools would read the project's own settings
            command = _OnAllCores(Distribution({"ext_modules": modules}))
            command.build_lib, command.build_temp = f"{made}/lib", f"{made}/temp"
            command.ensure_finalized()
            command.run()
        # By its name last: half a folder is never taken for all of it.
        Path(made, "lib").rename(target)


def _rows(switch: str) -> list[str]:
    command, told = [sys.executable, "-c", _CHECK], {**os.environ, compiled.SWITCH: switch}
    done = subprocess.run(command, cwd=_ROOT, env=told, check=False, capture_output=True, text=True)  # noqa: S603 -- ourselves
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.split()


def main() -> None:
    """Compile, unless it is done; take it back where it gives other rows than Python does. One at a time."""
    target = compiled.folder()
    target.parent.mkdir(exist_ok=True)
    with FileLock(target.parent / "lock"):
        if compiled.library():
            return
        shutil.rmtree(target, ignore_errors=True)
        is_right = False
        try:
            compile_into(target)
            (is_taken, rows), (_, expected) = _rows("1"), _rows("0")
            is_right = is_taken == "True" and rows == expected
        finally:
            for old in target.parent.glob(f"{compiled.MACHINE}-*"):
                if old != target or not is_right:
                    shutil.rmtree(old, ignore_errors=True)
    if not is_right:
        sys.exit("the compiled annotator does not load, or gives other rows than Python does")


if __name__ == "__main__":
    try:
        main()
    except Exception as error:  # noqa: BLE001 -- whatever a tool raises, its last word says what is missing
        sys.exit(f"the annotator is not compiled and runs as Python: {error}")
