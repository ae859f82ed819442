"""Every page as a reader meets it: from right to left, whole, in Arabic, on a desk and on a phone."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import tour

SIZES = {"desk": (1440, 900), "phone": (390, 844)}
WAYS: dict[str, dict[str, str]] = {
    "ar-MA": {"locale": "ar-MA"},
    "ar-EG": {"locale": "ar-EG", "unit": "articles"},
    "rtl": {"time": "rtl", "grain": "month"},
}
VIEWS: list[tuple[str, dict[str, str]]] = [
    *((name, {}) for name in tour.PAGES), ("brief", {"week": "2025-W52"}), ("pairs", {"pair": "ES,MA"}), ("article", {"article": "sample-1-15"}),
]  # fmt: skip
HAVE_TIME = ("overview", "events", "themes", "articles", "pairs")
UNITS = {"stories": "\u0642\u0635\u0635", "articles": "\u0645\u0648\u0627\u062f"}
COUNTING = ("overview-lanes", "overview-compared", "events-lanes", "events-ranking", "pairs-matrix", "pairs-ranking",
            "pairs-time", "pairs-themes", "themes-bars", "themes-time", "themes-compared", "articles-time")  # fmt: skip
ALLOWED = re.compile(
    r"rasd( (load|snapshots|serve)( PATH)?)?|CSV|PATH|rules/\d+|[0-9a-f]{8,}|\d{8}T\d{6}Z-[0-9a-f]{8}|[\w./-]+\.(jsonl|txt|csv)(\.gz)?"
    r"|rasd-article/1|PDF|HTML|ZIP|jsonl|txt|page|pages|sample[\w-]*|[a-z]+(?:[-_][a-z0-9]+)+|COP\d*|GITEX|FIFA|UEFA|X-[A-Z]+|U\+[0-9A-F]{4}"
)
"""What may stand in Latin letters: commands, CSV, ids, names of files, formats and rules, proper names of events."""

# Words that can be seen and hold two Latin letters in a row; icons are a font of their own.
_LATIN = """() => {
    const out = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const el = node.parentElement;
        if (!/[A-Za-z]{2}/.test(node.data) || el.closest('script, style, noscript, .rasd-text, .rasd-list, .rasd-host')) continue;
        if (el.closest('[data-testid="stIconMaterial"], [translate="no"]') || !el.checkVisibility?.()) continue;
        const box = el.getBoundingClientRect();
        if (box.width > 1 && box.height > 1) out.push(node.data.trim());
    }
    return out;
}"""

# Of each figure: text that is cut by its edge, text without the embedding, lane titles that lie on each other.
_FIGURES = """() => [...document.querySelectorAll('.rasd-plot')].map((plot) => {
    const key = [...plot.closest('[class*="st-key-"]').classList].find((c) => c.startsWith('st-key-')).slice(7);
    const edge = plot.getBoundingClientRect();
    const shown = (t) => t.textContent.trim() && t.getBoundingClientRect().width > 0;
    const texts = [...plot.querySelectorAll('svg text')].filter(shown);
    const cut = texts.filter((t) => {
        const b = t.getBoundingClientRect();
        return b.left < edge.left - 1 || b.right > edge.right + 1 || b.top < edge.top - 1 || b.bottom > edge.bottom + 1;
    }).map((t) => t.textContent);
    const lines = texts.flatMap((t) => t.querySelector('tspan.line') ? [...t.querySelectorAll('tspan.line')] : [t]);
    const bare = lines.map((t) => t.textContent).filter((s) => /[\\u0621-\\u064a]/.test(s) && !/^\\u202b.*\\u202c$/s.test(s.trim()));
    const boxes = [...plot.querySelectorAll('.annotation text, .xtick text, .ytick text')].filter(shown)
        .map((t) => [t.textContent, t.getBoundingClientRect(), !!t.closest('.annotation'), !!t.closest('.xtick')]);
    const over = [];
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
        const [a, p, ta, xa] = boxes[i], [b, q, tb, xb] = boxes[j];
        const x = Math.min(p.right, q.right) - Math.max(p.left, q.left), y = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        const turned = key === 'pairs-matrix' && xa && xb;
        if (x > 2 && y > 3 && !turned) over.push([a, b, Math.round(x), Math.round(y)]);
    }
    const heading = (() => {
        const all = [...document.querySelectorAll('[data-testid="stMain"] :is(h1, h2, h3)')];
        return all.filter((h) => h.compareDocumentPosition(plot) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1)?.textContent ?? '';
    })();
    return {key, cut, bare, over, heading, wide: plot.scrollWidth - plot.clientWidth, tall: edge.height,
        svg: plot.querySelectorAll('.main-svg').length};
})"""


@pytest.fixture(scope="module", params=SIZES)
def looked(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Return a page of a desk's or a phone's size that all views of the module share."""
    width, height = SIZES[request.param]
    is_phone = request.param == "phone"
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=is_phone, is_mobile=is_phone)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("way", WAYS)
def test_every_page_is_whole_and_arabic(looked: Page, sample_app: str, way: str) -> None:
    """Right to left, no wider than the screen, no foreign words, every figure's text embedded, uncut, untangled."""
    wrong: list[str] = []
    for name, query in VIEWS:
        if way == "rtl" and name not in HAVE_TIME:
            continue
        asked = WAYS[way] | query
        tour.visit(looked, tour.at(sample_app, name, **asked))
        where = f"{name}?{'&'.join(query.values())}"
        wrong += [
            f"{where}: {said}"
            for said in (*_of_the_page(looked), *_of_the_figures(looked, asked.get("unit", "stories")))
        ]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", ["overview", "article"])
