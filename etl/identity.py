"""What tells articles, their versions and what was said about them apart: the same digests on every machine."""

import hashlib
import itertools
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from etl.model import ANNOTATOR, Annotation, Article

_ID_DIGITS = 24
_NOT_CONTENT = {"annotations", "exported", "page_id", "fetched"}
_CONTENT = [name for name in Article.__struct_fields__ if name not in _NOT_CONTENT]


class Statement(NamedTuple):
    """That an annotator spoke about a version. `sha256` is equal only for the same words about the same version.

    `is_asked`: it has still to read the article; else its rows came with it.
    """

    annotator: str
    sha256: str
    is_built_in: bool
    is_asked: bool


def digest(*parts: str | None) -> str:
    """SHA-256 over the parts, unambiguous about where each ends and about None."""
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def page_id(raw: bytes) -> str:
    """The id of a fetched page, from its bytes."""
    return "p-" + hashlib.sha256(raw).hexdigest()[:_ID_DIGITS]


def content_sha256(article: Article) -> str:
    """Digest of everything but annotations, page_id and fetched; tells the versions of one article apart."""
    return hashlib.sha256(msgspec.json.encode([getattr(article, name) for name in _CONTENT])).hexdigest()


def finish(article: Article, page_id: str = "") -> Article:
    """Fill what was left open, in place: article_id from url, else publisher, role, headline and body; page_id.

    Without a page of its own, an article gets a page_id from its content, so that it never depends on the file.
    """
    if not article.article_id:
        made_of = (article.url,) if article.url else (article.publisher, article.role, article.headline, article.body)
        article.article_id = "a-" + digest(*made_of)[:_ID_DIGITS]
    article.page_id = article.page_id or page_id or "p-" + content_sha256(article)[:_ID_DIGITS]
    return article


def statements(
    article: Article, content: str, registry_sha256: str, programs: Sequence[str] | None = None
) -> list[Statement]:
    """Who speaks about this version: each annotator of its rows, and the programs that are to read it.

    An annotator whose rows were exported and are all gone says that there is nothing.

    `programs` None: the built-in one, where the article came without rows. A program whose rows it brings is not asked.
    """
    of = (article.article_id, content)
    by_name = itertools.groupby(sorted(article.annotations, key=_annotator), key=_annotator)
    spoken = {who: list(rows) for who, rows in by_name}
    spoken |= {who: [] for who in article.exported if who not in spoken}
    said = [
        Statement(who, digest(*of, who, "rows", _rows(rows)), is_built_in=False, is_asked=False)
        for who, rows in spoken.items()
    ]
    return said + [_asked(of, name, registry_sha256) for name in asked(article, programs)]


def asked(article: Article, programs: Sequence[str] | None = None) -> list[str]:
    """Which programs have still to read an article, as `statements` says it."""
    brought = {row.annotator for row in article.annotations} | article.exported.keys()
    if programs is None:
        programs = [] if brought else [ANNOTATOR]
    return [name for name in programs if name not in brought]


def _asked(of: tuple[str, str], name: str, registry_sha256: str) -> Statement:
    """What a program will say of a version is known by its name alone; the built-in one reads the registry, too."""
    if name == ANNOTATOR:
        return Statement(name, digest(*of, name, "registry", registry_sha256), is_built_in=True, is_asked=True)
    return Statement(name, digest(*of, name, "program"), is_built_in=False, is_asked=True)


def _annotator(annotation: Annotation) -> str:
    return annotation.annotator


def _rows(annotations: list[Annotation]) -> str:
    """Equal for the same rows in any order, twice or once."""
    return digest(*sorted({msgspec.json.encode(annotation).decode() for annotation in annotations}))
