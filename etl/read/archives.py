"""Zip archives, read where they are: nothing is unpacked to the disk, so no name in them can lead anywhere.

What an archive says of itself is held against limits before anything of it is unpacked.
"""

import contextlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgspec

from etl.mapping import WrongValue
from etl.read.settings import number

SUFFIX = ".zip"
MEMBERS, UNPACKED, RATIO = "RASD_MAX_MEMBERS", "RASD_MAX_UNPACKED", "RASD_MAX_RATIO"
_MOST_MEMBERS = 100_000
_MOST_UNPACKED = 16 << 30
_BOMB_RATIO = 50
"""What grows beyond a floor and this many times its size is a bomb; news text grows four to ten times."""

_FLOOR = 32 << 20
_LONGEST_ENTRY = 512
"""Bytes that the directory of an archive may have for each member: 46, its name, and some extra fields."""

_CHUNK = 1 << 20
_NESTED = (".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar", ".zst")
_PROJECT = re.compile(r"/?exportedproject[^/]*\.json")
"""The list of a project that WebAnno and INCEpTION export; its documents lie in archives of their own."""

_OF_PROJECT = "labelled documents: unpack this project, and load its folder curation, or annotation/DOCUMENT/USER.zip"
_IS_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""The others can grow without bound between two reads."""

_BROKEN = (zipfile.BadZipFile, EOFError, zlib.error, ValueError, NotImplementedError, struct.error)


class Member(msgspec.Struct, frozen=True):
    """A file in an archive: its name, what it has unpacked; `fault` where it cannot be read, or None."""

    info: zipfile.ZipInfo
    fault: WrongValue | None

    @property
    def name(self) -> str:
        """As the archive has it, which may hold anything."""
        return self.info.filename


def most_unpacked(size: int) -> int:
    """How many bytes a packed file of that size may have when unpacked."""
    return min(number(UNPACKED, _MOST_UNPACKED), max(_FLOOR, size * number(RATIO, _BOMB_RATIO)))


def bomb(kind: str) -> WrongValue:
    """The fault of a packed file that grows beyond measure."""
    most = number(RATIO, _BOMB_RATIO)
    return WrongValue("", f"{kind}-bomb", f"a file that grows at most {most} times when unpacked ({RATIO}, {UNPACKED})")


def members(path: Path) -> Iterator[Member]:
    """The files of an archive in its order, folders left out. Raises WrongValue where it cannot be used as a whole."""
    archive = _archive(path)
    found = [_member(info) for info in archive.infolist() if not info.filename.endswith("/")]
    if any(_PROJECT.fullmatch(one.name) for one in found):
        raise WrongValue("", "inception-project", _OF_PROJECT)
    # Entries may share their bytes, so that each looks harmless and all of them together are not.
    if sum(one.info.file_size for one in found if not one.fault) > most_unpacked(path.stat().st_size):
        raise bomb("zip")
    yield from found


def _member(info: zipfile.ZipInfo) -> Member:
    fault = None
    if info.flag_bits & _IS_ENCRYPTED:
        fault = WrongValue("", "zip-encrypted", "a file without a password")
    elif info.compress_type not in _METHODS:
        fault = WrongValue("", "zip-method", "a file that is stored or deflated, as zip programs do without being told")
    elif info.filename.lower().endswith(_NESTED):
        fault = WrongValue("", "nested-archive", "a file that is not packed again: unpack the archive, load its folder")
    elif info.file_size > most_unpacked(info.compress_size):
        fault = bomb("zip")
    return Member(info, fault)


def beside(path: Path, name: str) -> zipfile.ZipInfo | None:
    """The entry of that name, where it can be read."""
    info = _archive(path).NameToInfo.get(name)
    return info if info and not _member(info).fault else None


def opened(path: Path, info: zipfile.ZipInfo) -> io.BufferedReader:
    """The bytes of a member. Raises BadZipFile, also while it is read; it never gives more than the archive says."""
    try:
        return io.BufferedReader(cast("zipfile.ZipExtFile", _archive(path).open(info)), _CHUNK)
    except (RuntimeError, OSError, *_BROKEN) as error:  # places that lie give any of them
        raise zipfile.BadZipFile from error


def close() -> None:
    """Let go of the archive that was read last."""
    while _HELD:
        _, (file, archive) = _HELD.popitem()
        archive.close()
        file.close()


_HELD: dict[tuple[Path, int], tuple[io.BufferedReader, zipfile.ZipFile]] = {}
"""The archive of which one member after the other is read, so that its directory is read once."""


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        key = path, path.stat().st_mtime_ns
        if key not in _HELD:
            close()
            with contextlib.ExitStack() as undo:
                file = undo.enter_context(_Directory(io.FileIO(path)))
                _HELD[key] = file, _whole(file)
                undo.pop_all()
    except OSError as error:
        raise WrongValue("", "unreadable-file", f"a file that can be read ({error.strerror})") from error
    return _HELD[key][1]


def _whole(file: io.BufferedReader) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except WrongValue:
        raise
    except _BROKEN as error:
        raise WrongValue("", "zip-damaged", "a whole zip archive") from error


class _Directory(io.BufferedReader):
    """Refuses to hand out a directory of more members than allowed, before they become objects."""

    def read(self, size: int | None = -1, /) -> bytes:
        """The bytes; raises WrongValue where they are too many or hold too many entries."""
        most = number(MEMBERS, _MOST_MEMBERS)
        is_long = (size or 0) > most * _LONGEST_ENTRY + _CHUNK
        found = b"" if is_long else super().read(size)
        if is_long or found.count(b"PK\1\2") > most:
            raise WrongValue("", "zip-members", f"an archive of at most {most} files ({MEMBERS})")
        return found
