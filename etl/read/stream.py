"""JSON of several records, cut into its records before any of it is decoded: arrays, and objects one after another.

Nothing is held beyond one record, so a file may be as long as it likes; a record beyond the line cap is run over.
"""

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from etl.mapping import WrongValue
from etl.model import Place, Record
from etl.read import strict
from etl.read.files import DAMAGED, Source, limit, opened
from etl.read.lines import capped
from etl.read.need import Need, Refusal, refuse, unreadable

_CHUNK = 1 << 16
_OUTSIDE = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["{}\[\],]', re.DOTALL)
"""A whole string, a string's beginning where its end is not there yet, a bracket or a comma."""
_INSIDE = re.compile(rb'["\\]')
_KEY = re.compile(rb'\s*:\s*(\[|\{|"(?:[^"\\]|\\.){0,40}"?|[^\s,}\]]{1,40})?')
_BOM = b"\xef\xbb\xbf"
_TOO_LONG = "record-too-long"


class Piece(NamedTuple):
    """A record as it stands: its number from 1, where it begins, its bytes (cut at the cap), their digest where cut."""

    number: int
    byte: int
    raw: bytes
    sha256: str | None = None


Cut = Callable[[io.BufferedReader, int, int], Iterator[Piece]]
Make = Callable[[Place, bytes, Need], Record | None]
"""The record of a piece, or None where there is nothing to read in it; raises WrongValue."""


def each(source: Source, need: Need, cut: Cut, make: Make) -> Iterator[Record | Refusal]:
    """A record or a refusal a piece; a file that breaks off ends with one refusal at that place."""
    end = Place(source.name, 1, 0)
    try:
        with opened(source) as stream:
            if strict.wide_encoding(stream.peek()[:_CHUNK]):
                raise WrongValue("", "encoding-utf-16", "UTF-8")
            for piece in cut(stream, need.max_line, limit(source)):
                place = Place(source.name, piece.number, piece.byte)
                end = Place(source.name, piece.number + 1, piece.byte + len(piece.raw))
                if found := _made(place, piece, need, make):
                    yield found
    except WrongValue as fault:
        yield refuse(end, b"", fault)
    except DAMAGED:
        yield refuse(end, b"", source.damaged)
    except OverflowError:
        yield refuse(end, b"", source.bomb)
    except OSError as error:
        yield unreadable(source.name, error)


def _made(place: Place, piece: Piece, need: Need, make: Make) -> Record | Refusal | None:
    try:
        if piece.sha256:
            raise WrongValue("", _TOO_LONG, f"at most {need.max_line} bytes (RASD_MAX_LINE)")
        return make(place, piece.raw, need)
    except WrongValue as fault:
        return refuse(place, piece.raw, fault, piece.sha256)


class Keys(NamedTuple):
    """What the beginning of a JSON file shows: is it an array; the first object's keys, with how each value begins."""

    is_array: bool
    values: dict[str, bytes]

    def holds_list(self, key: str) -> bool:
        """Is the value of that key a list."""
        return self.values.get(key) == b"["


def keys(start: bytes) -> Keys:
    """The keys at the top of the first object in the first bytes of a file; none where they are no JSON."""
    start = start.removeprefix(_BOM).lstrip()
    is_array = start.startswith(b"[")
    first = start[1:].lstrip() if is_array else start
    found: dict[str, bytes] = {}
    if first.startswith(b"{"):
        for at, key in _top_keys(first):
            value = _KEY.match(first, at)
            if value:
                found.setdefault(key, value[1] or b"")
    return Keys(is_array, found)


def _top_keys(text: bytes) -> Iterator[tuple[int, str]]:
    """Strings of the first object that stand where keys stand, with the place after each."""
    depth, wants_key = 0, False
    for what, start, end in _tokens(text):
        if what in (b"{", b"["):
            depth += 1
            wants_key = depth == 1
        elif what in (b"}", b"]"):
            depth -= 1
            if not depth:
                return
        elif what == b",":
            wants_key = depth == 1
        elif wants_key and depth == 1:
            wants_key = False
            yield end, text[start + 1 : end - 1].decode("utf-8", "replace")


def _tokens(text: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Brackets, commas and whole strings, each with its place."""
    for match in _OUTSIDE.finditer(text):
        if match.group() == b'"':
            return
        yield match.group(), match.start(), match.end()


class _Scanner:
    """Where we are in the JSON that was seen so far: depth of brackets, inside a string, behind a backslash."""

    def __init__(self) -> None:
        self.depth, self.in_string, self.is_escaped = 0, False, False

    def marks(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        """Brackets and commas outside of strings, with their places in the chunk; depth counts along."""
        at = int(self.is_escaped)
        self.is_escaped = False
        while at < len(chunk):
            match = (_INSIDE if self.in_string else _OUTSIDE).search(chunk, at)
            if not match:
                return
            at, sign = match.end(), match.group()
            if sign == b"\\":
                self.is_escaped = at == len(chunk)
                at += 1
            elif sign == b'"':
                self.in_string = not self.in_string
            elif len(sign) == 1:
                yield match.start(), sign


def array(stream: io.BufferedReader, cap: int, most: int) -> Iterator[Piece]:
    """The values of an array `[…]`, or of the list `articles` of an object; else the one object that the file is.

    Raises WrongValue where the array is not closed or something follows it, OverflowError beyond `most` bytes.
    """
    head = stream.peek()
    bom = len(_BOM) if head.startswith(_BOM) else 0
    found = keys(head)
    wrapped = not found.is_array and found.holds_list("articles")
    if not found.is_array and not wrapped:
        yield _whole(stream, cap, most, bom)
        return
    begin = bom + (_inside_articles(head[bom:]) if wrapped else head[bom:].index(b"[") + 1)
    stream.read(begin)
    yield from _values(stream, cap, most, begin, wrapped=wrapped)


def _inside_articles(head: bytes) -> int:
    at = next(end for end, key in _top_keys(head.lstrip()) if key == "articles")
    return head.index(b"[", at + len(head) - len(head.lstrip())) + 1


def _whole(stream: io.BufferedReader, cap: int, most: int, bom: int) -> Piece:
    raw = stream.read(cap + 1)
    if len(raw) <= cap:
        return Piece(1, 0, raw[bom:])
    seen, length = hashlib.sha256(raw), len(raw)
    while more := stream.read(_CHUNK):
        seen.update(more)
        length += len(more)
        if length > most:
            raise OverflowError
    return Piece(1, 0, raw[:cap], seen.hexdigest())


class _Value:
    """The bytes of the value that is being read, at most the cap, and a digest of all of them where there are more."""

    def __init__(self, cap: int, byte: int) -> None:
        self.cap, self.byte, self.parts, self.length = cap, byte, bytearray(), 0
        self.seen = hashlib.sha256()

    def add(self, part: bytes) -> None:
        self.parts += part[: max(0, self.cap - self.length)]
        self.length += len(part)
        self.seen.update(part)

    def piece(self, number: int) -> Piece | None:
        raw = bytes(self.parts)
        blank = len(raw) - len(raw.lstrip())
        is_cut = self.length > self.cap
        if not raw.strip() and not is_cut:
            return None
        return Piece(number, self.byte + blank, raw.strip(), self.seen.hexdigest() if is_cut else None)


def _values(stream: io.BufferedReader, cap: int, most: int, byte: int, *, wrapped: bool) -> Iterator[Piece]:
    scanner, value, number = _Scanner(), _Value(cap, byte), 1
    while chunk := stream.read(_CHUNK):
        done = 0
        for at, sign in scanner.marks(chunk):
            if scanner.depth == 0 and sign in b",]":
                value.add(chunk[done:at])
                if piece := value.piece(number):
                    yield piece
                elif sign == b",":
                    raise WrongValue("", "not-json", "a value between two commas of the array")
                if sign == b"]":
                    _check_end(chunk[at + 1 :] + stream.read(cap), wrapped=wrapped)
                    return
                done, number, value = at + 1, number + 1, _Value(cap, byte + at + 1)
            scanner.depth += (sign in b"{[") - (sign in b"}]")
            if scanner.depth < 0:
                raise WrongValue("", "not-json", "brackets that close what they opened; the records before were read")
        value.add(chunk[done:])
        byte += len(chunk)
        if byte > most:
            raise OverflowError
    raise WrongValue("", "not-json", "a JSON array to its end: ]; the records before were read")


def _check_end(rest: bytes, *, wrapped: bool) -> None:
    after = rest.strip()
    if bool(after) != wrapped or (wrapped and after[:1] not in (b",", b"}")):
        raise WrongValue("", "not-json", "nothing behind the array; the records before were read")


def objects(stream: io.BufferedReader, cap: int, most: int) -> Iterator[Piece]:
    """Objects one after another, one a line or each over several lines, numbered by the line that it begins on.

    A line that begins with `{` begins an object. Where several lines make no object together, each stands for itself.
    """
    group = _Group(cap)
    for line in capped(stream, cap, most, skip_blank=True):
        if line.raw.strip() or line.sha256:
            if line.raw.startswith(b"{"):
                yield from group.pieces()
                group = _Group(cap)
            group.add(Piece(line.number, line.byte, line.raw, line.sha256))
    yield from group.pieces()


class _Group:
    """Lines that may be one object, at most the cap of them, and a digest of all."""

    def __init__(self, cap: int) -> None:
        self.cap, self.length, self.lines, self.is_cut = cap, 0, list[Piece](), False
        self.seen = hashlib.sha256()

    def add(self, line: Piece) -> None:
        self.length += len(line.raw) + 1
        self.is_cut = self.is_cut or bool(line.sha256) or self.length > self.cap + 1
        self.seen.update(line.raw + b"\n")
        if not self.is_cut or not self.lines:
            self.lines.append(line)

    def pieces(self) -> Iterator[Piece]:
        if len(self.lines) < 2 and not self.is_cut:
            yield from self.lines
        elif self.is_cut:
            first, raw = self.lines[0], b"\n".join(line.raw for line in self.lines)
            yield Piece(first.number, first.byte, raw[: self.cap], first.sha256 or self.seen.hexdigest())
        elif _stands_alone(self.lines[0].raw):
            yield from self.lines
        else:
            first = self.lines[0]
            yield Piece(first.number, first.byte, b"\n".join(line.raw for line in self.lines))


def _stands_alone(raw: bytes) -> bool:
    """Are the brackets of the line closed at its end."""
    scanner = _Scanner()
    for _, sign in scanner.marks(raw):
        scanner.depth += (sign in b"{[") - (sign in b"}]")
    return scanner.depth == 0 and not scanner.in_string and raw.startswith(b"{")
