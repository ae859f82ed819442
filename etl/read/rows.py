"""CSV and TSV: a record a row, its columns named by --map; rows keep their first line and byte."""

import csv
import hashlib
import io
from collections.abc import Iterator

from etl import mapping
from etl.mapping import WrongValue
from etl.model import Place, Record
from etl.read import articles, strict
from etl.read.files import BOMB_RATIO, DAMAGED, Source, limit, opened
from etl.read.lines import Line, capped
from etl.read.need import Need, Refusal, refuse, unreadable

_DELIMITERS = {"csv": ",", "tsv": "\t"}
_NO_MAP = WrongValue("", "no-map", "the names of the columns: --map headline=COLUMN,body=COLUMN,…")


def read_rows(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """A record a row after the header; empty lines are none."""
    csv.field_size_limit(need.max_line)
    last: list[Line] = []
    try:
        with opened(source) as stream:
            yield from _read(source, stream, need, last)
    except DAMAGED:
        yield refuse(
            _after(source, last), b"", WrongValue("", "gzip-damaged", "a whole gzip file; rows before were read")
        )
    except OverflowError:
        fault = WrongValue("", "gzip-bomb", f"a file that grows at most {BOMB_RATIO} times when unpacked")
        yield refuse(_after(source, last), b"", fault)
    except OSError as error:
        yield unreadable(source.name, error)


def _after(source: Source, last: list[Line]) -> Place:
    end = last[-1] if last else Line(0, 0, b"", None)
    return Place(source.name, end.number + 1, end.byte + len(end.raw))


def _read(source: Source, stream: io.BufferedReader, need: Need, taken: list[Line]) -> Iterator[Record | Refusal]:
    """`taken` holds the lines of the row that is being read."""
    reader = csv.reader(
        _fed(stream, need.max_line, limit(source), taken), delimiter=_DELIMITERS[source.format], strict=True
    )
    header: list[str] | None = None
    while True:
        taken.clear()
        values, fault = _next(reader)
        if values is None and fault is None:
            return
        if fault is None and (not values or not any(line.raw.strip() for line in taken)):
            continue
        raw = b"\n".join(line.raw for line in taken)
        place = Place(source.name, taken[0].number, taken[0].byte)
        try:
            if any(line.sha256 for line in taken):
                raise WrongValue("", "line-too-long", f"at most {need.max_line} bytes (RASD_MAX_LINE)")
            strict.text(raw, is_first=place.line == 1)
            if fault:
                raise fault
            if header is None:
                header = values or []
            else:
                yield _record(place, header, values or [], need)
        except WrongValue as wrong:
            # Rows under a refused header must not find theirs in the next row.
            header = header or []
            yield refuse(place, raw[: need.max_line], wrong, hashlib.sha256(raw).hexdigest())


def _fed(stream: io.BufferedReader, cap: int, most: int, taken: list[Line]) -> Iterator[str]:
    """Lines for the csv module, remembered; undecodable bytes pass through it and are named afterwards."""
    for line in capped(stream, cap, most):
        taken.append(line)
        raw = line.raw.removeprefix(b"\xef\xbb\xbf") if line.number == 1 else line.raw
        yield raw.decode("utf-8", "surrogateescape") + "\n"


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
