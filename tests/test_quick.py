"""What makes the annotator quick changes nothing in what it finds: each short cut beside the long way."""

import collections
import datetime as dt
import itertools
import random
import re
from collections.abc import Iterable, Iterator

import pytest

from etl.annotate import countries, cues, dates, named, published_on, tense
from etl.annotate.calendar_words import SIGNS, near_dates
from etl.annotate.editions import all_places, editions_of, places_of
from etl.annotate.kept import Kept
from etl.annotate.learned import Scale
from etl.annotate.names import Lexicon, Name
from etl.annotate.patterns import Cue, cut, seen
from etl.annotate.resolve import YEAR
from etl.annotate.scan import Scan
from etl.annotate.signs import Candidate, candidates, flags, placed
from etl.annotate.weights import RELATION_SLOTS, judge
from etl.annotate.words import seen_in, stem, tokens, words_of
from etl.model import Article
from etl.registry import load
from etl.text import ALPHABET, Folded, sentences
from tests.quality import sample

CUES = {name: one for name, one in {**vars(cues), **cues.RELATIONS}.items() if isinstance(one, Cue)}


@pytest.fixture(scope="module")
def scans() -> list[Scan]:
    """The fields of the sample's articles."""
    return [field.scan for article in sample.texts().values() for field in named(article, load(), None)]


def pieces(scans: list[Scan]) -> Iterator[str]:
    """Each sentence, and pieces of it that begin and end within words."""
    for scan in scans:
        for start, end in scan.sentences:
            text = scan.text[start:end]
            yield from (text, text[3:48], text[-45:], text[:-2])


@pytest.mark.parametrize("name", CUES)
def test_a_cue_overlooks_nothing(name: str, scans: list[Scan]) -> None:
    """Where a text holds none of a cue's words, its pattern finds nothing either."""
    cue = CUES[name]
    for text in pieces(scans):
        expected = cue.pattern.search(text)
        found = cue.search(text)
        assert (found and found.span()) == (expected and expected.span())
        assert cue.is_in(text) == (expected is not None)


def test_what_a_sentence_says_holds_for_its_pieces(scans: list[Scan]) -> None:
    """What a whole sentence says, and the word that a piece begins within, rule no cue out that is in the piece."""
    searched = list(CUES.values())
    number = 0
    for scan in scans:
        for start, end in scan.sentences:
            said, ends = seen(scan.text[start:end]), scan.words(start, end).ends
            for last in ends[3::7]:
                first = max(start, last - 45)
                piece = scan.text[first:last]
                found = sum(cue.pattern.search(piece) is not None for cue in searched)
                assert found == sum(cue.search(piece, said | cut(scan.text, first)) is not None for cue in searched)
                number += found
    assert number > 100


def test_the_words_before_a_name_are_enough(scans: list[Scan]) -> None:
    """What is seen of 75 letters, with the word that 45 cut, leaves out no cue that stands in these 45."""
    searched = [cue for cue in CUES.values() if cue.bits]
    number = 0
    for scan in scans:
        for place in countries.find(scan, scan.text).places:
            start = scan.sentence_of(place.start)[0]
            first = max(start, place.start - 45)
            said = seen_in(scan.folded, max(start, place.start - 75), place.start) | cut(scan.text, first)
            piece = scan.text[first : place.start]
            found = {cue.bits for cue in searched if cue.pattern.search(piece)}
            assert found == {cue.bits for cue in searched if cue.search(piece, said)}
            number += len(found)
    assert number > 1_000


WORDS = re.compile(r"\w+|[،؛:]")
SAID = "وزير لقاء مباراة في إلى بين _وزير x_y ş ،لقاء: ؛ "


def test_words_of_letters_with_a_byte_are_what_a_pattern_finds() -> None:
    """Words and points are cut from bytes: each with its place, and cues are seen in any part of a text."""
    for n, text in enumerate(odd_texts()):
        folded = Folded(f"{SAID[n % 40 :]}{text}{SAID[: n % 30]}")
        for start, end in ((0, len(folded.text)), (3, len(folded.text) - 3), (9, 4)):
            assert seen_in(folded, start, end) == seen(folded.text[start:end])
            if start < end:
                made = words_of(folded, start, end)
                found = [match.span() for match in WORDS.finditer(folded.text, start, end)]
                assert list(zip(made.starts, made.ends, strict=True)) == found
                assert made.words == [folded.text[first:last] for first, last in found]
                assert made.said == seen(folded.text[start:end])


