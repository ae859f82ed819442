"""People and organisations of the registry, each with the country it acts for."""

from etl.annotate import cues
from etl.annotate.names import longest
from etl.annotate.scan import Scan
from etl.model import ANNOTATOR, OrganisationMention, PersonMention
from etl.registry import Actor

_RANK = {"person": 0, "organisation": 1}


def find(scan: Scan, stated: dict[str, str]) -> list[PersonMention | OrganisationMention]:
    """The person and organisation rows of a field; `stated` holds countries that the text itself gives them."""
    rows: list[PersonMention | OrganisationMention] = []
    for hit in longest([h for h in scan.countries if h.kind in _RANK], _RANK):
        if not isinstance(hit.payload, Actor) or (hit.kind == "person" and cues.is_called_after(scan.text, hit.start)):
            continue
        start, end = scan.folded.span(hit.start, hit.end)
        kind = PersonMention if hit.kind == "person" else OrganisationMention
        rows.append(kind(
            entity_id=hit.payload.id, country=stated.get(hit.payload.id, hit.payload.country) or None,
            office=hit.payload.office or None,
            field=scan.field, start=start, end=end, text=scan.folded.original[start:end], tier="strong",
            rule="register", annotator=ANNOTATOR,
        ))  # fmt: skip
    return rows
