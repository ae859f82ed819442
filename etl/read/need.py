"""What every reader gets and gives: mapping, labels, registry, line cap in; records and refusals out."""

import hashlib

import msgspec

from etl.labels import Labels
from etl.mapping import Mapping, WrongValue
from etl.model import Place, Reject
from etl.read.settings import number
from etl.registry import Registry

MAX_LINE = 4 * 1024 * 1024
"""Bytes of the longest record; RASD_MAX_LINE sets another. A long article has 50 kB."""


class Need(msgspec.Struct, kw_only=True, frozen=True):
    """What a reader needs beside its file."""

    mapping: Mapping | None
    registry: Registry
    labels: Labels = Labels()
    max_line: int = MAX_LINE


class Refusal(msgspec.Struct, kw_only=True):
    """A refused record with its bytes (at most the line cap), which go into the rejects file and nowhere else."""

    reject: Reject
    raw: bytes


def max_line() -> int:
    """The cap in force; raises UsageError where RASD_MAX_LINE is no number of bytes."""
    return number("RASD_MAX_LINE", MAX_LINE)


def refuse(place: Place, raw: bytes, fault: WrongValue, sha256: str | None = None) -> Refusal:
    """The refusal of a record; `sha256` where `raw` is only its beginning."""
    reject = Reject(
        place=place, field=fault.field, reason=fault.reason, expected=fault.expected,
        sha256=sha256 or hashlib.sha256(raw).hexdigest(),
    )  # fmt: skip
    return Refusal(reject=reject, raw=raw)


def unreadable(file: str, error: OSError) -> Refusal:
    """The refusal of a whole file that the system does not let us read."""
    fault = WrongValue("", "unreadable-file", f"a file that can be read ({error.strerror})")
    return refuse(Place(file, 1, 0), b"", fault)
