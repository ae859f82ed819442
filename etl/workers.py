"""Annotating and gathering on all cores: a pure function of a chunk of articles, the same in one process or many."""

import contextlib
import functools
import multiprocessing
import os
from collections.abc import Callable, Generator
from concurrent.futures import ProcessPoolExecutor

import msgspec

from etl.annotate import annotate
from etl.gather import searched, story_id
from etl.model import Annotation, Article
from etl.registry import Registry

CHUNK = 64
FEW = 300
"""Below this number of articles, starting processes costs more than it saves."""


class Task(msgspec.Struct):
    """An article without its annotations, and whether it is to get ours: what travels to a worker."""

    article: Article
    is_bare: bool


class Prepared(msgspec.Struct):
    """What a worker found in an article: our rows where they were asked for, its story, its text for search."""

    annotations: list[Annotation]
    story_id: str
    folded: str


Collect = Callable[[], list[Prepared]]
_encode = msgspec.msgpack.Encoder().encode
_tasks = msgspec.msgpack.Decoder(list[Task])
_prepared = msgspec.msgpack.Decoder(list[Prepared])


def task(article: Article, *, is_bare: bool) -> Task:
    """What a worker needs of an article; `is_bare`: our annotator is to read it."""
    return Task(msgspec.structs.replace(article, annotations=[]), is_bare)


def prepare(tasks: list[Task], registry: Registry) -> list[Prepared]:
    """Annotate the articles that our annotator is to read; find every article's story and text for search; in order."""
    return [_prepare(one.article, registry, is_bare=one.is_bare) for one in tasks]


def _prepare(article: Article, registry: Registry, *, is_bare: bool) -> Prepared:
    return Prepared(annotate(article, registry) if is_bare else [], story_id(article), searched(article))


@contextlib.contextmanager
def workers(registry: Registry) -> Generator[Callable[[list[Task]], Collect]]:
    """A function that starts on a list of tasks and gives another that waits for the result, in order.

    Processes are started with the first list of at least FEW of them, and spawned, as every system can.
    """
    with contextlib.ExitStack() as stack:

        @functools.cache
        def pool() -> ProcessPoolExecutor:
            context = multiprocessing.get_context("spawn")
            made = ProcessPoolExecutor(_cores(), mp_context=context, initializer=_start, initargs=(registry,))
            stack.callback(made.shutdown, cancel_futures=True)
            return made

        def start(tasks: list[Task]) -> Collect:
            if len(tasks) < FEW or _cores() == 1:
                return functools.partial(prepare, tasks, registry)
            chunks = [_encode(tasks[at : at + CHUNK]) for at in range(0, len(tasks), CHUNK)]
            waiting = [pool().submit(_work, chunk) for chunk in chunks]
            return lambda: [one for done in waiting for one in _prepared.decode(done.result())]

        yield start


def _cores() -> int:
    has_affinity = hasattr(os, "sched_getaffinity")
    return len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1


_registry: list[Registry] = []
"""The registry of a worker process, given once at its start."""


def _start(registry: Registry) -> None:
    _registry.append(registry)


def _work(chunk: bytes) -> bytes:
    return _encode(prepare(_tasks.decode(chunk), _registry[-1]))
