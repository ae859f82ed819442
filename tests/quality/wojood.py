"""The built-in annotator against a sample of the Wojood corpus, whose entities others labelled: nested, CoNLL.

Wojood's GPE holds towns and its EVENT any event, and it knows no codes: only what both sides mean is compared.
Precision of a layer: our rows that overlap a gold span of a fitting tag; a demonym is NORP there, and a country's name
may stand in the name of an organisation. Recall: the gold spans that a plain registered name makes ours, with the code
or series of that name. So precision sees no wrong code, and recall no name that the registry lacks or doubts.
`python -m tests.quality.wojood` prints the figures and what is wrong. The corpus is not shipped: none of it stands here.
"""

import functools
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from etl.annotate import annotate, cues
from etl.annotate.names import PROCLITICS
from etl.model import Article, CountryMention, EventMention
from etl.registry import load
from etl.text import fold

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "wojood"
FITTING = {"GPE": frozenset(("GPE", "NORP", "ORG")), "EVENT": frozenset(("EVENT",))}
"""The layers, and the gold tags whose spans make a row of ours right."""
_ACTORS = frozenset(("person", "organisation"))
_MOST_SHOWN = 15


class Span(NamedTuple):
    """A tagged stretch of a sentence, half-open in its code points; of ours, `tag` is the layer and `key` what it names."""

    start: int
    end: int
    tag: str
    key: str | None = None

    def overlaps(self, other: "Span") -> bool:
        """Do they share a letter."""
        return self.start < other.end and other.start < self.end


class Sentence(NamedTuple):
    """A sentence, its tokens joined by blanks, with its gold spans and our rows."""

    text: str
    gold: tuple[Span, ...]
    rows: tuple[Span, ...]


class Figures(NamedTuple):
    """One layer: all gold spans, ours right and wrong, gold spans of registered names found and missed."""

    gold: int
    right: list[tuple[Sentence, Span]]
    wrong: list[tuple[Sentence, Span]]
    found: list[tuple[Sentence, Span]]
    missed: list[tuple[Sentence, Span]]

    @property
    def precision(self) -> float:
        """The share of our rows that are right."""
        return len(self.right) / max(1, len(self.right) + len(self.wrong))

    @property
    def recall(self) -> float:
        """The share of the gold spans of registered names that are found."""
        return len(self.found) / max(1, len(self.found) + len(self.missed))
