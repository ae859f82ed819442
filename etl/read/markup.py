"""HTML → the lines that a reader of the page would see. Nothing is run, and nothing is fetched."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import LxmlError  # ty: ignore[import-not-found] -- lxml carries no types
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from etl.mapping import WrongValue

_UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "head",
        "select",
        "textarea",
        "audio",
        "video",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "img",
    ]
)
_AROUND = frozenset(["nav", "footer", "aside", "form"])
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MOST_ELEMENTS = 100_000
_MONSTER = re.compile(r"<[a-zA-Z][^<>]{262144}")
"""A tag of a hundred thousand attributes takes the parser minutes."""


class Seen(NamedTuple):
    """A line of a page with single blanks; does it stand in what the page itself marks as standing around its text."""

    text: str
    is_around: bool


def tree(html: str) -> HtmlElement:
    """The document; raises WrongValue for what is no page and for one of more elements than any page has."""
    if _MONSTER.search(html):
        raise WrongValue("", "page-too-large", "tags of at most 262144 characters")
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        document = document_fromstring(html.encode("utf-8", "ignore"), parser=parser)
    except (LxmlError, ValueError) as error:
        raise WrongValue("", "not-html", "a page in HTML") from error
    if sum(1 for _ in document.iter()) > _MOST_ELEMENTS:
        raise WrongValue("", "page-too-large", f"a page of at most {_MOST_ELEMENTS} elements")
    return document


def seen(document: HtmlElement) -> list[Seen]:
    """The visible lines in order: a block or a line break ends one; scripts and what is hidden are none."""
    lines: list[Seen] = []
    pieces: list[str] = []
    is_around = False
    for text, around in _texts(document):
        if text is None:
            line = " ".join("".join(pieces).split())
            if line:
                lines.append(Seen(line, is_around))
            pieces = []
        else:
            if not pieces:
                is_around = around
            pieces += [text] if text.strip() or pieces else []
    return lines


def _texts(document: HtmlElement) -> Iterator[tuple[str | None, bool]]:
    """The texts in order, None where a line ends; the second says whether it stands around the page's text."""
    waiting: list[tuple[HtmlElement, bool, bool]] = [(document, False, False)]
    while waiting:
        element, around, is_end = waiting.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        is_block = tag not in _INLINE
        if is_end:
            yield from ((None, around),) if is_block else ()
            yield element.tail or "", around
            continue
        inside = around or tag in _AROUND or (tag == "header" and not _is_in_article(element))
        waiting.append((element, around, True))
        if tag in _UNSEEN or not tag or _is_hidden(element):
            continue
        yield from ((None, inside),) if is_block else ()
        yield element.text or "", inside
        waiting.extend((child, inside, False) for child in reversed(element))
    yield None, False


def _is_in_article(element: HtmlElement) -> bool:
    return any(parent.tag in {"article", "main"} for parent in element.iterancestors())


def _is_hidden(element: HtmlElement) -> bool:
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style") or ""))


def stripped(html: str) -> str:
    """The visible text of a fragment of HTML, a line a block."""
    return "\n".join(line.text for line in seen(tree(html))) if html.strip() else ""
