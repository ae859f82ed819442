"""The compiled annotator: it is there where it can be, says what Python says, and steps back where it does not fit."""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from etl import compiled
from etl.annotate import annotate
from etl.registry import load
from tests.bench.test_annotate import articles

ROOT = Path(__file__).parent.parent
_COMPILER = (sysconfig.get_config_var("CC") or "").partition(" ")[0]
_HEADERS = Path(sysconfig.get_path("include")) / "Python.h"
needs_compiler = pytest.mark.skipif(
    not (shutil.which(_COMPILER) and _HEADERS.is_file()), reason="no C compiler here, or not Python's headers"
)
needs_it = pytest.mark.skipif(
    not compiled.is_taken(), reason="this runs as Python: `python -m etl.compiling` compiles, or says why it cannot"
)
_WHERE = "import etl.text; print(etl.text.__file__)"


def python(code: str, root: Path = ROOT, switch: str = "1") -> str:
    """What a Python of its own prints."""
    command, told = [sys.executable, "-c", code], {**os.environ, compiled.SWITCH: switch}
    return subprocess.run(command, cwd=root, env=told, check=True, capture_output=True, text=True).stdout.strip()


def digest() -> str:
    """All rows of the articles that the bench reads, as one number."""
    seen = hashlib.sha256()
    for article in articles():
        seen.update(repr(annotate(article, load())).encode())
    return seen.hexdigest()


@needs_compiler
def test_where_there_is_a_compiler_the_annotator_can_be_compiled() -> None:
    """What an install does, done again where sources were edited since; a second time it has nothing to do."""
    for _ in range(2):
        subprocess.run([sys.executable, "-m", "etl.compiling"], cwd=ROOT, check=True, capture_output=True)
    assert Path(python(_WHERE)).is_relative_to(compiled.folder())


@needs_it
def test_machine_code_says_what_python_says() -> None:
    """The same rows, whichever of the two reads."""
    as_python = python("from tests.test_compiled import digest; print(digest())", switch="0")
    assert as_python == digest()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A project of its own, with what was compiled of it."""
    shutil.copytree(ROOT / "etl", tmp_path / "etl", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@needs_it
def test_a_copy_takes_what_was_compiled(copied: Path) -> None:
    """It is found by its sources, wherever they lie; one switch has all run as Python."""
    assert Path(python(_WHERE, copied)).parent.parent == copied / "etl/_compiled" / compiled.folder().name
    assert Path(python(_WHERE, copied, switch="0")) == copied / "etl/text.py"


@needs_it
@pytest.mark.parametrize("name", ["annotate/kept.py", "annotate/learned.py", "text.py", "model.py"])
def test_an_edited_source_runs_as_it_stands(name: str, copied: Path) -> None:
    """Machine code of other sources is left alone."""
    with (copied / "etl" / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert Path(python(_WHERE, copied)) == copied / "etl/text.py"


@needs_it
def test_a_library_that_does_not_load_is_left_alone(copied: Path) -> None:
    """A copy made on another machine runs as Python."""
    for library in (copied / "etl/_compiled").rglob(f"{compiled.LIBRARY}*"):
        library.write_bytes(b"\x7fELF of another machine")
    assert Path(python(_WHERE, copied)) == copied / "etl/text.py"


@needs_it
def test_half_a_folder_is_not_taken(copied: Path) -> None:
    """A library that was never finished is no library, and one that gives other rows is taken back."""
    for library in (copied / "etl/_compiled").rglob(f"{compiled.LIBRARY}*"):
        library.unlink()
    assert Path(python(_WHERE, copied)) == copied / "etl/text.py"


@needs_it
def test_what_gives_other_rows_is_taken_back(copied: Path) -> None:
    """Compiling ends with a word of what is wrong, and leaves nothing behind but another Python's folder."""
    made = copied / "etl/_compiled" / compiled.folder().name
    other = made.with_name("cpython-399-other-0")
    other.mkdir()
    kept = made.rename(copied / "kept")
    code = (
        "from etl import compiling; import shutil;"
        f"compiling.compile_into = lambda target: shutil.copytree({str(kept)!r}, target);"
        "compiling._rows = lambda switch: ['True', switch]; compiling.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=copied, check=False, capture_output=True, text=True)
    assert (done.returncode, "other rows" in done.stderr) == (1, True)
    assert (made.exists(), other.exists()) == (False, True)
