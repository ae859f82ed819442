"""Which files there are to read: those named, of walked folders in sorted order, of archives; how they are opened."""

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from etl.mapping import WrongValue
from etl.model import SkippedFile, UsageError
from etl.read import archives

PACKED = ".gz"
DAMAGED = (gzip.BadGzipFile, zipfile.BadZipFile, EOFError, zlib.error)
"""What reading a packed file raises where it is broken."""

_CHUNK = 1 << 20
_HEAD = 1 << 16
_WITHOUT_LIMIT = 1 << 62


class Source(msgspec.Struct, frozen=True):
    """A file to read: path, name for reports (as given, what no log can print escaped), name of its format, bytes.

    A piece of a file of lines: from the byte `start`, where the line numbered `line` begins, up to the byte `end`.
    `member` is its entry where it stands in the zip archive of that path; `fault` why nobody can read it.
    """

    path: Path
    name: str
    format: str
    size: int
    start: int = 0
    line: int = 1
    end: int | None = None
    member: zipfile.ZipInfo | None = None
    fault: WrongValue | None = None

    @property
    def is_packed(self) -> bool:
        """Is it gzip."""
        return not self.member and self.path.name.lower().endswith(PACKED)

    @property
    def file_name(self) -> str:
        """Its own name, the archive's folders included where it stands in one."""
        return self.member.filename if self.member else self.path.name

    @property
    def damaged(self) -> WrongValue:
        """The fault of a packed file that breaks off."""
        kind = "zip" if self.member else "gzip"
        return WrongValue("", f"{kind}-damaged", f"a whole {kind} file; what stands before this was read")

    @property
    def bomb(self) -> WrongValue:
        """The fault of a packed file that grows beyond measure."""
        return archives.bomb("zip" if self.member else "gzip")


class Head(NamedTuple):
    """What a format is recognised by: the file's name without `.gz` and in small letters, its first bytes, the file."""

    name: str
    start: bytes
    source: Source


class NotRead(NamedTuple):
    """Why a known file is no document: a reason code, and what was expected; None where it is merely left out."""

    reason: str
    expected: str | None = None


Recognise = Callable[[Head], str | NotRead | None]
"""The name of the format that reads such a file; why nothing reads it; None where nobody knows it."""


def opened(source: Source) -> io.BufferedReader:
    """The bytes of a file, unpacked; reading raises one of DAMAGED where a packed file is broken."""
    if source.member:
        return archives.opened(source.path, source.member)
    path = source.path
    return io.BufferedReader(gzip.open(path, "rb") if source.is_packed else path.open("rb", buffering=0), _CHUNK)


def pieces(source: Source, size: int) -> Iterator[Source]:
    """A file of lines in pieces of about `size` bytes that end where a line does; packed ones stay whole."""
    if source.is_packed or source.member or source.size <= 2 * size:
        yield source
        return
    start, line = 0, 1
    try:
        with source.path.open("rb") as file:
            while start < source.size:
                length, lines = _piece(file, size)
                yield msgspec.structs.replace(source, size=length, start=start, line=line, end=start + length)
                start, line = start + length, line + lines
                if not length:
                    return
    except OSError:  # the reader will say so
        yield msgspec.structs.replace(source, start=start, line=line)


def _piece(file: IO[bytes], size: int) -> tuple[int, int]:
    """Run over some bytes and to the end of the line, however long, without holding it: bytes and line ends."""
    block = file.read(size)
    length, lines = len(block), block.count(b"\n")
    while block and not block.endswith(b"\n"):
        block = file.readline(size)
        length, lines = length + len(block), lines + block.endswith(b"\n")
    return length, lines


def limit(source: Source) -> int:
    """How many bytes the file may have when unpacked."""
    return archives.most_unpacked(source.size) if source.is_packed else _WITHOUT_LIMIT


def beside(source: Source, suffix: str) -> Source | None:
    """The file of the same name but for its suffix, in the same folder or archive; None where there is none."""
    own = source.file_name[: -len(PACKED)] if source.is_packed else source.file_name
    stem = own[: own.rfind(".")] if "." in own else own
    if source.member:
        info = archives.beside(source.path, stem + suffix)
        return _member(source.path, printable(str(source.path)), archives.Member(info, None)) if info else None
    path = source.path.with_name(stem + suffix)
    return _plain(path) if path.is_file() else None


class Survey(msgspec.Struct, frozen=True):
    """What the given paths hold: files to read, and files of folders that no reader takes."""

    sources: list[Source]
    skipped: list[SkippedFile]


