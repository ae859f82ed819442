"""The seed page with one thing changed at a time: the expected rows change with it, by the lists below.

Nothing here is expected because the program says so: a list holds the words that go into the text and the rows that
they must give.
"""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from etl.model import PersonMention
from etl.text import fold
from tests.stories.telling import NO_SEED, SEED, Told, read_page

pytestmark = pytest.mark.skipif(not SEED.exists(), reason=NO_SEED)

A_EVENTS = {"interpol-ga-93", "afcon-2025", "fifa-wc-2030", "euro-2028"}
A_PAIRS = {"GB>MA visit strong", "GB-IE cohost strong"}
A_THEMES = {
    "security_cooperation", "event_security", "migration", "organised_crime", "science_technology", "sport_hosting",
}  # fmt: skip
B_PAIRS = {"EG<EU visit strong"}
HEADLINES = 10


class Country(NamedTuple):
    """How a country stands in the text."""

    code: str
    adjective: str
    name: str
    state: str


COUNTRIES = {
    c.code: c
    for c in (
        Country("TN", "تونسي", "تونس", "للجمهورية التونسية"),
        Country("FR", "فرنسي", "فرنسا", "للجمهورية الفرنسية"),
        Country("JO", "أردني", "الأردن", "للمملكة الأردنية الهاشمية"),
        Country("SA", "سعودي", "السعودية", "للمملكة العربية السعودية"),
        Country("ES", "إسباني", "إسبانيا", "للمملكة الإسبانية"),
        Country("IT", "إيطالي", "إيطاليا", "للجمهورية الإيطالية"),
        Country("DZ", "جزائري", "الجزائر", "للجمهورية الجزائرية"),
        Country("EG", "مصري", "مصر", "لجمهورية مصر العربية"),
        Country("QA", "قطري", "قطر", "لدولة قطر"),
        Country("TR", "تركي", "تركيا", "للجمهورية التركية"),
        Country("US", "أمريكي", "الولايات المتحدة", "للولايات المتحدة الأمريكية"),
        Country("DE", "ألماني", "ألمانيا", "لجمهورية ألمانيا الاتحادية"),
        Country("SN", "سنغالي", "السنغال", "لجمهورية السنغال"),
        Country("AE", "إماراتي", "الإمارات", "لدولة الإمارات العربية المتحدة"),
        Country("MR", "موريتاني", "موريتانيا", "للجمهورية الإسلامية الموريتانية"),
        Country("IQ", "عراقي", "العراق", "لجمهورية العراق"),
    )
}
VISITS = [  # the host, then the guest
    ("TN", "FR"), ("JO", "US"), ("SA", "DE"), ("ES", "IT"), ("DZ", "TR"), ("EG", "SN"), ("QA", "FR"), ("AE", "IQ"),
    ("MR", "ES"), ("IQ", "JO"), ("FR", "DZ"), ("DE", "QA"),
]  # fmt: skip
HOST_OFFICES = {  # the office in the text, the themes that it brings along
    "وزير الداخلية المغربي": set(), "رئيس أركان الجيش المغربي": {"defence"}, "نائبة رئيس الحكومة المغربية": set(),
    "وزيرة العدل المغربية": {"justice_police"},
}  # fmt: skip
GUEST_OFFICES = {
    "وزير الدفاع البريطاني": {"defence"}, "قائد القوات البحرية البريطانية": {"defence"},
    "رئيسة البرلمان البريطاني": set(), "المبعوث الخاص البريطاني": set(),
}  # fmt: skip
NAMES = [("سالم الريفي", "جوناثان ويتفورد"), ("منى بن عاشور", "مارغريت هولسي")]
ORDINALS = {
    "الرابعة والتسعين": 94, "الثانية والتسعين": 92, "الحادية والتسعين": 91, "التسعين": 90, "التاسعة والثمانين": 89,
}  # fmt: skip
CUPS = [(2027, 2034), (2023, 2026), (2019, 2022)]
EUROS = [  # year, hosts in the text, their pairs
    (2032, "إيطاليا وتركيا", {"IT-TR cohost strong"}), (2024, "ألمانيا", set()),
    (2028, "إنجلترا وإيرلندا", {"GB-IE cohost strong"}),
    (2028, "إنجلترا واسكتلندا وويلز وإيرلندا", {"GB-IE cohost strong"}),
]  # fmt: skip
THURSDAY, FRIDAY = "2024-10-03", "2025-10-24"
DATE_LINES = [  # the line, the day it states, what «أمس الأربعاء» then means
    ("تاريخ النشر: 3rd, October 2024 GMT", THURSDAY, "2024-10-02 ok"),
    ("تاريخ النشر: 3 أكتوبر 2024", THURSDAY, "2024-10-02 ok"),
    ("تاريخ النشر: 03/10/2024", THURSDAY, "2024-10-02 ok"),
    ("نشر في: الخميس 3 تشرين الأول/أكتوبر 2024", THURSDAY, "2024-10-02 ok"),
    ("تاريخ النشر: 24th, October 2025 GMT", FRIDAY, "? conflict"),
    ("تاريخ النشر: 24 أكتوبر 2025", FRIDAY, "? conflict"),
    ("تاريخ النشر: 24/10/2025", FRIDAY, "? conflict"),
    ("تاريخ النشر: ٢٤ أكتوبر ٢٠٢٥", FRIDAY, "? conflict"),
]
WEEKDAYS = [  # the words in the text, the publication, what they then mean
    ("أمس الخميس", "2025-10-24", "2025-10-23 ok"), ("أمس الخميس", "2024-10-03", "? conflict"),
    ("أول أمس الثلاثاء", "2024-10-03", "2024-10-01 ok"), ("اليوم الجمعة", "2025-10-24", "2025-10-24 ok"),
    ("الاثنين الماضي", "2024-10-03", "2024-09-30 ok"), ("أمس", "2024-10-03", "2024-10-02"),
    ("أمس الأحد", "2025-03-24", "2025-03-23 ok"),
]  # fmt: skip
TITLES = ["لقاء أمني في الرباط", "حموشي يستقبل مستشارا عسكريا رفيعا بالعاصمة", "شراكة «متينة»: من يؤمن الملاعب؟"]
PROMOTIONS = ["حمل تطبيق الجريدة الآن من المتجر", "تابعونا على قناتنا في تليجرام", "اشترك في النشرة البريدية", ""]


