"""What is kept beside the snapshots of briefings: an analyst's words, and the numbers that each check code stands for.

    <store>/briefs/notes/<digest>.json     an analyst's words for one week and filters; never changed
    <store>/briefs/newest/<subject>        the digest of the newest of them
    <store>/briefs/made/<code>.json        what a briefing said, by its check code

No text, name or id of an article is kept here: stories are told apart by `story_mark`, so `erase` has nothing to find.
What an analyst types may quote an article; that is theirs to take back.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import msgspec

from etl.model import StoreError
from etl.store import places

_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{12}")
_DIGEST = re.compile(r"[0-9a-f]{16}")


class Notes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An analyst's words: a headline, a note by part, stories told first and stories left out (by `story_mark`)."""

    headline: str = ""
    parts: dict[str, str] = {}
    first: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


class _Kept(msgspec.Struct, frozen=True):
    subject: str
    before: str
    notes: Notes


def story_mark(article_id: str) -> str:
    """What tells a story's article apart without naming it."""
    return hashlib.sha256(f"rasd story {article_id}".encode()).hexdigest()[:16]


def keep_notes(store: Path, subject: str, notes: Notes) -> str:
    """Keep the words for a subject (week and filters) as the newest, and return their digest; older ones stay.

    Raises StoreError where the store cannot be written.
    """
    body = msgspec.json.encode(_Kept(subject, newest_notes(store, subject), notes), order="sorted")
    digest = hashlib.sha256(body).hexdigest()[:16]
    _write(store, f"notes/{digest}.json", body)
    _write(store, f"newest/{_name(subject)}", digest.encode())
    return digest


def newest_notes(store: Path, subject: str) -> str:
    """The digest of the newest words for a subject, empty where there are none."""
    try:
        digest = (store / "briefs" / "newest" / _name(subject)).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return digest if _DIGEST.fullmatch(digest) else ""


def notes(store: Path, digest: str) -> Notes | None:
    """The words of a digest; none where they are not kept here or are no longer what the digest was made of."""
    try:
        body = (store / "briefs" / "notes" / f"{digest}.json").read_bytes() if _DIGEST.fullmatch(digest) else b""
        is_right = hashlib.sha256(body).hexdigest()[:16] == digest
        return msgspec.json.decode(body, type=_Kept).notes if is_right else None
    except (OSError, msgspec.MsgspecError):
        return None


def keep_brief(store: Path, code: str, told: dict[str, Any]) -> None:
    """Keep what a briefing said under its code; kept already, nothing is written. Raises StoreError."""
    if _CODE.fullmatch(code) and not (store / "briefs" / "made" / f"{code}.json").is_file():
        _write(store, f"made/{code}.json", json.dumps(told, ensure_ascii=False, sort_keys=True).encode())


def brief(store: Path, code: str) -> dict[str, Any] | None:
    """What the briefing of a code said; None where this store made none of that code, or its file is damaged."""
    try:
        told = json.loads((store / "briefs" / "made" / f"{code}.json").read_bytes()) if _CODE.fullmatch(code) else None
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _name(subject: str) -> str:
    return hashlib.sha256(subject.encode()).hexdigest()[:16]


def _write(store: Path, name: str, body: bytes) -> None:
    """Aside first, then in place in one step. Two that write the same name write the same, or the last one wins."""
    path = store / "briefs" / name
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.new")
        aside.write_bytes(body)
        places.keep(aside)
        aside.replace(path)
    except OSError as error:
        raise StoreError("build-failed", f"{store} cannot be written ({error.strerror}); see its rights") from error
