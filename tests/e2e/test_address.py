"""The address is the view: copied, walked back, carried from page to page, or absurd."""

import json
import re
import time
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.queries import PAGE_SIZE
from tests.e2e import tour

EVENT = "afcon-2025"
LIMIT_SECONDS = 5.0

ABSURD = (
    "?unit=&grain=century&tier=9&time=sideways&locale=xx-XX",
    "?unit=stories&unit=articles&unit=" + "a" * 500,
    "?since=2025-13-45&until=0000-00-00",
    "?since=2030-01-01&until=1900-01-01",
    "?since=0001-01-01&until=9999-12-31&grain=day",
    "?events=" + ",".join(f"no-such-{n}" for n in range(200)),
    "?countries=%00,%ff,ZZ,<script>&themes='%20OR%201=1--",
    "?pair=MA,MA",
    "?pair=MA,ES,FR&cohost=yes&headlines=maybe",
    "?publishers=" + quote("<img src=x onerror=alert(1)>|\u202e\u2067"),
    "?search=" + quote("%_\\'\";\u0000)(*&^" * 40),
    "events?at=events-lanes&mark=" + quote("snapshot|annotator=x; DROP TABLE article") + "&page=-1",
    "events?at=events-lanes&mark="
    + quote("events|event=afcon-2025|period=not-a-day|grain=week|unit=boats")
    + "&page=1e9",
    "articles?page=999999&at=all&mark=" + "|" * 300,
    "articles?locale=ar-ZZ&page=%F0%9F%98%80",
    "article?article=" + quote("../../etc/passwd\u202e") + "&unit=articles",
    "pairs?at=pairs-matrix&mark=" + quote("pairs|a=MA|b=|a=") + "&pair=MA,ZZ",
    "data?at=data-bases&mark=" + quote("articles|basis=astrology|unit=articles"),
)


def test_the_address_copied_elsewhere_gives_the_same_view(page: Page, browser: Browser, sample_app: str) -> None:
    """After filters and a mark were clicked, a fresh English browser draws the same numbers, list and chips."""
    tour.visit(page, tour.at(sample_app, "events"))
    _press(page, "unit", 1)
    _press(page, "grain", 2)
    _choose_first(page, "events")
    expect(page.locator(".st-key-chips button")).to_have_count(1)
    drawn = max(tour.marks(tour.figure(page, "events-lanes")), key=lambda mark: mark.number)
    tour.click(page, drawn)
    assert (
        tour.asked(page).items() >= {"unit": "articles", "grain": "month", "at": drawn.key, "mark": drawn.mark}.items()
    )
    fresh = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
    tour.visit(fresh, page.url)
    assert _view(fresh) == _view(page)
    assert tour.read_list(fresh, drawn.key) == tour.read_list(page, drawn.key)
    fresh.context.close()


def test_every_browser_reads_the_same_words(page: Page, browser: Browser, sample_app: str) -> None:
    """A French and an English browser show the same pages, to the letter."""
    english = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
    for name in tour.PAGES:
        address = tour.at(sample_app, name, locale="ar-EG", countries="MA")
        assert _view(tour.visit(english, address)) == _view(tour.visit(page, address)), name
    english.context.close()


def test_another_page_keeps_the_filters(page: Page, sample_app: str) -> None:
    """What was asked on one page is asked on the next, and stands in its address."""
    query = {"events": EVENT, "unit": "articles", "grain": "month"}
    tour.visit(page, tour.at(sample_app, "events", **query))
    for n in (3, 2, 4, 0):
        page.get_by_test_id("stSidebarNavLink").nth(n).click()
        expect(page.get_by_test_id("stSidebarNavLink").nth(n)).to_have_attribute("aria-current", "page")
        tour.ready(page)
        assert {name: value for name, value in tour.asked(page).items() if name in query} == query
        expect(page.locator(".st-key-chips button")).to_have_count(1)


def test_back_takes_a_filter_away(page: Page, sample_app: str) -> None:
    """Each change of a filter is a step that the browser's own button takes back."""
    tour.visit(page, tour.at(sample_app, "themes", unit="stories"))
    before = _view(page)
    _press(page, "unit", 1)
    assert _view(page) != before
    page.go_back()
    page.wait_for_url("**unit=stories**")
    assert _view(tour.ready(page)) == before


