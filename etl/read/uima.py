"""UIMA CAS as JSON (0.4.0) and XMI, as INCEpTION and DKPro write them: annotations by type, offsets in UTF-16 units."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.parsers import expat

from etl.mapping import WrongValue
from etl.model import Record
from etl.read import elements, layers, strict
from etl.read.documents import place, read_document
from etl.read.files import Head, NotRead, Source
from etl.read.labelled import Labelled, Mark, Tie, data_fields, record, shown, utf16_offsets
from etl.read.need import Need, Refusal

_SOFA = "uima.cas.Sofa"
_FIRST_VIEW = "_InitialView"
_ENDS = ("Governor", "Dependent"), ("source", "target")
"""Names of the two ends of a relation: those of INCEpTION's layers, and plain ones."""

_MOST_ROLES = 1_000_000
_PLAIN = {"begin", "end", "sofa"}
_NO_LANGUAGE = "x-unspecified"
_XMI, _TYPES = "http://www.omg.org/XMI", b"typeSystemDescription"
_NAMESPACE = re.compile(r"http:///(?P<package>\S+)\.ecore (?P<name>\S+)")
_NUMBERS = re.compile(r"[0-9]{1,18}(?: [0-9]{1,18})*")


class _Structure(NamedTuple):
    """A feature structure: its id, its type's full name, its values as text, and what it may refer to by id."""

    key: int
    kind: str
    values: Mapping[str, str]
    links: Mapping[str, list[int]]


def is_cas_json(head: Head) -> bool:
    """Does an object begin as a CAS does."""
    return head.start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and any(
        b'"%' + word + b'"' in head.start for word in (b"FEATURE_STRUCTURES", b"TYPES", b"VIEWS")
    )


def is_xmi(head: Head) -> bool:
    """Is the namespace of XMI named at the beginning."""
    return _XMI.encode() in head.start


def type_system(head: Head) -> NotRead | None:
    """A description of types lies beside the documents of an export; it holds no text."""
    is_one = head.name.endswith(".xml") and _TYPES in head.start and _XMI.encode() not in head.start
    return NotRead("uima-type-system") if is_one else None


