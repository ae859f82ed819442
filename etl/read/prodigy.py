"""Prodigy's JSONL: spans, relations and choices of the examples that were accepted.

Offsets are code points (spaCy's). An example answered with reject or ignore is refused by that name, never half read.
"""

from collections.abc import Iterator
from typing import Any, TypeGuard

from etl.mapping import WrongValue
from etl.model import Place, Record
from etl.read import labelled, stream, strict
from etl.read.files import Head, Source
from etl.read.labelled import Labelled, Mark, Tie
from etl.read.need import Need, Refusal

TOOL = "prodigy"
_OWN_KEYS = frozenset(("_input_hash", "_task_hash"))
_ANSWERS = ("accept", "reject", "ignore")


def is_prodigy(head: Head) -> bool:
    """Does the first object have Prodigy's hashes, or its answer beside a text."""
    found = stream.keys(head.start).values
    return "text" in found and (not _OWN_KEYS.isdisjoint(found) or found.get("answer", b"").strip(b'"') in _QUOTED)


_QUOTED = frozenset(answer.encode() for answer in _ANSWERS)


def read_prodigy(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """A record an accepted example."""
    return stream.each(source, need, stream.objects, _record)


def _record(place: Place, raw: bytes, need: Need) -> Record:
    found = strict.json_object(raw, is_first=place.line == 1)
    answer = found.get("answer", "accept")
    if answer not in _ANSWERS:
        raise WrongValue("answer", "wrong-value", "accept, reject or ignore")
    if answer != "accept":
        raise WrongValue("answer", f"answer-{answer}", "an example that was accepted; what was not is left out")
    who = _who(found)
    data = (found["meta"] if isinstance(found.get("meta"), dict) else {}) | found
    fields, text_field = labelled.data_fields(data, need, "text")
    spans = strict.objects_of(found, "spans")
    marks = [_mark(span, who) for span in spans]
    places: dict[tuple[object, object], int] = {(mark.start, mark.end): n for n, mark in enumerate(marks)}
    ties = [_tie(one, places, who) for one in strict.objects_of(found, "relations")]
    text = Labelled(TOOL, fields, text_field, marks, ties, [(label, who) for label in _choices(found)])
    return labelled.record(place, text, need)


def _who(found: dict[str, Any]) -> str | None:
    """Named sessions are `DATASET-NAME`; both keys may be null."""
    return labelled.person(found.get("_annotator_id") or found.get("_session_id"))


def _mark(span: dict[str, Any], who: str | None) -> Mark:
    start, end, label, text = (span.get(key) for key in ("start", "end", "label", "text"))
    if type(start) is not int or type(end) is not int or not isinstance(label, str):
        raise WrongValue("spans", "wrong-type", "spans with numbers start and end, and a text label")
    return Mark(start, end, label, text if isinstance(text, str) else None, who)


def _tie(one: dict[str, Any], places: dict[tuple[object, object], int], who: str | None) -> Tie:
    """A relation goes from head to child; their spans are written out beside the numbers of their tokens."""
    spans = [one.get(key) for key in ("head_span", "child_span")]
    label = one.get("label")
    if not isinstance(label, str):
        raise WrongValue("relations", "wrong-type", "relations with a text label")
    source, target = (places.get((span["start"], span["end"]), -1) if _is_span(span) else -1 for span in spans)
    return Tie(label, source, target, annotator=who)


def _is_span(span: object) -> TypeGuard[dict[str, int]]:
    return isinstance(span, dict) and type(span.get("start")) is int and type(span.get("end")) is int


def _choices(found: dict[str, Any]) -> list[str]:
    """What was chosen from options, and the one label that an accepted binary question is about."""
    chosen, label = found.get("accept"), found.get("label")
    single = [label] if isinstance(label, str) and not found.get("options") else []
    return single + [str(one) for one in (chosen if isinstance(chosen, list) else ()) if isinstance(one, str | int)]
