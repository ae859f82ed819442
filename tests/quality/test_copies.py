"""Copies are told from the rest as docs/stories.md says, and no worse than the floors."""

import tomllib
from pathlib import Path

import pytest

from etl import quality
from tests.quality import common_words, copies, news, scored_copies

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))["copies"]
NO_NEWS = pytest.mark.skipif(not news.CORPUS.is_dir(), reason=f"the development corpus is not here: {news.CORPUS}")


def test_the_page_says_what_is_found() -> None:
    """The tables and the digests on the page are those that the command writes."""
    page = scored_copies.PAGE.read_text("utf-8")
    assert scored_copies.written(page) == page, "write them again with: python -m tests.quality.scored_copies"


@NO_NEWS
@pytest.mark.parametrize("name", [*scored_copies.SETS, scored_copies.UNSEEN])
def test_labelled_pairs_are_no_worse_than_the_floor(name: str) -> None:
    """Precision and recall on the labels that the floors name; other labels need floors of their own."""
    assert FLOORS[name]["sha256"] == scored_copies.digest(name)
    precision, recall, _ = quality.f1([scored_copies.counts(scored_copies.labelled(name))])
    assert precision >= FLOORS[name]["precision"]
    assert recall >= FLOORS[name]["recall"]


def test_the_sample_holds_exactly_its_declared_copies() -> None:
    """Of all pairs of the sample the exact and the cut copies are found, and nothing else."""
    right, wrong, missed = scored_copies.counts(scored_copies.of_sample())
    assert (right > 20, wrong, missed) == (True, 0, 0)


@pytest.mark.parametrize("name", scored_copies.CHANGES)
def test_made_cases_are_judged_rightly(name: str) -> None:
    """What was done to a text by a rule leaves it a copy or not, in 95 of 100 cases at least."""
    is_copy, number, found = scored_copies.derived()[name]
    assert number > 200
    assert (found if is_copy else number - found) >= 0.95 * number


@NO_NEWS
def test_the_labelled_pairs_are_drawn_articles() -> None:
    """Every article that a label names stands in the corpus, and none in two pairs of one draw."""
    earlier = [pair for name in scored_copies.SETS if name != "fourth" for pair in copies.labels(name)]
    for pairs in (earlier, copies.labels("fourth")):
        named = [pair[side] for pair in pairs for side in "ab"]
        assert len(named) == len(set(named)) == 2 * len(pairs)
        assert copies.every().keys() >= set(named)


def test_the_fourth_set_holds_new_articles() -> None:
    """No article of the fourth set was labelled before, but for one of each pair where the stratum says so."""
    known = {
        pair[side] for name in scored_copies.SETS if name != "fourth" for pair in copies.labels(name) for side in "ab"
    }
    for pair in copies.labels("fourth"):
        assert len({pair["a"], pair["b"]} & known) <= ("known" in pair["stratum"])


def test_the_fifth_set_holds_new_pairs() -> None:
    """No pair of the fifth set was labelled before, and none stands in it twice."""
    pairs = [frozenset((one["a"], one["b"])) for one in copies.labels("fifth")]
    known = {frozenset((one["a"], one["b"])) for name in scored_copies.SETS for one in copies.labels(name)}
    assert len(pairs) == len(set(pairs))
    assert not known & set(pairs)


@NO_NEWS
def test_the_fifth_set_is_what_its_seed_draws() -> None:
    """But for the pairs that only one of the two rules joined, the set is the draw: nobody chose what to read."""
    read = {(one["a"], one["b"], one["stratum"]) for one in copies.labels("fifth")}
    assert {one for one in read if one[2] != copies.TOLD_APART} == {tuple(pair) for pair in copies.drawn_fifth()}


@NO_NEWS
def test_common_words_are_those_of_the_corpus() -> None:
    """The list that tells unusual words is what its command writes."""
    assert common_words.OUT.read_text("utf-8").split() == common_words.common()


def test_a_wrong_label_is_counted() -> None:
    """A score that cannot fall measures nothing: a copy missed and a pair taken for one cost what they should."""
    judged = [scored_copies.Judged("x", *answer) for answer in ((True, True), (True, False), (False, True))]
    assert scored_copies.counts(judged) == (1, 1, 1)
    assert scored_copies.interval(judged * 20)[0][0] < 0.5 < scored_copies.interval(judged * 20)[0][1]
