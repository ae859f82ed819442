"""Which pairs of articles are labelled as copies of one text or not: drawn by a seed from several strata.

`python -m tests.quality.copies OUT.txt` draws them and writes what a reader needs to judge each: headlines, days,
and the two texts with what they share marked. The label files hold ids, stratum and label, and none of the words:
`tuning` was open while the rules were made, `set-aside` and `fourth` were scored when a change was finished, `left-out`
are pairs of the second and third draw that their labeller had met, `fifth` was read before it was scored.
docs/stories.md says what a copy is. The draws know nothing of etl.gather: they count common runs of three words and
words in one order.
"""

import bisect
import collections
import datetime as dt
import difflib
import functools
import itertools
import json
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from etl.model import Article
from etl.text import key
from tests.quality import news

FOLDER = news.GOLD.parent / "copies"
SEEDS = (20261129, 20261203, 20261204)
"""Each draw leaves out every text that stands in those before it. The first two became the pairs for tuning."""

_RUN, _COMMON, _FEWEST = 3, 400, 4
"""Words of a run; a run in more texts says nothing; texts with fewer common runs are no candidates."""


class Pair(NamedTuple):
    """Two articles by id, in the order of ids, and the stratum that they were drawn from."""

    a: str
    b: str
    stratum: str


class Seen(NamedTuple):
    """What the draw knows of an article: its outlet, day, folded headline, folded body, runs of words."""

    outlet: str
    day: dt.date | None
    headline: str
    body: str
    runs: frozenset[str]


WANTED = {
    "same text": (16, 12, 24),
    "two outlets, most in common": (70, 60, 120),
    "two outlets, some in common": (40, 30, 60),
    "two outlets, little in common": (24, 16, 32),
    "one outlet, nearly all in common": (44, 36, 72),
    "one outlet, most in common": (44, 36, 72),
    "one outlet, some in common": (34, 24, 32),
    "one outlet, little in common": (20, 12, 12),
    "same headline, other text": (20, 12, 12),
    "like headlines of one day": (24, 16, 16),
    "one day": (10, 6, 6),
}
"""Stratum: how many pairs of it are drawn at most, by draw. The third took what was left of the rare ones."""

FOURTH_SEED = 202611294
FOURTH = {
    "two outlets, one article known": 40,
    "one outlet, one article known": 64,
    "one outlet, half the words": 90,
    "one outlet, a quarter of the runs": 20,
    "one outlet, half the words, later": 20,
    "two outlets, little in common": 20,
    "like headlines of one day": 12,
    "same text": 20,
}
"""Stratum of the fourth draw: how many pairs of it are drawn at most. Three draws took every pair with most in common:
what is left shares half of the shorter text's words in their order, or sets a new article beside a known one."""


FIFTH_SEED = 202611295
FIFTH = {"not yet read, most of the words": 82, "not yet read, half the words": 40}
"""Stratum of the fifth draw: how many pairs of it are drawn; of the first all. Draws left pairs of known articles."""
TOLD_APART = "found by one of two rules"
"""Stratum of three pairs more that the rule before or the rule after joined, and not both."""
_BEFORE_FIFTH, _NEAR = ("tuning", "set-aside", "fourth", "left-out"), 3


def drawn() -> list[list[Pair]]:
    """The pairs of the first three draws; no article stands in two pairs. Needs the corpus."""
    seen, found, used = _seen(), [], set()
    for turn, seed in enumerate(SEEDS):
        chance = random.Random(seed)
        told = itertools.chain(_alike(seen), _headlines(seen), _of_a_day(seen, chance))
        found.append(_drawn(told, {name: wanted[turn] for name, wanted in WANTED.items()}, chance, used))
        used |= _printed_again(seen, used)
    return found


def drawn_fourth() -> list[Pair]:
    """The pairs of the fourth draw: articles of no earlier draw, but for one of each pair in the strata «known».

    No article stands in two of them. Needs the corpus.
    """
    seen = _seen()
    used = {ident for pairs in drawn() for pair in pairs for ident in (pair.a, pair.b)}
    return _drawn(_left(seen, used | _printed_again(seen, used)), FOURTH, random.Random(FOURTH_SEED), set())


