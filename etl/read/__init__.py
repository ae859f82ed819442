"""Files of strangers → records, each accounted for: `survey` finds the files, `read` yields a Record or a Refusal each.

READERS has one function a format. A reader never stops at a bad record: it refuses it by place, field, reason and
what was expected, and goes on. To add a format: one function, one line.
"""

from collections.abc import Callable, Iterable, Iterator

from etl.mapping import Mapping
from etl.model import Record
from etl.read.files import Source, Survey, survey
from etl.read.lines import read_lines
from etl.read.need import Need, Refusal, max_line
from etl.read.pages import read_page
from etl.read.rows import read_rows
from etl.read.unknown import read_unknown
from etl.registry import Registry

Reader = Callable[[Source, Need], Iterator[Record | Refusal]]

READERS: dict[str, Reader] = {
    ".jsonl": read_lines,
    ".jsonl.gz": read_lines,
    ".csv": read_rows,
    ".tsv": read_rows,
    ".txt": read_page,
    "": read_unknown,
}
"""By suffix; the empty suffix takes what was named by its path and has no reader."""

__all__ = ["READERS", "Refusal", "Source", "Survey", "read", "survey"]


def read(sources: Iterable[Source], mapping: Mapping | None, registry: Registry) -> Iterator[Record | Refusal]:
    """Every record of the files, in order: accepted (articles finished, a page's still to be cut) or refused."""
    need = Need(mapping=mapping, registry=registry, max_line=max_line())
    for source in sources:
        yield from READERS[source.format](source, need)
