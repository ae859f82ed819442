"""Scraped pages: their zones, and the articles they hold, with the way back to the original kept.

A page has menus, promotion, a title or none, a date line or none, the body, `المصدر:`, `كلمات دلالية:`, then perhaps
another article under `إقرأ أيضاً:`, then bare headlines under `مقالات مشابهة`. Zones may be missing or in another order.
Headlines stuck together without spaces («…الأوروبىوزير الخارجية…») belong to no article: they stay on the page and feed
nothing. `furniture` knows what no article owns, `datelines` date lines, `labels` labels, `cutting` the order.
"""

from collections.abc import Sequence

from etl.clean import cutting, drafts
from etl.clean.glued import is_glued
from etl.clean.lines import lines
from etl.model import Article, Block, Page

__all__ = ["is_glued", "number", "split"]

_STATED = ("url", "publisher", "headline", "language", "keywords")


def split(
    name: str, text: str, page_id: str, known: Sequence[Block] = (), stated: Article | None = None
) -> tuple[Page, list[Article]]:
    """Cut a page into its articles: main first, then read-also articles and bare headlines, in page order.

    `text` is the page as fetched (NFC). `known` are lines that the reader knows (of HTML, where tags tell), `stated` is
    what the page's metadata says of the main article. The articles' `article_id` is empty but where it is stated
    (etl.identity fills it); a block's `article_id` holds the article's place in the returned list until `number`
    replaces it. A page without any article gives an empty list.
    """
    reading = cutting.read(text, list(lines(text)), {block.page_start: block.zone for block in known}, stated)
    page, articles = drafts.finished(Page(page_id=page_id, name=name, text=text), reading)
    return page, _with(stated, articles, page) if stated else articles


def _with(stated: Article, articles: list[Article], page: Page) -> list[Article]:
    """The articles, the main one with what is stated of it; words on the page give way to metadata."""
    main = next((article for article in articles if article.role == "main"), None)
    if main is None:
        if not stated.headline:
            return articles
        main = Article(page_id=page.page_id, published=stated.published, published_basis=stated.published_basis)
        articles.append(main)
    for field in _STATED:
        if value := getattr(stated, field):
            setattr(main, field, value)
    main.article_id = stated.article_id
    return articles


def number(page: Page, ids: list[str]) -> Page:
    """The page with its blocks pointing at the articles' ids, given in the order of `split`."""
    for block in page.blocks:
        if block.article_id is not None:
            block.article_id = ids[int(block.article_id)]
    return page
