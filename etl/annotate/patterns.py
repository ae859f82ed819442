"""Arabic words as patterns, and a look at a text's words that tells which patterns cannot match in it.

A search tries every place of a text. Most texts hold none of a pattern's words, and that is known sooner: `seen` looks
each word of a text up once, for all cues together.
"""

import functools
import itertools
import re
from collections.abc import Iterable, Iterator

from etl.text import fold

_PLAIN = re.compile(r"[\w ]+")
_WORD = re.compile(r"\w+")
_PROCLITICS = ("و", "ف", "ب", "ك", "ل", "ال", "وال", "بال", "لل", "فال", "كال", "ول", "وب")
PREFIX = f"(?:[وفبكل]|{'|'.join(_PROCLITICS[5:])})?"
"""What a cue word may bear before it, unless its list says otherwise."""

_BITS: dict[str, int] = {}
"""Word → the cues (one bit each) that cannot match without it or another of theirs; filled as cues are made."""
_free = itertools.count()


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of the folded words, as nested groups by their letters: {ab, ac} is a(?:b|c)."""
    said = set(words)
    by_letter: dict[str, set[str]] = {}
    for one in said:
        if one:
            by_letter.setdefault(one[0], set()).add(one[1:])
    branches = [letter + any_of(rest) for letter, rest in sorted(by_letter.items())]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{joined})?" if "" in said else joined


def alternatives(words: str) -> str:
    """One of the words, the longest, as a pattern that shares beginnings: a plain list is tried word by word."""
    listed = _listed(words)
    plain = {one for one in listed if _PLAIN.fullmatch(one)}
    return "|".join([*sorted(listed - plain, key=len, reverse=True), any_of(plain)] if plain else sorted(listed))


def _listed(words: str) -> set[str]:
    return {fold(one.strip()) for one in words.split("،")}


def word(words: str, prefix: str = PREFIX) -> str:
    """A pattern for one of the words as a whole word, with what may stand glued before it."""
    return rf"(?<!\w){prefix}(?:{alternatives(words)})(?!\w)"


@functools.lru_cache(maxsize=512)
def anywhere(words: tuple[str, ...]) -> re.Pattern[str]:
    """Matches where one of `words` stands anywhere, with common proclitics."""
    return re.compile(word("،".join(words)))


class Cue:
    """A pattern that searches only texts with one of its words.

    A class because patterns and cues are called alike. `bits`: what `seen` says of a text that may match. `_may` is the
    bit of the words of which a match needs one, `_sure` that of the words which are a match by themselves.
    """

    __slots__ = ("_may", "_sure", "bits", "pattern")

    def __init__(self, pattern: str, words: str, prefix: str = PREFIX, *, is_whole: bool = False) -> None:
        """Match `pattern`; it needs the first part of one of `words`. `is_whole`: it is nothing but one of them."""
        self.pattern = re.compile(pattern)
        self._may, self._sure = 1 << next(_free), (1 << next(_free) if is_whole else 0)
        self.bits = self._may | self._sure
        for one in _listed(words):
            first = _WORD.findall(one)[0]
            for before in ("", *(_PROCLITICS if prefix == PREFIX else prefix.strip("[]?"))):
                bit = self._sure if is_whole and first == one else self._may
                _BITS[before + first] = _BITS.get(before + first, 0) | bit

    def search(self, text: str, said: int | None = None, start: int = 0) -> re.Match[str] | None:
        """The first match in a folded text from `start` on; `said`: what `seen` says of it or of more, where known."""
        return self.pattern.search(text, start) if (seen(text) if said is None else said) & self.bits else None

    def finditer(self, text: str, said: int | None = None) -> Iterator[re.Match[str]]:
        """Every match in a folded text; `said` as above."""
        return self.pattern.finditer(text) if (seen(text) if said is None else said) & self.bits else iter(())

    def is_in(self, text: str, said: int | None = None) -> bool:
        """Does it match anywhere in a folded text; `said` as above, and of nothing more."""
        found = (seen(text) if said is None else said) & self.bits
        return found != 0 and (found & self._sure != 0 or self.pattern.search(text) is not None)


def family(words: str, prefix: str = PREFIX) -> Cue:
    """Matches where one of the words stands, with what may be glued before it."""
    return Cue(word(words, prefix), words, prefix, is_whole=True)


_SEEN: dict[str, int] = {}
_MOST_SEEN = 1024


def seen(text: str) -> int:
    """The bits of the cues that may match in a folded text; kept, as one text is asked for many cues."""
    found = _SEEN.get(text)
    if found is None:
        if len(_SEEN) == _MOST_SEEN:
            _SEEN.clear()
        found = _SEEN[text] = said_by(_WORD.findall(text))
    return found


def said_by(words: Iterable[str]) -> int:
    """What `seen` says of a text of these words."""
    found = 0
    for word in words:
        bits = _BITS.get(word)
        if bits is not None:
            found |= bits
    return found


def cut(text: str, start: int) -> int:
    """The bits of what a slice that begins at `start` makes of the word that it cuts, 0 where it cuts none.

    With them what `seen` says of a text holds for a slice of it, too.
    """
    if start == 0 or not (text[start - 1].isalnum() or text[start - 1] == "_"):
        return 0
    word = _WORD.match(text, start)
    return _BITS.get(word.group(), 0) if word else 0