def test_the_sidebar_of_a_phone_waits_outside(phone: Page, sample_app: str, name: str) -> None:
    """Collapsed it covers nothing; opened it shows the pages, and closed again it gives the page back."""
    tour.visit(phone, tour.at(sample_app, name))
    sidebar = phone.get_by_test_id("stSidebar")
    expect(sidebar).to_have_css("visibility", "hidden")
    heading = phone.get_by_test_id("stMain").locator("h1").bounding_box()
    assert heading
    at_heading = "([x, y]) => !!document.elementFromPoint(x, y)?.closest('[data-testid=stMain]')"
    assert phone.evaluate(at_heading, [heading["x"] + heading["width"] - 8, heading["y"] + heading["height"] / 2])
    phone.get_by_test_id("stExpandSidebarButton").click()
    expect(sidebar).to_have_css("visibility", "visible")
    expect(sidebar.get_by_test_id("stSidebarNavLink").first).to_be_in_viewport()


def test_hovering_a_bar_says_it_in_arabic_order(page: Page, sample_app: str) -> None:
    """What appears under the pointer is embedded right to left, line by line; nothing is said in Plotly's own order."""
    tour.visit(page, tour.at(sample_app, "events", locale="ar-EG"))
    for shown in tour.figures(page):
        place = tour.place(page, tour.marks(shown)[0])
        page.mouse.move(place["x"] - 1, place["y"] - 1)
        page.mouse.move(place["x"], place["y"])
        labels = page.locator(f".st-key-{shown['key']} .hoverlayer text")
        expect(labels.first).to_be_visible()
        lines = labels.evaluate_all(
            "texts => texts.flatMap((text) => {"
            " const lines = [...text.querySelectorAll('tspan.line')]; return (lines.length ? lines : [text]).map((l) => l.textContent); })"
        )
        bare = [line for line in lines if line.strip() and not (line.startswith("\u202b") and line.endswith("\u202c"))]
        assert not bare, f"{shown['key']}: {bare}"


def test_marks_in_a_text_explain_themselves_in_words(page: Page, sample_app: str) -> None:
    """The tip of a mark shows no code of a character: isolates are the interface's own, not the article's."""
    tour.visit(page, tour.at(sample_app, "article", article="sample-1-15"))
    tips = page.locator("mark[data-tip]").evaluate_all("marks => marks.map((mark) => mark.dataset.tip)")
    assert tips
    assert not [tip for tip in tips if "U+" in tip]


def _of_the_page(page: Page) -> Iterator[str]:
    language, direction = page.evaluate("[document.documentElement.lang, getComputedStyle(document.body).direction]")
    if (language, direction) != ("ar", "rtl"):
        yield f"is {language} {direction}"
    wide = page.evaluate(
        """() => {
            const main = document.querySelector('[data-testid="stMain"]');
            const over = [document.documentElement, main].some((e) => e.scrollWidth > e.clientWidth);
            return over ? [...main.querySelectorAll('*')].filter((e) => {
                const b = e.getBoundingClientRect();
                return b.width && (b.left < -1 || b.right > window.innerWidth + 1) && !e.closest('.rasd-table, .rasd-page, svg');
            }).slice(0, 3).map((e) => e.outerHTML.slice(0, 120)) : [];
        }"""
    )
    yield from (f"wider than the screen: {element}" for element in wide)
    for words in page.evaluate(_LATIN):
        left = ALLOWED.sub("", words)
        if re.search(r"[A-Za-z]{2}", left):
            yield f"in Latin letters: {words!r}"


def _of_the_figures(page: Page, unit: str) -> Iterator[str]:
    drawn: list[dict[str, Any]] = page.evaluate(_FIGURES)
    for figure in drawn:
        key = figure["key"]
        yield from (f"{key}: cut: {text}" for text in figure["cut"])
        yield from (f"{key}: not embedded right to left: {text!r}" for text in figure["bare"])
        yield from (f"{key}: lie on each other: {pair}" for pair in figure["over"])
        if key in COUNTING and UNITS[unit] not in figure["heading"]:
            yield f"{key}: its heading does not say what is counted: {figure['heading']!r}"
        if not figure["svg"] or figure["tall"] < 40 or figure["wide"] > 0:
            yield f"{key}: not drawn whole: {figure}"
