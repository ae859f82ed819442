"""What the tests of trust begin with: a warm process, annotated articles, a store that holds some of them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl import pipeline
from tests.conftest import ROOT
from tests.trust import faults

HELD, MORE = 60, 10
"""Articles of the store, and of the file that comes next: enough for every table, few enough for many loads."""

if not hasattr(os, "fork"):
    pytest.skip("the faults are made with fork, signals and resource limits of POSIX", allow_module_level=True)


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[faults.Warm]:
    """Return the process that forks loads."""
    with faults.warmed(tmp_path_factory.mktemp("warm")) as process:
        yield process


@pytest.fixture(scope="session")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the sample's articles as annotated lines: real rows in every layer, quick to load."""
    out = tmp_path_factory.mktemp("annotated") / "sample.jsonl"
    pipeline.annotate_files([ROOT / "data" / "sample"], out)
    return out.read_text("utf-8").splitlines(keepends=True)


@pytest.fixture(scope="session")
def held(lines: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that holds some articles, to be copied, not changed."""
    folder = tmp_path_factory.mktemp("held")
    (folder / "held.jsonl").write_text("".join(lines[:HELD]), "utf-8")
    pipeline.load([folder / "held.jsonl"], store=folder / "store")
    return folder / "store"


@pytest.fixture(scope="session")
def more(lines: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of articles that the store does not hold yet."""
    path = tmp_path_factory.mktemp("more") / "more.jsonl"
    path.write_text("".join(lines[HELD : HELD + MORE]), "utf-8")
    return path


@pytest.fixture(scope="session")
def after(warm: faults.Warm, held: Path, more: Path, tmp_path_factory: pytest.TempPathFactory) -> faults.Counts:
    """Return the rows by table of a store that holds both."""
    folder = Path(shutil.copytree(held, tmp_path_factory.mktemp("after") / "store"))
    assert faults.run(warm, "load", more, "--store", folder).code == 0
    return faults.counts(folder)


@pytest.fixture
def folder(held: Path, tmp_path: Path) -> Path:
    """Return a store of the test's own that holds some articles."""
    return Path(shutil.copytree(held, tmp_path / "store"))
