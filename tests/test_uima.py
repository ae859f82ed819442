"""UIMA CAS as JSON and XMI: written by the tools' own library, read with marks, roles and relations at their words."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cassis import Cas, TypeSystem
from cassis.typesystem import FeatureStructure
from hostile import LABELS, SHARED, calmly, told

from etl import read
from etl.model import Record
from etl.registry import load

REGISTRY = load()
TEXT = "استقبل المغرب 😊 وفدًا من إسبانيا.\r\nوزار وفد السنغال.\n"
NER = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
WORD = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"
WRITE: dict[str, Callable[[Cas], str | None]] = {".json": Cas.to_json, ".xmi": Cas.to_xmi}


class Written:
    """A document as INCEpTION would export it: layers of spans, of relations, of spans with roles."""

    def __init__(self, text: str = TEXT) -> None:
        """An empty document on that text."""
        types = TypeSystem()
        for name in (NER, "custom.Span", "custom.Host", WORD):
            types.create_type(name, "uima.tcas.Annotation")
        link = types.create_type("custom.HostLink", "uima.cas.TOP")
        types.create_feature(link, "role", "uima.cas.String")
        types.create_feature(link, "target", "uima.tcas.Annotation")
        types.create_feature(types.get_type("custom.Host"), "kind", "uima.cas.String")
        types.create_feature(types.get_type("custom.Host"), "links", "uima.cas.FSArray", elementType="custom.HostLink")
        types.create_feature(types.get_type(NER), "value", "uima.cas.String")
        types.create_feature(types.get_type(NER), "identifier", "uima.cas.String")
        types.create_feature(types.get_type(WORD), "order", "uima.cas.Integer")
        relation = types.create_type("custom.Relation", "uima.tcas.Annotation")
        for end in ("Governor", "Dependent"):
            types.create_feature(relation, end, "uima.tcas.Annotation")
        types.create_feature(relation, "label", "uima.cas.String")
        self.text, self.cas = text, Cas(types)
        self.cas.sofa_string, self.cas.sofa_mime = text, "text/plain"

    def add(self, layer: str, words: str, **features: object) -> FeatureStructure:
        """An annotation on the first place of the words."""
        begin = self.text.index(words)
        made = self.cas.typesystem.get_type(layer)(begin=begin, end=begin + len(words), **features)
        self.cas.add(made)
        return made

    def host(self, words: str, kind: str, *roles: tuple[str, Any]) -> None:
        """An annotation whose roles are filled by others."""
        link = self.cas.typesystem.get_type("custom.HostLink")
        array = self.cas.typesystem.get_type("uima.cas.FSArray")
        links = array(elements=[link(role=role, target=target) for role, target in roles])
        self.add("custom.Host", words, kind=kind, links=links)

    def read(self, folder: Path, suffix: str) -> Record:
        """The record of the document in that form."""
        (folder / f"a{suffix}").write_text(WRITE[suffix](self.cas) or "", "utf-8", newline="")
        (record,) = read.read(read.survey([folder / f"a{suffix}"]).sources, None, REGISTRY, LABELS)
        assert isinstance(record, Record)
        return record


@pytest.mark.parametrize("suffix", WRITE)
def test_marks_stand_at_their_words(tmp_path: Path, suffix: str) -> None:
    """Offsets count units of UTF-16: words behind a letter of two units are found; the text is kept to the letter."""
    made = Written()
    made.add(NER, "المغرب", value="country:MA:actor", identifier="http://example.org/Q1")
    made.add(NER, "السنغال", value="GPE")
    made.add(NER, "😊", identifier="country:ES:mention")
    made.add("custom.Span", "وفدًا")
    found = made.read(tmp_path, suffix)
    assert told(found) == ["المغرب", "السنغال", "😊", "unmapped-label"]
    assert found.unmapped_labels == ["Span"]
    assert found.articles[0].body == TEXT
    assert {row.annotator for row in found.articles[0].annotations} == {"analyst:uima"}


@pytest.mark.parametrize("suffix", WRITE)
def test_relations_and_roles_become_ties(tmp_path: Path, suffix: str) -> None:
    """A relation runs from its governor to its dependent; a mark that is called as a relation ties its two fillers."""
    made = Written()
    morocco, spain = made.add(NER, "المغرب", value="GPE"), made.add(NER, "إسبانيا", value="GPE")
    made.add("custom.Relation", "إسبانيا", Governor=spain, Dependent=morocco, label="meets")
    made.host("استقبل", "pair:visit", ("host", spain), ("guest", morocco))
    made.host("وزار", "sees", ("host", spain), ("guest", morocco))
    found = made.read(tmp_path, suffix)
    assert told(found) == ["المغرب", "إسبانيا", "ES-MA meeting a>b", "ES-MA visit a>b", *["unmapped-label"] * 3]
    assert sorted(found.unmapped_labels) == ["guest", "host", "sees"]


@pytest.mark.parametrize("suffix", WRITE)
def test_grammar_is_left_out_by_name(tmp_path: Path, suffix: str) -> None:
    """Tokens are no statements on the article; the report names their layer."""
    made = Written()
    made.add(WORD, "المغرب", order=1)
    found = made.read(tmp_path, suffix)
    assert told(found) == []
    assert found.unknown_keys == ["layer Token"]


@pytest.mark.parametrize("suffix", WRITE)
def test_a_document_may_say_its_language(tmp_path: Path, suffix: str) -> None:
    """The language of the document is the article's."""
    made = Written()
    made.cas.document_language = "fr"
    assert made.read(tmp_path, suffix).articles[0].language == "fr"