def drawn_fifth() -> list[Pair]:
    """The pairs of the fifth draw, at most 3 days apart, of which none is labelled; an article may stand in several.

    Needs the corpus.
    """
    seen, chance = _seen(), random.Random(FIFTH_SEED)
    known = {frozenset((one["a"], one["b"])) for name in _BEFORE_FIFTH for one in labels(name)}
    strata: dict[str, list[Pair]] = {name: [] for name in FIFTH}
    for name, (a, b) in _alike(seen):
        if name == "same text" or frozenset((a, b)) in known or _days(seen[a], seen[b]) > _NEAR:
            continue
        words = _in_order(seen[a].body.split(), seen[b].body.split())
        if words >= 0.5:
            most = "not yet read, most of the words" if words >= 0.65 else "not yet read, half the words"
            strata[most].append(Pair(min(a, b), max(a, b), most))
    found = [pair for name, wanted in FIFTH.items() for pair in chance.sample(sorted(strata[name]), wanted)]
    chance.shuffle(found)
    return found


def _printed_again(seen: dict[str, Seen], idents: set[str]) -> set[str]:
    bodies = {seen[ident].body for ident in idents}
    return {ident for ident, one in seen.items() if one.body in bodies}


def _drawn(
    told: Iterable[tuple[str, tuple[str, str]]], most: dict[str, int], chance: random.Random, used: set[str]
) -> list[Pair]:
    strata: dict[str, list[tuple[str, str]]] = {name: [] for name in most}
    for name, pair in told:
        strata[name].append(pair)
    found = []
    for name, wanted in most.items():
        pairs, taken = sorted(set(strata[name])), 0
        chance.shuffle(pairs)
        for a, b in pairs:
            if taken < wanted and not {a, b} & used:
                found.append(Pair(a, b, name))
                used |= {a, b}
                taken += 1
    chance.shuffle(found)
    return found


def _seen() -> dict[str, Seen]:
    found = {}
    for ident, article in every().items():
        body = key(article.body or "")
        words = body.split()
        runs = frozenset(" ".join(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1)))
        day = dt.date.fromisoformat(article.published[:10]) if article.published else None
        found[ident] = Seen(ident.split("/")[0], day, key(article.headline or ""), body, runs)
    return found


@functools.cache
def every() -> dict[str, Article]:
    """All articles of the corpus that have a text, by id; the file's name stands for the outlet."""
    found = news.every()
    return {ident: replace(one, publisher=ident.split("/")[0]) for ident, one in found.items() if one.body}


def labels(name: str) -> list[dict[str, Any]]:
    """The labelled pairs of a set, as its file is called: a, b, stratum, copy, doubt (two readings differ)."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


def _alike(seen: dict[str, Seen]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Pairs by the share of the shorter text's runs that the longer one has, too."""
    holders: dict[str, list[str]] = collections.defaultdict(list)
    first: dict[str, str] = {}
    for ident, one in sorted(seen.items()):
        same = first.setdefault(one.body, ident)
        if same != ident:
            yield "same text", (same, ident)
            continue
        for run in one.runs:
            holders[run].append(ident)
    common: collections.Counter[tuple[str, str]] = collections.Counter()
    for idents in holders.values():
        if len(idents) <= _COMMON:
            common.update(itertools.combinations(idents, 2))
    for (a, b), n in common.items():
        share = n / min(len(seen[a].runs), len(seen[b].runs))
        if n >= _FEWEST and (name := _stratum(seen[a], seen[b], share)):
            yield name, (a, b)


def _stratum(a: Seen, b: Seen, share: float) -> str | None:
    if a.outlet != b.outlet:
        if share >= 0.2:
            return "two outlets, most in common" if share >= 0.5 else "two outlets, some in common"
        return "two outlets, little in common" if share >= 0.05 and _days(a, b) <= 1 else None
    bounds = {0.7: "nearly all", 0.5: "most", 0.3: "some", 0.15: "little"}
    return next((f"one outlet, {name} in common" for least, name in bounds.items() if share >= least), None)


def _days(a: Seen, b: Seen) -> float:
    return abs((a.day - b.day).days) if a.day and b.day else float("inf")


