"""Zip archives: their files are read like those of a folder, and what would harm the reader is refused by name."""

import io
import os
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hostile import calmly
from test_read import line, read_all
from test_webanno import NER, sentence

from etl import read
from etl.model import Record, UsageError


def packed(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    """An archive of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members:
            archive.writestr(name, raw)
    return path


def said(path: Path, columns: str | None = None) -> list[Any]:
    """The body of each record, its page's text, or the reason of its refusal; then what was skipped and why."""
    skipped = [(Path(one.file).name, one.reason) for one in read.survey([path]).skipped]
    return [_said(one) for one in read_all(path, columns)] + skipped


def _said(one: Record | read.Refusal) -> str | None:
    if isinstance(one, Record):
        return one.page.text if one.page else one.articles[0].body
    return one.reject.reason


def test_members_are_read_like_files_of_a_folder(tmp_path: Path) -> None:
    """Each by its own form and under its own name; what a folder would skip is skipped with the same reason."""
    path = packed(tmp_path / "a.zip", ("news/a.jsonl", line(body="أ") + b"\n{}\n"), ("b.csv", "t\nب\n".encode()),
                  ("p.txt", "صفحة".encode()), ("c.pdf", b"x"), ("d.ann", b""), ("news/", b""),
                  (".x/a.txt", b"x"), ("__MACOSX/._a.txt", b"x"))  # fmt: skip
    skipped = [("c.pdf", "unknown-format"), ("a.txt", "hidden"), ("._a.txt", "hidden")]
    assert said(path, "body=t") == ["أ", "no-text", "ب", "صفحة", "no-text-beside", *skipped]
    (first, *_) = read_all(path, "body=t")
    assert isinstance(first, Record)
    assert first.place.file == f"{path}!/news/a.jsonl"
    assert said(tmp_path, "body=t") == said(path, "body=t")


def test_a_saved_text_finds_its_annotations_in_the_archive(tmp_path: Path) -> None:
    """A brat document is one whether its two files lie in a folder or in an archive."""
    path = packed(tmp_path / "a.zip", ("x/a.txt", "زار وفد المغرب".encode()),
                  ("x/a.ann", "T1\tcountry:MA:actor 8 14\tالمغرب\n".encode()), ("a.txt", b"page"))  # fmt: skip
    (document, page) = read_all(path)
    assert isinstance(document, Record)
    assert [row.text for row in document.articles[0].annotations] == ["المغرب"]
    assert isinstance(page, Record)
    assert page.page
    assert [one.reason for one in read.survey([path]).skipped] == ["read-with-its-text"]


def test_names_lead_nowhere_and_print_as_one_line(tmp_path: Path) -> None:
    """Nothing is unpacked, so a name that climbs out of its folder is only a name."""
    path = packed(tmp_path / "a.zip", ("../../out.txt", b"up"), ("/etc/out.txt", b"root"), ("a\nb\u202e.txt", b"line"))
    sources = read.survey([path]).sources
    assert said(path) == ["up", "root", "line"]
    assert all("\n" not in source.name and "\u202e" not in source.name for source in sources)
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == ["a.zip"]


def encrypted() -> bytes:
    """An archive whose one member says that it needs a password."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", b"secret")
    raw = bytearray(made.getvalue())
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        raw[raw.index(mark) + offset] |= 1
    return bytes(raw)


def with_method(number: int) -> bytes:
    """An archive whose member is packed in a way that can grow without bound."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", number) as archive:
        archive.writestr("a.txt", b"\0" * (1 << 20))
    return made.getvalue()


