"""How well copies are told from the rest; `python -m tests.quality.scored_copies` writes the tables of docs/stories.md.

Three figures that are kept apart: pairs that a reader labelled, the sample's declared copies, and cases made by a rule.
"""

import datetime as dt
import functools
import hashlib
import itertools
import random
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import duckdb
from msgspec.structs import replace

from etl.gather import alike, signature
from etl.gather.candidates import gather_all, sketches
from etl.model import Article
from etl.quality import f1
from tests.forms import FORMS
from tests.quality import copies, news, sample

PAGE = sample.ROOT / "docs" / "stories.md"
SETS = ("tuning", "set-aside", "fourth", "left-out")
"""The sets on which the rule of today was chosen."""
UNSEEN = "fifth"
"""Read before it was scored; one bound was added after that."""
_ROUNDS, _SEED = 1_000, 20261202
_SAID_AS_COPY = frozenset(("exact", "cut"))
"""Kinds of tests/quality/sample/copies.toml that are copies as docs/stories.md means it."""


class Judged(NamedTuple):
    """A pair as the readers and as the program have it; `is_doubtful`: two readings differ, or no label fits alone."""

    stratum: str
    is_copy: bool
    is_found: bool
    is_doubtful: bool = False


def digest(name: str) -> str:
    """SHA-256 of the labels of a set."""
    return hashlib.sha256((copies.FOLDER / f"{name}.jsonl").read_bytes()).hexdigest()


@functools.cache
def stories() -> dict[str, str]:
    """The story of every article of the corpus, gathered as a store gathers them. Needs the corpus."""
    signed = ((key, ident, signature(one)) for key, (ident, one) in enumerate(sorted(copies.every().items())))
    with duckdb.connect() as connection:
        connection.register("signed", sketches(signed))
        connection.execute("CREATE TABLE sketch AS FROM signed")
        gather_all(connection)
        told = connection.execute("SELECT article_id, story_id FROM gathered JOIN sketch USING (article_key)")
        return dict(told.fetchall())


@functools.cache
def labelled(name: str) -> list[Judged]:
    """The labelled pairs of a set; found are those of one story. Needs the corpus."""
    story = stories()
    return [
        Judged(one["stratum"], one["copy"], story[one["a"]] == story[one["b"]], one["doubt"])
        for one in copies.labels(name)
    ]


@functools.cache
def of_sample() -> list[Judged]:
    """Every pair of articles of the sample: declared copies by their kind, all others apart."""
    declared = {frozenset((ident, of)): kind for ident, (of, kind) in sample.copies().items()}
    signatures = {ident: signature(article) for ident, article in sample_articles().items()}
    return [
        Judged(kind, kind in _SAID_AS_COPY, alike(signatures[a], signatures[b]) is not None)
        for a, b in itertools.combinations(sorted(signatures), 2)
        for kind in [declared.get(frozenset((a, b)), "not declared")]
    ]


def sample_articles() -> dict[str, Article]:
    """The sample's articles by id, copies and all."""
    fields = ("article_id", "headline", "body", "published", "publisher", "carrier")
    return {raw["article_id"]: Article(**{name: raw[name] for name in fields}) for raw in sample.records()}


Change = Callable[[Article, Article], Article]
"""Makes of an article, and another for material, what is judged against it."""

_NAME = re.compile(r"\w{5,}")


def _of_words(article: Article, words: Sequence[str], **changed: str | None) -> Article:
    return replace(article, body=" ".join(words), **changed)


def _cut(share: float) -> Change:
    def cut(a: Article, _: Article) -> Article:
        words = (a.body or "").split()
        return _of_words(a, words[: int(len(words) * share)], publisher="مجلة أخرى")

    return cut


def _respelt(a: Article, b: Article) -> Article:
    """Long words lose their inner ya and write jim for ghain, as foreign names do from paper to paper."""
    body = _NAME.sub(lambda word: word[0][0] + word[0][1:-1].replace("ي", "") + word[0][-1], a.body or "")
    return replace(a, body=body.replace("غ", "ج"), publisher=b.publisher)


