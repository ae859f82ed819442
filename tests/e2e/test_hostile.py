"""Articles written to do harm: on every page and in every list they are text, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, expect

from tests.conftest import ServeApp, get
from tests.e2e import tour
from tests.e2e.conftest import TODAY
from tests.payloads import PAYLOADS

SIZES = {"desk": (1440, 900), "phone": (390, 844)}
# Runs if anything of an article runs; fetches if anything is fetched.
ARMED = [
    "<img src=http://evil.example/i.png onerror='window.__pwned=1'>",
    "<script>window.__pwned=1</script>",
    "![x](http://evil.example/m.png) [x](javascript:window.__pwned=1)",
    "<svg><a href='javascript:window.__pwned=1'><text>x</text></a><image href='http://evil.example/s.png'/></svg>",
    "<a href='http://evil.example'>x</a><br><b>x</b><span style='background:url(http://evil.example/c)'>x</span>",
    '=HYPERLINK("http://evil.example";"x")',
    "%{customdata} %{x} {{7*7}} ${7*7}",
    "\u202e\u2067evil\u202d",
]
TEXTS = [
    *ARMED,
    *(payload for payload in PAYLOADS if not any(c in payload for c in "\x00\x07\x1b\x7f\x9b\ufffe\uffff")),
]
TOUR = [
    ("overview", {}),
    ("events", {"events": "afcon-2025", "unit": "articles"}),
    ("pairs", {"tier": "weak"}),
    ("pairs", {"pair": "ES,MA", "tier": "weak"}),
    ("themes", {"unit": "articles"}),
    ("articles", {"search": ARMED[0], "publishers": "|".join(ARMED[1:3])}),
    ("articles", {"unit": "articles"}),
    ("data", {}),
    ("brief", {"unit": "articles", "tier": "weak"}),
]


@pytest.fixture(scope="module")
def hostile_app(serve_app: ServeApp, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the app over articles whose every field is an attack; some lines are refused, and shown as such."""
    folder = tmp_path_factory.mktemp("hostile")
    written = tour.lines(folder / "evil <img src=x>.jsonl", (_article(n, text) for n, text in enumerate(TEXTS)))
    with written.open("a", encoding="utf-8") as file:
        file.write('{"format": "rasd-article/1", "<img src=x onerror=alert(1)>": 1}\n')
    told = tour.load(folder / "store", written)
    assert told["accepted"] >= len(ARMED)
    return serve_app(folder / "store", RASD_TODAY=TODAY)


def _dismissed(dialog: Dialog, wrong: list[str]) -> None:
    wrong.append(dialog.message)
    dialog.dismiss()


@pytest.fixture(params=SIZES)
def watched(request: pytest.FixtureRequest, browser: Browser, hostile_app: str) -> Iterator[tuple[Page, list[str]]]:
    """Return a page, and what it did that it must not: requests outward, dialogs, errors, refusals of the policy."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height})
    page, wrong = context.new_page(), []
    page.on("request", lambda r: None if r.url.startswith((hostile_app, "data:", "blob:")) else wrong.append(r.url))
    page.on("dialog", lambda dialog: _dismissed(dialog, wrong))
    page.on("popup", lambda other: wrong.append(f"popup {other.url}"))
    page.on("pageerror", lambda error: wrong.append(f"error {error}"))
    page.on("console", lambda message: wrong.append(message.text) if _is_complaint(message) else None)
    yield page, wrong
    context.close()


def test_no_article_does_anything(watched: tuple[Page, list[str]], hostile_app: str) -> None:
    """A tour of all pages and lists, and each article at one of the widths: nothing runs, is fetched, opens, complains."""
    page, wrong = watched
    for name, query in TOUR:
        tour.visit(page, tour.at(hostile_app, name, **query))
        for shown in tour.figures(page)[:2]:
            for drawn in tour.marks(shown)[:1]:
                tour.click(page, drawn)
        _expect_harmless(page, wrong, f"{name} {query}")
    first = [width for width, _ in SIZES.values()].index(page.evaluate("innerWidth"))
    for article in [f"evil-{n}" for n in range(first, len(ARMED), len(SIZES))]:
        tour.visit(page, tour.at(hostile_app, "article", article=article))
        expect(page.locator(".rasd-text").first).to_be_visible()
        if page.locator("mark[tabindex]").count():
            page.locator("mark[tabindex]").first.focus()
        _expect_harmless(page, wrong, article)


def test_an_article_shows_its_attack_as_text(page: Page, hostile_app: str) -> None:
    """What was written can be read, letter by letter, in the article; links outward are of http(s) alone."""
    for n, text in enumerate(ARMED[:3]):
        tour.visit(page, tour.at(hostile_app, "article", article=f"evil-{n}"))
        body = page.locator(".rasd-text[data-part=body]")
        assert text in (body.evaluate("e => e.textContent"))
        schemes = page.get_by_test_id("stMain").locator("a[href]").evaluate_all("as => as.map((a) => a.protocol)")
        assert set(schemes) <= {"http:", "https:"}


def test_a_briefing_carries_no_attack_out(watched: tuple[Page, list[str]], hostile_app: str) -> None:
    """The HTML file that an analyst sends shows the attacks of its stories as text, in any browser."""
    page, wrong = watched
    _, _, body = get(hostile_app, "/own/brief?form=html&unit=articles")
    page.goto("data:text/html;charset=utf-8,")
    page.set_content(body.decode())
    assert page.locator(".stories li").count() >= 1
    assert (page.evaluate("window.__pwned"), wrong) == (None, [])
    assert page.locator("script, iframe, img, object, embed, form, a[href]").count() == 0


def _is_complaint(message: ConsoleMessage) -> bool:
    # Streamlit looks for its own base below each page's address before it finds it above.
    probing = "404" in message.text and "/_stcore/" in message.location.get("url", "")
    return message.type == "error" and not probing


def _expect_harmless(page: Page, wrong: list[str], where: str) -> None:
    assert wrong == [], where
    assert page.evaluate("window.__pwned") is None, where
    found = page.evaluate(
        """() => {
            const main = document.querySelector('[data-testid="stMain"]');
            const bad = 'iframe, form, object, embed, base, meta, link, main script, [onerror], [onload], [onclick],'
                + ' a[href^="javascript:"], svg a, [style*="evil.example"]';
            const images = [...main.querySelectorAll('img, image')].map((image) => image.src ?? image.href.baseVal)
                .filter((src) => !src.startsWith('data:') && !src.startsWith(location.origin));
            return [...[...main.querySelectorAll(bad)].map((e) => e.outerHTML.slice(0, 200)), ...images];
        }"""
    )
    assert found == [], where
    wide = page.evaluate(
        "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth; }"
    )
    assert wide <= 0, where


def _article(n: int, text: str) -> dict[str, Any]:
    """Write an attack into every field that may hold text; the body speaks of an event and a meeting, so that figures show it."""
    return {
        "article_id": f"evil-{n}",
        "publisher": text.strip() or "x",
        "carrier": text,
        "headline": text,
        "body": f"{text}\n\nالتقى وزير الداخلية المغربي نظيره الإسباني قبيل كأس أمم إفريقيا 2025 بالمغرب. {text}",
        "url": (
            "javascript:window.__pwned=1",
            "http://evil.example/x?q=<img>",
            "https://evil.example/\u202egnp",
            "data:text/html,x",
        )[n % 4],
        "keywords": [text],
        "published": f"2026-01-{1 + n % 9:02}",
        "published_basis": "metadata",
    }
