"""A folder as strangers leave it: links, pipes, devices, odd names and encodings; each by rule, none of it aloud."""

import json
import os
import socket
import stat
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from etl import store
from tests.trust import faults
from tests.trust.faults import Ran, Warm
from tests.trust.test_hostile_load import MARKER, good, line, silent

_BAD = f'{{"format": "rasd-article/1", "annotations": [], "body": "{MARKER} \u202e\x1b[31m'
_LETTERS = f"استقبل وزير الداخلية المغربي نظيره الإسباني في الرباط {MARKER}\n" * 20
REFUSED = {
    "nan.jsonl": (line(body=MARKER)[:-2] + b', "x": NaN}', "not-a-number"),
    "nul.jsonl": (line(body=MARKER + "\0"), "nul"),
    "surrogate.jsonl": (_BAD[:-6].encode() + rb'\ud800"}', "lone-surrogate"),
    "twice.jsonl": (line(body=MARKER)[:-2] + b', "body": "b"}', "duplicate-key"),
    "date.jsonl": (line(body=MARKER, published="2024-02-30"), "impossible-date"),
    "torn.jsonl": (_BAD.encode(), "not-json"),
    "bytes.jsonl": (b'{"body": "\xff\xfe' + MARKER.encode() + b'"}', "not-utf-8"),
    "cairo.jsonl": (_LETTERS.encode("windows-1256").replace(b"\n", b" "), "encoding-windows-1256"),
    "rabat.jsonl": (_LETTERS.encode("iso-8859-6").replace(b"\n", b" "), "encoding-iso-8859-6"),
    "wide.jsonl": (_LETTERS.encode("utf-16").replace(b"\n\0", b" \0"), "encoding-utf-16"),
    "mixed.txt": (_LETTERS.encode() + _LETTERS.encode("windows-1256"), "not-utf-8"),
    "nul.txt": (f"{MARKER}\0\n".encode(), "nul"),
    "not.jsonl.gz": (MARKER.encode(), "gzip-damaged"),
}
ODD_NAMES = ("line\nbreak.jsonl", "\x1b[31mred.jsonl", "abc\u202elnosj.jsonl", "tab\t\r.jsonl", "\udcff.jsonl")


@contextmanager
def listening(path: Path) -> Generator[None]:
    """A socket that has a name."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        yield


def left_by_strangers(folder: Path) -> dict[str, str]:
    """Fill a folder with what is no file of its own; the reasons for which each is to be skipped."""
    os.mkfifo(folder / "pipe.jsonl")
    (folder / "out.jsonl").symlink_to("/etc/passwd")
    (folder / "endless.jsonl").symlink_to("/dev/zero")
    (folder / "nowhere.jsonl").symlink_to(folder / "missing")
    (folder / "loop.jsonl").symlink_to(folder / "loop.jsonl")
    (folder / "folders").symlink_to("/etc", target_is_directory=True)
    (folder / "again").symlink_to(folder, target_is_directory=True)
    with suppress(PermissionError):
        os.mknod(folder / "device.jsonl", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    return {
        "pipe.jsonl": "no-regular-file",
        "loop.jsonl": "no-regular-file",
        "nowhere.jsonl": "no-regular-file",
        "out.jsonl": "link-leads-out",
        "endless.jsonl": "link-leads-out",
        "folders": "link-to-folder",
        "again": "link-to-folder",
    } | ({"device.jsonl": "no-regular-file"} if (folder / "device.jsonl").exists() else {})


@pytest.mark.skipif(sys.platform != "linux", reason="pipes, devices and names of any bytes are Linux's")
def test_a_folder_of_strangers_is_read_by_rule(warm: Warm, tmp_path: Path) -> None:
    """Each file read, refused by name or skipped by reason; the sum true by file; nothing followed, nothing awaited."""
    folder = tmp_path / "in"
    folder.mkdir()
    skipped = left_by_strangers(folder)
    for name, (raw, _) in REFUSED.items():
        (folder / name).write_bytes(raw)
    for n, name in enumerate(ODD_NAMES):
        (folder / name).write_bytes(good(f"odd {n}"))
    with listening(folder / "door.jsonl"):
        ran = load(warm, folder, tmp_path)
    assert ran.out, ran.err
    told = json.loads(ran.out)
    assert (told["accepted"], told["rejected"]) == (len(ODD_NAMES), len(REFUSED)), ran.err
    assert {name.rpartition("/")[2]: reason for name, reason in rejects(tmp_path)} == {
        name: reason for name, (_, reason) in REFUSED.items()}  # fmt: skip
    for name, reason in skipped.items():
        assert f"/{name}: {reason}" in ran.err
    silent(ran)


def load(warm: Warm, path: Path, tmp_path: Path) -> Ran:
    """A load with everything said that can be said."""
    where = ["--store", tmp_path / "store", "--rejects", tmp_path / "rejects.jsonl", "--json"]
    return faults.run(warm, "load", path, *where, env={"RASD_LOG": "DEBUG"}, alone=True)


def rejects(tmp_path: Path) -> list[tuple[str, str]]:
    """File and reason of each refused record, as the store has them; the sums by file are true there."""
    with closing(store.open_snapshot(tmp_path / "store", store.current(tmp_path / "store") or "")) as connection:
        sums = "SELECT count(*) FROM load_file WHERE n_read != n_accepted + n_rejected + n_duplicate"
        assert connection.execute(sums).fetchall() == [(0,)]
        return connection.execute("SELECT file, reason FROM reject ORDER BY ALL").fetchall()


@pytest.mark.skipif(sys.platform != "linux", reason="pipes and devices are Linux's")
def test_what_is_named_and_is_no_file_is_refused_without_waiting(warm: Warm, tmp_path: Path) -> None:
    """A pipe without a writer and a device without an end, named by their paths: refused, not read."""
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "endless.jsonl").symlink_to("/dev/zero")
    for name in ("pipe.jsonl", "endless.jsonl"):
        ran = load(warm, tmp_path / name, tmp_path)
        assert (ran.code, json.loads(ran.out)["rejected"]) == (1, 1), ran
        assert "no-regular-file" in ran.err


def test_refused_bytes_are_kept_in_escapes_alone(warm: Warm, tmp_path: Path) -> None:
    """The file of refused records is plain ASCII, a line each, whatever they held."""
    (tmp_path / "in").mkdir()
    for name, (raw, _) in REFUSED.items():
        (tmp_path / "in" / name).write_bytes(raw)
    load(warm, tmp_path / "in", tmp_path)
    rows = (tmp_path / "rejects.jsonl").read_text("ascii").splitlines()
    assert len(rows) == len(REFUSED)
    assert all(row.isprintable() for row in rows)
