"""The formats: how each is recognised and what reads it. The first that recognises a file takes it.

To add a format: a module with a reader and, where the suffix does not tell, a function that looks at the head; a line
here; a line in docs/inputs.md.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from etl.model import Record, UsageError
from etl.read.files import Head, Source
from etl.read.lines import read_lines
from etl.read.need import Need, Refusal
from etl.read.pages import read_page
from etl.read.rows import read_rows
from etl.read.unknown import read_unknown

Reader = Callable[[Source, Need], Iterator[Record | Refusal]]


def _any(_head: Head) -> bool:
    return True


class Format(NamedTuple):
    """A form of files: its name, the suffixes that it may have, what reads it, and how its head tells it apart."""

    name: str
    suffixes: tuple[str, ...]
    read: Reader
    looks: Callable[[Head], bool] = _any
    is_of_lines: bool = False
    """Does every line stand for itself, so that a large file may be read in pieces."""


FORMATS = (
    Format("jsonl", (".jsonl",), read_lines, is_of_lines=True),
    Format("csv", (".csv",), read_rows),
    Format("tsv", (".tsv",), read_rows),
    Format("txt", (".txt",), read_page),
)
OF_LINES = frozenset(one.name for one in FORMATS if one.is_of_lines)
READERS: dict[str, Reader] = {"": read_unknown} | {one.name: one.read for one in FORMATS}


def recognised(head: Head) -> str | None:
    """The name of the format that takes a file; None where none does."""
    return next((one.name for one in FORMATS if head.name.endswith(one.suffixes) and one.looks(head)), None)


def forced(name: str) -> Callable[[Head], str | None]:
    """Take files of the suffixes of that format for it, whatever they look like; raises UsageError for no format."""
    known = {one.name: one for one in FORMATS}
    if name not in known:
        raise UsageError(f"--format: expected one of {' '.join(known)}, found {name!a}")
    return lambda head: name if head.name.endswith(known[name].suffixes) else recognised(head)
