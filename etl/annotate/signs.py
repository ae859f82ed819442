"""Which countries a sentence may state a dealing between, and what in it speaks for or against one.

A candidate is two codes of one sentence, or one code of it and one that the text has been about so far: «استقبل نظيره»
names one side only. Its signs are flags (roles, kinds, cue words, what the rules found) and words by their place:
before, between and after the two, or anywhere in the sentence. etl.annotate.weights holds what each sign weighs.
"""

import collections
import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from etl.annotate import cues, dealings
from etl.annotate.countries import Place
from etl.annotate.dealings import Finding
from etl.annotate.scan import Scan

_TOKEN = re.compile(r"\w+|[،؛:]")
_PROCLITICS = re.compile(r"^(?:[وف]?(?:[بكل]?ال|لل)|[وف](?=\w{4}))(?=\w{2})")
_ENDINGS = re.compile(r"(?:ها|هما|هم|ه|ات|ين|ون|ان|ا)$")
_MOST_CODES = 8
_MOST_BETWEEN = 18
_STEPS = (0, 1, 3, 6, 10, 20)
_HEADLINE = 3
"""How much more a country of the headline is what the text is about than one of the body."""

Codes = tuple[str, str]
Words = list[tuple[str, str]]


class Named(NamedTuple):
    """A field with the countries and the clubs that it names."""

    scan: Scan
    places: list[Place]
    clubs: list[Place]


class Shared(NamedTuple):
    """The signs of a sentence: flags, and its words in the slot «s»."""

    flags: list[str]
    words: list[str]


@dataclass(frozen=True)
class Candidate:
    """Two codes, in order, that a sentence (folded span) may state a dealing between; `finding` is what rules say.

    `first` and `second` are their nearest mentions in reading order; `second` is None where the sentence names only one
    of the two. `flags` and `words` (slot, word) are its own signs, `shared` those of all candidates of the sentence;
    `relation` is the one that its cue words give.
    """

    scan: Scan
    sentence: tuple[int, int]
    codes: Codes
    first: Place
    second: Place | None
    relation: str
    in_sport: bool
    finding: Finding | None
    shared: Shared
    flags: list[str]
    words: Words


class _Word(NamedTuple):
    stem: str
    start: int
    end: int


class _Read(NamedTuple):
    """A sentence with its words, the countries and clubs in it, and the signs that all its candidates share."""

    scan: Scan
    span: tuple[int, int]
    inside: list[Place]
    codes: list[str]
    words: list[_Word]
    relation: str
    in_sport: bool
    shared: Shared


def candidates(fields: Sequence[Named]) -> Iterator[Candidate]:
    """The candidates of an article, in the order of its fields and sentences."""
    about = _about(fields)
    before = ""
    for named in fields:
        both = sorted([p for p in (*named.places, *named.clubs) if p.code], key=lambda place: place.start)
        for number, span in enumerate(named.scan.sentences):
            inside = [p for p in both if span[0] <= p.start < span[1]]
            if inside and len({*(p.code for p in inside), before, *(code for _, code in about)} - {""}) > 1:
                read = _read(named.scan, span, inside, number)
                yield from _of_sentence(read, named.places)
                yield from _carried(read, [*about, ("last", before)])
                before = read.codes[0]


def _about(fields: Sequence[Named]) -> list[tuple[str, str]]:
    """The two codes that the article names most."""
    found: collections.Counter[str] = collections.Counter()
    for named in fields:
        weight = _HEADLINE if named.scan.field == "headline" else 1
        for place in named.places:
            if place.code:
                found[place.code] += weight
    most = sorted(found, key=lambda code: (-found[code], code))[:2]
    return list(zip(("top", "second"), most, strict=False))


def _read(scan: Scan, span: tuple[int, int], inside: list[Place], number: int) -> _Read:
    text = scan.text[slice(*span)]
    in_sport = dealings.is_of_match(text)
    relation = cues.relation_of(text, in_sport=in_sport) or "none"
    words = [_Word(stem(m.group()), *m.span()) for m in _TOKEN.finditer(scan.text, *span)]
    bag = sorted({w.stem for w in words if len(w.stem) > 1} - _of_names(words, inside))
    codes = list(dict.fromkeys(str(p.code) for p in inside))
    flags = [f"rel:{relation}", f"sport:{in_sport}", f"field:{scan.field}", f"sn:{min(number, 3)}",
             f"nc:{min(len(codes), 6)}", f"nm:{min(len(inside), 8)}"]  # fmt: skip
    return _Read(scan, span, inside, codes, words, relation, in_sport, Shared(flags, bag))


def _of_names(words: list[_Word], inside: list[Place]) -> set[str]:
    """The words of a sentence that stand in a name, and nowhere else in it."""
    starts = {w.start for place in inside for w in words if place.start - len(place.before) <= w.start < place.end}
    return {w.stem for w in words if w.start in starts} - {w.stem for w in words if w.start not in starts}


def tokens(text: str) -> list[str]:
    """The words of a folded text, and the commas, semicolons and colons between them."""
    return _TOKEN.findall(text)


