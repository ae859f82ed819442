"""The half of the real articles that no rule is written against; scored when a change is finished."""

from etl.quality import Label
from tests.quality import news

CORPUS = news.CORPUS
GOLD = news.GOLD.parent / "set-aside"


def gold(name: str) -> dict[str, Label]:
    """The labels of `reader-a`, `reader-b` or `settled`."""
    return news.labelled(GOLD, name)


def said(tier: str) -> dict[str, Label]:
    """What the built-in annotator says of each labelled article; pairs at the tiers of `tier`."""
    return news.annotated(GOLD, tier)
