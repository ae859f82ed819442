"""The only place where text from outside becomes HTML, Markdown, Plotly text, a link or a cell of a CSV file.

Text from outside is whatever an article, a file name, an address or a visitor brings. Every function answers text
that shows exactly what is there: nothing is interpreted, and characters that cannot be seen are written out.
"""

import html
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NewType
from urllib.parse import urlsplit

_KEPT = "\n\t"
# Visible although Unicode calls them format characters: the signs that enclose or precede Arabic numbers.
_SIGNS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
# Invisible although Unicode calls them letters, marks or symbols.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\u2028\u2029")
_JOINERS = frozenset("\u200c\u200d")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# What begins a formula in a spreadsheet; the full-width forms are folded to these by some.
_FORMULA = frozenset("=+-@|%\uff1d\uff0b\uff0d\uff20")
# After it has taken the escapes away, Streamlit still finds bare addresses, icons, emoji names and arrows in the text;
# an invisible joiner inside them hides them from it.
_FOUND_LATER = re.compile(r"(:(?=//)|:(?=[\w+-]+(?:/\w+)?:)|www(?=\.)|@|<(?=[-=])|-(?=[->])|[>~](?==))", re.IGNORECASE)
_WORD_JOINER = "\u2060"
_ESCAPED = r"\\\1"
_FSI, _PDI = "\u2068", "\u2069"
_ISOLATES = re.compile("([\u2068\u2069])")
# Beside the isolates, the marks with which CLDR keeps a sign at its number.
_ISOLATED = {_FSI: "<bdi>", _PDI: "</bdi>"}
_OWN_MARKS = re.compile("([\u200e\u200f\u061c])")
_NAME = re.compile("[a-z][a-z0-9]*")
_STYLE = re.compile(r"[a-z0-9:;.%,()# -]*", re.ASCII)
_RUNS = frozenset({"script", "iframe", "object", "embed", "link", "meta", "base", "form"})
_EMPTY = frozenset({"br", "col", "hr"})
Html = NewType("Html", str)
"""What only this module makes: text that a browser shows as it was. A value of another origin is no Html to types."""
NOTHING = Html("")

Part = Literal["headline", "body", "page"]
_RARE = re.compile(f"[{''.join(sorted(_BLANKS))}]")
"""The hidden characters that Python calls printable: without them and the unprintable ones text shows itself."""
_PARAGRAPHS = re.compile(r"(\n{2,})")


@dataclass(frozen=True)
class Mark:
    """A run of an article's field, in code points: `text[start:end]`. `tip` says what it was read as."""

    id: str
    layer: str
    start: int
    end: int
    tip: str


def plain(s: str) -> str:
    """Return text for labels, component rows and attributes of our own: hidden characters shown as ⟦U+202E⟧."""
    if s.isprintable() and not _RARE.search(s):
        return s
    return "".join(_token(c) if _is_hidden(s, i) else c for i, c in enumerate(s))


def text(s: str) -> Html:
    """Return HTML that shows `s` as it is, isolated in its own direction."""
    return Html(f"<bdi>{html.escape(plain(s))}</bdi>")


def markdown(s: str) -> str:
    """Return Markdown of one line that shows `s` as it is and isolated, every ASCII punctuation mark escaped."""
    one_line = " ".join(plain(s).split())
    guarded = _FOUND_LATER.sub(rf"\1{_WORD_JOINER}", one_line)
    return f"{_FSI}{_PUNCTUATION.sub(_ESCAPED, guarded)}{_PDI}"


def plotly(s: str) -> str:
    """Return text for titles, names, ticks and hover labels of a figure: no tags, links, entities or templates."""
    escaped = plain(s).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("%{", "&#37;{")


def csv_cell(s: str) -> str:
    """Return text for a CSV file that no spreadsheet takes for a formula; write the file with every cell quoted."""
    seen = next((c for c in s if unicodedata.category(c)[0] not in "CZ"), "")
    risky = seen in _FORMULA if seen else False
    return "'" + s if risky or s[:1] in ("\t", "\r", "\n") else s


def link(url: str, label: str) -> Html:
    """Return an HTML link that shows its host, for http(s) only; anything else is shown as plain text."""
    host = _host(url)
    if host is None:
        return text(label) if label == url else Html(f"{text(label)} {text(url)}")
    return Html(
        f'<a href="{html.escape(url)}" target="_blank" rel="noopener noreferrer nofollow" '
        f'referrerpolicy="no-referrer">{text(label)} <bdi class="rasd-host" dir="ltr">{html.escape(host)}</bdi></a>'
    )


def message(s: str) -> Html:
    """Return HTML of one of our own messages: what `Words` isolated is isolated by an element, all else is shown."""
    parts = _ISOLATES.split(s)
    if parts[1::2].count(_FSI) != parts[1::2].count(_PDI):
        return text(s)
    return Html("".join(_ISOLATED.get(part) or _with_marks(part) for part in parts))


def _with_marks(s: str) -> str:
    parts = _OWN_MARKS.split(s)
    return "".join(part if n % 2 else html.escape(plain(part)) for n, part in enumerate(parts))


def joined(*parts: Html) -> Html:
    """Return HTML one after the other."""
    return Html("".join(parts))


