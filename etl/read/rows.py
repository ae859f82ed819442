"""CSV and TSV: a record a row, its columns named by --map; rows keep their first line and byte."""

import contextlib
import csv
import hashlib
import io
from collections.abc import Iterator
from typing import NamedTuple

from etl import mapping
from etl.mapping import WrongValue
from etl.model import Place, Record
from etl.read import articles, encodings, strict
from etl.read.files import DAMAGED, Source, limit, opened
from etl.read.lines import Line, capped, wide_lines
from etl.read.need import Need, Refusal, refuse, unreadable

_DELIMITERS = {"csv": ",", "tsv": "\t"}
_NO_MAP = WrongValue("", "no-map", "the names of the columns: --map headline=COLUMN,body=COLUMN,…")


class _Taken(NamedTuple):
    """A line of the row that is being read, its text, and what is wrong with its bytes."""

    line: Line
    text: str
    fault: WrongValue | None


def read_rows(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """A record a row after the header; empty lines are none."""
    csv.field_size_limit(need.max_line)
    taken: list[_Taken] = []
    try:
        with opened(source) as stream:
            yield from _read(source, stream, need, taken)
    except DAMAGED:
        yield refuse(_after(source, taken), b"", source.damaged)
    except OverflowError:
        yield refuse(_after(source, taken), b"", source.bomb)
    except OSError as error:
        yield unreadable(source.name, error)


def _after(source: Source, taken: list[_Taken]) -> Place:
    end = taken[-1].line if taken else Line(0, 0, b"", None)
    return Place(source.name, end.number + 1, end.byte + len(end.raw))


def _read(source: Source, stream: io.BufferedReader, need: Need, taken: list[_Taken]) -> Iterator[Record | Refusal]:
    """`taken` holds the lines of the row that is being read."""
    reader = csv.reader(_fed(source, stream, need, taken), delimiter=_DELIMITERS[source.format], strict=True)
    header: list[str] | None = None
    while True:
        taken.clear()
        values, fault = _next(reader)
        if values is None and fault is None:
            return
        faults = [*(one.fault for one in taken), fault]
        if not any(faults) and (not values or not any(one.text.strip() for one in taken)):
            continue
        raw = b"\n".join(one.line.raw for one in taken)
        place = Place(source.name, taken[0].line.number, taken[0].line.byte)
        try:
            for wrong in filter(None, faults):
                raise wrong
            if header is None:
                header = values or []
            else:
                yield _record(place, header, values or [], need)
        except WrongValue as wrong:
            # Rows under a refused header must not find theirs in the next row.
            header = header or []
            yield refuse(place, raw[: need.max_line], wrong, hashlib.sha256(raw).hexdigest())


def _fed(source: Source, stream: io.BufferedReader, need: Need, taken: list[_Taken]) -> Iterator[str]:
    """Lines for the csv module, remembered; undecodable bytes pass through it and are named afterwards."""
    codec = encodings.wide(stream.peek(4)[:4])
    is_open, held = not codec, 0
    lines = wide_lines(stream, need.max_line, limit(source), codec) if codec else _lines(source, stream, need)
    for line in lines:
        if is_open and not line.raw.isascii():
            codec, is_open = _codec(source, line, need), False
        try:
            if line.sha256:
                raise WrongValue("", "line-too-long", f"at most {need.max_line} bytes (RASD_MAX_LINE)")
            text, fault = encodings.decoded(line.raw, codec, is_first=line.number == 1), None
        except WrongValue as wrong:
            text, fault = line.raw.decode("utf-8", "surrogateescape"), wrong
        held = len(line.raw) + (held if taken else 0)
        if taken and held > need.max_line:
            # A row goes on inside quotes alone: one that is not followed by a comma makes the csv module let go.
            text, fault = '"x', WrongValue("", "row-too-long", f"at most {need.max_line} bytes (RASD_MAX_LINE)")
        taken.append(_Taken(line, text, fault))
        yield text + "\n"


def _lines(source: Source, stream: io.BufferedReader, need: Need) -> Iterator[Line]:
    return capped(stream, need.max_line, limit(source))


def _codec(source: Source, line: Line, need: Need) -> str | None:
    """How the file goes on after lines of ASCII: None for UTF-8, else the encoding that all of it is surely in."""
    try:
        strict.text(line.raw, is_first=line.number == 1)
    except WrongValue:
        with opened(source) as again, contextlib.suppress(WrongValue):
            return encodings.ARABIC[encodings.sure(one.raw for one in _lines(source, again, need))]
    return None


def _next(reader: Iterator[list[str]]) -> tuple[list[str] | None, WrongValue | None]:
    try:
        return next(reader, None), None
    except csv.Error:
        return None, WrongValue("", "bad-csv", 'a row of RFC 4180: quotes closed, doubled inside ("")')


def _record(place: Place, header: list[str], values: list[str], need: Need) -> Record:
    if not need.mapping or not need.mapping.columns:
        raise _NO_MAP
    if len(values) != len(header):
        raise WrongValue("", "wrong-columns", f"{len(header)} columns as in the header, found {len(values)}")
    for field, column in need.mapping.columns.items():
        if header.count(column) != 1:
            raise WrongValue(field, "no-such-column", f"the mapped column once in the header {ascii(header)[:200]}")
    fields, form = mapping.apply(need.mapping, dict(zip(header, values, strict=True)))
    return articles.mapped(place, fields, form)
