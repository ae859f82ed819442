"""The figures of docs/quality.md are those of today, and no layer is worse than its floor."""

import random
import tomllib
from pathlib import Path

import pytest

from etl import quality
from etl.model import ANNOTATOR, Article, CountryMention, PairMention
from tests.quality import __main__ as tables
from tests.quality import conflict, dated, news, sample, set_aside, verdicts

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))
NO_NEWS = pytest.mark.skipif(not news.CORPUS.is_dir(), reason=f"the development corpus is not here: {news.CORPUS}")
SETS = [pytest.param("sample"), *(pytest.param(name, marks=NO_NEWS) for name in ("news", "set-aside"))]


def test_the_page_says_what_is_found() -> None:
    """The tables and the digests on the page are those that the command writes."""
    page = tables.PAGE.read_text("utf-8")
    assert tables.written(page) == page, "write them again with: python -m tests.quality"


@pytest.mark.parametrize("name", SETS)
def test_no_layer_is_worse_than_its_floor(name: str) -> None:
    """F1 of each layer, and of strong pairs precision and recall, on the labels that the floors name."""
    floors = FLOORS[name]
    assert floors["settled_sha256"] == tables.digest(tables.SETS[name])
    found = {layer: quality.f1(counts) for layer, counts in tables.counted(tables.SETS[name]).items()}
    precision, recall, _ = found.pop("pairs, strong")
    assert precision >= floors["strong"]["precision"]
    assert recall >= floors["strong"]["recall"]
    assert floors["f1"].keys() == found.keys()
    assert {layer: f1 for layer, (_, _, f1) in found.items() if f1 < floors["f1"][layer]} == {}


def test_all_three_readings_of_the_sample_are_of_its_texts() -> None:
    """Nobody left a text out."""
    ids = sample.texts().keys()
    assert all(sample.gold(name).keys() == ids for name in ("reader-a", "reader-b", "settled"))


@NO_NEWS
def test_all_three_readings_of_news_are_of_drawn_articles() -> None:
    """The same articles each time: the two halves of the draw."""
    for half, ids in zip((news, set_aside), news.halves(), strict=True):
        assert all(half.gold(name).keys() == set(ids) for name in ("reader-a", "reader-b", "settled"))


@NO_NEWS
def test_the_fifty_that_were_read_are_those_of_the_draw() -> None:
    """Nobody chose them: the ids are the seed's, in its order, each with a verdict."""
    assert [one["id"] for one in verdicts.read()] == verdicts.drawn()
    assert {one["verdict"] for one in verdicts.read()} <= {"good", "usable", "bad"}


@NO_NEWS
@pytest.mark.parametrize("half", dated.HALVES)
def test_dates_are_no_worse_than_the_floor(half: str) -> None:
    """Precision and recall of dates on the labels that the floors name; other labels need floors of their own."""
    floors = FLOORS["dates"][half]
    assert floors["sha256"] == dated.digest(half)
    precision, recall, _ = quality.f1([dated.counts(half)])
    assert precision >= floors["precision"]
    assert recall >= floors["recall"]


@NO_NEWS
def test_the_articles_labelled_for_dates_judge_nothing_else() -> None:
    """They stand in the corpus, each once, under no other id either, and in neither half of the drawn ones."""
    ids = [raw["id"] for half in dated.HALVES for raw in dated.labels(half)]
    texts = news.by_id(ids)
    assert len(texts) == len(ids) == len(set(ids)) == 720
    assert not {text.body for text in texts.values()} & {text.body for text in news.articles().values()}


@NO_NEWS
@pytest.mark.parametrize("half", conflict.HALVES)
def test_the_country_that_acts_is_found_as_often_as_the_floor(half: str) -> None:
    """Of the records of conflict that the floors name; other labels need floors of their own."""
    floors, scores = FLOORS["conflict"][half], conflict.scores(half)
    assert floors["sha256"] == conflict.digest(half)
    assert conflict.recall(scores, "found") >= floors["found"]
    assert conflict.recall(scores, "near") >= floors["near"]
    assert conflict.recall(scores, "paired", "two") >= floors["paired"]


@NO_NEWS
def test_the_articles_of_conflict_judge_nothing_else() -> None:
    """They stand in the corpus, each once, in neither half of the drawn ones; chance chose which are for mending."""
    mending, judging = ([raw["id"] for raw in conflict.labels(half)] for half in conflict.HALVES)
    ids = sorted({*mending, *judging})
    assert set(mending) == set(random.Random(conflict.SEED + 1).sample(ids, 50))
    texts = news.by_id(ids)
    assert len(texts) == len(ids) == len(mending) + len(judging) == 150
    assert not {text.body for text in texts.values()} & {text.body for text in news.articles().values()}


def test_a_country_far_from_its_record_is_not_near() -> None:
    """The actor is named in the first of three sentences: it is near a record of the second, and not of the third."""
    article = Article(headline=None, body="هاجمت مالي القرية. رد الأهالي. عاد الهدوء إلى القرية.")
    row = CountryMention(code="ML", role="actor", field="body", start=6, end=10, text="مالي", tier="strong",
                         rule="name", annotator=ANNOTATOR)  # fmt: skip
    pair = PairMention(a="ML", b="NE", direction="a>b", relation="conflict", field="body", start=0, end=17,
                       text="هاجمت مالي القرية", tier="strong", rule="verb", annotator=ANNOTATOR)  # fmt: skip
    second, third = ({"sentence": n, "kind": "force", "actor": ["ML"], "target": ["NE"]} for n in (2, 3))
    stranger = {"sentence": 1, "kind": "force", "actor": [], "target": ["ML"]}
    assert conflict.score([second, stranger], article, [row]) == (1, 1, 1, 1, 0, 1, 0)
    assert conflict.score([third], article, [row, pair]) == (1, 1, 0, 1, 1, 1, 1)
    assert conflict.score([third], article, []) == (1, 0, 0, 1, 0, 1, 0)


def test_a_shifted_label_is_counted() -> None:
    """A score that cannot fall measures nothing: another country, edition or day each costs what it should."""
    one = quality.of_parts(
        events=["afcon-2025"],
        countries=["MA"],
        stated={("ES", "MA"): {"visit"}},
        themes=["migration"],
        dates=[("أمس", "2025-01-01", None)],
    )
    two = quality.of_parts(
        events=["afcon-2027"],
        countries=["MA", "ES"],
        stated={("ES", "MA"): {"cohost"}},
        themes=[],
        dates=[("أمس", "2025-01-02", "2025-01-02")],
    )
    gold, other = {"x": one}, {"x": two}
    assert quality.compared(gold, other, "events") == [(0, 1, 1)]
    assert quality.compared(gold, other, "countries") == [(1, 1, 0)]
    assert quality.compared(gold, other, "pairs") == [(0, 0, 1)]
    assert quality.compared(gold, other, "joint hosts") == [(0, 1, 0)]
    assert quality.dates(gold, other) == [(0, 1, 0)]
    assert quality.f1([(1, 1, 0)]) == pytest.approx((0.5, 1.0, 2 / 3))
