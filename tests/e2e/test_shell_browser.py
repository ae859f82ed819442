"""The shell in a real browser: direction, safety, figures, lists, marks, phones."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard import safe
from tests.conftest import ServeApp, settled
from tests.payloads import PAYLOADS

ENTRY = Path(__file__).parent / "shell_app.py"
PLOT = ".rasd-plot"
FIGURE = "() => { const g = document.querySelector('.js-plotly-plot'); return {data: g.data, layout: g.layout}; }"


@pytest.fixture(scope="module")
def address(serve_app: ServeApp, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return where the shell is served."""
    return serve_app(tmp_path_factory.mktemp("store"), ENTRY)


def test_the_page_is_arabic_whatever_the_browser_speaks(fresh: Page, address: str) -> None:
    """A French browser gets Arabic, right to left, in the font that comes with the install."""
    fresh.goto(address)
    assert fresh.evaluate("[document.documentElement.lang, document.dir, navigator.language]") == ["ar", "rtl", "ar-MA"]
    settled(fresh)
    sidebar, main = fresh.get_by_test_id("stSidebar").bounding_box(), fresh.get_by_test_id("stMain").bounding_box()
    assert sidebar
    assert main
    assert sidebar["x"] >= main["x"] + main["width"] - 1
    assert fresh.evaluate("document.fonts.check('16px \"Noto Sans Arabic\"', '\u0639')")
    expect(fresh).to_have_title("رصد")


def test_hostile_text_runs_nothing_and_fetches_nothing(fresh: Page, address: str) -> None:
    """Every payload in Markdown, HTML, a link, a list and a figure: no foreign request, no dialog, no complaint."""
    foreign: list[str] = []
    fresh.on(
        "request",
        lambda request: None if request.url.startswith((address, "data:", "blob:")) else foreign.append(request.url),
    )
    fresh.on("dialog", lambda dialog: foreign.append(dialog.message))
    fresh.on("console", lambda message: foreign.append(message.text) if message.type == "error" else None)
    fresh.on("pageerror", lambda error: foreign.append(str(error)))
    _open(fresh, address)
    fresh.mouse.wheel(0, 20_000)
    fresh.wait_for_timeout(300)
    assert foreign == []
    main = fresh.get_by_test_id("stMain")
    assert (
        main.locator("a[href*='javascript'], img[src*='evil'], iframe, form, script, [onerror], [onload]").count() == 0
    )
    shown = main.get_by_test_id("stMarkdown").locator("p")
    read = [text.strip("\u2068\u2069").replace("\u2060", "") for text in shown.all_text_contents()]
    assert read == [" ".join(safe.plain(payload).split()).replace("\u2060", "") for payload in PAYLOADS]
    assert shown.locator("*").count() == 0


def test_a_link_outward_says_nothing_of_where_it_came_from(page: Page, address: str) -> None:
    """Streamlit keeps noopener and noreferrer, drops the rest; the page's own policy covers the referrer."""
    _open(page, address)
    link = page.locator("a[href^='http']:has(.rasd-host)").first
    assert {"noopener", "noreferrer"} <= set((link.get_attribute("rel") or "").split())
    expect(link).to_have_attribute("target", "_blank")
    expect(link.locator(".rasd-host")).to_have_text("evil.example")


def test_a_click_on_a_mark_is_told_once(page: Page, address: str) -> None:
    """A bar and a cell of a matrix tell their customdata; the next run has forgotten it."""
    _open(page, address)
    page.locator(PLOT).nth(0).locator(".points path").nth(3).click(force=True)
    expect(page.get_by_text("mark=afcon|2025-09-22 n=1")).to_be_visible()
    page.get_by_text("ضعف", exact=True).click()
    expect(page.get_by_text("mark=None")).to_be_visible()
    box = page.locator(PLOT).nth(1).locator(".heatmaplayer image").bounding_box()
    assert box
    page.mouse.move(box["x"] + 12, box["y"] + 12)
    page.mouse.move(box["x"] + 15, box["y"] + 15)
    drag = page.locator(PLOT).nth(1).locator(".nsewdrag")
    expect(drag).to_have_css("cursor", "pointer")
    page.mouse.click(box["x"] + 15, box["y"] + 15)
    expect(page.get_by_text("mark=المغرب|المملكة المتحدة n=1")).to_be_visible()


def test_one_graph_lives_on(page: Page, address: str) -> None:
    """A filter changes the figure in place: the same element, new numbers."""
    _open(page, address)
    page.evaluate("document.querySelector('.rasd-plot').kept = true")
    page.get_by_text("ضعف", exact=True).click()
    page.wait_for_function("() => Math.max(...document.querySelector('.rasd-plot').data[0].y) > 10")
    assert page.evaluate("document.querySelector('.rasd-plot').kept") is True


def test_the_first_chart_needs_no_pandas(page: Page, serve_app: ServeApp, tmp_path: Path) -> None:
    """Importing it costs most of a second before anything is seen."""
    _open(page, serve_app(tmp_path, ENTRY))
    expect(page.get_by_text("pandas=False")).to_be_visible()