def of_bytes(folder: Path, raw: bytes, name: str) -> list[str]:
    """The reasons that a file of these bytes gives, a body where it is read."""
    (folder / name).write_bytes(raw)
    found = read.read(read.survey([folder / name]).sources, None, REGISTRY, LABELS)
    return [x.articles[0].body or "" if isinstance(x, Record) else x.reject.reason for x in found]


XMI = '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore">'
SOFA = '<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" sofaString="نص"/>'
ENTITIES = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<!DOCTYPE x [<!ENTITY x0 "x">{ENTITIES}]>'
WHOLE = f"{XMI}{SOFA}</xmi:XMI>"
REFUSED_XMI = {
    "a bomb": (BOMB + WHOLE.replace("نص", "&x11;"), "xml-dtd"),
    "a file of the machine": (f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>{WHOLE}', "xml-dtd"),
    "a parameter": (f'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>{WHOLE}', "xml-dtd"),
    "a doctype in small letters": (f"<!doctype x>{WHOLE}", "not-xml"),
    "an entity": (WHOLE.replace("نص", "&unknown;"), "not-xml"),
    "no end": (f"{XMI}{SOFA}", "not-xml"),
    "another encoding": (f'<?xml version="1.0" encoding="windows-1256"?>{WHOLE}', "نص"),
    "another root": (WHOLE.replace("xmi:XMI", "xmi:X"), "not-xmi"),
    "no text": (f"{XMI}</xmi:XMI>", "no-text"),
    "a text of blanks": (WHOLE.replace("نص", " "), "no-text"),
}


@pytest.mark.parametrize("kind", REFUSED_XMI)
def test_xml_is_read_strictly(tmp_path: Path, kind: str) -> None:
    """No document type, no entity: refused by name before anything grows or is fetched."""
    raw, reason = REFUSED_XMI[kind]
    assert of_bytes(tmp_path, raw.encode(), "a.xmi") == [reason]
    assert of_bytes(tmp_path, raw.encode(), "a.xml") == [reason]


def cas(*structures: Any, **more: Any) -> bytes:
    """A CAS as JSON with these feature structures."""
    return json.dumps({"%TYPES": {}, "%FEATURE_STRUCTURES": list(structures), "%VIEWS": {}} | more).encode()


TEXT_JSON = {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaID": "_InitialView", "sofaString": "نص"}
REFUSED_JSON = {
    "no structures": (b'{"%VIEWS": {}}', "wrong-type"),
    "a number": (cas(7), "wrong-type"),
    "no type": (cas({"%ID": 1}), "missing"),
    "no text": (cas({"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaURI": "file:///etc/passwd"}), "no-text"),
    "a text of numbers": (cas(TEXT_JSON | {"sofaString": ["نص"]}), "no-text"),
    "twice": (b'{"%VIEWS": {}, "%VIEWS": {}}', "duplicate-key"),
    "half a letter": (cas(TEXT_JSON | {"sofaString": "\ud83d"}), "lone-surrogate"),
    "torn": (cas(TEXT_JSON)[:-9], "not-json"),
    "depth": (b'{"%VIEWS": ' + b"[" * 200_000, "too-deep"),
}


@pytest.mark.parametrize("kind", REFUSED_JSON)
def test_bad_json_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    """What is no CAS, or one without a text, gives one refusal."""
    raw, reason = REFUSED_JSON[kind]
    assert of_bytes(tmp_path, raw, "a.json") == [reason]


OFF = {"kept": 1, "offset-out-of-range": 1}
SPANS: list[tuple[dict[str, Any], dict[str, int]]] = [
    ({"begin": 0}, {"kept": 2}),
    ({"end": 99}, OFF),
    ({"begin": 2}, OFF),
    ({"begin": -1}, OFF),
    ({"begin": "x"}, OFF),
    ({"begin": 10**30}, OFF),
    ({"begin": 1.5}, OFF),
    ({"begin": None}, {"kept": 1}),
    ({"@sofa": 7}, {"kept": 1}),
]


@pytest.mark.parametrize(("span", "wanted"), SPANS)
def test_a_mark_that_does_not_hold_is_refused_alone(tmp_path: Path, span: dict[str, Any], wanted: object) -> None:
    """Its article and its neighbours stand; what has no place, or one in another text, is no mark."""
    mark = {"%ID": 2, "%TYPE": NER, "@sofa": 1, "begin": 0, "end": 2, "value": "ORG"}
    (tmp_path / "a.json").write_bytes(cas(TEXT_JSON, mark | {"%ID": 3} | span, mark))
    assert calmly(tmp_path / "a.json") == [wanted]


def test_references_into_nothing_are_refused_alone(tmp_path: Path) -> None:
    """A relation whose end is no mark, and a role that nothing fills."""
    on = {"@sofa": 1, "begin": 0, "end": 2, "value": "ORG"}
    raw = cas(TEXT_JSON, {"%ID": 2, "%TYPE": NER, **on},
              {"%ID": 3, "%TYPE": "R", **on, "@Governor": 2, "@Dependent": 9},
              {"%ID": 4, "%TYPE": "H", **on, "@links": 5}, {"%ID": 5, "%TYPE": "L[]", "%ELEMENTS": [6, 4, 77, "x"]},
              {"%ID": 6, "%TYPE": "L", "role": "a", "@target": 99})  # fmt: skip
    (tmp_path / "a.json").write_bytes(raw)
    assert calmly(tmp_path / "a.json") == [{"kept": 2, "unknown-reference": 2}]


def test_structures_may_be_kept_by_their_ids(tmp_path: Path) -> None:
    """The format allows an object of structures as well as a list."""
    keyed = {"1": {key: value for key, value in TEXT_JSON.items() if key != "%ID"},
             "2": {"%TYPE": NER, "@sofa": 1, "begin": 0, "end": 2, "value": "ORG"}}  # fmt: skip
    (tmp_path / "a.json").write_bytes(cas(**{"%FEATURE_STRUCTURES": keyed}))
    assert calmly(tmp_path / "a.json") == [{"kept": 1}]


def test_a_type_system_is_no_document(tmp_path: Path) -> None:
    """It lies beside the documents of an export; it is left out by name, also where it was named."""
    types = TypeSystem()
    types.create_type("custom.Span", "uima.tcas.Annotation")
    (tmp_path / "TypeSystem.xml").write_text(types.to_xml() or "", "utf-8")
    (tmp_path / "page.xml").write_text("<html/>", "utf-8")
    found = read.survey([tmp_path])
    assert not found.sources
    assert [one.reason for one in found.skipped] == ["uima-type-system", "unknown-format"]
    assert [one.reason for one in read.survey([tmp_path / "TypeSystem.xml"]).skipped] == ["uima-type-system"]


HOST = {"%TYPE": NER, "@sofa": 1, "begin": 0, "end": 2, "value": "ORG"}


def shared_roles() -> bytes:
    """Thousands of marks that share one list of thousands of roles."""
    links = [{"%ID": 10 + n, "%TYPE": "L", "role": "a", "@target": 2} for n in range(20_000)]
    hosts = ({"%ID": 10**6 + n, **HOST, "@links": 5} for n in range(12_000))
    return cas(TEXT_JSON, *hosts, {"%ID": 5, "%TYPE": "L[]", "%ELEMENTS": [one["%ID"] for one in links]}, *links)


def xmi(inside: str, on_root: str = "") -> bytes:
    """XML with one text and this beside it."""
    return f"{XMI[:-1]} {on_root}>{SOFA}{inside}</xmi:XMI>".encode()


HOSTILE: dict[str, tuple[str, bytes]] = {
    "one list for many": ("a.json", shared_roles()),
    "many marks": ("a.json", cas(TEXT_JSON, *({"%ID": n, **HOST} for n in range(2, 38_000)))),
    "many elements": ("a.xmi", xmi("<cas:NULL/>" * 370_000)),
    "many attributes": ("a.xmi", xmi("<cas:NULL " + " ".join(f'a{n}="1"' for n in range(250_000)) + "/>")),
    "many numbers": ("a.xmi", xmi(f'<cas:NULL a="{"1 " * 1_900_000}1"/>')),
    "many namespaces": ("a.xmi", xmi("", " ".join(f'xmlns:n{n}="u{n}"' for n in range(180_000)))),
    "depth": ("a.xmi", xmi("<a>" * 590_000 + "</a>" * 590_000)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_costs_little(tmp_path: Path, kind: str) -> None:
    """However structures refer to each other, a verdict comes in seconds."""
    name, raw = HOSTILE[kind]
    (tmp_path / name).write_bytes(raw)
    assert len(calmly(tmp_path / name)) == 1


def test_the_real_files_are_accounted_for() -> None:
    """Two bare marks on Arabic words; a mark with two roles and their fillers; a type system."""
    if not SHARED.is_dir():
        pytest.skip("../shared is missing: real exports are not shipped")
    assert calmly(SHARED / "exports" / "uima") == [{"kept": 0, "unmapped-label": 2}, {"kept": 0, "unmapped-label": 5}]
    assert [one.reason for one in read.survey([SHARED / "exports" / "uima"]).skipped] == ["uima-type-system"]