def tag(name: str, *inside: Html, **attributes: str) -> Html:
    """Return an element of our own around HTML.

    An underscore at the end of an attribute's name is left out, others become hyphens; values are escaped. A link leads
    within the app; nothing that runs can be named (ValueError).
    """
    told = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    if not _NAME.fullmatch(name) or name in _RUNS or any(key.startswith("on") for key in told):
        raise ValueError(f"no element for a page: {name} {sorted(told)}")
    if not told.get("href", "?").startswith(("?", "/", "#")) or told.get("href", "").startswith(("//", "/\\")):
        raise ValueError(f"an element links within the app, not to {told['href']!r}")
    if not _STYLE.fullmatch(told.get("style", "")):
        raise ValueError(f"a style of numbers and names, not {told['style']!r}")
    listed = "".join(f' {key}="{html.escape(plain(value))}"' for key, value in told.items())
    return Html(f"<{name}{listed}>{''.join(inside)}" + ("" if name in _EMPTY else f"</{name}>"))


def table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """Return a table of outside text under headings; each cell carries its heading for narrow screens."""
    labels = [html.escape(plain(name)) for name in names]
    head = "".join(f"<th>{text(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f'<td data-label="{label}">{text(cell)}</td>' for cell, label in zip(row, labels, strict=True))
        for row in rows
    )
    return Html(f'<div class="rasd-table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>')


def facts(items: Iterable[tuple[str, Html | None]]) -> Html:
    """Return names with their values, None left out."""
    shown = "".join(f"<div><dt>{text(name)}</dt><dd>{value}</dd></div>" for name, value in items if value)
    return Html(f'<dl class="rasd-facts">{shown}</dl>')


def marked(field: str, marks: Iterable[Mark], part: Part = "body") -> Html:
    """Return HTML of an article's field with its marks, which may overlap and nest.

    The text content is `field` itself, paragraph breaks included; of the segments that carry a mark's id it is
    exactly `field[start:end]`. A hidden character stays there, alone in an element that shows its code.
    """
    known = [mark for mark in marks if 0 <= mark.start < mark.end <= len(field)]
    paragraphs, position = [], 0
    parts = _PARAGRAPHS.split(field)
    for paragraph, gap in zip(parts[::2], [*parts[1::2], ""], strict=True):
        end = position + len(paragraph)
        content = _segments(field, position, end, known, "") + _segments(field, end, end + len(gap), known, "rasd-gap")
        paragraphs.append(f'<p dir="auto">{content}</p>')
        position = end + len(gap)
    return Html(f'<div class="rasd-text rasd-{part}" data-part="{part}">{"".join(paragraphs)}</div>')


def _segments(field: str, start: int, end: int, marks: Sequence[Mark], role: str) -> str:
    edges = {start, end} | {edge for mark in marks for edge in (mark.start, mark.end) if start < edge < end}
    cuts = sorted(edges)
    covers: list[list[Mark]] = [[] for _ in cuts]
    for mark in marks:
        first, last = bisect_left(cuts, max(mark.start, start)), bisect_left(cuts, min(mark.end, end))
        for cover in covers[first:last]:
            cover.append(mark)
    return "".join(_segment(field, a, b, cover, role) for (a, b), cover in zip(pairwise(cuts), covers, strict=False))


def _segment(field: str, start: int, end: int, cover: Sequence[Mark], role: str) -> str:
    content = "".join(_shown(field, i) for i in range(start, end))
    if not cover:
        return f'<span class="{role}">{content}</span>' if role else content
    classes = [f"layer-{layer}" for layer in dict.fromkeys(mark.layer for mark in cover)] + [role] * bool(role)
    tips = "\n".join(dict.fromkeys(plain(mark.tip) for mark in cover if mark.tip))
    attributes = {"class": " ".join(classes), "data-ids": " ".join(mark.id for mark in cover), "data-tip": tips}
    stop = "" if role else ' tabindex="0"'
    listed = " ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items())
    return f"<mark {listed}{stop}>{content}</mark>"


def _shown(field: str, i: int) -> str:
    char = field[i]
    if not _is_hidden(field, i):
        return html.escape(char)
    # The parser would turn a bare carriage return into a line feed, and has no way at all to say NUL or a surrogate.
    raw = "&#13;" if char == "\r" else char
    if char == "\0" or unicodedata.category(char) == "Cs":
        raw = "\ufffd"
    return f'<span class="rasd-hidden" data-code="{_token(char)}">{raw}</span>'


def _is_hidden(s: str, i: int) -> bool:
    char = s[i]
    if char in _KEPT or char in _SIGNS:
        return False
    if char in _JOINERS:
        return not (_is_arabic(s[i - 1 : i]) and _is_arabic(s[i + 1 : i + 2]))
    return char in _BLANKS or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn", "Co")


def _is_arabic(char: str) -> bool:
    return bool(char) and unicodedata.bidirectional(char) in ("AL", "NSM")


def _token(char: str) -> str:
    return f"\u27e6U+{ord(char):04X}\u27e7"


def _host(url: str) -> str | None:
    """Return the host (and port) in ASCII, or None where the address is not one to open."""
    if any(c in "\\<>\"'`" or c.isspace() or _is_hidden(url, i) for i, c in enumerate(url)):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        ascii_host = (host or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not ascii_host or parts.username is not None:
        return None
    return f"{ascii_host}:{port}" if port else ascii_host
