"""The built-in annotator against a sample of the Wojood corpus: nested entities in CoNLL, labelled by others.

Wojood knows no codes, its GPE holds towns too and its EVENT anything that happens, so only what both sides mean counts.
Precision: our rows that overlap a gold span of a fitting tag (FITTING); a demonym elsewhere («المدير الأردني») is wrong
by that measure though it names its country. Recall: gold spans whose words the registry has, found with that code or
series; it says nothing of names that the registry lacks. The corpus is not shipped, and none of it stands here.
`python -m tests.quality.wojood` prints the figures and what is wrong or missed.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from etl.annotate import annotate
from etl.annotate.names import PROCLITICS
from etl.annotate.patterns import anywhere
from etl.model import Article, CountryMention, EventMention
from etl.registry import load
from etl.text import fold

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "wojood"
FITTING = {"GPE": frozenset(("GPE", "NORP", "ORG")), "EVENT": frozenset(("EVENT",))}
"""The gold tags that make a row of a layer right: demonyms are NORP, a country's name may stand inside an ORG."""
_ACTORS = frozenset(("person", "organisation"))
_MOST_SHOWN = 15


class Span(NamedTuple):
    """Code points of a sentence, half-open. Gold: `name` is the tag; ours: the rule, and `key` the code or series."""

    start: int
    end: int
    name: str
    key: str | None = None


class Sentence(NamedTuple):
    """The tokens joined by blanks, and the gold spans in the order in which they begin."""

    text: str
    gold: list[Span]


class Case(NamedTuple):
    """A span of one side with its words and its sentence, and the spans of the other side that overlap it."""

    span: Span
    words: str
    text: str
    others: list[Span]


class Tally(NamedTuple):
    """Cases that are as they should be, and those that are not."""

    good: list[Case]
    bad: list[Case]

    @property
    def share(self) -> float | None:
        """The share of the good ones; None where there is nothing to measure."""
        return len(self.good) / (len(self.good) + len(self.bad)) if self.good or self.bad else None


class Figures(NamedTuple):
    """A layer: all gold spans of its tag, our rows right and wrong, gold spans of registered names found and missed."""

    gold: list[Span]
    precision: Tally
    recall: Tally


def sentences() -> Iterator[Sentence]:
    """The sentences of the three files, one after the other. Needs the corpus."""
    for path in sorted(CORPUS.glob("*.txt")):
        yield from parsed(path.read_text("utf-8"))


def parsed(conll: str) -> Iterator[Sentence]:
    """The sentences of a text with a token and its tags a line, outer tags first, and a blank line after each."""
    for block in conll.split("\n\n"):
        text, spans, last = "", [], []
        for token, *tags in filter(None, map(str.split, block.splitlines())):
            start = len(text) + 1 if text else 0
            text = f"{text} {token}" if text else token
            now: list[int] = []
            for prefix, _, tag in (tag.partition("-") for tag in tags if tag != "O"):
                # I- goes on with the outermost span of its tag that this token has not yet gone on with.
                begun = next((n for n in last if spans[n].name == tag and n not in now), None)
                if prefix == "B" or begun is None:
                    begun = len(spans)
                    spans.append(Span(start, len(text), tag))
                spans[begun] = spans[begun]._replace(end=len(text))
                now.append(begun)
            last = now
        if text:
            yield Sentence(text, spans)


def rows(text: str) -> dict[str, list[Span]]:
    """What the annotator says of a text, by layer, but for persons and organisations that stand for a country."""
    said = annotate(Article(body=text), load())
    countries = [row for row in said if isinstance(row, CountryMention) and row.rule not in _ACTORS]
    events = [row for row in said if isinstance(row, EventMention)]
    return {
        "GPE": [Span(row.start, row.end, row.rule, row.code) for row in countries],
        "EVENT": [Span(row.start, row.end, row.rule, row.series_id) for row in events],
    }


def registered(layer: str, words: str) -> set[str]:
    """The code whose name the words are, but for proclitics; the series (or its variants) whose name they contain."""
    text, registry = fold(words), load()
    if layer == "EVENT":
        named = [series for series in registry.series.values() if anywhere(series.names).search(text)]
        return {ident for series in named for ident in (series.id, *(variant.series for variant in series.variants))}
    bare = {text.removeprefix(before) for before in PROCLITICS}
    bare |= {"ال" + one.removeprefix("لل") for one in bare if one.startswith("لل")}
    return {code for code, country in registry.countries.items() if not bare.isdisjoint(map(fold, country.names))}


def measured(texts: Iterable[Sentence]) -> dict[str, Figures]:
    """The figures of both layers on labelled sentences."""
    figures = {layer: Figures([], Tally([], []), Tally([], [])) for layer in FITTING}
    for sentence in texts:
        for layer, ours in rows(sentence.text).items():
            gold, precision, recall = figures[layer]
            for case in _cases(sentence.text, ours, sentence.gold):
                fits = any(other.name in FITTING[layer] for other in case.others)
                (precision.good if fits else precision.bad).append(case)
            labelled = [span for span in sentence.gold if span.name == layer]
            gold += labelled
            for case in _cases(sentence.text, labelled, ours):
                if keys := registered(layer, case.words):
                    (recall.good if any(other.key in keys for other in case.others) else recall.bad).append(case)
    return figures


def _cases(text: str, spans: list[Span], others: list[Span]) -> Iterator[Case]:
    for span in spans:
        beside = [other for other in others if other.start < span.end and span.start < other.end]
        yield Case(span, text[span.start : span.end], text, beside)


def report(figures: dict[str, Figures]) -> str:
    """The figures as Markdown, then what is wrong and missed: each wording once, with its sentence."""
    lines = ["| layer | gold | our rows | right | precision | registered | found | recall |", "|---" * 8 + "|"]
    for layer, (gold, precision, recall) in figures.items():
        lines.append(f"| {layer} | {len(gold)} | {_told(precision)} | {_told(recall)} |")
    for layer, (_, precision, recall) in figures.items():
        every = Counter(case.span.name for case in precision.good + precision.bad)
        right = Counter(case.span.name for case in precision.good)
        inside = Counter("+".join(sorted({o.name for o in case.others})) or "nothing" for case in precision.bad)
        lines += ["", f"{layer}, right by rule: " + ", ".join(f"{rule} {right[rule]}/{n}" for rule, n in every.items())]
        lines += ["", f"{layer}, wrong by gold tag: " + ", ".join(f"{tag} {n}" for tag, n in inside.most_common())]
        for kind, cases in (("wrong", precision.bad), ("missed", recall.bad)):
            once: dict[str, Case] = {}
            for case in cases:
                once.setdefault(case.words, case)
            shown = list(once.values())[:_MOST_SHOWN]
            lines += ["", f"{layer}, {kind}: {len(cases)}", ""]
            lines += [f"- {c.words} ({c.span.name}, {c.span.key or 'no code'}): {c.text}" for c in shown]
    return "\n".join(lines) + "\n"


def _told(tally: Tally) -> str:
    share = "–" if tally.share is None else f"{tally.share:.3f}"
    return f"{len(tally.good) + len(tally.bad)} | {len(tally.good)} | {share}"


if __name__ == "__main__":
    sys.stdout.write(report(measured(sentences())))
