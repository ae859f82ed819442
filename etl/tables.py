"""Small TOML files that people keep beside a command: decoded, or refused in the words of the option."""

import tomllib
from pathlib import Path
from typing import Any

from etl.model import UsageError


def read_tables(path: Path, option: str) -> dict[str, Any]:
    """The tables of a TOML file in UTF-8. Raises UsageError that begins with the option and names the file."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise UsageError(f"{option}: {path}: cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{option}: {path}: expected TOML: {error}") from error