def test_what_stands_between_two_names_is_all_seen() -> None:
    """The relation between two names is that of all the text there, even where it ends within a word."""
    bodies = ["أعلنت مصر شراكتهم والنادي تورينو في مباراة.", "أعلنت قطر التي تعاونا النادي جنوى اتفاق تعاون."]
    number = 0
    for article in (*sample.texts().values(), *(Article(headline=None, body=body) for body in bodies)):
        for one in candidates(named(article, load(), None)):
            between = one.scan.text[one.first.end : one.second.start - len(one.second.before)]
            is_told = len(between) > 3 and one.relation != "none"
            expected = cues.relation_of(between, in_sport=one.in_sport) if is_told else None
            assert [trait[2] for trait in one.traits if trait[0] == "between"] == [expected]
            number += expected is not None
    assert number > 100


def test_the_places_of_all_editions_leave_none_out() -> None:
    """What an edition is called by on any day begins with a name of its series' list; most other words do not."""
    registry, days = load(), [None, *(dt.date(year, 7, 1) for year in range(1990, 2036, 5))]
    for editions in editions_of(registry).values():
        names = all_places(editions, registry)
        assert {place for event in editions for day in days for place in places_of(event, registry, day)} <= set(names)
        assert not "الهاتف".startswith(names)


_PROCLITICS = re.compile(r"^(?:[وف]?(?:[بكل]?ال|لل)|[وف](?=\w{4}))(?=\w{2})")
_ENDINGS = re.compile(r"(?:ها|هما|هم|ه|ات|ين|ون|ان|ا)$")


def test_a_stem_is_what_patterns_leave(scans: list[Scan]) -> None:
    """A word loses what two patterns would take from it: words of the sample, short ones, proclitics with endings."""
    found = {word for scan in scans for word in tokens(scan.text)}
    found |= {"".join(letters) for n in range(1, 6) for letters in itertools.product("وفالبكهمت", repeat=n)}
    before = ("", "و", "ف", "ال", "وال", "بال", "وبال", "كال", "لال", "لل", "فلل", "ب", "لا")
    after = ("", "ه", "ا", "ها", "هم", "هما", "ات", "اتها", "ين", "ون", "ان", "ما", "ينه")
    found |= {"".join(parts) for parts in itertools.product(before, ("كت", "كتب", "مكتب", "هلال"), after)}
    for word in found:
        bare = _PROCLITICS.sub("", word)
        assert stem(word) == (_ENDINGS.sub("", bare) if len(bare) > 4 else bare), word
    assert len(found) > 70_000


def test_what_is_kept_has_a_bound() -> None:
    """Each key is made once while it is kept; after very many all begin anew, and answers stay the same."""
    made: list[int] = []
    kept = Kept(lambda key: made.append(key) or -key)
    assert [kept[7], kept[7]] == [-7, -7]
    assert made == [7]
    assert all(kept[key] == -key for key in range(200_000))
    assert len(kept) < 100_000


def test_a_year_is_no_part_of_a_longer_number() -> None:
    """1896, and four digits from 1900 to 2099, with no digit beside them."""
    text = "1896 1895 1900 2099 2100 12000 20001 119962 في2018م 2018-2019"
    assert [match[1] for match in YEAR.finditer(text)] == ["1896", "1900", "2099", "2018", "2018", "2019"]


def forms_found(scans: Iterable[Scan]) -> collections.Counter[str]:
    """How often each form finds a date; fails where it finds one in a part without what it needs or its quick sign."""
    readers = dict(zip(SIGNS, (reader for *_, reader in dates.FORMS), strict=True))
    number = collections.Counter[str]()
    for scan in scans:
        for near, kinds in near_dates(scan.folded, scan.dates):
            for form, (needs, sign) in SIGNS.items():
                found = list(readers[form](scan.text, published_on("2026-10-15"), near))
                number[form] += len(found)
                is_shown = sign is None or sign.search(scan.text, *near)
                assert not found or (kinds & needs == needs and is_shown), (form, scan.text)
    return number


