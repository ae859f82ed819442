"""Which countries a sentence may state a dealing between, and what in it speaks for or against one.

A candidate is two codes of one sentence. A sentence that names one side only («استقبل نظيره») has none: that it deals
with a country that the text was about before is right so seldom that no weight believed it (docs/annotator.md).
Its signs are flags (roles, kinds, cue words, what the rules found) and words by their place: before, between and after
the two, or anywhere in the sentence. A trait stands for the flags that go together, `Around` for the words beside the
two; `flags` and `placed` spell them out. etl.annotate.weights holds what each sign weighs.
"""

import bisect
import collections
import itertools
from collections.abc import Sequence

from etl.annotate import cues, dealings, teams
from etl.annotate.countries import Place
from etl.annotate.dealings import Finding
from etl.annotate.patterns import said_by
from etl.annotate.scan import Scan
from etl.annotate.words import STEMS, Words, stem

_MOST_CODES = 8
_STEPS = (0, 1, 3, 6, 10, 20)
_FLAGS = {
    "cues": ("rel:{1}", "sport:{2}", "field:{3}"),
    "place": ("sn:{1}", "nc:{2}", "nm:{3}"),
    "two": ("k:{1}", "r:{2}", "relk:{3}:{1}", "relr:{3}:{2}", "sp:{4}:{1}:{2}"),
    "before": ("b1:{1}", "b2:{2}", "b2r:{2}:{3}"),
    "between": ("d:{1}", "relb:{2}", "inner:{3}"),
    "words": ("btw:{1}|{2}",),
    "list": ("list", "list:{1}"),
    "rule": ("rule:{1}:{2}", "tier:{2}"),
    "no rule": ("rule:none",),
}
"""The flags of each trait; a number is a place in the trait."""

Codes = tuple[str, str]
Trait = tuple[object, ...]
"""Its name in `_FLAGS` and what was seen."""
Placed = list[tuple[str, str]]


class Named:
    """A field with the countries and the clubs that it names."""

    def __init__(self, scan: Scan, places: list[Place], clubs: list[Place]) -> None:
        self.scan = scan
        self.places = places
        self.clubs = clubs


class Shared:
    """What all candidates of a sentence share: traits, its words, and which of them stand in no name."""

    def __init__(self, traits: tuple[Trait, ...], words: list[str], said: list[int]) -> None:
        self.traits = traits
        self.words = words
        self.said = said


class Around:
    """The words beside two mentions, by their places in the sentence.

    `before`: how many words stand before the first; `after`: the first word after the second; `between`: the first word
    between the two and the first that no longer is. `bags` and `near` spell out the slots that these stand in; the
    words right beside the two count once more with their `kinds`, and with their `roles`.
    """

    def __init__(self, before: int, after: int, between: tuple[int, int], kinds: str, roles: str) -> None:
        self.before = before
        self.after = after
        self.between = between
        self.kinds = kinds
        self.roles = roles


class Candidate:
    """Two codes, in order, that a sentence (folded span) may state a dealing between; `finding` is what rules say.

    `first` and `second` are their nearest mentions in reading order. `traits` and `around` are its own signs, `shared`
    those of all candidates of the sentence; `relation` is the one that its cue words give.
    """

    def __init__(
        self,
        scan: Scan,
        sentence: tuple[int, int],
        codes: Codes,
        first: Place,
        second: Place,
        relation: str,
        in_sport: bool,
        finding: Finding | None,
        shared: Shared,
        traits: tuple[Trait, ...],
        around: Around,
    ) -> None:
        self.scan = scan
        self.sentence = sentence
        self.codes = codes
        self.first = first
        self.second = second
        self.relation = relation
        self.in_sport = in_sport
        self.finding = finding
        self.shared = shared
        self.traits = traits
        self.around = around


class _Read:
    """A sentence with its words, the countries and clubs in it, and what its candidates share."""

    def __init__(
        self,
        scan: Scan,
        span: tuple[int, int],
        inside: list[Place],
        codes: list[str],
        words: Words,
        relation: str,
        in_sport: bool,
        shared: Shared,
    ) -> None:
        self.scan = scan
        self.span = span
        self.inside = inside
        self.codes = codes
        self.words = words
        self.relation = relation
        self.in_sport = in_sport
        self.shared = shared


