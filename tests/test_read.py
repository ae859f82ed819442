"""Reading: bytes of strangers in, records and refusals out, none lost."""

import gzip
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from loading import REGISTRY, span

from etl import mapping, read
from etl.identity import content_sha256
from etl.model import Article, Record, UsageError
from etl.read.nfc import offsets

SHARED = Path(__file__).resolve().parents[2] / "shared"
NEWS = mapping.parse("article_id=id,url=url,publisher=source,headline=title,body=text,published=date")


def line(**fields: Any) -> bytes:
    """A line of rasd-article/1."""
    return json.dumps({"format": "rasd-article/1", "annotations": []} | fields, ensure_ascii=False).encode()


def read_all(path: Path, columns: str | None = None) -> list[Record | read.Refusal]:
    """Everything that a file or folder holds."""
    found = mapping.parse(columns) if columns else None
    return list(read.read(read.survey([path]).sources, found, REGISTRY))


def read_bytes(folder: Path, raw: bytes, name: str = "a.jsonl", columns: str | None = None) -> list[Any]:
    """The articles and reasons that a file with these bytes gives, in order."""
    path = folder / name
    path.write_bytes(raw)
    return [x.articles[0] if isinstance(x, Record) else x.reject.reason for x in read_all(path, columns)]


REFUSED = {
    "not-json": b"{",
    "not-an-object": b"[1]",
    "duplicate-key": b'{"format": "rasd-article/1", "body": "a", "body": "b", "annotations": []}',
    "not-a-number": b'{"format": "rasd-article/1", "body": NaN}',
    "too-deep": b"[" * 200_000,
    "lone-surrogate": rb'{"format": "rasd-article/1", "body": "a\ud800", "annotations": []}',
    "nul": rb'{"format": "rasd-article/1", "body": "a\u0000", "annotations": []}',
    "no-text": line(body=" ", headline=""),
    "wrong-type": line(body=7),
    "missing": b'{"format": "rasd-article/1", "body": "a"}',
    "impossible-date": line(body="a", published="2024-02-30"),
    "too-long": line(body="a", article_id="x" * 201),
    "not-rasd-article": b'{"title": "a"}',
    "encoding-windows-1256": '{"body": "استقبل وزير الداخلية المغربي نظيره"}'.encode("windows-1256"),
    "encoding-iso-8859-6": '{"body": "استقبل وزير الداخلية المغربي نظيره"}'.encode("iso-8859-6"),
    "not-utf-8": b'{"body": "\xff\xfe\xfd"}',
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_bad_line_is_refused_by_name_and_its_neighbours_stand(tmp_path: Path, reason: str) -> None:
    """One bad line between two good ones: two articles, one reason."""
    found = read_bytes(tmp_path, b"\n".join([line(body="أ"), REFUSED[reason], line(body="ب")]))
    assert [x if isinstance(x, str) else x.body for x in found] == ["أ", reason, "ب"]


def test_a_reject_says_where(tmp_path: Path) -> None:
    """A reject has file, line, byte and what was expected; blank lines count as lines, not as records."""
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + line(body="a") + b"\r\n\r\n{}\n")
    first, second = read_all(tmp_path / "a.jsonl")
    assert isinstance(first, Record)
    assert isinstance(second, read.Refusal)
    assert (second.reject.place.line, second.reject.place.byte) == (3, len(line(body="a")) + 7)
    assert "--map" in second.reject.expected


