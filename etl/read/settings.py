"""Numbers that the environment may set, so that a file larger than usual can be let through by whoever knows it."""

import os

from etl.model import UsageError


def number(name: str, usual: int) -> int:
    """The whole number above 0 that the variable holds, else the usual one; raises UsageError for anything else."""
    text = os.environ.get(name, "")
    if text and not (text.isascii() and text.isdigit() and int(text[:12])):
        raise UsageError(f"{name}: expected a whole number above 0 such as {usual}")
    return int(text[:12]) if text else usual