def candidates(fields: Sequence[Named]) -> list[Candidate]:
    """The candidates of an article, in the order of its fields and sentences."""
    found: list[Candidate] = []
    for named in fields:
        for number, inside in _by_sentence(named):
            if len({place.code for place in inside}) > 1:
                found += _of_sentence(_read(named.scan, named.scan.sentences[number], inside, number))
    return found


def often(fields: Sequence[Named]) -> dict[str, int]:
    """How often an article names each country, or a club of it."""
    every = (place for named in fields for place in (*named.places, *named.clubs))
    return collections.Counter(place.code for place in every if place.code)


def _by_sentence(named: Named) -> list[tuple[int, list[Place]]]:
    """The countries and clubs of each sentence that has more than one, with its number, in reading order."""
    both = [p for p in (*named.places, *named.clubs) if p.code]
    if len(both) < 2:
        return []
    both.sort(key=_start)
    found: list[tuple[int, list[Place]]] = []
    first = 0
    for number, (start, end) in enumerate(named.scan.sentences):
        while first < len(both) and both[first].start < start:
            first += 1
        last = first
        while last < len(both) and both[last].start < end:
            last += 1
        if last - first > 1:
            found.append((number, both[first:last]))
        first = last
    return found


def _read(scan: Scan, span: tuple[int, int], inside: list[Place], number: int) -> _Read:
    words = scan.words(*span)
    in_sport = teams.is_of_match(words.text, words.said)
    relation = cues.relation_of(words.text, in_sport=in_sport, said=words.said) or "none"
    codes = list(dict.fromkeys(str(p.code) for p in inside))
    traits = (
        ("cues", relation, in_sport, scan.field),
        ("place", min(number, 3), min(len(codes), 6), min(len(inside), 8)),
    )
    shared = Shared(traits, words.words, _said(words.starts, inside))
    return _Read(scan, span, inside, codes, words, relation, in_sport, shared)


def _said(starts: list[int], inside: list[Place]) -> list[int]:
    """The words of a sentence that stand in no name."""
    said: list[int] = []
    done = 0
    for place in inside:
        first = bisect.bisect_left(starts, place.start - len(place.before))
        said += range(done, first)
        done = max(done, bisect.bisect_left(starts, place.end, first))
    return [*said, *range(done, len(starts))]


def _of_sentence(read: _Read) -> list[Candidate]:
    """Each two codes that the sentence names; in a long list only those that rules single out."""
    inside = [p for p in read.inside if p.kind != "club"]
    by_rule = dealings.found(read.scan, read.span, inside) if len({p.code for p in inside}) > 1 else {}
    found: list[Candidate] = []
    for x, y in itertools.combinations(read.codes, 2):
        codes = (min(x, y), max(x, y))
        finding = by_rule.get(codes)
        if finding or len(read.codes) <= _MOST_CODES:
            first, second = sorted((finding.a, finding.b), key=_start) if finding else _nearest(read, x, y)
            traits, around = _between(read, first, second)
            rule: Trait = ("rule", finding.rule, finding.tier) if finding else ("no rule",)
            found.append(Candidate(read.scan, read.span, codes, first, second, read.relation, read.in_sport, finding,
                                   read.shared, (*traits, rule), around))  # fmt: skip
    return found


def _start(place: Place) -> int:
    return place.start


def _nearest(read: _Read, x: str, y: str) -> tuple[Place, Place]:
    """The two mentions of the codes with the least between them, in reading order."""
    both = itertools.product([p for p in read.inside if p.code == x], [p for p in read.inside if p.code == y])
    ordered = ((a, b) if a.start < b.start else (b, a) for a, b in both)
    return min(ordered, key=lambda two: (two[1].start - two[0].end, two[0].start))