def test_a_line_beyond_the_cap_is_refused_and_the_next_one_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cap is a setting; a giant line is never held whole."""
    monkeypatch.setenv("RASD_MAX_LINE", "1000")
    found = read_bytes(tmp_path, line(body="a" * 3_000_000) + b"\n" + line(body="b"))
    assert found[0] == "line-too-long"
    assert found[1].body == "b"


UTF16 = [
    ("a.jsonl", "utf-16"),
    *((name, f"utf-16-{end}") for name in ("a.jsonl", "a.txt", "a.csv") for end in ("le", "be")),
]


@pytest.mark.parametrize(("name", "encoding"), UTF16)
def test_utf16_is_refused_by_its_name(tmp_path: Path, name: str, encoding: str) -> None:
    """Two bytes a letter, without a mark or in lines of JSON, is never read as something else."""
    raw = "body\nاستقبل وزير الداخلية نظيره\n".encode(encoding)
    assert read_bytes(tmp_path, raw, name, "body=body")[0] == "encoding-utf-16"


def test_unknown_keys_are_dropped_and_named(tmp_path: Path) -> None:
    """A key that the format does not know is no error."""
    (tmp_path / "a.jsonl").write_bytes(line(body="a", mood="good"))
    (record,) = read_all(tmp_path)
    assert isinstance(record, Record)
    assert record.unknown_keys == ["mood"]


def test_a_date_has_a_basis_and_no_date_has_none(tmp_path: Path) -> None:
    """Absent basis: metadata with a date, else unknown; a basis without a date is dropped."""
    dated, undated, said = read_bytes(tmp_path, b"\n".join([
        line(body="a", published="2024-10-03"), line(body="b", published_basis="dateline"),
        line(body="c", published="2024-10-03", published_basis="dateline")]))  # fmt: skip
    assert [a.published_basis for a in (dated, undated, said)] == ["metadata", "unknown", "dateline"]


BODY = "استقبل المغرب وفدا"
ANNOTATIONS = [
    ({"layer": "theme", "theme_id": "migration", **span("المغرب", 7)}, None),
    ({"layer": "theme", "theme_id": "cooking", **span("المغرب", 7)}, "unknown-id"),
    ({"layer": "theme", "theme_id": "migration", **span("المغرب", 8)}, "text-differs"),
    ({"layer": "theme", "theme_id": "migration", **span("المغرب", 70)}, "offset-out-of-range"),
    ({"layer": "theme", "theme_id": "migration", **span("المغرب", 7, field="headline")}, "offset-out-of-range"),
    ({"layer": "theme", "theme_id": "migration", **span("المغرب", 7), "start": "7"}, "wrong-type"),
    ({"layer": "mood", **span("المغرب", 7)}, "wrong-value"),
    ({"layer": "country", "code": "MA", "role": "actor", **span("المغرب", 7)}, None),
    ({"layer": "country", "code": None, "candidates": ["MA", "ES"], "role": "place", **span("المغرب", 7)}, None),
    ({"layer": "country", "code": "ZZ", "role": "actor", **span("المغرب", 7)}, "unknown-id"),
    ({"layer": "pair", "a": "MA", "b": "ES", "direction": "none", "relation": "visit", **span(BODY)}, "pair-order"),
    ({"layer": "pair", "a": "ES", "b": "MA", "direction": "none", "relation": "visit", **span(BODY)}, None),
    ({"layer": "event", "series_id": "euro", "event_id": "afcon-2025", **span(BODY)}, "other-series"),
    ({"layer": "event", "series_id": "euro", "event_id": None, "candidates": ["euro-2028"], **span(BODY)}, None),
    ({"layer": "date", "value_from": "2024-02-31", "value_to": "2024-02-31", "precision": "day", "basis": "absolute",
      "anchor": None, "weekday": None, "weekday_check": "none", **span(BODY)}, "impossible-date"),
    ({"layer": "date", "value_from": "2024-10-02", "value_to": "2024-10-02", "precision": "day", "basis": "absolute",
      "anchor": None, "weekday": 3, "weekday_check": "conflict", **span(BODY)}, "conflict-with-value"),
    (7, "wrong-type"),
]  # fmt: skip


def test_annotations_are_judged_one_by_one(tmp_path: Path) -> None:
    """A wrong annotation is refused with its place and reason; its article and its neighbours stand."""
    (tmp_path / "a.jsonl").write_bytes(line(body=BODY, annotations=[raw for raw, _ in ANNOTATIONS]))
    (record,) = read_all(tmp_path)
    assert isinstance(record, Record)
    wanted = [(n, reason) for n, (_, reason) in enumerate(ANNOTATIONS) if reason]
    assert [(one.position, one.reason) for one in record.refused] == wanted
    assert len(record.articles[0].annotations) == len(ANNOTATIONS) - len(wanted)


def test_text_becomes_nfc_and_its_offsets_move_along(tmp_path: Path) -> None:
    """Alef and a combining madda become one letter; a span after them still marks its words."""
    raw = "ا\u0653ب ا\u0653ت المغرب"
    note = {"layer": "theme", "theme_id": "migration", **span("المغرب", 8)}
    (found,) = read_bytes(tmp_path, line(body=raw, annotations=[note]))
    (moved,) = found.annotations
    assert found.body == "آب آت المغرب"
    assert found.body[moved.start : moved.end] == moved.text == "المغرب"


@pytest.mark.parametrize("text", ["e\u0301a", "\u1112\u1161\u11ab글", "بُّ ك", "\u0653ا", "a\u0323\u0307b", ""])
def test_offsets_of_every_boundary_are_those_of_the_prefix(text: str) -> None:
    """At the boundaries that NFC keeps, an offset is the length of the normalised beginning."""
    moved = offsets(text)
    for before, after in zip(moved.before, moved.after, strict=True):
        assert after == len(unicodedata.normalize("NFC", text[:before]))


def test_gzip_is_read_as_it_streams(tmp_path: Path) -> None:
    """A whole file gives its lines; a torn one gives those before the tear and one refusal."""
    packed = gzip.compress(b"\n".join(line(body=f"خبر {n}" * 50) for n in range(100)))
    assert len(read_bytes(tmp_path, packed, "a.jsonl.gz")) == 100
    torn = read_bytes(tmp_path, packed[:-200], "b.jsonl.gz")
    assert torn[-1] == "gzip-damaged"
    assert read_bytes(tmp_path, b"no gzip", "c.jsonl.gz") == ["gzip-damaged"]


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    """What explodes is refused in seconds, as one line or as many."""
    for n, bomb in enumerate((b"a" * (200 << 20), b"\n" * (200 << 20))):
        assert read_bytes(tmp_path, gzip.compress(bomb, 1), f"{n}.jsonl.gz") == ["gzip-bomb"]


def test_rows_keep_their_text_unchanged(tmp_path: Path) -> None:
    """Quotes, line breaks in a cell, leading zeros and formulas arrive as they are; bad rows are refused."""
    raw = '\ufeffid,text\r\n007,"سطر\r\nآخر ""قال"""\r\n\r\n8\r\n9,=1+1\r\n10,"a"b\r\n11,z\r\n'.encode()
    found = read_bytes(tmp_path, raw, "a.csv", "article_id=id,body=text")
    assert [x if isinstance(x, str) else (x.article_id, x.body) for x in found] == [
        ("007", 'سطر\nآخر "قال"'), "wrong-columns", ("9", "=1+1"), "bad-csv", ("11", "z")]  # fmt: skip


