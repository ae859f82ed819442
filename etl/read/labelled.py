"""What every annotation tool's export is brought to, and the way from there to a record: labels become annotations.

A label is one of ours (etl.labels), or the table of `--labels` says what it means. What label and table leave open
(which country, edition, date, person) is read from the marked words by the registry. Whatever does not hold is refused
on its own, by name; its article stays.
"""

import bisect
import functools
import re
from collections.abc import Iterator
from typing import Any, Literal, get_args

import msgspec

from etl import mapping
from etl.labels import Keys, label_of, meaning, tie_meaning
from etl.mapping import FIELDS, Mapping, WrongValue
from etl.model import FORMAT, Annotation, Article, Field, Place, Record
from etl.read import articles
from etl.read.files import printable
from etl.read.need import Need
from etl.text import Folded, sentences

RULE = "label"
"""The rule of an annotation that a tool's label made."""

_TEXTS = get_args(Field)
_MORE_FIELDS = ("role", "page_id", "published_basis", "fetched", "rights", "exported")
_LONGEST = 60
_LONGEST_NAME = 100
_LONGEST_WORDS = 200
"""No name and no date is longer; a whole article marked a thousand times is not read a thousand times."""

_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_FAULTS: dict[str, tuple[str, str]] = {
    "country": ("code", "unknown-name"),
    "event": ("series_id", "unknown-name"),
    "theme": ("theme_id", "unknown-name"),
    "date": ("value_from", "unreadable-date"),
}
"""By layer: the key that the marked words have to give where label and table do not, and the reason if they don't."""


class Mark(msgspec.Struct):
    """Marked words: code points into the text as the tool had it, and what the tool says of them.

    `field` None: the text field of the Labelled. `annotator` None: the carried object's, else the table's. `own` is our
    annotation as `rasd export` wrote it and the tool kept it. `is_relation`: a tie says all that the mark does.
    """

    start: int
    end: int
    label: str
    text: str | None = None
    annotator: str | None = None
    own: dict[str, Any] | None = None
    field: Literal["headline", "body"] | None = None
    is_relation: bool = False


class Tie(msgspec.Struct):
    """A relation of two marks, by their places in the list; `is_mutual`: the tool says that it goes both ways."""

    label: str
    source: int
    target: int
    annotator: str | None = None
    is_mutual: bool = False


class Labelled(msgspec.Struct):
    """One text of a tool. `choices` are labels of the whole text with their annotators.

    `fields` are those of rasd-article/1; `refused` is what the reader left out, each with its reason. `tool` is the
    last resort for who labelled: `analyst:TOOL`.
    """

    tool: str
    fields: dict[str, Any]
    text_field: Literal["headline", "body"] = "body"
    marks: list[Mark] = []
    ties: list[Tie] = []
    choices: list[tuple[str, str | None]] = []
    refused: list[WrongValue] = []


def record(place: Place, labelled: Labelled, need: Need) -> Record:
    """The record of a labelled text. Raises WrongValue where the article itself does not hold.

    Refused annotations are numbered over marks, ties, choices, then what the reader left out.
    """
    made = articles.labelled(place, labelled.fields, _rows(labelled, need), need.registry)
    made.unmapped_labels = [shown(label) for label in _unmapped(labelled, need)]
    return made


def data_fields(data: dict[str, Any], need: Need, text_key: str) -> tuple[dict[str, Any], Literal["headline", "body"]]:
    """The fields that a tool's own data give, and which of them is the text that was labelled.

    `--map` names the columns; without it `text_key` is the body and keys that bear our fields' names are taken, all of
    them where the data says that it is of our format. Raises WrongValue.
    """
    ours = {"body": text_key} | {field: field for field in FIELDS if field in data}
    if text_key == "headline":
        del ours["body"]
    columns = dict(need.mapping.columns) if need.mapping and need.mapping.columns else ours
    text_field = next((field for field in _TEXTS if columns.get(field) == text_key), None)
    if text_field is None:
        columns["body"], text_field = text_key, "body"
    given = need.mapping or Mapping()
    row = {key: str(value) if type(value) in {int, float} else value for key, value in data.items()}
    if data.get("format") == FORMAT:
        for name in _TEXTS:
            if not isinstance(data.get(name), str | None):
                raise WrongValue(name, "wrong-type", "a text or null")
        return {key: value for key, value in data.items() if key in (*FIELDS, *_MORE_FIELDS)}, text_field
    fields, _ = mapping.apply(msgspec.structs.replace(given, columns=columns), row)
    return fields, text_field


def person(name: object) -> str | None:
    """`analyst:NAME` for who a tool says labelled (address, login, number), printable and short; None for nobody."""
    if isinstance(name, bool) or not isinstance(name, str | int) or not str(name).strip():
        return None
    known = printable(str(name).strip()).removeprefix("analyst:")
    return f"analyst:{known[:_LONGEST_NAME]}"