def test_a_figure_says_what_it_shows(page: Page, address: str) -> None:
    """A screen reader hears a sentence, not a hundred paths; labels are whole."""
    _open(page, address)
    expect(page.get_by_role("img", name="قصص في الأسبوع")).to_be_visible()
    clipped = page.evaluate(
        """() => [...document.querySelectorAll('.rasd-plot')].flatMap((plot) => {
            const edge = plot.getBoundingClientRect();
            return [...plot.querySelectorAll('.xtick text, .ytick text')].filter((t) => {
                const b = t.getBoundingClientRect();
                return b.left < edge.left - 1 || b.right > edge.right + 1 || b.bottom > edge.bottom + 1;
            }).map((t) => t.textContent);
        })"""
    )
    assert clipped == []


def test_both_bodies_draw_the_same_figure(page: Page, address: str, serve_app: ServeApp, tmp_path: Path) -> None:
    """Either the component or Streamlit's own chart can go: data and layout are the same, and so is a click."""
    _open(page, address)
    page.wait_for_selector(".js-plotly-plot .points path")
    ours = page.evaluate(FIGURE)
    _open(page, serve_app(tmp_path, ENTRY, RASD_PLOT="native"))
    page.wait_for_selector("[data-testid='stPlotlyChart'] .js-plotly-plot .points path")
    native = page.evaluate(FIGURE)
    assert native["data"] == ours["data"]
    # Streamlit sets the size and what a click selects.
    own = {
        "width",
        "height",
        "autosize",
        "clickmode",
        "hovermode",
        "dragmode",
        "newselection",
        "activeselection",
        "uirevision",
    }
    names = (ours["layout"].keys() | native["layout"].keys()) - own
    assert {name: native["layout"].get(name) for name in names} == {name: ours["layout"].get(name) for name in names}
    page.locator("[data-testid='stPlotlyChart']").nth(0).locator(".points path").nth(3).click(force=True)
    expect(page.get_by_text("mark=afcon|2025-09-22 n=1")).to_be_visible()


def test_a_row_opens_by_a_plain_click_and_by_its_address(page: Page, address: str) -> None:
    """A plain click shows the address in this tab, one step of the history; with a key held, in another."""
    _open(page, f"{address}/?unit=stories")
    row = page.locator(".rasd-list a").nth(2)
    assert row.get_attribute("href") == "?article=a2"
    row.click()
    expect(page.get_by_text("opened=a2")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("opened=None")).to_be_visible()
    with page.context.expect_page() as opened:
        row.click(modifiers=["Control"])
    assert "article=a2" in opened.value.url
    assert page.locator(".rasd-list img, .rasd-list b, .rasd-list script").count() == 0


def test_marks_show_the_text_itself_and_what_they_mean(page: Page, address: str) -> None:
    """The article reads as stored, hidden characters show their code, a mark says its tip."""
    _open(page, address)
    article = page.locator(".rasd-text").first
    assert article.evaluate("e => e.textContent") == (
        "استقبل المدير العام أمس الأربعاء.\n\nوتطرق اللقاء إلى كأس أمم أفريقيا 2025 و\u202eخفي\u202c وكذا World Cup."
    )
    assert (
        article.locator(".rasd-hidden").first.evaluate("e => getComputedStyle(e, '::before').content")
        == '"\u27e6U+202E\u27e7"'
    )
    mark = article.locator("mark.layer-event[tabindex]").first
    mark.scroll_into_view_if_needed()
    before = mark.bounding_box()
    mark.hover()
    expect(page.get_by_role("tooltip")).to_have_text("afcon-2025")
    assert mark.bounding_box() == before
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)
    mark.focus()
    expect(page.get_by_role("tooltip")).to_be_in_viewport()


def test_a_phone_reads_cards_and_taps_marks(phone: Page, address: str) -> None:
    """Nothing is wider than the screen, rows are cards, the sidebar waits outside, a tap says the tip on screen."""
    _open(phone, address)
    wide = phone.evaluate(
        "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth; }"
    )
    assert wide <= 0
    assert phone.locator(".rasd-list tr").nth(1).evaluate("e => getComputedStyle(e).display") == "block"
    expect(phone.get_by_test_id("stSidebar")).to_have_css("visibility", "hidden")
    mark = phone.locator("mark.layer-event[tabindex]").first
    mark.scroll_into_view_if_needed()
    mark.tap()
    expect(phone.get_by_role("tooltip")).to_be_in_viewport()
    phone.get_by_test_id("stExpandSidebarButton").click()
    expect(phone.get_by_test_id("stSidebar")).to_have_css("visibility", "visible")


def test_another_region_has_its_digits(page: Page, serve_app: ServeApp, tmp_path: Path) -> None:
    """The same app for Cairo: Arabic-Indic digits, and the browser pinned to that region."""
    _open(page, serve_app(tmp_path, ENTRY, RASD_LOCALE="ar-EG"))
    assert page.evaluate("navigator.language") == "ar-EG"
    expect(page.locator(".rasd-list td").nth(1)).to_have_text(re.compile("[\u0660-\u0669]+ سبتمبر"))


def _open(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)
