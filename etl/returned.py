"""An article that `rasd export` wrote and somebody worked on: which labels were taken away, which are said again.

A label is known by who says it, its place and its name, whatever its tier and rule. The export lists what it wrote
(`exported`), so that a label which is missing later was taken away, and one that never stood there was not.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from etl.identity import content_sha256, digest
from etl.labels import label_of
from etl.model import Annotation, Article

_LABEL = re.compile(r"(headline|body):(\d{1,8})-(\d{1,8}) (.+)", re.DOTALL | re.ASCII)


class Returned(NamedTuple):
    """A label of an annotator: taken away, or said by an annotator whose labels are not those that were exported.

    `base_sha256` tells what was exported, `sha256` what came back, too: the same again says nothing.
    """

    annotator: str
    field: str
    span_start: int
    span_end: int
    label: str
    is_said: bool
    base_sha256: str
    sha256: str


def listed(annotations: Iterable[Annotation]) -> dict[str, list[str]]:
    """By annotator its labels, each as `body:7-13 country:MA:actor`, in order: what `exported` holds."""
    found = defaultdict(set)
    for one in annotations:
        found[one.annotator].add(told(one))
    return {who: sorted(found[who]) for who in sorted(found)}


def told(one: Annotation) -> str:
    """A label with its place."""
    return f"{one.field}:{one.start}-{one.end} {label_of(one)}"


def returned(article: Article) -> list[Returned]:
    """What became of the labels that were exported: nothing where all are there, and no others.

    A label that anybody says now was not taken away from whom it came.

    Raises ValueError where `exported` lists something else.
    """
    if not article.exported:
        return []
    now = listed(article.annotations)
    known = {who: set(labels) for who, labels in article.exported.items()}
    left = set().union(*now.values())
    base = digest(article.article_id, content_sha256(article), _told(article.exported))
    sha256 = digest(base, _told(now))
    gone = [(who, label, False) for who, labels in known.items() for label in sorted(labels - left)]
    said = [(who, label, True) for who, labels in now.items() if set(labels) != known.get(who) for label in labels]
    return [Returned(who, *_placed(label), is_said, base, sha256) for who, label, is_said in gone + said]


def check(article: Article) -> None:
    """Raises ValueError where `exported` lists something else than labels."""
    for labels in article.exported.values():
        for label in labels:
            _placed(label)


def _told(labels: dict[str, list[str]]) -> str:
    return msgspec.json.encode({who: sorted(said) for who, said in labels.items()}, order="sorted").decode()


def _placed(label: str) -> tuple[str, int, int, str]:
    found = _LABEL.fullmatch(label)
    if found is None:
        raise ValueError(label)
    return found[1], int(found[2]), int(found[3]), found[4]
