"""A file that is one record: its bytes under the cap, and its refusal where it is none."""

from collections.abc import Callable, Iterator

from etl.mapping import WrongValue
from etl.model import Place, Record
from etl.read.files import DAMAGED, Source, opened
from etl.read.need import Need, Refusal, refuse, unreadable

Make = Callable[[Source, bytes, Need], Record]
"""The record of a file's bytes; raises WrongValue."""


def read_document(source: Source, need: Need, make: Make) -> Iterator[Record | Refusal]:
    """One record, or one refusal with what was read of the file."""
    raw = b""
    try:
        raw = contents(source, need.max_line)
        if len(raw) > need.max_line:
            raise WrongValue("", "page-too-long", f"at most {need.max_line} bytes (RASD_MAX_LINE)")
        yield make(source, raw, need)
    except WrongValue as fault:
        yield refuse(place(source), raw[: need.max_line], fault)
    except OSError as error:
        yield unreadable(source.name, error)


def place(source: Source) -> Place:
    """Where the record of a whole file stands."""
    return Place(source.name, 1, 0)


def contents(source: Source, cap: int) -> bytes:
    """The bytes of a file, one more than the cap where it is longer. Raises OSError, WrongValue where it is damaged."""
    try:
        with opened(source) as file:
            return file.read(cap + 1)
    except DAMAGED as error:
        raise source.damaged from error
