"""Annotation: a pure function from an article and the registry to rows. Layers in reading order below.

A new layer is one module with a `find` over a `Scan`, and one line here. Another annotator is one function and one
line in ANNOTATORS.
"""

import datetime as dt
from collections.abc import Callable

from etl.annotate import countries, dates, events, pairs, people, themes
from etl.annotate.scan import Scan, scan
from etl.model import ANNOTATOR, Annotation, Article, Field
from etl.registry import Registry

_FIELDS: tuple[Field, ...] = ("headline", "body")


def annotate(article: Article, registry: Registry) -> list[Annotation]:
    """The rows of the built-in annotator for one article; offsets are code points into its fields as stored.

    Pure: the same article and registry give the same rows on every machine. `article.published` anchors relative
    dates and open editions; without it they stay open.
    """
    published = published_on(article.published)
    scans = [scan(field, text, registry) for field in _FIELDS if (text := getattr(article, field))]
    whole = "\n".join(s.text for s in scans)
    rows: list[Annotation] = [*themes.find(scans)]
    for field_scan in scans:
        rows += _of_field(field_scan, whole, registry, published)
    return rows


def _of_field(field_scan: Scan, whole: str, registry: Registry, published: dt.date | None) -> list[Annotation]:
    places, stated = countries.find(field_scan, whole)
    found = events.find(field_scan, places, registry, published)
    places = events.with_hosts(field_scan, places, found, registry)
    return [
        *events.mentions(field_scan, found),
        *countries.mentions(field_scan, places),
        *pairs.find(field_scan, places),
        *dates.find(field_scan, published),
        *people.find(field_scan, stated),
    ]


def published_on(published: str | None) -> dt.date | None:
    """The calendar day of a publication date as stated, in its own offset."""
    return dt.date.fromisoformat(published[:10]) if published else None


ANNOTATORS: dict[str, Callable[[Article, Registry], list[Annotation]]] = {ANNOTATOR: annotate}
