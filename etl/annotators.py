"""Annotators of other packages: found by entry point, given articles in batches, their rows checked like a stranger's.

A package that offers one names an `Annotator` under the entry point group `rasd.annotators`; the entry point is called
like the program. Its rows live beside those of the built-in annotator, under its own name. docs/annotator.md shows one.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import NamedTuple

import msgspec

from etl.mapping import WrongValue
from etl.model import ANNOTATOR, Annotation, Article, RasdError, UsageError
from etl.read.annotations import checked
from etl.registry import Registry

GROUP = "rasd.annotators"
BUILT_IN = ANNOTATOR.partition("/")[0]
_PROGRAM = re.compile(r"[\w.-]+")

Rows = list[Annotation]
Fault = tuple[int, WrongValue]
"""A refused row: its place in what was given for the article, and why."""


class Annotator(NamedTuple):
    """Another program that annotates.

    `name` is `program/version` and stands in every row. `annotate` gets a list of articles (whole, without annotations)
    and gives as many lists of rows, in the same order; offsets are code points into the fields as they stand. It is
    called with at most `batch` articles at a time, in one process, so a model may be loaded once and kept.
    """

    name: str
    annotate: Callable[[Sequence[Article]], Iterable[Sequence[Annotation]]]
    batch: int = 64


class AnnotatorError(RasdError):
    """Another package's annotator cannot be used, or stopped; the store is as it was."""


def installed() -> dict[str, EntryPoint]:
    """The entry points of other annotators by program."""
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return {point.name: point for point in points if _PROGRAM.fullmatch(point.name) and point.name != BUILT_IN}


def chosen(names: Iterable[str]) -> list[Annotator]:
    """The other packages' annotators among `names`, each once; the built-in one («rules») is none of them.

    Raises UsageError for a name that nobody offers, AnnotatorError for a package that cannot be loaded.
    """
    known = installed()
    wanted = [name for name in dict.fromkeys(names) if name != BUILT_IN]
    for name in wanted:
        if name not in known:
            offered = ", ".join([BUILT_IN, *known])
            raise UsageError(f"--annotator {name}: expected one of {offered}; install the package that offers {name}")
    return [_loaded(name, known[name]) for name in wanted]


def _loaded(name: str, point: EntryPoint) -> Annotator:
    try:
        found = point.load()
    except Exception as error:
        raise AnnotatorError(f"annotator {name} ({point.value}) cannot be loaded: {error}") from error
    if (
        not isinstance(found, Annotator)
        or not _is_named(found, name)
        or type(found.batch) is not int
        or found.batch < 1
    ):
        raise AnnotatorError(
            f"annotator {name} ({point.value}): expected an etl.annotators.Annotator named {name}/VERSION"
        )
    return found


def _is_named(found: Annotator, program: str) -> bool:
    """`program/version` in letters, digits, dots and hyphens; a person's name («analyst:…») is none of a program."""
    return isinstance(found.name, str) and bool(re.fullmatch(rf"{re.escape(program)}/[\w.-]+", found.name))


def read(annotator: Annotator, articles: Sequence[Article], registry: Registry) -> list[tuple[Rows, list[Fault]]]:
    """For each article the rows that hold, and those that do not: offsets, closed lists and the name are checked.

    Raises AnnotatorError where the program itself fails or loses count.
    """
    bare = [msgspec.structs.replace(article, annotations=[]) for article in articles]
    given = [rows for part in _parts(bare, annotator.batch) for rows in _asked(annotator, part)]
    return [_checked(rows, article, annotator, registry) for rows, article in zip(given, articles, strict=True)]


def _parts(articles: list[Article], size: int) -> Iterable[list[Article]]:
    return (articles[at : at + size] for at in range(0, len(articles), size))


def _asked(annotator: Annotator, articles: list[Article]) -> list[Rows]:
    first = articles[0].article_id
    try:
        found = [list(rows) for rows in annotator.annotate(articles)]
    except Exception as error:
        raise AnnotatorError(f"annotator {annotator.name} stopped in the batch of article {first}: {error}") from error
    if len(found) != len(articles):
        expected = f"{len(articles)} lists of rows, got {len(found)}"
        raise AnnotatorError(f"annotator {annotator.name}, batch of article {first}: expected {expected}")
    return found


def _plain(row: object) -> object:
    """A row as plain values, whatever the program made of it; raises WrongValue."""
    try:
        return msgspec.to_builtins(row)
    except (TypeError, ValueError, RecursionError) as error:
        raise WrongValue("annotations", "wrong-type", "an annotation of etl.model, or its keys as a dict") from error


def _checked(
    rows: Sequence[Annotation], article: Article, annotator: Annotator, registry: Registry
) -> tuple[Rows, list[Fault]]:
    kept: Rows = []
    faults: list[Fault] = []
    for position, row in zip(itertools.count(), rows, strict=False):
        try:
            found = checked(_plain(row), article, {}, registry)
            if found.annotator != annotator.name:
                raise WrongValue("annotator", "wrong-value", f"{annotator.name}, the annotator's own name")  # noqa: TRY301 -- as etl.read has it
        except WrongValue as fault:
            faults.append((position, fault))
        else:
            kept.append(found)
    return kept, faults