def test_a_sign_of_a_date_overlooks_none(scans: list[Scan]) -> None:
    """Where a part of a text lacks what a form of date needs, or its quick sign, the pattern finds nothing either."""
    assert forms_found(scans).total() > 100


def test_a_word_known_to_be_no_cue_of_tense_is_none(scans: list[Scan]) -> None:
    """Asked word by word, with most answers kept, a text has the cues that the pattern finds in all of it."""
    number = 0
    for scan in scans:
        for start, end in scan.sentences:
            for clause in (scan.text[start:end], scan.text[start + 5 : end]):
                expected = [match.lastgroup for match in tense.CUES.finditer(clause)]
                assert tense.kinds_of(clause) == expected, clause
                number += len(expected)
    assert number > 1_000


def test_the_parts_that_dates_are_looked_for_in_are_wide_enough(scans: list[Scan]) -> None:
    """What the patterns find in the parts around digits and names is what they find in all of the text."""
    day, number = published_on("2026-10-15"), 0
    for scan in scans:
        whole, parts = (0, len(scan.text)), near_dates(scan.folded, scan.dates)
        for form, (needs, _, reader) in zip(SIGNS, dates.FORMS, strict=True):
            fit = [near for near, kinds in parts if kinds & needs == needs]
            found = [(one.start, one.end, one.value) for near in fit for one in reader(scan.text, day, near)]
            expected = [(one.start, one.end, one.value) for one in reader(scan.text, day, whole)]
            assert found == expected, (form, scan.text)
            number += len(found)
    assert number > 100


LETTERS = 'ابتمةأئىکپ ٠۹7.!?؟،\n\t\u00a0ـ\u064b\u0651\u200f\u202c«»)"é-/' + " . \n\u0640"


def odd_texts() -> Iterator[str]:
    """Letters of every kind in no order: those that folding keeps, changes and drops, ends of sentences, digits."""
    chance = random.Random(1)
    for _ in range(3_000):
        yield "".join(chance.choices(LETTERS, k=chance.randint(0, 40)))


def test_letters_with_a_byte_are_folded_like_any_others() -> None:
    """A letter without a byte sends a text the longer way: what stands before it comes out the same, and its places."""
    assert set(LETTERS) < set(ALPHABET)
    assert not set("ﷺ☂ş") & set(ALPHABET)
    for text in odd_texts():
        quick, slow = Folded(f"{text}ا"), Folded(f"{text}اﷺ")
        places = range(len(quick.text))
        assert slow.text.startswith(quick.text)
        assert [quick.span(n, n + 1) for n in places] == [slow.span(n, n + 1) for n in places]


def test_sentences_of_letters_with_a_byte_end_like_those_of_any_others() -> None:
    """A sign without a byte sends a text the longer way: the sentences behind it are the same."""
    for text in odd_texts():
        folded = Folded(text).text
        quick, slow = sentences(folded), sentences(f"☂\n{folded}")
        assert [(start + 2, end + 2) for start, end in quick] == slow, text


def test_numbers_of_letters_with_a_byte_are_those_of_any_others() -> None:
    """A letter without a byte sends a text the longer way: dates are looked for in the same parts of it."""
    number = 0
    texts = list(odd_texts())
    for n in range(0, len(texts), 12):
        joined = f"{'ا' * 40}".join(texts[n : n + 12])
        quick, slow = near_dates(Folded(joined), ()), near_dates(Folded(f"{joined}{'ا' * 80} ş"), ())
        assert [near for near, _ in quick[:-1]] == [near for near, _ in slow[: len(quick) - 1]]
        number += len(quick)
    assert number > 500


