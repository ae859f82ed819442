"""Files that are no UTF-8: read right where all of the file speaks for one encoding, else refused by its name."""

import codecs
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import calmly
from test_read import SHARED, line, read_all, read_bytes

from etl import read
from etl.mapping import WrongValue
from etl.model import Record
from etl.read import encodings

BODY = (
    "استقبل وزير الداخلية نظيره في الرباط، وبحث الجانبان التعاون في مجال الهجرة؛ هل يُوقَّع اتفاق جديد؟\n"
    "وأضاف البيان أن اللقاء المقبل سيكون في الأسبوع الأول من شهر يناير 2026.\n"
)
FRENCH = "Le ministre a été reçu à Rabat : « C'est déjà une très grande fête, même à l'étranger », a-t-il ajouté.\n"
NAMES = {"cp1256": "encoding-windows-1256", "iso8859_6": "encoding-iso-8859-6"}
MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}


def written(text: str, codec: str) -> bytes:
    """The text in an encoding, with the mark that belongs to it, without what it cannot write."""
    return MARKS.get(codec, b"") + text.encode(codec, "ignore")


def kept(text: str, codec: str) -> str:
    """What the encoding can write of a text."""
    return text.encode(codec, "ignore").decode(codec)


@pytest.mark.parametrize("codec", [*NAMES, *MARKS])
@pytest.mark.parametrize("text", [BODY, BODY + FRENCH * 3, FRENCH + BODY * 2, BODY.replace("\n", "\r\n")])
def test_a_saved_page_is_read_as_it_was_written(tmp_path: Path, codec: str, text: str) -> None:
    """Arabic, with French beside it, with any line end, comes out letter for letter."""
    (tmp_path / "a.txt").write_bytes(written(text, codec))
    (record,) = read_all(tmp_path / "a.txt")
    assert isinstance(record, Record)
    assert record.page
    assert record.page.text == kept(text, codec).replace("\r\n", "\n")


@pytest.mark.parametrize("codec", [*NAMES, *MARKS])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.csv.gz"])
def test_a_table_is_read_as_it_was_written(tmp_path: Path, codec: str, name: str) -> None:
    """Its header may be plain and its first rows too; rows keep the lines and bytes of the file as it is."""
    between = "\t" if ".tsv" in name else ","
    rows = ["id,text", "1,plain", f'2,"{BODY}"', "3", f"4,{BODY.splitlines()[1]}", "5,\u0642 \u010a"]
    raw = written("\r\n".join(rows).replace(",", between) + "\r\n", codec)
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    plain, first, bad, second, last = read_all(tmp_path / name, "article_id=id,body=text")
    assert all(isinstance(one, Record) for one in (plain, first, second, last))
    assert [one.articles[0].body for one in (plain, first, second) if isinstance(one, Record)] == [
        "plain", kept(BODY, codec), kept(BODY.splitlines()[1], codec)]  # fmt: skip
    assert isinstance(bad, read.Refusal)
    assert bad.reject.place.line == 6
    assert raw[bad.reject.place.byte :].startswith("3\r\n".encode(codec))
    assert bad.raw == "3".encode(codec)


@pytest.mark.parametrize("codec", NAMES)
def test_lines_of_json_stay_refused(tmp_path: Path, codec: str) -> None:
    """A file of records is joined from many; a line of it proves nothing for the next."""
    raw = line(body=BODY).decode().encode(codec, "ignore")
    assert read_bytes(tmp_path, raw + b"\n" + line(body="a"))[0] == NAMES[codec]


DOUBTFUL = {
    "short, Windows": ("سلام".encode("cp1256"), "encoding-windows-1256"),
    "short, ISO": ("طقس الإثنين".encode("iso8859_6"), "encoding-iso-8859-6"),
    "French alone": (FRENCH.encode("cp1252"), "not-utf-8"),
    "German alone": (
        "Über Straßen in Österreich gehört Öl, schöne Grüße für Käthe. ".encode("cp1252") * 9,
        "not-utf-8",
    ),
    "Russian": ("Министр внутренних дел встретился в Рабате со своим коллегой. ".encode("cp1251") * 9, "not-utf-8"),
    "Greek": ("Ο υπουργός εσωτερικών συναντήθηκε στο Ραμπάτ με τον ομόλογό του. ".encode("cp1253") * 9, "not-utf-8"),
    "Hebrew": ("שר הפנים נפגש ברבאט עם עמיתו כדי לדון בשיתוף פעולה. ".encode("cp1255") * 9, "not-utf-8"),
    "Chinese": ("内政部长在拉巴特会见了他的同行，讨论了合作。".encode("gb18030") * 9, "not-utf-8"),
    "Arabic of the Macintosh": (BODY.replace("يُوقَّع", "يوقع").encode("mac_arabic", "ignore"), "not-utf-8"),
    "Arabic of DOS": (BODY.encode("cp720", "ignore"), "not-utf-8"),
    "UTF-8 with a wrong byte": (BODY.encode()[:99] + b"\xff" + BODY.encode()[99:], "not-utf-8"),
    "UTF-8 cut": (BODY.strip(". \n0123456789").encode()[:-1], "not-utf-8"),
    "UTF-8 after Windows": (BODY.encode("cp1256") + BODY.encode(), "not-utf-8"),
    "ISO after Windows": (BODY.encode("cp1256", "ignore") + BODY.encode("iso8859_6", "ignore"), "not-utf-8"),
    "UTF-16 of half a letter": (codecs.BOM_UTF16_LE + BODY.encode("utf-16-le")[:-1], "encoding-utf-16"),
    "UTF-16 of half a pair": (codecs.BOM_UTF16_LE + "سلام".encode("utf-16-le") + b"\0\xd8", "encoding-utf-16"),
    "UTF-16 with NUL": (codecs.BOM_UTF16_LE + "سلا\0م".encode("utf-16-le"), "nul"),
    "UTF-32": (codecs.BOM_UTF32_LE + BODY.encode("utf-32-le"), "encoding-utf-32"),
    "chance": (random.Random(1).randbytes(9_000).replace(b"\0", b""), "not-utf-8"),
}


