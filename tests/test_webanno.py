"""WebAnno TSV 3: rows of tokens become one text and its marks; what does not hold is refused by its line."""

from pathlib import Path

import pytest
from hostile import LABELS, SHARED, calmly, told

from etl import mapping, read
from etl.model import Record
from etl.read.labelled import shown
from etl.registry import load

REGISTRY = load()
NER = "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|value|identifier"
SPAN = "#T_SP=webanno.custom.Span|"
RELATION = "#T_RL=webanno.custom.Relation|label|BT_de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
HOST = "#T_SP=webanno.custom.Host|kind|ROLE_webanno.custom.Host:links_webanno.custom.Link|"
NAMES = HOST + "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
ANY = HOST + "uima.tcas.Annotation"
GRAMMAR = "de.tudarmstadt.ukp.dkpro.core.api"
FIRST = ["استقبل", "المغرب", "😊", "وفدًا", "من", "إسبانيا"]


def sentence(words: list[str], cells: dict[int, str], *, columns: int, begin: int = 0, number: int = 1) -> list[str]:
    """The rows of a sentence as the tool writes them; cells by the place of their token, from 1."""
    rows = ["#Text=" + " ".join(words)]
    for place, word in enumerate(words, 1):
        end = begin + len(word.encode("utf-16-le")) // 2
        said = cells.get(place, "\t".join(["_"] * columns))
        rows.append(f"{number}-{place}\t{begin}-{end}\t{word}\t{said}\t")
        begin = end + 1
    return rows


def of_lines(folder: Path, *lines: str, columns: str = "") -> Record:
    """The record of a file with these lines after the first."""
    (folder / "a.tsv").write_bytes("\n".join(["#FORMAT=WebAnno TSV 3.3", *lines]).encode() + b"\n")
    found = mapping.parse(columns) if columns else None
    (record,) = read.read(read.survey([folder / "a.tsv"]).sources, found, REGISTRY, LABELS)
    assert isinstance(record, Record)
    return record


def test_offsets_count_units_of_utf16(tmp_path: Path) -> None:
    """The words behind a letter of two units are found; --map dates the document."""
    found = of_lines(tmp_path, NER, "", "", *sentence(
        FIRST, {2: "country:MA:actor\t*", 3: "*\tcountry:ES:mention", 6: "GPE\t*"}, columns=2),
        columns="published:=2026-10-01")  # fmt: skip
    assert told(found) == ["المغرب", "😊", "إسبانيا"]
    assert found.articles[0].published == "2026-10-01"
    assert {row.annotator for row in found.articles[0].annotations} == {"analyst:webanno"}


def test_a_mark_of_several_tokens_is_one(tmp_path: Path) -> None:
    """Its number gathers its rows, also across sentences and stacked with others; sub-tokens mark parts of a token."""
    first = sentence(FIRST, {5: "ORG[1]\t*[1]", 6: "ORG[1]|GPE[2]\t*[1]|*[2]"}, columns=2)
    begin = len(" ".join(FIRST)) + 2
    second = sentence(["وفد", "السنغال"], {1: "ORG[1]\t*[1]"}, columns=2, begin=begin, number=2)
    part = f"2-2.1\t{begin + 6}-{begin + 11}\tسنغال\tORG\t*\t"
    found = of_lines(tmp_path, NER, "", "", *first, "", *second, part)
    assert told(found) == ["من إسبانيا\nوفد", "إسبانيا", "سنغال"]


def test_sentences_make_the_text_they_were_cut_from(tmp_path: Path) -> None:
    """One unit between sentences is a line end, more are filled; a sentence may have lines, and none between."""
    rows = [*sentence(["ا", "ب"], {}, columns=1), "", *sentence(["ت"], {}, columns=1, begin=4, number=2), "",
            *sentence(["ث"], {}, columns=1, begin=8, number=3), "",
            *sentence(["ج"], {}, columns=1, begin=9, number=4), "",
            "#Sentence.id=s5", "#Text=ح", "#Text=خ", "5-1\t13-14\tح\tORG[1]\t", "5-2\t15-16\tخ\tORG[1]\t"]  # fmt: skip
    found = of_lines(tmp_path, SPAN.replace("|", "|value"), "", "", *rows)
    assert found.articles[0].body == "ا ب\nت\n  ثج\n  ح\nخ"
    assert told(found) == ["ح\nخ"]


def test_what_is_escaped_is_read_as_meant(tmp_path: Path) -> None:
    """In texts the controls, in values what would part them."""
    rows = [r"#Text=قال\\ \tثم", "1-1\t0-4\tقال\\\tتـ\\_ج\\|\\[1\\]\\;\\*\\\\[3]\t", "1-2\t6-8\tثم\tتـ\\->ج\t"]
    found = of_lines(tmp_path, SPAN + "value", "", "", *rows)
    assert found.articles[0].body == "قال\\ \tثم"
    assert found.unmapped_labels == [shown(one) for one in ("تـ_ج|[1];*\\", "تـ->ج")]


