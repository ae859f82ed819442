"""What a page says of itself for machines: JSON-LD, OpenGraph, meta, its language, its address."""

import contextlib
import datetime as dt
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from etl import stated
from etl.model import Article

_ARTICLE = re.compile(r"(?:\w*Article|\w*BlogPosting|Report)$")
_MOST_NODES, _LONGEST = 5_000, 2_000
MOST_KEYWORDS, LONGEST_KEYWORD = 50, 100
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.issued",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_SAVED_FROM = re.compile(r"<!--[^>]{0,200}?(?:saved from url=\(\d+\)|url:\s*)(https?://[^\s>]{1,1000})", re.IGNORECASE)
_ADDRESS_DAYS = (
    re.compile(r"/((?:19|20)\d{2})/(?:[a-z_-]+/)?(\d{1,2})/(\d{1,2})(?=/|$)", re.IGNORECASE),
    re.compile(r"/((?:19|20)\d{2})-(\d{2})-(\d{2})(?=[/_.-]|$)"),
    re.compile(r"/((?:19|20)\d{2})(\d{2})(\d{2})(?=[/_.-]|$)"),
)
_FIRST = dt.date(1990, 1, 1)
"""An earlier day in metadata is a counter that starts at zero, no date of a web page."""


class Stated:
    """The metadata of a page: `article` without a body; `body` as JSON-LD has it, or empty."""

    def __init__(self, document: HtmlElement, html: str) -> None:
        """Read a document and its source, of which the comment counts that browsers leave when they save a page."""
        linked = next(_linked(document), {})
        meta = _meta(document)
        names = _Names(linked, meta)
        saved = _SAVED_FROM.search(html[:5000])
        url = address(
            _canonical(document),
            names.one("og:url"),
            _text(linked.get("url")),
            _main_page(linked),
            saved[1] if saved else "",
        )
        published = _published(linked, meta, document)
        day = None if published else address_day(url or "")
        self.article = Article(
            url=url,
            publisher=_name(linked.get("publisher")) or names.one("og:site_name", "application-name") or None,
            headline=_title(document, names),
            language=_language(document, linked, names),
            keywords=_keywords(linked, meta),
            published=published or day,
            published_basis="metadata" if published else "url" if day else "unknown",
        )
        self.body = _lines(linked.get("articleBody"))


class _Names:
    """Texts by their name."""

    def __init__(self, linked: dict[str, Any], meta: dict[str, list[str]]) -> None:
        self._meta, self.headline = meta, _text(linked.get("headline")) or _text(linked.get("name"))

    def one(self, *names: str) -> str:
        """The first that is there."""
        return next((self._meta[name][0] for name in names if self._meta.get(name)), "")


def _linked(document: HtmlElement) -> Iterator[dict[str, Any]]:
    """The articles among the JSON-LD objects, those with a headline first."""
    found = []
    for script in document.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            with contextlib.suppress(ValueError, RecursionError):
                found += [node for node in _nodes(json.loads(script.text or "", strict=False)) if _is_article(node)]
    yield from sorted(found, key=lambda node: "headline" not in node)


def _nodes(value: object) -> Iterator[dict[str, Any]]:
    waiting, left = [value], _MOST_NODES
    while waiting and left:
        left -= 1
        item = waiting.pop(0)
        if isinstance(item, dict):
            yield item
            waiting += [
                v
                for k, v in item.items()
                if k in {"@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement"}
            ]
        elif isinstance(item, list):
            waiting += item[:_MOST_NODES]


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and _ARTICLE.match(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _meta(document: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in document.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if value := _text(element.get("content")):
            found.setdefault(name.strip().lower(), []).append(value)
    return found


def _text(value: object) -> str:
    """One line of text, NFC; empty for anything else."""
    if not isinstance(value, str):
        return ""
    line = " ".join(value[:_LONGEST].replace("\0", "").encode("utf-8", "ignore").decode().split())
    return unicodedata.normalize("NFC", line)


def _lines(value: object) -> list[str]:
    return [line for line in map(_whole, value.splitlines()) if line] if isinstance(value, str) else []


def _whole(line: str) -> str:
    return unicodedata.normalize("NFC", " ".join(line.replace("\0", "").encode("utf-8", "ignore").decode().split()))


def _name(value: object) -> str:
    for item in value if isinstance(value, list) else [value]:
        if found := _text(item.get("name")) if isinstance(item, dict) else _text(item):
            return found
    return ""


def _main_page(linked: dict[str, Any]) -> str:
    page = linked.get("mainEntityOfPage")
    return _text(page.get("@id")) if isinstance(page, dict) else _text(page)


def _canonical(document: HtmlElement) -> str:
    return next(
        (_text(e.get("href")) for e in document.iter("link") if "canonical" in (e.get("rel") or "").lower()), ""
    )


def address(*candidates: str) -> str | None:
    """The first http(s) address of a page; a site's front page is none, or all its articles would be one."""
    for found in candidates:
        with contextlib.suppress(ValueError):
            parts = urlsplit(found)
            if parts.scheme in {"http", "https"} and parts.hostname and (parts.path.strip("/") or parts.query):
                return found
    return None


def address_day(url: str) -> str | None:
    """The day that an address names, year first: `/2025/10/24/`, `/2025/section/10/24/`, `/2025-10-24`, `/20251024`."""
    with contextlib.suppress(ValueError):
        path = urlsplit(url).path
        for pattern in _ADDRESS_DAYS:
            for match in pattern.finditer(path):
                with contextlib.suppress(ValueError):
                    return dt.date(*map(int, match.groups())).isoformat()
    return None


def _published(linked: dict[str, Any], meta: dict[str, list[str]], document: HtmlElement) -> str | None:
    times = [e.get("datetime") for e in document.iter("time") if _is_published(e)]
    values = [
        _text(linked.get("datePublished")),
        *(value for name in _PUBLISHED for value in meta.get(name, ())),
        *map(_text, times),
    ]
    for value in values:
        with contextlib.suppress(ValueError):
            found = stated.parse(value).value
            if found and dt.date.fromisoformat(found[:10]) >= _FIRST:
                return found
    return None


def _is_published(element: HtmlElement) -> bool:
    return "pubdate" in element.attrib or "datepublished" in (element.get("itemprop") or "").lower()


def _title(document: HtmlElement, names: _Names) -> str | None:
    """The headline as metadata has it, else the heading, else the window's title without the site's name behind it."""
    headings = [_whole(heading.text_content()) for heading in document.iter("h1")]
    window = next((_whole(e.text_content()) for e in document.iter("title")), "")
    title = names.headline or names.one("og:title", "twitter:title") or window
    heading = next((h for h in headings if len(h.split()) > 2 and title.startswith(h)), None)
    if heading or not title:
        return heading or next((h for h in headings if len(h.split()) > 2), None)
    site = names.one("og:site_name")
    cut = re.sub(rf"\s*[|\-–—»:]\s*{re.escape(site)}$", "", title) if site else title
    return cut or None


def _language(document: HtmlElement, linked: dict[str, Any], names: _Names) -> str:
    for value in (document.get("lang") or document.get("xml:lang"), linked.get("inLanguage"), names.one("og:locale")):
        if isinstance(value, str) and LANGUAGE.fullmatch(value.strip()):
            return value.strip().replace("_", "-")
    return "ar"


def _keywords(linked: dict[str, Any], meta: dict[str, list[str]]) -> list[str]:
    given = linked.get("keywords")
    tags = [_text(word) for word in given] if isinstance(given, list) else [_text(given)]
    tags += meta.get("article:tag", ())
    texts = tags if any(tags) else meta.get("news_keywords") or meta.get("keywords") or []
    words = (word.strip() for text in texts for word in re.split("[،,;|]", text))
    return list(dict.fromkeys(word for word in words if word and len(word) <= LONGEST_KEYWORD))[:MOST_KEYWORDS]
