"""Cleaning: the way back from an article to its page, no letter lost, and which paragraphs are glued headlines."""

import itertools
import json
import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from etl import clean
from etl.model import Article, Page
from tests.stories.telling import SAMPLE, SEED, SHARED

TABLE = tomllib.loads((Path(__file__).parent / "paragraphs.toml").read_text(encoding="utf-8"))
CORPUS = sorted((SHARED / "corpus" / "news").glob("*.jsonl"))
PROMOTIONS = ("تابع أحدث الأخبار عبر تطبيق", "حمل تطبيق الضفاف من المتجر", "اشتركوا في قناتنا على تليجرام")
TITLES = ("تونس والجزائر تفتحان معبرا جديدا", "من يبني جسر النهر؟ سؤال المدينة القديم", "الوزير: الخطة جاهزة")
DATES = ("تاريخ النشر: 24th, October 2025 GMT", "تاريخ النشر: 24 أكتوبر 2025", "نشر في: 24/10/2025")
PARAGRAPHS = (
    "استقبل وزير النقل التونسي نظيره الجزائري، أمس الخميس، في مقر الوزارة.",
    "وأكد الطرفان أهمية الربط البري بين المدينتين.\n",
    "وقال مهندس إن الأشغال «تسير كما خُطِّط لها»، وإن الجســر سيفتح قريبا.",
    "“قلنا كل شيء”، يضيف المتحدث: ٣٠ كيلومترا في سنتين.",
    "فقرة فيها رموز 🙂 ومسافة\u00a0لا تنكسر\u200f ونقاط … كثيرة.",
)
SOURCES = ("المصدر: أصداء النهر", "المصدر : منبر الضفاف")
KEYWORDS = ("كلمات دلالية: تونس الجزائر النقل", "كلمات دلالية: تونس، الجزائر، النقل")
READ_ALSO = ("إقرأ أيضاً:", "اقرأ أيضا", "طالع أيضاً:")
HEADLINES = ("  • خط جديد بين المدينتين", "- مصنع يعيد فتح أبوابه", "الطلبة يحتفون باليوم الوطني")
GLUE = (
    "التعاون البحرى الجديدوزير النقل: لابد من تسريع الأشغالالرئيس يستقبل وفد الشركات ويؤكد الدعم للمشروعشاهد افتتاح"
    " المحطة الجديدةوزير المالية يعلن موعد صرف المنح"
)


def generated(seed: int) -> str:
    """A page of this family: zones there or not, in one of several orders, with blanks of all kinds between."""
    chance = random.Random(seed)

    def some(choices: tuple[str, ...], least: int, most: int) -> list[str]:
        return [chance.choice(choices) for _ in range(chance.randint(least, most))]

    zones = [some(PROMOTIONS, 0, 1), some(TITLES, 0, 1), some(DATES, 0, 1), some(PARAGRAPHS, 1, 5)]
    tail = [some(SOURCES, 0, 1), some(KEYWORDS, 0, 1)]
    also = [*some(READ_ALSO, 1, 1), *some(TITLES, 0, 1), *some(PARAGRAPHS, 1, 3), *some((GLUE,), 0, 1)]
    end = [also if chance.random() < 0.7 else [], ["مقالات مشابهة", *some(HEADLINES, 1, 6)]]
    chance.shuffle(tail)
    chance.shuffle(end)
    breaks = ("\n", "\n\n", "\n \n\n", "\n\t\n")
    return "".join(line + chance.choice(breaks) for zone in [*zones, *tail, *end] for line in zone)


def pages() -> list[Any]:
    """The seed page and the sample's where they are, and two hundred generated ones."""
    files = [*sorted((SAMPLE / "pages").glob("*.txt")), *([SEED] if SEED.exists() else [])]
    found = [pytest.param(path.read_text(encoding="utf-8"), id=path.parent.name + "-" + path.stem) for path in files]
    return [*found, *(pytest.param(generated(seed), id=f"generated-{seed}") for seed in range(200))]


def cut(text: str) -> tuple[Page, list[Article]]:
    """The page's blocks and articles."""
    return clean.split("page.txt", text, "p")


@pytest.mark.parametrize("text", pages())
def test_the_way_back_is_exact(text: str) -> None:
    """Every letter that an article holds stands on the page where its block says."""
    page, articles = cut(text)
    covered = 0
    for block in page.blocks:
        if block.field is None:
            continue
        article = articles[int(block.article_id or "")]
        value, start = getattr(article, block.field), block.field_start or 0
        length = block.page_end - block.page_start
        assert text[block.page_start : block.page_end] == value[start : start + length]
        covered += length
    held = sum(len("".join((a.headline or "").split())) + len("".join((a.body or "").split())) for a in articles)
    assert held <= covered


@pytest.mark.parametrize("text", pages())
def test_every_letter_is_in_one_block(text: str) -> None:
    """No visible character of a page is lost, and none stands in two zones."""
    page, _ = cut(text)
    counted = [0] * len(text)
    for block in page.blocks:
        for at in range(block.page_start, block.page_end):
            counted[at] += 1
    lost = [text[at] for at, times in enumerate(counted) if times == 0 and is_visible(text[at])]
    assert not lost
    assert max(counted) == 1


def is_visible(char: str) -> bool:
    """A character that a reader could miss: no blank, no mark of direction, no bullet before a headline."""
    return not char.isspace() and char not in "\u200e\u200f\ufeff\u00a0"


@pytest.mark.parametrize("paragraph", TABLE["glued"])
def test_glued_headlines_are_seen(paragraph: str) -> None:
    """Headlines stuck together without spaces are no paragraph of anybody's."""
    assert clean.is_glued(paragraph)


@pytest.mark.parametrize("paragraph", TABLE["ordinary"])
def test_ordinary_paragraphs_are_kept(paragraph: str) -> None:
    """Prose stays prose, with a missing space, a long list, a quotation, foreign words or no final point."""
    assert not clean.is_glued(paragraph)


def test_the_table_of_paragraphs_is_whole() -> None:
    """At least 15 glued and 30 ordinary paragraphs, none twice."""
    assert len(set(TABLE["glued"])) == len(TABLE["glued"]) >= 15
    assert len(set(TABLE["ordinary"])) == len(TABLE["ordinary"]) >= 30


@pytest.mark.skipif(not CORPUS, reason=f"the development corpus is not here: {SHARED / 'corpus' / 'news'}")
@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_real_prose_is_hardly_ever_taken_for_glued(path: Path) -> None:
    """Of the first 3,000 real paragraphs of each source, which hold no glued headlines, at most three are taken so."""
    with path.open(encoding="utf-8") as lines:
        texts = (json.loads(line)["text"] or "" for line in lines)
        paragraphs = (paragraph.strip() for text in texts for paragraph in text.splitlines())
        glued = [p for p in itertools.islice(filter(None, paragraphs), 3000) if clean.is_glued(p)]
    assert len(glued) <= 3, glued
