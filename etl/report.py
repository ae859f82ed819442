"""What a load tells at its end: for people (text) and for programs (one JSON object)."""

import collections
import contextlib
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from etl.model import Record, Reject, SkippedFile
from etl.read import Source
from etl.store import Building, counts, open_snapshot, rejected

_MOST_LISTED = 10
_LAYERS = {"event_mention": "event", "country_mention": "country", "pair_mention": "pair", "theme_mention": "theme",
           "date_expression": "date", "entity_mention": "person, organisation"}  # fmt: skip


def _counter() -> Counter[str]:
    return collections.Counter()


class FileCount(msgspec.Struct):
    """The record sum of one file: read = accepted + rejected + duplicate."""

    file: str
    format: str
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0


class Report(msgspec.Struct, kw_only=True):
    """A load, counted while it runs. `articles` of the JSON object are those that the accepted records brought."""

    files: dict[str, FileCount] = {}
    skipped: list[SkippedFile] = []
    roles: Counter[str] = msgspec.field(default_factory=_counter)
    bases: Counter[str] = msgspec.field(default_factory=_counter)
    date_forms: Counter[str] = msgspec.field(default_factory=_counter)
    reasons: Counter[str] = msgspec.field(default_factory=_counter)
    refused: Counter[str] = msgspec.field(default_factory=_counter)
    unknown_keys: Counter[str] = msgspec.field(default_factory=_counter)
    unmapped: Counter[str] = msgspec.field(default_factory=_counter)
    first_rejects: list[Reject] = []
    layers: dict[str, int] = {}
    events: list[tuple[str, int]] = []
    changes: dict[str, tuple[int, int]] = {}
    parent_id: str | None = None
    published: bool = False
    snapshot_id: str | None = None
    seconds: float = 0.0
    text_bytes: int = 0
    """UTF-8 of the headlines and bodies that were annotated; 0 where nobody measured it."""

    def reject(self, reject: Reject) -> None:
        """Count a refused record."""
        count = self.files[reject.place.file]
        count.read += 1
        count.rejected += 1
        self.reasons[reject.reason] += 1
        if len(self.first_rejects) < _MOST_LISTED:
            self.first_rejects.append(reject)

    def record(self, record: Record) -> None:
        """Count an accepted record."""
        count = self.files[record.place.file]
        count.read += 1
        count.accepted += 1
        self.roles.update(article.role for article in record.articles)
        self.bases.update(article.published_basis if article.published else "undated" for article in record.articles)
        self.date_forms[record.date_form] += 1
        self.unknown_keys.update(record.unknown_keys)
        self.unmapped.update(record.unmapped_labels)
        self.refused.update(one.reason for one in record.refused)

    def total(self, column: str) -> int:
        """Sum of a column of the files: read, accepted, rejected, duplicate."""
        return sum(getattr(count, column) for count in self.files.values())

    @property
    def exit_code(self) -> int:
        """0: published, or nothing new; 1: nothing could be loaded."""
        return 0 if self.total("accepted") + self.total("duplicate") else 1

    def as_object(self) -> dict[str, Any]:
        """The object of --json; read = accepted + rejected + duplicate."""
        sums = {column: self.total(column) for column in ("read", "accepted", "rejected", "duplicate")}
        return sums | {
            "articles": self.roles.total(),
            "published": self.published,
            "snapshot_id": self.snapshot_id,
            "seconds": self.seconds,
        }


def counted(source: Source) -> FileCount:
    """A file before its first record."""
    return FileCount(source.name, source.format or "unknown")


_NEW = "raw_article SEMI JOIN arrived USING (arrival_no)"
_ACCEPTED = "(SELECT record_no FROM outcome WHERE outcome = 'accepted')"
_COUNTS = {
    "roles": f"SELECT role, count(*) FROM {_NEW} GROUP BY ALL",
    "bases": f"""SELECT CASE WHEN published IS NULL THEN 'undated' ELSE published_basis END, count(*)
        FROM {_NEW} GROUP BY 1""",
    "date_forms": f"SELECT date_form, count(*) FROM raw_record WHERE record_no IN {_ACCEPTED} GROUP BY ALL",
    "reasons": "SELECT reason, count(*) FROM rejected GROUP BY ALL",
    "refused": f"SELECT reason, count(*) FROM raw_refused_annotation WHERE record_no IN {_ACCEPTED} GROUP BY ALL",
    "unmapped": f"""SELECT label, count(*) FROM (
        SELECT unnest(unmapped_labels) AS label FROM raw_record WHERE record_no IN {_ACCEPTED}) GROUP BY ALL""",
    "unknown_keys": f"""SELECT key, count(*) FROM (
        SELECT unnest(unknown_keys) AS key FROM raw_record WHERE record_no IN {_ACCEPTED}) GROUP BY ALL""",
}


