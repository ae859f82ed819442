"""Tasks for Label Studio, and the labelling interface that shows them.

Headline and body are two texts. Every annotation is a region under our label, with the whole of it in `meta`, which the
tool keeps: it comes back with offsets, rule, tier and annotator. Each annotator is an annotation of its own.
"""

import html
import itertools
from collections.abc import Iterable, Iterator
from typing import IO, Any, get_args

import msgspec

from etl.labels import label_of
from etl.model import Annotation, Article, Relation
from etl.read.labelled import utf16_offsets
from etl.registry import Registry

TEXTS = ("headline", "body")


def write(articles: Iterable[Article], file: IO[bytes]) -> None:
    """An array of tasks, one a line."""
    file.write(b"[")
    for n, article in enumerate(articles):
        file.write((b",\n" if n else b"\n") + msgspec.json.encode(task(article)))
    file.write(b"\n]\n")


def task(article: Article) -> dict[str, Any]:
    """The task of an article; texts that it lacks are empty, since the interface names both."""
    data = {name: value for name, value in msgspec.to_builtins(article).items() if name != "annotations"}
    data |= {name: data[name] or "" for name in TEXTS}
    way = {name: utf16_offsets(data[name]) for name in TEXTS}
    by_name = itertools.groupby(sorted(article.annotations, key=_annotator), key=_annotator)
    annotations = [
        {"result": [_region(n, row, way[row.field].units) for n, row in enumerate(rows)]} for _, rows in by_name
    ]
    return {"data": data, "annotations": annotations}


def _annotator(annotation: Annotation) -> str:
    return annotation.annotator


def _region(n: int, row: Annotation, units: Any) -> dict[str, Any]:  # noqa: ANN401 -- Utf16.units of the row's text
    value = {"start": units(row.start), "end": units(row.end), "text": row.text, "labels": [label_of(row)]}
    return {
        "id": f"{row.field}-{n}", "type": "labels", "from_name": f"{row.field}_label", "to_name": row.field,
        "value": value, "meta": {"rasd": msgspec.to_builtins(row)},
    }  # fmt: skip


def config(used: set[tuple[str, str]], registry: Registry) -> bytes:
    """The labelling interface: both texts from right to left, the labels to choose from, the relations of a pair.

    `used` holds the labels of the tasks, each with its field: the tool wants to know every one.
    """
    relations = "\n".join(f'    <Relation value="pair:{relation}"/>' for relation in get_args(Relation))
    parts = [_PART.format(name=name, labels=_labels({label for at, label in used if at == name}, registry))
             for name in TEXTS]  # fmt: skip
    return _VIEW.format(parts="".join(parts), relations=relations).encode()


_PART = """  <Filter name="{name}_filter" toName="{name}_label" minlength="0"/>
  <Labels name="{name}_label" toName="{name}">
{labels}
  </Labels>
  <View style="direction: rtl; text-align: right"><Text name="{name}" value="${name}"/></View>
"""
_VIEW = """<View>
  <Style>.htx-text {{ white-space: pre-wrap; }}</Style>
{parts}  <Relations>
{relations}
  </Relations>
</View>
"""


def _labels(used: set[str], registry: Registry) -> str:
    return "\n".join(f'    <Label value="{html.escape(label)}"/>' for label in _offered(used, registry))


def _offered(used: set[str], registry: Registry) -> Iterator[str]:
    """What the articles bear, then what may be added: countries, editions, series left open, themes, the unknown."""
    known = [f"country:{code}:mention" for code in registry.countries]
    known += [f"event:{event}" for event in registry.events] + [f"event:{series}?" for series in registry.series]
    known += [f"theme:{theme}" for theme in registry.themes] + ["date:?", "person:?", "organisation:?"]
    yield from dict.fromkeys([*sorted(label for label in used if label.isprintable()), *known])
