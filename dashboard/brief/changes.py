"""What changed since the week before: which changes are told, and the sentence of each, by rules.

A change weighs its difference by the root of both numbers together, as counts vary by chance by about their root: from
2 to 6 weighs more than from 52 to 56. At most two of a kind are told, at most five in all.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.charts import Bar
from dashboard.weekly import is_small
from dashboard.words import Words

PAIR = " – "
"""Joins the two names of a pair where they stand alone; a sentence says «بين … و…»."""
_MOST, _MOST_OF_A_KIND = 5, 2


@dataclass(frozen=True)
class Change:
    """What is told of an event, pair or theme: its numbers now and before with their marks."""

    kind: str
    bar: Bar

    @property
    def way(self) -> str:
        """Is it new, gone, up or down."""
        if not self.bar.before:
            return "new"
        return "gone" if not self.bar.value else "up" if self.bar.value > self.bar.before else "down"


def greatest(bars: Mapping[str, Sequence[Bar]]) -> tuple[Change, ...]:
    """The changes that weigh most, those of great numbers before small ones; ties by difference, kind and id."""
    moved = [Change(kind, bar) for kind, found in bars.items() for bar in found if bar.value != bar.before]
    out: list[Change] = []
    for change in sorted(moved, key=_rank):
        if sum(1 for one in out if one.kind == change.kind) < _MOST_OF_A_KIND and len(out) < _MOST:
            out.append(change)
    return tuple(out)


def _rank(change: Change) -> tuple[bool, float, int, str, str]:
    now, before = change.bar.value, change.bar.before or 0
    weight = abs(now - before) / math.sqrt(now + before)
    return is_small(change.bar), -round(weight, 9), -abs(now - before), change.kind, change.bar.id


def sentence(change: Change, words: Words, unit: str) -> str:
    """«ارتفع ذكر … من 5 إلى 12 قصة», in the plural form that the number asks for; a small one says so."""
    now = words.n(f"brief.to.{unit}", change.bar.value)
    # «من 5 إلى 12 قصة», but «من 5 قصص إلى صفر»: one of the two numbers bears the noun.
    before = words.n(f"brief.{'from' if change.bar.value else 'to'}.{unit}", change.bar.before or 0)
    name, _, other = change.bar.name.partition(PAIR) if change.kind == "pair" else (change.bar.name, "", "")
    said = words.t(f"brief.{change.kind}.{change.way}", name=words.digits(name), other=other, now=now, before=before)
    return f"{said} {words.t('brief.small')}." if is_small(change.bar) else f"{said}."
