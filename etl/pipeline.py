"""The verbs: `load` reads as the log of what it does. Read → clean → sort out duplicates → annotate, gather → store."""

import collections
import contextlib
import itertools
import json
import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from etl import annotators, clean
from etl.annotators import Annotator
from etl.identity import content_sha256, finish, statements
from etl.mapping import Mapping, WrongValue
from etl.model import ANNOTATOR, Article, Place, Record, RefusedAnnotation
from etl.read import Refusal, read, survey
from etl.read.need import refuse
from etl.registry import Registry
from etl.registry import load as load_registry
from etl.report import Report, counted, described
from etl.sample import is_sample
from etl.store import Arrival, Batch, Building, add, building, current, held, publish
from etl.workers import Collect, Task, task, workers

NOWHERE = Place("", 0, 0)

Progress = Callable[[str, int], None]
"""Told after each batch: the file and the byte reached in it."""

_MOST_RECORDS = 2_000
_MOST_LETTERS = 8_000_000
"""A batch ends at either, so that memory does not grow with the input."""

_AHEAD = 2
"""Batches that workers hold while the next is read and the last is stored."""


def load(  # noqa: PLR0913 -- the options of a verb, each by its name
    paths: Iterable[Path], *, store: Path, mapping: Mapping | None = None, rejects_file: Path | None = None,
    progress: Progress | None = None, registry: Registry | None = None, annotator: Sequence[str] = (),
    format_name: str | None = None,
) -> Report:  # fmt: skip
    """Read files and folders into the store and publish a snapshot, unless they bring nothing new.

    `annotator` names the programs that read every article; without it the built-in one reads those that came without
    annotations. Raises UsageError (no such path or annotator), BusyError (another load), StoreError and AnnotatorError
    (the store stays as it was).
    """
    began = time.monotonic()
    asked = annotators.chosen(annotator)
    registry = registry or load_registry()
    found = survey(paths, format_name)
    report = Report(skipped=found.skipped, files={source.name: counted(source) for source in found.sources})
    is_real = any(not is_sample(source.name) for source in found.sources)
    with (
        building(store, registry, replaces_sample=is_real) as made,
        workers(registry) as start,
        _aside(rejects_file) as rejects,
    ):
        records = cleaned(read(found.sources, mapping, registry), mapping)
        sorted_out = Sorting(made, registry, report, rejects, _programs(annotator, asked))
        batches = (sort_out(batch, sorted_out) for batch in bounded(records, progress))
        for batch in also_read(prepared(batches, start), asked, registry, report):
            add(made, batch)
        add(made, Batch(files=list(report.files.values())))
        report.parent_id = made.parent_id
        published = publish(made)
    report.published, report.snapshot_id = bool(published), current(store)
    report.seconds = round(time.monotonic() - began, 3)
    return described(report, store)


def annotate_files(  # noqa: PLR0913 -- as above
    paths: Iterable[Path], out: Path, mapping: Mapping | None = None, *, rejects_file: Path | None = None,
    progress: Progress | None = None, registry: Registry | None = None, annotator: Sequence[str] = (),
    format_name: str | None = None,
) -> Report:  # fmt: skip
    """Write what the files hold as rasd-article/1, annotated, to `out` in one step at the end; touches no store."""
    began = time.monotonic()
    asked = annotators.chosen(annotator)
    registry = registry or load_registry()
    found = survey(paths, format_name)
    report = Report(skipped=found.skipped, files={source.name: counted(source) for source in found.sources})
    with _aside(out) as lines, workers(registry) as start, _aside(rejects_file) as rejects:
        records = cleaned(read(found.sources, mapping, registry), mapping)
        sorted_out = Sorting(None, registry, report, rejects, _programs(annotator, asked))
        batches = (sort_out(batch, sorted_out) for batch in bounded(records, progress))
        for batch in also_read(prepared(batches, start), asked, registry, report):
            lines.writelines(msgspec.json.encode(arrival.article) + b"\n" for arrival in batch.arrivals)
    report.seconds = round(time.monotonic() - began, 3)
    return report


def cleaned(items: Iterable[Record | Refusal], mapping: Mapping | None) -> Iterator[Record | Refusal]:
    """Cut every page into its articles; constants of the mapping go to the main one. A page without any is refused."""
    for item in items:
        if not isinstance(item, Record) or item.page is None:
            yield item
            continue
        item.page, articles = clean.split(item.page.name, item.page.text, item.page.page_id)
        # Ids come first: what a constant adds makes another version of the same article, not another article.
        item.articles = [_given(finish(article), mapping) for article in articles]
        clean.number(item.page, [article.article_id for article in articles])
        fault = WrongValue("", "no-article", "a page with a headline or a paragraph")
        yield item if articles else refuse(item.place, item.page.text.encode(), fault)


def _given(article: Article, mapping: Mapping | None) -> Article:
    constants = mapping.constants if mapping and article.role == "main" else {}
    for field, value in constants.items():
        setattr(article, field, value)
    if "published" in constants:
        article.published_basis = "metadata"
    return article


def bounded(items: Iterable[Record | Refusal], progress: Progress | None) -> Iterator[list[Record | Refusal]]:
    """Batches small enough for memory."""
    batch: list[Record | Refusal] = []
    letters = 0
    for item in items:
        batch.append(item)
        letters += _letters(item)
        if len(batch) >= _MOST_RECORDS or letters >= _MOST_LETTERS:
            yield batch
            place = item.place if isinstance(item, Record) else item.reject.place
            progress(place.file, place.byte) if progress else None
            batch, letters = [], 0
    yield batch


