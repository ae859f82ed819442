"""How fast the whole annotator reads, beside the part of it that is nearly all machine code: folding and matching.

`pytest tests/bench -s` prints megabytes of UTF-8 a second on one core. The sample is read where the corpus is missing.
"""

import json
import time
from collections.abc import Callable

from etl.annotate import annotate
from etl.annotate.scan import lexicon
from etl.model import Article
from etl.registry import load
from etl.text import Folded
from tests.quality import news, sample

_EVERY = 33
_MOST = 20
"""Times that folding and matching may fit into the whole; measured: 13 to 16, since matching reads bytes."""


def articles() -> list[Article]:
    """Each 33rd article of the corpus, else the sample's."""
    if not news.CORPUS.is_dir():
        return list(sample.texts().values())
    lines = [line for path in sorted(news.CORPUS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    found = news.by_id(f"{name}/{json.loads(line)['id']}" for name in news.WANTED for line in lines[::_EVERY])
    return list(found.values())


def seconds(work: Callable[[Article], object], texts: list[Article]) -> float:
    """The best of three rounds over all texts."""
    rounds = []
    for _ in range(3):
        began = time.perf_counter()
        for text in texts:
            work(text)
        rounds.append(time.perf_counter() - began)
    return min(rounds)


def test_reading_is_not_far_slower_than_matching() -> None:
    """Rules and weights together cost a bounded multiple of finding the names that they work on."""
    registry, texts = load(), articles()
    names = lexicon(registry)
    annotate(texts[0], registry)
    whole = seconds(lambda article: annotate(article, registry), texts)
    matching = seconds(
        lambda article: names.find(Folded(f"{article.headline or ''}\n{article.body or ''}").text), texts
    )
    size = sum(len(f"{a.headline or ''}{a.body or ''}".encode()) for a in texts) / 1e6
    print(f"\n{len(texts)} articles: {size / whole:.2f} MB/s, {whole / matching:.1f} times folding and matching")
    assert whole < _MOST * matching
