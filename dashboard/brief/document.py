"""A briefing as a document: two sheets of A4 proportion 1240 pixels wide, or a slide of 1920 by 1080 for each part."""

import base64
import functools
from pathlib import Path

from dashboard import safe, shell
from dashboard.brief import codes, deck, parts
from dashboard.brief.facts import Brief
from dashboard.brief.marks import Link, latin, words
from dashboard.safe import Html

SHEET, SLIDE = (1240, 1754), (1920, 1080)
"""Pixels of a sheet and of a slide."""
PARTS: dict[str, parts.Part] = {
    "tiles": parts.tiles, "changes": parts.changed, "lanes": parts.lanes, "pairs": parts.pairs,
    "themes": parts.themes, "stories": parts.stories, "upcoming": parts.upcoming, "method": parts.method,
}  # fmt: skip
"""What stands below the heading, in reading order; an analyst's notes name a part so."""
_SHEETS = (("tiles", "changes", "lanes", "pairs"), ("themes", "stories", "upcoming", "method"))
_STYLE = Path(__file__).with_name("style.css")
_NARROW = "@media screen{body{container:brief/inline-size}}"
"""What style.css measures to know a narrow screen; in the app that is the place that the sheets have on the page."""


def no_link(mark: str) -> str:  # noqa: ARG001 -- the signature of Link
    """In a file a number leads nowhere: the app that holds its list may not be there."""
    return ""


def sheets(brief: Brief, link: Link = no_link) -> Html:
    """Both sheets."""
    code = codes.code_of(codes.told(brief))
    shown = []
    for n, names in enumerate(_SHEETS, 1):
        head = parts.heading(brief) if n == 1 else _again(brief)
        body = [_part(brief, name, link) for name in names]
        noted = sum(name in brief.notes.parts for name in names)
        if n == 1:
            # What the heading says more of than usual takes as much room as a note.
            noted += len([flag for flag in brief.flags if flag != "no_before"]) + brief.is_sample
            noted += bool(brief.notes.headline) + bool(brief.asked.filters.narrows)
        look = "sheet crowded" if noted > 1 else "sheet noted" if noted else "sheet"
        shown.append(safe.tag("section", head, *body, _foot(brief, code, n, len(_SHEETS)), class_=look))
    return safe.tag("div", *shown, class_="rasd-brief", dir="rtl", lang="ar")


def slides(brief: Brief, link: Link = no_link) -> Html:
    """A slide for each part, or for several short ones (`deck`); the heading stands on the first."""
    code = codes.code_of(codes.told(brief))
    shown, found = [], deck.slides(brief, tuple(PARTS))
    for n, one in enumerate(found, 1):
        head = parts.heading(brief) if n == 1 else _again(brief)
        body = [_part(brief, name, link) for name in one.names]
        foot = safe.joined(parts.source_lines(brief, one.names), _foot(brief, code, n, len(found)))
        shown.append(
            safe.tag(
                "section", head, safe.tag("div", *body, class_="body", style=f"--zoom:{one.zoom}"), foot, class_="slide"
            )
        )
    return safe.tag("div", *shown, class_="rasd-brief", dir="rtl", lang="ar")


def _part(brief: Brief, name: str, link: Link) -> Html:
    room, note = brief.room, brief.notes.parts.get(name, "")
    title = safe.tag("h2", words(room, f"brief.part.{name}", unit=room.unit))
    said = [safe.tag("p", safe.tag("em", words(room, "brief.note")), safe.text(note), class_="note")] if note else []
    return safe.tag("article", title, PARTS[name](brief, link), *said, class_=f"part p-{name}", data_part=name)


def _again(brief: Brief) -> Html:
    """The line that says on a second sheet what the first one's heading says."""
    room = brief.room
    days = words(room, "brief.week", days=room.words.span(brief.first, brief.last))
    line = safe.tag("p", safe.tag("b", words(room, "brief.title")), safe.tag("span", days), class_="facts")
    return safe.tag("header", line, class_="again")


def _foot(brief: Brief, code: str, page: int, pages: int) -> Html:
    """Which data, how far it reaches, the filters, where to see it again and how to check it."""
    room, about = brief.room, brief.asked
    facts = (
        ("brief.foot.snapshot", latin(about.snapshot)),
        ("brief.foot.address", latin(f"/brief?code={code}")),
        ("brief.foot.code", safe.tag("b", latin(codes.grouped(code)))),
    )
    told = [safe.tag("span", words(room, name), value) for name, value in facts]
    return safe.tag("footer", *told, safe.tag("span", words(room, "brief.foot.page", page=page, pages=pages)))


def style() -> str:
    """The style sheet of sheets and slides, everything below `.rasd-brief`."""
    return _STYLE.read_text("utf-8")


@functools.cache
def _faces() -> str:
    """The font inside the file: a picture must not depend on what a machine has."""
    face = "@font-face{{font-family:Amiri;font-weight:{};src:url(data:font/ttf;base64,{})}}"
    return "".join(
        face.format(number, base64.b64encode(shell.naskh(weight).read_bytes()).decode())
        for weight, number in shell.NASKH.items()
    )


def page(inside: Html, title: str, *, size: tuple[int, int]) -> str:
    """A whole HTML file that needs nothing but a browser: style and font stand in it, no script, no address."""
    width, height = size
    paper = "size:A4;margin:0" if size == SHEET else f"size:{width}px {height}px;margin:0"
    zoom = f"@media print{{.rasd-brief{{zoom:{A4_WIDTH / width:.6f}}}}}" if size == SHEET else ""
    csp = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"
    return (
        f'<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{csp}">'
        f'<meta name="viewport" content="width=device-width"><title>{safe.text(title)[5:-6]}</title>'
        f"<style>{_faces()}@page{{{paper}}}body{{margin:0;background:#fff}}{_NARROW}{style()}{zoom}</style></head>"
        f"<body>{inside}</body></html>"
    )


A4_WIDTH = 210 / 25.4 * 96
"""CSS pixels of the width of A4."""
