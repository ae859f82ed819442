"""The formats: how each is recognised and what reads it. The first that recognises a file takes it.

To add a format: a module with a reader and, where the suffix does not tell, a function that looks at the head; a line
here; a line in docs/inputs.md.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from etl.model import Record, UsageError
from etl.read.arrays import read_array
from etl.read.brat import companion, is_brat, read_brat
from etl.read.doccano import is_doccano, read_doccano
from etl.read.feeds import is_feed, read_feed
from etl.read.files import Head, NotRead, Recognise, Source
from etl.read.labelstudio import is_labelstudio, read_labelstudio
from etl.read.lines import read_lines
from etl.read.need import Need, Refusal
from etl.read.pages import read_page
from etl.read.prodigy import is_prodigy, read_prodigy
from etl.read.rows import read_rows
from etl.read.uima import is_cas_json, is_xmi, read_cas_json, read_xmi, type_system
from etl.read.unknown import read_unknown
from etl.read.web import read_html
from etl.read.webanno import is_webanno, read_webanno

Reader = Callable[[Source, Need], Iterator[Record | Refusal]]


def _any(_head: Head) -> bool:
    return True


class Format(NamedTuple):
    """A form of files: its name, the suffixes that it may have, what reads it, and how its head tells it apart."""

    name: str
    suffixes: tuple[str, ...]
    read: Reader
    looks: Callable[[Head], bool] = _any
    is_of_lines: bool = False
    """Does every line stand for itself, so that a large file may be read in pieces."""


FORMATS = (
    Format("brat", (".txt",), read_brat, is_brat),
    Format("webanno", (".tsv",), read_webanno, is_webanno),
    Format("uima-json", (".json",), read_cas_json, is_cas_json),
    Format("feed", (".xml", ".rss", ".atom", ".rdf"), read_feed, is_feed),
    Format("uima-xmi", (".xmi", ".xml"), read_xmi, is_xmi),
    Format("prodigy", (".jsonl",), read_prodigy, is_prodigy),
    Format("doccano", (".jsonl", ".json"), read_doccano, is_doccano),
    Format("labelstudio", (".json",), read_labelstudio, is_labelstudio),
    Format("jsonl", (".jsonl",), read_lines, is_of_lines=True),
    Format("json", (".json",), read_array),
    Format("csv", (".csv",), read_rows),
    Format("tsv", (".tsv",), read_rows),
    Format("txt", (".txt",), read_page),
    Format("html", (".html", ".htm", ".xhtml"), read_html),
)
OF_LINES = frozenset(one.name for one in FORMATS if one.is_of_lines)
READERS: dict[str, Reader] = {"": read_unknown} | {one.name: one.read for one in FORMATS}


def recognised(head: Head) -> str | NotRead | None:
    """The name of the format that takes a file, or why a known one is no document; None where nobody knows it."""
    left_out = companion(head) or type_system(head)
    return left_out or next((one.name for one in FORMATS if head.name.endswith(one.suffixes) and one.looks(head)), None)


def forced(name: str) -> Recognise:
    """Take files of the suffixes of that format for it, whatever they look like; raises UsageError for no format."""
    known = {one.name: one for one in FORMATS}
    if name not in known:
        raise UsageError(f"--format: expected one of {' '.join(known)}, found {name!a}")
    return lambda head: name if head.name.endswith(known[name].suffixes) else recognised(head)
