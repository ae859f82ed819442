"""The verbs: `load` reads as the log of what it does. Read parts → sort out the new → find what it says → publish."""

import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

import msgspec

from etl import annotators
from etl.annotators import Annotator
from etl.aside import aside
from etl.identity import asked
from etl.labels import Labels
from etl.mapping import Mapping
from etl.model import ANNOTATOR, Article, Place, Record, RefusedAnnotation, Reject
from etl.read import Refusal, Source, parts, read, survey
from etl.registry import Registry
from etl.registry import load as load_registry
from etl.report import Report, counted, described, note
from etl.sample import is_sample
from etl.store import Building, Sheet, Wanted, building, current, publish, rejected, sort_out, staged, todo
from etl.workers import How, annotated, find_in_part, read_part, records, workers

NOWHERE = Place("", 0, 0)
Asked = list[str]
_AT_A_TIME = 200
"""Articles that `rasd annotate` gives to a worker at a time."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is: bytes of input, or articles."""


def load(  # noqa: PLR0913 -- the options of a verb, each by its name
    paths: Iterable[Path], *, store: Path, mapping: Mapping | None = None, rejects_file: Path | None = None,
    progress: Progress | None = None, registry: Registry | None = None, annotator: Sequence[str] = (),
    format_name: str | None = None, labels: Labels | None = None,
) -> Report:  # fmt: skip
    """Read files and folders into the store and publish a snapshot, unless they bring nothing new.

    `annotator` names the programs that read every article; without it the built-in one reads those that came without
    annotations. Raises UsageError (no such path or annotator), BusyError (another load), StoreError and AnnotatorError
    (the store stays as it was).
    """
    began = time.monotonic()
    others = annotators.chosen(annotator)
    registry = registry or load_registry()
    found = survey(paths, format_name)
    report = Report(skipped=found.skipped)
    is_real = any(not is_sample(source.name) for source in found.sources)
    with building(store, registry, replaces_sample=is_real) as made, aside(rejects_file) as rejects:
        how = How(registry=registry, folder=made.stage, mapping=mapping, labels=labels,
                  programs=_programs(annotator, others), keeps_raw=rejects_file is not None)  # fmt: skip
        with workers(how, sum(source.size for source in found.sources)) as run:
            sizes: list[int] = []
            size = sum(source.size for source in found.sources)
            _told(run(read_part, enumerate(_measured(parts(found.sources), sizes))), "reading", sizes, size, progress)
            sort_out(made, {source.name: source.format or "unknown" for source in found.sources})
            new = todo(made)
            sizes = [len({*wanted.new, *itertools.chain(*wanted.asked.values())}) for _, wanted in new]
            _told(run(find_in_part, new), "annotating", sizes, sum(sizes), progress)
        for other in others:
            _also_read(made, other, new, registry)
        for reject, raw in rejected(made) if rejects_file else ():
            rejects.write(_escaped(reject, raw))
        note(report, made)
        published = publish(made)
        report.parent_id = made.parent_id
    report.published, report.snapshot_id = bool(published), current(store)
    report.seconds = round(time.monotonic() - began, 3)
    return described(report, store)


def _measured(given: Iterable[list[Source]], sizes: list[int]) -> Iterator[list[Source]]:
    """The parts; `sizes` holds the bytes of those that were handed out."""
    for part in given:
        sizes.append(sum(piece.size for piece in part))
        yield part


def _told(done: Iterable[object], what: str, sizes: list[int], whole: int, progress: Progress | None) -> None:
    """Run through the results, saying how much of the whole they reach; the n-th result is of the n-th size."""
    reached = 0
    for n, _ in enumerate(done):
        reached += sizes[n]
        if progress:
            progress(what, reached, whole)


def _programs(names: Sequence[str], others: list[Annotator]) -> list[str] | None:
    """The full names of the annotators that are to read every article; None where nobody named one."""
    ours = [ANNOTATOR] if annotators.BUILT_IN in names else []
    return [*ours, *(other.name for other in others)] if names else None


def _also_read(made: Building, other: Annotator, new: list[tuple[int, Wanted]], registry: Registry) -> None:
    """Stage the rows of another package's annotator; what it gets wrong is refused, counted and listed.

    In this process, so that it may load a model once and keep it.
    """
    for number, wanted in new:
        asked = set(wanted.asked.get(other.name, ()))
        given = staged(made.stage, number, asked) if asked else []
        sheet = Sheet(number)
        articles = [article for _, article in given]
        read_by = annotators.read(other, articles, registry) if articles else []
        for (arrival_no, article), (rows, faults) in zip(given, read_by, strict=True):
            sheet.mentions(arrival_no, rows)
            for position, fault in faults:
                sheet.refused(arrival_no, RefusedAnnotation(
                    place=NOWHERE, article_id=article.article_id, position=position, reason=fault.reason,
                    expected=fault.expected))  # fmt: skip
        sheet.save(made.stage, kind=f"-{other.name.replace('/', '-')}")


