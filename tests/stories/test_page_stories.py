"""Page stories of pages.toml: a scraped page in, its main articles out."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from etl import clean
from etl.model import Article

STORIES = tomllib.loads((Path(__file__).parent / "pages.toml").read_text(encoding="utf-8"))["page"]
named = pytest.mark.parametrize("story", STORIES, ids=lambda story: story["name"].replace(" ", "-"))


def mains(story: dict[str, Any]) -> list[Article]:
    """The main articles of a story's page."""
    return [article for article in clean.split("p", story["text"], "p")[1] if article.role == "main"]


@named
def test_a_page_gives_its_articles(story: dict[str, Any]) -> None:
    """Title, day with its basis, paragraphs and keywords are the story's, and no other line is in the text."""
    found = mains(story)
    wanted = [part.strip("\n").split("\n") for part in "\n".join(story["body"]).split("\n/\n")]
    assert [list(filter(None, (article.body or "").split("\n"))) for article in found] == wanted
    assert found[0].headline == story["title"]
    assert (found[0].published, found[0].published_basis) == (
        (story["day"], "dateline") if "day" in story else (None, "unknown")
    )
    assert found[0].keywords == story.get("keywords", [])


@named
def test_what_stands_around_feeds_nothing(story: dict[str, Any]) -> None:
    """Words of menus, boxes, comments and notices are in no main article, and every line has its zone."""
    whole = "\n".join(f"{article.headline}\n{article.body}" for article in mains(story))
    assert not [words for words in story.get("nowhere", ()) if words in whole]
    page, _ = clean.split("p", story["text"], "p")
    zoned = "".join(page.text[block.page_start : block.page_end] for block in page.blocks)
    assert "".join(zoned.split()) == "".join(story["text"].split())


def test_there_are_twelve_stories() -> None:
    """No family is left out by mistake."""
    assert len({story["name"] for story in STORIES}) >= 12