def test_switches_are_radio_buttons(page: Page, sample_app: str) -> None:
    """One stop of the tab key a switch; arrows go the way the eye does, take the option, and come round at the end."""
    tour.visit(page, tour.at(sample_app, "articles", unit="stories"))
    grain = page.get_by_role("radiogroup", name="الفترة")
    expect(grain.locator("[tabindex='0']")).to_have_count(1)
    grain.get_by_role("radio", name="أسبوع").focus()
    for key, name, value in (
        ("ArrowLeft", "شهر", "month"),
        ("ArrowLeft", "يوم", "day"),
        ("ArrowRight", "شهر", "month"),
    ):
        page.keyboard.press(key)
        page.wait_for_url(f"**grain={value}**")
        expect(grain.get_by_role("radio", name=name)).to_have_attribute("aria-checked", "true")
        expect(grain.get_by_role("radio", name=name)).to_be_focused()
        tour.ready(page)
    page.go_back()
    page.wait_for_url("**grain=day**")
    tour.ready(page)
    expect(grain.get_by_role("radio", name="يوم")).to_have_attribute("aria-checked", "true")


def test_back_returns_to_what_was_seen(page: Page, sample_app: str) -> None:
    """The browser's own button leads from a page to the one before, from an article to the list it was opened from."""
    tour.visit(page, tour.at(sample_app, "events", events="euro-2028"))
    before = _view(page)
    page.get_by_test_id("stSidebarNavLink").nth(3).click()
    page.wait_for_url("**/themes?**")
    tour.ready(page)
    page.go_back()
    page.wait_for_url("**/events?**")
    assert _view(tour.ready(page)) == before
    # A list of one page: reading it to its end does not move it.
    ranked = [mark for mark in tour.marks(tour.figure(page, "events-ranking")) if mark.number <= PAGE_SIZE]
    drawn = max(ranked, key=lambda mark: mark.number)
    tour.click(page, drawn)
    listed, address = tour.read_list(page, drawn.key), page.url
    for waits in (True, False, True):
        page.locator(f".st-key-behind-{drawn.key} a[data-id]").first.click()
        page.wait_for_url("**/article?**")
        if waits:
            tour.ready(page)
        # Back at once, while the article's page is still being made, is a step back all the same.
        page.go_back()
        page.wait_for_url(address)
        tour.ready(page)
        assert page.url == address
        assert tour.read_list(page, drawn.key) == listed


@pytest.mark.parametrize("address", ABSURD, ids=range(len(ABSURD)))
def test_no_address_breaks_a_page(reader: Page, sample_app: str, address: str) -> None:
    """Whatever an address says, an Arabic page answers within five seconds, without an exception."""
    if reader.url == "about:blank":
        tour.visit(reader, sample_app)
    begun = time.monotonic()
    tour.visit(reader, f"{sample_app}/{address}")
    assert time.monotonic() - begun < LIMIT_SECONDS
    main = reader.get_by_test_id("stMain")
    expect(main.get_by_test_id("stException")).to_have_count(0)
    expect(main.locator("h1")).to_have_text(re.compile("[\u0621-\u064a]{3}"))
    expect(
        main.get_by_test_id("stAlert").filter(has=main.page.locator("[data-testid='stAlertContentError']"))
    ).to_have_count(0)
    assert len(main.inner_text()) > 60


def _press(page: Page, name: str, n: int) -> None:
    """Choose the n-th option of one of the bar's switches."""
    button = page.locator(f"[data-switch={name}] button").nth(n)
    before = page.url
    button.click()
    page.wait_for_function("before => location.href !== before", arg=before)
    expect(button).to_have_attribute("aria-checked", "true")
    tour.ready(page)


def _choose_first(page: Page, name: str) -> None:
    """Choose the first value that a filter in the popover offers."""
    page.locator(".st-key-bar [data-testid='stPopover'] button").first.click()
    page.locator(f".st-key-bar-{name} input").first.click()
    page.get_by_role("option").first.click()
    page.wait_for_url(f"**{name}=**")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(f".st-key-bar-{name}")).to_be_hidden()
    tour.ready(page)


def _view(page: Page) -> dict[str, Any]:
    """All that a reader sees: the words in order, and every figure's data and layout; the pointer rests nowhere."""
    page.mouse.move(1, 1)
    expect(page.locator(".hoverlayer text")).to_have_count(0)
    tour.ready(page)
    figures = [(shown["key"], shown["data"], shown["layout"]) for shown in tour.figures(page)]
    return {"words": page.get_by_test_id("stMain").inner_text(), "figures": json.dumps(figures, sort_keys=True)}
