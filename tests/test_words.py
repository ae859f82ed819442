"""The interface's words: plurals, digits, dates and marks of direction."""

import datetime as dt
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from dashboard import words

PO = Path(words.__file__).parent / "locale" / "ar.po"
FRIDAY = dt.date(2025, 10, 3)
LATIN = {"ar-MA", "ar-DZ", "ar-TN", "ar-AE", "ar-LY"}
COUNTED = ("article", "story", "publisher", "day", "week", "copy")


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "لا قصص"),
        (1, "قصة واحدة"),
        (2, "قصتان"),
        (3, "3 قصص"),
        (10, "10 قصص"),
        (11, "11 قصة"),
        (99, "99 قصة"),
        (100, "100 قصة"),
        (103, "103 قصص"),
        (1234, "1\u202f234 قصة"),
    ],
)
def test_a_count_takes_its_plural_form(count: int, said: str) -> None:
    """One and two are said without a digit, the rest by CLDR's six forms."""
    assert words.load("ar-MA").n("n.story", count) == said


@pytest.mark.parametrize("noun", COUNTED)
def test_every_counted_noun_has_six_forms(noun: str) -> None:
    """No noun is left with an empty form."""
    forms = words.load("ar-MA").plurals[f"n.{noun}"]
    assert len(forms) == 6
    assert all(forms)


@pytest.mark.parametrize("locale", words.LOCALES)
def test_digits_are_the_regions(locale: str) -> None:
    """Latin digits in the Maghreb, the Emirates and Libya, Arabic-Indic ones elsewhere, in counts, shares and dates."""
    w = words.load(locale)
    said = w.number(12345) + w.percent(0.25) + w.day(FRIDAY) + w.n("n.story", 11)
    digits = {"arab" if c > "\u0600" else "latn" for c in said if c.isdigit()}
    assert digits == {"latn" if locale in LATIN else "arab"}


@pytest.mark.parametrize("locale", words.LOCALES)
def test_thousands_are_no_fraction_anywhere(locale: str) -> None:
    """What parts the thousands is the decimal sign of no region: «1.693 يومًا» is less than two days in Dubai."""
    w = words.load(locale)
    (sign,) = {c for c in w.number(1693) if not c.isdigit()}
    decimals = {next(c for c in words.load(other).number(2.5) if not c.isdigit()) for other in words.LOCALES}
    assert sign not in decimals
    assert w.plotly_locale()["locales"][locale]["format"]["thousands"] == sign
    assert w.number(12345678.5).count(sign) == 2


@pytest.mark.parametrize(
    ("locale", "month"),
    [
        ("ar-MA", "نونبر"),
        ("ar-DZ", "نوفمبر"),
        ("ar-EG", "نوفمبر"),
        ("ar-IQ", "تشرين الثاني"),
        ("ar-SY", "تشرين الثاني"),
        ("ar-LB", "تشرين الثاني"),
        ("ar-JO", "تشرين الثاني"),
    ],
)
def test_months_are_the_regions(locale: str, month: str) -> None:
    """November has three names across the regions, in dates and in Plotly's axes, long and short."""
    w = words.load(locale)
    shapes = w.plotly_locale()["locales"][locale]["format"]
    assert month in w.day(dt.date(2025, 11, 24))
    assert shapes["months"][10] == shapes["shortMonths"][10] == month
    assert shapes["days"][0] == "الأحد"


def test_dates_read_as_people_say_them() -> None:
    """Day, weekday, month, week and span name what they mean, and a span names month and year once."""
    w = words.load("ar-MA")
    assert w.day(FRIDAY) == "3 أكتوبر 2025"
    assert w.weekday_day(FRIDAY) == "الجمعة، 3 أكتوبر 2025"
    assert w.month(FRIDAY) == "أكتوبر 2025"
    assert w.week(dt.date(2025, 11, 24)) == "أسبوع 24 نونبر 2025"
    assert w.span(FRIDAY, FRIDAY) == w.day(FRIDAY)
    assert w.span(FRIDAY, dt.date(2025, 10, 5)) == "3\u20135 أكتوبر 2025"
    assert w.span(dt.date(2025, 9, 28), FRIDAY) == "28 شتنبر \u2013 3 أكتوبر 2025"
    assert w.span(dt.date(2025, 12, 21), dt.date(2026, 1, 18)) == "21 دجنبر 2025 \u2013 18 يناير 2026"


