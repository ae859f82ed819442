"""brat standoff: a text and the marks beside it become one article with annotations; what does not hold is refused."""

from pathlib import Path

import pytest
from hostile import LABELS, SHARED, calmly, told

from etl import mapping, read
from etl.model import Record
from etl.registry import load

REGISTRY = load()
TEXT = "استقبل المغرب وفدًا من إسبانيا.\nوزار وفد 😊 السنغال.\n"


def place(words: str, text: str = TEXT) -> str:
    """The offsets of words as brat writes them."""
    return f"{text.index(words)} {text.index(words) + len(words)}"


def mark(number: int, label: str, words: str, text: str = TEXT) -> str:
    """A line that marks the first place of the words."""
    return f"T{number}\t{label} {place(words, text)}\t{words}"


def of_files(folder: Path, *lines: str, text: str = TEXT, columns: str = "") -> Record:
    """The record of a text and these lines beside it."""
    (folder / "a.txt").write_bytes(text.encode())
    (folder / "a.ann").write_bytes("\n".join(lines).encode() + b"\n")
    found = mapping.parse(columns) if columns else None
    (record,) = read.read(read.survey([folder]).sources, found, REGISTRY, LABELS)
    assert isinstance(record, Record)
    return record


def test_marks_stand_where_they_say_in_code_points(tmp_path: Path) -> None:
    """Letters beyond the first plane are one; the text is the article's body, and --map may date it."""
    made = of_files(tmp_path, mark(1, "country:MA:actor", "المغرب"), mark(2, "GPE", "السنغال"),
                    columns="published:=2026-10-01")  # fmt: skip
    (article,) = made.articles
    assert told(made) == ["المغرب", "السنغال"]
    assert article.body == TEXT
    assert article.published == "2026-10-01"
    assert {row.annotator for row in article.annotations} == {"analyst:brat"}


def test_a_mark_in_pieces_covers_them_all(tmp_path: Path) -> None:
    """From the first word of the first piece to the last of the last; its words are quoted piece by piece."""
    pieces = f"{place('وفدًا')};{place('إسبانيا')}"
    assert told(of_files(tmp_path, f"T1\tGPE {pieces}\tوفدًا إسبانيا")) == ["وفدًا من إسبانيا"]
    assert told(of_files(tmp_path, f"T1\tGPE {pieces}\tوفدًا من إسبانيا")) == ["text-differs"]
    assert told(of_files(tmp_path, f"T1\tGPE {';'.join(pieces.split(';')[::-1])}")) == ["offset-out-of-range"]


def test_relations_and_events_become_ties(tmp_path: Path) -> None:
    """A relation ties its two marks; an event whose type is a relation ties its first two fillers, in their order."""
    marks = [mark(1, "GPE", "المغرب"), mark(2, "GPE", "إسبانيا"), mark(3, "meets", "استقبل")]
    pair = ["المغرب", "إسبانيا"]
    assert told(of_files(tmp_path, *marks[:2], "R1\tmeets Arg1:T1 Arg2:T2\t")) == [*pair, "ES-MA meeting b>a"]
    assert told(of_files(tmp_path, *marks[:2], "R1\tpair:visit Arg1:T2 Arg2:T1")) == [*pair, "ES-MA visit a>b"]
    event = of_files(tmp_path, *marks, "E1\tmeets:T3 Guest2:T2 Host:T1")
    assert told(event) == [*pair, "ES-MA meeting a>b"]
    assert told(of_files(tmp_path, *marks, "E1\tsees:T3 Guest2:T2"))[2:] == ["unmapped-label", "unmapped-label"]
    assert not event.unmapped_labels


def test_an_event_may_fill_a_role_of_another(tmp_path: Path) -> None:
    """It stands for the words that trigger it, wherever it stands in the file; numbers of roles are no names."""
    made = of_files(
        tmp_path, "E1\tsays:T1 Theme2:E2", "E2\tGPE:T2", mark(1, "says", "استقبل"), mark(2, "GPE", "المغرب")
    )
    assert made.unmapped_labels == ["says", "Theme"]


