"""Scraped pages as .txt: the whole file is one record; its articles are cut out of it by etl.clean."""

import unicodedata
from collections.abc import Iterator

from etl.identity import page_id
from etl.mapping import WrongValue
from etl.model import Page, Place, Record
from etl.read import strict
from etl.read.files import DAMAGED, Source, opened
from etl.read.need import Need, Refusal, refuse, unreadable


def read_page(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """One record with its page and no articles yet."""
    place = Place(source.name, 1, 0)
    try:
        with opened(source) as file:
            raw = file.read(need.max_line + 1)
    except DAMAGED:
        yield refuse(place, b"", WrongValue("", "gzip-damaged", "a whole gzip file"))
        return
    except OSError as error:
        yield unreadable(source.name, error)
        return
    try:
        yield _record(source, place, raw, need.max_line)
    except WrongValue as fault:
        yield refuse(place, raw[: need.max_line], fault)


def _record(source: Source, place: Place, raw: bytes, cap: int) -> Record:
    if len(raw) > cap:
        raise WrongValue("", "page-too-long", f"at most {cap} bytes (RASD_MAX_LINE)")
    text = unicodedata.normalize("NFC", strict.text(raw, is_first=True))
    if not text.strip():
        raise WrongValue("", "empty-page", "a page with text")
    page = Page(page_id=page_id(raw), name=source.name, text=text.replace("\r\n", "\n").replace("\r", "\n"))
    return Record(place=place, articles=[], page=page, date_form="page")
