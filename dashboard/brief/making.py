"""From an address to a file: gather, draw, write; the code's numbers are kept beside the snapshots."""

import contextlib
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from dashboard import queries
from dashboard.brief import browser, codes, document, facts, weeks
from dashboard.brief.asked import Asked
from dashboard.words import bare
from etl import store
from etl.model import RasdError, UsageError

FORMATS = ("png", "pdf", "html")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every member of an archive: the same pictures give the same bytes."""


@dataclass(frozen=True)
class Made:
    """Files by name (the ending alone for one, numbered for several), and the code that stands on them."""

    files: dict[str, bytes]
    code: str


def page(brief: facts.Brief, *, slides: bool) -> str:
    """The briefing as one HTML file that needs nothing but a browser."""
    make, size = (document.slides, document.SLIDE) if slides else (document.sheets, document.SHEET)
    room = brief.room
    title = f"{room.words.t('brief.title')} {bare(room.words.span(brief.first, brief.last))}"
    return document.page(make(brief), title, size=size)


def made(
    drawn_by: Browser | None, asked: Asked, source: queries.Source, form: str, *, slides: bool, split: bool = False
) -> Made:
    """The briefing of an address in a format, and its code kept. `drawn_by` may be None for HTML alone.

    PNG of sheets is one picture with both, at two pixels a point, or with `split` one each; of slides one each, 1920 by
    1080.
    """
    brief = facts.gather(asked, source)
    code = kept(brief)
    html, size = page(brief, slides=slides), document.SLIDE if slides else document.SHEET
    if form == "html" or drawn_by is None:
        return Made({".html": html.encode()}, code)
    if form == "pdf":
        return Made({".pdf": browser.paper(drawn_by, html, size)}, code)
    if slides or split:
        drawn = browser.pictures(drawn_by, html, size, scale=1 if slides else 2)
        return Made({f"-{n}.png": one for n, one in enumerate(drawn, 1)}, code)
    return Made({".png": browser.picture(drawn_by, html, size)}, code)


def kept(brief: facts.Brief) -> str:
    """The code of a briefing, its numbers kept under it; a store that cannot be written is no reason not to show."""
    told = codes.told(brief)
    code = codes.code_of(told)
    with contextlib.suppress(RasdError):
        store.keep_brief(brief.room.source.folder, code, told)
    return code


def archive(files: dict[str, bytes], name: str) -> bytes:
    """Several files as one ZIP, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for ending, body in files.items():
            packed.writestr(zipfile.ZipInfo(name + ending, _LONG_AGO), body)
    return out.getvalue()


def written(files: dict[str, bytes], out: Path) -> list[Path]:
    """Write one file under the name asked for, several with a number before its ending.

    Raises UsageError where the folder is not there (`writable`), OSError.
    """
    writable(out)
    if len(files) == 1:
        paths = {out: next(iter(files.values()))}
    else:
        paths = {out.with_name(out.stem + ending): body for ending, body in files.items()}
    for path, body in paths.items():
        path.write_bytes(body)
    return list(paths)


def writable(out: Path) -> None:
    """Refuse, before any work, a name that no file can be written under. Raises UsageError naming it."""
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise UsageError(f"{out}: expected the name of a file in an existing folder")


def earlier(asked: Asked, first_weekday: int, number: int) -> Iterator[str]:
    """The names of `number` weeks that end with the one asked for, the earliest first."""
    first = weeks.first_day(asked.week, first_weekday)
    for n in reversed(range(number)):
        name = weeks.name_of((first or dt.date.max) - n * weeks.WEEK, first_weekday)
        if weeks.first_day(name, first_weekday):
            yield name
