"""A registry of three countries and two events, and articles in one line: what the tests of the loading side share."""

from collections.abc import Sequence
from typing import Any

from etl.gather import searched, signature
from etl.identity import content_sha256, finish, statements
from etl.model import Annotation, Article, Page, Place, Reject, ThemeMention
from etl.registry import Country, Event, Fact, Registry, Series, Theme
from etl.store import Arrival, Found, Sheet

REGISTRY = Registry(
    sha256="r" * 64,
    countries={code: Country(name=code, code=code) for code in ("ES", "GB", "MA")},
    ambiguous=(),
    conditional=(),
    blockers=(),
    series={"afcon": Series(id="afcon", name="كأس إفريقيا للأمم", kind="sport"),
            "euro": Series(id="euro", name="كأس أمم أوروبا", kind="sport")},
    events={"afcon-2025": Event(id="afcon-2025", series="afcon", name="كأس إفريقيا للأمم 2025", label_year=2025,
                                fact=(Fact(key="start", value="2025-12-21"), Fact(key="host", value=("MA",)))),
            "euro-2028": Event(id="euro-2028", series="euro", name="يورو 2028", label_year=2028)},
    not_events=(),
    themes={name: Theme(id=name, name=name) for name in ("migration", "diplomacy")},
    persons={},
    organisations={},
)  # fmt: skip


def span(text: str, at: int = 0, annotator: str = "x/1", field: str = "body") -> dict[str, Any]:
    """What every annotation says, for `text` at offset `at`."""
    return {"field": field, "start": at, "end": at + len(text), "text": text, "tier": "strong", "rule": "test",
            "annotator": annotator}  # fmt: skip


def theme(text: str, annotator: str = "x/1", theme_id: str = "migration") -> ThemeMention:
    """A theme shown by the first words of a body."""
    return ThemeMention(theme_id=theme_id, **span(text, annotator=annotator))


def article(body: str, *annotations: Annotation, **fields: Any) -> Article:
    """A finished article."""
    return finish(Article(body=body, annotations=list(annotations), **fields))


def arrival(body: str, *annotations: Annotation, **fields: Any) -> Arrival:
    """An article as it reaches the store."""
    made = article(body, *annotations, **fields)
    content = content_sha256(made)
    return Arrival(article=made, content_sha256=content, statements=statements(made, content, REGISTRY.sha256))


def sheet(*arrivals: Arrival, pages: Sequence[Page] = (), rejects: Sequence[Reject] = (), file: str = "f") -> Sheet:
    """One record with the articles and pages, and one for each refusal; articles of the same body share a story."""
    made = Sheet(0)
    record = made.record(Place(file, 1, 0))
    for one in arrivals:
        of = one.article
        made.found(made.arrival(record, one), Found(article=of, signature=signature(of), folded=searched(of)))
    for page in pages:
        made.page(record, page)
    for reject in rejects:
        made.reject(made.record(reject.place), reject)
    return made