def _other_news(a: Article, b: Article) -> Article:
    """The next day the same outlet reports something else, and the older half of the text is background."""
    new, old = (b.body or "").split(), (a.body or "").split()
    day = dt.date.fromisoformat((a.published or "")[:10]) + dt.timedelta(1)
    return _of_words(a, new[: len(old) // 2] + old[len(old) // 2 :], published=str(day))


CHANGES: dict[str, tuple[bool, Change]] = {
    "another headline, another outlet": (True, lambda a, b: replace(a, headline=b.headline, publisher=b.publisher)),
    "other agency lines": (True, lambda a, b: replace(
        a, publisher=b.publisher, body=f"{b.publisher} – وكالات. {a.body} وفق ما أوردته {b.publisher} في خبر لها.")),
    "cut to its first half": (True, _cut(0.5)),
    "cut to its first third": (True, _cut(0.34)),
    "names spelt in another way": (True, _respelt),
    "one figure corrected": (True, lambda a, _: replace(
        a, body=re.sub(r"\d+", lambda n: str(int(n[0]) + 1), a.body or "", count=1))),
    "next day, other news, half the text again": (False, _other_news),
    "an article of the same outlet": (False, lambda a, b: replace(b, publisher=a.publisher, published=a.published)),
}  # fmt: skip
"""What is done to a text, and whether it then still is a copy."""


@functools.cache
def derived() -> dict[str, tuple[bool, int, int]]:
    """Cases made by a rule: whether they are copies, how many there are, how many are found to be copies."""
    texts = [a for a in sample_articles().values() if len((a.body or "").split()) >= 60 and a.published]
    texts = [a for a in texts if a.article_id not in sample.copies()]
    told = {}
    for name, (is_copy, change) in CHANGES.items():
        found = [alike(signature(a), signature(change(a, b))) is not None for a, b in itertools.pairwise(texts)]
        told[name] = is_copy, len(found), sum(found)
    forms = [
        alike(*(signature(Article(body=text, published="2025-03-01", publisher=who)) for text, who in pair)) is not None
        for filled in FORMS.values()
        for pair in itertools.combinations(itertools.product(filled, ("منبر", "صوت")), 2)
        if pair[0][0] != pair[1][0]
    ]
    return told | {"one form filled anew, the same day": (False, len(forms), sum(forms))}


def counts(judged: list[Judged]) -> tuple[int, int, int]:
    """Copies found, others taken for copies, copies missed."""
    right = sum(one.is_copy and one.is_found for one in judged)
    return right, sum(one.is_found for one in judged) - right, sum(one.is_copy for one in judged) - right


def interval(judged: list[Judged]) -> tuple[tuple[float, float], tuple[float, float]]:
    """The middle 95 % of precision and of recall where the pairs are drawn again with replacement, by a fixed seed."""
    chance = random.Random(_SEED)
    rounds = [f1([counts(chance.choices(judged, k=len(judged)))])[:2] for _ in range(_ROUNDS)]
    low, high = _ROUNDS // 40, _ROUNDS - _ROUNDS // 40 - 1
    precision, recall = (sorted(values) for values in zip(*rounds, strict=True))
    return (precision[low], precision[high]), (recall[low], recall[high])


def table(sets: dict[str, list[Judged]]) -> str:
    """Precision and recall of each set, with counts and intervals, as Markdown."""
    lines = [
        "| pairs | number | copies | found | wrong | missed | precision | recall |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, judged in sets.items():
        right, wrong, missed = counts(judged)
        precision, recall, _ = f1([(right, wrong, missed)])
        p, r = interval(judged) if len(judged) < 10_000 else (None, None)
        lines.append(f"| {name} | {len(judged)} | {right + missed} | {right} | {wrong} | {missed} "
                     f"| {precision:.2f}{_between(p)} | {recall:.2f}{_between(r)} |")  # fmt: skip
    return "\n".join(lines)


def _between(bounds: tuple[float, float] | None) -> str:
    return f" ({bounds[0]:.2f}–{bounds[1]:.2f})" if bounds else ""


def strata(judged: list[Judged]) -> str:
    """What was found in each stratum, as Markdown."""
    lines = ["| stratum | pairs | copies | found | wrong |", "|---|---|---|---|---|"]
    for name, group in itertools.groupby(sorted(judged), key=lambda one: one.stratum):
        of = list(group)
        right, wrong, missed = counts(of)
        lines.append(f"| {name} | {len(of)} | {right + missed} | {right} | {wrong} |")
    return "\n".join(lines)


def made() -> str:
    """The table of `derived`."""
    lines = ["| what was done | a copy | cases | found to be copies |", "|---|---|---|---|"]
    lines += [
        f"| {name} | {'yes' if is_copy else 'no'} | {n} | {found} |" for name, (is_copy, n, found) in derived().items()
    ]
    return "\n".join(lines)


def _sure(judged: list[Judged]) -> list[Judged]:
    return [one for one in judged if not one.is_doubtful]


def written(page: str) -> str:
    """The page with its tables made anew; what needs the corpus stays as it is where that is missing."""
    blocks = {"sample": table({"sample": of_sample()}), "sample kinds": strata(of_sample()), "derived": made()}
    if news.CORPUS.is_dir():
        sets = {name: labelled(name) for name in SETS}
        sets["all"] = list(itertools.chain(*sets.values()))
        sure = {f"{name}, doubtful left out": _sure(sets[name]) for name in ("fourth", "all")}
        fifth = {UNSEEN: labelled(UNSEEN), f"{UNSEEN}, doubtful left out": _sure(labelled(UNSEEN))}
        blocks |= {"labelled": table(sets | sure), "strata": strata(sets["all"])}
        blocks |= {"fifth": table(fifth), "fifth strata": strata(labelled(UNSEEN))}
        blocks |= {f"{name} digest": f"`{digest(name)}`" for name in (*SETS, UNSEEN)}
    for name, told in blocks.items():
        text = f"\n{told}\n" if "\n" in told else told
        place = re.compile(rf"(<!-- {name} -->).*?(<!-- / -->)", re.DOTALL)
        page = place.sub(lambda found, text=text: found[1] + text + found[2], page)
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
