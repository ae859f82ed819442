"""Hostile input through a whole load: each file refused or read by rule, in seconds, under 500 MB, nothing said aloud.

What a reader does with each fault stands in tests/test_read.py and its neighbours; here it is the report, the log,
the memory and the sum that are looked at.
"""

import gzip
import json
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.trust import faults
from tests.trust.faults import Ran, Warm

_MEMORY = 500
"""MB that a process of a load may have at most."""

_TIMES = 20
"""How many times the processor time of an ordinary small load a hostile file may take: some seconds."""

MARKER = "سريللغاية"
"""A word of every hostile record that nobody may read in a report or a log."""

_CAP = 4 << 20
"""Bytes of the longest line that is read."""


def line(**fields: Any) -> bytes:
    """A line of rasd-article/1."""
    return json.dumps({"format": "rasd-article/1", "annotations": []} | fields, ensure_ascii=False).encode() + b"\n"


def good(name: str) -> bytes:
    """A line that is to be read whatever stands beside it."""
    return line(article_id=name, body=f"خبر {name}")


def longest(before: bytes, repeated: bytes, after: bytes) -> bytes:
    """A line just under the cap."""
    return before + repeated * ((_CAP - len(before) - len(after) - 1) // len(repeated)) + after + b"\n"


def _head(key: str) -> bytes:
    return b'{"format": "rasd-article/1", "article_id": "x", "body": "' + MARKER.encode() + b'", ' + key.encode()


def _giant(path: Path) -> None:
    """A line of a gigabyte, most of it a hole that takes no room."""
    with path.open("wb") as file:
        file.write(good("a"))
        file.seek(1 << 30)
        file.write(b"\n" + good("b"))


def _endless_row(path: Path) -> None:
    """One row of many cells, none of them too long, each over two lines."""
    with path.open("wb") as file:
        file.write(b"body\nfirst\n")
        for _ in range(150):
            file.write(b'"' + b"x" * (1 << 20) + b'\n",')
        file.write(b"x\n")


def content(*parts: bytes) -> Callable[[Path], None]:
    """Writes these bytes, packed where the name says so."""

    def write(path: Path) -> None:
        raw = b"".join(parts)
        path.write_bytes(gzip.compress(raw, 1) if path.suffix == ".gz" else raw)

    return write


_MARKS = "\u0651\u064b".encode()
BOMBS: dict[str, tuple[str, Callable[[Path], None], dict[str, int], int]] = {
    "gzip of one line": ("a.jsonl.gz", content(b"a" * (200 << 20)), {"gzip-bomb": 1}, 0),
    "gzip of empty lines": ("a.jsonl.gz", content(b"\n" * (200 << 20)), {"gzip-bomb": 1}, 0),
    "objects in objects": ("a.jsonl", content(b'{"a":' * 200_000, b"\n", good("b")), {"too-deep": 1}, 1),
    "deep in a known key": ("a.jsonl", content(_head('"keywords": '), b"[" * 200_000, b"\n"), {"too-deep": 1}, 0),
    "a line of a gigabyte": ("a.jsonl", _giant, {"line-too-long": 1}, 2),
    "a million empty lines": ("a.jsonl", content(good("a"), b"\n" * 1_000_000, good("b")), {}, 2),
    "a million lines of spaces": ("a.jsonl", content(good("a"), b" \n" * 1_000_000, good("b")), {}, 2),
    "a duplicate behind many keys": ("a.jsonl", content(
        b"{" + b",".join(b'"%d":1' % n for n in range(300_000)) + b',"x":1,"x":2}\n', good("b")),
        {"duplicate-key": 1}, 1),
    "many annotations": ("a.jsonl", content(longest(_head('"annotations": ['), b"7,", b"7]}"), good("b")),
                         {"too-many": 1}, 1),
    "many keywords": ("a.jsonl", content(
        longest(_head('"annotations": [], "keywords": ['), b'"",', b'""]}'), good("b")), {"too-many": 1}, 1),
    "marks upon marks": ("a.jsonl", content(
        longest(b'{"format": "rasd-article/1", "annotations": [], "body": "a', _MARKS, b'"}'), good("b")),
        {"too-many-marks": 1}, 1),
    "a row without end": ("a.csv", _endless_row, {"row-too-long": 1, "bad-csv": 147}, 1),
}  # fmt: skip


@pytest.fixture(scope="module")
def ordinary(warm: Warm, more: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """Return the processor time of a load of ten articles."""
    return faults.run(warm, "load", more, "--store", tmp_path_factory.mktemp("ordinary") / "store").seconds


def loaded(warm: Warm, path: Path, *words: object) -> tuple[Ran, dict[str, Any]]:
    """A load of a path into a store beside it, with its log, and the object that it printed last."""
    where = ["--store", path.parent.parent / "store", "--json"]
    ran = faults.run(warm, "load", path, *words, *where, env={"RASD_LOG": "DEBUG"}, alone=True)
    assert ran.out, ran.err
    return ran, json.loads(ran.out.splitlines()[-1])


def reasons(ran: Ran) -> dict[str, int]:
    """How often each reason stands in the report."""
    row = re.search(r"^rejected +(.*)$", ran.err, re.MULTILINE)
    return {reason: int(n) for reason, n in re.findall(r"(\S+) (\d+)", row[1])} if row else {}


def silent(ran: Ran) -> None:
    """Neither report nor log holds text of a record, a control character or a hidden one."""
    said = ran.out + ran.err
    assert MARKER not in said
    assert not {unicodedata.category(c) for c in said.replace("\n", "")} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@pytest.mark.skipif(sys.platform != "linux", reason="memory and cores are measured as Linux tells them")
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_by_rule_and_its_neighbours_stand(
    warm: Warm, tmp_path: Path, ordinary: float, bomb: str
) -> None:
    """Whatever explodes is refused in seconds of computing, under 500 MB, and the sum is true."""
    name, write, wanted, accepted = BOMBS[bomb]
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / name
    write(path)
    ran, told = loaded(warm, path, "--map", "body=body") if name.endswith("csv") else loaded(warm, path)
    path.unlink()
    print(f"{bomb}: {ran.megabytes:.0f} MB, {ran.seconds:.1f} s of computing")
    assert reasons(ran) == wanted
    assert (told["accepted"], told["read"]) == (accepted, accepted + sum(wanted.values()))
    assert ran.code == (0 if accepted else 1)
    assert ran.megabytes < _MEMORY
    assert ran.seconds < _TIMES * ordinary
    silent(ran)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux tells it")
def test_hundreds_of_megabytes_of_refused_lines_are_kept_in_their_order(warm: Warm, tmp_path: Path) -> None:
    """`--rejects` writes every refused byte as it stood, line after line, without holding them all."""
    (tmp_path / "in").mkdir()
    path, out, number = tmp_path / "in" / "a.jsonl", tmp_path / "rejects.jsonl", 300
    with path.open("wb") as file:
        file.writelines(b'{"broken %d": "%s"x}\n' % (n, b"word " * 200_000) for n in range(number))
        file.write(good("a"))
    ran, told = loaded(warm, path, "--rejects", out)
    print(f"{ran.megabytes:.0f} MB")
    assert (told["rejected"], told["accepted"]) == (number, 1)
    assert ran.megabytes < _MEMORY
    with path.open("rb") as given, out.open("rb") as kept:
        for n, (was, row) in enumerate(zip(given, kept, strict=False), 1):
            found = json.loads(row)
            assert (found["place"]["line"], found["record"] == was.decode().rstrip("\n")) == (n, True)
    assert n == number
