"""The nouns: what is read, annotated, refused and stored. No logic beyond what a type can hold.

Words follow one meaning each: a *page* is what was fetched, it holds *articles*; near-copies form a *story*;
a *tracked event* is a registered edition of a *series*. Offsets are Unicode code points, half-open, into the
field as stored. The JSON form of an article is `rasd-article/1`, documented in docs/format.md.
"""

from typing import Literal, get_args

import msgspec

FORMAT = "rasd-article/1"
ANNOTATOR = "rules/1"

Role = Literal["main", "read_also", "headline"]
PublishedBasis = Literal["metadata", "dateline", "url", "relative", "unknown"]
Field = Literal["headline", "body"]
Tier = Literal["weak", "medium", "strong"]
Stage = Literal["qualifiers", "finals", "other"]
CountryRole = Literal["actor", "target", "host", "place", "mention"]
Direction = Literal["a>b", "b>a", "both", "none"]
Relation = Literal[
    "conflict",
    "agreement",
    "visit",
    "meeting",
    "match",
    "dispute",
    "support",
    "trade",
    "cohost",
    "cooperation",
    "other",
]
Precision = Literal["day", "week", "month", "season", "year"]
DateBasis = Literal["absolute", "relative", "hijri"]
WeekdayCheck = Literal["ok", "conflict", "none"]
Zone = Literal[
    "promotion", "title", "date_line", "body", "source", "keywords", "label", "glued", "related_headline", "rest"
]

RELATION_ORDER: tuple[Relation, ...] = get_args(Relation)
"""Where a sentence states several relations, the first of these counts."""


class _Span(msgspec.Struct, kw_only=True, tag_field="layer", gc=False):
    """What every annotation says: `field[start:end] == text`, how sure, by which rule, by whom."""

    field: Field
    start: int
    end: int
    text: str
    tier: Tier
    rule: str
    annotator: str


class EventMention(_Span, tag="event"):
    """A mention of a series; `event_id` is None while the edition is open, `candidates` then hold event ids."""

    series_id: str
    event_id: str | None = None
    candidates: list[str] = []
    stage: Stage | None = None


class CountryMention(_Span, tag="country"):
    """A country or bloc; `code` is None for an ambiguous name, `candidates` then hold codes."""

    code: str | None
    role: CountryRole
    candidates: list[str] = []


class PairMention(_Span, tag="pair"):
    """A stated dealing between actors of `a` and `b` (`a` < `b`); the span is the sentence that states it."""

    a: str
    b: str
    direction: Direction
    relation: Relation


class ThemeMention(_Span, tag="theme"):
    """The term that shows a theme; a theme of the article is any of its spans."""

    theme_id: str


class DateExpression(_Span, tag="date"):
    """A date in the text. Values are ISO dates, both None while open or in conflict; `weekday` is ISO 1–7."""

    value_from: str | None
    value_to: str | None
    precision: Precision
    basis: DateBasis
    anchor: str | None
    weekday: int | None
    weekday_check: WeekdayCheck


class PersonMention(_Span, tag="person"):
    """A person, with the country they act for."""

    entity_id: str | None = None
    country: str | None = None
    office: str | None = None


class OrganisationMention(_Span, tag="organisation"):
    """An organisation, with the country it acts for; None for an international one."""

    entity_id: str | None = None
    country: str | None = None
    office: str | None = None


Annotation = (
    EventMention | CountryMention | PairMention | ThemeMention | DateExpression | PersonMention | OrganisationMention
)


class Article(msgspec.Struct, kw_only=True):
    """One article in the form of `rasd-article/1`.

    `published` is None, an ISO date or an RFC 3339 time with offset; None means that nobody stated a date.
    `keywords` may be one string whose boundaries are lost. `exported`: the labels that `rasd export` wrote, by
    annotator. After reading, `article_id` and `page_id` are filled.
    """

    format: Literal["rasd-article/1"] = FORMAT
    article_id: str = ""
    page_id: str = ""
    role: Role = "main"
    url: str | None = None
    publisher: str | None = None
    carrier: str | None = None
    headline: str | None = None
    body: str | None = None
    language: str = "ar"
    published: str | None = None
    published_basis: PublishedBasis = "unknown"
    fetched: str | None = None
    keywords: list[str] = []
    rights: str | None = None
    annotations: list[Annotation] = []
    exported: dict[str, list[str]] = {}


class Block(msgspec.Struct, kw_only=True):
    """A run of a page: its zone, its place on the page, and where it went (`article_id` None: to no article).

    For kept text, `page[page_start + k] == article.field[field_start + k]` while `page_start + k < page_end`.
    """

    zone: Zone
    page_start: int
    page_end: int
    article_id: str | None = None
    field: Field | None = None
    field_start: int | None = None


class Page(msgspec.Struct, kw_only=True):
    """What was fetched, whole: the original behind its articles. `page_id` derives from the file's bytes."""

    page_id: str
    name: str
    text: str
    blocks: list[Block] = []


class Place(msgspec.Struct, frozen=True):
    """Where a record stands: file name as given, 1-based line (1 for a page file), byte offset of its start."""

    file: str
    line: int
    byte: int


class Reject(msgspec.Struct, kw_only=True):
    """A record that was refused, without its text: place, field, reason code, what was expected, SHA-256 of it."""

    place: Place
    field: str
    reason: str
    expected: str
    sha256: str


class RefusedAnnotation(msgspec.Struct, kw_only=True):
    """An annotation that was refused while its article was accepted; `position` counts from 0 in its list."""

    place: Place
    article_id: str
    position: int
    reason: str
    expected: str


class Record(msgspec.Struct, kw_only=True):
    """One accepted input record: a line of JSONL, a row of CSV, or a page file, as the articles it holds."""

    place: Place
    articles: list[Article]
    page: Page | None = None
    refused: list[RefusedAnnotation] = []
    unknown_keys: list[str] = []
    unmapped_labels: list[str] = []
    """Labels of a tool that no table maps, one for each of their marks, escaped."""
    date_form: str = "none"
    """How the record's date was written: rfc3339, rfc822, d/m/y, iso, compact, page, none."""


class SkippedFile(msgspec.Struct, frozen=True):
    """A file of a walked folder that no reader takes, with the reason code; it holds no records."""

    file: str
    reason: str


class RasdError(Exception):
    """What a person meets: says what was expected and the command that mends it; shown without a traceback.

    `exit_code`: 1 nothing could be done, 2 wrong usage, 3 another load is running.
    """

    exit_code = 1


class StoreError(RasdError):
    """The store cannot be used as asked.

    `code` is for translation: no-store, foreign, other-version, damaged, no-snapshot, build-failed.
    """

    def __init__(self, code: str, message: str) -> None:
        """Keep the code beside the message."""
        super().__init__(message)
        self.code = code


class UsageError(RasdError):
    """Wrong usage of a command."""

    exit_code = 2


class BusyError(RasdError):
    """Another load holds the store."""

    exit_code = 3