def _letters(item: Record | Refusal) -> int:
    if isinstance(item, Refusal):
        return len(item.raw)
    return sum(len(article.headline or "") + len(article.body or "") for article in item.articles)


class Sorting(NamedTuple):
    """What `sort_out` needs besides a batch.

    `made` None: no store; `programs` None: the built-in annotator, for articles without rows.
    """

    made: Building | None
    registry: Registry
    report: Report
    rejects: IO[bytes]
    programs: list[str] | None


def _programs(names: Sequence[str], others: list[Annotator]) -> list[str] | None:
    """The full names of the annotators that are to read every article; None where nobody named one."""
    ours = [ANNOTATOR] if annotators.BUILT_IN in names else []
    return [*ours, *(other.name for other in others)] if names else None


def sort_out(items: list[Record | Refusal], to: Sorting) -> Batch:
    """What of a batch is new to the store and to this load; everything is counted in the report."""
    batch = Batch()
    arrivals = [_arrivals(item, to) if isinstance(item, Record) else [] for item in items]
    asked = [said.sha256 for arrival in itertools.chain(*arrivals) for said in arrival.statements]
    stored = held(to.made, asked) if to.made else set()
    for item, brought in zip(items, arrivals, strict=True):
        if isinstance(item, Refusal):
            to.report.reject(item.reject)
            batch.rejects.append(item.reject)
            to.rejects.write(_escaped(item))
            continue
        new = [arrival for arrival in brought if not _is_known(arrival, stored, to.report.seen)]
        to.report.record(item, [arrival.article for arrival in new])
        if new:
            batch.arrivals += new
            batch.pages += [item.page] if item.page else []
            batch.refused += item.refused
        if to.made:
            to.report.seen.update(said.sha256 for arrival in new for said in arrival.statements)
    return batch


def _is_known(arrival: Arrival, *known: set[str]) -> bool:
    return all(any(said.sha256 in digests for digests in known) for said in arrival.statements)


def _arrivals(record: Record, to: Sorting) -> list[Arrival]:
    return [_arrival(article, record.place, to) for article in record.articles]


def _arrival(article: Article, place: Place, to: Sorting) -> Arrival:
    content = content_sha256(article)
    said = statements(article, content, to.registry.sha256, to.programs)
    return Arrival(article=article, content_sha256=content, story_id="", statements=said,
                   is_sample=is_sample(place.file), place=place)  # fmt: skip


def prepared(batches: Iterable[Batch], start: Callable[[list[Task]], Collect]) -> Iterator[Batch]:
    """Annotated batches in order; while workers are on one, the next is read."""
    waiting: collections.deque[tuple[Batch, Collect]] = collections.deque()
    for batch in batches:
        waiting.append((batch, start([_task(arrival) for arrival in batch.arrivals])))
        if len(waiting) > _AHEAD:
            yield _collected(*waiting.popleft())
    while waiting:
        yield _collected(*waiting.popleft())


def _task(arrival: Arrival) -> Task:
    return task(arrival.article, is_bare=any(said.is_built_in for said in arrival.statements))


def _collected(batch: Batch, collect: Collect) -> Batch:
    for arrival, found in zip(batch.arrivals, collect(), strict=True):
        # Rows that an article came with did not travel to the worker.
        arrival.article.annotations = [*arrival.article.annotations, *found.annotations]
        arrival.story_id, arrival.folded = found.story_id, found.folded
    return batch


def also_read(batches: Iterable[Batch], others: list[Annotator], registry: Registry, report: Report) -> Iterator[Batch]:
    """The batches with the rows of other packages' annotators; what they get wrong is refused, counted and listed."""
    for batch in batches:
        for other in others:
            asked = [a for a in batch.arrivals if any(said.annotator == other.name for said in a.statements)]
            asked = [a for a in asked if not any(row.annotator == other.name for row in a.article.annotations)]
            read_by = annotators.read(other, [arrival.article for arrival in asked], registry) if asked else []
            for arrival, (rows, faults) in zip(asked, read_by, strict=True):
                arrival.article.annotations = [*arrival.article.annotations, *rows]
                batch.refused += [_refused(arrival, *fault) for fault in faults]
                report.refused.update(fault.reason for _, fault in faults)
        yield batch


def _refused(arrival: Arrival, position: int, fault: WrongValue) -> RefusedAnnotation:
    return RefusedAnnotation(place=arrival.place or NOWHERE, article_id=arrival.article.article_id, position=position,
                             reason=fault.reason, expected=fault.expected)  # fmt: skip


def _escaped(refusal: Refusal) -> bytes:
    """The line of the rejects file: the reject, and the refused bytes in ASCII escapes only."""
    raw = refusal.raw.decode("utf-8", "backslashreplace")
    return json.dumps(msgspec.to_builtins(refusal.reject) | {"record": raw}, ensure_ascii=True).encode() + b"\n"


@contextlib.contextmanager
def _aside(path: Path | None) -> Generator[IO[bytes]]:
    """A file that appears under its name only when it is whole; None: nowhere."""
    if path is None:
        with Path(os.devnull).open("wb") as nowhere:
            yield nowhere
        return
    aside = path.with_name(path.name + ".part")
    try:
        with aside.open("wb") as file:
            yield file
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
