"""A snapshot → a file for other tools: `export` writes it, WRITERS lists the formats. etl.read mirrors it.

To add a format: a module with a function from articles to a file, and a line here.
"""

import contextlib
import gzip
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple, cast

import msgspec

from etl.aside import aside
from etl.labels import label_of
from etl.model import Article, UsageError
from etl.registry import Registry
from etl.registry import load as load_registry
from etl.store import current, open_snapshot
from etl.write import doccano, labelstudio, table
from etl.write.snapshot import Choice, articles

_PACKED = ".gz"
Write = Callable[[Iterable[Article], IO[bytes]], None]


def _rasd(found: Iterable[Article], file: IO[bytes]) -> None:
    file.writelines(msgspec.json.encode(article) + b"\n" for article in found)


class Writer(NamedTuple):
    """A format to write: how, the suffix of its files, and the reader of etl.read that reads it back (None: none).

    `beside` makes a second file for the tool, out of the fields and labels of the first one; `config` is its suffix.
    """

    write: Write
    suffix: str
    reader: str | None = None
    beside: Callable[[set[tuple[str, str]], Registry], bytes] | None = None
    config: str = ""


WRITERS = {
    "rasd": Writer(_rasd, ".jsonl", "jsonl"),
    "labelstudio": Writer(labelstudio.write, ".json", "labelstudio", labelstudio.config, ".config.xml"),
    "doccano": Writer(doccano.write, ".jsonl", "doccano"),
    "csv": Writer(table.write_csv, ".csv"),
    "parquet": Writer(table.write_parquet, ".parquet"),
}


class Exported(NamedTuple):
    """What was written: the files, the number of articles, and of annotations."""

    files: list[Path]
    articles: int
    annotations: int


def export(
    store: Path, out: Path, format_name: str, choice: Choice | None = None, registry: Registry | None = None
) -> Exported:
    """Write the current snapshot's current articles, put in place when whole; memory does not grow with the store.

    Raises UsageError for no format or a name that `rasd load` would not know again, and the store's errors.
    """
    writer = _writer(format_name, out)
    counted = _Counted()
    with contextlib.closing(open_snapshot(store, current(store) or "")) as connection, _opened(out) as file:
        writer.write(counted.through(articles(connection, choice or Choice())), file)
    files = [out]
    if writer.beside:
        files.append(out.with_name(out.name.removesuffix(_PACKED) + writer.config))
        with aside(files[-1]) as file:
            file.write(writer.beside(counted.labels, registry or load_registry()))
    return Exported(files, counted.articles, counted.annotations)


def _writer(format_name: str, out: Path) -> Writer:
    if format_name not in WRITERS:
        raise UsageError(f"--format: expected one of {' '.join(WRITERS)}, found {format_name!a}")
    writer = WRITERS[format_name]
    ends = [writer.suffix] if format_name == "parquet" else [writer.suffix, writer.suffix + _PACKED]
    if not out.name.lower().endswith(tuple(ends)):
        raise UsageError(f"--out: expected a name that ends with {' or '.join(ends)} for {format_name}, found {out}")
    return writer


@contextlib.contextmanager
def _opened(out: Path) -> Generator[IO[bytes]]:
    """The file, packed where its name says so; the same content gives the same bytes."""
    with aside(out) as file:
        if out.name.lower().endswith(_PACKED):
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                yield cast("IO[bytes]", packed)
        else:
            yield file


class _Counted:
    """Counts what passes through, and keeps which labels stand in which field."""

    def __init__(self) -> None:
        self.articles, self.annotations, self.labels = 0, 0, set[tuple[str, str]]()

    def through(self, found: Iterable[Article]) -> Iterator[Article]:
        for article in found:
            self.articles += 1
            self.annotations += len(article.annotations)
            self.labels.update((row.field, label_of(row)) for row in article.annotations)
            yield article
