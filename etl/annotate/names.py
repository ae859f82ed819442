"""One automaton over all registered names, with the whole-word check that Arabic needs.

A name counts where only proclitics from a closed set stand before it, and nothing (for a demonym: a suffix from a
closed set) after it. All overlapping occurrences are given; `longest` decides between them.
"""

import bisect
import functools
import operator
import re
from collections.abc import Iterable, Mapping

import ahocorasick_rs

from etl.text import IS_OF_A_WORD, LETTER, OTHER, Folded, fold, spelled

PROCLITICS = frozenset(("", "و", "ف", "ب", "ك", "ل", "وب", "وك", "ول", "فب", "فك", "فل"))
WITH_ARTICLE = frozenset(("ال", "وال", "بال", "كال", "فال", "وبال", "فبال", "وكال", "لل", "ولل", "فلل"))
DEMONYM_SUFFIXES = frozenset(("", "ه", "ين", "ون", "ان", "ات", "تين", "تان", "ا", "تي", "تا"))
_MAY_PRECEDE = PROCLITICS | WITH_ARTICLE
_LONGEST_PROCLITIC = 4


class Hit:
    """A registered name found in a folded text; the span leaves proclitics out, `before` holds them.

    The article stays in the span of phrases (`Name.article`) and out of that of demonyms.
    """

    def __init__(self, start: int, end: int, kind: str, payload: object, before: str) -> None:
        self.start = start
        self.end = end
        self.kind = kind
        self.payload = payload
        self.before = before


class Name:
    """A name to look for. `inflects`: proclitics with the article and the suffixes of demonyms are accepted."""

    def __init__(
        self, surface: str, kind: str, payload: object, *, article: bool = False, inflects: bool = False
    ) -> None:
        self.surface = surface
        self.kind = kind
        self.payload = payload
        self.article = article
        self.inflects = inflects


Ending = tuple[int, int, int]
"""Letters that were looked for and stand at the end of a word of a folded text: start, end, the bits they stand for."""

_Fit = tuple[int, int, str, object]
"""What a surface stands for beside certain letters: family, letters that its start moves by, kind, payload."""


class _Surface:
    """Letters that are looked for, with the names that they spell; what they mean beside which letters is kept.

    A class because only a few of all pairs of proclitic and suffix are ever met.
    """

    __slots__ = ("_known", "_names", "alone", "is_exact")

    def __init__(self, names: list[tuple[Name, int, bool]], *, is_exact: bool) -> None:
        """Keep `names`, each with its family and whether its article is elided."""
        self._names, self._known, self.is_exact = names, dict[tuple[str, str], list[_Fit]](), is_exact
        self.alone = self.beside("", "")

    def beside(self, before: str, after: str) -> list[_Fit]:
        """What it stands for with these letters glued before and after it: a proclitic and a suffix, or none."""
        found = self._known.get((before, after))
        if found is None:
            found = self._known[before, after] = [
                (family, 1 if elided else -_article(name, before), name.kind, name.payload)
                for name, family, elided in self._names
                if _fits(name, before, after, elided=elided)
            ]
        return found