def test_relations_run_from_the_unit_they_name(tmp_path: Path) -> None:
    """To the mark in whose row they stand; where marks are stacked, numbers say which."""
    cells = {2: "GPE\t*\t_\t_", 6: "GPE\t*\tmeets\t1-2"}
    pair = ["المغرب", "إسبانيا", "ES-MA meeting b>a"]
    assert told(of_lines(tmp_path, NER, RELATION, "", "", *sentence(FIRST, cells, columns=4))) == pair
    stacked = {2: "ORG[1]|GPE[2]\t*[1]|*[2]\t_\t_", 6: "ORG[3]|GPE[4]\t*[3]|*[4]\tmeets|meets\t1-2[2_4]|1-2[1_3]"}
    found = of_lines(tmp_path, NER, RELATION, "", "", *sentence(FIRST, stacked, columns=4))
    assert told(found) == ["المغرب", "المغرب", "إسبانيا", "إسبانيا", pair[2], "no-pair"]


def test_slots_become_ties(tmp_path: Path) -> None:
    """Fillers by unit or number, of one layer or any; a mark called as a relation ties its first two fillers."""
    cells = {1: "_\t_\tmeets\tguest;host\t1-6;1-2[1]", 2: "GPE[1]\t*[1]\t_\t_\t_", 6: "GPE\t*\t_\t_\t_"}
    for host in (NAMES, ANY):
        found = of_lines(tmp_path, NER, host, "", "", *sentence(FIRST, cells, columns=5))
        assert sorted(told(found)) == sorted(["المغرب", "إسبانيا", "ES-MA meeting a>b"])
    cells[1] = "_\t_\tsees\t*;host\t1-6;1-2[1]"
    found = of_lines(tmp_path, NER, NAMES, "", "", *sentence(FIRST, cells, columns=5))
    assert found.unmapped_labels == ["sees", "links", "host"]
    cells[1] = "_\t_\tsees\t_\t_"
    assert of_lines(tmp_path, NER, NAMES, "", "", *sentence(FIRST, cells, columns=5)).unmapped_labels == ["sees"]


def test_grammar_and_chains_are_left_out_by_name(tmp_path: Path) -> None:
    """Parts of speech and what refers to what are no statements on the article; the report names their layers."""
    head = [f"#T_SP={GRAMMAR}.lexmorph.type.pos.POS|PosValue", NER,
            "#T_CH=webanno.custom.CorefLink|referenceType|referenceRelation",
            f"#T_RL={GRAMMAR}.syntax.type.dependency.Dependency|DependencyType|BT_x.POS"]  # fmt: skip
    cells = {1: "VBD\t_\t_\t_\t_\tROOT\t1-1", 2: "NNP\tGPE\t*\tpr[1]\tcoref->1-1\tSUBJ\t1-1"}
    found = of_lines(tmp_path, *head, "", "", *sentence(FIRST, cells, columns=7))
    assert told(found) == ["المغرب"]
    assert found.unknown_keys == ["layer POS", "layer Dependency", "layer CorefLink"]


BAD = {
    "1-2\t7-13\tالمغرب\tGPE": "bad-row",
    "1-2 7-13 المغرب GPE *": "bad-row",
    "x\t7-13\tالمغرب\tGPE\t*\t": "bad-row",
    "1-2\t7\tالمغرب\tGPE\t*\t": "bad-row",
    "1-2\t٧-١٣\tالمغرب\tGPE\t*\t": "bad-row",
    "1-2\t7-9999999999\tالمغرب\tGPE\t*\t": "bad-row",
    "1-2\t6-12\tالمغرب\tGPE\t*\t": "text-differs",
    "1-2\t7-13\tالمشرق\tGPE\t*\t": "text-differs",
    "1-2\t7-999\tالمغرب\tGPE\t*\t": "text-differs",
    "1-2\t7-7\t\tGPE\t*\t": "offset-out-of-range",
}


@pytest.mark.parametrize("row", BAD)
def test_a_bad_row_is_refused_and_its_neighbours_stand(tmp_path: Path, row: str) -> None:
    """One reason, with its line where the row itself is wrong."""
    rows = sentence(FIRST, {1: "ORG\t*", 6: "GPE\t*"}, columns=2)
    rows[2] = row
    found = of_lines(tmp_path, NER, "", "", *rows)
    assert told(found) == ["استقبل", "إسبانيا", BAD[row]]
    if BAD[row] != "offset-out-of-range":
        assert found.refused[0].expected.startswith("tsv: line 7: ")


@pytest.mark.parametrize("cells", ["meets\t1-9", "meets\t1-2[7_0]", "meets\tx", "meets\t1-1"])
def test_a_relation_to_nothing_is_refused_alone(tmp_path: Path, cells: str) -> None:
    """Its marks stand."""
    said = {2: "GPE\t*\t_\t_", 6: f"GPE\t*\t{cells}"}
    found = of_lines(tmp_path, NER, RELATION, "", "", *sentence(FIRST, said, columns=4))
    assert told(found) == ["المغرب", "إسبانيا", "unknown-reference"]


