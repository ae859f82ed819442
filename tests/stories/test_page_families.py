"""Pages built by chance around real articles: the text comes back letter for letter, and nothing else with it."""

import collections
import functools
import json
import unicodedata

import pytest

from etl import clean
from etl.model import Article
from tests.stories import page_families
from tests.stories.telling import SHARED

CORPUS = sorted((SHARED / "corpus" / "news").glob("*.jsonl"))
PAGES, LEAST = 301, 0.98
_BLANKS = "\r\t \u00a0\u200e\u200f\ufeff"

pytestmark = pytest.mark.skipif(not CORPUS, reason=f"the development corpus is not here: {SHARED / 'corpus' / 'news'}")


@functools.cache
def texts() -> tuple[page_families.Text, ...]:
    """Every tenth real article with a title, two paragraphs and 300 letters."""
    rows = (json.loads(line) for path in CORPUS for line in path.read_text("utf-8").splitlines()[::10])
    found = (page_families.Text(" ".join(_nfc(row["title"]).split()).strip(_BLANKS), paragraphs(row)) for row in rows)
    return tuple(
        text for text in found if text.title and len(text.paragraphs) > 1 and sum(map(len, text.paragraphs)) > 300
    )


def paragraphs(row: dict[str, str]) -> tuple[str, ...]:
    """The lines of an article that hold something."""
    return tuple(line for line in (line.strip(_BLANKS) for line in _nfc(row["text"]).split("\n")) if line)


def _nfc(text: str | None) -> str:
    return unicodedata.normalize("NFC", text or "")


def mains(built: page_families.Built) -> list[Article]:
    """The main articles that the page gives."""
    return [article for article in clean.split("p", _nfc(built.page), "p")[1] if article.role == "main"]


def is_exact(built: page_families.Built) -> bool:
    """The page gives its articles, each with all its paragraphs and no other line."""
    found = [tuple(filter(None, (article.body or "").split("\n"))) for article in mains(built)]
    return found == [text.paragraphs for text in built.texts]


def test_the_text_comes_back_exactly() -> None:
    """Of 301 pages over all families, 98 in a hundred give every article letter for letter; the table with -s."""
    right: collections.Counter[str] = collections.Counter()
    built = [page_families.page(seed, texts()) for seed in range(PAGES)]
    right.update(one.family for one in built if is_exact(one))
    for family, count in collections.Counter(one.family for one in built).items():
        print(f"{family}: {right[family]} of {count}")
    assert right.total() >= LEAST * PAGES


def test_the_printed_day_and_the_title_are_the_articles() -> None:
    """Of the same pages, 98 in a hundred give the printed day and the titles."""
    built = [page_families.page(seed, texts()) for seed in range(PAGES)]
    found = [(one, mains(one)) for one in built]
    right = [
        articles[0].published == one.day and [a.headline for a in articles] == [t.title for t in one.texts]
        for one, articles in found
        if articles
    ]
    assert sum(right) >= LEAST * PAGES