@pytest.mark.parametrize(("locale", "first"), [("ar-MA", 1), ("ar-EG", 6), ("ar-SA", 7), ("ar-AE", 1), ("ar-DZ", 6)])
def test_the_week_begins_where_the_region_begins_it(locale: str, first: int) -> None:
    """Monday, Saturday or Sunday, and the week of a date starts on that day and holds the date."""
    w = words.load(locale)
    start = w.week_start(FRIDAY)
    assert w.first_weekday() == start.isoweekday() == first
    assert dt.timedelta(0) <= FRIDAY - start < dt.timedelta(days=7)


def test_signs_keep_their_side() -> None:
    """A sign carries CLDR's mark, without which Arabic text shows it behind its number."""
    assert words.load("ar-MA").number(-5) == "\u200e-5"
    assert words.load("ar-MA").number(5, signed=True) == "\u200e+5"
    assert words.load("ar-EG").number(-5) == "\u061c-\u0665"


def test_strings_put_into_a_message_are_isolated() -> None:
    """A Latin name, or a hostile one, cannot turn the sentence around it."""
    assert words.load("ar-MA").messages["date.week"] == "أسبوع {day}"
    assert words.load("ar-MA").t("date.week", day="AFCON 2025") == "أسبوع \u2068AFCON 2025\u2069"
    assert words.load("ar-MA").t("date.week", day=FRIDAY) == "أسبوع 3 أكتوبر 2025"


def test_text_for_svg_is_embedded_line_by_line() -> None:
    """SVG text has no direction of its own, and an embedding ends with its line."""
    assert words.svg("أ\nب<br>ج") == "\u202bأ\u202c<br>\u202bب\u202c<br>\u202bج\u202c"


def test_an_unknown_locale_is_the_default() -> None:
    """A mistyped region still gives an interface."""
    assert words.load("xx").locale == words.load("../ar").locale == "ar-MA"


def test_a_missing_message_is_an_error() -> None:
    """A key that nobody translated must not reach a reader."""
    with pytest.raises(KeyError):
        words.load("ar-MA").t("no.such.key")


def test_each_thing_has_a_word_of_its_own() -> None:
    """«نسخة» is a copy of an article alone: an edition of an event is «دورة», a snapshot «إصدار البيانات»."""
    messages, plurals = words.load("ar-MA").messages, words.load("ar-MA").plurals
    said = {**messages, **{name: " ".join(forms) for name, forms in plurals.items()}}
    found = {name for name, text in said.items() if re.search(r"(?<!ا)نسخ", text)}
    copies = {"n.copy", "list.copies", "copy.near-copy", "copy.contained", "brief.method.copies"}
    assert found == copies | {f"brief.source.{unit}" for unit in ("stories", "articles")}


def test_the_catalogue_is_whole() -> None:
    """No message is empty, said twice, fuzzy, or carries a bidi mark that belongs to the program."""
    with PO.open("rb") as file:
        catalogue = read_po(file, locale="ar", abort_invalid=True)
    entries = [entry for entry in catalogue if entry.id]
    for entry in entries:
        strings = [entry.string] if isinstance(entry.string, str) else [*(entry.string or [""])]
        assert all(strings), entry.id
        assert not entry.fuzzy, entry.id
        assert not re.search("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]", "".join(strings)), entry.id
    said = re.findall(r'^msgid "(.+)"$', PO.read_text("utf-8"), re.MULTILINE)
    assert len(said) == len(set(said))