@pytest.mark.parametrize("kind", DOUBTFUL)
def test_what_is_not_sure_is_refused(tmp_path: Path, kind: str) -> None:
    """Too short, mixed, broken, or another encoding's words: never read as something else."""
    raw, reason = DOUBTFUL[kind]
    for name in ("a.txt", "a.csv"):
        (tmp_path / name).write_bytes(raw)
    (page,) = read_all(tmp_path / "a.txt")
    assert isinstance(page, read.Refusal)
    assert page.reject.reason.startswith(reason)
    assert not any(isinstance(one, Record) and "ل" in (one.articles[0].body or "")
                   for one in read_all(tmp_path / "a.csv", "body=x"))  # fmt: skip


@pytest.mark.parametrize("text", ["0123 456,7\n", "plain ASCII\n"])
def test_digits_and_plain_letters_are_utf8(text: str) -> None:
    """What every encoding writes alike needs no guess."""
    assert encodings.whole(text.encode("cp1256")) == text


def texts() -> Iterator[tuple[str, str]]:
    """Headline and body of 500 real articles, the same ones each time."""
    every = [json.loads(raw) for path in sorted((SHARED / "corpus" / "news").glob("*.jsonl"))
             for raw in path.read_text("utf-8-sig").splitlines()[::25]]  # fmt: skip
    whole = [(one.get("title") or "", one["text"]) for one in every if one.get("text")]
    yield from random.Random(7).sample(whole, 500)


@pytest.mark.parametrize("codec", [*NAMES, *MARKS, "mac_arabic", "cp720"])
def test_of_500_real_articles_none_is_read_wrong(codec: str) -> None:
    """Bodies are read right in every encoding that is read at all; headlines are read right, or refused."""
    if not SHARED.is_dir():
        pytest.skip("../shared is missing: the real corpus is not shipped")
    found: dict[str, list[int]] = {}
    for headline, body in texts():
        for kind, text in (("body", body), ("headline", headline), ("beginning", body[:12]),
                           ("with French", body[:200] + "\n" + FRENCH + body[200:])):  # fmt: skip
            raw = written(text, codec)
            if not raw.isascii():
                found.setdefault(kind, [0, 0, 0])[_judged(raw, kept(text, codec))] += 1
    print(codec, {kind: dict(zip(("right", "refused", "wrong"), n, strict=True)) for kind, n in found.items()})
    assert not any(wrong for _, _, wrong in found.values())
    if codec in {*NAMES, *MARKS}:
        assert found["body"][0] == 500
        assert found["with French"][0] >= 495
        assert found["headline"][0] >= 350


def _judged(raw: bytes, text: str) -> int:
    try:
        return 0 if encodings.whole(raw) == text else 2
    except WrongValue:
        return 1


HOSTILE: dict[str, tuple[str, bytes, set[str]]] = {
    "no line end": ("a.txt", b"\xc7\xe1" * 2_000_000, {"kept"}),
    "accents": ("a.txt", b"\xe9" * 4_000_000, {"not-utf-8"}),
    "accents and letters": ("a.txt", b"\xe9a\xe1" * 1_300_000, {"not-utf-8"}),
    "many lines": ("a.txt", b"\xc7\xe1\n" * 1_300_000, {"kept"}),
    "a table of chance": ("a.csv", random.Random(2).randbytes(20_000_000), {"not-utf-8", "encoding-utf-16"}),
    "a wide line without end": ("a.csv", codecs.BOM_UTF16_LE + b"\x27\x06" * 50_000_000, {"line-too-long"}),
    "many wide lines": ("a.csv", codecs.BOM_UTF16_BE + b"\0\n" * 1_000_000 + b"\0a\0\n\0b", {"no-such-column"}),
    "false line ends": ("a.csv", codecs.BOM_UTF16_BE + b"\n\n" * 5_000_000, {"line-too-long"}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_costs_little(tmp_path: Path, kind: str) -> None:
    """Whatever the bytes, a verdict comes in seconds and without holding the file many times."""
    name, raw, wanted = HOSTILE[kind]
    (tmp_path / name).write_bytes(raw)
    found = calmly(tmp_path / name, "body=x")
    assert {one if isinstance(one, str) else next(iter(one)) for one in found} >= wanted
