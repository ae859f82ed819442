"""The two long steps of a load on all cores: reading parts of the input, and finding what their texts say.

Each is a pure function of a part that writes Parquet under names that the part's number gives, so that any number of
processes (or machines with a common folder) may run them in any order and the result is the same.
"""

import contextlib
import functools
import gc
import itertools
import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from etl import clean
from etl.annotate import annotate
from etl.gather import folded, searched, signatures
from etl.identity import content_sha256, finish, statements
from etl.labels import Labels
from etl.mapping import Mapping, WrongValue
from etl.model import ANNOTATOR, Article, RasdError, Record
from etl.read import Refusal, Source, read
from etl.read.need import refuse
from etl.registry import Registry
from etl.returned import returned
from etl.sample import is_sample
from etl.store import Arrival, Found, Sheet, Wanted, staged

_MOST_RECORDS = 2_000
_MOST_LETTERS = 8_000_000
"""A sheet ends at either, so that memory does not grow with the input."""

_A_ROW = 100
"""Letters that an annotation counts for."""

_SHEETS = 16
"""Bits of a sheet's number that count the sheets of one part."""

SMALL = 1 << 20
"""Below this many bytes of input, starting processes costs more than it saves."""

_AHEAD = 2
"""Parts that wait for each process: enough to keep it busy, few enough to stop soon."""


_BEFORE_COLLECTING = 100_000
"""Objects that a process makes before Python looks for circles among them."""


class How(msgspec.Struct, kw_only=True, frozen=True):
    """How a load reads: what workers need beside their part.

    `programs` None: the built-in annotator, for articles without rows; else their full names, for every article.
    `keeps_raw`: refused bytes are asked for.
    """

    registry: Registry
    folder: Path
    mapping: Mapping | None = None
    labels: Labels | None = None
    programs: list[str] | None = None
    keeps_raw: bool = False


def read_part(how: How, number: int, sources: list[Source]) -> None:
    """Read files into sheets: records, articles with their rows and digests, pages, and what was refused."""
    sheets = itertools.count(number << _SHEETS)
    sheet, letters = Sheet(next(sheets)), 0
    for n, item in enumerate(records(read(sources, how.mapping, how.registry, how.labels), how.mapping), 1):
        if isinstance(item, Refusal):
            record_no = sheet.record(item.reject.place)
            sheet.reject(record_no, item.reject, item.raw if how.keeps_raw else None)
        else:
            _note(sheet, item, how)
        letters += _letters(item)
        if n % _MOST_RECORDS == 0 or letters >= _MOST_LETTERS:
            sheet.save(how.folder)
            sheet, letters = Sheet(next(sheets)), 0
    sheet.save(how.folder)


def records(items: Iterable[Record | Refusal], mapping: Mapping | None) -> Iterator[Record | Refusal]:
    """Cut every page into its articles; constants of the mapping go to the main one. A page without any is refused.

    An article that comes with a page is what the page's metadata says of its main one.
    """
    for item in items:
        if not isinstance(item, Record) or item.page is None:
            yield item
            continue
        stated = item.articles[0] if item.articles else None
        item.page, articles = clean.split(item.page.name, item.page.text, item.page.page_id, item.page.blocks, stated)
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


def _note(sheet: Sheet, record: Record, how: How) -> None:
    record_no = sheet.record(record.place, record.date_form, record.unknown_keys, record.unmapped_labels)
    is_shipped = is_sample(record.place.file)
    for article in record.articles:
        content = content_sha256(article)
        said = statements(article, content, how.registry.sha256, how.programs)
        arrival = Arrival(article=article, content_sha256=content, statements=said, is_sample=is_shipped,
                          returned=returned(article))  # fmt: skip
        sheet.arrival(record_no, arrival)
    if record.page:
        sheet.page(record_no, record.page)
    for one in record.refused:
        sheet.refused(record_no, one)


def _letters(item: Record | Refusal) -> int:
    if isinstance(item, Refusal):
        return len(item.raw)
    texts = sum(len(value) for article in item.articles for value in structs.astuple(article) if isinstance(value, str))
    return texts + _A_ROW * (len(item.refused) + sum(len(article.annotations) for article in item.articles))