def utf16_offsets(text: str) -> "Utf16":
    """The way from a browser's offsets into a text to code points."""
    return Utf16(text)


class Utf16:
    """Letters beyond U+FFFF are two units in a browser (and in Java); only those are kept."""

    __slots__ = ("_after",)

    def __init__(self, text: str) -> None:
        """Find the letters of two units; linear in the text's length."""
        beyond = [match.start() for match in _BEYOND.finditer(text)]
        self._after = [place + count for count, place in enumerate(beyond)]

    def code_points(self, units: int) -> int:
        """The code point at an offset in units; inside a letter of two, that letter's beginning."""
        return units - bisect.bisect_left(self._after, units)

    def units(self, code_points: int) -> int:
        """The offset in units of a code point."""
        return code_points + sum(place - count < code_points for count, place in enumerate(self._after))


def shown(label: str) -> str:
    """A label as a report can hold it: in one line of what can be printed, at most so long."""
    return printable(label[:_LONGEST])


def _unmapped(labelled: Labelled, need: Need) -> Iterator[str]:
    known, ties = need.labels, labelled.ties
    marked = (mark.label for mark in labelled.marks if not mark.is_relation)
    for label in (*marked, *(label for label, _ in labelled.choices)):
        if label not in known.meanings and label not in known.ignored and meaning(label) is None:
            yield label
    mapped = {*known.relations, *known.ignored}
    yield from (tie.label for tie in ties if tie.label not in mapped and tie_meaning(tie.label) is None)


def _rows(labelled: Labelled, need: Need) -> Iterator[dict[str, Any] | WrongValue | None]:
    """In the order of marks, ties, choices: a row to be checked, why there is none, or None for an ignored label."""
    made: list[dict[str, Any] | WrongValue | None] = []
    # A short file can mark all of a long text a thousand times; its annotations would quote it as often.
    left = need.max_line
    for mark in labelled.marks:
        left -= mark.end - mark.start if _is_in(mark, labelled) else 0
        made.append(_tried(_of_mark, mark, labelled, need) if left >= 0 else _too_much(need))
        yield made[-1]
    for tie in labelled.ties:
        row = _tried(_of_tie, tie, labelled, need, made) if left >= 0 else _too_much(need)
        left -= len(row["text"]) if isinstance(row, dict) else 0
        yield row
    for choice in labelled.choices:
        yield _tried(_of_choice, choice, labelled, need)
    yield from labelled.refused


def _too_much(need: Need) -> WrongValue:
    return WrongValue("text", "too-much-marked", f"annotations that quote {need.max_line} letters (RASD_MAX_LINE)")


def _is_in(mark: Mark, labelled: Labelled) -> bool:
    text = labelled.fields.get(mark.field or labelled.text_field) or ""
    return 0 <= mark.start < mark.end <= len(text)


def _tried(make: Any, one: Any, labelled: Labelled, need: Need, *more: Any) -> dict[str, Any] | WrongValue | None:  # noqa: ANN401 -- one of the three makers below with its own input
    label = one[0] if isinstance(one, tuple) else one.label
    is_told = isinstance(one, Mark) and one.is_relation and label not in need.labels.meanings and not meaning(label)
    if is_told or label in need.labels.ignored:
        return None
    try:
        found: dict[str, Any] = make(one, labelled, need, *more)
    except WrongValue as fault:
        return fault
    return found


def _of_mark(mark: Mark, labelled: Labelled, need: Need) -> dict[str, Any]:
    field = mark.field or labelled.text_field
    text: str = labelled.fields.get(field) or ""
    if not _is_in(mark, labelled):
        raise WrongValue("start", "offset-out-of-range", f"0 <= start < end <= {len(text)}, in code points")
    words = text[mark.start : mark.end] if mark.text is None else mark.text
    span = {"field": field, "start": mark.start, "end": mark.end, "text": words}
    if mark.own and label_of_object(mark.own) == mark.label:
        return mark.own | span | ({"annotator": mark.annotator} if mark.annotator else {})
    said = {"tier": "strong", "rule": RULE, "annotator": _who(mark.annotator, labelled, need)}
    return _filled(_meant(mark.label, need), words, labelled, need) | span | said


def label_of_object(own: dict[str, Any]) -> str | None:
    """Our label for an annotation as an object of rasd-article/1; None where it is none."""
    try:
        return label_of(msgspec.convert(own, Annotation, strict=True))
    except msgspec.ValidationError:
        return None


def _who(annotator: str | None, labelled: Labelled, need: Need) -> str:
    return annotator or need.labels.annotator or f"analyst:{labelled.tool}"


def _meant(label: str, need: Need) -> Keys:
    found = need.labels.meanings.get(label) or meaning(label)
    if found is None:
        raise WrongValue("label", "unmapped-label", f"one of our labels, or {shown(label)} in --labels FILE")
    return found