@functools.lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A folded word without its article, proclitics and common endings: a key, no linguist's root."""
    word = _PROCLITICS.sub("", word)
    return _ENDINGS.sub("", word) if len(word) > 4 else word


def _of_sentence(read: _Read, places: list[Place]) -> Iterator[Candidate]:
    """Each two codes that the sentence names; in a long list only those that rules single out."""
    inside = [p for p in places if read.span[0] <= p.start < read.span[1]]
    found = dealings.found(read.scan, read.span, inside) if len({p.code for p in inside}) > 1 else {}
    for x, y in itertools.combinations(read.codes, 2):
        codes = (min(x, y), max(x, y))
        finding = found.get(codes)
        if finding or len(read.codes) <= _MOST_CODES:
            first, second = sorted((finding.a, finding.b), key=_start) if finding else _nearest(read, x, y)
            flags, words = _between(read, first, second)
            words += _around(read, first, second)
            words += _crossed(words, f"{first.kind}-{second.kind}", f"{first.role}-{second.role}")
            flags += [f"rule:{finding.rule}:{finding.tier}", f"tier:{finding.tier}"] if finding else ["rule:none"]
            yield Candidate(read.scan, read.span, codes, first, second, read.relation, read.in_sport, finding,
                            read.shared, flags, words)  # fmt: skip


def _start(place: Place) -> int:
    return place.start


def _nearest(read: _Read, x: str, y: str) -> tuple[Place, Place]:
    """The two mentions of the codes with the least between them, in reading order."""
    both = itertools.product([p for p in read.inside if p.code == x], [p for p in read.inside if p.code == y])
    ordered = ((a, b) if a.start < b.start else (b, a) for a, b in both)
    return min(ordered, key=lambda two: (two[1].start - two[0].end, two[0].start))


def _between(read: _Read, first: Place, second: Place) -> tuple[list[str], Words]:
    between = read.scan.text[first.end : second.start - len(second.before)]
    stems = [w.stem for w in read.words if w.start >= first.end and w.end <= second.start - len(second.before)]
    kinds, roles = f"{first.kind}-{second.kind}", f"{first.role}-{second.role}"
    relation = read.relation
    inner = cues.relation_of(between, in_sport=read.in_sport) if len(between) > 3 else None
    others = sum(first.end <= p.start < second.start for p in read.inside)
    flags = [f"k:{kinds}", f"r:{roles}", f"b1:{first.before}", f"b2:{second.before}", f"d:{_step(len(stems))}",
             f"relk:{relation}:{kinds}", f"relr:{relation}:{roles}", f"b2r:{second.before}:{relation}",
             f"relb:{inner}", f"inner:{others}", f"sp:{read.in_sport}:{kinds}:{roles}"]  # fmt: skip
    if len(stems) <= 3:
        flags.append(f"btw:{'_'.join(stems)}|{second.before}")
    if cues.LIST_JOINT.fullmatch(between):
        flags += ["list", f"list:{relation}"]
    words = [("w", word) for word in stems] if len(stems) <= _MOST_BETWEEN else []
    if stems:
        words += [("a1", stems[0]), ("bz", stems[-1])]
    return flags, words


def _step(number: int) -> str:
    return str(next((step for step in _STEPS if number <= step), "more"))


def _around(read: _Read, first: Place, second: Place, slot: str = "") -> Words:
    """The words before the first mention and after the second, by their distance."""
    before = [w.stem for w in read.words if w.start < first.start - len(first.before)][-6:]
    after = [w.stem for w in read.words if w.start >= second.end][:5]
    words = [(f"{slot}p{n}", word) for n, word in enumerate(reversed(before[-3:]))]
    words += [(f"{slot}pw", word) for word in before] or [(f"{slot}p0", "")]
    return words + [(f"{slot}n{n}", word) for n, word in enumerate(after[:2])] + [(f"{slot}nw", word) for word in after]


_NEXT_TO = frozenset(("p0", "a1", "bz", "n0", "cp0", "cn0"))


def _crossed(words: Words, kinds: str, roles: str) -> Words:
    """The words right beside the two once more, each with what the two are."""
    near = [(slot, word) for slot, word in words if slot in _NEXT_TO]
    return [(f"{slot}|{kinds}", word) for slot, word in near] + [(f"{slot}/{roles}", word) for slot, word in near]


def _carried(read: _Read, about: list[tuple[str, str]]) -> Iterator[Candidate]:
    """Each code of a sentence of one or two with those that the text has been about and the sentence does not name."""
    if len(read.codes) > 2:
        return
    for how, code in about:
        for other in read.codes if code and code not in read.codes else ():
            place = next(p for p in read.inside if p.code == other)
            flags = ["carried", f"how:{how}", f"ck:{place.kind}", f"cr:{place.role}", f"cb:{place.before}",
                     f"crel:{read.relation}:{place.role}"]  # fmt: skip
            words = _around(read, place, place, "c")
            words += _crossed(words, place.kind, place.role)
            codes = (min(code, other), max(code, other))
            yield Candidate(read.scan, read.span, codes, place, None, read.relation, read.in_sport, None,
                            read.shared, flags, words)  # fmt: skip
