"""What `pip install -e .` does besides pointing at the sources: it has the annotator compiled (etl.compiling)."""

import importlib.util
import subprocess
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompilingHook(BuildHookInterface):
    """Compiles before an editable install; a wheel stays the same for every machine."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 -- hatchling calls it so
        """Compile in a process of its own: where that fails, the install goes on and Rasd runs as Python.

        Not in a build that is cut off from the packages that Rasd runs with: what comes out could not be compared.
        """
        if version != "editable" or not all(map(importlib.util.find_spec, ("msgspec", "mypyc", "setuptools"))):
            return
        try:
            command = [sys.executable, "-m", "etl.compiling"]
            done = subprocess.run(command, cwd=self.root, check=False, capture_output=True)  # noqa: S603 -- ourselves
        except OSError as error:
            self.app.display_warning(f"{_PLAIN}: {error}")
            return
        if done.returncode:
            told = (done.stdout + done.stderr).decode("utf-8", "replace")
            self.app.display_warning(f"{_PLAIN}: {told[-2000:]}")


_PLAIN = "the annotator is not compiled and runs as Python"
