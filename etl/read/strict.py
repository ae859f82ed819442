"""Bytes of strangers → text and JSON, strictly: one encoding, no duplicate keys, no NaN, nothing that breaks later."""

import collections
import json
import re
from typing import Any

from etl.mapping import WrongValue

_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UTF8_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ASCII = bytes(range(128))
_FREQUENT = {name: "اليمونرتبة".encode(name) for name in ("windows-1256", "iso-8859-6")}
_SAMPLE = 20_000


def text(raw: bytes, *, is_first: bool) -> str:
    """The bytes as UTF-8, without a BOM where they begin a file; raises WrongValue that names the encoding found."""
    if is_first and raw.startswith(_UTF8_BOM):
        raw = raw[len(_UTF8_BOM) :]
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        wide = wide_encoding(raw)
        raise WrongValue("", f"encoding-{wide}" if wide else legacy_encoding(raw), "UTF-8") from error
    # Arabic as UTF-16 without a mark is UTF-8, too: of NUL, of «\6» and of ASCII.
    if b"\0" in raw or b"\6" in raw:
        if wide := wide_encoding(raw):
            raise WrongValue("", f"encoding-{wide}", "UTF-8")
        if "\0" in decoded:
            raise WrongValue("", "nul", "text without NUL characters")
    return decoded


def wide_encoding(raw: bytes) -> str | None:
    """utf-16 or utf-32 where the bytes begin with its mark, or where every second byte is that of Arabic or ASCII."""
    for mark, name in _WIDE_BOMS.items():
        if raw.startswith(mark):
            return name
    sample = raw[:_SAMPLE]
    if b"\0" not in sample and b"\6" not in sample:
        return None
    for odd in (sample[1::2], sample[::2]):
        if len(odd) > 3 and (odd.count(0) + odd.count(6)) > 0.7 * len(odd):
            return "utf-16"
    return None


def legacy_encoding(raw: bytes) -> str:
    """The single-byte encoding under which the most of the most frequent Arabic letters appear, or not-utf-8."""
    sample = raw[:_SAMPLE].translate(None, _ASCII)
    scores = {name: _arabic_score(sample, name) for name in _FREQUENT}
    best = max(scores, key=lambda name: scores[name])
    return f"encoding-{best}" if sample and scores[best] > 0.4 * len(sample) else "not-utf-8"


def _arabic_score(sample: bytes, encoding: str) -> int:
    rest = sample.translate(None, _FREQUENT[encoding])
    return len(sample) - len(rest) - rest.decode(encoding, errors="replace").count("\ufffd")


def json_object(raw: bytes, *, is_first: bool, numbers_as_text: bool = False) -> dict[str, Any]:
    """One JSON object; `numbers_as_text` keeps numbers as they are written. Raises WrongValue."""
    try:
        found = (_AS_TEXT if numbers_as_text else _STRICT).decode(text(raw, is_first=is_first))
    except RecursionError as error:
        raise WrongValue("", "too-deep", "a flat JSON object") from error
    except WrongValue:
        raise
    except ValueError as error:
        raise WrongValue("", "not-json", "one JSON object a line") from error
    if not isinstance(found, dict):
        raise WrongValue("", "not-an-object", "one JSON object a line")
    if b"\\u" in raw and _SUSPECT.search(raw):
        _refuse_unprintable(found)
    return found


def objects_of(found: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The list of objects under a key; none where it is absent or null. Raises WrongValue."""
    value = found.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise WrongValue(key if key.isidentifier() else "", "wrong-type", "a list of objects")
    return value


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = collections.Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise WrongValue(twice if twice.isidentifier() and twice.isascii() else "", "duplicate-key", "each key once")
    return made


def _no_constant(_name: str) -> None:
    raise WrongValue("", "not-a-number", "numbers without NaN and Infinity")


_STRICT = json.JSONDecoder(object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
_AS_TEXT = json.JSONDecoder(
    object_pairs_hook=_no_duplicates, parse_constant=_no_constant, parse_int=str, parse_float=str
)
"""Made once: `json.loads` would make one for every record."""


def _refuse_unprintable(value: object) -> None:
    """Escapes can smuggle in what no database holds: NUL, and halves of surrogate pairs."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, str) and ("\0" in item or any("\ud800" <= c <= "\udfff" for c in item)):
            raise WrongValue("", "nul" if "\0" in item else "lone-surrogate", "text that UTF-8 can hold, without NUL")