def annotate_files(  # noqa: PLR0913 -- as above
    paths: Iterable[Path], out: Path, mapping: Mapping | None = None, *, rejects_file: Path | None = None,
    progress: Progress | None = None, registry: Registry | None = None, annotator: Sequence[str] = (),
    format_name: str | None = None, labels: Labels | None = None,
) -> Report:  # fmt: skip
    """Write what the files hold as rasd-article/1, annotated, to `out` in one step at the end; touches no store."""
    began = time.monotonic()
    others = annotators.chosen(annotator)
    registry = registry or load_registry()
    found = survey(paths, format_name)
    report = Report(skipped=found.skipped, files={source.name: counted(source) for source in found.sources})
    how = How(registry=registry, folder=out.parent, mapping=mapping, labels=labels,
              programs=_programs(annotator, others))  # fmt: skip
    with (
        aside(out) as lines,
        aside(rejects_file) as rejects,
        workers(how, sum(source.size for source in found.sources)) as run,
    ):
        items = records(read(found.sources, mapping, registry, labels), mapping)
        articles = _noted(items, report, rejects)
        given, sent = itertools.tee(_batches(articles, how, _places(found.sources, progress)))
        for_us = ([(article, ANNOTATOR in by) for article, by in batch] for batch in sent)
        for batch, ours in zip(given, run(annotated, ((one,) for one in for_us)), strict=True):
            made, refused = _with_others([by for _, by in batch], ours, others, registry) if others else (ours, {})
            lines.write(b"\n".join([*made, b""]))
            report.refused.update(refused)
    report.seconds = round(time.monotonic() - began, 3)
    return report


def _noted(items: Iterable[Record | Refusal], report: Report, rejects: IO[bytes]) -> Iterator[tuple[Place, Article]]:
    """The articles of the records, with their places; everything is counted."""
    for item in items:
        if isinstance(item, Refusal):
            report.reject(item.reject)
            rejects.write(_escaped(item.reject, item.raw))
            continue
        report.record(item)
        report.text_bytes += sum(len(f"{one.headline or ''}{one.body or ''}".encode()) for one in item.articles)
        yield from ((item.place, article) for article in item.articles)


def _batches(
    articles: Iterable[tuple[Place, Article]], how: How, reached: Callable[[Place], None]
) -> Iterator[list[tuple[Article, Asked]]]:
    """Some articles at a time, each with those who have still to read it."""
    left = iter(articles)
    while batch := list(itertools.islice(left, _AT_A_TIME)):
        yield [(article, asked(article, how.programs)) for _, article in batch]
        reached(batch[-1][0])


def _places(sources: list[Source], progress: Progress | None) -> Callable[[Place], None]:
    """Tell the progress of a place: the bytes of the files before, and those of its own up to it."""
    starts = dict(zip((one.name for one in sources), itertools.accumulate(one.size for one in sources), strict=True))
    sizes = {one.name: one.size for one in sources}

    def reached(place: Place) -> None:
        if progress:
            progress("reading", starts[place.file] - sizes[place.file] + place.byte, sum(sizes.values()))

    return reached


def _with_others(
    by: list[Asked], ours: list[bytes], others: list[Annotator], registry: Registry
) -> tuple[list[bytes], Counter[str]]:
    """The lines with the rows of all others who were to read their articles, and the reasons of refused ones."""
    refused = Counter[str]()
    articles = [msgspec.json.decode(line, type=Article) for line in ours]
    for other in others:
        chosen = [n for n, names in enumerate(by) if other.name in names]
        given = annotators.read(other, [articles[n] for n in chosen], registry) if chosen else []
        for n, (found, faults) in zip(chosen, given, strict=True):
            articles[n].annotations = [*articles[n].annotations, *found]
            refused.update(fault.reason for _, fault in faults)
    return [msgspec.json.encode(article) for article in articles], refused


def _escaped(reject: Reject, raw: bytes) -> bytes:
    """The line of the rejects file: the reject, and the refused bytes in ASCII escapes only."""
    record = raw.decode("utf-8", "backslashreplace")
    return json.dumps(msgspec.to_builtins(reject) | {"record": record}, ensure_ascii=True).encode() + b"\n"