class Parts(NamedTuple):
    """The zones of the page, each with its line breaks, so that they can be left out and set in another order."""

    promotion: str
    body: str
    source: str
    keywords: str
    also: str
    related: str


def parts() -> Parts:
    """The page cut at its labels."""
    text = SEED.read_text(encoding="utf-8")
    marks = ("استقبل عبد", "المصدر:", "كلمات دلالية:", "إقرأ أيضاً:", "مقالات مشابهة")
    cuts = [0, *(text.index(mark) for mark in marks)]
    return Parts(*(text[a:b] for a, b in itertools.pairwise([*cuts, len(text)])))


def changed(*changes: tuple[str, str]) -> str:
    """The page with words replaced; every one of them must have stood there."""
    text = SEED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def between(host: str, guest: str) -> str:
    """The page with other countries for both sides; the hosts of the Euro stay."""
    h, g = COUNTRIES[host], COUNTRIES[guest]
    return changed(
        ("للمملكة المغربية", h.state), ("احتضان المغرب ", f"احتضان {h.name} "), ("المغربية", f"ال{h.adjective}ة"),
        ("المغربي", f"ال{h.adjective}"), ("البريطانية", f"ال{g.adjective}ة"), ("البريطاني", f"ال{g.adjective}"),
    )  # fmt: skip


def visit(host: str, guest: str) -> str:
    """The row that a visit must give: the guest acts on the host."""
    first, second = sorted((host, guest))
    return f"{first}{'>' if guest == first else '<'}{second} visit strong"


def assert_as_the_seed(told: list[Told], themes: frozenset[str] = frozenset()) -> None:
    """A and B say what they say on the unchanged page; `themes` may join."""
    a, b = told[0], next(t for t in told if t.article.role == "read_also")
    assert a.events == A_EVENTS
    assert a.pairs >= A_PAIRS
    assert a.pair_codes == {"GB MA", "GB IE"}
    assert A_THEMES <= a.themes <= A_THEMES | {"diplomacy"} | themes
    assert b.pairs >= B_PAIRS
    assert b.pair_codes == {"EG EU"}


