"""JSONL: capped binary lines, one record each; and how the lines of any text are told apart."""

import hashlib
import io
from collections.abc import Iterator
from typing import NamedTuple

from etl import mapping
from etl.mapping import WrongValue
from etl.model import FORMAT, Place, Record
from etl.read import articles, strict
from etl.read.files import DAMAGED, Source, limit, opened
from etl.read.need import Need, Refusal, refuse, unreadable

_CHUNK = 1 << 20


class Line(NamedTuple):
    """A line without its ending: where it stands, its bytes (cut at the cap), its digest where it was cut."""

    number: int
    byte: int
    raw: bytes
    sha256: str | None


_BEGIN = Line(1, 0, b"", None)


def read_lines(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """A record a line; blank lines are none. A damaged or exploding gzip file ends with one refusal at that place."""
    last = Line(0, 0, b"", None)
    is_wide = False
    try:
        with opened(source) as stream:
            if source.start:  # a pipe has no places
                is_wide = strict.wide_encoding(stream.readline(need.max_line + 1).rstrip(b"\r\n")) is not None
                stream.seek(source.start)
            begin = Line(source.line, source.start, b"", None)
            for line in capped(stream, need.max_line, limit(source), skip_blank=True, begin=begin):
                if source.end is not None and line.byte >= source.end:
                    break
                last = line
                is_wide = is_wide or (line.number == 1 and strict.wide_encoding(line.raw) is not None)
                if line.raw.strip() or line.sha256:
                    yield _record(source, line, need, is_wide=is_wide)
    except DAMAGED:
        yield refuse(Place(source.name, last.number + 1, last.byte + len(last.raw)), b"", source.damaged)
    except OverflowError:
        yield refuse(Place(source.name, last.number + 1, last.byte + len(last.raw)), b"", source.bomb)
    except OSError as error:
        yield unreadable(source.name, error)


def capped(
    stream: io.BufferedReader, cap: int, limit: int, *, skip_blank: bool = False, begin: Line = _BEGIN
) -> Iterator[Line]:
    """The lines of a stream, none held beyond `cap` bytes; raises OverflowError beyond `limit` bytes in all.

    `skip_blank` leaves out blank lines (they are counted), so that millions of them cost nothing. `begin` says which
    line the stream stands before.
    """
    byte, number = begin.byte, begin.number - 1
    while raw := stream.readline(cap + 1):
        number += 1
        length, sha256 = len(raw), None
        if length > cap and not raw.endswith(b"\n"):
            length, sha256 = _rest(stream, raw, limit - byte)
            raw = raw[:cap]
        yield Line(number, byte, raw.rstrip(b"\r\n"), sha256)
        byte += length
        if skip_blank and not raw.strip():
            lines, length = _blank_run(stream)
            number, byte = number + lines, byte + length
        if byte > limit:
            raise OverflowError


def _blank_run(stream: io.BufferedReader) -> tuple[int, int]:
    """Run over the blank lines that stand in the buffer: their number and length."""
    ahead = stream.peek()
    run = ahead[: len(ahead) - len(ahead.lstrip())]
    run = run[: run.rfind(b"\n") + 1]
    stream.read(len(run))
    return run.count(b"\n"), len(run)


def _rest(stream: io.BufferedReader, beginning: bytes, limit: int) -> tuple[int, str]:
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


def wide_lines(stream: io.BufferedReader, cap: int, limit: int, codec: str) -> Iterator[Line]:
    """The lines of UTF-16 behind its mark, with their bytes as they stand; else as `capped`."""
    end = "\n".encode(codec)
    byte, number = len(stream.read(len(end))), 0
    while piece := _wide_piece(stream, cap + 1):
        number += 1
        kept, length, seen = bytearray(piece), len(piece), hashlib.sha256(piece)
        while not piece.endswith(end) and (piece := _wide_piece(stream, _CHUNK)):
            seen.update(piece)
            length += len(piece)
            if len(kept) <= cap:
                kept += piece
            if byte + length > limit:
                raise OverflowError
        raw = bytes(kept).removesuffix(end).removesuffix("\r".encode(codec))
        yield Line(number, byte, raw[:cap], seen.hexdigest() if length > cap else None)
        byte += length
        if byte > limit:
            raise OverflowError


def _wide_piece(stream: io.BufferedReader, most: int) -> bytes:
    """Up to a byte that may end a line, in whole letters of two bytes."""
    piece = stream.readline(most)
    return piece + stream.read(1) if len(piece) % 2 else piece


def _record(source: Source, line: Line, need: Need, *, is_wide: bool) -> Record | Refusal:
    place = Place(source.name, line.number, line.byte)
    try:
        if line.sha256:
            raise WrongValue("", "line-too-long", f"at most {need.max_line} bytes (RASD_MAX_LINE)")
        if is_wide:
            raise WrongValue("", "encoding-utf-16", "UTF-8")
        return decoded(place, line.raw, need, is_first=line.number == 1)
    except WrongValue as fault:
        return refuse(place, line.raw, fault, line.sha256)


def decoded(place: Place, raw: bytes, need: Need, *, is_first: bool) -> Record:
    """The record of one object of rasd-article/1, or of others through the mapping. Raises WrongValue."""
    is_mapped = need.mapping is not None and bool(need.mapping.columns)
    found = strict.json_object(raw, is_first=is_first, numbers_as_text=is_mapped)
    if found.get("format") == FORMAT:
        return articles.record(place, strict.json_object(raw, is_first=is_first) if is_mapped else found, need.registry)
    if need.mapping is None or not is_mapped:
        expected = f'"format": "{FORMAT}", or the names of the columns: --map headline=COLUMN,body=COLUMN,…'
        raise WrongValue("format", "not-rasd-article", expected)
    fields, form = mapping.apply(need.mapping, found)
    return articles.mapped(place, fields, form)
