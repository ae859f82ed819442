"""A number on a figure, the list behind it, the words in its article: one and the same, seen in a real browser."""

import csv
import datetime as dt
import io
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ServeApp
from tests.e2e import tour
from tests.e2e.conftest import TODAY

SEED = 20251221
ARTICLES, COPIES = 120, 24
EVENT = "afcon-2025"
MONDAY = dt.date(2025, 12, 22)

VIEWS: list[tuple[str, dict[str, str]]] = [
    ("overview", {}),
    ("overview", {"unit": "articles", "countries": "MA"}),
    ("events", {"grain": "month"}),
    ("events", {"unit": "articles", "events": EVENT}),
    ("events", {"locale": "ar-EG", "tier": "medium"}),
    ("events", {"time": "rtl", "grain": "day", "since": "2025-12-01", "until": "2026-01-31"}),
    ("pairs", {"unit": "articles"}),
    ("pairs", {"pair": "ES,MA", "grain": "month"}),
    ("pairs", {"countries": "EG", "tier": "weak"}),
    ("themes", {"locale": "ar-EG", "unit": "articles"}),
    ("themes", {"publishers": "*", "tier": "weak"}),
    ("articles", {"grain": "month", "themes": "security_cooperation"}),
    ("articles", {"locale": "ar-EG", "events": EVENT}),
    ("data", {}),
    ("data", {"unit": "articles", "events": EVENT}),
]
"""Pages under filters; `*` stands for the publisher with the most articles."""

TILES: list[tuple[str, dict[str, str]]] = [
    ("stories", {}),
    ("articles", {"events": EVENT, "until": "2026-01-04"}),
    ("undated", {}),
    ("undated", {"unit": "articles", "since": "2025-12-01"}),
]


@pytest.mark.parametrize(
    ("name", "query"), VIEWS, ids=lambda value: value if isinstance(value, str) else "&".join(value.values())
)
def test_a_mark_and_its_list_are_one(
    reader: Page, sample_app: str, sample_store: Path, name: str, query: dict[str, str]
) -> None:
    """Marks drawn by lot, of different figures: its number, its list's total and ids, and an independent SQL agree."""
    query = _known(sample_store, query)
    tour.visit(reader, tour.at(sample_app, name, **query))
    chosen = random.Random(f"{SEED} {name} {sorted(query.items())}")
    drawn = [chosen.choice(found) for shown in tour.figures(reader) if (found := tour.marks(shown))]
    drawn = chosen.sample(drawn, k=min(2, len(drawn)))
    print(f"seed {SEED}: {[(m.key, m.mark, m.number) for m in drawn]}")
    assert drawn
    for mark in drawn:
        tour.click(reader, mark)
        assert _agree(reader, sample_store, mark.key, mark.mark, query) == mark.number


@pytest.mark.parametrize(
    ("tile", "query"), TILES, ids=lambda value: value if isinstance(value, str) else "&".join(value.values())
)
def test_a_tile_and_its_list_are_one(
    reader: Page, sample_app: str, sample_store: Path, tile: str, query: dict[str, str]
) -> None:
    """A tile counts what the list below it holds."""
    tour.visit(reader, tour.at(sample_app, **query))
    button = reader.locator(f".st-key-tile-{tile} button")
    number = tour.numerals(button.locator("strong").text_content() or "")[0]
    button.click()
    expect(tour.behind(reader, "tiles")).to_be_visible()
    tour.ready(reader)
    assert _agree(reader, sample_store, "tiles", tour.asked(reader)["mark"], query) == number


def test_a_mark_above_fifty_is_read_page_by_page(page: Page, crowd_app: str, crowd_store: Path) -> None:
    """120 articles on one event in one week: the pager reaches each of them once, in both units."""
    for unit, number in (("stories", ARTICLES - COPIES), ("articles", ARTICLES)):
        query = {"unit": unit, "events": EVENT}
        tour.visit(page, tour.at(crowd_app, "events", **query))
        found = [mark for mark in tour.marks(tour.figure(page, "events-lanes")) if f"event={EVENT}" in mark.mark]
        assert [mark.number for mark in found] == [number]
        tour.click(page, found[0])
        assert _agree(page, crowd_store, "events-lanes", found[0].mark, query) == number