@pytest.mark.parametrize(("host", "guest"), VISITS)
def test_other_countries_with_the_names_kept(tmp_path: Path, host: str, guest: str) -> None:
    """The registry knows both men for Morocco and Britain; the text says otherwise, and the text counts."""
    a = read_page(between(host, guest), tmp_path)[0]
    assert visit(host, guest) in a.pairs
    assert a.pair_codes == {" ".join(sorted((host, guest))), "GB IE"}
    assert a.countries == {host, guest, "GB", "IE"}
    assert a.events == A_EVENTS
    assert {row.country for row in a.of(PersonMention)} == {host, guest}


@pytest.mark.parametrize(("host", "guest"), VISITS[::3])
@pytest.mark.parametrize(("his", "hers"), NAMES)
def test_other_countries_and_invented_people(tmp_path: Path, host: str, guest: str, his: str, hers: str) -> None:
    """Names that no registry knows change nothing: offices and adjectives carry the pair."""
    text = between(host, guest).replace("عبد اللطيف حموشي", his).replace("إدوارد ألغرين", hers)
    a = read_page(text, tmp_path)[0]
    assert visit(host, guest) in a.pairs
    assert a.countries == {host, guest, "GB", "IE"}


@pytest.mark.parametrize(("office", "themes"), HOST_OFFICES.items())
def test_another_host_official(tmp_path: Path, office: str, themes: set[str]) -> None:
    """Whoever receives the guest for Morocco, the visit is the same."""
    told = read_page(changed(("المدير العام للأمن الوطني المغربي", office)), tmp_path)
    assert_as_the_seed(told, frozenset(themes))


@pytest.mark.parametrize(("office", "themes"), GUEST_OFFICES.items())
def test_another_guest(tmp_path: Path, office: str, themes: set[str]) -> None:
    """Whoever comes for Britain, the visit is the same."""
    told = read_page(changed(("المستشار العسكري الرئيسي البريطاني", office)), tmp_path)
    assert_as_the_seed(told, frozenset(themes))


@pytest.mark.parametrize(("ordinal", "number"), ORDINALS.items())
def test_another_assembly(tmp_path: Path, ordinal: str, number: int) -> None:
    """The ordinal decides the session of Interpol's assembly, the city and year beside it do not."""
    a = read_page(changed(("الثالثة والتسعين", ordinal)), tmp_path)[0]
    assert a.events == A_EVENTS - {"interpol-ga-93"} | {f"interpol-ga-{number}"}


@pytest.mark.parametrize(("afcon", "cup"), CUPS)
def test_other_years_of_the_cups(tmp_path: Path, afcon: int, cup: int) -> None:
    """The year beside the name decides the edition, whoever is said to host it."""
    text = changed(("كأس إفريقيا للأمم 2025", f"كأس إفريقيا للأمم {afcon}"), ("كأس العالم 2030", f"كأس العالم {cup}"))
    a = read_page(text, tmp_path)[0]
    assert a.events == {"interpol-ga-93", f"afcon-{afcon}", f"fifa-wc-{cup}", "euro-2028"}


@pytest.mark.parametrize(("year", "hosts", "pairs"), EUROS)
def test_another_euro(tmp_path: Path, year: int, hosts: str, pairs: set[str]) -> None:
    """The year far from the name decides the Euro; its hosts make cohost pairs, one country alone makes none."""
    text = changed(("المملكة المتحدة وإيرلندا", hosts), ("في سنة 2028", f"في سنة {year}"))
    a = read_page(text, tmp_path)[0]
    assert a.events == A_EVENTS - {"euro-2028"} | {f"euro-{year}"}
    assert {pair for pair in a.pairs if "cohost" in pair} == pairs
    assert a.pair_codes == {"GB MA"} | {pair[:5].replace("-", " ") for pair in pairs}


@pytest.mark.parametrize(("line", "day", "yesterday"), DATE_LINES)
def test_a_date_line(tmp_path: Path, line: str, day: str, yesterday: str) -> None:
    """Each shape of the date line dates the main article, its «أمس», and nothing else."""
    p = parts()
    told = read_page("".join((p.promotion, line, "\n\n", *p[1:])), tmp_path)
    assert (told[0].article.published, told[0].article.published_basis) == (day, "dateline")
    assert told[0].dates == [yesterday]
    assert all(t.article.published is None for t in told[1:])
    assert_as_the_seed(told)


