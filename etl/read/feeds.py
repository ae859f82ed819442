"""Saved feeds: RSS 2.0, RSS 1.0 (RDF) and Atom 1.0, an article an entry. The feed is never held whole."""

import codecs
import hashlib
import html
import io
import re
from collections.abc import Iterator
from xml.parsers import expat

import msgspec

from etl.mapping import WrongValue
from etl.model import Place, Record
from etl.read import articles, elements, strict
from etl.read.entries import OF_CHANNEL, OF_ENTRY, XML, Channel, Said, fields
from etl.read.files import DAMAGED, Head, Source, limit, opened
from etl.read.need import Need, Refusal, refuse, unreadable

_ATOM, _RDF, _RSS1 = (
    "http://www.w3.org/2005/Atom",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://purl.org/rss/1.0/",
)
_SHORT = {_RSS1: "", "http://purl.org/dc/elements/1.1/": "dc:", "http://purl.org/rss/1.0/modules/content/": "content:"}
_ROOTS = {"rss", f"{_RDF} RDF", f"{_ATOM} feed"}
_HOLDERS = {"channel", f"{_RDF} RDF", "feed"}
_ENTRIES = {"item", "entry"}
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(rss|feed|RDF)[\s>/]")
_BEFORE = (("<?", "?>"), ("<!--", "-->"))
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_ENCODINGS = {"iso8859-1": "iso-8859-1", "cp1256": "windows-1256", "iso8859-6": "iso-8859-6"}
"""By Python's names, those of XML: what expat knows besides UTF-8 and UTF-16, and what Arabic was written in."""

_ARABIC = frozenset(["windows-1256", "iso-8859-6"])
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", b"<\0": "utf-16le", b"\0<": "utf-16be"}

_CHUNK, _SAMPLE, _DEEPEST, _MOST_INSIDE, _LONGEST_OF_CHANNEL = 1 << 16, 20_000, 500, 100_000, 10_000


def is_feed(head: Head) -> bool:
    """Is the root element that of a feed; comments and a document type may stand before it."""
    text = head.start.decode(_wide(head.start) or "utf-8", "ignore").lstrip("\ufeff \r\n\t")
    while closed := next((end for begin, end in _BEFORE if text.startswith(begin)), _end_of_doctype(text)):
        text = text.partition(closed)[2].lstrip()
    root = _ROOT.match(text)
    return bool(root) and (root[1] == "rss" or (_ATOM if root[1] == "feed" else _RSS1) in text)


def _end_of_doctype(text: str) -> str:
    if not text.startswith("<!DOCTYPE"):
        return ""
    return "]>" if "[" in text.partition(">")[0] else ">"


