"""Words that say nothing of which text it is: `python -m tests.quality.common_words` writes etl/gather/common.txt.

Names of one field (a club, a minister) are frequent in that field only. So a word is common where it stands in at least
3 of 1,000 articles of each of four fields of the development corpus.
"""

import collections
import textwrap
from pathlib import Path

from etl.text import key
from tests.quality import news

OUT = Path(__file__).resolve().parents[2] / "etl" / "gather" / "common.txt"
LEAST = 0.003
FIELDS = {"sport": "sport", "localNews": "home", "society": "home", "politic": "home",
          "internationalNews": "world", "middleEast": "world"}  # fmt: skip


def common() -> list[str]:
    """The common words, folded and sorted. Needs the corpus."""
    articles: collections.Counter[str] = collections.Counter()
    holding: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for _, raw in news.lines():
        field = FIELDS.get(raw["cat"], "other")
        articles[field] += 1
        holding[field].update(set(key(raw["text"] or "").split()))
    words = (word for word in holding["home"] if word.isalpha())
    return sorted(w for w in words if all(holding[f][w] >= LEAST * n for f, n in articles.items()))


if __name__ == "__main__":
    OUT.write_text("\n".join(textwrap.wrap(" ".join(common()), 120)) + "\n", "utf-8")
