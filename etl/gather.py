"""Near-copies → stories. First version: articles whose folded text is the same, letter for letter, share a story."""

from etl.identity import digest
from etl.model import Article
from etl.text import key

_ID_DIGITS = 24


def story_id(article: Article) -> str:
    """The story of an article: from letters and digits of its folded body, else of its headline.

    Copies that differ in marks, punctuation and spaces only share it; a text without letters is a story of its own.
    """
    folded = key(article.body or "") or key(article.headline or "")
    return "s-" + digest(folded.replace(" ", "") or article.article_id)[:_ID_DIGITS]


def searched(article: Article) -> str:
    """Headline and body as folded letters and digits: what a search looks into."""
    return key(f"{article.headline or ''}\n{article.body or ''}")
