"""Saved HTML: one article a page, its text as the page shows it, what its metadata says, and the whole visible page."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy

from lxml.html import HtmlElement

from etl.identity import page_id
from etl.mapping import WrongValue
from etl.model import Block, Page, Place, Record, Zone
from etl.read import charset, markup
from etl.read.files import DAMAGED, Source, opened
from etl.read.markup import Seen
from etl.read.metadata import Stated
from etl.read.need import Need, Refusal, refuse, unreadable

_WITH_PICTURES = 8
"""A page saved as one file carries its pictures; without them it must keep to the cap of every record."""

_PICTURE = re.compile(rb"data:[\w/+.;=-]{0,100},[^\"'\s)>]{100,}")
_SHORT = 12
_MOST_LINES, _MOST_LETTERS = 4_000, 400_000
_BESIDE = 6
_ENOUGH, _NEARLY_ALL = 0.5, 0.8


def read_html(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """One record: a page, its lines marked by what the reader knows of them, and the metadata of its article."""
    place = Place(source.name, 1, 0)
    try:
        with opened(source) as file:
            raw = file.read(need.max_line * _WITH_PICTURES + 1)
    except DAMAGED:
        yield refuse(place, b"", source.damaged)
        return
    except OSError as error:
        yield unreadable(source.name, error)
        return
    try:
        yield _record(source, place, raw, need.max_line)
    except WrongValue as fault:
        yield refuse(place, raw[: need.max_line], fault)


def _record(source: Source, place: Place, raw: bytes, cap: int) -> Record:
    light = _PICTURE.sub(b"data:,", raw)
    if len(raw) > cap * _WITH_PICTURES or len(light) > cap:
        raise WrongValue("", "page-too-long", f"at most {cap} bytes without its pictures (RASD_MAX_LINE)")
    html = charset.text(light)
    document = markup.tree(html)
    lines = [Seen(unicodedata.normalize("NFC", line.text), line.is_around) for line in markup.seen(document)]
    stated = Stated(document, html)
    if not lines and not stated.body:
        raise WrongValue("", "empty-page", "a page with text")
    body = _body(document, lines, stated.body)
    if not body and stated.body:
        lines += [Seen(line, is_around=False) for line in stated.body]
        body = set(range(len(lines) - len(stated.body), len(lines)))
    text = "\n\n".join(line.text for line in lines)
    page = Page(page_id=page_id(raw), name=source.name, text=text)
    if body:
        page.blocks = list(_blocks(lines, _zones(lines, body, stated.article.headline)))
    return Record(place=place, articles=[stated.article], page=page, date_form="page")


def _body(document: HtmlElement, lines: Sequence[Seen], told: Sequence[str]) -> set[int]:
    """The numbers of the lines that are the article's text: those of JSON-LD, if it tells all, else the extractor's."""
    extracted = _extracted(document)
    wanted = [told, extracted] if _size(told) >= _NEARLY_ALL * _size(extracted) else [extracted, told]
    for pieces in wanted:
        found = _found(lines, pieces)
        if pieces and sum(len(_letters(lines[n].text)) for n in found) >= _ENOUGH * _size(pieces):
            return found
    return set()


def _extracted(document: HtmlElement) -> list[str]:
    """The paragraphs that the extractor finds; none where it gives up."""
    import trafilatura  # noqa: PLC0415 -- it takes a quarter of a second, and most loads hold no HTML

    try:
        found = trafilatura.bare_extraction(
            deepcopy(document), include_comments=False, with_metadata=False, include_formatting=False
        )
    except (RecursionError, ValueError, AttributeError):
        return []
    return [
        unicodedata.normalize("NFC", line).lstrip("- ") for line in str(getattr(found, "text", None) or "").splitlines()
    ]


def _letters(text: str) -> str:
    return "".join(text.split())


def _size(pieces: Sequence[str]) -> int:
    return sum(len(_letters(piece)) for piece in pieces)


def _found(lines: Sequence[Seen], pieces: Sequence[str]) -> set[int]:
    """The lines that the pieces consist of; of lines that stand twice, the one nearest to the others."""
    whole = {_letters(piece) for piece in pieces}
    run = "".join(_letters(piece) for piece in pieces)
    is_small = len(lines) <= _MOST_LINES and len(run) <= _MOST_LETTERS
    keys = [_letters(line.text) for line in lines]
    found = [n for n, key in enumerate(keys) if key in whole or (is_small and len(key) > _SHORT and key in run)]
    found = [n for n in found if not lines[n].is_around] or found
    times = Counter(keys[n] for n in found)
    sure = [n for n in found if times[keys[n]] == 1]
    middle = sure[len(sure) // 2] if sure else 0
    nearest = (
        {
            key: min((n for n in found if keys[n] == key), key=lambda n: abs(n - middle))
            for key in times
            if times[key] > 1
        }
        if len(found) <= _MOST_LINES
        else {}
    )
    return {n for n in found if nearest.get(keys[n], n) == n}


def _zones(lines: Sequence[Seen], body: set[int], headline: str | None) -> list[Zone]:
    """What the reader knows of each line: title, body, beside the text (`label`), or around it (`rest`)."""
    first, last = min(body), max(body)
    same = _letters(headline or "")
    titles = [n for n in range(first + 1) if same and _letters(lines[n].text) == same]
    title = titles[-1] if titles else None
    top = max(0, (title if title is not None else first) - 1 if title is not None else first - _BESIDE)
    zones: list[Zone] = []
    for n, line in enumerate(lines):
        is_beside = not line.is_around and (top <= n < first or last < n <= last + _BESIDE)
        zones.append("title" if n == title else "body" if n in body else "label" if is_beside else "rest")
    return zones


def _blocks(lines: Sequence[Seen], zones: Sequence[Zone]) -> Iterator[Block]:
    start = 0
    for line, zone in zip(lines, zones, strict=True):
        yield Block(zone=zone, page_start=start, page_end=start + len(line.text))
        start += len(line.text) + 2
