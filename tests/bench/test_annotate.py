"""How fast the whole annotator reads, beside the part of it that is nearly all machine code: folding and matching.

`pytest tests/bench -s` prints megabytes of UTF-8 a second on one core. The sample is read where the corpus is missing.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from etl import compiled
from etl.annotate import annotate
from etl.annotate.scan import lexicon
from etl.model import Article
from etl.registry import load
from etl.text import Folded
from tests.quality import news, sample

_EVERY = 33
_MOST = 15
"""Times that folding and matching may fit into the whole; measured: 10 to 12."""
_LEAST = 1.15
"""Times that machine code must be quicker than the Python that it is made from; measured: 1.3 to 1.45."""


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


def whole(texts: list[Article]) -> float:
    """Seconds that the annotator takes for all texts."""
    registry = load()
    annotate(texts[0], registry)
    return seconds(lambda article: annotate(article, registry), texts)


@pytest.mark.skipif(not compiled.folder().is_dir(), reason="the annotator is not compiled here")
def test_machine_code_is_worth_its_install() -> None:
    """Compiled, the annotator reads the same texts clearly quicker than as Python."""
    code = "from tests.bench.test_annotate import articles, whole; print(whole(articles()))"
    python = {**os.environ, compiled.SWITCH: "0"}
    done = subprocess.run([sys.executable, "-c", code], env=python, check=True, capture_output=True, text=True)
    as_python, as_compiled = float(done.stdout), whole(articles())
    print(f"\n{as_python / as_compiled:.2f} times as quick as Python")
    assert as_python > _LEAST * as_compiled


def test_reading_is_not_far_slower_than_matching() -> None:
    """Rules and weights together cost a bounded multiple of finding the names that they work on."""
    texts = articles()
    names, all_of_it = lexicon(load()), whole(texts)
    matching = seconds(lambda article: names.find(Folded(f"{article.headline or ''}\n{article.body or ''}")), texts)
    size = sum(len(f"{a.headline or ''}{a.body or ''}".encode()) for a in texts) / 1e6
    print(
        f"\n{len(texts)} articles: {size / all_of_it:.2f} MB/s, {all_of_it / matching:.1f} times folding and matching"
    )
    assert all_of_it < _MOST * matching
