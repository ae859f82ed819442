"""The briefing in the browser: its numbers lead to their lists, its files are the command's, it prints on two sheets."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.conftest import get
from tests.e2e import tour

WEEK = {"week": "2025-W48"}


def test_each_number_opens_its_list(page: Page, sample_app: str) -> None:
    """The list behind a number holds as many as the number says; a story opens its article."""
    tour.visit(page, tour.at(sample_app, "brief", **WEEK))
    links = page.locator(".rasd-brief a[data-mark]")
    marks = links.evaluate_all("links => links.map((a) => [a.dataset.mark, a.textContent, a.getAttribute('href')])")
    wanted: dict[str, tuple[str, str]] = {}
    for mark, text, href in marks:
        kind = re.sub(r"=[^|]*", "", mark)
        if text.strip().isdigit():
            wanted.setdefault(kind, (text.strip(), href))
    assert len(wanted) > 6
    for kind, (number, href) in wanted.items():
        tour.visit(page, f"{sample_app}{href}")
        rows = page.locator(".st-key-behind-brief .rasd-list tbody tr")
        expect(rows, kind).to_have_count(int(number))
    tour.visit(page, tour.at(sample_app, "brief", **WEEK))
    page.locator(".rasd-brief .stories a").first.click()
    expect(page.locator(".rasd-text.rasd-body")).to_be_visible()
    page.go_back()
    expect(page.locator(".rasd-brief .stories a").first).to_be_visible()


def test_the_button_gives_the_bytes_of_the_command(sample_app: str, sample_store: Path, tmp_path: Path) -> None:
    """Picture and file, from the app and from the terminal, are the same."""
    for form in ("png", "html"):
        status, headers, body = get(sample_app, f"/own/brief?{urlencode({**WEEK, 'form': form})}")
        assert (status, headers["cache-control"]) == (200, "no-store")
        out = tmp_path / f"b.{form}"
        command = [sys.executable, "-m", "etl", "brief", "--week", WEEK["week"], "--store", sample_store, "-o", out]
        subprocess.run(command, check=True, capture_output=True)
        assert hashlib.sha256(out.read_bytes()).digest() == hashlib.sha256(body).digest()
    assert get(sample_app, "/own/brief?form=exe")[0] == 404


def test_the_browsers_own_print_is_two_sheets(page: Page, sample_app: str) -> None:
    """Printed from the app, the briefing stands alone on two pages of A4."""
    tour.visit(page, tour.at(sample_app, "brief", **WEEK))
    pdf = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    assert [tuple(round(side) for side in sheet.get_size()) for sheet in pdf] == [(595, 842)] * 2
    _, _, body = get(sample_app, f"/own/brief?{urlencode({**WEEK, 'form': 'pdf'})}")
    for printed, made in zip(pdf, pypdfium2.PdfDocument(body), strict=True):
        # The same page drawn from two documents: no letter stands elsewhere.
        here, there = (one.render(scale=2).to_pil().convert("L") for one in (printed, made))
        away = [abs(a - b) for a, b in zip(here.tobytes(), there.tobytes(), strict=True)]
        assert sum(one > 64 for one in away) <= len(away) / 100_000
    text = " ".join(sheet.get_textpage().get_text_range() for sheet in pdf)
    assert "رصد الموجز الأسبوعي" in text
    assert "الدليل: قوي" in text
    assert "المرشّحات\r\n" not in text


# The smallest letters, how far the widest box passes the edge, and whether anything is cut.
_READABLE = """() => {
    const brief = document.querySelector('.rasd-brief'), edge = brief.getBoundingClientRect();
    const inside = [...brief.querySelectorAll('*')].filter((one) => one.checkVisibility() && one.textContent.trim());
    const boxes = inside.map((one) => one.getBoundingClientRect());
    const scale = edge.width / brief.offsetWidth * window.visualViewport.scale;
    return {
        letters: Math.min(...inside.map((one) => parseFloat(getComputedStyle(one).fontSize) * scale)),
        beyond: Math.max(...boxes.map((box) => Math.max(box.right - edge.right, edge.left - box.left))),
        cut: inside.filter((one) => one.scrollHeight > one.clientHeight + 6 && getComputedStyle(one).overflow === 'hidden')
            .map((one) => one.textContent),
        scrolled: document.documentElement.scrollWidth - window.innerWidth,
    };
}"""


@pytest.mark.parametrize("is_file", [False, True])
def test_a_phone_shows_the_same_in_one_column(page: Page, phone: Page, sample_app: str, *, is_file: bool) -> None:
    """At a size that can be read, nothing cut or pushed out, the words and their order those of the desk."""
    if is_file:
        _, _, body = get(sample_app, f"/own/brief?{urlencode({**WEEK, 'form': 'html'})}")
        # By an address of its own: only so is the width that the file asks for listened to.
        for opened in (page, phone):
            opened.route("**/briefing.html", lambda route: route.fulfill(body=body, content_type="text/html"))
            opened.goto(f"{sample_app}/briefing.html")
    else:
        for opened in (page, phone):
            tour.visit(opened, tour.at(sample_app, "brief", **WEEK))
    seen = phone.evaluate(_READABLE)
    assert seen["letters"] >= 13
    assert (seen["beyond"] <= 1, seen["cut"], seen["scrolled"]) == (True, [], 0)
    shown = [one.locator(".rasd-brief").inner_text().split() for one in (page, phone)]
    assert shown[0] == shown[1]


def test_a_narrow_window_prints_the_same_sheets(page: Page, phone: Page, sample_app: str) -> None:
    """Paper is wide: what a phone shows in one column it prints as a desk does, letter by letter."""
    drawn = []
    for opened in (page, phone):
        tour.visit(opened, tour.at(sample_app, "brief", **WEEK))
        pdf = pypdfium2.PdfDocument(opened.pdf(prefer_css_page_size=True, print_background=True))
        drawn.append([sheet.render(scale=1).to_pil().tobytes() for sheet in pdf])
    assert len(drawn[0]) == 2
    assert drawn[0] == drawn[1]


def test_the_page_shows_what_the_file_shows(page: Page, sample_app: str) -> None:
    """The same words in the app as in the HTML file; nothing that Streamlit cleans out of it is missing."""
    tour.visit(page, tour.at(sample_app, "brief", **WEEK))
    shown = page.locator(".rasd-brief").inner_text()
    _, _, body = get(sample_app, f"/own/brief?{urlencode({**WEEK, 'form': 'html'})}")
    page.set_content(body.decode())
    assert page.locator(".rasd-brief").inner_text().split() == shown.split()


def test_an_analyst_writes_and_sees_it(page: Page, sample_app: str, sample_store: Path) -> None:
    """A headline and a note, saved in the app, stand on the page, in the file and in the address."""
    tour.visit(page, tour.at(sample_app, "brief", week="2025-W51"))
    page.locator(".st-key-brief-files").get_by_role("button", name="كلمات المحلّل").click()
    page.get_by_label("عنوان الموجز").fill("أسبوع الافتتاح في الرباط")
    page.get_by_label(re.compile("ملاحظة على: .*أبرز القصص")).fill("راقبوا قصة التأشيرات.")
    page.get_by_role("button", name="احفظ").click()
    expect(page.locator(".rasd-brief h1")).to_have_text("أسبوع الافتتاح في الرباط")
    expect(page.locator(".rasd-brief .note")).to_contain_text("راقبوا قصة التأشيرات.")
    assert re.search(r"notes=[0-9a-f]{16}", page.url)
    kept = [json.loads(path.read_bytes()) for path in (sample_store / "briefs" / "notes").iterdir()]
    assert "أسبوع الافتتاح في الرباط" in [one["notes"]["headline"] for one in kept]
    _, _, body = get(sample_app, f"/own/brief?{urlencode({'week': '2025-W51', 'form': 'html'})}")
    assert "راقبوا قصة التأشيرات." in body.decode()


def test_a_story_is_hidden_and_stays_chosen(page: Page, sample_app: str) -> None:
    """Chosen in the app it leaves the page, and stands in the box when the words are opened and saved again."""
    address = tour.at(sample_app, "brief", week="2025-W49")
    tour.visit(page, address)
    headlines = page.locator(".rasd-brief .stories li > .n")
    hidden, *others = headlines.all_inner_texts()
    box = page.locator('.stMultiSelect:has-text("قصص تُحذف")')
    opens = page.locator(".st-key-brief-files").get_by_role("button", name="كلمات المحلّل")
    opens.click()
    # A list that has opened closes again when anything scrolls: first to its place, then with the keyboard.
    box.get_by_role("combobox").focus()
    box.scroll_into_view_if_needed()
    tour.ready(page)
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name=hidden).click()
    page.keyboard.press("Escape")
    for _ in range(2):
        page.get_by_role("button", name="احفظ").click()
        expect(headlines.first).to_have_text(others[0])
        tour.visit(page, address)
        opens.click()
        expect(box).to_contain_text(hidden)


def test_a_code_in_the_address_leads_to_its_briefing(page: Page, sample_app: str) -> None:
    """The short address on the paper opens the same page."""
    tour.visit(page, tour.at(sample_app, "brief", week="2026-W04", unit="articles"))
    code = page.locator(".rasd-brief footer b").first.inner_text().replace("-", "").strip()
    tour.visit(page, tour.at(sample_app, "brief", code=code))
    expect(page.locator(".rasd-brief footer b").first).to_contain_text(code[:4])
    expect(page.locator(".rasd-brief header .facts").first).to_contain_text("2026-W04")
    expect(page.locator(".rasd-brief header .facts").first).to_contain_text("العدّ بالمواد")


def test_the_week_before_stands_beside(page: Page, sample_app: str) -> None:
    """Two briefings on one screen, this week's and the last one's."""
    tour.visit(page, tour.at(sample_app, "brief", **WEEK))
    page.get_by_role("button", name="قارن بالأسبوع السابق").click()
    expect(page.locator(".rasd-brief")).to_have_count(2)
    expect(page.locator(".rasd-brief").nth(1)).to_contain_text("2025-W47")
    page.get_by_role("button", name="الأسبوع السابق").click()
    expect(page.locator(".rasd-brief").first).to_contain_text("2025-W47")
