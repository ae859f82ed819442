"""brat standoff: a text beside a file `.ann` of the same name, which marks its words by offsets in code points."""

import bisect
import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from etl.mapping import WrongValue
from etl.model import Record
from etl.read import encodings, layers
from etl.read.documents import contents, place, read_document
from etl.read.files import Head, NotRead, Source, beside
from etl.read.labelled import Labelled, Mark, Tie, data_fields, record, shown
from etl.read.need import Need, Refusal

_ANN = ".ann"
_MARK = re.compile(r"(?P<label>\S+) (?P<pieces>[0-9]{1,9} [0-9]{1,9}(?:;[0-9]{1,9} [0-9]{1,9})*)(?:\t(?P<words>.*))?")
_EVENT = re.compile(r"(?P<label>\S+):(?P<trigger>[^\s:]+)(?P<roles>(?: +\S+:[^\s:]+)*)\s*")
_RELATION = re.compile(r"(?P<label>\S+) [^\s:]+:(?P<source>\S+) [^\s:]+:(?P<target>\S+)\s*")
_ABOUT = re.compile(r"(?P<label>\S+) (?P<target>\S+)(?:[ \t].*)?")
_EXPECTED = {
    "T": "TYPE START END[;START END…] and the words, in code points",
    "E": "TYPE:TRIGGER ROLE:ID…",
    "R": "TYPE Arg1:ID Arg2:ID",
    "*": "TYPE ID ID…",
}
_DENIED = {"Negation", "Speculation"}
"""Attributes of brat's own configuration: what they stand at is not said to have happened."""

_NUMBERED = re.compile(r"(?<=\D)[0-9]+$")


class _Line(NamedTuple):
    number: int
    key: str
    said: str


class _Found(msgspec.Struct):
    """What the lines hold; `marks` and `events` by id; `refused` in the order in which it was seen."""

    name: str
    marks: dict[str, Mark] = {}
    events: dict[str, tuple[_Line, re.Match[str]]] = {}
    relations: list[tuple[_Line, re.Match[str]]] = []
    denied: set[str] = set()
    dropped: list[str] = []
    refused: list[WrongValue] = []

    def refuse(self, line: _Line, reason: str, expected: str) -> None:
        """A line that gives no annotation."""
        self.refused.append(WrongValue(self.name, reason, f"line {line.number}: {expected}"))


def is_brat(head: Head) -> bool:
    """Has a text its annotations beside it."""
    return beside(head.source, _ANN) is not None


def companion(head: Head) -> NotRead | None:
    """Why a file of annotations is not read itself: its text is, or it has none."""
    if not head.name.endswith(_ANN):
        return None
    has_text = beside(head.source, ".txt") or beside(head.source, ".txt.gz")
    return NotRead("read-with-its-text") if has_text else NotRead("no-text-beside", "a .txt of the same name beside it")