def find_in_part(how: How, number: int, wanted: Wanted) -> None:
    """What a sheet's texts say: our rows where we are asked; of new texts the signature and what is searched."""
    asked, new = set(wanted.asked.get(ANNOTATOR, ())), set(wanted.new)
    sheet = Sheet(number)
    given = staged(how.folder, number, asked | new) if asked | new else []
    for arrival_no, article in given:
        if arrival_no in asked:
            sheet.mentions(arrival_no, annotate(article, how.registry))
    fresh = [(arrival_no, article) for arrival_no, article in given if arrival_no in new]
    for (arrival_no, _), found in zip(fresh, _found([article for _, article in fresh]), strict=True):
        sheet.found(arrival_no, found)
    sheet.save(how.folder, kind="-found")


def _found(articles: list[Article]) -> Iterator[Found]:
    words = [folded(article) for article in articles]
    for article, of, signed in zip(articles, words, signatures(articles, words), strict=True):
        yield Found(article=article, signature=signed, folded=searched(article, of))


def annotated(how: How, asked: list[tuple[Article, bool]]) -> list[bytes]:
    """Each article as a line, with the built-in annotator's rows where these are asked for; nothing is written.

    Lines, as a process hands over bytes far quicker than rows.
    """
    return [
        msgspec.json.encode(
            structs.replace(article, annotations=[*article.annotations, *annotate(article, how.registry)])
            if is_asked
            else article
        )
        for article, is_asked in asked
    ]


@contextlib.contextmanager
def workers(how: How, size: int) -> Generator[Callable[..., Iterator[Any]]]:
    """A function that runs one of the functions above over arguments, on all cores, and gives results in order.

    Processes are started when they are first needed, and spawned, as every system can; below SMALL bytes of input in
    all, and on one core, the work is done here. Raises RasdError where one of them was ended from outside.
    """
    with contextlib.ExitStack() as stack:

        @functools.cache
        def pool() -> ProcessPoolExecutor:
            context = multiprocessing.get_context("spawn")
            told = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "how"
            # By a file: a process that dies while it is being told through its pipe would leave us writing for ever.
            told.write_bytes(msgspec.msgpack.encode(how, enc_hook=str))
            made = ProcessPoolExecutor(cores(), mp_context=context, initializer=_start, initargs=(str(told),))
            stack.callback(made.shutdown, cancel_futures=True)
            return made

        def run(work: Callable[..., Any], arguments: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
            if size < SMALL or cores() == 1:
                with _seldom_collected():
                    yield from (work(how, *each) for each in arguments)
                return
            left = iter(arguments)
            waiting = [pool().submit(_work, work, each) for each in itertools.islice(left, cores() * _AHEAD)]
            while waiting:
                yield waiting.pop(0).result()
                waiting += [pool().submit(_work, work, each) for each in itertools.islice(left, 1)]

        others = set(multiprocessing.active_children())
        try:
            yield run
        except BaseException as error:
            # A pool that lost a process while others were starting would wait for those for ever.
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()
            if isinstance(error, BrokenProcessPool):
                raise RasdError(_BROKEN) from error
            raise


@contextlib.contextmanager
def _seldom_collected() -> Generator[None]:
    """Rows by the thousand are no circles: looking for some among them as often as usual takes a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(_BEFORE_COLLECTING)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


_BROKEN = "a process that read the input was ended from outside (too little memory?); nothing was written; load again"


def cores() -> int:
    """The cores that this process may use."""
    has_affinity = hasattr(os, "sched_getaffinity")
    return len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1


_how: list[How] = []
"""How a worker process reads, given once at its start."""


def _start(told: str) -> None:
    gc.set_threshold(_BEFORE_COLLECTING)
    # Ctrl-C reaches every process of a terminal: this one ends without a traceback, its parent says so.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    how = Path(told).read_bytes()
    _how.append(msgspec.msgpack.decode(how, type=How, dec_hook=lambda kind, value: kind(value)))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose load was killed would wait for work for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _work(work: Callable[..., Any], arguments: tuple[Any, ...]) -> object:
    return work(_how[-1], *arguments)
