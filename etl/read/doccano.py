"""doccano's files: spans, categories, entities with relations, as it exports and as it imports them.

Offsets are code points. A project that counts grapheme clusters as one character writes other ones, and the file does
not say so nor hold the words: export from a project without that option.
"""

from collections.abc import Iterator
from typing import Any

from etl.mapping import WrongValue
from etl.model import Place, Record
from etl.read import labelled, stream, strict
from etl.read.files import Head, Source
from etl.read.labelled import Labelled, Mark, Tie
from etl.read.need import Need, Refusal

TOOL = "doccano"
_LABELS = ("label", "labels", "entities", "cats", "column_label")
_TEXTS = ("text", "data", "column_data")
JOINT = "\n\n"
"""Between headline and body, which doccano shows as one text."""


def is_doccano(head: Head) -> bool:
    """Does the first object have a text and a list of labels by one of doccano's names."""
    found = stream.keys(head.start)
    has_text = any(key in found.values for key in _TEXTS)
    return has_text and any(found.holds_list(key) for key in _LABELS)


def read_doccano(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """A record an example; `.json` holds an array, `.jsonl` one object a line or each over several lines."""
    is_array = source.path.name.lower().removesuffix(".gz").endswith(".json")
    return stream.each(source, need, stream.array if is_array else stream.objects, _record)


def _record(place: Place, raw: bytes, need: Need) -> Record:
    found = strict.json_object(raw, is_first=place.line == 1)
    key = next((key for key in _TEXTS if isinstance(found.get(key), str)), None)
    if key is None:
        raise WrongValue("text", "missing", "a text under text, data or column_data")
    fields, text_field = labelled.data_fields(_meta(found) | found, need, key)
    marks, choices = _labels(found)
    entities = strict.objects_of(found, "entities")
    by_id = {str(one.get("id")): n + len(marks) for n, one in enumerate(entities)}
    marks += [_mark([one.get("start_offset"), one.get("end_offset"), one.get("label")]) for one in entities]
    ties = [_tie(one, by_id) for one in strict.objects_of(found, "relations")]
    text = Labelled(TOOL, fields, text_field, marks, ties, [(label, None) for label in choices])
    who = need.labels.annotator or f"analyst:{TOOL}"
    return labelled.record(place, _ours(text, found, key, who), need)


def _meta(found: dict[str, Any]) -> dict[str, Any]:
    return found["meta"] if isinstance(found.get("meta"), dict) else {}


def _labels(found: dict[str, Any]) -> tuple[list[Mark], list[str]]:
    """Spans are lists of three, categories are texts; one list may hold either."""
    marks: list[Mark] = []
    choices: list[str] = []
    for key in ("label", "labels", "cats", "column_label"):
        value = found.get(key)
        if not isinstance(value, list | None):
            raise WrongValue("label", "wrong-type", "a list of labels")
        for one in value or ():
            if isinstance(one, str):
                choices.append(one)
            else:
                marks.append(_mark(one))
    return marks, choices


def _mark(one: object) -> Mark:
    match one:
        case [int(start), int(end), str(label)]:
            return Mark(start, end, label)
    raise WrongValue("label", "wrong-type", "labels as [start, end, label], as texts, or as entities with offsets")


def _tie(one: dict[str, Any], by_id: dict[str, int]) -> Tie:
    label = one.get("type")
    if not isinstance(label, str):
        raise WrongValue("relations", "wrong-type", "relations with from_id, to_id and a text type")
    source, target = (by_id.get(str(one.get(key)), -1) for key in ("from_id", "to_id"))
    return Tie(label, source, target)


def _ours(text: Labelled, found: dict[str, Any], key: str, who: str) -> Labelled:
    """What `rasd export` wrote beside the text: how much of it is the headline, and the annotations as they were.

    doccano does not say who labelled. Where any label differs from what was exported, somebody has gone over the text,
    and all that stands in it now is theirs; else it stays with those whom it came from.
    """
    ours = found.get("rasd")
    if not isinstance(ours, dict):
        return text
    whole: str = found[key]
    length = ours.get("headline")
    if type(length) is not int or not 0 < length <= len(whole):
        length = 0
    below = min(len(whole), length + len(JOINT)) if length else 0
    if whole[length:below] not in ("", JOINT):
        raise WrongValue("rasd", "wrong-value", "the text as rasd export wrote it: headline, empty line, body")
    text.fields["headline"], text.fields["body"] = whole[:length] or None, whole[below:] or None
    known = _known(ours, below)
    is_changed = known.keys() != {(mark.start, mark.end, mark.label) for mark in text.marks}
    ties, text.ties = text.ties, []
    places: list[int] = []
    marks, text.marks = text.marks, []
    for mark in marks:
        places.append(len(text.marks))
        owns = known.get((mark.start, mark.end, mark.label), [None])
        text.marks += [_in_its_field(mark, own, length, below) for own in owns]
    if is_changed:
        for mark in text.marks:
            mark.annotator = who
    for tie in ties:
        source, target = (places[n] if 0 <= n < len(places) else -1 for n in (tie.source, tie.target))
        text.ties.append(Tie(tie.label, source, target, tie.annotator))
    return text


def _known(ours: dict[str, Any], below: int) -> dict[tuple[int, int, str], list[dict[str, Any] | None]]:
    """Our annotations by their place in the whole text and their label."""
    known: dict[tuple[int, int, str], list[dict[str, Any] | None]] = {}
    for own in strict.objects_of(ours, "annotations"):
        label, start, end = labelled.label_of_object(own), own.get("start"), own.get("end")
        if label and type(start) is int and type(end) is int:
            move = below if own.get("field") == "body" else 0
            known.setdefault((start + move, end + move, label), []).append(own)
    return known


def _in_its_field(mark: Mark, own: dict[str, Any] | None, length: int, below: int) -> Mark:
    """The mark in the headline or in the body; across both it stands in neither, and is refused there."""
    if mark.start < length:
        return Mark(mark.start, mark.end, mark.label, own=own, field="headline")
    return Mark(mark.start - below, mark.end - below, mark.label, own=own, field="body")
