"""What is kept beside the snapshots of briefings: an analyst's words, and the numbers that each check code stands for.

    <store>/briefs/notes/<digest>.json     an analyst's words for one week and filters; never changed
    <store>/briefs/newest/<subject>        the digest of the newest of them
    <store>/briefs/made/<code>.json        what a briefing said, by its check code: the newest 5,000, the others go

No headline, text or id of an article is kept here in clear. But the record of a briefing holds its whole address: the
publishers chosen and the words searched for stand there as they are. Stories stand as `story_mark`, and the day and
quotation of each as a digest; neither is salted: whoever guesses an id, or day and quotation, can confirm the guess,
after `erase` too, which does not look in here. What an analyst types may quote an article: theirs to take back.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
from pathlib import Path
from typing import Any

import msgspec

from etl.model import StoreError
from etl.store import places

_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{12}")
_DIGEST = re.compile(r"[0-9a-f]{16}")
MOST_MADE = 5_000
"""Records of briefings that a store keeps, about 6 kB each. Each look at another week or filter makes one."""


class Notes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An analyst's words: a headline, a note by part, stories told first and stories left out.

    Each of those stands as the `story_mark` of any of its articles; all of them make it sure.
    """

    headline: str = ""
    parts: dict[str, str] = {}
    first: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


class _Kept(msgspec.Struct, frozen=True):
    subject: str
    before: str
    notes: Notes


class _Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    address: dict[str, str]
    said: dict[str, int | float | str | None]


def story_mark(article_id: str) -> str:
    """What tells a story's article apart without naming it; a digest without salt, so that a guess can be confirmed."""
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


def keep_brief(store: Path, code: str, told: dict[str, Any], most: int = MOST_MADE) -> None:
    """Keep what a briefing said (`address` and `said`) under its code; the first snapshot that gave it stays named.

    A file that holds something else is written again. Where there are more than `most`, those that were written first
    go. Raises StoreError where the store cannot be written.
    """
    kept = brief(store, code)
    if _CODE.fullmatch(code) and (kept is None or _but_snapshot(kept) != _but_snapshot(told)):
        _write(store, f"made/{code}.json", json.dumps(told, ensure_ascii=False, sort_keys=True).encode())
        _prune(store / "briefs" / "made", most)


def _prune(folder: Path, most: int) -> None:
    found = [path for path in folder.iterdir() if _CODE.fullmatch(path.name.removesuffix(".json"))]
    if len(found) <= most:
        return
    ages = []
    for path in found:
        # Another process may be pruning, too.
        with contextlib.suppress(OSError):
            ages.append((path.stat().st_mtime_ns, path))
    for _, path in sorted(ages)[: len(ages) - most]:
        with contextlib.suppress(OSError):
            path.unlink()


def _but_snapshot(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "address": {**told["address"], "snapshot": ""}}


def brief(store: Path, code: str) -> dict[str, Any] | None:
    """What the briefing of a code said: `address` and `said`, each a plain dict.

    None where this store made none of that code, or its file holds something else.
    """
    if not _CODE.fullmatch(code):
        return None
    try:
        told = msgspec.json.decode(_made(store, code), type=_Told)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return {"address": told.address, "said": told.said}


def _made(store: Path, code: str) -> bytes:
    try:
        return (store / "briefs" / "made" / f"{code}.json").read_bytes()
    except OSError:
        return b""


def _name(subject: str) -> str:
    return hashlib.sha256(subject.encode()).hexdigest()[:16]


def _write(store: Path, name: str, body: bytes) -> None:
    """Aside first, then in place in one step. Two that write the same name write the same, or the last one wins."""
    path = store / "briefs" / name
    aside = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(8)}")
    try:
        # Each by itself: the mode is not that of parents which are made on the way.
        for folder in (path.parent.parent, path.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        places.put(path, body, aside=aside)
    except OSError as error:
        msg = f"{path.parent} cannot be written ({error.strerror}); make it writable, or name another with --store"
        raise StoreError("build-failed", msg) from error
