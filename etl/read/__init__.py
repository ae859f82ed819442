"""Files of strangers → records, each accounted for: `survey` finds the files, `read` yields a Record or a Refusal each.

A reader never stops at a bad record: it refuses it by place, field, reason and what was expected, and goes on. Formats
are listed in `formats`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from etl.labels import Labels
from etl.mapping import Mapping
from etl.model import Record
from etl.read import archives, files
from etl.read.files import Source, Survey
from etl.read.formats import OF_LINES, READERS, forced, recognised
from etl.read.need import Need, Refusal, max_line
from etl.registry import Registry

__all__ = ["Need", "Refusal", "Source", "Survey", "parts", "read", "survey"]


def survey(paths: Iterable[Path], format_name: str | None = None) -> Survey:
    """The files behind the paths and their formats; `format_name` where the caller knows better than their heads tell.

    Raises UsageError for a path that does not exist and for no format of ours.
    """
    return files.survey(paths, forced(format_name) if format_name else recognised)


def parts(sources: Iterable[Source]) -> Iterator[list[Source]]:
    """The files in lists of some megabytes each, in order; a large file of lines is cut into pieces of itself."""
    part: list[Source] = []
    size = 0
    for source in sources:
        for piece in files.pieces(source, _PART) if source.format in OF_LINES else [source]:
            part.append(piece)
            size += piece.size
            if size >= _PART or len(part) >= _MOST_FILES:
                yield part
                part, size = [], 0
    if part:
        yield part


_PART = 8 << 20
_MOST_FILES = 2_000


def read(
    sources: Iterable[Source], mapping: Mapping | None, registry: Registry, labels: Labels | None = None
) -> Iterator[Record | Refusal]:
    """Every record of the files, in order: accepted (articles finished, a page's still to be cut) or refused."""
    need = Need(mapping=mapping, registry=registry, labels=labels or Labels(), max_line=max_line())
    try:
        for source in sources:
            yield from READERS[source.format](source, need)
    finally:
        archives.close()
