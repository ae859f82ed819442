"""Gathering a store of many articles: `python -m tests.bench.test_gathering N` measures N invented ones in a store file.

Its news is made by chance: words and set phrases as frequent as in a language (Zipf), copies with words changed or
sentences cut, the same text again, daily forms filled anew. Beyond MADE articles the same is taken again with other
hashes, so that a million need no million texts.
"""

import datetime as dt
import itertools
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from etl.gather import folded, signature, signatures
from etl.gather.candidates import gather_all, gather_new, sketches
from etl.model import Article

SEED, MADE, A_DAY = 20261201, 200_000, 250
_AT_ONCE = 10_000
_AGAIN = """
INSERT INTO sketch BY NAME SELECT * REPLACE ((article_key + $times * $made)::INTEGER AS article_key,
    left(md5(text_id || $times), 24) AS text_id,
    list_transform(bands, lambda band: xor(band, (hash($times) >> 1)::BIGINT)) AS bands)
FROM sketch WHERE article_key < $made
"""
_LETTERS = "بتثجحخدرزسشصطعغفقكلمن"


def news(count: int) -> Iterator[Article]:
    """Invented articles, A_DAY a day."""
    chance = random.Random(SEED)
    vocabulary = ["".join(chance.choices(_LETTERS, k=chance.randint(3, 7))) for _ in range(40_000)]
    weights = list(itertools.accumulate(1 / rank for rank in range(1, 40_001)))
    phrases = [" ".join(chance.choices(vocabulary, cum_weights=weights, k=8)) for _ in range(500)]
    forms = [chance.choices(vocabulary, cum_weights=weights, k=60) for _ in range(8)]
    recent: list[list[str]] = []
    for number in range(count):
        kind = chance.random()
        if kind < 0.04:
            words = [w if chance.random() < 0.7 else chance.choice(vocabulary) for w in chance.choice(forms)]
        elif kind < 0.2 and recent:
            words = list(chance.choice(recent))
            if kind > 0.08:
                changed = chance.random() / 5
                words = [w if chance.random() > changed else chance.choice(vocabulary) for w in words]
                words = words[: int(len(words) * (1 - chance.random() / 2))]
        else:
            words = chance.choices(vocabulary, cum_weights=weights, k=chance.randint(80, 300))
            for _ in range(3):
                at = chance.randrange(len(words))
                words[at:at] = phrases[int(500 * chance.random() ** 3)].split()
        recent = [*recent[-2 * A_DAY :], words]
        day = str(dt.date(2020, 1, 1) + dt.timedelta(number // A_DAY))
        yield Article(
            article_id=f"a-{number}", body=" ".join(words), published=day, publisher=str(chance.randrange(60))
        )


def rows(articles: Iterable[Article], first: int = 0) -> pa.Table:
    """Rows of `sketch`, keys from `first` on."""
    return sketches((key, one.article_id, signature(one)) for key, one in enumerate(articles, first))


def store(path: Path, count: int, made: int = MADE) -> duckdb.DuckDBPyConnection:
    """A store file with `sketch`, opened with the memory of the real one; only `made` articles are invented."""
    connection = duckdb.connect(path, config={"memory_limit": "700MB", "threads": "4"})
    articles = news(min(count, made))
    for first in range(0, min(count, made), _AT_ONCE):
        connection.register("made", rows(itertools.islice(articles, _AT_ONCE), first))
        connection.execute("CREATE TABLE IF NOT EXISTS sketch AS FROM made LIMIT 0; INSERT INTO sketch FROM made")
        connection.unregister("made")
    for times in range(1, -(-count // made)):
        connection.execute(_AGAIN, {"times": times, "made": made})
    return connection


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this process, all threads."""
    before = time.process_time()
    work()
    return time.process_time() - before


def test_a_signature_costs_little_beside_folding() -> None:
    """Folding and signing take a bounded multiple of the folding that search needs anyway; measured: 4 times."""
    articles = list(news(2_000))
    folding = min(seconds(lambda: [folded(one) for one in articles]) for _ in range(3))
    whole = min(seconds(lambda: signatures(articles, [folded(one) for one in articles])) for _ in range(3))
    print(f"\nfolding and signing take {whole / folding:.1f} times folding")
    assert whole < 8 * folding


def test_gathering_grows_with_the_number_of_articles(tmp_path: Path) -> None:
    """Eight times as many articles take far less than 64 times as long, as comparing all with all would."""
    few, many = (store(tmp_path / f"{count}.duckdb", count, 3_000) for count in (3_000, 24_000))
    gather_all(few)
    growth = seconds(lambda: gather_all(many)) / min(seconds(lambda: gather_all(few)) for _ in range(3))
    print(f"\neight times the articles: {growth:.1f} times as long")
    assert growth < 24


def measured(path: Path, count: int) -> None:
    """Print time and memory of gathering them all, and of a load of 500 more."""
    connection = store(path, count)
    print(f"{count:,} articles: {seconds(lambda: gather_all(connection)):.1f} s of CPU")
    print(connection.execute("SELECT rule, count(*) FROM gathered GROUP BY rule ORDER BY rule").fetchall())
    connection.execute("CREATE TABLE told AS SELECT article_key, story_id FROM gathered")
    connection.execute(f"CREATE TABLE fresh AS SELECT article_key FROM sketch WHERE article_key >= {count - 500}")
    connection.execute("DELETE FROM told WHERE article_key IN (FROM fresh)")
    print(f"500 more: {seconds(lambda: gather_new(connection)):.1f} s of CPU")
    print(
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most, store file included in its cache"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        measured(Path(folder) / "store.duckdb", int(sys.argv[1]))
