"""What `pip install -e .` does besides pointing at the sources: it has the annotator compiled (etl.compiling)."""

import subprocess
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompilingHook(BuildHookInterface):
    """Compiles before an editable install; a wheel stays the same for every machine."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 -- hatchling calls it so
        """Compile in a process of its own: where that fails, the install goes on and Rasd runs as Python."""
        if version == "editable":
            command = [sys.executable, "-m", "etl.compiling"]
            done = subprocess.run(command, cwd=self.root, check=False, capture_output=True, text=True)  # noqa: S603 -- ourselves
            if done.returncode:
                self.app.display_warning(f"the annotator is not compiled and runs as Python: {done.stderr[-2000:]}")
