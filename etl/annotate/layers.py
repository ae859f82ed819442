"""All layers over one article, in reading order."""

import datetime as dt

from etl.annotate import countries, dates, echoes, events, pairs, people, themes
from etl.annotate.events import EventPlace
from etl.annotate.scan import scan
from etl.annotate.signs import Named
from etl.model import Annotation, Article, Field
from etl.registry import Registry

_FIELDS: tuple[Field, ...] = ("headline", "body")


def annotate(article: Article, registry: Registry) -> list[Annotation]:
    """The rows of the built-in annotator for one article; offsets are code points into its fields as stored.

    Pure: the same article and registry give the same rows on every machine. `article.published` anchors relative
    dates and open editions; without it they stay open.
    """
    published = published_on(article.published)
    is_small_hours = _is_small_hours(article.published)
    read = _read_all(article, registry, published)
    rows: list[Annotation] = [*themes.find([one.named.scan for one in read])]
    for one in read:
        rows += _rows(one, published, is_small_hours=is_small_hours)
    rows += pairs.find([one.named for one in read])
    return rows


def named(article: Article, registry: Registry, published: dt.date | None) -> list[Named]:
    """The fields of an article with the countries that they name: what pairs are found in."""
    return [one.named for one in _read_all(article, registry, published)]


class _Read:
    """A field with what it names."""

    def __init__(self, named: Named, events: list[EventPlace], stated: dict[str, str]) -> None:
        self.named = named
        self.events = events
        self.stated = stated


def _read_all(article: Article, registry: Registry, published: dt.date | None) -> list[_Read]:
    scans = [scan(field, text, registry) for field in _FIELDS if (text := getattr(article, field))]
    whole = "\n".join(s.text for s in scans)
    countries_of = [countries.find(one, whole) for one in scans]
    named = [
        events.find(one, found.places, registry, published) for one, found in zip(scans, countries_of, strict=True)
    ]
    settled = echoes.settled(scans, named, registry, published)
    return [
        _Read(Named(one, events.with_hosts(one, found.places, told, registry), found.clubs), told, found.stated)
        for one, found, told in zip(scans, countries_of, settled, strict=True)
    ]


def _rows(read: _Read, published: dt.date | None, *, is_small_hours: bool) -> list[Annotation]:
    field_scan = read.named.scan
    return [
        *events.mentions(field_scan, read.events),
        *countries.mentions(field_scan, read.named.places),
        *dates.find(field_scan, published, is_small_hours=is_small_hours),
        *people.find(field_scan, read.stated),
    ]


def published_on(published: str | None) -> dt.date | None:
    """The calendar day of a publication date as stated, in its own offset; None where no newspaper can be that old."""
    day = dt.date.fromisoformat(published[:10]) if published else None
    return day if day and day.year in _YEARS_OF_NEWS else None


_YEARS_OF_NEWS = range(1700, 2300)
"""An anchor at the edge of the calendar has no day before or year after it."""


def _is_small_hours(published: str | None) -> bool:
    """Is the stated time before four; midnight itself stands for no time.

    «اليوم», «أمس» with a weekday contradict the day of publication in 28 of 68 cases before four, later in 2 of 100.
    """
    time = (published or "")[11:19]
    return "00:00:00" < time < "04:00:00"