GLUED = (
    *("في", "و", "من", "شهر", "الجاري", "السادس", "عشر", "هجري", "محرم", "مارس", "مارس/آذار", "سبتمبر2016"),
    *(
        "1",
        "7",
        "16",
        "13",
        "1439",
        "2018",
        "2016",
        "/",
        "-",
        "–",
        ".",
        "الى",
        "ا",
        "ş",
        "7/3/2018",
        "2018-07-03",
        "23 مارس 2018",
    ),
)


def glued_scans() -> Iterator[Scan]:
    """Texts of numbers, months and words of dates in no order, glued or apart."""
    chance = random.Random(2)
    for _ in range(6_000):
        words = (f"{chance.choice(GLUED)}{chance.choice(('', ' ', ' ', ' '))}" for _ in range(chance.randint(1, 9)))
        yield from (read.scan for read in named(Article(headline=None, body=f"{''.join(words)}."), load(), None))


def test_what_stands_beside_numbers_and_months_overlooks_no_date() -> None:
    """No form finds a date that what stands beside numbers and months leaves out."""
    without_sign = {form for form, (_, sign) in SIGNS.items() if sign is None} - {"relative", "season", "weekday-alone"}
    assert without_sign <= {form for form, number in forms_found(glued_scans()).items() if number}


@pytest.mark.parametrize(("text", "number"), [("ağaç", 1), ("aşaç", 0), ("ağaçş", 0), ("şağaç", 0), ("☂ağaç☂", 1)])
def test_letters_without_a_byte_are_told_apart(text: str, number: int) -> None:
    """Names are found in bytes, one a letter; those that share a stand-in are no name's, yet letters of a word."""
    (hits,), _ = Lexicon([[Name("ağaç", "name", "TR")]], {}).find(Folded(text))
    assert len(hits) == number


def test_the_quick_sum_is_that_of_the_signs() -> None:
    """A candidate weighs what its signs weigh, looked up one by one."""
    known = judge().known
    number = 0
    for article in sample.texts().values():
        found = list(candidates(named(article, load(), published_on(article.published))))
        expected = [slowly(candidate, known.dealing, known.group_of) for candidate in found]
        assert judge().sums(found) == pytest.approx(expected)
        number += len(found)
    assert number > 100


def test_the_likeliest_relation_is_that_of_the_signs() -> None:
    """Relations are summed side by side as they were learnt one by one: a group once in a slot, and two slots only."""
    known = judge().known
    number = 0
    for article in sample.texts().values():
        for candidate in candidates(named(article, load(), published_on(article.published))):
            sums = {name: once(candidate, scale, known.group_of) for name, scale in known.relations.items()}
            assert sums[judge().likeliest(candidate)] == pytest.approx(max(sums.values()))
            number += 1
    assert number > 100


def once(candidate: Candidate, scale: Scale, group_of: dict[str, int]) -> float:
    """The weight of a candidate for a relation by the words of learning."""
    said = {flag for trait in (*candidate.shared.traits, *candidate.traits) for flag in flags(trait)}
    words = {(slot, word) for slot, word in placed(candidate.shared, candidate.around) if slot in RELATION_SLOTS}
    groups = {(slot, group_of[word]) for slot, word in words if word in group_of}
    return (
        scale.bias
        + sum(scale.flags.get(flag, 0.0) for flag in said)
        + sum(scale.words.get(slot, {}).get(word, 0.0) for slot, word in words)
        + sum(scale.groups.get(slot, {}).get(number, 0.0) for slot, number in groups)
    )


def slowly(candidate: Candidate, scale: Scale, group_of: dict[str, int]) -> float:
    """The weight of a candidate by the words of learning: flags, words by slot, the group of each word by slot."""
    said = {flag for trait in (*candidate.shared.traits, *candidate.traits) for flag in flags(trait)}
    words = set(placed(candidate.shared, candidate.around))
    groups = [(slot, group_of[word]) for slot, word in words if word in group_of]
    return (
        scale.bias
        + sum(scale.flags.get(flag, 0.0) for flag in said)
        + sum(scale.words.get(slot, {}).get(word, 0.0) for slot, word in words)
        + sum(scale.groups.get(slot, {}).get(number, 0.0) for slot, number in groups)
    )
