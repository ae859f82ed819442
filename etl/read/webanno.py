r"""WebAnno TSV 3, which INCEpTION writes too: a row a token, a column a feature, offsets in UTF-16 units.

The text is put together from the `#Text` lines; where sentences are apart by more than a line end, by spaces, as the
tools themselves do it. A mark of several tokens bears its number in brackets in each of their rows.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

import msgspec

from etl.mapping import WrongValue
from etl.model import Record
from etl.read import layers, strict
from etl.read.documents import place, read_document
from etl.read.files import Head, Source
from etl.read.labelled import Labelled, Mark, Tie, data_fields, record, shown, utf16_offsets
from etl.read.need import Need, Refusal

_BEGINNING = b"#FORMAT=WebAnno TSV 3."
_HEADER = re.compile(r"#T_(?P<kind>SP|RL|CH)=(?P<layer>[^|]+)(?P<columns>.*)")
_ROW = re.compile(r"(?P<unit>[0-9]{1,7}-[0-9]{1,7}(?:\.[0-9]{1,7})?)\t(?P<begin>[0-9]{1,9})-(?P<end>[0-9]{1,9})\t")
_NUMBERS = re.compile(r"\[([0-9]{1,9})(?:_([0-9]{1,9}))?\]")
_ESCAPED = re.compile(r"\\(->|.)", re.DOTALL)
_MOST_MARKS = 200_000
"""Two letters of a cell can make a mark; a long article has some thousands."""

_ANY = "uima.tcas.Annotation"
"""A layer in a slot's heading that stands for every layer."""

_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}
_STACKED, _SLOTS = re.compile(r"(?:\\.|[^\\|])+", re.DOTALL), re.compile(r"(?:\\.|[^\\;])+", re.DOTALL)


class _Column(NamedTuple):
    """A column of annotations: its layer's full name, what it holds, the name of its feature."""

    layer: str
    kind: Literal["feature", "role", "filler", "source", "other"]
    feature: str


class _Row(NamedTuple):
    line: int
    unit: str
    begin: int
    end: int
    token: str
    cells: list[str]


class _Span(msgspec.Struct):
    """An annotation of a layer, in UTF-16 units, and its roles with the cells that name their fillers."""

    layer: str
    begin: int
    end: int
    features: dict[str, str | None]
    row: _Row
    roles: list[str] = []
    fillers: list[str] = []
    filled_by: str = ""


class _Arc(NamedTuple):
    """A relation: it stands in the row of its target, and names its source; both are of the base layer."""

    row: _Row
    label: str
    source: str
    base: str


class _Document(msgspec.Struct):
    """The spans; their places by layer and number, and as cells name them: by layer, unit and number (0: the first)."""

    spans: list[_Span] = []
    numbered: dict[tuple[str, int], int] = {}
    named: dict[tuple[str, str, int], int] = {}
    arcs: list[_Arc] = []
    dropped: set[str] = set()
    refused: list[WrongValue] = []

    def refuse(self, row: _Row, reason: str, expected: str) -> None:
        """A row, or a part of it, that gives no annotation."""
        self.refused.append(WrongValue("tsv", reason, f"line {row.line}: {expected}"))


def is_webanno(head: Head) -> bool:
    """Does a table begin as WebAnno's do."""
    return head.start.removeprefix(b"\xef\xbb\xbf").startswith(_BEGINNING)


def read_webanno(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """One record: the document with the annotations of its rows."""
    return read_document(source, need, _record)


def _record(source: Source, raw: bytes, need: Need) -> Record:
    lines = [line.removesuffix("\r") for line in strict.text(raw, is_first=True).split("\n")]
    document = _Document()
    columns = list(_columns(lines, document))
    text, rows = _body(lines, len(columns), need.max_line, document)
    to = utf16_offsets(text).code_points
    for row in rows:
        if text[to(row.begin) : to(row.end)] in {row.token, _unescaped(row.token)}:
            _annotations(row, columns, document)
        else:
            document.refuse(row, "text-differs", "the token that stands at these offsets, in UTF-16 units")
    marks = [Mark(start=to(one.begin), end=to(one.end), label=_label(one)) for one in document.spans]
    ties = list(_ties(document, marks, need))
    fields, field = data_fields({"text": text}, need, "text")
    found = Labelled("webanno", fields, field, marks, ties, refused=document.refused)
    made = record(place(source), found, need)
    made.unknown_keys = [f"layer {shown(layers.short(layer))}" for layer in sorted(document.dropped)]
    return made


def _columns(lines: list[str], document: _Document) -> Iterator[_Column]:
    for line in lines:
        found = _HEADER.fullmatch(line)
        if not found:
            if line.startswith("#T_"):
                raise WrongValue("", "bad-header", "lines such as #T_SP=LAYER|FEATURE after the first")
            if line.startswith("#Text="):
                return
            continue
        layer, kind = found["layer"], found["kind"]
        if kind == "CH" or layers.is_grammar(layer):
            document.dropped.add(layer)
        for name in found["columns"].split("|")[1:] or [""]:
            yield _column(layer, kind, name, is_read=layer not in document.dropped)


def _column(layer: str, kind: str, name: str, *, is_read: bool) -> _Column:
    if not is_read:
        return _Column(layer, "other", name)
    if kind == "RL":
        return _Column(layer, "source" if name.startswith("BT_") else "feature", name.removeprefix("BT_"))
    if name.startswith("ROLE_"):
        return _Column(layer, "role", name.rpartition(":")[2].partition("_")[0])
    return _Column(layer, "filler" if "." in name else "feature", name)


def _body(lines: list[str], columns: int, most: int, document: _Document) -> tuple[str, list[_Row]]:
    """The document's text and its rows. Raises WrongValue where sentences do not stand where their tokens say."""
    pieces: list[str] = []
    waiting: list[str] = []
    rows: list[_Row] = []
    units = 0
    for number, line in enumerate(lines, 1):
        if line.startswith("#Text="):
            waiting.append(_unescaped(line.removeprefix("#Text=")))
            continue
        row = _row(number, line, columns, document)
        if row is None:
            continue
        rows.append(row)
        if waiting:
            gap = row.begin - units
            if not 0 <= gap <= most:
                raise WrongValue("", "text-differs", f"a sentence at the offset that line {number} says")
            # What stands between two sentences is not in the file: one unit is their line end.
            between = ("\n" + " " * (gap - 1)) if gap and pieces else " " * gap
            sentence = "\n".join(waiting)
            waiting = []
            pieces += [between, sentence]
            units = row.begin + _units(sentence)
            most -= gap
    return "".join(pieces) + ("\n" + "\n".join(waiting) if waiting else ""), rows


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _row(number: int, line: str, columns: int, document: _Document) -> _Row | None:
    if not line or line.startswith("#"):
        return None
    found = _ROW.match(line)
    token, *cells = line[found.end() :].split("\t") if found else [""]
    if found is None or len(cells) < columns:
        row = _Row(number, "", 0, 0, "", [])
        document.refuse(row, "bad-row", f"SENTENCE-TOKEN, BEGIN-END, the token, and {columns} columns")
        return None
    return _Row(number, found["unit"], int(found["begin"]), int(found["end"]), token, cells)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda one: _CONTROLS.get(one[1], one[1]), text)


