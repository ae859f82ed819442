"""Which files there are to read: those named, and those of walked folders in sorted order."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from etl.model import SkippedFile, UsageError

FORMATS = (".jsonl.gz", ".jsonl", ".csv", ".tsv", ".txt")


class Source(msgspec.Struct, frozen=True):
    """A file to read: path, name for reports (as given, what no log can print escaped), suffix, bytes."""

    path: Path
    name: str
    format: str
    size: int


class Survey(msgspec.Struct, frozen=True):
    """What the given paths hold: files to read, and files of folders that no reader takes."""

    sources: list[Source]
    skipped: list[SkippedFile]


def survey(paths: Iterable[Path]) -> Survey:
    """List the files behind the paths, folders walked in sorted order; each file once.

    Raises UsageError for a path that does not exist. In folders, hidden files, unknown suffixes and links that lead
    out of the folder are skipped, with a reason each.
    """
    sources: dict[Path, Source] = {}
    skipped: list[SkippedFile] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"{printable(str(path))}: no such file or folder")
        found = _walk(path) if path.is_dir() else [_source(path)]
        for entry in found:
            if isinstance(entry, SkippedFile):
                skipped.append(entry)
            else:
                sources.setdefault(entry.path.resolve(), entry)
    return Survey(list(sources.values()), skipped)


def printable(text: str) -> str:
    """The text in one line that every log can hold: control characters and undecodable bytes escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


def _source(path: Path) -> Source:
    name = path.name.lower()
    suffix = next((known for known in FORMATS if name.endswith(known)), "")
    return Source(path, printable(str(path)), suffix, path.stat().st_size)


def _walk(folder: Path) -> Iterator[Source | SkippedFile]:
    home = folder.resolve()
    for root, folders, files in os.walk(folder):
        folders.sort()
        hidden = [name for name in folders if name.startswith(".")]
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (_skip(Path(root) / name, "hidden") for name in hidden)
        for name in sorted(files):
            yield _entry(Path(root) / name, home)


def _entry(path: Path, home: Path) -> Source | SkippedFile:
    if path.name.startswith("."):
        return _skip(path, "hidden")
    if path.is_symlink() and not path.resolve().is_relative_to(home):
        return _skip(path, "link-leads-out")
    if not path.is_file():
        return _skip(path, "no-regular-file")
    source = _source(path)
    return source if source.format else _skip(path, "unknown-suffix")


def _skip(path: Path, reason: str) -> SkippedFile:
    return SkippedFile(printable(str(path)), reason)
