"""What tests of labelled documents share: a table of labels, and what is kept of a document, in words.

Hostile files are read in a process of their own, whose computing and memory are counted. It is forked, where there is
fork, from one that has imported all that reading needs: a hundred small files pay for one start.
"""

import multiprocessing
import os
import re
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from etl import mapping, read
from etl.labels import of_tables
from etl.model import Record
from etl.registry import load

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SECONDS = 20
"""Of computing, that no hostile file of a test may take; the slowest takes a few."""

MEMORY = 500 << 20
"""Bytes that the process may have at most; without any file it has a fifth of it."""

_FORKS = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
_FORKS.set_forkserver_preload(["pytest", "tests.hostile"])

REGISTRY = load()
LABELS = of_tables({"label": {"GPE": {"layer": "country"}, "ORG": {"layer": "organisation"}},
                    "relation": {"meets": {"layer": "pair", "relation": "meeting"}}}, "")  # fmt: skip


def calmly(path: Path, columns: str = "") -> list[Any]:
    """What a hostile file gives: a reason, or the reasons of refused annotations with their counts; within bounds."""
    found, seconds, memory = counted(path, columns)
    assert seconds < SECONDS
    assert memory < MEMORY
    return found


def counted(path: Path, columns: str = "") -> tuple[list[Any], float, int]:
    """What a file gives to a process of its own, and the seconds of computing and the bytes that it took."""
    with ProcessPoolExecutor(1, mp_context=_FORKS) as alone:
        return alone.submit(_read, path, columns).result()


def told(record: Record) -> list[str]:
    """What the annotations say, each in a word or two, then the reasons of those refused."""
    rows: list[Any] = record.articles[0].annotations
    said = [f"{row.a}-{row.b} {row.relation} {row.direction}" if hasattr(row, "a") else row.text for row in rows]
    return said + [one.reason for one in record.refused]


def _peak() -> int:
    """The most memory that this process has had; the system's own count begins with that of its parent."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _said(one: Record | read.Refusal) -> str | dict[str, int]:
    if not isinstance(one, Record):
        return one.reject.reason
    reasons = [refused.reason for refused in one.refused]
    kept = {"kept": len(one.articles[0].annotations) if one.articles else 0}
    return kept | {reason: reasons.count(reason) for reason in sorted(set(reasons))}


def _read(path: Path, columns: str) -> tuple[list[Any], float, int]:
    sources = read.survey([path]).sources
    found = read.read(sources, mapping.parse(columns) if columns else None, REGISTRY, LABELS)
    said = [_said(one) for one in found]
    return said, time.process_time(), _peak()
