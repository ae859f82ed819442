"""Real articles of conflict: is the country found that acts, in each act of force, arrest, threat or accusation.

`news/conflict/records.jsonl` holds an article a line: id, half, records (sentence, kind, actor, target: codes), and
none of its words. Sentence 0 is the headline, 1 the first of the body. A record whose actor has no country is open.
`mending` may be looked at, `judging` is scored. `python -m tests.quality.conflict OUT.txt` draws the articles by a seed
and writes them for a reader; the draw goes by words of violence, outlet and year, and knows nothing of what the
annotator finds.
"""

import collections
import functools
import hashlib
import json
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from etl.annotate import annotate
from etl.model import Annotation, Article, CountryMention, PairMention
from etl.quality import resampled
from etl.registry import load
from etl.stated import parse
from etl.text import Folded, fold, sentences
from tests.quality import news, verdicts

RECORDS = news.GOLD.parent / "conflict" / "records.jsonl"
SEED = 20261205
WANTED = {"ant_alarabiya_2018": 10, "ant_jawharafm_2015_2017": 103, "ant_skynews_2018": 40}
WORDS = ("قصف", "هجوم", "غاره", "غارات", "اشتباك", "مقتل", "تفجير", "ميليشي", "مليشي", "مسلحين", "انتحاري", "داعش",
         "ارهابي")  # fmt: skip
"""Folded; a text of two of them is taken for news of conflict."""
HALVES = ("mending", "judging")
_LONGEST = 3_000


class Score(NamedTuple):
    """What is found of an article's records, open ones left out: `paired` of the `two`, `conflict` of the `force`.

    `two` have another country as target, `force` are those of them that tell of force.
    """

    records: int
    found: int
    near: int
    two: int
    paired: int
    force: int
    conflict: int


def labels(half: str) -> list[dict[str, Any]]:
    """The lines of a half: id, half, records."""
    return [raw for raw in map(json.loads, RECORDS.read_text("utf-8").splitlines()) if raw["half"] == half]


def digest(half: str) -> str:
    """SHA-256 of the labels of a half."""
    return hashlib.sha256(json.dumps(labels(half), sort_keys=True).encode()).hexdigest()


def open_records(half: str) -> int:
    """Records whose actor is unknown, or a group of no one country."""
    return sum(not record["actor"] for raw in labels(half) for record in raw["records"])


@functools.cache
def scores(half: str) -> list[Score]:
    """Each article's score, in the order of the file: rows above weak. Needs the corpus.

    `found`: a country of the actor is named somewhere in the article; `near`: in the sentence of the record or the ones
    beside it; `paired`: a dealing of actor and target; `conflict`: one of that relation.
    An accusation is a dispute by the definitions, so only force is asked for `conflict`.
    """
    lines, registry = labels(half), load()
    texts = news.by_id(raw["id"] for raw in lines)
    return [score(raw["records"], texts[raw["id"]], annotate(texts[raw["id"]], registry)) for raw in lines]


def score(records: Iterable[dict[str, Any]], article: Article, rows: Iterable[Annotation]) -> Score:
    """What the rows of an article find of its records, by the meanings that `scores` gives."""
    sure = [row for row in rows if row.tier != "weak"]
    places = _places(article)
    said = {(row.code, _sentence(places, row)) for row in sure if isinstance(row, CountryMention)}
    dealings = {(frozenset((row.a, row.b)), row.relation) for row in sure if isinstance(row, PairMention)}
    pairs, known = {pair for pair, _ in dealings}, [record for record in records if record["actor"]]
    counts: collections.Counter[str] = collections.Counter()
    for record in known:
        beside = range(record["sentence"] - 1, record["sentence"] + 2)
        both = {frozenset((a, b)) for a in record["actor"] for b in record["target"] if a != b}
        counts["found"] += any(code in record["actor"] for code, _ in said)
        counts["near"] += any(code in record["actor"] and at in beside for code, at in said)
        counts["two"] += bool(both)
        counts["paired"] += bool(both & pairs)
        if record["kind"] == "force":
            counts["force"] += bool(both)
            counts["conflict"] += any((pair, "conflict") in dealings for pair in both)
    return Score(len(known), *(counts[name] for name in Score._fields[1:]))


def _places(article: Article) -> list[tuple[str, int, int]]:
    """The field and the offsets of each sentence: the headline, then those of the body."""
    body = Folded(article.body or "")
    return [("headline", 0, len(article.headline or "")), *(("body", *body.span(*at)) for at in sentences(body.text))]


def _sentence(places: Sequence[tuple[str, int, int]], row: CountryMention) -> int:
    return next(n for n, (field, start, end) in enumerate(places) if row.field == field and start <= row.start < end)


def recall(scores: Sequence[Score], part: str, whole: str = "records") -> float:
    """How many of `whole` are `part`."""
    return sum(getattr(one, part) for one in scores) / sum(getattr(one, whole) for one in scores)


def interval(scores: Sequence[Score], part: str, whole: str = "records") -> tuple[float, float]:
    """The 95 % interval of `recall`, articles drawn again."""
    return resampled(scores, lambda drawn: recall(drawn, part, whole), SEED)


def table() -> str:
    """Recall of each half, with intervals, as Markdown."""
    heads = ["half", "articles", "records", "open", "actor's country", "in the sentence or beside it", "pair",
             "force: conflict"]  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for half in HALVES:
        found = scores(half)
        told = [_told(found, "found"), _told(found, "near"), _told(found, "paired", "two"),
                _told(found, "conflict", "force")]  # fmt: skip
        known = sum(one.records for one in found)
        lines.append(f"| {half} | {len(found)} | {known} | {open_records(half)} | {' | '.join(told)} |")
    return "\n".join(lines)


def _told(scores: Sequence[Score], part: str, whole: str = "records") -> str:
    low, high = interval(scores, part, whole)
    return f"{recall(scores, part, whole):.2f} ({low:.2f}–{high:.2f})"


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
            strata[ident.split("/")[0]][(parse(raw["date"] or "").value or "")[:4]].append(ident)
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
