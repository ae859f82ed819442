"""JSONL, plain or gzip: capped binary lines, one record each."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from etl import mapping
from etl.mapping import WrongValue
from etl.model import FORMAT, Place, Record
from etl.read import articles, strict
from etl.read.files import Source
from etl.read.need import Need, Refusal, refuse, unreadable

_CHUNK = 1 << 20
_BOMB_FLOOR = 64 << 20
_BOMB_RATIO = 100
"""A gzip file that grows beyond the floor and this many times its size is a bomb; news text grows four to ten times."""


class Line(NamedTuple):
    """A line without its ending: where it stands, its bytes (cut at the cap), its digest where it was cut."""

    number: int
    byte: int
    raw: bytes
    sha256: str | None


def read_lines(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """A record a line; blank lines are none. A damaged or exploding gzip file ends with one refusal at that place."""
    last = Line(0, 0, b"", None)
    is_wide = False
    try:
        with _open(source) as stream:
            for line in capped(stream, need.max_line, _limit(source)):
                last = line
                is_wide = is_wide or (line.number == 1 and strict.wide_encoding(line.raw) is not None)
                if line.raw.strip() or line.sha256:
                    yield _record(source, line, need, is_wide=is_wide)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        fault = WrongValue("", "gzip-damaged", "a whole gzip file; the lines before this one were read")
        yield refuse(Place(source.name, last.number + 1, last.byte + len(last.raw)), b"", fault)
    except OverflowError:
        fault = WrongValue("", "gzip-bomb", f"a file that grows at most {_BOMB_RATIO} times when unpacked")
        yield refuse(Place(source.name, last.number + 1, last.byte + len(last.raw)), b"", fault)
    except OSError as error:
        yield unreadable(source.name, error)


def _open(source: Source) -> IO[bytes]:
    return gzip.open(source.path, "rb") if source.format.endswith(".gz") else source.path.open("rb")


def _limit(source: Source) -> int:
    is_packed = source.format.endswith(".gz")
    return max(_BOMB_FLOOR, source.size * _BOMB_RATIO) if is_packed else 1 << 62


def capped(stream: IO[bytes], cap: int, limit: int) -> Iterator[Line]:
    """The lines of a stream, none held beyond `cap` bytes; raises OverflowError beyond `limit` bytes in all."""
    byte = number = 0
    while raw := stream.readline(cap + 1):
        number += 1
        length, sha256 = len(raw), None
        if length > cap and not raw.endswith(b"\n"):
            length, sha256 = _rest(stream, raw, limit - byte)
            raw = raw[:cap]
        yield Line(number, byte, raw.rstrip(b"\r\n"), sha256)
        byte += length
        if byte > limit:
            raise OverflowError


def _rest(stream: IO[bytes], beginning: bytes, limit: int) -> tuple[int, str]:
    """Run over the rest of a line too long to hold: its length and digest."""
    seen, length = hashlib.sha256(beginning), len(beginning)
    while more := stream.readline(_CHUNK):
        seen.update(more)
        length += len(more)
        if length > limit:
            raise OverflowError
        if more.endswith(b"\n"):
            break
    return length, seen.hexdigest()


def _record(source: Source, line: Line, need: Need, *, is_wide: bool) -> Record | Refusal:
    place = Place(source.name, line.number, line.byte)
    try:
        if line.sha256:
            raise WrongValue("", "line-too-long", f"at most {need.max_line} bytes (RASD_MAX_LINE)")
        if is_wide:
            raise WrongValue("", "encoding-utf-16", "UTF-8")
        return _decoded(place, line, need)
    except WrongValue as fault:
        return refuse(place, line.raw, fault, line.sha256)


def _decoded(place: Place, line: Line, need: Need) -> Record:
    is_first = line.number == 1
    found = strict.json_object(line.raw, is_first=is_first)
    if found.get("format") == FORMAT:
        return articles.record(place, found, need.registry)
    if not need.mapping or not need.mapping.columns:
        expected = f'"format": "{FORMAT}", or the names of the columns: --map headline=COLUMN,body=COLUMN,…'
        raise WrongValue("format", "not-rasd-article", expected)
    row = strict.json_object(line.raw, is_first=is_first, numbers_as_text=True)
    fields, form = mapping.apply(need.mapping, row)
    return articles.mapped(place, fields, form)