def read_brat(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """One record: the text with the annotations of the file beside it."""
    return read_document(source, need, _record)


def _record(source: Source, raw: bytes, need: Need) -> Record:
    written = encodings.whole(raw)
    ann = beside(source, _ANN)
    said = _annotations(ann, need) if ann else ""
    text, moved = _with_one_line_end(written, said)
    found = _Found(_ANN[1:])
    for line in _lines(said, found):
        _take(line, text, moved, found)
    marks, ties = _resolved(found, need)
    fields, field = data_fields({"text": text}, need, "text")
    made = record(place(source), Labelled("brat", fields, field, marks, ties, refused=found.refused), need)
    made.unknown_keys = [f"brat {shown(kind)}" for kind in found.dropped]
    return made


def _annotations(ann: Source, need: Need) -> str:
    raw = contents(ann, need.max_line)
    try:
        if len(raw) > need.max_line:
            raise WrongValue("", "page-too-long", f"at most {need.max_line} bytes (RASD_MAX_LINE)")
        return encodings.whole(raw).replace("\r\n", "\n")
    except WrongValue as fault:
        raise WrongValue(_ANN[1:], fault.reason, fault.expected) from fault


class _Moved(NamedTuple):
    """Where the dropped half of each line end stood."""

    before: list[int]

    def __call__(self, offset: int) -> int:
        return offset - bisect.bisect_left(self.before, offset)


def _with_one_line_end(written: str, said: str) -> tuple[str, _Moved]:
    r"""The text with `\n` at its line ends, and the way of offsets into it.

    brat counts both letters of `\r\n`; files that were turned into Windows' after they were annotated do not. The
    words that the annotations quote tell which.
    """
    text = written.replace("\r\n", "\n")
    if len(text) == len(written):
        return text, _Moved([])
    marks = [(int(one[1]), int(one[2]), one[3]) for one in _QUOTED.finditer(said)]
    as_written, as_moved = (sum(where[a:b] == words for a, b, words in marks) for where in (written, text))
    ends = [one.start() for one in re.finditer("\r\n", written)] if as_written >= as_moved else []
    return text, _Moved(ends)


_QUOTED = re.compile(r"^T\S*\t\S+ ([0-9]{1,9}) ([0-9]{1,9})\t(.*)$", re.MULTILINE)


def _lines(said: str, found: _Found) -> Iterator[_Line]:
    keys: set[str] = set()
    for number, raw in enumerate(said.split("\n"), 1):
        if not raw.strip():
            continue
        key, tab, rest = raw.partition("\t")
        line = _Line(number, key, rest)
        if not tab or not key or key[0] not in "TERAMN*#":
            found.refuse(line, "bad-line", "an id that begins with T, E, R, A, M, N, * or #, a tab, and what it says")
        elif key in keys and key[0] in "TER":
            found.refuse(line, "duplicate-id", "each id once")
        else:
            keys.add(key)
            yield line


def _take(line: _Line, text: str, moved: _Moved, found: _Found) -> None:
    kind = line.key[0]
    forms = {"T": _MARK, "E": _EVENT, "R": _RELATION}
    said = forms.get(kind, _ABOUT).fullmatch(line.said)
    if said is None:
        found.refuse(line, "bad-line", _EXPECTED.get(kind, "TYPE ID, and a value or a text"))
    elif kind == "T":
        _mark(line, said, text, moved, found)
    elif kind == "E":
        found.events[line.key] = line, said
    elif kind == "R":
        found.relations.append((line, said))
    elif kind in "AM" and said["label"] in _DENIED:
        found.denied.add(said["target"])
    else:
        found.dropped.append(said["label"])


def _mark(line: _Line, said: re.Match[str], text: str, moved: _Moved, found: _Found) -> None:
    """A mark from the first to the last of its pieces, whose words must stand where it says."""
    ends = [tuple(moved(int(end)) for end in piece.split(" ")) for piece in said["pieces"].split(";")]
    if not all(0 <= start < end <= len(text) for start, end in ends) or ends != sorted(ends):
        found.refuse(line, "offset-out-of-range", f"0 <= start < end <= {len(text)}, in code points")
    elif said["words"] is not None and not _agree(said["words"], ends, text):
        found.refuse(line, "text-differs", "the words that stand at these offsets, counted in code points")
    else:
        found.marks[line.key] = Mark(start=ends[0][0], end=ends[-1][1], label=said["label"])


def _agree(words: str, ends: list[tuple[int, ...]], text: str) -> bool:
    """The pieces are quoted with a space between them, and a line end inside one as a space."""
    words = words.rstrip("\r")
    if len(words) != sum(end - start + 1 for start, end in ends) - 1:
        return False  # without copying a long text for each short quotation
    pieces = " ".join(text[start:end] for start, end in ends)
    return words in {pieces, pieces.replace("\n", " ")}


def _resolved(found: _Found, need: Need) -> tuple[list[Mark], list[Tie]]:
    """The marks that hold, and the ties between them by their places; a tie to what does not hold is refused."""
    denied = found.denied | {said["trigger"] for key, (_, said) in found.events.items() if key in found.denied}
    for key in sorted(denied & found.marks.keys()):
        del found.marks[key]
        found.refused.append(WrongValue(found.name, "negated", f"{shown(key)}: a mark that is not denied or doubted"))
    places = {key: at for at, key in enumerate(found.marks)}
    places |= {key: places[said["trigger"]] for key, (_, said) in found.events.items() if said["trigger"] in places}
    marks, ties = list(found.marks.values()), list[Tie]()
    for key, (line, said) in found.events.items():
        roles = [role.rpartition(":") for role in said["roles"].split()]
        if key not in places or any(target not in places for _, _, target in roles):
            found.refuse(line, "unknown-reference", "a trigger and fillers that are marks of this file")
            continue
        fillers = [(_NUMBERED.sub("", role), places[target]) for role, _, target in roles]
        ties += layers.of_roles(marks, places[key], fillers, need)
    for line, said in found.relations:
        if said["source"] in places and said["target"] in places:
            ties.append(Tie(label=said["label"], source=places[said["source"]], target=places[said["target"]]))
        else:
            found.refuse(line, "unknown-reference", "two marks of this file")
    return marks, ties