def test_the_whole_list_comes_as_csv(page: Page, crowd_app: str, crowd_store: Path) -> None:
    """The file holds every row of the list, not the page shown, and no cell begins a formula."""
    query = {"unit": "articles", "events": EVENT}
    tour.visit(page, tour.at(crowd_app, "events", **query))
    mark = next(m for m in tour.marks(tour.figure(page, "events-lanes")) if f"event={EVENT}" in m.mark)
    tour.click(page, mark)
    with page.expect_download() as download:
        page.locator(".st-key-list-events-lanes a.rasd-file").click()
    raw = Path(download.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [row["article_id"] for row in table] == tour.read_list(page, "events-lanes").ids
    assert len(table) == ARTICLES == tour.expected(crowd_store, mark.mark, query).total
    assert not [cell for row in table for cell in row.values() if cell.lstrip()[:1] in tuple("=+-@|%\t\r")]
    assert sum(row["headline"].startswith("'=") for row in table) == ARTICLES


def test_marked_words_are_the_stored_spans(page: Page, sample_app: str, sample_store: Path) -> None:
    """Of a listed article each layer's marks are its stored spans, and go and come with the layer's switch."""
    tour.visit(page, tour.at(sample_app, "events", events=EVENT))
    drawn = random.Random(SEED).choice(tour.marks(tour.figure(page, "events-ranking")))
    tour.click(page, drawn)
    shown = page.locator(f".st-key-list-{drawn.key} a[data-id]").evaluate_all("rows => rows.map((a) => a.dataset.id)")
    article = next(i for i in shown if _layers(sample_store, i).keys() >= {"event", "country", "pair", "theme", "date"})
    print(f"seed {SEED}: article {article}")
    page.locator(f".st-key-behind-{drawn.key} a[data-id='{article}']").click()
    page.wait_for_url("**/article?**")
    tour.ready(page)
    assert tour.asked(page)["article"] == article
    assert tour.asked(page)["events"] == EVENT
    stored = _layers(sample_store, article)
    on = {"event", "country", "theme", "date"} & stored.keys()
    _expect_marks(page, sample_store, article, stored, on)
    switches = page.locator(".st-key-article-layers button")
    expect(switches).to_have_count(len(stored))
    for n, layer in enumerate(layer for layer in _ORDER if layer in stored):
        switches.nth(n).click()
        on = on ^ {layer}
        _expect_marks(page, sample_store, article, stored, on)


_ORDER = ("event", "country", "pair", "theme", "date", "entity")
_TABLES = ("event_mention", "country_mention", "pair_mention", "theme_mention", "date_expression", "entity_mention")
# Each mark's place in its field, in code points, from the text nodes before it.
_MARKED = """() => [...document.querySelectorAll('.rasd-text[data-part]')].flatMap((text) => {
    const found = {};
    let at = 0;
    const walk = (node, ids) => {
        if (node.nodeType === Node.TEXT_NODE) {
            const end = at + [...node.data].length;
            for (const id of ids) {
                const span = (found[id] ??= {start: at, end: at, words: ''});
                if (span.end !== at) span.words += '<gap>';
                span.end = end;
                span.words += node.data;
            }
            at = end;
        } else {
            const own = node.dataset?.ids ? node.dataset.ids.split(' ') : ids;
            for (const child of node.childNodes) walk(child, own);
        }
    };
    walk(text, []);
    return Object.values(found).map((s) => [text.dataset.part, s.start, s.end, s.words]);
})"""


def _layers(store: Path, article: str) -> dict[str, list[tuple[Any, ...]]]:
    """Read the spans in force of an article by layer, from the tables themselves: field, start, end, words."""
    text = dict(zip(("headline", "body"), tour.rows(
        store, "SELECT t.headline, t.body FROM article a JOIN article_text t USING (article_key) WHERE a.article_id = ? AND a.is_current", [article],
    )[0], strict=True))  # fmt: skip
    out = {}
    for layer, table in zip(_ORDER, _TABLES, strict=True):
        sql = (f"SELECT m.field::VARCHAR, m.span_start, m.span_end FROM {table} m JOIN article a USING (article_key) "
               "WHERE a.article_id = ? AND a.is_current AND m.in_force")  # fmt: skip
        spans = [(field, start, end, text[field][start:end]) for field, start, end in tour.rows(store, sql, [article])]
        if spans:
            out[layer] = spans
    return out


def _expect_marks(
    page: Page, store: Path, article: str, stored: dict[str, list[tuple[Any, ...]]], on: set[str]
) -> None:
    """Expect the marks of the layers that are on, at their places, in the text as stored."""
    wanted = Counter(span for layer in on for span in stored[layer])
    page.wait_for_function(
        "n => new Set([...document.querySelectorAll('.rasd-text[data-part] mark')].flatMap((m) => m.dataset.ids.split(' '))).size === n",
        arg=wanted.total(),
    )
    tour.ready(page)
    assert Counter(tuple(span) for span in page.evaluate(_MARKED)) == wanted
    body = tour.rows(
        store,
        "SELECT t.body FROM article a JOIN article_text t USING (article_key) WHERE a.article_id = ? AND a.is_current",
        [article],
    )
    assert page.locator(".rasd-text[data-part=body]").evaluate("e => e.textContent") == body[0][0]


def _known(store: Path, query: dict[str, str]) -> dict[str, str]:
    if query.get("publishers") != "*":
        return query
    sql = "SELECT publisher::VARCHAR FROM article WHERE is_current AND publisher IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    return query | {"publishers": tour.rows(store, sql)[0][0]}


def _agree(page: Page, store: Path, key: str, mark: str, query: dict[str, str]) -> int:
    """Hold the list against SQL and return the total that both give."""
    shown, wanted = tour.read_list(page, key), tour.expected(store, mark, query)
    assert shown.total == wanted.total == len(shown.ids)
    assert sorted(shown.ids) == wanted.ids
    return shown.total


@pytest.fixture(scope="module")
def crowd_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with 120 articles on one event in one week, 24 of them copies, with formulas for headlines."""
    folder = tmp_path_factory.mktemp("crowd")
    told = tour.load(folder / "store", tour.lines(folder / "crowd.jsonl", (_article(n) for n in range(ARTICLES))))
    assert told["accepted"] == told["articles"] == ARTICLES
    return folder / "store"


@pytest.fixture(scope="module")
def crowd_app(serve_app: ServeApp, crowd_store: Path) -> str:
    """Return where the app shows that crowd."""
    return serve_app(crowd_store, RASD_TODAY=TODAY)


def _article(n: int) -> dict[str, Any]:
    story = n % (ARTICLES - COPIES)
    return {
        "article_id": f"crowd-{n:03}",
        "publisher": f"منبر {n % 7}",
        "headline": f"=2+{story}",
        # Too few words to be anybody's near-copy: only the same text again is the same story.
        "body": f"خبر {story} من كأس أمم إفريقيا 2025 بالمغرب.",
        "published": str(MONDAY + dt.timedelta(days=story % 7)),
        "published_basis": "metadata",
    }