def read_feed(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """A record an entry, in order. Where the feed breaks off, one refusal says so; the entries before it stand."""
    try:
        reading = _Reading(source, need, _encoding(source))
        with opened(source) as stream:
            yield from reading.records(stream)
    except WrongValue as fault:
        yield refuse(Place(source.name, 1, 0), b"", fault)
    except DAMAGED:
        yield refuse(Place(source.name, 1, 0), b"", source.damaged)
    except OSError as error:
        yield unreadable(source.name, error)


def _encoding(source: Source) -> str:
    """XML's name of the encoding: by its mark, else as declared. What is UTF-8 throughout is UTF-8.

    Raises WrongValue that names the encoding where it is not one of ours or the letters contradict it.
    """
    with opened(source) as stream:
        start = stream.read(512)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise WrongValue("", "encoding-utf-32", "UTF-8")
    if wide := _wide(start):
        return wide
    declared = _declared(start)
    foreign = None if declared == "utf-8" else _foreign(source)
    if foreign is None:
        return "utf-8"
    looks, wanted = strict.legacy_encoding(foreign), _ENCODINGS.get(declared)
    if not wanted:
        named = f"encoding-{declared}" if declared else looks
        raise WrongValue("", named, "UTF-8, or another encoding that docs/inputs.md names for feeds")
    if wanted in _ARABIC and looks != f"encoding-{wanted}":
        raise WrongValue("", f"encoding-not-{wanted}", "the encoding that the feed declares")
    if wanted not in _ARABIC and looks != "not-utf-8":
        raise WrongValue("", looks, "the encoding that the feed declares")
    return wanted


def _wide(start: bytes) -> str | None:
    return next((name for mark, name in _WIDE.items() if start.startswith(mark)), None)


def _declared(start: bytes) -> str:
    """Python's name of the encoding that XML declares: utf-8 where it declares none, empty where nobody knows it."""
    found = _DECLARED.search(start)
    try:
        name = codecs.lookup(found[1].decode()).name if found else "utf-8"
    except LookupError:
        return ""
    return "" if name.startswith("utf-16") else name  # its letters have two bytes, which were not seen


def _foreign(source: Source) -> bytes | None:
    """Bytes beyond ASCII, the first of them, of a file that is no UTF-8; None for one that is."""
    decoder, sample, is_utf8, left = codecs.getincrementaldecoder("utf-8")(), b"", True, limit(source)
    with opened(source) as stream:
        while (chunk := stream.read(_CHUNK)) and left > 0:
            left -= len(chunk)
            if len(sample) < _SAMPLE and not chunk.isascii():
                sample += chunk.translate(None, bytes(range(128)))
            try:
                is_utf8 = is_utf8 and decoder.decode(chunk) is not None
            except UnicodeDecodeError:
                is_utf8 = False
            if not is_utf8 and len(sample) >= _SAMPLE:
                break
    return None if is_utf8 else sample


class _Entry(msgspec.Struct):
    """An entry that is being read: where it began, its attributes, what it says, what is wrong with it.

    One that is too long keeps the bytes of its start and the digest of all.
    """

    place: Place
    attributes: dict[str, str]
    said: list[Said] = []
    inside: int = 0
    fault: WrongValue | None = None
    start: bytes = b""
    seen: "hashlib._Hash | None" = None


class _Reading:
    """A feed on its way through the parser: open elements, the channel, the open entry, the bytes since it began."""

    def __init__(self, source: Source, need: Need, encoding: str) -> None:
        self.source, self.need = source, need
        self.parser = elements.parser(encoding, self.begin, self.end, self.entity)
        self.parser.buffer_text, self.parser.buffer_size, self.parser.CharacterDataHandler = True, _CHUNK, self.text
        self.path: list[str] = []
        self.channel = Channel()
        self.entry: _Entry | None = None
        self.holder = 0
        self.child: tuple[str, dict[str, str], list[str], int] | None = None
        self.done: list[Record | Refusal] = []
        self.held, self.held_from, self.fed, self.entries = bytearray(), 0, 0, 0

    def records(self, stream: io.BufferedReader) -> Iterator[Record | Refusal]:
        """The records of the stream; the last is a refusal where it breaks off."""
        fault: WrongValue | None = None
        try:
            while chunk := stream.read(_CHUNK):
                self.feed(chunk)
                yield from self.taken()
            self.parser.Parse(b"", True)  # noqa: FBT003 -- expat takes it by place: this was all
            if not self.entries:
                fault = WrongValue("", "empty-feed", "a feed with entries")
        except expat.ExpatError:
            fault = self.broken()
        except WrongValue as wrong:
            fault = wrong
        except DAMAGED:
            fault = self.source.damaged
        yield from self.taken()
        if fault:
            yield refuse(self.here(), bytes(self.held[: self.need.max_line]), fault)

    def taken(self) -> list[Record | Refusal]:
        """What was finished since the last time."""
        done, self.done = self.done, []
        return done

    def here(self) -> Place:
        """The place that the parser stands at."""
        return Place(self.source.name, max(1, self.parser.CurrentLineNumber), max(0, self.parser.CurrentByteIndex))

    def broken(self) -> WrongValue:
        """Why the parser gave up: an encoding, or no XML."""
        rest = bytes(self.held[max(0, self.parser.ErrorByteIndex - self.held_from) :])
        looks = strict.legacy_encoding(rest)
        is_other = looks != "not-utf-8" and rest[:1] > b"\x7f"
        return WrongValue("", looks if is_other else "not-xml", "a whole feed; the entries before this were read")

    def feed(self, chunk: bytes) -> None:
        """Parse on; keep the bytes of the open entry up to the cap, else only what is not parsed yet."""
        self.held += chunk
        self.fed += len(chunk)
        if self.fed > limit(self.source):
            raise self.source.bomb
        self.parser.Parse(chunk, False)  # noqa: FBT003 -- expat takes it by place: more follows
        at = max(self.held_from, self.parser.CurrentByteIndex)
        cap = self.need.max_line
        if self.fed - at > cap + (1 << 20):
            raise WrongValue("", "entry-too-long", f"tags and comments of at most {cap} bytes (RASD_MAX_LINE)")
        if self.entry and at - self.entry.place.byte > cap:
            self.entry.said, self.child = [], None
            self.entry.fault = self.too_long()
            self.entry.start = self.entry.start or bytes(self.held[:cap])
            self.entry.seen = self.entry.seen or hashlib.sha256()
            self.entry.seen.update(self.held[: at - self.held_from])
        if not self.entry or self.entry.seen:
            del self.held[: at - self.held_from]
            self.held_from = at

    def too_long(self) -> WrongValue:
        """The fault of an entry beyond the cap."""
        return WrongValue("", "entry-too-long", f"at most {self.need.max_line} bytes (RASD_MAX_LINE)")

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """An element: the root, a channel, an entry, one of their elements, or markup inside of it."""
        if not self.path and tag not in _ROOTS:
            raise WrongValue("", "not-a-feed", "the root rss, rdf:RDF or feed (of Atom 1.0)")
        if not self.path:
            self.channel.is_atom = tag.startswith(_ATOM)
        name = self.short(tag)
        parent = self.path[-1] if self.path else ""
        self.path.append(name)
        if len(self.path) > _DEEPEST:
            raise WrongValue("", "too-deep", f"elements at most {_DEEPEST} deep")
        depth = len(self.path)
        if self.entry is None and depth in {2, 3} and name in _ENTRIES and parent in _HOLDERS:
            self.entry = _Entry(self.here(), attributes, [])
            self.drop(self.entry.place.byte)
            self.holder = depth
        elif self.child:
            self.inside(tag, attributes)
        elif self.entry is None and depth in {1, 2} and name in {"rss", *_HOLDERS}:
            self.channel.base = attributes.get(f"{XML} base", self.channel.base)
            self.channel.language = attributes.get(f"{XML} lang", self.channel.language)
            self.holder = depth
        else:
            self.open_child(name, attributes, depth)

    def open_child(self, name: str, attributes: dict[str, str], depth: int) -> None:
        """An element of the channel or of an entry, if it is one of those that are read."""
        wanted = OF_ENTRY if self.entry else OF_CHANNEL
        is_source = bool(self.entry) and self.channel.is_atom and self.path[self.holder :] == ["source", "title"]
        is_child = depth == self.holder + 1 and name in wanted and not (self.channel.is_atom and name == "source")
        if (is_child or is_source) and not (self.entry and self.entry.fault):
            self.child = ("source" if is_source else name), attributes, [], depth

    def inside(self, tag: str, attributes: dict[str, str]) -> None:
        """Markup inside an element, written as HTML without what no text needs."""
        if self.entry:
            self.entry.inside += 1
            if self.entry.inside > _MOST_INSIDE:
                self.entry.fault = WrongValue("body", "page-too-large", f"an entry of at most {_MOST_INSIDE} elements")
                self.entry.said, self.child = [], None
                return
        hidden = "".join(f' {key}="{html.escape(attributes[key])}"' for key in ("style", "hidden") if key in attributes)
        if self.child:
            self.child[2].append(f"<{tag.rpartition(' ')[2]}{hidden}>")

    def text(self, text: str) -> None:
        """Text inside of an element that is read; of a channel's, no more than a name and an address need."""
        if self.child:
            is_xhtml = self.channel.is_atom and self.child[1].get("type") == "xhtml"
            if self.entry or sum(map(len, self.child[2])) < _LONGEST_OF_CHANNEL:
                self.child[2].append(html.escape(text) if is_xhtml else text)

    def entity(self, name: str) -> None:
        """A name such as nbsp, which a DTD tells that nobody reads: as it was written, for the reader of HTML."""
        if self.child:
            self.child[2].append(f"&{name};")

    def end(self, tag: str) -> None:
        """The end of an element; that of an entry makes its record."""
        name, depth = self.path.pop(), len(self.path) + 1
        if self.child and depth > self.child[3]:
            self.child[2].append(f"</{tag.rpartition(' ')[2]}>")
        elif self.child:
            said = self.entry.said if self.entry else self.channel.said
            said.append(Said(self.child[0], self.child[1], "".join(self.child[2])))
            self.child = None
        elif self.entry and depth == self.holder:
            self.finish(self.entry)
            self.entry, self.holder = None, depth - 1
        elif name == "channel" and depth == self.holder:
            self.holder = depth - 1

    def finish(self, entry: _Entry) -> None:
        """The record of an entry, or its refusal with its bytes."""
        self.entries += 1
        end = self.held.find(b">", max(0, self.parser.CurrentByteIndex - self.held_from)) + 1
        raw = bytes(self.held[:end])
        try:
            if len(raw) > self.need.max_line:
                raise self.too_long()
            if entry.fault:
                raise entry.fault
            found, form = fields(self.channel, entry.attributes, entry.said, self.need.mapping)
            self.done.append(articles.mapped(entry.place, found, form))
        except WrongValue as fault:
            if entry.seen:
                entry.seen.update(raw)
            sha256 = (entry.seen or hashlib.sha256(raw)).hexdigest()
            self.done.append(refuse(entry.place, entry.start or raw[: self.need.max_line], fault, sha256))
        self.drop(self.held_from + end)

    def drop(self, byte: int) -> None:
        """Forget the bytes before that place."""
        del self.held[: max(0, byte - self.held_from)]
        self.held_from = max(self.held_from, byte)

    def short(self, tag: str) -> str:
        """The name as RSS has it, with `dc:` or `content:` before it; other namespaces stay as they are."""
        space, _, name = tag.rpartition(" ")
        if self.channel.is_atom and space == _ATOM:
            return name
        return _SHORT[space] + name if space in _SHORT else tag
