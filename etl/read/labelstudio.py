"""Label Studio's JSON and JSON-MIN: spans, choices and relations of every annotation that stands.

Left out and counted: annotations that were cancelled or that a review rejected, regions of images and sounds, entry
fields. Predictions and drafts are nobody's word and are not read. An annotation that a person worked on is theirs as a
whole; one that was only imported keeps who it came from.
"""

import itertools
from collections.abc import Iterator
from typing import Any, Literal

from etl.mapping import WrongValue
from etl.model import Place, Record
from etl.read import labelled, stream, strict
from etl.read.files import Head, Source
from etl.read.labelled import Labelled, Mark, Tie, Utf16, utf16_offsets
from etl.read.need import Need, Refusal

TOOL = "labelstudio"
_SPANS = ("labels", "hypertextlabels")
_READ = f"{', '.join(_SPANS)}, choices or relation"
_MIN = ("annotation_id", "annotator")


def is_labelstudio(head: Head) -> bool:
    """Does the file begin with a task: its data beside annotations or predictions."""
    found = stream.keys(head.start)
    tasks = found.values.get("data") == b"{" and (found.holds_list("annotations") or found.holds_list("predictions"))
    return tasks or all(key in found.values for key in _MIN)


def read_labelstudio(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """A record a task (of JSON-MIN: a task and annotation), numbered from 1 as if each were a line."""
    return stream.each(source, need, stream.array, _record)


def _record(place: Place, raw: bytes, need: Need) -> Record:
    found = strict.json_object(raw, is_first=False)
    if isinstance(found.get("data"), dict):
        return _task(place, found, need)
    if all(key in found for key in _MIN):
        return _flat(place, found, need)
    raise WrongValue("data", "missing", "a task with data and annotations, or a row of JSON-MIN")


def _task(place: Place, task: dict[str, Any], need: Need) -> Record:
    data: dict[str, Any] = task["data"]
    annotations = strict.objects_of(task, "annotations")
    left_out = [_left_out(one) for one in annotations]
    kept = [one for one, fault in zip(annotations, left_out, strict=True) if fault is None]
    results = [(result, _who(one)) for one in kept for result in strict.objects_of(one, "result")]
    named = [str(result.get("to_name")) for result, _ in results if result.get("type") in _SPANS]
    key = _text_key(data, named, need)
    fields, text_field = labelled.data_fields(data, need, key)
    if any(left_out) or not annotations:
        fields.pop("exported", None)  # what is left out was not taken away
    text = Labelled(TOOL, fields, text_field, [], [], [], [fault for fault in left_out if fault])
    reader = _Regions(text, data)
    for result, who in results:
        reader.add(result, who)
    reader.tie([result for result in results if result[0].get("type") == "relation"])
    return labelled.record(place, text, need)


def _left_out(annotation: dict[str, Any]) -> WrongValue | None:
    if annotation.get("was_cancelled"):
        return WrongValue("was_cancelled", "cancelled", "an annotation that was submitted, not skipped")
    reviews = strict.objects_of(annotation, "reviews")
    last = max(reviews, key=lambda one: str(one.get("created_at")), default={})
    if annotation.get("last_action") == "rejected" or last.get("accepted") is False:
        return WrongValue("reviews", "rejected", "an annotation that no review rejected")
    return None


def _who(annotation: dict[str, Any]) -> str | None:
    """Who completed it, by address, else number; nobody where it was imported and no time was spent on it here."""
    if annotation.get("last_action") == "imported" or annotation.get("lead_time") is None:
        return None
    return _name(annotation.get("completed_by"))


def _name(by: object) -> str | None:
    if isinstance(by, dict):
        return labelled.person(by.get("email") or by.get("username") or by.get("id"))
    return labelled.person(by)


def _text_key(data: dict[str, Any], named: list[str], need: Need) -> str:
    """The key of the text that was labelled: an object's name is most often its key; a headline stands beside it."""
    mapped = [need.mapping.columns.get(field, "") for field in ("body", "headline")] if need.mapping else []
    for key in (*mapped, *(name for name in named if name != "headline"), "body", "text", "headline"):
        if isinstance(data.get(key), str):
            return key
    raise WrongValue("data", "no-text", "a text among the task's data, or its name: --map body=NAME")


class _Regions:
    """What is read of a task's results: they name each other by ids, and their texts by the names of their objects."""

    def __init__(self, text: Labelled, data: dict[str, Any]) -> None:
        self.text, self.data = text, data
        self.marks: dict[str, int] = {}
        self.units: dict[str, Utf16] = {}

    def add(self, result: dict[str, Any], who: str | None) -> None:
        """Read a span or a choice; refuse what is neither, but leave relations for later."""
        kind, value = result.get("type"), result.get("value")
        if kind == "relation":
            return
        if kind == "choices" and isinstance(value, dict) and "start" not in value:
            self.text.choices += [(label, who) for label in _texts(value, "choices")]
        elif kind in (*_SPANS, "choices") and isinstance(value, dict):
            self._span(result, value, str(kind), who)
        else:
            said = labelled.shown(str(kind))
            self.text.refused.append(WrongValue("type", "not-text", f"{_READ}; found {said}"))

    def _span(self, result: dict[str, Any], value: dict[str, Any], kind: str, who: str | None) -> None:
        field = self._field(str(result.get("to_name")))
        try:
            start, end, words = self._place(value, field)
        except WrongValue as fault:
            self.text.refused.append(fault)
            return
        meta = result.get("meta")
        own = meta.get("rasd") if isinstance(meta, dict) else None
        for label in _texts(value, kind):
            self.marks.setdefault(str(result.get("id")), len(self.text.marks))
            self.text.marks.append(Mark(start, end, label, words, who, own if isinstance(own, dict) else None, field))

    def _field(self, name: str) -> Literal["headline", "body"]:
        for field in ("headline", "body"):
            if name == field or (name in self.data and self.data[name] == self.text.fields.get(field)):
                return field
        return self.text.text_field

    def _place(self, value: dict[str, Any], field: str) -> tuple[int, int, str | None]:
        r"""Code points: old versions count a browser's units, later ones code points; the marked words tell which.

        The tool may write their line breaks as `\n` and several spaces as one: such words are taken from the text.
        """
        offsets = value.get("globalOffsets")
        start, end = ((offsets if isinstance(offsets, dict) else value).get(key) for key in ("start", "end"))
        if type(start) is not int or type(end) is not int:
            raise WrongValue("value", "no-offsets", "numbers start and end, or globalOffsets")
        text = self.text.fields.get(field) or ""
        if field not in self.units:
            self.units[field] = utf16_offsets(text)
        way = self.units[field]
        words = value.get("text")
        as_units, as_points = (way.code_points(start), way.code_points(end)), (start, end)
        if not isinstance(words, str):
            if as_units != as_points:
                raise WrongValue("value", "unsure-offsets", "the marked words under value.text: letters beyond U+FFFF")
            return start, end, None
        for first, last in (as_units, as_points):
            if first >= 0 and _same_words(text[first:last], words):
                return first, last, None
        return *as_units, words

    def tie(self, relations: list[tuple[dict[str, Any], str | None]]) -> None:
        """Relations of regions; `left` goes from the second to the first, `bi` both ways."""
        for result, who in relations:
            ends = [self.marks.get(str(result.get(key)), -1) for key in ("from_id", "to_id")]
            if result.get("direction") == "left":
                ends.reverse()
            is_mutual = result.get("direction") == "bi"
            labels = _texts(result, "labels") or [""]
            self.text.ties += [Tie(label, ends[0], ends[1], who, is_mutual) for label in labels]


def _same_words(one: str, other: str) -> bool:
    return one == other or one.split() == other.replace("\\n", "\n").split()


def _texts(value: dict[str, Any], key: str) -> list[str]:
    found = value.get(key)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _flat(place: Place, row: dict[str, Any], need: Need) -> Record:
    """JSON-MIN: the data and, under the name of each control, what was said; relations are not in it."""
    who = _name(row["annotator"])
    spans = {key: value for key, value in row.items() if isinstance(value, list) and any(map(_is_region, value))}
    data = {key: value for key, value in row.items() if key not in spans}
    fields, text_field = labelled.data_fields(data, need, _text_key(data, [], need))
    fields.pop("exported", None)  # other annotations of the task stand elsewhere
    text = Labelled(TOOL, fields, text_field, [], [], [])
    reader = _Regions(text, data)
    for value in itertools.chain.from_iterable(spans.values()):
        kind = next((kind for kind in _SPANS if isinstance(value, dict) and kind in value), "")
        reader.add({"type": kind or "region", "value": value}, who)
    chosen = [value for value in row.values() if isinstance(value, dict) and "choices" in value]
    text.choices += [(label, who) for value in chosen for label in _texts(value, "choices")]
    return labelled.record(place, text, need)


def _is_region(value: object) -> bool:
    return isinstance(value, dict) and "start" in value and any(kind in value for kind in _SPANS)