class Lexicon:
    """One automaton over all names; `find` gives every whole-word occurrence, overlapping ones too."""

    def __init__(self, families: Iterable[Iterable[Name]], endings: Mapping[str, int]) -> None:
        """Build the automaton; names may share surfaces. `endings` are folded, with what each stands for."""
        entries: dict[str, list[tuple[Name, int, bool]]] = {ending: [] for ending in endings}
        self._families = 0
        for family, names in enumerate(families):
            self._families = family + 1
            for name in names:
                surface = fold(name.surface).strip()
                if surface:
                    entries.setdefault(surface, []).append((name, family, False))
                if surface.startswith("ال"):
                    entries.setdefault("لل" + surface[2:], []).append((name, family, True))
        letters = [spelled(surface) for surface in entries]
        self._surfaces = [
            _Surface(names, is_exact=LETTER not in of and OTHER not in of)
            for of, names in zip(letters, entries.values(), strict=True)
        ]
        self._spelled = list(entries)
        self._bits = list(endings.values())
        self._automaton = ahocorasick_rs.BytesAhoCorasick(letters, matchkind=ahocorasick_rs.MatchKind.Standard)

    def find(self, folded: Folded) -> tuple[list[list[Hit]], list[Ending]]:
        """Every name in a text, by family, start, then the longer first; every ending, by where it ends.

        A number may be glued to an ending: «سبتمبر2016».
        """
        found: list[list[Hit]] = [[] for _ in range(self._families)]
        endings: list[Ending] = []
        text, surfaces, some, letters = folded.text, self._surfaces, len(self._bits), folded.letters + b" "
        for index, start, end in self._automaton.find_matches_as_indexes(letters, overlapping=True):
            surface = surfaces[index]
            after = _suffix(text, letters, end) if IS_OF_A_WORD[letters[end]] else ""
            if after is None or not (surface.is_exact or text.startswith(self._spelled[index], start)):
                continue
            if index < some and (not after or after.isdigit()):
                endings.append((start, end, self._bits[index]))
            if after not in DEMONYM_SUFFIXES:
                continue
            before = _proclitic(text, letters, start) if IS_OF_A_WORD[letters[start - 1]] else ""
            if before not in _MAY_PRECEDE:
                continue
            for family, moved, kind, payload in surface.beside(before, after) if before or after else surface.alone:
                _put(found[family], Hit(start + moved, end + len(after), kind, payload, before))
        return found, endings


def _put(hits: list[Hit], new: Hit) -> None:
    """Put a hit, which ends no sooner than those that came before it, where it belongs: most often at the end."""
    place = len(hits)
    while place:
        last = hits[place - 1]
        if last.start < new.start or (last.start == new.start and last.end >= new.end):
            break
        place -= 1
    hits.insert(place, new)


_START = operator.attrgetter("start")


def _fits(name: Name, before: str, after: str, *, elided: bool) -> bool:
    if elided:
        return before in {"", "و", "ف"} and not after
    if name.inflects:
        return (before in PROCLITICS or before in WITH_ARTICLE) and after in DEMONYM_SUFFIXES
    return not after and (before in PROCLITICS or (name.article and before in WITH_ARTICLE))


def _article(name: Name, before: str) -> int:
    """How many letters of the article belong to the span: «الهجرة» whole, of «للهجرة» without the preposition."""
    return 0 if not name.article else 2 if before.endswith("ال") else 1 if before.endswith("لل") else 0


def _proclitic(text: str, letters: bytes, start: int) -> str | None:
    """The letters glued before, None when they are too many to be proclitics."""
    first = start
    while first > 0 and IS_OF_A_WORD[letters[first - 1]]:
        first -= 1
        if start - first > _LONGEST_PROCLITIC:
            return None
    return text[first:start]


def _suffix(text: str, letters: bytes, end: int) -> str | None:
    last = end
    while IS_OF_A_WORD[letters[last]]:
        last += 1
        if last - end > _LONGEST_PROCLITIC:
            return None
    return text[end:last]


def longest(hits: Iterable[Hit], rank: dict[str, int]) -> list[Hit]:
    """Non-overlapping hits: the longest wins, then the lower rank of its kind, then the first; ordered by start."""
    kept: list[Hit] = []
    run: list[Hit] = []
    end = 0
    for hit in sorted(hits, key=_START):
        if run and hit.start >= end:
            kept += run if len(run) == 1 else _longest_of_run(run, rank)
            run = []
        end = max(end, hit.end) if run else hit.end
        run.append(hit)
    return kept + (run if len(run) < 2 else _longest_of_run(run, rank))


def _longest_of_run(hits: list[Hit], rank: dict[str, int]) -> list[Hit]:
    """The same of hits that each overlap another one."""
    kept: list[Hit] = []
    taken: list[tuple[int, int]] = []
    for *_, hit in sorted([(h.start - h.end, rank.get(h.kind, 9), h.start, n, h) for n, h in enumerate(hits)]):
        place = bisect.bisect_left(taken, (hit.start, hit.end))
        clear_left = place == 0 or taken[place - 1][1] <= hit.start
        clear_right = place == len(taken) or taken[place][0] >= hit.end
        if clear_left and clear_right:
            taken.insert(place, (hit.start, hit.end))
            kept.append(hit)
    kept.sort(key=_START)
    return kept


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
