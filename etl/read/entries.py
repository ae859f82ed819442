"""What an entry of a feed says → the fields of an article, from the names of RSS 2.0, RSS 1.0 and Atom."""

import html
import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urljoin

import msgspec

from etl import mapping
from etl.identity import digest
from etl.mapping import Mapping, WrongValue
from etl.read import markup, metadata

XML = "http://www.w3.org/XML/1998/namespace"
OF_CHANNEL = frozenset(["title", "link", "language", "dc:language"])
OF_ENTRY = frozenset([
    "title", "link", "guid", "id", "pubDate", "published", "dc:date", "updated", "content:encoded", "content",
    "description", "summary", "source", "dc:publisher", "category", "dc:subject", "dc:language",
])  # fmt: skip
"""The elements that are read; others are passed over."""

_DATES = ("pubDate", "published", "dc:date", "updated")
_TEXTS = ("content:encoded", "content", "description", "summary")
_ID_DIGITS = 24
_TAG = re.compile(r"<[A-Za-z/!]")


class Said(NamedTuple):
    """An element inside a channel or an entry: short name, attributes, text; XHTML inside it written as HTML."""

    name: str
    attributes: dict[str, str]
    text: str


class Channel(msgspec.Struct):
    """What stands over the entries: is it Atom; the base of links and the language that XML attributes give."""

    is_atom: bool = False
    base: str = ""
    language: str = ""
    said: list[Said] = []

    def one(self, name: str) -> str:
        """The text of its first element of that name, in one line."""
        return next((_line(one, is_atom=self.is_atom) for one in self.said if one.name == name), "")

    @property
    def address(self) -> str:
        """Where the feed belongs to, which relative links start from."""
        return _joined(self.base, _link(self.said, is_atom=self.is_atom)) or self.base


def fields(
    channel: Channel, attributes: dict[str, str], said: Sequence[Said], constants: Mapping | None
) -> tuple[dict[str, Any], str]:
    """The fields of an entry and the form of its date. Raises WrongValue.

    The outlet is the source that the entry names (an aggregator does, and is then the carrier), else its
    `dc:publisher`, else the feed; an author is none. The constant `publisher` wins over all, the constant `published`
    stands for entries without a date.
    """
    first = {one.name: one for one in reversed(said)}

    def line(name: str) -> str:
        return _line(first[name], is_atom=channel.is_atom) if name in first else ""

    given = constants or Mapping()
    stated = next((first[name].text for name in _DATES if name in first and first[name].text.strip()), "")
    published, form = mapping.published(stated) if stated else (given.constants.get("published"), given.date_form)
    url = _address(channel, attributes, said)
    guid = "" if url else line("guid") or line("id")
    bodies = (_text(first[name], is_atom=channel.is_atom) for name in _TEXTS if name in first)
    found = {
        "headline": line("title"),
        "body": next((body for body in bodies if body), None),
        "url": url,
        "article_id": _id(channel, guid) if guid else None,
        "published": published,
        "publisher": given.constants.get("publisher") or line("source") or line("dc:publisher") or channel.one("title"),
        "carrier": channel.one("title") if line("source") not in {"", channel.one("title")} else None,
        "language": _language(line("dc:language"), attributes.get(f"{XML} lang", ""), channel.one("language"),
                              channel.one("dc:language"), channel.language),
        "keywords": _keywords(said),
    }  # fmt: skip
    return {field: value for field, value in found.items() if value}, form


def _id(channel: Channel, guid: str) -> str:
    """The id of an entry without an address; a bare number counts within its own feed only."""
    scope = "" if ":" in guid else channel.address or channel.one("title")
    return "a-" + digest("feed", scope, guid)[:_ID_DIGITS]


def _address(channel: Channel, attributes: dict[str, str], said: Sequence[Said]) -> str | None:
    link = _link(said, is_atom=channel.is_atom)
    base = _joined(channel.address, attributes.get(f"{XML} base", ""))
    guids = [one.text.strip() for one in said
             if one.name == "guid" and one.attributes.get("isPermaLink", "true").strip() == "true"]  # fmt: skip
    return metadata.address(_joined(base, link) if link else "", *guids)


def _joined(base: str, link: str) -> str:
    """The link from that base; empty where one of them is no address, as a host in broken brackets."""
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def _link(said: Sequence[Said], *, is_atom: bool) -> str:
    """The first link to a page; in Atom those to the feed itself, to files and comments have another `rel`."""
    for one in said:
        if one.name == "link":
            is_page = one.attributes.get("rel", "alternate") == "alternate"
            found = one.attributes.get("href", "") if is_atom and is_page else "" if is_atom else one.text
            if found.strip():
                return _joined(one.attributes.get(f"{XML} base", ""), found.strip())
    return ""


def _language(*stated: str) -> str | None:
    found = next((one for one in map(str.strip, stated) if metadata.LANGUAGE.fullmatch(one)), None)
    return found.replace("_", "-") if found else None


def _keywords(said: Sequence[Said]) -> list[str]:
    texts = [one.attributes.get("label") or one.attributes.get("term") or one.text
             for one in said if one.name in {"category", "dc:subject"}]  # fmt: skip
    words = (" ".join(html.unescape(text).split()) for text in texts)
    return list(dict.fromkeys(word for word in words if word and len(word) <= metadata.LONGEST_KEYWORD))[
        : metadata.MOST_KEYWORDS
    ]


def _line(one: Said, *, is_atom: bool) -> str:
    return " ".join(_text(one, is_atom=is_atom).split())


def _text(one: Said, *, is_atom: bool) -> str:
    """Plain text, an empty line between paragraphs. Atom says what is text, RSS holds HTML or text without a tag."""
    kind = one.attributes.get("type", "text")
    if is_atom and ":" not in one.name and kind not in {"html", "xhtml", "text/html", "application/xhtml+xml"}:
        return _paragraphs(one.text) if kind in {"text", "text/plain"} else ""
    if not _TAG.search(one.text):
        return _paragraphs(html.unescape(one.text))
    try:
        return _paragraphs(markup.stripped(one.text))
    except WrongValue as fault:
        if fault.reason == "not-html":  # nothing but a comment
            return ""
        raise WrongValue("body", fault.reason, fault.expected) from fault


def _paragraphs(text: str) -> str:
    return "\n\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)