def survey(paths: Iterable[Path], recognise: Recognise) -> Survey:
    """List the files behind the paths, folders walked in sorted order; each file once.

    Raises UsageError for a path that does not exist. In folders, hidden files, unknown suffixes and links that lead
    out of the folder are skipped, with a reason each.
    """
    sources: dict[tuple[Path, int], Source] = {}
    skipped: list[SkippedFile] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"{printable(str(path))}: no such file or folder")
        for entry in _walk(path, recognise) if path.is_dir() else _sources(path, recognise):
            if isinstance(entry, SkippedFile):
                skipped.append(entry)
            else:
                place = entry.member.header_offset if entry.member else -1
                sources.setdefault((entry.path.resolve(), place), entry)
    archives.close()
    return Survey(list(sources.values()), skipped)


def printable(text: str) -> str:
    """The text in one line that every log can hold: control characters and undecodable bytes escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


def _sources(path: Path, recognise: Recognise) -> Iterator[Source | SkippedFile]:
    """The file itself, or what stands in it where it is an archive."""
    source = _plain(path)
    if not path.is_file():  # a pipe would wait for its writer, and a device may have no end
        yield msgspec.structs.replace(source, fault=WrongValue("", "no-regular-file", "a file or a folder"))
        return
    if path.suffix.lower() != archives.SUFFIX:
        yield _recognised(source, recognise)
        return
    try:
        for member in archives.members(path):
            yield _entry(_member(path, source.name, member), recognise)
    except WrongValue as fault:
        yield msgspec.structs.replace(source, fault=fault)


def _plain(path: Path) -> Source:
    return Source(path, printable(str(path)), "", path.stat().st_size)


def _member(path: Path, archive: str, member: archives.Member) -> Source:
    name = f"{archive}!/{printable(member.name)}"
    return Source(path, name, "", member.info.file_size, member=member.info, fault=member.fault)


def _entry(source: Source, recognise: Recognise) -> Source | SkippedFile:
    """A file that was not named itself."""
    if any(part.startswith(".") and part.strip(".") for part in source.file_name.split("/")):
        return SkippedFile(source.name, "hidden")
    found = source if source.fault else _recognised(source, recognise)
    is_known = isinstance(found, SkippedFile) or found.format or found.fault
    return found if is_known else SkippedFile(source.name, "unknown-format")


def _recognised(source: Source, recognise: Recognise) -> Source | SkippedFile:
    found = recognise(_head(source))
    if not isinstance(found, NotRead):
        return msgspec.structs.replace(source, format=found or "")
    if found.expected is None:
        return SkippedFile(source.name, found.reason)
    return msgspec.structs.replace(source, fault=WrongValue("", found.reason, found.expected))


def _head(source: Source) -> Head:
    name = source.file_name.lower()
    name = name.removesuffix(PACKED) if source.is_packed else name
    if not source.member and not source.path.is_file():  # a pipe would wait for its writer
        return Head(name, b"", source)
    try:
        with opened(source) as file:
            return Head(name, file.read(_HEAD), source)
    except (*DAMAGED, OSError):  # the reader will say so
        return Head(name, b"", source)


def _walk(folder: Path, recognise: Recognise) -> Iterator[Source | SkippedFile]:
    home = folder.resolve()
    for root, folders, files in os.walk(folder):
        folders.sort()
        hidden = [name for name in folders if name.startswith(".")]
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (_skip(Path(root) / name, "hidden") for name in hidden)
        linked = [Path(root) / name for name in folders if (Path(root) / name).is_symlink()]
        yield from (_skip(path, "link-to-folder") for path in linked)
        for name in sorted(files):
            yield from _entries(Path(root) / name, home, recognise)


def _entries(path: Path, home: Path, recognise: Recognise) -> Iterator[Source | SkippedFile]:
    if path.name.startswith("."):
        yield _skip(path, "hidden")
    elif path.is_symlink() and not _leads_to(path).is_relative_to(home):
        yield _skip(path, "link-leads-out")
    elif not path.is_file():
        yield _skip(path, "no-regular-file")
    elif path.suffix.lower() == archives.SUFFIX:
        yield from _sources(path, recognise)
    else:
        yield _entry(_plain(path), recognise)


def _leads_to(link: Path) -> Path:
    """Where a link ends; a circle of links ends in itself, while `resolve` would raise."""
    return Path(os.path.realpath(link))


def _skip(path: Path, reason: str) -> SkippedFile:
    return SkippedFile(printable(str(path)), reason)