def test_what_is_denied_or_doubted_is_not_said(tmp_path: Path) -> None:
    """A mark or an event with brat's own attributes for it feeds nothing, and so does what refers to it."""
    marks = [mark(1, "GPE", "المغرب"), mark(2, "GPE", "إسبانيا"), mark(3, "meets", "استقبل")]
    event = "E1\tmeets:T3 Host:T1 Guest:T2"
    assert told(of_files(tmp_path, *marks, event, "A1\tNegation E1")) == [
        "المغرب", "إسبانيا", "negated", "unknown-reference"]  # fmt: skip
    assert told(of_files(tmp_path, marks[0], "M1\tSpeculation T1")) == ["negated"]
    assert told(of_files(tmp_path, marks[0], "A1\tConfidence T1 high")) == ["المغرب"]


def test_what_the_format_has_and_we_do_not_read_is_named(tmp_path: Path) -> None:
    """Attributes, references to other bases, equivalences and notes are dropped by name."""
    made = of_files(tmp_path, mark(1, "GPE", "المغرب"), mark(2, "GPE", "إسبانيا"), "", "A1\tConfidence T1 high",
                    "N1\tReference T1 Wikipedia:534366\tالمغرب", "*\tEquiv T1 T2", "*\tEquiv T2 T1",
                    "#1\tAnnotatorNotes T1\tتأكد من هذا")  # fmt: skip
    assert told(made) == ["المغرب", "إسبانيا"]
    assert made.unknown_keys == ["brat Confidence", "brat Reference", "brat Equiv", "brat Equiv", "brat AnnotatorNotes"]