def _headlines(seen: dict[str, Seen]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Pairs of one headline over two texts, and of like headlines within a day over texts with little in common."""
    by_day: dict[dt.date, list[str]] = collections.defaultdict(list)
    same: dict[str, list[str]] = collections.defaultdict(list)
    for ident, one in sorted(seen.items()):
        if one.day and one.headline:
            by_day[one.day].append(ident)
            same[one.headline].append(ident)
    for idents in same.values():
        for a, b in itertools.combinations(idents[:12], 2):
            if _share(seen[a].runs, seen[b].runs) < 0.5:
                yield "same headline, other text", (a, b)
    for day, idents in by_day.items():
        near = [*idents, *by_day.get(day + dt.timedelta(1), [])]
        for a, b in ((a, b) for a in idents for b in near if a < b):
            words = [frozenset(seen[one].headline.split()) for one in (a, b)]
            if _share(*words) >= 0.4 and _share(seen[a].runs, seen[b].runs) < 0.3:
                yield "like headlines of one day", (a, b)


def _left(seen: dict[str, Seen], used: set[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Pairs of which at most one is used, in the strata of the fourth draw."""
    for name, (a, b) in itertools.chain(_alike(seen), _headlines(seen)):
        known = len({a, b} & used)
        if known == 0 and name in FOURTH:
            yield name, (a, b)
        elif known < 2 and (found := _wider(seen[a], seen[b], is_known=known == 1)):
            yield found, (a, b)


def _wider(a: Seen, b: Seen, *, is_known: bool) -> str | None:
    share, near, words = _share(a.runs, b.runs), _days(a, b) <= 3, _in_order(a.body.split(), b.body.split())
    if a.outlet != b.outlet:
        return "two outlets, one article known" if is_known and share >= 0.2 else None
    if words >= 0.5:
        if is_known:
            return "one outlet, one article known" if near else None
        return "one outlet, half the words" if near else "one outlet, half the words, later"
    return "one outlet, a quarter of the runs" if near and share >= 0.25 and not is_known else None


def _in_order(a: list[str], b: list[str]) -> float:
    """The share of the shorter text's words that stand in both in one order (the longest common subsequence)."""
    places: dict[str, list[int]] = collections.defaultdict(list)
    for at, word in enumerate(b):
        places[word].insert(0, at)
    ends: list[int] = []
    for at in itertools.chain.from_iterable(places.get(word, []) for word in a):
        place = bisect.bisect_left(ends, at)
        ends[place : place + 1] = [at]
    return len(ends) / min(len(a), len(b))


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b))


def _of_a_day(seen: dict[str, Seen], chance: random.Random) -> Iterator[tuple[str, tuple[str, str]]]:
    ids = sorted(seen)
    by_day: dict[dt.date | None, list[str]] = collections.defaultdict(list)
    for ident in ids:
        by_day[seen[ident].day].append(ident)
    for a in chance.sample(ids, 100):
        b = chance.choice(by_day[seen[a].day])
        if a != b:
            yield "one day", (min(a, b), max(a, b))


def written(pairs: Iterable[Pair], articles: dict[str, Article]) -> Iterator[str]:
    """The pairs for a reader: what both texts share is cut to its beginning and its number of words."""
    for number, (a, b, stratum) in enumerate(pairs, 1):
        yield f"##### {number} {stratum}"
        for side, one in (("A", articles[a]), ("B", articles[b])):
            yield f"{side} {(one.published or '')[:16]} {one.headline}"
        yield from _beside(key(articles[a].body or "").split(), key(articles[b].body or "").split())
        yield ""


def _beside(a: list[str], b: list[str]) -> Iterator[str]:
    left, right = [], []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            left.append(" ".join(a[i1:i2]) if i2 - i1 < 5 else f"{a[i1]} {a[i1 + 1]} ={i2 - i1}= {a[i2 - 1]}")
            right.append(f"={i2 - i1}=" if i2 - i1 > 1 else a[i1])
        else:
            left.append(f"[{_cut(a[i1:i2])}]" if i2 > i1 else "")
            right.append(f"[{_cut(b[j1:j2])}]" if j2 > j1 else "")
    for side, words in ((left, a), (right, b)):
        yield f"  {len(words)}: {' '.join(filter(None, side))[:560]}"


def _cut(words: list[str]) -> str:
    return (
        " ".join(words) if len(words) <= 22 else f"{' '.join(words[:15])} (+{len(words) - 19}) {' '.join(words[-4:])}"
    )


if __name__ == "__main__":
    for number, pairs in enumerate([*drawn(), drawn_fourth(), drawn_fifth()], 1):
        Path(f"{sys.argv[1]}-{number}.txt").write_text("\n".join(written(pairs, every())), "utf-8")
        ids = "".join(json.dumps(pair._asdict()) + "\n" for pair in pairs)
        Path(f"{sys.argv[1]}-{number}.jsonl").write_text(ids, "utf-8")