def torn() -> bytes:
    """An archive with a byte of its member changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "نص الصفحة")
    return made.getvalue().replace("الصفحة".encode(), "الصحيفة".encode()[:12])


def nameless() -> bytes:
    """An archive whose one member has lost its name, which is then no file of any form."""
    raw = bytearray(torn())
    at = raw.index(b"PK\1\2")
    raw[at + 28], raw[at + 32] = 0, raw[at + 28]  # its name becomes its comment
    return bytes(raw)


REFUSED = {
    "no zip": (b"no zip at all", "zip-damaged"),
    "nothing": (b"", "zip-damaged"),
    "cut": (torn()[:-30], "zip-damaged"),
    "torn": (torn(), "zip-damaged"),
    "a directory that lies": (torn()[:-16] + b"\xff" * 12 + torn()[-4:], "zip-damaged"),
    "a password": (encrypted(), "zip-encrypted"),
    "bzip2": (with_method(zipfile.ZIP_BZIP2), "zip-method"),
    "lzma": (with_method(zipfile.ZIP_LZMA), "zip-method"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    """One refusal under the name of the member, or of the archive where it gives no members."""
    raw, reason = REFUSED[kind]
    (tmp_path / "a.zip").write_bytes(raw)
    assert calmly(tmp_path / "a.zip") == [reason]
    assert calmly(tmp_path) == [reason]


def test_an_archive_in_an_archive_is_refused_and_its_neighbours_stand(tmp_path: Path) -> None:
    """What is packed twice is named, never opened."""
    names = ("b.zip", "b.jsonl.gz", "b.TAR", "b.7z")
    inner = packed(tmp_path / "b.zip", ("x.txt", b"x")).read_bytes()
    path = packed(tmp_path / "a.zip", *((name, inner) for name in names), ("c.txt", b"c"))
    assert said(path) == [*["nested-archive"] * 4, "c"]


def test_a_project_of_inception_says_what_to_unpack(tmp_path: Path) -> None:
    """No bare source is loaded in place of a labelled document; once unpacked, what the reason names can be read."""
    text = sentence(["زار", "وفد", "المغرب"], {3: "country:MA:actor\t*"}, columns=2)
    labelled = "\n".join(["#FORMAT=WebAnno TSV 3.3", NER, "", "", *text, ""]).encode()
    decided = packed(tmp_path / "inner.zip", ("a.tsv", labelled)).read_bytes()
    bare = packed(tmp_path / "inner.zip", ("a.txt", b"bare")).read_bytes()
    project = packed(
        tmp_path / "project.zip", ("exportedproject.json", b'{"name": "x"}'), ("source/a.txt", b"bare"),
        ("annotation/a.txt/INITIAL_CAS.zip", bare), ("annotation/a.txt/sara.zip", decided),
        ("curation/a.txt/CURATION_USER.zip", decided))  # fmt: skip
    (refused,) = read_all(project)
    assert isinstance(refused, read.Refusal)
    assert (refused.reject.reason, refused.reject.place.file) == ("inception-project", str(project))
    assert "unpack" in refused.reject.expected
    with zipfile.ZipFile(project) as archive:
        archive.extractall(tmp_path / "project")
    for way in ("curation", "annotation/a.txt/sara.zip"):
        assert way.partition("/")[0] in refused.reject.expected
        (record,) = read_all(tmp_path / "project" / way)
        assert isinstance(record, Record)
        assert [row.text for row in record.articles[0].annotations] == ["المغرب"]


def test_a_bomb_is_refused_and_its_neighbours_stand(tmp_path: Path) -> None:
    """A member that grows a thousandfold is refused before a byte of it is unpacked."""
    path = packed(tmp_path / "a.zip", ("bomb.jsonl", b"\n" * (200 << 20)), ("bomb.txt", b"a" * (200 << 20)),
                  ("c.txt", b"c"))  # fmt: skip
    assert calmly(path) == ["zip-bomb", "zip-bomb", {"kept": 0}]


def test_many_small_bombs_are_one(tmp_path: Path) -> None:
    """Members that each stay under the floor are refused together where they share what they unpack."""
    path = packed(tmp_path / "a.zip", ("0.txt", b"a" * (30 << 20)))
    raw = path.read_bytes()
    at, end = raw.index(b"PK\1\2"), raw.index(b"PK\5\6")
    entry = raw[at:end]
    entries = b"".join(entry for _ in range(200))
    tail = raw[end : end + 8] + struct.pack("<HHLL", 200, 200, len(entries), at) + raw[end + 20 :]
    path.write_bytes(raw[:at] + entries + tail)
    assert calmly(path) == ["zip-bomb"]


def test_a_member_gives_no_more_than_it_says(tmp_path: Path) -> None:
    """An archive that understates what a member holds gives a refusal, not the rest."""
    path = packed(tmp_path / "a.zip", ("a.jsonl", b"\n" * (300 << 20)))
    raw = bytearray(path.read_bytes())
    struct.pack_into("<L", raw, raw.index(b"PK\1\2") + 24, 1000)
    struct.pack_into("<L", raw, 22, 1000)
    path.write_bytes(bytes(raw))
    assert calmly(path) == ["zip-damaged"]


def test_members_are_counted_before_they_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cap is a setting; a directory of a million entries is refused without making a million objects."""
    path = packed(tmp_path / "a.zip", *((f"{n}.txt", b"x") for n in range(4)))
    monkeypatch.setenv("RASD_MAX_MEMBERS", "3")
    assert said(path) == ["zip-members"]
    monkeypatch.setenv("RASD_MAX_MEMBERS", "4")
    assert said(path) == ["x"] * 4
    monkeypatch.delenv("RASD_MAX_MEMBERS")
    raw = packed(tmp_path / "b.zip", ("0.txt", b"x")).read_bytes()
    at, end = raw.index(b"PK\1\2"), raw.index(b"PK\5\6")
    entries = raw[at:end] * 900_000
    tail = raw[end : end + 8] + struct.pack("<HHLL", 65_535, 65_535, len(entries), at) + raw[end + 20 :]
    (tmp_path / "b.zip").write_bytes(raw[:at] + entries + tail)
    assert calmly(tmp_path / "b.zip") == ["zip-members"]


def test_the_sizes_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever knows an archive to be honest lets it through; a wrong value is named."""
    path = packed(tmp_path / "a.zip", ("a.txt", b" " * (3 << 20) + b"a"), ("b.txt", os.urandom(9).hex().encode()))
    assert len(said(path)) == 2
    monkeypatch.setenv("RASD_MAX_UNPACKED", "1000000")
    assert said(path)[0] == "zip-bomb"
    monkeypatch.setenv("RASD_MAX_UNPACKED", "many")
    with pytest.raises(UsageError, match="RASD_MAX_UNPACKED"):
        said(path)


def test_a_member_without_a_name_and_a_folder_with_one(tmp_path: Path) -> None:
    """Neither the one nor a folder that is called like an archive is taken for what it is not."""
    (tmp_path / "a.zip").write_bytes(nameless())
    assert said(tmp_path / "a.zip") == [("a.zip!", "unknown-format")]
    (tmp_path / "b.zip").mkdir()
    assert said(tmp_path / "b.zip") == []