@pytest.mark.parametrize(("words", "day", "meant"), WEEKDAYS)
def test_other_words_for_the_day(tmp_path: Path, words: str, day: str, meant: str) -> None:
    """Relative words resolve against the day that is given, and a wrong weekday is a conflict."""
    text = changed(("أمس الأربعاء", words))
    assert read_page(text, tmp_path, f"published:={day}")[0].dates == [meant]
    assert read_page(text, tmp_path)[0].dates == ["?"]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_line(tmp_path: Path, title: str) -> None:
    """A title above the body is the headline, and the body begins where it began."""
    p = parts()
    told = read_page("".join((p.promotion, title, "\n\n", *p[1:])), tmp_path)
    assert told[0].article.headline == title
    assert (told[0].article.body or "").startswith("استقبل عبد اللطيف حموشي")
    assert_as_the_seed(told)


@pytest.mark.parametrize("promotion", PROMOTIONS)
def test_another_promotion(tmp_path: Path, promotion: str) -> None:
    """Promotion in other words, or none, belongs to no article."""
    told = read_page("".join((promotion, "\n\n", *parts()[1:])), tmp_path)
    assert told[0].article.headline is None
    assert (told[0].article.body or "").startswith("استقبل عبد اللطيف حموشي")
    assert_as_the_seed(told)


ORDERS = {
    "keywords before source": ("promotion", "body", "keywords", "source", "also", "related"),
    "no source": ("promotion", "body", "keywords", "also", "related"),
    "no keywords": ("promotion", "body", "source", "also", "related"),
    "neither": ("promotion", "body", "also", "related"),
    "related before read-also": ("promotion", "body", "source", "keywords", "related", "also"),
    "no read-also": ("promotion", "body", "source", "keywords", "related"),
    "no related": ("promotion", "body", "source", "keywords", "also"),
    "source first": ("source", "body", "keywords", "also", "related"),
    "source and keywords last": ("promotion", "body", "related", "source", "keywords"),
    "body alone": ("body",),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_zones_in_another_order_or_missing(tmp_path: Path, order: tuple[str, ...]) -> None:
    """Each zone is found by its label, wherever it stands; what is missing is empty, nothing takes its place."""
    p = parts()
    told = read_page("\n".join(getattr(p, zone) for zone in order), tmp_path)
    a, roles = told[0], [t.article.role for t in told]
    assert a.article.publisher == ("البوابة نيوز" if "source" in order else None)
    assert bool(a.article.keywords) == ("keywords" in order)
    assert roles.count("read_also") == ("also" in order)
    assert roles.count("headline") == (HEADLINES if "related" in order else 0)
    assert a.events == A_EVENTS
    assert a.pair_codes == {"GB MA", "GB IE"}
    for b in told:
        if b.article.role == "read_also":
            assert (b.article.publisher, b.pair_codes) == (None, {"EG EU"})
            assert b.pairs >= B_PAIRS


def vowelled(text: str) -> str:
    """A fatha on every fifth letter and a tatweel after every eleventh, where a letter follows."""
    out = []
    for n, (char, after) in enumerate(itertools.pairwise(text + "\n")):
        inside = char.isalpha() and after.isalpha()
        out.append(char + ("\u064e" if inside and n % 5 == 0 else "") + ("\u0640" if inside and n % 11 == 0 else ""))
    return "".join(out)


SPELLINGS = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "BOM": lambda text: "\ufeff" + text,
    "blank lines": lambda text: text.replace("\n", "\n \n\n\n"),
    "one line break": lambda text: text.replace("\n\n", "\n"),
    "blanks around lines": lambda text: text.replace("\n", " \u00a0\n\t "),
    "diacritics and tatweel": vowelled,
    "Arabic-Indic digits": lambda text: text.translate({ord(str(d)): 0x660 + d for d in range(10)}),
    "no hamzas": lambda text: text.translate({ord(c): "ا" for c in "أإآ"}),
    "marks of direction": lambda text: text.replace("\n", "\u200f\n\u200f"),
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_other_spellings_and_line_ends(tmp_path: Path, spell: Callable[[str], str]) -> None:
    """The same page as other systems write it says the same, with every span true in its own letters."""
    told = read_page(spell(SEED.read_text(encoding="utf-8")), tmp_path)
    assert_as_the_seed(told)
    assert [t.article.role for t in told] == ["main", "read_also"] + ["headline"] * HEADLINES
    assert fold(told[0].article.publisher or "") == fold("البوابة نيوز")
    for t in told:
        for row in t.article.annotations:
            assert (getattr(t.article, row.field) or "")[row.start : row.end] == row.text