BAD = {
    "T1": "bad-line",
    "X1\tGPE 0 1\tا": "bad-line",
    "T1 GPE 0 1 ا": "bad-line",
    "T1\tGPE 0\tا": "bad-line",
    "T1\tGPE zero one\tا": "bad-line",
    "T1\tGPE ٠ ١\tا": "bad-line",
    "T1\tGPE -1 2\tا": "bad-line",
    "T1\tGPE 0 9999999999\tا": "bad-line",
    "T1\tGPE 0 999\tا": "offset-out-of-range",
    "T1\tGPE 5 5\t": "offset-out-of-range",
    "T1\tGPE 7 5\tا": "offset-out-of-range",
    f"T1\tGPE {place('المغرب')}\tالمشرق": "text-differs",
    "R1\tmeets Arg1:T9 Arg2:T8": "unknown-reference",
    "R1\tmeets T9 T8": "bad-line",
    "R1\tmeets Arg1:T9": "bad-line",
    "E1\tmeets:T9 Host:T7": "unknown-reference",
    "E1\tmeets": "bad-line",
    "A1\tNegation": "bad-line",
    "*\tEquiv": "bad-line",
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_line_is_refused_by_its_number_and_its_neighbours_stand(tmp_path: Path, bad: str) -> None:
    """One bad line between two good ones: two annotations, one reason with the line."""
    made = of_files(tmp_path, mark(5, "GPE", "المغرب"), bad, mark(6, "GPE", "إسبانيا"))
    assert told(made) == ["المغرب", "إسبانيا", BAD[bad]]
    assert made.refused[0].expected.startswith("ann: line 2: ")


def test_an_id_is_one(tmp_path: Path) -> None:
    """The second line of the same id is refused, not taken for the first."""
    assert told(of_files(tmp_path, mark(1, "GPE", "المغرب"), mark(1, "GPE", "إسبانيا"))) == ["المغرب", "duplicate-id"]


@pytest.mark.parametrize("counts_both", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_of_windows_move_the_offsets(tmp_path: Path, *, counts_both: bool, end: str) -> None:
    """Whether the offsets count both letters of a line end or one, the quoted words tell; the body has one."""
    text = TEXT.replace("\n", "\r\n")
    lines = [mark(1, "GPE", "المغرب"), mark(2, "GPE", "السنغال", text if counts_both else TEXT)]
    (tmp_path / "a.txt").write_bytes(text.encode())
    (tmp_path / "a.ann").write_bytes(end.join(lines).encode())
    (made,) = read.read(read.survey([tmp_path]).sources, None, REGISTRY, LABELS)
    assert isinstance(made, Record)
    assert told(made) == ["المغرب", "السنغال"]
    assert made.articles[0].body == TEXT


@pytest.mark.parametrize("codec", ["cp1256", "utf-16"])
def test_offsets_hold_in_other_encodings(tmp_path: Path, codec: str) -> None:
    """They count letters, not bytes, of a text that is surely in that encoding."""
    text = TEXT.replace("😊", "جديد") * 2
    (tmp_path / "a.txt").write_bytes(text.encode(codec))
    (tmp_path / "a.ann").write_bytes(mark(1, "GPE", "السنغال", text).encode())
    (made,) = read.read(read.survey([tmp_path]).sources, None, REGISTRY, LABELS)
    assert isinstance(made, Record)
    assert told(made) == ["السنغال"]


def test_the_two_files_are_one_document(tmp_path: Path) -> None:
    """The marks are never read as a file of their own; without their text they are refused; a page stays a page."""
    of_files(tmp_path, mark(1, "GPE", "المغرب"))
    (tmp_path / "b.txt").write_text("صفحة محفوظة", "utf-8")
    (tmp_path / "c.ann").write_text("T1\tGPE 0 1\tا", "utf-8")
    found = read.survey([tmp_path])
    assert [(one.path.name, one.format) for one in found.sources] == [
        ("a.txt", "brat"),
        ("b.txt", "txt"),
        ("c.ann", ""),
    ]
    assert [one.reason for one in found.skipped] == ["read-with-its-text"]
    assert calmly(tmp_path)[2] == "no-text-beside"
    named = read.survey([tmp_path / "a.ann", tmp_path / "a.txt"])
    assert [one.path.name for one in named.sources] == ["a.txt"]


def test_marks_that_cannot_be_read_refuse_the_document(tmp_path: Path) -> None:
    """A text whose marks are lost is not taken for one without marks."""
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "a.ann").write_bytes("T1\tGPE 0 1\tطقس الإثنين".encode("iso-8859-6"))
    (found,) = read.read(read.survey([tmp_path]).sources, None, REGISTRY, LABELS)
    assert isinstance(found, read.Refusal)
    assert (found.reject.field, found.reject.reason) == ("ann", "encoding-iso-8859-6")


HOSTILE: dict[str, tuple[bytes, dict[str, int] | str]] = {
    "marks of everything": (
        b"".join(b"T%d\tORG 0 1000000\n" % n for n in range(15_000)),
        {"kept": 6, "too-much-marked": 14_994},
    ),
    "more marks than any text has": (b"".join(b"T%d\tORG 0 5\n" % n for n in range(100_000)), "too-many"),
    "events of events": (
        b"T1\tORG 0 5\n" + b"".join(b"E%d\tORG:T1 A:E%d\n" % (n, n + 1) for n in range(100_000)),
        "too-many",
    ),
    "one event, many roles": (b"T1\tORG 0 5\nE1\tORG:T1" + b" A:T1" * 700_000, "too-many"),
    "colons": (b"E1\t" + b"a:" * 2_000_000, {"bad-line": 1}),
    "spaces": (b"E1\ta:b" + b" " * 4_000_000 + b"c", {"bad-line": 1}),
    "pieces": (
        b"T1\tORG " + b";".join(b"%d %d" % (n, n + 1) for n in range(0, 500_000, 2)),
        {"offset-out-of-range": 1},
    ),
    "no tabs": (b"T1 ORG 0 5\n" * 350_000, "too-many"),
    "relations": (
        b"T1\tGPE 0 6\nT2\tGPE 7 14\n" + b"".join(b"R%d\tmeets A:T1 B:T2\n" % n for n in range(100_000)),
        "too-many",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_costs_little(tmp_path: Path, kind: str) -> None:
    """However the marks heap up, a verdict on each comes in seconds."""
    raw, wanted = HOSTILE[kind]
    (tmp_path / "a.txt").write_bytes("المغرب إسبانيا. ".encode() + b"a\r\n" * 1_000_000)
    (tmp_path / "a.ann").write_bytes(raw)
    (found,) = calmly(tmp_path)
    assert found == wanted if isinstance(wanted, str) else found.items() >= wanted.items()


def test_the_real_export_is_accounted_for() -> None:
    """Sixteen marks and the ten roles of nine events, none of them ours; offsets that do not hold would show."""
    if not SHARED.is_dir():
        pytest.skip("../shared is missing: real exports are not shipped")
    assert calmly(SHARED / "exports" / "brat") == [{"kept": 0, "unmapped-label": 26}]
