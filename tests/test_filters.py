"""Filters and their address: what a link says is what a page asks, and no link can break one."""

import datetime as dt
from dataclasses import fields, replace

import pytest

from dashboard import words
from dashboard.filters import NAMES, Filters, parse, query, without

FULL = Filters(
    events=("afcon-2025", "afcon?"),
    countries=("MA", "X-LAS"),
    pair=("ES", "MA"),
    themes=("migration", "health"),
    publishers=("الخبر، اليوم", "a,b"),
    since=dt.date(2025, 10, 1),
    until=dt.date(2025, 12, 31),
    grain="month",
    tier="weak",
    unit="articles",
    search="كأس «إفريقيا» & more=1",
    headlines=True,
    cohost=True,
    locale="ar-EG",
    time="rtl",
)


def test_the_default_needs_no_address() -> None:
    """An address without parameters and the default filters are the same question."""
    assert query(Filters()) == {}
    assert parse({}) == Filters()


@pytest.mark.parametrize("name", NAMES)
def test_one_filter_alone_goes_to_the_address_and_back(name: str) -> None:
    """What differs from the default stands in the address, and nothing else."""
    asked = replace(Filters(), **{name: getattr(FULL, name)})
    assert query(asked).keys() == {name}
    assert parse(query(asked)) == asked


def test_all_filters_together_go_to_the_address_and_back() -> None:
    """The address holds all of them, in the order of the fields."""
    assert parse(query(FULL)) == FULL
    assert list(query(FULL)) == [field.name for field in fields(Filters)]


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ({"grain": "year"}, {}),
        ({"tier": ""}, {}),
        ({"unit": "Stories"}, {}),
        ({"time": "up"}, {}),
        ({"locale": "fr-FR"}, {}),
        ({"locale": "ar-XX"}, {}),
        ({"since": "yesterday"}, {}),
        ({"since": "2025-02-30"}, {}),
        ({"since": "2025-1-1"}, {}),
        ({"until": "٢٠٢٥-٠١-٠١"}, {}),
        ({"since": "0001-01-01"}, {}),
        ({"until": "9999-12-31"}, {}),
        ({"headlines": "yes"}, {}),
        ({"events": "afcon 2025,<b>,a'b;--,"}, {}),
        ({"countries": "x" * 81}, {}),
        ({"pair": "MA"}, {}),
        ({"pair": "MA,MA"}, {}),
        ({"pair": "MA,ES,FR"}, {}),
        ({"pair": "MA,ES"}, {"pair": ("ES", "MA")}),
        ({"themes": "health,health"}, {"themes": ("health",)}),
        ({"publishers": "|الخبر||الخبر|"}, {"publishers": ("الخبر",)}),
        ({"search": "  كأس  "}, {"search": "كأس"}),
        ({"search": "   "}, {}),
        (
            {"since": "2025-12-31", "until": "2025-01-01"},
            {"since": dt.date(2025, 1, 1), "until": dt.date(2025, 12, 31)},
        ),
        ({"unknown": "1", "headlines": "1"}, {"headlines": True}),
    ],
)
def test_what_an_address_says_wrongly_is_left_out(address: dict[str, str], meant: dict[str, object]) -> None:
    """Unknown, malformed and absurd values count as not said; what can be understood is put in order."""
    assert parse(address) == replace(Filters(), **meant)


def test_a_giant_address_is_cut() -> None:
    """Nothing in an address makes a query grow without bound."""
    asked = parse({"events": ",".join(f"e{n}" for n in range(10_000)), "search": "ا" * 100_000})
    assert len(asked.events) == 60
    assert len(asked.search) == 300
    assert parse(query(asked)) == asked


@pytest.mark.parametrize("locale", words.LOCALES)
def test_every_region_has_an_address(locale: str) -> None:
    """A region that can be chosen can be linked to."""
    assert parse({"locale": locale}).locale == locale


def test_what_narrows_is_told_in_the_order_of_the_bar() -> None:
    """Unit, period length and the like change how is counted, not what is left out."""
    assert FULL.narrows == ("events", "countries", "pair", "themes", "publishers", "since", "until", "search")
    assert Filters(grain="day", unit="articles", tier="weak", time="rtl", locale="ar-EG").narrows == ()


@pytest.mark.parametrize("name", FULL.narrows)
def test_a_loosened_filter_leaves_the_others(name: str) -> None:
    """A chip that is removed takes its own filter away and no other."""
    left = without(FULL, name)
    assert left == replace(FULL, **{name: getattr(Filters(), name)})
    assert name not in left.narrows