def _filled(own: Keys, words: str, labelled: Labelled, need: Need) -> Keys:
    """The keys, with those that label and table leave open read from the marked words."""
    layer = own["layer"]
    if layer == "event" and own.get("event_id"):
        event = need.registry.events.get(own["event_id"])
        own = {"series_id": event.series if event else ""} | own
    if layer in {"person", "organisation"}:
        return _actor(own, words, labelled, need)
    if layer not in _FAULTS:
        return own
    key, reason = _FAULTS[layer]
    if key in own:
        return {"role": "mention", "candidates": []} | own if layer == "country" else own
    found = _read(words, layer, labelled, need)
    if found is None:
        raise WrongValue(key, reason, f"marked words that name one {layer}, or {key} in --labels FILE")
    return found | ({"role": "mention"} if layer == "country" else {}) | own


def _actor(own: Keys, words: str, labelled: Labelled, need: Need) -> Keys:
    """Somebody of the registry, by id or by the marked words, with country and office; else nobody known."""
    if "entity_id" not in own:
        own = (_read(words, own["layer"], labelled, need) or {}) | own
    table = need.registry.persons if own["layer"] == "person" else need.registry.organisations
    actor = table.get(own.get("entity_id") or "")
    known = {"country": actor.country or None, "office": actor.office or None} if actor else {}
    return {"entity_id": None} | known | own


def _read(words: str, layer: str, labelled: Labelled, need: Need) -> Keys | None:
    """What the built-in annotator finds in the marked words alone; None for nothing, and for several things."""
    if len(words) > _LONGEST_WORDS:
        return None
    from etl.annotate import annotate  # noqa: PLC0415 -- serving asks for formats and does not wait for the annotator

    published = str(labelled.fields.get("published") or "") or None
    rows = [msgspec.to_builtins(row) for row in annotate(Article(headline=words, published=published), need.registry)]
    found = [{k: v for k, v in row.items() if k not in _SPAN} for row in rows if row["layer"] == layer]
    return found[0] if found and all(one == found[0] for one in found) else None


_SPAN = frozenset(("field", "start", "end", "text", "tier", "rule", "annotator"))
_DIRECTIONS = {"forward": ("a>b", "b>a"), "backward": ("b>a", "a>b")}


def _of_tie(tie: Tie, labelled: Labelled, need: Need, made: list[dict[str, Any] | WrongValue | None]) -> dict[str, Any]:
    said = need.labels.relations.get(tie.label) or tie_meaning(tie.label)
    if said is None:
        raise WrongValue("relation", "unmapped-label", f"a relation {shown(tie.label)} in --labels FILE")
    ends = [made[n] if 0 <= n < len(made) else None for n in (tie.source, tie.target)]
    codes = [one.get("code") if isinstance(one, dict) else None for one in ends]
    source, target = codes
    if not source or not target or source == target:
        raise WrongValue("relation", "no-pair", "a relation between marks of two different countries")
    first, last = (one for one in ends if isinstance(one, dict))
    span = _sentence(first, last, labelled)
    way = "both" if tie.is_mutual else said["direction"]
    direction = _DIRECTIONS.get(way, (way, way))[source > target]
    return {
        "layer": "pair", "a": min(source, target), "b": max(source, target), "relation": said["relation"],
        "direction": direction, "tier": "strong", "rule": RULE, "annotator": _who(tie.annotator, labelled, need),
    } | span  # fmt: skip


def _sentence(first: dict[str, Any], last: dict[str, Any], labelled: Labelled) -> dict[str, Any]:
    """The span of the sentence that holds both."""
    text: str = labelled.fields.get(first["field"]) or ""
    low, high = min(first["start"], last["start"]), max(first["end"], last["end"])
    for start, end in _spans(text) if first["field"] == last["field"] else ():
        if start <= low and high <= end:
            return {"field": first["field"], "start": start, "end": end, "text": text[start:end]}
    raise WrongValue("relation", "no-sentence", "both countries in one sentence")


@functools.lru_cache(maxsize=2)  # all relations of a text ask for the same
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    folded = Folded(text)
    return tuple(folded.span(start, end) for start, end in sentences(folded.text, folded.letters))


def _of_choice(choice: tuple[str, str | None], labelled: Labelled, need: Need) -> dict[str, Any]:
    """A theme of the whole text: its evidence is the headline, else the first sentence."""
    label, annotator = choice
    own = _meant(label, need)
    if own["layer"] != "theme" or "theme_id" not in own:
        raise WrongValue("label", "no-words", f"a theme for {shown(label)}: a label of the whole text marks no words")
    field: Field = "headline" if (labelled.fields.get("headline") or "").strip() else "body"
    text: str = labelled.fields.get(field) or ""
    start, end = (0, len(text)) if field == "headline" else next(iter(_spans(text)), (0, len(text)))
    span = {"field": field, "start": start, "end": end, "text": text[start:end]}
    return own | span | {"tier": "strong", "rule": RULE, "annotator": _who(annotator, labelled, need)}
