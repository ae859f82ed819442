"""What was named by its path and has no reader: one record, refused, so that nothing is passed over in silence."""

from collections.abc import Iterator

from etl.mapping import WrongValue
from etl.model import Place
from etl.read.files import FORMATS, Source
from etl.read.need import Need, Refusal, refuse


def read_unknown(source: Source, _need: Need) -> Iterator[Refusal]:
    """One refusal that lists the formats."""
    fault = WrongValue("", "unknown-format", f"a file ending in {' '.join(FORMATS)}")
    yield refuse(Place(source.name, 1, 0), b"", fault)