@pytest.mark.parametrize("cells", ["a;b\t1-2", "a\t1-9", "a\t*", "a;b\t1-2;1-2[9]"])
def test_a_slot_of_nothing_is_refused_alone(tmp_path: Path, cells: str) -> None:
    """A role without a filler ties nothing."""
    said = {1: f"_\t_\tORG\t{cells}", 2: "GPE\t*\t_\t_\t_"}
    assert sorted(told(of_lines(tmp_path, NER, NAMES, "", "", *sentence(FIRST, said, columns=5)))) == [
        "unknown-reference", "استقبل", "المغرب"]  # fmt: skip


WRONG = {
    "a sentence before its place": (
        ["#Text=ا ب", "1-1\t0-1\tا\t_\t", "", "#Text=ت", "2-1\t1-2\tت\t_\t"],
        "text-differs",
    ),
    "a gap without end": (["#Text=ا", "1-1\t999999999-999999999\t\t_\t"], "text-differs"),
    "no text": (["1-1\t0-1\tا\t_\t"], "no-text"),
    "a layer without a name": (["#T_SP=", "#Text=ا"], "bad-header"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_text_that_cannot_be_put_together_is_refused(tmp_path: Path, kind: str) -> None:
    """Where sentences do not stand where their tokens say, no offset means anything."""
    lines, reason = WRONG[kind]
    (tmp_path / "a.tsv").write_bytes("\n".join(["#FORMAT=WebAnno TSV 3.2", SPAN, "", "", *lines]).encode())
    assert calmly(tmp_path / "a.tsv") == [reason]


def test_line_ends_of_windows_change_nothing(tmp_path: Path) -> None:
    """Those of the file; the text's own are written as escapes, and count."""
    rows = ["#Text=ا\\r", "#Text=ب", "1-1\t0-1\tا\t_\t_\t", "1-2\t3-4\tب\tORG\t*\t"]
    (tmp_path / "a.tsv").write_bytes("\r\n".join(["\ufeff#FORMAT=WebAnno TSV 3.3", NER, "", "", *rows]).encode())
    (found,) = read.read(read.survey([tmp_path]).sources, None, REGISTRY, LABELS)
    assert isinstance(found, Record)
    assert found.articles[0].body == "ا\r\nب"
    assert told(found) == ["ب"]


def test_other_tables_stay_tables(tmp_path: Path) -> None:
    """A table of another kind, and an older WebAnno, need --map as before."""
    for name, raw in (("a.tsv", "id\ttext\n"), ("b.tsv", "#FORMAT=WebAnno TSV 2\n"), ("c.tsv.gz", "")):
        (tmp_path / name).write_text(raw, "utf-8")
    assert {source.format for source in read.survey([tmp_path]).sources} == {"tsv"}


def table(*rows: str, head: str = NER) -> bytes:
    """A file with one token and these rows."""
    return "\n".join(["#FORMAT=WebAnno TSV 3.3", *head.split("\n"), "", "", "#Text=ا", *rows]).encode()


ROW = "1-1\t0-1\tا\t"
HOSTILE: dict[str, bytes] = {
    "stacked": table(ROW + "|".join(["*"] * 600_000) + "\t_\t"),
    "numbered": table(ROW + "|".join(f"ORG[{n}]" for n in range(200_000)) + "\t_\t"),
    "one mark in many rows": table(*[ROW + "ORG[1]\t*[1]\t"] * 150_000),
    "backslashes": table(ROW + "\\" * 3_000_000 + "\t_\t"),
    "brackets": table(ROW + "[1" * 1_500_000 + "\t_\t"),
    "closed brackets": table(ROW + "[1]" * 1_000_000 + "\t_\t"),
    "slots": table(ROW + "_\t_\tORG\t" + ";".join(["a"] * 300_000) + "\t" + ";".join(["1-1[7]"] * 300_000) + "\t",
                   head=f"{NER}\n{ANY}"),
    "layers": table(head="\n".join(f"#T_SP=custom.L{n}|" for n in range(180_000))),
    "layers and slots": table(ROW + "*\t" * 20_000 + "*\ta\t" + ";".join(["1-2[7]"] * 100_000) + "\t",
                              head="\n".join([*(f"#T_SP=custom.L{n}|" for n in range(20_000)), ANY])),
    "texts": table(*["#Text=ا"] * 400_000, ROW + "_\t_\t"),
    "sentences without end": table(*[f"#Text=ا\n{n}-1\t{n * 40}-{n * 40 + 1}\tا\t_\t_\t" for n in range(1, 100_000)]),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_costs_little(tmp_path: Path, kind: str) -> None:
    """However cells heap up, a verdict comes in seconds."""
    (tmp_path / "a.tsv").write_bytes(HOSTILE[kind])
    assert len(calmly(tmp_path / "a.tsv")) == 1


def test_the_real_export_is_accounted_for() -> None:
    """Three marks and two roles, none of them ours; a layer of surface forms is left out."""
    if not SHARED.is_dir():
        pytest.skip("../shared is missing: real exports are not shipped")
    assert calmly(SHARED / "exports" / "webanno") == [{"kept": 0, "unmapped-label": 5}]
