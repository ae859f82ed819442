"""Publication dates as people state them: many forms in, an ISO date or an RFC 3339 time out, never a guess.

A time without an offset is left out: its zone is unknown, so only the calendar day was really stated.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

_NATIVE = re.compile(
    r"\d{4}-\d{2}-\d{2}(?P<time>[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2}))?", re.ASCII
)
_TIME = (
    r"(?:(?P<sep>[Tt]| {1,2})(?P<hour>\d{2})(?P<colon>:?)(?P<minute>\d{2})"
    r"(?:(?P=colon)(?P<second>\d{2})(?:\.\d{1,9})?)?"
    r" ?(?P<offset>[Zz]|[+-]\d{2}:?\d{2})?)?"
)
_NUMERIC = {
    "iso": re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})" + _TIME, re.ASCII),
    "d/m/y": re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})" + _TIME, re.ASCII),
    "compact": re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})" + _TIME, re.ASCII),
}
_RFC822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ?)?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r"(?P<time> \d{2}:\d{2}(?::\d{2})?(?: (?P<zone>[+-]\d{4}|GMT|UTC?|Z|[ECMP][SD]T))?)?",
    re.ASCII | re.IGNORECASE,
)
_DIGITS = {zero + digit: str(digit) for zero in (0x660, 0x6F0) for digit in range(10)}
_LONGEST = 64

FORMS = ("rfc3339", "rfc822", "d/m/y", "iso", "compact")


class Stated(NamedTuple):
    """A date as `published` holds it, and the name of the form it was written in (`none` for an empty text)."""

    value: str | None
    form: str


def native(text: str) -> str:
    """A date or RFC 3339 time of rasd-article/1, unchanged; raises ValueError for anything else, impossible or not."""
    match = _NATIVE.fullmatch(text)
    if not match:
        raise ValueError(text)
    # In UTC, too, because that is what will be stored: the year 1 with an offset is outside of every calendar.
    (datetime.fromisoformat(text.upper()).replace(tzinfo=None) if not match["time"] else _utc(text.upper()))
    return text.upper()


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def parse(text: str) -> Stated:
    """A date in one of FORMS (day first; Arabic-Indic digits too); raises ValueError for other and impossible ones."""
    text = text.strip().translate(_DIGITS)
    if not text:
        return Stated(None, "none")
    if len(text) > _LONGEST:
        raise ValueError(text[:_LONGEST])
    if _NATIVE.fullmatch(text) and len(text) > len("2024-10-03"):
        return Stated(native(text), "rfc3339")
    if match := _RFC822.fullmatch(text):
        return Stated(_rfc822(text, match), "rfc822")
    for form, pattern in _NUMERIC.items():
        if match := pattern.fullmatch(text):
            is_compact = form == "compact" or (match["hour"] and not match["colon"])
            return Stated(_numeric(match), "compact" if is_compact else form)
    raise ValueError(text)


def _numeric(match: re.Match[str]) -> str:
    day = f"{match['year']}-{int(match['month']):02d}-{int(match['day']):02d}"
    offset = (match["offset"] or "").upper()
    if offset and offset != "Z":
        offset = f"{offset[:3]}:{offset[-2:]}"
    time = f"{match['hour'] or '00'}:{match['minute'] or '00'}:{match['second'] or '00'}"
    native(f"{day}T{time}{offset or 'Z'}")
    return f"{day}T{time}{offset}" if offset else day


def _rfc822(text: str, match: re.Match[str]) -> str:
    has_zone = match["zone"] and match["zone"] != "-0000"
    moment = parsedate_to_datetime(text if match["time"] else f"{text} 00:00")
    if not has_zone:
        return moment.date().isoformat()
    offset = moment.utcoffset() or timedelta()
    zone = match["zone"].upper()
    named = offset or zone in {"GMT", "UT", "UTC", "Z", "+0000"}
    return native(moment.replace(tzinfo=moment.tzinfo or UTC).isoformat()) if named else moment.date().isoformat()
