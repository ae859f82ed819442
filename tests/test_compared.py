"""Annotators side by side: what each says of the articles that several have read, as numbers, lists and a page."""

from pathlib import Path

import pytest
from loading import span

from dashboard import queries, shell
from dashboard.filters import Filters
from etl import pipeline
from tests.test_pipeline import line, write
from tests.test_views import headings, opened

FILTERS = Filters(unit="articles")
DESK, RULES = "analyst:desk", "rules/1"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles that a person and the built-in annotator have read, and one that only the latter has."""
    folder = tmp_path_factory.mktemp("compared")
    country = {"layer": "country", "role": "mention"}
    spain, france = country | {"code": "ES"}, country | {"code": "FR"}
    theme = {"layer": "theme", "theme_id": "migration"} | span("وصل", 0, DESK)
    path = write(
        folder / "in.jsonl",
        line(article_id="same", body="وصل الوفد إلى إسبانيا", annotations=[spain | span("إسبانيا", 14, DESK)]),
        line(article_id="other", body="وصل الوفد إلى إسبانيا!", annotations=[france | span("إسبانيا", 14, DESK)]),
        line(article_id="less", body="وصل الوفد إلى إسبانيا؟", annotations=[theme]),
        line(article_id="alone", body="وصل الوفد إلى البرتغال"),
        line(article_id="either", body="وصل الوفد إلى كوريا"),
    )
    pipeline.load([path], store=folder / "store", annotator=["rules"])
    return folder / "store"


def test_each_number_says_who_says_it(store: Path) -> None:
    """Spain by both once, by the rules alone twice, France by the person alone; who was read once is left out."""
    source = queries.current(store)
    found = queries.counts(source, "said_countries", ("who",), FILTERS)
    assert found == ((DESK, 1), (f"{DESK} + {RULES}", 1), (RULES, 2))


def test_the_list_behind_a_number_is_that_number(store: Path) -> None:
    """The articles in which the person alone says something: the one with France."""
    mark = queries.mark_of("said_countries", who=DESK)
    assert [item.article_id for item in queries.listed(queries.current(store), mark, FILTERS)] == ["other"]


def test_an_ambiguous_name_can_be_listed(store: Path) -> None:
    """«كوريا» alone is one of two countries, and its article is found under both."""
    source = queries.current(store)
    assert queries.counts(source, "ambiguous", ("candidates",), FILTERS) == (("KP KR", 1),)
    mark = queries.mark_of("ambiguous", candidates="KP KR")
    assert [item.article_id for item in queries.listed(source, mark, FILTERS)] == ["either"]


def test_the_page_shows_it(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of the data names the comparison, and the sides."""
    monkeypatch.setenv("RASD_STORE", str(store))
    monkeypatch.setattr(shell, "settle", lambda: None)
    page = opened("data")
    assert not page.exception
    told = "\n".join(headings(page))
    assert "مقارنة المعلِّمين في الدول" in told
    assert "أسماء قد تعني أكثر من دولة" in told