def test_rows_need_a_map_and_its_columns(tmp_path: Path) -> None:
    """Without --map, or with a column that the header lacks, each row says so."""
    assert read_bytes(tmp_path, b"a\tb\n1\t2\n", "a.tsv") == ["no-map"]
    assert read_bytes(tmp_path, b"a\tb\n1\t2\n", "a.tsv", "body=c") == ["no-such-column"]


def test_numbers_of_json_stay_as_written(tmp_path: Path) -> None:
    """1.50 is no 1.5 once it is a text, and a number of any length refuses no row."""
    (found,) = read_bytes(tmp_path, b'{"id": 1.50, "n": %s, "t": "x"}' % (b"9" * 5_000), columns="article_id=id,body=t")
    assert found.article_id == "1.50"


def test_a_folder_is_walked_in_order_and_the_rest_listed(tmp_path: Path) -> None:
    """Hidden files and unknown suffixes are no records; named by their path, they are refused records."""
    for name in ("b.txt", "a.jsonl", ".hidden.jsonl", "c.pdf", "d\n.jsonl"):
        (tmp_path / name).write_bytes(b"")
    found = read.survey([tmp_path])
    assert [source.path.name for source in found.sources] == ["a.jsonl", "b.txt", "d\n.jsonl"]
    assert [file.reason for file in found.skipped] == ["hidden", "unknown-format"]
    assert "\n" not in "".join(source.name for source in found.sources)
    assert read_bytes(tmp_path, b"x", "c.pdf") == ["unknown-format"]
    with pytest.raises(UsageError):
        read.survey([tmp_path / "missing"])


def test_ids_are_the_same_on_every_machine(tmp_path: Path) -> None:
    """An article without an id gets it from its address, else from its words; fetching again changes no content."""
    raw = [
        line(url="http://a/1", body="a"),
        line(url="http://a/1", body="b"),
        line(body="a", fetched="2024-01-01T00:00:00Z"),
        line(body="a"),
    ]
    first, second, third, fourth = read_bytes(tmp_path, b"\n".join(raw))
    assert first.article_id == second.article_id != third.article_id == fourth.article_id
    assert content_sha256(third) == content_sha256(fourth) != content_sha256(first)
    assert Article(body="a").format == "rasd-article/1"


def test_the_real_corpus_is_accounted_for() -> None:
    """Every line of the news corpus is a record; each of the five date shapes is read for a named id."""
    if not SHARED.is_dir():
        pytest.skip("../shared is missing: the real corpus is not shipped")
    found = list(read.read(read.survey([SHARED / "corpus" / "news"]).sources, NEWS, REGISTRY))
    dates = {x.articles[0].article_id: x.articles[0].published for x in found if isinstance(x, Record)}
    assert len(found) == 16_542
    assert dates["culture/JA-culture-1-20170120.txt"] == "2017-01-20T21:43:00+01:00"
    assert dates["Alarabia/culture/AL-culture-101-20180227.txt"] == "2018-02-27T05:48:34+04:00"
    assert dates["SkyNews/economy/SK-economy-1003-20180718.txt"] == "2018-07-18T14:34:54+00:00"
    assert "2017-01-22" in dates.values()
    assert "2015-05-17" in dates.values()
