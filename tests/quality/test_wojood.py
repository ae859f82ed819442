"""What others labelled in other texts: the built-in annotator keeps what it was measured at on the Wojood sample."""

from functools import cache

import pytest

from tests.quality import wojood

NO_CORPUS = pytest.mark.skipif(not wojood.CORPUS.is_dir(), reason=f"the Wojood sample is not here: {wojood.CORPUS}")
PRECISION, RECALL = 0.81, 0.99
"""Of countries: what was measured, rounded down to a hundredth. They only rise."""
MADE = """
وزارة B-ORG
الصحة I-ORG
في I-ORG
مصر I-ORG B-GPE
و O
تونس B-GPE

يفتتح O
المغرب B-GPE
بطولة B-EVENT
كأس I-EVENT
العالم I-EVENT
2030 I-EVENT B-DATE
في O
فرنسا O
"""


@cache
def measured() -> dict[str, wojood.Figures]:
    """The figures on the corpus."""
    return wojood.measured(wojood.sentences())


@NO_CORPUS
def test_countries_are_as_right_as_they_were() -> None:
    """Our country rows stand where Wojood has a place, a people or an organisation."""
    precision = measured()["GPE"].precision.share
    assert precision is not None
    assert precision >= PRECISION


@NO_CORPUS
def test_countries_are_found_as_they_were() -> None:
    """Wojood's places that bear a registered country's name are found, with its code."""
    recall = measured()["GPE"].recall.share
    assert recall is not None
    assert recall >= RECALL


@NO_CORPUS
def test_events_of_other_kinds_are_left_alone() -> None:
    """No gold event bears a registered series' name, so there is no share to keep: none is missed, one row is wrong."""
    events = measured()["EVENT"]
    assert events.recall.bad == []
    assert len(events.precision.bad) <= 1


def test_nested_tags_become_spans() -> None:
    """An inner entity ends with its outer one, or before it, and both mark their own words."""
    found = [[(s.name, text[s.start : s.end]) for s in gold] for text, gold in wojood.parsed(MADE)]
    assert found == [
        [("ORG", "وزارة الصحة في مصر"), ("GPE", "مصر"), ("GPE", "تونس")],
        [("GPE", "المغرب"), ("EVENT", "بطولة كأس العالم 2030"), ("DATE", "2030")],
    ]


def test_each_kind_of_case_is_counted() -> None:
    """Made sentences: countries found, one that gold lacks, and an event of a registered series."""
    words = {
        layer: [[case.words for case in cases] for cases in (*precision, *recall)]
        for layer, (_, precision, recall) in wojood.measured(wojood.parsed(MADE)).items()
    }
    assert words["GPE"] == [["مصر", "تونس", "المغرب"], ["فرنسا"], ["مصر", "تونس", "المغرب"], []]
    assert words["EVENT"] == [["كأس العالم 2030"], [], ["بطولة كأس العالم 2030"], []]
