"""Scraped pages as .txt: the whole file is one record; its articles are cut out of it by etl.clean."""

from collections.abc import Iterator

from etl.identity import page_id
from etl.mapping import WrongValue
from etl.model import Page, Record
from etl.read import encodings
from etl.read.documents import place, read_document
from etl.read.files import Source
from etl.read.need import Need, Refusal
from etl.read.nfc import nfc


def read_page(source: Source, need: Need) -> Iterator[Record | Refusal]:
    """One record with its page and no articles yet."""
    return read_document(source, need, _record)


def _record(source: Source, raw: bytes, _need: Need) -> Record:
    text = nfc(encodings.whole(raw))
    if not text.strip():
        raise WrongValue("", "empty-page", "a page with text")
    page = Page(page_id=page_id(raw), name=source.name, text=text.replace("\r\n", "\n").replace("\r", "\n"))
    return Record(place=place(source), articles=[], page=page, date_form="page")