def read_cas_json(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """One record: the text of the first view with its annotations."""
    return read_document(source, need, lambda source, raw, need: _record(source, list(_of_json(raw)), need))


def read_xmi(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """One record: the text of the first view with its annotations."""
    return read_document(source, need, lambda source, raw, need: _record(source, _of_xmi(raw), need))


def _of_json(raw: bytes) -> Iterator[_Structure]:
    found = strict.json_object(raw, is_first=True).get("%FEATURE_STRUCTURES")
    if isinstance(found, dict):
        found = [{"%ID": key} | one for key, one in found.items() if isinstance(one, dict)]
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise WrongValue("%FEATURE_STRUCTURES", "wrong-type", "a list of objects, as UIMA CAS JSON 0.4.0 has it")
    arrays = {_number(one.get("%ID")): _ids(one.get("%ELEMENTS")) for one in found if "%ELEMENTS" in one}
    for one in found:
        kind = one.get("%TYPE")
        if not isinstance(kind, str):
            raise WrongValue("%TYPE", "missing", "the type of each feature structure")
        refers = {key[1:]: _number(value) for key, value in one.items() if key.startswith("@")}
        links = {name: arrays.get(target, [target]) for name, target in refers.items()}
        values = {key: str(value) for key, value in one.items() if key[:1] not in {"%", "@"} and _is_plain(value)}
        yield _Structure(_number(one.get("%ID")), kind, values, links)


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _ids(value: object) -> list[int]:
    return [_number(one) for one in value] if isinstance(value, list) else []


def _number(value: object) -> int:
    """A whole number from 0, -1 for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def _of_xmi(raw: bytes) -> list[_Structure]:
    """The elements under the root. A document type, which alone can declare entities, is refused where it begins."""
    found: list[_Structure] = []
    open_tags: list[str] = []

    def begin(tag: str, attributes: dict[str, str]) -> None:
        if not open_tags and tag != f"{_XMI} XMI":
            raise WrongValue("", "not-xmi", "XML with the root xmi:XMI")
        if len(open_tags) == 1 and (kind := _NAMESPACE.fullmatch(tag)):
            found.append(_element(f"{kind['package'].replace('/', '.')}.{kind['name']}", attributes))
        open_tags.append(tag)

    strict.text(raw, is_first=True)
    parser = elements.parser("utf-8", begin, lambda _tag: open_tags.pop())
    try:
        parser.Parse(raw, True)  # noqa: FBT003 -- expat takes it by place: this is all of it
    except expat.ExpatError as error:
        raise WrongValue("", "not-xml", "one XML document in UTF-8") from error
    return found


def _element(kind: str, attributes: dict[str, str]) -> _Structure:
    key = _number(attributes.pop(f"{_XMI} id", ""))
    links = {name: [int(one) for one in value.split(" ")] for name, value in attributes.items()
             if _NUMBERS.fullmatch(value)}  # fmt: skip
    return _Structure(key, kind, attributes, links)


def _record(source: Source, structures: list[_Structure], need: Need) -> Record:
    sofa = _sofa(structures)
    text = sofa.values["sofaString"]
    here = [one for one in structures if one.links.get("sofa") == [sofa.key] and {"begin", "end"} <= one.values.keys()]
    document = next((one for one in here if one.kind == "uima.tcas.DocumentAnnotation"), None)
    language = document.values.get("language", _NO_LANGUAGE) if document else _NO_LANGUAGE
    data = {"text": text} | ({} if language == _NO_LANGUAGE else {"language": language})
    said = [one for one in here if not layers.is_grammar(one.kind)]
    spans = [one for one in said if _ends(one) is None]
    to = utf16_offsets(text).code_points
    marks = [Mark(start=to(_number(one.values["begin"])), end=to(_number(one.values["end"])), label=_label(one))
             for one in spans]  # fmt: skip
    refused: list[WrongValue] = []
    ties = list(_ties(said, structures, marks, refused, need))
    fields, field = data_fields(data, need, "text")
    made = record(place(source), Labelled("uima", fields, field, marks, ties, refused=refused), need)
    left = sorted({layers.short(one.kind) for one in here if layers.is_grammar(one.kind)} - {"DocumentAnnotation"})
    made.unknown_keys = [f"layer {shown(layer)}" for layer in left]
    return made


def _sofa(structures: list[_Structure]) -> _Structure:
    found = [one for one in structures if one.kind == _SOFA and "sofaString" in one.values]
    if not found:
        raise WrongValue("sofaString", "no-text", "a view with its text")
    return next((one for one in found if one.values.get("sofaID") == _FIRST_VIEW), found[0])


def _label(one: _Structure) -> str:
    """What a structure is called; a bare number is a count or a reference, unless it stands where labels do."""
    said = {name: value for name, value in one.values.items() if name not in _PLAIN}
    return layers.label(one.kind, {name: value for name, value in said.items()
                                   if name in layers.LABELS or not _NUMBERS.fullmatch(value)})  # fmt: skip


def _ends(one: _Structure) -> tuple[str, str] | None:
    """The names of the two ends where a structure is a relation."""
    return next((ends for ends in _ENDS if all(len(one.links.get(end, ())) == 1 for end in ends)), None)


def _ties(
    said: list[_Structure], structures: list[_Structure], marks: list[Mark], refused: list[WrongValue], need: Need
) -> Iterator[Tie]:
    """Relations between marks, and what the roles of a mark tie to it."""
    places = {one.key: at for at, one in enumerate(one for one in said if _ends(one) is None)}
    by_key = {one.key: one for one in structures}
    left = _MOST_ROLES
    for one in said:
        if ends := _ends(one):
            source, target = (places.get(one.links[end][0]) for end in ends)
            if source is None or target is None:
                refused.append(WrongValue("cas", "unknown-reference", "a relation between two marks of the document"))
            else:
                yield Tie(label=_label(one), source=source, target=target)
            continue
        left -= sum(len(keys) for keys in one.links.values())
        if left < 0:  # one list of roles can be that of many marks
            refused.append(WrongValue("cas", "too-many-roles", f"at most {_MOST_ROLES} roles in a document"))
            continue
        roles = list(_roles(one, by_key))
        fillers = [(role, places[filler]) for role, filler in roles if filler in places]
        if len(fillers) < len(roles):
            refused.append(WrongValue("cas", "unknown-reference", "a filler of each role that is a mark"))
        yield from layers.of_roles(marks, places[one.key], fillers, need)


def _roles(one: _Structure, by_key: dict[int, _Structure]) -> Iterator[tuple[str, int]]:
    """The roles of a mark with the ids of their fillers; each stands in a structure of its own."""
    for feature, keys in one.links.items():
        links = [by_key[key] for key in keys if key in by_key] if feature not in _PLAIN else []
        for link in links:
            if "begin" not in link.values and len(link.links.get("target", ())) == 1:
                yield link.values.get("role") or feature, link.links["target"][0]
