"""Data that arrives while somebody is reading."""

import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ServeApp
from tests.e2e import tour
from tests.e2e.conftest import TODAY

NOTICED_SECONDS = 6.0
LATE = 12
# All bars and what the list's pager says, read in one step, so that they belong together.
_TOGETHER = """() => [
    document.querySelector('.st-key-articles-time .rasd-plot').data[0].y.reduce((sum, n) => sum + (n ?? 0), 0),
    document.querySelector('.st-key-list-all .rasd-range').textContent,
]"""


@pytest.fixture
def store(sample_store: Path, tmp_path: Path) -> Path:
    """Return a store of its own with the sample."""
    return Path(shutil.copytree(sample_store, tmp_path / "store"))


def test_an_idle_page_shows_what_was_loaded(page: Page, serve_app: ServeApp, store: Path, tmp_path: Path) -> None:
    """A load while the app is open shows within six seconds of its end, without a reload and without a click."""
    address = serve_app(store, RASD_TODAY=TODAY)
    tour.visit(page, tour.at(address, "articles", unit="articles"))
    expect(page.get_by_test_id("stAlert")).to_have_count(1)
    page.evaluate("window.rasdNeverReloaded = true")
    tour.load(store, tour.lines(tmp_path / "new.jsonl", map(_article, range(3))))
    ended = time.monotonic()
    page.wait_for_function(
        "() => document.querySelectorAll('.st-key-list-all a[data-id^=\"late-\"]').length === 3",
        timeout=NOTICED_SECONDS * 1000,
    )
    print(f"seen {time.monotonic() - ended:.1f} s after the load's end")
    tour.ready(page)
    assert page.evaluate("window.rasdNeverReloaded")
    # Articles of one's own take the place of the sample, and nothing says «sample» any more.
    assert tour.read_list(page, "all").total == 3
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_no_page_mixes_two_snapshots(page: Page, serve_app: ServeApp, store: Path, tmp_path: Path) -> None:
    """While loads come and a reader clicks, the figure and the list of a page always count the same articles."""
    tour.load(store, tour.lines(tmp_path / "own.jsonl", map(_article, range(1000, 1040))))
    address = serve_app(store, RASD_TODAY=TODAY)
    tour.visit(page, tour.at(address, "articles", unit="articles"))
    dated, total = _counted(page)
    loads = threading.Thread(target=_load_thrice, args=(store, tmp_path))
    loads.start()
    seen: set[tuple[int, int]] = set()
    clicks = 0
    while loads.is_alive() or max(count for _, count in seen) < total + LATE:
        page.locator("[data-switch=grain] button").nth(clicks % 3).click()
        clicks += 1
        seen.add(_counted(tour.ready(page)))
        assert clicks < 100
    loads.join()
    print(f"{clicks} clicks saw {sorted(seen)}")
    assert {count - bars for bars, count in seen} == {total - dated}
    assert max(seen) == (dated + LATE, total + LATE)


def test_a_missing_store_says_how_to_mend_it(page: Page, serve_app: ServeApp, tmp_path: Path) -> None:
    """Without a store the page is Arabic and names the command; once a load comes, the page shows it by itself."""
    address = serve_app(tmp_path, RASD_STORE=str(tmp_path / "store"), RASD_TODAY=TODAY)
    page.goto(address)
    main = page.get_by_test_id("stMain")
    expect(main.get_by_test_id("stAlert")).to_contain_text("\u0644\u0627")
    expect(main).to_contain_text("rasd load")
    expect(main.get_by_test_id("stException")).to_have_count(0)
    tour.load(tmp_path / "store", tour.lines(tmp_path / "new.jsonl", map(_article, range(3))))
    expect(page.locator(".st-key-tiles")).to_be_visible(timeout=NOTICED_SECONDS * 1000)
    tour.ready(page)
    assert tour.figures(page)


def test_a_store_that_goes_away_breaks_no_page(page: Page, serve_app: ServeApp, store: Path, tmp_path: Path) -> None:
    """A store that vanishes under an open page gives the Arabic page, not a traceback; back again, the figures return."""
    address = serve_app(store, RASD_TODAY=TODAY)
    tour.visit(page, tour.at(address, "themes"))
    shutil.move(store, tmp_path / "away")
    expect(page.get_by_test_id("stMain")).to_contain_text("rasd load", timeout=NOTICED_SECONDS * 1000)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    shutil.move(tmp_path / "away", store)
    expect(page.locator(".st-key-themes-bars")).to_be_visible(timeout=NOTICED_SECONDS * 1000)


def _load_thrice(store: Path, folder: Path) -> None:
    for n in range(3):
        tour.load(store, tour.lines(folder / f"more-{n}.jsonl", (_article(10 * n + k) for k in range(LATE // 3))))


def _counted(page: Page) -> tuple[int, int]:
    """Read the sum of all bars, and the total of the list, of a page that is at rest.

    A new snapshot may start a run between two looks; what is read twice alike was no page on its way.
    """
    before, found = None, page.evaluate(_TOGETHER)
    while found != before:
        before, found = found, tour.ready(page).evaluate(_TOGETHER)
    bars, pager = found
    return bars, tour.numerals(pager)[-1]


def _article(n: int) -> dict[str, Any]:
    return {
        "article_id": f"late-{n}",
        "publisher": "منبر متأخر",
        "headline": f"خبر متأخر {n}",
        "body": f"تتواصل في المغرب مباريات كأس أمم إفريقيا 2025، وهذا خبر متأخر رقمه {n}.",
        "published": "2026-01-07",
        "published_basis": "metadata",
    }
