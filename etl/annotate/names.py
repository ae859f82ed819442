"""One automaton over all registered names, with the whole-word check that Arabic needs.

A name counts where only proclitics from a closed set stand before it, and nothing (for a demonym: a suffix from a
closed set) after it. All overlapping occurrences are given; `longest` decides between them.
"""

import bisect
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ahocorasick_rs
import msgspec

from etl.text import fold

PROCLITICS = frozenset(("", "و", "ف", "ب", "ك", "ل", "وب", "وك", "ول", "فب", "فك", "فل"))
WITH_ARTICLE = frozenset(("ال", "وال", "بال", "كال", "فال", "وبال", "فبال", "وكال", "لل", "ولل", "فلل"))
DEMONYM_SUFFIXES = frozenset(("", "ه", "ين", "ون", "ان", "ات", "تين", "تان", "ا", "تي", "تا"))
_LONGEST_PROCLITIC = 4


class Hit(msgspec.Struct, frozen=True):
    """A registered name found in a folded text; the span leaves proclitics out, `before` holds them.

    The article stays in the span of phrases (`Name.article`) and out of that of demonyms.
    """

    start: int
    end: int
    kind: str
    payload: object
    before: str


@dataclass(frozen=True)
class Name:
    """A name to look for. `inflects`: proclitics with the article and the suffixes of demonyms are accepted."""

    surface: str
    kind: str
    payload: object
    article: bool = False
    inflects: bool = False


Ending = tuple[int, int, int]
"""Letters that were looked for and stand at the end of a word of a folded text: start, end, the bits they stand for."""


class Lexicon:
    """One automaton over all names; `find` gives every whole-word occurrence, overlapping ones too."""

    def __init__(self, names: Iterable[Name], endings: Mapping[str, int]) -> None:
        """Build the automaton; `names` may share surfaces. `endings` are folded, with what each stands for."""
        entries: dict[str, list[tuple[Name, bool]]] = {ending: [] for ending in endings}
        for name in names:
            surface = fold(name.surface).strip()
            if surface:
                entries.setdefault(surface, []).append((name, False))
            if surface.startswith("ال"):
                entries.setdefault("لل" + surface[2:], []).append((name, True))
        self._entries = list(entries.values())
        self._bits = list(endings.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(entries), matchkind=ahocorasick_rs.MatchKind.Standard)

    def find(self, text: str) -> tuple[list[Hit], list[Ending]]:
        """Every name in a folded text, by start, then the longer first; every ending, by where it ends."""
        found: list[Hit] = []
        endings: list[Ending] = []
        entries, some = self._entries, len(self._bits)
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            after = _suffix(text, end) if text[end : end + 1].isalnum() else ""
            if after is None:
                continue
            if index < some and not after:
                endings.append((start, end, self._bits[index]))
            before = _proclitic(text, start) if start and text[start - 1].isalnum() else ""
            if before is None:
                continue
            for name, elided in entries[index]:
                if not before and not after:
                    found.append(Hit(start + elided, end, name.kind, name.payload, ""))
                elif _fits(name, before, after, elided=elided):
                    first = start + 1 if elided else start - _article(name, before)
                    found.append(Hit(first, end + len(after), name.kind, name.payload, before))
        found.sort(key=_place)
        return found, endings


def _place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _fits(name: Name, before: str, after: str, *, elided: bool) -> bool:
    if elided:
        return before in {"", "و", "ف"} and not after
    if name.inflects:
        return (before in PROCLITICS or before in WITH_ARTICLE) and after in DEMONYM_SUFFIXES
    return not after and (before in PROCLITICS or (name.article and before in WITH_ARTICLE))


def _article(name: Name, before: str) -> int:
    """How many letters of the article belong to the span: «الهجرة» whole, of «للهجرة» without the preposition."""
    return 0 if not name.article else 2 if before.endswith("ال") else 1 if before.endswith("لل") else 0


def _proclitic(text: str, start: int) -> str | None:
    """The letters glued before, None when they are too many to be proclitics."""
    first = start
    while first > 0 and text[first - 1].isalnum():
        first -= 1
        if start - first > _LONGEST_PROCLITIC:
            return None
    return text[first:start]


def _suffix(text: str, end: int) -> str | None:
    last, size = end, len(text)
    while last < size and text[last].isalnum():
        last += 1
        if last - end > _LONGEST_PROCLITIC:
            return None
    return text[end:last]


def longest(hits: Iterable[Hit], rank: dict[str, int]) -> list[Hit]:
    """Non-overlapping hits: the longest wins, then the lower rank of its kind, then the first; ordered by start."""
    kept: list[Hit] = []
    taken: list[tuple[int, int]] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, rank.get(h.kind, 9), h.start)):
        place = bisect.bisect_left(taken, (hit.start, hit.end))
        clear_left = place == 0 or taken[place - 1][1] <= hit.start
        clear_right = place == len(taken) or taken[place][0] >= hit.end
        if clear_left and clear_right:
            taken.insert(place, (hit.start, hit.end))
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)


@functools.lru_cache(maxsize=256)
def words_before(words: tuple[str, ...]) -> re.Pattern[str]:
    """Matches where one of `words` (each with its article and proclitics) stands directly before a position."""
    choice = "|".join(sorted((re.escape(fold(w)) for w in words), key=len, reverse=True))
    return re.compile(rf"(?<!\w)[وفبكل]{{0,2}}(?:ال|لل)?(?:{choice})\s*$")


@functools.lru_cache(maxsize=256)
def words_after(words: tuple[str, ...]) -> re.Pattern[str]:
    """Matches where one of `words` stands directly after a position."""
    choice = "|".join(sorted((re.escape(fold(w)) for w in words), key=len, reverse=True))
    return re.compile(rf"\s*[وفبكل]{{0,2}}(?:ال|لل)?(?:{choice})(?!\w)")