def _between(read: _Read, first: Place, second: Place) -> tuple[list[Trait], Around]:
    begin, end = first.end, second.start - len(second.before)
    between = read.scan.text[begin:end]
    left, right = bisect.bisect_left(read.words.starts, begin), bisect.bisect_right(read.words.ends, end)
    kinds, roles = f"{first.kind}-{second.kind}", f"{first.role}-{second.role}"
    is_told = len(between) > 3 and read.relation != "none"
    # Before a phrase with its article the text between ends within a word, which is cut.
    said = said_by(read.words.words[left:right]) if read.scan.text[end - 1 : end] == " " else None
    inner = cues.relation_of(between, in_sport=read.in_sport, said=said) if is_told else None
    others = sum([begin <= p.start < second.start for p in read.inside])
    traits: list[Trait] = [
        ("two", kinds, roles, read.relation, read.in_sport),
        ("before", first.before, second.before, read.relation),
        ("between", _STEP_OF[min(max(right - left, 0), len(_STEP_OF) - 1)], inner, others),
    ]
    if right - left <= 3:
        traits.append(("words", "_".join(map(STEMS.__getitem__, read.words.words[left:right])), second.before))
    if cues.is_list_joint(between):
        traits.append(("list", read.relation))
    return traits, _around(read, first, second, (left, right), kinds, roles)


_STEP_OF = [str(next(step for step in _STEPS if number <= step)) for number in range(_STEPS[-1] + 1)] + ["more"]


def _around(read: _Read, first: Place, second: Place, between: tuple[int, int], kinds: str, roles: str) -> Around:
    before = bisect.bisect_left(read.words.starts, first.start - len(first.before))
    after = bisect.bisect_left(read.words.starts, second.end)
    return Around(before, after, between, kinds, roles)


BEFORE, AFTER, BETWEEN = ("p0", "p1", "p2"), ("n0", "n1"), ("a1", "bz")
"""The slots of the words before two mentions, from the nearest, of those after them, and of those that open and close
what stands between."""
NEXT_TO = frozenset(("p0", "a1", "bz", "n0"))
MOST_BETWEEN = 18
_BAG_BEFORE, _BAG_AFTER = 6, 5


def flags(trait: Trait) -> list[str]:
    """The flags that a trait stands for."""
    return [flag.format(*trait) for flag in _FLAGS[str(trait[0])]]


def crossed(slot: str, kinds: str, roles: str) -> tuple[str, str]:
    """The slots that a word right beside the two stands in, too: with their kinds, and with their roles."""
    return f"{slot}|{kinds}", f"{slot}/{roles}"


def bag_before(around: Around) -> slice:
    """The words before two mentions that are taken together."""
    return slice(max(0, around.before - _BAG_BEFORE), around.before)


def bag_after(around: Around) -> slice:
    """The words after two mentions that are taken together."""
    return slice(around.after, around.after + _BAG_AFTER)


def bags(shared: Shared, around: Around) -> list[tuple[str, list[str]]]:
    """The slots of many words, each with them; a single letter is no word of a sentence."""
    stems, (left, right) = list(map(stem, shared.words)), around.between
    said = [stems[n] for n in shared.said if len(stems[n]) > 1]
    found = [("s", said), ("pw", stems[bag_before(around)]), ("nw", stems[bag_after(around)])]
    return [*found, ("w", stems[left:right])] if 0 < right - left <= MOST_BETWEEN else found


def near(shared: Shared, around: Around) -> Placed:
    """The slots of one word, each with it: «» before the first of a sentence."""
    stems, (left, right) = list(map(stem, shared.words)), around.between
    before = [*reversed(stems[max(0, around.before - len(BEFORE)) : around.before])] or [""]
    beside = [*zip(BEFORE, before, strict=False), *zip(AFTER, stems[around.after :], strict=False)]
    return [*beside, *zip(BETWEEN, (stems[left], stems[right - 1]), strict=True)] if left < right else beside


def placed(shared: Shared, around: Around) -> Placed:
    """The words of a candidate with each slot that they stand in."""
    many = [(slot, word) for slot, words in bags(shared, around) for word in words]
    for slot, word in near(shared, around):
        too = crossed(slot, around.kinds, around.roles) if slot in NEXT_TO else ()
        many += [(one, word) for one in (slot, *too)]
    return many
