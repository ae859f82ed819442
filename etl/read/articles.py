"""Decoded fields → a finished Article with the annotations that hold; what does not hold is refused on its own."""

import itertools
from collections.abc import Iterable
from typing import Any

import msgspec

from etl import returned, stated
from etl.identity import finish
from etl.mapping import WrongValue
from etl.model import Article, Place, Record, RefusedAnnotation
from etl.read.annotations import checked
from etl.read.nfc import Offsets, nfc, offsets
from etl.registry import Registry

_KEYS = frozenset(Article.__struct_fields__)
_REQUIRED = "headline", "body"
_LONGEST_ID = 200
_MOST_KEYWORDS = 1_000
_MOST_ANNOTATIONS = 20_000
"""A long article has some hundreds; what a line can hold beyond would fill the memory with refusals."""

_FORGIVEN = ("language", "keywords", "page_id", "article_id", "published_basis", "role")
"""Keys that may be null as well as absent."""

_EXPECTED = {
    "article_id": "a text of 1 to 200 characters",
    "role": "main, read_also or headline",
    "published": "a possible date such as 2024-10-03, an RFC 3339 time, or null",
    "published_basis": "metadata, dateline, url, relative or unknown",
    "fetched": "an RFC 3339 time or null",
    "keywords": "a list of texts",
    "annotations": "a list, which may be empty",
    "exported": "by annotator a list of labels as rasd export writes it, or no such key",
}


def record(place: Place, found: dict[str, Any], registry: Registry) -> Record:
    """The record of one rasd-article/1 object. Raises WrongValue where the article itself does not hold."""
    raw = found.get("annotations")
    if not isinstance(raw, list):
        reason = "wrong-type" if "annotations" in found else "missing"
        raise WrongValue("annotations", reason, _EXPECTED["annotations"])
    unknown = [key for key in found if key not in _KEYS]
    article, moved = _article({key: value for key, value in found.items() if key in _KEYS and key != "annotations"})
    finish(article)
    refused = _kept(place, article, moved, raw, registry)
    return Record(place=place, articles=[article], refused=refused, unknown_keys=unknown, date_form=_form(article))


def labelled(
    place: Place, fields: dict[str, Any], rows: Iterable[dict[str, Any] | WrongValue | None], registry: Registry
) -> Record:
    """The record of a text that a tool's labels were read for: each a row, why there is none, or None for no row.

    The rows are asked for once the article holds; raises WrongValue where it does not.
    """
    article, moved = _article(fields)
    finish(article)
    refused = _kept(place, article, moved, rows, registry)
    return Record(place=place, articles=[article], refused=refused, date_form=_form(article))


def _kept(
    place: Place, article: Article, moved: dict[str, Offsets], rows: Iterable[object], registry: Registry
) -> list[RefusedAnnotation]:
    """Put the rows that hold into the article; the others, each with its place and reason.

    Raises WrongValue where there are more than an article can have.
    """
    refused: list[RefusedAnnotation] = []
    for position, one in zip(itertools.count(), rows, strict=False):
        if position == _MOST_ANNOTATIONS:
            raise WrongValue("annotations", "too-many", f"at most {_MOST_ANNOTATIONS} annotations")
        try:
            if isinstance(one, WrongValue):
                raise one
            if one is not None:
                article.annotations.append(checked(one, article, moved, registry))
        except WrongValue as fault:
            said = f"{fault.field}: {fault.expected}"
            refused.append(RefusedAnnotation(
                place=place, article_id=article.article_id, position=position, reason=fault.reason,
                expected=said))  # fmt: skip
    return refused


def _form(article: Article) -> str:
    if not article.published:
        return "none"
    return "iso" if len(article.published) == len("2024-10-03") else "rfc3339"


def mapped(place: Place, fields: dict[str, Any], form: str) -> Record:
    """The record of a row whose columns were mapped to our fields. Raises WrongValue."""
    article, _ = _article(fields)
    return Record(place=place, articles=[finish(article)], date_form=form)


def _article(fields: dict[str, Any]) -> tuple[Article, dict[str, Offsets]]:
    fields = {key: value for key, value in fields.items() if value is not None or key not in _FORGIVEN}
    if isinstance(fields.get("keywords"), str):
        fields["keywords"] = [fields["keywords"]]
    try:
        article = msgspec.convert(fields, Article, strict=True)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("$.")[2].rstrip("`").partition("[")[0] if "$." in str(error) else ""
        raise WrongValue(field, "wrong-type", _EXPECTED.get(field, "a text or null")) from error
    moved = _normalise(article)
    if article.published and "published_basis" not in fields:
        article.published_basis = "metadata"
    _check(article)
    return article, moved


def _normalise(article: Article) -> dict[str, Offsets]:
    """Make every text NFC; gives the way from old offsets to new ones for headline and body that changed."""
    moved = {}
    for name in Article.__struct_fields__:
        value = getattr(article, name)
        if isinstance(value, str) and (normal := nfc(value, name)) != value:
            if name in _REQUIRED:
                moved[name] = offsets(value)
            setattr(article, name, normal)
    article.keywords = [nfc(word, "keywords") for word in article.keywords]
    return moved


def _check(article: Article) -> None:
    try:
        returned.check(article)
    except ValueError as error:
        raise WrongValue("exported", "wrong-value", _EXPECTED["exported"]) from error
    if sum(map(len, article.exported.values())) > _MOST_ANNOTATIONS:
        raise WrongValue("exported", "too-many", f"at most {_MOST_ANNOTATIONS} labels")
    if not any((getattr(article, name) or "").strip() for name in _REQUIRED):
        raise WrongValue("body", "no-text", "a headline or a body that is not empty")
    if len(article.keywords) > _MOST_KEYWORDS:
        raise WrongValue("keywords", "too-many", f"at most {_MOST_KEYWORDS} keywords")
    if len(article.article_id) > _LONGEST_ID:
        raise WrongValue("article_id", "too-long", _EXPECTED["article_id"])
    article.published, article.fetched = _date(article, "published"), _date(article, "fetched")
    if not article.published:
        article.published_basis = "unknown"
    article.headline, article.body = article.headline or None, article.body or None


def _date(article: Article, field: str) -> str | None:
    value = getattr(article, field)
    try:
        found = stated.native(value) if value is not None else None
    except ValueError as error:
        raise WrongValue(field, "impossible-date", _EXPECTED[field]) from error
    if field == "fetched" and found and len(found) == len("2024-10-03"):
        raise WrongValue(field, "impossible-date", _EXPECTED[field])
    return found
