"""The annotator as machine code: the same modules, compiled where there is a C compiler, and taken only while they fit.

`etl.compiling` makes them as Rasd is installed: about 1.4 times as quick as the Python that they are made from, with
the same rows (tests/test_compiled.py). They lie apart from their sources, in a folder whose name is a digest of these,
so that what was edited since runs as Python. Where nothing was compiled, all runs as Python.
"""

import functools
import hashlib
import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path

SWITCH = "RASD_COMPILED"
"""The variable of the environment that, set to 0, has everything run as Python."""

LIBRARY = "rasd_annotator"
"""The name under which mypyc puts all compiled modules into one file."""

MACHINE = importlib.machinery.EXTENSION_SUFFIXES[0].split(".")[1]
"""What kind of Python and machine the code is for: «cpython-311-x86_64-linux-gnu»."""

_PACKAGE = Path(__file__).resolve().parent
_PLAIN = frozenset(("__init__", "learned"))
"""Modules of the annotator that stay Python: the package itself, and structs, as mypyc does not keep the types that
msgspec reads their fields off."""
_TYPES = ("model.py", "registry.py", "annotate/learned.py", "compiled.py", "compiling.py")
"""What else machine code is made with."""


@functools.cache
def sources() -> dict[str, Path]:
    """The modules that are compiled, by name, in order."""
    found = (path for path in sorted((_PACKAGE / "annotate").glob("*.py")) if path.stem not in _PLAIN)
    return {"etl.text": _PACKAGE / "text.py", **{f"etl.annotate.{path.stem}": path for path in found}}


@functools.cache
def folder() -> Path:
    """Where machine code of these very sources lies for this Python, whether or not it does."""
    seen = hashlib.sha256()
    for path in (*sources().values(), *(_PACKAGE / name for name in _TYPES)):
        seen.update(path.name.encode() + path.read_bytes())
    return _PACKAGE / "_compiled" / f"{MACHINE}-{seen.hexdigest()[:16]}"


def library() -> Path | None:
    """The file of all compiled modules, None where it was never made or was made of other sources."""
    return _file(_SHARED)


def is_taken() -> bool:
    """Do compiled modules stand in for their sources in this process."""
    return _SHARED in sys.modules


def take() -> None:
    """Have the compiled modules imported instead of their sources.

    Nothing changes where they are switched off, were never made, were made of other sources, or do not load here.
    """
    if os.environ.get(SWITCH) == "0" or not (_PACKAGE / "_compiled").is_dir():
        return
    try:
        found = library()
    except OSError:
        return
    if found and _loads(found):
        sys.meta_path.insert(0, sys.modules[__name__])  # ty: ignore[invalid-argument-type] -- a module finds as well


def find_spec(name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:  # noqa: ARG001 -- as Python asks it
    """Where a module is compiled; Python asks this of what stands in `sys.meta_path`."""
    file = _file(name) if name in sources() else None
    return importlib.util.spec_from_file_location(name, file) if file else None


_SHARED = f"{LIBRARY}__mypyc"


def _file(name: str) -> Path | None:
    way = folder().joinpath(*name.split("."))
    files = (way.with_name(way.name + suffix) for suffix in importlib.machinery.EXTENSION_SUFFIXES)
    return next((file for file in files if file.is_file()), None)


def _loads(found: Path) -> bool:
    """The library must be there under its own name before any module in it is asked for."""
    spec = importlib.util.spec_from_file_location(_SHARED, found)
    if spec is None or spec.loader is None:
        return False
    try:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except Exception:  # noqa: BLE001 -- whatever is wrong with it, the sources are there
        return False
    sys.modules[_SHARED] = module
    return True
