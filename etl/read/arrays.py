"""A JSON file of articles: an array, an object with a list `articles`, or one object; each as in JSONL."""

from collections.abc import Iterator

from etl.model import Place, Record
from etl.read import stream
from etl.read.files import Source
from etl.read.lines import decoded
from etl.read.need import Need, Refusal


def read_array(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """A record an element, numbered from 1 as if each were a line; the array is never held whole."""
    return stream.each(source, need, stream.array, _record)


def _record(place: Place, raw: bytes, need: Need) -> Record:
    return decoded(place, raw, need, is_first=False)
