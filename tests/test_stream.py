"""JSON cut into its records: arrays and objects one after another, each record decoded on its own."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from loading import REGISTRY

from etl import mapping, read
from etl.model import Record
from etl.read import stream
from etl.read.stream import array, keys, objects

ONE = {"format": "rasd-article/1", "body": 'أ ] } , \\ " [', "annotations": []}


def read_bytes(folder: Path, raw: bytes, name: str = "a.json", columns: str | None = None) -> list[Any]:
    """The bodies and reasons that a file with these bytes gives, in order."""
    path = folder / name
    path.write_bytes(raw)
    found = read.read(read.survey([path]).sources, mapping.parse(columns) if columns else None, REGISTRY)
    return [one.articles[0].body if isinstance(one, Record) else one.reject.reason for one in found]


def text(*bodies: str, **more: Any) -> bytes:
    """An array of articles."""
    return json.dumps([ONE | {"body": body} | more for body in bodies], ensure_ascii=False).encode()


ARRAYS = [
    (text("أ", "ب"), ["أ", "ب"]),
    (b"\xef\xbb\xbf \n" + text("أ"), ["أ"]),
    (b"[]", []),
    (b" [ ] ", []),
    (b'{"count": 2, "articles": ' + text("أ", "ب") + b', "next": null}', ["أ", "ب"]),
    (b'\xef\xbb\xbf { "articles":[]}', []),
    (json.dumps(ONE).encode(), [ONE["body"]]),
    (json.dumps([ONE], indent=4).encode(), [ONE["body"]]),
    (text("أ")[:-1] + b', 7, "x", {"a": 1, "a": 2}, {"body": NaN}]',
     ["أ", "not-an-object", "not-an-object", "duplicate-key", "not-a-number"]),
    (text("أ")[:-1] + b",," + text("ب")[1:], ["أ", "not-json"]),
    (text("أ", "ب")[:-9], ["أ", "not-json"]),
    (text("أ") + b"[]", ["أ", "not-json"]),
    (b'{"articles": ' + text("أ"), ["أ", "not-json"]),
    (text("أ")[:-1] + b"}" + b"," + text("ب")[1:], ["not-json"]),
    (b"[" * 200_000, ["not-json"]),
    (b"", ["not-json"]),
    (b"\x00", ["nul"]),
    (text("أ").decode().encode("utf-16"), ["encoding-utf-16"]),
    (text("استقبل وزير الداخلية المغربي نظيره").decode().encode("windows-1256"), ["encoding-windows-1256"]),
    (rb'[{"format": "rasd-article/1", "body": "a\ud800", "annotations": []}]', ["lone-surrogate"]),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "wanted"), ARRAYS, ids=range(len(ARRAYS)))
def test_an_array_gives_its_records_and_names_what_is_wrong(tmp_path: Path, raw: bytes, wanted: list[str]) -> None:
    """Each element is an article or a refusal; what breaks the array is one refusal, and those before it stand."""
    assert read_bytes(tmp_path, raw) == wanted


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_where_the_chunks_end_does_not_matter(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Strings, backslashes and brackets on the edge of a chunk are read as elsewhere."""
    monkeypatch.setattr(stream, "_CHUNK", size)
    values = [ONE, {"a": ["\\", '"', "\\\\", {"b": "]"}]}, [], "x,y", 12]
    raw = json.dumps(values, ensure_ascii=False).encode()
    found = list(array(io.BufferedReader(io.BytesIO(raw)), 1 << 20, 1 << 30))
    assert [json.loads(piece.raw) for piece in found] == values
    assert [raw[piece.byte : piece.byte + len(piece.raw)] for piece in found] == [piece.raw for piece in found]
    assert [piece.number for piece in found] == [1, 2, 3, 4, 5]


def test_a_record_says_its_index_and_its_place(tmp_path: Path) -> None:
    """An element of an array is numbered like a line, and its byte is where it begins."""
    (tmp_path / "a.json").write_bytes(b"[ " + text("أ")[1:-1] + b" ,\n {}]")
    *_, second = read.read(read.survey([tmp_path / "a.json"]).sources, None, REGISTRY)
    assert isinstance(second, read.Refusal)
    assert (second.reject.place.line, second.raw) == (2, b"{}")
    assert (tmp_path / "a.json").read_bytes()[second.reject.place.byte :] == b"{}]"


def test_a_giant_record_is_run_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record beyond the cap is refused with the digest of all of it, and the next one is read."""
    monkeypatch.setenv("RASD_MAX_LINE", "1000")
    assert read_bytes(tmp_path, text("a" * 300_000, "ب")) == ["record-too-long", "ب"]
    assert read_bytes(tmp_path, text("a" * 300_000)[1:-1]) == ["record-too-long"]
    spread = json.dumps({"text": "a" * 3000, "label": ["x"]}, indent=1).encode()
    short = json.dumps({"text": "ب", "label": ["x"]}, indent=1).encode()
    assert read_bytes(tmp_path, spread + b"\n" + short, "a.jsonl") == ["record-too-long", "ب"]


def test_a_bomb_or_a_torn_file_ends_with_one_refusal(tmp_path: Path) -> None:
    """Packed arrays are read as they stream; what explodes or breaks off is named."""
    assert read_bytes(tmp_path, gzip.compress(text("أ")), "a.json.gz") == ["أ"]
    assert read_bytes(tmp_path, gzip.compress(b"[" + b" " * (200 << 20), 1), "b.json.gz") == ["gzip-bomb"]
    many = gzip.compress(text(*(f"خبر {n} " + "نص " * 400 for n in range(2_000))))
    assert read_bytes(tmp_path, many[: len(many) // 2], "c.json.gz")[-1] == "gzip-damaged"


def test_an_array_of_others_needs_a_map(tmp_path: Path) -> None:
    """Columns are named as in JSONL; numbers stay as written."""
    raw = '[{"id": 1.50, "t": "نص"}]'.encode()
    assert read_bytes(tmp_path, raw) == ["not-rasd-article"]
    assert read_bytes(tmp_path, raw, columns="article_id=id,body=t") == ["نص"]


def test_objects_stand_on_one_line_or_on_several() -> None:
    """A line that begins with a brace begins an object; what is no object takes no neighbour with it."""
    raw = b'{"a": 1}\n\n{\n "b": [\n  1\n ]\n}\n{"c": 3}\nnoise\n{"d":\n4}\n'
    found = list(objects(io.BufferedReader(io.BytesIO(raw)), 1 << 20, 1 << 30))
    assert [(piece.number, b"".join(piece.raw.split())) for piece in found] == [
        (1, b'{"a":1}'), (3, b'{"b":[1]}'), (8, b'{"c":3}'), (9, b"noise"), (10, b'{"d":4}')]  # fmt: skip


def test_only_keys_at_the_top_of_the_first_object_are_seen() -> None:
    """Keys inside of values and in later objects are none of the file's, and half a file shows what it can."""
    found = keys(b'[{"a": {"b": 1}, "c": ["d"], "e": "x\\", \\"f\\": 1", "g": nu')
    assert found.is_array
    assert found.values == {"a": b"{", "c": b"[", "e": b'"x\\", \\"f\\": 1"', "g": b"nu"}
    assert keys(b'{"a": 1} {"b": 2}').values == {"a": b"1"}
    assert keys(b"plain text").values == keys(b"").values == {}
