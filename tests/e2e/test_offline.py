"""Server and browser on a machine that reaches nothing but itself."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

CHARTS = ("overview-lanes", "overview-compared", "events-lanes", "events-ranking", "pairs-matrix", "pairs-ranking",
          "themes-bars", "themes-time", "themes-compared", "articles-time", "data-bases")  # fmt: skip


def test_everything_is_drawn_without_a_network(sample_store: Path) -> None:
    """In a network namespace with loopback only, every figure has its marks, the fonts are there, no request fails."""
    command = [*_alone(), sys.executable, "-m", "tests.e2e.offline_tour", str(sample_store)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["interfaces"] == ["lo"]
    assert told["failed"] == []
    assert told["font"]
    assert any("Material" in family for family in told["icons"])
    assert {key: told["figures"].get(key, 0) > 0 for key in CHARTS} == dict.fromkeys(CHARTS, True)
    assert told["marks"] > 0


def _alone() -> list[str]:
    """The command that runs another one with loopback only; skips where the system has or permits none."""
    unshare = shutil.which("unshare")
    if not sys.platform.startswith("linux") or unshare is None:
        pytest.skip("a network namespace needs Linux and unshare (util-linux)")
    own = [unshare, "-n"] if os.geteuid() == 0 else [unshare, "-r", "-n"]
    tried = subprocess.run([*own, "true"], check=False, capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"this system permits no network namespace: {tried.stderr.strip()}")
    return own
