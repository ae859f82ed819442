"""What was named by its path and has no reader: one record, refused, so that nothing is passed over in silence."""

from collections.abc import Iterator

from etl.mapping import WrongValue
from etl.model import Place
from etl.read.files import Source
from etl.read.need import Need, Refusal, refuse


def read_unknown(source: Source, _need: Need) -> Iterator[Refusal]:
    """One refusal that says why, or where the formats are listed."""
    fault = source.fault or WrongValue("", "unknown-format", "a file in one of the forms that docs/inputs.md lists")
    yield refuse(Place(source.name, 1, 0), b"", fault)
