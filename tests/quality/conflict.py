"""Real articles of conflict: which country acts, in each act of force, arrest, threat or accusation that they state.

`python -m tests.quality.conflict OUT.txt` draws the articles by a seed and writes them for a reader. The draw goes by
words of violence, outlet and year, and knows nothing of what the annotator finds.
"""

import collections
import json
import random
import sys
from pathlib import Path
from typing import Any

from etl.text import fold
from tests.quality import news, verdicts

RECORDS = news.GOLD.parent / "conflict" / "records.jsonl"
SEED = 20261205
WANTED = {"ant_alarabiya_2018": 10, "ant_jawharafm_2015_2017": 103, "ant_skynews_2018": 40}
WORDS = ("قصف", "هجوم", "غاره", "غارات", "اشتباك", "مقتل", "تفجير", "ميليشي", "مليشي", "مسلحين", "انتحاري", "داعش",
         "ارهابي")  # fmt: skip
"""Folded; a text of two of them is taken for news of conflict."""
_LONGEST = 3_000


def drawn() -> list[str]:
    """The ids, in the order of the draw: of each outlet as many as wanted, in turn from each year. Needs the corpus.

    Left out is what stood among other labels on that day; what is labelled later leaves these out in its turn.
    """
    chance, taken = random.Random(SEED), _known()
    strata: dict[str, dict[str, list[str]]] = collections.defaultdict(lambda: collections.defaultdict(list))
    texts = set()
    for ident, raw in news.lines():
        text = raw["text"] or ""
        if ident not in taken and text not in texts and news.SHORTEST <= len(text) <= _LONGEST and _is_violent(raw):
            texts.add(text)
            strata[ident.split("/")[0]][(news.parse(raw["date"] or "").value or "")[:4]].append(ident)
    found = []
    for outlet, wanted in sorted(WANTED.items()):
        years = [chance.sample(ids, len(ids)) for _, ids in sorted(strata[outlet].items())]
        turns = [ident for turn in range(max(map(len, years))) for ids in years for ident in ids[turn : turn + 1]]
        found += turns[:wanted]
    return chance.sample(found, len(found))


def _is_violent(raw: dict[str, Any]) -> bool:
    words = fold(f"{raw['title'] or ''} {raw['text']}")
    return sum(word in words for word in WORDS) > 1


def _known() -> set[str]:
    files = (path for path in news.GOLD.parent.rglob("*.jsonl") if path != RECORDS)
    lines = (json.loads(line) for path in files for line in path.read_text("utf-8").splitlines())
    return {*news.drawn(), *verdicts.drawn()} | {raw[key] for raw in lines for key in ("id", "a", "b") if key in raw}


if __name__ == "__main__":
    ids = drawn()
    articles = news.by_id(ids)
    told = (f"##### {n} {i} ({articles[i].published})\n{articles[i].headline}\n\n{articles[i].body}\n" for n, i in
            enumerate(ids))  # fmt: skip
    Path(sys.argv[1]).write_text("\n".join(told), "utf-8")
