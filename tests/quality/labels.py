"""What readers labelled, and how two labellings of the same texts are compared.

A label file is JSONL, a line a text: id, events (series, event or null, quotes), countries (code, role, quotes), pairs
(a, b, relation, direction, quote), themes (theme, quotes), dates (quote, from, to, precision, basis), note. A quote
stands in the text letter for letter. `reader-a` and `reader-b` worked apart; `settled` is what a third reading left.
"""

import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.model import Annotation, CountryMention, DateExpression, EventMention, PairMention, ThemeMention

Pair = tuple[str, str]
Items = frozenset[Any]
Counts = tuple[int, int, int]
"""Right, wrong, missed."""

TIERS = {"strong": ("strong",), "strong and medium": ("strong", "medium")}
_RESAMPLES = 1_000


@dataclass(frozen=True)
class Label:
    """What one reader, or the annotator, says of one text. `dates` holds (words, first day, last day)."""

    events: Items
    countries: Items
    pairs: Items
    cohosts: Items
    relations: Mapping[Pair, frozenset[str]]
    themes: Items
    dates: tuple[tuple[str, str | None, str | None], ...]


def read(path: Path) -> dict[str, Label]:
    """The labels of a file by the text's id."""
    with path.open(encoding="utf-8") as lines:
        return {raw["id"]: of_raw(raw) for raw in map(json.loads, lines)}


def of_raw(raw: Mapping[str, Any]) -> Label:
    """A line of a label file as a label."""
    stated: dict[Pair, set[str]] = {}
    for pair in raw["pairs"]:
        stated.setdefault((pair["a"], pair["b"]), set()).add(pair["relation"])
    return of_parts(
        events=[one["event"] or f"{one['series']}?" for one in raw["events"]],
        countries=[one["code"] for one in raw["countries"]],
        stated=stated,
        themes=[one["theme"] for one in raw["themes"]],
        dates=[(one["quote"], one.get("from"), one.get("to")) for one in raw["dates"]],
    )


def of_rows(rows: Iterable[Annotation], tiers: Sequence[str]) -> Label:
    """What the annotator's rows say of a text: pairs of these tiers; countries and dates above weak."""
    rows = list(rows)
    stated: dict[Pair, set[str]] = {}
    for row in rows:
        if isinstance(row, PairMention) and row.tier in tiers:
            stated.setdefault((row.a, row.b), set()).add(row.relation)
    return of_parts(
        events=[row.event_id or f"{row.series_id}?" for row in rows if isinstance(row, EventMention)],
        countries=[row.code for row in rows if isinstance(row, CountryMention) and row.code and row.tier != "weak"],
        stated=stated,
        themes=[row.theme_id for row in rows if isinstance(row, ThemeMention)],
        dates=[(r.text, r.value_from, r.value_to) for r in rows if isinstance(r, DateExpression) and r.tier != "weak"],
    )


def of_parts(
    *,
    events: Iterable[str],
    countries: Iterable[str],
    stated: Mapping[Pair, set[str]],
    themes: Iterable[str],
    dates: Iterable[tuple[str, str | None, str | None]],
) -> Label:
    """A label; a pair that is only named as joint hosts counts among the hosts, not among the dealings."""
    dealings = {pair: frozenset(told - {"cohost"}) for pair, told in stated.items() if told != {"cohost"}}
    return Label(
        frozenset(events),
        frozenset(countries),
        frozenset(dealings),
        frozenset(pair for pair, told in stated.items() if "cohost" in told),
        dealings,
        frozenset(themes),
        tuple(dates),
    )


LAYERS: dict[str, Callable[[Label], Items]] = {
    "events": lambda label: label.events,
    "countries": lambda label: label.countries,
    "pairs": lambda label: label.pairs,
    "joint hosts": lambda label: label.cohosts,
    "themes": lambda label: label.themes,
}


def compared(gold: Mapping[str, Label], other: Mapping[str, Label], layer: str) -> list[Counts]:
    """Right, wrong and missed of `other` in each text of `gold`, in the order of their ids."""
    told = LAYERS[layer]
    return [_counts(told(gold[key]), told(other[key])) for key in sorted(gold)]


def _counts(gold: Items, other: Items) -> Counts:
    return len(gold & other), len(other - gold), len(gold - other)


def relations(gold: Mapping[str, Label], other: Mapping[str, Label]) -> list[Counts]:
    """Of the pairs that both state: the same relation, another one."""
    out = []
    for key in sorted(gold):
        both = gold[key].relations.keys() & other[key].relations.keys()
        same = sum(bool(gold[key].relations[pair] & other[key].relations[pair]) for pair in both)
        out.append((same, len(both) - same, 0))
    return out


def dates(gold: Mapping[str, Label], other: Mapping[str, Label]) -> list[Counts]:
    """Expressions with a value: the same days; others, or a value for what is open or no date; none where gold has."""
    return [_dates(gold[key].dates, other[key].dates) for key in sorted(gold)]


def _dates(gold: Sequence[tuple[str, str | None, str | None]], other: Sequence[Any]) -> Counts:
    right = wrong = missed = 0
    for words, first, last in gold:
        said = [(a, b) for quote, a, b in other if a and (quote in words or words in quote)]
        if (first, last or first) in said:
            right += 1
        elif said:
            wrong += 1
        elif first:
            missed += 1
    gold_words = [words for words, _, _ in gold]
    invented = sum(bool(a) and not any(q in words or words in q for words in gold_words) for q, a, _ in other)
    return right, wrong + invented, missed


def f1(counts: Iterable[Counts]) -> tuple[float, float, float]:
    """Precision, recall and F1 over all texts together; 0 where there is nothing to be right about."""
    rows = list(counts)
    right, wrong, missed = (sum(row[n] for row in rows) for n in range(3))
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    return precision, recall, 2 * right / (2 * right + wrong + missed) if right else 0.0


def interval(counts: Sequence[Counts], seed: int = 2025) -> tuple[float, float]:
    """The 95 % interval of F1: texts drawn again with replacement, a thousand times, by a seed."""
    chance = random.Random(seed)
    found = sorted(f1(chance.choices(counts, k=len(counts)))[2] for _ in range(_RESAMPLES))
    return found[int(0.025 * _RESAMPLES)], found[int(0.975 * _RESAMPLES) - 1]
