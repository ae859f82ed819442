"""How good annotations are: an annotator's rows against those of a reader, layer by layer.

Gold is any rasd-article/1 file whose articles bear rows of a person (`analyst:…`): an analyst's own labels measure an
annotator as well as ours do. Items count once a text: an edition (or a series left open), a country, a pair whatever
its relation, a theme. Joint hosting is no dealing and is counted apart. Dates are counted one by one.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from etl.model import Annotation, CountryMention, DateExpression, EventMention, PairMention, ThemeMention

Pair = tuple[str, str]
Items = frozenset[Any]
Counts = tuple[int, int, int]
"""Right, wrong, missed."""

TIERS = {"strong": ("strong",), "strong and medium": ("strong", "medium")}
_RESAMPLES = 1_000
T = TypeVar("T")


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
    return [_dates(gold[key], other[key]) for key in sorted(gold)]


def _dates(gold: Label, other: Label) -> Counts:
    kinds = [kind for _, _, kind in date_errors(gold, other)]
    wrong, missed = kinds.count("wrong"), kinds.count("missed")
    right = sum(_is_said(date, other) for date in gold.dates)
    return right, wrong, missed


def _said_of(words: str, other: Label) -> list[tuple[str, str | None]]:
    return [(first, last) for quote, first, last in other.dates if first and (quote in words or words in quote)]


def _is_said(date: tuple[str, str | None, str | None], other: Label) -> bool:
    words, first, last = date
    return (first, last or first) in _said_of(words, other)


def date_errors(gold: Label, other: Label) -> Iterator[tuple[str, str, str]]:
    """Words, days and kind: «wrong» for other days, for days of what is open and of what is no date; «missed»."""
    for date in gold.dates:
        words, first, last = date
        said = _said_of(words, other)
        if said and not _is_said(date, other):
            yield words, f"{'..'.join(str(day) for day in said[0])}, not {first}..{last or first}", "wrong"
        elif first and not said:
            yield words, f"{first}..{last or first}", "missed"
    known = [words for words, _, _ in gold.dates]
    for quote, first, last in other.dates:
        if first and not any(quote in words or words in quote for words in known):
            yield quote, f"{first}..{last}", "wrong"


def f1(counts: Iterable[Counts]) -> tuple[float, float, float]:
    """Precision, recall and F1 over all texts together; 0 where there is nothing to be right about."""
    rows = list(counts)
    right, wrong, missed = (sum(row[n] for row in rows) for n in range(3))
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    return precision, recall, 2 * right / (2 * right + wrong + missed) if right else 0.0


def interval(counts: Sequence[Counts], seed: int = 2025) -> tuple[float, float]:
    """The 95 % interval of F1, as `resampled` draws it."""
    return resampled(counts, lambda drawn: f1(drawn)[2], seed)


def resampled(texts: Sequence[T], measure: Callable[[list[T]], float], seed: int) -> tuple[float, float]:
    """The 95 % interval of a measure: texts drawn again with replacement, a thousand times, by a seed."""
    chance = random.Random(seed)  # noqa: S311 -- chance with a seed draws texts, no secrets
    found = sorted(measure(chance.choices(texts, k=len(texts))) for _ in range(_RESAMPLES))
    return found[int(0.025 * _RESAMPLES)], found[int(0.975 * _RESAMPLES) - 1]


def counted(
    gold: Mapping[str, Label], strong: Mapping[str, Label], medium: Mapping[str, Label]
) -> dict[str, list[Counts]]:
    """Right, wrong and missed of each text by layer: pairs at the strong tier and with the medium one."""
    return {
        "events": compared(gold, strong, "events"),
        "countries": compared(gold, strong, "countries"),
        "pairs, strong": compared(gold, strong, "pairs"),
        "pairs, strong and medium": compared(gold, medium, "pairs"),
        "joint hosts": compared(gold, strong, "joint hosts"),
        "themes": compared(gold, strong, "themes"),
        "dates above weak": dates(gold, strong),
    }


_HEAD = "| layer | labelled | precision | recall | F1 | 95 % of F1 |\n|---|---|---|---|---|---|"


def table(gold: Mapping[str, Label], strong: Mapping[str, Label], medium: Mapping[str, Label]) -> str:
    """The Markdown table of `counted`, and how often a right pair has the right relation."""
    same = relations(gold, medium)
    right, other = sum(c[0] for c in same), sum(c[1] for c in same)
    lines = [_row(name, counts) for name, counts in counted(gold, strong, medium).items()]
    lines.append(f"| relation of a right pair | {right + other} | {right / ((right + other) or 1):.2f} | – | – | – |")
    return "\n".join([_HEAD, *lines])


def _row(name: str, counts: list[Counts]) -> str:
    precision, recall, score = f1(counts)
    low, high = interval(counts)
    labelled = sum(c[0] + c[2] for c in counts)
    return f"| {name} | {labelled} | {precision:.2f} | {recall:.2f} | {score:.2f} | {low:.2f}–{high:.2f} |"