def note(report: Report, made: Building) -> None:
    """Fill in what a load sorted out: the sum of every file, and what was new in them."""
    report.files = {one[0]: FileCount(*one) for one in counts(made)}
    for name, sql in _COUNTS.items():
        getattr(report, name).update(dict(made.connection.execute(sql).fetchall()))
    report.first_rejects = [reject for reject, _ in itertools.islice(rejected(made), _MOST_LISTED)]


def described(report: Report, store: Path) -> Report:
    """Fill what only snapshots know: mentions in force by layer, top events, what changed since the parent."""
    if report.snapshot_id:
        with contextlib.closing(open_snapshot(store, report.snapshot_id)) as connection:
            after = _counts(connection)
            report.events = connection.execute(_EVENTS).fetchall()
        report.layers = {layer: after[layer] for layer in _LAYERS.values()}
        if report.published:
            before = _before(store, report.parent_id)
            report.changes = {name: (before.get(name, 0), n) for name, n in after.items() if n != before.get(name, 0)}
    return report


def _before(store: Path, parent_id: str | None) -> dict[str, int]:
    if not parent_id:
        return {}
    with contextlib.closing(open_snapshot(store, parent_id)) as connection:
        return _counts(connection)


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """What a snapshot counts: current articles, stories, undated ones, and the mentions in force of each layer."""
    queries = _ARTICLES | {layer: f"SELECT count(*) FROM {table} WHERE in_force" for table, layer in _LAYERS.items()}
    return {name: connection.execute(sql).fetchall()[0][0] for name, sql in queries.items()}


_ARTICLES = {
    "articles": "SELECT count(*) FROM counted_article WHERE role != 'headline'",
    "stories": "SELECT count(DISTINCT story_key) FROM counted_article WHERE role != 'headline'",
    "undated": "SELECT count(*) FROM counted_article WHERE role != 'headline' AND published_on IS NULL",
    "bare headlines": "SELECT count(*) FROM counted_article WHERE role = 'headline'",
}

_EVENTS = """
SELECT event_id::VARCHAR, count(DISTINCT article_key) AS n FROM event_mention
WHERE in_force AND role != 'headline' AND event_id IS NOT NULL GROUP BY ALL ORDER BY n DESC, 1 LIMIT 10
"""


def text(report: Report) -> str:
    """The report for people, in lines; nothing in it comes from the text of an article."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    sums = report.as_object()
    parts = " + ".join(f"{sums[column]} {column}" for column in ("accepted", "rejected", "duplicate"))
    yield f"records     {sums['read']} read = {parts}"
    yield from _row("articles", report.roles)
    yield from _row("dates", report.bases)
    yield from _row("date forms", report.date_forms)
    yield from _row("rejected", report.reasons)
    for one in report.first_rejects:
        field = f"{one.field}: " if one.field else ""
        yield f"            {one.place.file}:{one.place.line}: {field}{one.reason}; expected {one.expected}"
    yield from _row("annotations refused", report.refused)
    yield from _row("labels that --labels does not map", report.unmapped)
    yield from _row("unknown keys dropped", {ascii(key)[1:-1]: n for key, n in report.unknown_keys.items()})
    yield from _row("skipped", collections.Counter(file.reason for file in report.skipped))
    for file in report.skipped[:_MOST_LISTED]:
        yield f"            {file.file}: {file.reason}"
    yield from _row("mentions in the store", report.layers)
    yield from _row("top events, articles", dict(report.events))
    for name, (before, after) in report.changes.items():
        yield f"changed     {name} {before} → {after}"
    yield _end(report)


def _row(name: str, counts: dict[str, int]) -> Iterable[str]:
    listed = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    shown = " · ".join(f"{key} {n}" for key, n in listed[:_MOST_LISTED] if n)
    return [f"{name:<12}{shown}" if len(name) < len("unknown keys") else f"{name}: {shown}"] if shown else []


def _end(report: Report) -> str:
    if report.published:
        return f"published   {report.snapshot_id} in {report.seconds:.1f} s"
    if report.snapshot_id:
        return f"nothing new; the current snapshot stays {report.snapshot_id}"
    megabytes = report.text_bytes / 1e6
    speed = f": {megabytes:.1f} MB of text, {megabytes / report.seconds:.1f} MB a second" if megabytes >= 1 else ""
    return f"done in {report.seconds:.1f} s{speed}"
