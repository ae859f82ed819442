"""Which files there are to read: those named, and those of walked folders in sorted order; and how they are opened."""

import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from etl.model import SkippedFile, UsageError

PACKED = ".gz"
DAMAGED = (gzip.BadGzipFile, EOFError, zlib.error)
"""What reading a packed file raises where it is broken."""

BOMB_RATIO = 50
"""A packed file that grows beyond a floor and this many times its size is a bomb; news text grows four to ten times."""

_BOMB_FLOOR = 32 << 20
_CHUNK = 1 << 20
_HEAD = 1 << 16
_WITHOUT_LIMIT = 1 << 62


class Source(msgspec.Struct, frozen=True):
    """A file to read: path, name for reports (as given, what no log can print escaped), name of its format, bytes.

    A piece of a file of lines: from the byte `start`, where the line numbered `line` begins, up to the byte `end`.
    """

    path: Path
    name: str
    format: str
    size: int
    start: int = 0
    line: int = 1
    end: int | None = None

    @property
    def is_packed(self) -> bool:
        """Is it gzip."""
        return self.path.name.lower().endswith(PACKED)


class Head(NamedTuple):
    """What a format is recognised by: the file's name without `.gz` and in small letters, its first bytes, its path."""

    name: str
    start: bytes
    path: Path


Recognise = Callable[[Head], str | None]
"""The name of the format that reads such a file; None where none does."""


def opened(source: Source) -> io.BufferedReader:
    """The bytes of a file, unpacked; reading raises one of DAMAGED where a packed file is broken."""
    return _opened(source.path)


def _opened(path: Path) -> io.BufferedReader:
    is_packed = path.name.lower().endswith(PACKED)
    return io.BufferedReader(gzip.open(path, "rb"), _CHUNK) if is_packed else path.open("rb")


def pieces(source: Source, size: int) -> Iterator[Source]:
    """A file of lines in pieces of about `size` bytes that end where a line does; packed ones stay whole."""
    if source.is_packed or source.size <= 2 * size:
        yield source
        return
    start, line = 0, 1
    with source.path.open("rb") as file:
        while start < source.size:
            block = file.read(size)
            block += file.readline()
            yield msgspec.structs.replace(source, size=len(block), start=start, line=line, end=start + len(block))
            start, line = start + len(block), line + block.count(b"\n")
            if not block:
                return


def limit(source: Source) -> int:
    """How many bytes the file may have when unpacked."""
    return max(_BOMB_FLOOR, source.size * BOMB_RATIO) if source.is_packed else _WITHOUT_LIMIT


class Survey(msgspec.Struct, frozen=True):
    """What the given paths hold: files to read, and files of folders that no reader takes."""

    sources: list[Source]
    skipped: list[SkippedFile]


def survey(paths: Iterable[Path], recognise: Recognise) -> Survey:
    """List the files behind the paths, folders walked in sorted order; each file once.

    Raises UsageError for a path that does not exist. In folders, hidden files, unknown suffixes and links that lead
    out of the folder are skipped, with a reason each.
    """
    sources: dict[Path, Source] = {}
    skipped: list[SkippedFile] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"{printable(str(path))}: no such file or folder")
        found = _walk(path, recognise) if path.is_dir() else [_source(path, recognise)]
        for entry in found:
            if isinstance(entry, SkippedFile):
                skipped.append(entry)
            else:
                sources.setdefault(entry.path.resolve(), entry)
    return Survey(list(sources.values()), skipped)


def printable(text: str) -> str:
    """The text in one line that every log can hold: control characters and undecodable bytes escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


def _source(path: Path, recognise: Recognise) -> Source:
    return Source(path, printable(str(path)), recognise(_head(path)) or "", path.stat().st_size)


def _head(path: Path) -> Head:
    name = path.name.lower().removesuffix(PACKED)
    if not path.is_file():  # a pipe would wait for its writer
        return Head(name, b"", path)
    try:
        with _opened(path) as file:
            return Head(name, file.read(_HEAD), path)
    except (*DAMAGED, OSError):  # the reader will say so
        return Head(name, b"", path)


def _walk(folder: Path, recognise: Recognise) -> Iterator[Source | SkippedFile]:
    home = folder.resolve()
    for root, folders, files in os.walk(folder):
        folders.sort()
        hidden = [name for name in folders if name.startswith(".")]
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (_skip(Path(root) / name, "hidden") for name in hidden)
        for name in sorted(files):
            yield _entry(Path(root) / name, home, recognise)


def _entry(path: Path, home: Path, recognise: Recognise) -> Source | SkippedFile:
    if path.name.startswith("."):
        return _skip(path, "hidden")
    if path.is_symlink() and not path.resolve().is_relative_to(home):
        return _skip(path, "link-leads-out")
    if not path.is_file():
        return _skip(path, "no-regular-file")
    source = _source(path, recognise)
    return source if source.format else _skip(path, "unknown-format")


def _skip(path: Path, reason: str) -> SkippedFile:
    return SkippedFile(printable(str(path)), reason)