_Key = tuple[str, int]
"""A layer, and the place in the stack of its annotations that begin or go on in a row."""


def _annotations(row: _Row, columns: list[_Column], document: _Document) -> None:
    """Put the cells of a row together: those at one place of the stack in the columns of a layer are one annotation."""
    here: dict[_Key, dict[str, str | None]] = {}
    numbers: dict[_Key, int] = {}
    roles: dict[_Key, list[str]] = {}
    named: dict[_Key, tuple[_Column, str]] = {}
    for column, cell in zip(columns, row.cells, strict=False):
        values = _STACKED.findall(cell) if cell != "_" and column.kind != "other" else []
        for at, value in enumerate(values):
            key = column.layer, at
            features = here.setdefault(key, {})
            if column.kind in {"filler", "source"}:
                named[key] = column, value
                continue
            plain, number = _numbered(value)
            numbers |= {key: number} if number else {}
            if column.kind == "role":
                roles[key] = [_said(one) or column.feature for one in _SLOTS.findall(plain) if plain != "_"]
            else:
                features[column.feature] = _said(plain)
    for key, features in here.items():
        column, value = named.get(key, (None, ""))
        if column and column.kind == "source":
            document.arcs.append(_Arc(row, layers.label(key[0], features), value, column.feature))
            continue
        span = _span(row, key[0], numbers.get(key), features, document)
        if column and not span.fillers:
            span.roles, span.fillers, span.filled_by = roles.get(key, []), _SLOTS.findall(value), column.feature


def _numbered(value: str) -> tuple[str, int | None]:
    plain, numbers = _apart(value)
    return plain, numbers[0] if numbers else None


def _apart(value: str) -> tuple[str, tuple[int, int] | None]:
    """A value, and what its brackets hold: a mark's own number, or those of a relation's source and target."""
    at = max(value.rfind("["), 0)
    found = _NUMBERS.fullmatch(value, at)
    is_escaped = (at - len(value[:at].rstrip("\\"))) % 2
    return (value[:at], (int(found[1]), int(found[2] or 0))) if found and not is_escaped else (value, None)


def _said(value: str) -> str | None:
    return None if value == "*" else _unescaped(value)


def _span(row: _Row, layer: str, number: int | None, features: dict[str, str | None], document: _Document) -> _Span:
    """A new annotation, or the one of that number, longer by this unit."""
    at = document.numbered.get((layer, number or 0))
    if at is None:
        at = len(document.spans)
        if at == _MOST_MARKS:
            raise WrongValue("", "too-many-marks", f"at most {_MOST_MARKS} marks in a document")
        document.spans.append(_Span(layer, row.begin, row.end, features, row))
        if number:
            document.numbered[layer, number] = at
    span = document.spans[at]
    span.end = max(span.end, row.end)
    for named in {(layer, row.unit, number or 0), (layer, row.unit, 0)}:
        document.named.setdefault(named, at)
        document.named.setdefault((_ANY, *named[1:]), at)
    return span


def _label(span: _Span) -> str:
    return layers.label(span.layer, span.features)


def _ties(document: _Document, marks: list[Mark], need: Need) -> Iterator[Tie]:
    for at, host in enumerate(document.spans):
        found = [_resolved(cell, host.filled_by, document) for cell in host.fillers if cell not in {"*", "_"}]
        fillers = [filler for filler in found if filler is not None]
        if len(fillers) != len(host.roles):
            document.refuse(host.row, "unknown-reference", "a filler for each role, by its row and number")
        elif fillers:
            yield from layers.of_roles(marks, at, zip(host.roles, fillers, strict=True), need)
    for arc in document.arcs:
        unit, numbers = _apart(arc.source)
        source, target = (document.named.get((arc.base, where, number))
                          for where, number in zip((unit, arc.row.unit), numbers or (0, 0), strict=True))  # fmt: skip
        if source is None or target is None:
            document.refuse(arc.row, "unknown-reference", "a relation between two marks of its base layer")
        else:
            yield Tie(label=arc.label, source=source, target=target)


def _resolved(cell: str, layer: str, document: _Document) -> int | None:
    unit, number = _numbered(cell)
    return document.named.get((layer, unit, number or 0))
