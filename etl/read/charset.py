"""Bytes of pages → text: by their mark, as UTF-8, or in the Arabic encoding that they declare; never a guess."""

import codecs
import re

from etl.mapping import WrongValue
from etl.read import strict

_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})|<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})",
    re.IGNORECASE,
)
_HEAD = 4096
_ARABIC = {"cp1256": "windows-1256", "iso8859-6": "iso-8859-6"}
"""Python's names of the encodings that Arabic pages had before UTF-8, and the names that reports use."""


def text(raw: bytes) -> str:
    """The text of a page, NUL nowhere in it; raises WrongValue that names the encoding where it is not sure.

    What is valid UTF-8 is UTF-8, whatever it declares: browsers save it so and keep the old declaration.
    """
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if raw.startswith(mark):
            return _strictly(raw, name)
    declared = _declared(raw)
    if declared in _ARABIC and not _is_utf8(raw):
        return _arabic(raw, declared)
    try:
        return strict.text(raw, is_first=True)
    except WrongValue as fault:
        if declared and declared not in _ARABIC and declared != "utf-8" and fault.reason == "not-utf-8":
            raise WrongValue("", f"encoding-{declared}", "UTF-8, or windows-1256 that says so") from fault
        raise


def _declared(raw: bytes) -> str | None:
    found = _DECLARED.search(raw[:_HEAD])
    if not found:
        return None
    try:
        return codecs.lookup((found[1] or found[2]).decode("ascii")).name
    except LookupError:
        return None


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _arabic(raw: bytes, declared: str) -> str:
    """Read as declared, if the letters that come out are those of Arabic."""
    name = _ARABIC[declared]
    if strict.legacy_encoding(raw) != f"encoding-{name}":
        raise WrongValue("", f"encoding-not-{name}", "the encoding that the page declares")
    return _strictly(raw, declared)


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        found = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise WrongValue(
            "", f"encoding-not-{_ARABIC.get(encoding, encoding)}", "the encoding that it declares"
        ) from error
    if "\0" in found:
        raise WrongValue("", "nul", "text without NUL characters")
    return found
