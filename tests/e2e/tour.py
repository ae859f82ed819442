"""How the browser tests walk through the app: what a figure shows, where a mark lies, what a list holds, what SQL says.

Nothing here asks the dashboard's own queries: numbers come from the page, and from SQL written for the tests.
"""

import contextlib
import datetime as dt
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Page, expect

from etl.store import open_snapshot
from tests.conftest import ROOT, settled

PAGES = ("overview", "events", "pairs", "themes", "articles", "data")
"""Every page that draws figures; the first stands at the address without a path."""

_FIGURES = """() => [...document.querySelectorAll('.rasd-plot')].map((el) => ({
    key: [...el.closest('[class*="st-key-"]').classList].find((c) => c.startsWith('st-key-')).slice(7),
    data: el.data.map(({type, x, y, z, orientation, mode, customdata, text, name}) =>
        ({type, x, y, z, orientation, mode, customdata, text, name})),
    layout: JSON.parse(el.rasdTold)[0].layout,
}))"""

# Where a mark lies, from Plotly's own layout: bars at their middle, points and cells where they stand.
_PIXEL = """({key, trace, path}) => {
    const el = document.querySelector(`.st-key-${key} .rasd-plot`);
    const t = el._fullData[trace], axis = (id) => el._fullLayout[id.replace(/^([xy])/, '$1axis')];
    const xa = axis(t.xaxis), ya = axis(t.yaxis);
    const [i, j] = path;
    const at = (ax, v) => ax.d2p(v);
    let px, py;
    if (t.type === 'heatmap') { px = at(xa, t.x[j]); py = at(ya, t.y[i]); }
    else if (t.type === 'bar' && t.orientation === 'h') { px = (at(xa, 0) + at(xa, t.x[i])) / 2; py = at(ya, t.y[i]); }
    else if (t.type === 'bar') { px = at(xa, t.x[i]); py = (at(ya, 0) + at(ya, t.y[i])) / 2; }
    else { px = at(xa, t.x[i]); py = at(ya, t.y[i]); }
    const place = () => {
        const box = el.getBoundingClientRect();
        return {x: box.left + xa._offset + px, y: box.top + ya._offset + py};
    };
    document.querySelector('[data-testid="stMain"]').scrollBy(0, place().y - window.innerHeight / 2);
    return place();
}"""


@dataclass(frozen=True)
class Drawn:
    """A mark as it stands in a figure: its address text and its number."""

    key: str
    trace: int
    path: tuple[int, ...]
    mark: str
    number: int


@dataclass(frozen=True)
class Shown:
    """What a list says: its total, and the ids of its rows over all pages, in order."""

    total: int
    ids: list[str]


# Streamlit says that a run has ended before React has drawn its end: the page counts as ready once nothing changes.
_QUIET = """() => {
    const app = document.querySelector('[data-testid="stApp"]'), main = document.querySelector('[data-testid="stMain"]');
    const parts = [...document.querySelectorAll('.stBidiComponent')];
    const plots = [...document.querySelectorAll('.rasd-plot')];
    const done = app?.dataset.testScriptState === 'notRunning' && main?.querySelector('h1')
        && parts.every((part) => part.querySelector('.rasd-plot, .rasd-list, .rasd-switches'))
        && plots.every((plot) => plot.dataset.drawn === 'yes' && plot.data)
        && [...document.querySelectorAll('.rasd-list')].every((list) => list.dataset.drawn === 'yes');
    const seen = done && [main.innerText, main.querySelectorAll('*').length, location.href,
        ...plots.map((plot) => plot.rasdTold ?? '')].join();
    if (!done || seen !== window.rasdSeen) [window.rasdSeen, window.rasdSince] = [seen, performance.now()];
    return done && performance.now() - window.rasdSince > 150;
}"""


def ready(page: Page, timeout: float = 30_000) -> Page:
    """Wait until the run has ended, every figure is drawn and the page has stopped changing."""
    settled(page, timeout)
    page.wait_for_function(_QUIET, timeout=timeout)
    return page


def visit(page: Page, address: str) -> Page:
    """Open an address and wait until the page is ready."""
    page.goto(address)
    return ready(page)


def load(store: Path, *paths: Path, mapping: str = "") -> dict[str, Any]:
    """Run `rasd load` into a store, as a person would; return what it reports."""
    command = [sys.executable, "-m", "etl", "load", *map(str, paths), "--store", str(store), "--json"]
    command += ["--map", mapping] if mapping else []
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def lines(path: Path, articles: Iterable[Mapping[str, Any]]) -> Path:
    """Write articles as rasd-article/1."""
    written = [
        json.dumps({"format": "rasd-article/1", "annotations": [], **article}, ensure_ascii=False)
        for article in articles
    ]
    path.write_text("\n".join(written) + "\n", encoding="utf-8")
    return path


def at(address: str, name: str = "overview", **query: str) -> str:
    """The address of a page."""
    path = "/" if name == PAGES[0] else f"/{name}"
    return f"{address}{path}" + (f"?{urlencode(query)}" if query else "")


def asked(page: Page) -> dict[str, str]:
    """The query of the address that the browser shows."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def figures(page: Page) -> list[dict[str, Any]]:
    """Every figure of the page: key, data, layout."""
    return page.evaluate(_FIGURES)


def figure(page: Page, key: str) -> dict[str, Any]:
    """One figure of the page."""
    return next(shown for shown in figures(page) if shown["key"] == key)


def marks(shown: Mapping[str, Any]) -> list[Drawn]:
    """All marks of a figure that can be clicked and whose number is not zero."""
    return [
        Drawn(shown["key"], n, path, mark, number)
        for n, trace in enumerate(shown["data"])
        for path, mark, number in _marks(trace)
        if mark and number
    ]


def _marks(trace: Mapping[str, Any]) -> list[tuple[tuple[int, ...], str | None, int]]:
    told = trace.get("customdata") or []
    if trace["type"] == "heatmap":
        return [((i, j), mark, trace["z"][i][j]) for i, row in enumerate(told) for j, mark in enumerate(row)]
    along = "x" if trace["type"] == "scatter" or trace.get("orientation") == "h" else "y"
    # Points stand on a scale of roots.
    reads = (lambda x: round(x**2)) if trace["type"] == "scatter" else (lambda x: x)
    return [((i,), mark, reads(trace[along][i])) for i, mark in enumerate(told)]


def place(page: Page, mark: Drawn) -> dict[str, float]:
    """Scroll a mark into the middle of the screen and return the pixel where it is drawn."""
    return page.evaluate(_PIXEL, {"key": mark.key, "trace": mark.trace, "path": list(mark.path)})


def click(page: Page, mark: Drawn) -> None:
    """Click a mark where it is drawn, and wait for its list."""
    pixel = place(page, mark)
    page.mouse.move(pixel["x"] - 1, pixel["y"] - 1)
    page.mouse.click(pixel["x"], pixel["y"])
    page.wait_for_function(
        "([key, mark]) => { const q = new URLSearchParams(location.search);"
        " return q.get('at') === key && q.get('mark') === mark; }",
        arg=[mark.key, mark.mark],
    )
    expect(behind(page, mark.key)).to_be_visible()
    ready(page)


def behind(page: Page, key: str) -> Any:  # noqa: ANN401 -- a Locator
    """The list that a mark of the figure `key` opened."""
    return page.locator(f".st-key-behind-{key}")


def numerals(text: str) -> list[int]:
    """The whole numbers of a text, in Latin or Arabic-Indic digits, with the region's separators."""
    found = re.findall(r"\d[\d.,\u066c\u202f]*", text)
    return [int("".join(str(unicodedata.digit(c)) for c in number if c.isdigit())) for number in found]


def read_list(page: Page, key: str) -> Shown:
    """Read a list to its end, page by page; the total is what its pager states."""
    # The list of a whole page stands by itself.
    box = page.get_by_test_id("stMain") if key == "all" else behind(page, key)
    ids: list[str] = []
    while True:
        first, last, total = _range(page, key, box, len(ids) + 1)
        rows = box.locator(f".st-key-list-{key} a[data-id]")
        expect(rows).to_have_count(last - first + 1)
        ids += rows.evaluate_all("rows => rows.map((row) => row.dataset.id)")
        if last >= total:
            return Shown(total, ids)
        box.locator(f".st-key-list-{key} .rasd-pager button").last.click()


def _range(page: Page, key: str, box: Any, first: int) -> tuple[int, int, int]:  # noqa: ANN401 -- a Locator
    """First, last and total that the pager states, once it begins at `first` and the rows were replaced."""
    pager = box.locator(f".st-key-list-{key} .rasd-range")
    if not box.locator(f".st-key-list-{key} a[data-id]").count() and not pager.count():
        return 1, 0, 0
    digits = str(first)
    arabic = "".join(chr(0x660 + int(d)) for d in digits)
    expect(pager).to_have_text(re.compile(rf"(?<!\d)(?:{digits}|{arabic})(?!\d)[^\d]"))
    ready(page)
    found = numerals(pager.text_content())
    assert len(found) == 3, pager.text_content()
    assert found[0] == first
    return found[0], found[1], found[2]


# What SQL says, written apart from the dashboard's.

_LAYER = {"events": "event_mention", "pairs": "pair_mention", "themes": "theme_mention", "countries": "country_mention"}
_COLUMN = {
    "event": "coalesce(m.event_id::VARCHAR, concat(m.series_id::VARCHAR, '?'))",
    "theme": "m.theme_id::VARCHAR",
    "a": "m.a::VARCHAR",
    "b": "m.b::VARCHAR",
    "relation": "m.relation::VARCHAR",
    "publisher": "a.publisher::VARCHAR",
    "basis": "a.published_basis::VARCHAR",
    "series": "m.series_id::VARCHAR",
    "candidates": "array_to_string(list_sort(m.candidates), ' ')",
    "rule": "m.rule",
}
_STRENGTH = {"strong": ("strong",), "medium": ("strong", "medium"), "weak": ("strong", "medium", "weak")}


def rows(store: Path, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Ask the published snapshot directly."""
    with contextlib.closing(open_snapshot(store, (store / "CURRENT").read_text().strip())) as connection:
        return connection.execute(sql, list(params)).fetchall()


def expected(store: Path, mark: str, query: Mapping[str, str]) -> Shown:
    """What a mark's list must hold under the filters of an address: the number, and the ids as a set in any order."""
    relation, *parts = mark.split("|")
    where = dict(part.split("=", 1) for part in parts)
    grain = where.pop("grain", query.get("grain", "week"))
    unit = where.pop("unit", query.get("unit", "stories"))
    sql, params = _statement(relation, where, grain, query)
    found = rows(store, sql, params)
    if unit == "articles":
        return Shown(len(found), sorted(article for article, _, _ in found))
    stories: dict[str, tuple[dt.date, str]] = {}
    for article, story, day in found:
        stories[story] = min(stories.get(story, (dt.date.max, "\uffff")), (day or dt.date(9999, 12, 31), article))
    return Shown(len(stories), sorted(article for _, article in stories.values()))


_OPEN = {
    "open_editions": ("event_mention", "m.event_id IS NULL"),
    "ambiguous": ("country_mention", "m.code IS NULL"),
    "date_conflicts": ("date_expression", "m.weekday_check = 'conflict'"),
}
"""What stays open is listed whatever tier the filters ask for."""


def _statement(relation: str, where: dict[str, str], grain: str, query: Mapping[str, str]) -> tuple[str, list[Any]]:
    tiers = ", ".join(f"'{tier}'" for tier in _STRENGTH[query.get("tier", "strong")])
    layer = _LAYER.get(relation)
    told, params = ["a.is_current", "a.role <> 'headline'"], []
    source = f"article a JOIN {layer} m ON m.article_key = a.article_key" if layer else "article a"
    if relation in _OPEN:
        table, is_open = _OPEN[relation]
        source = f"article a JOIN {table} m ON m.article_key = a.article_key"
        told += ["m.in_force", is_open]
    if layer:
        told += ["m.in_force", f"m.tier IN ({tiers})"]
    if layer == "pair_mention":
        told.append("m.relation <> 'cohost'")
    if relation == "undated":
        # No period holds an undated article: the tile says that it counts over all periods.
        told.append("a.published_on IS NULL")
        query = {name: value for name, value in query.items() if name not in ("since", "until")}
    for name, value in where.items():
        if name == "period":
            first, last = _span(dt.date.fromisoformat(value), grain)
            told.append("a.published_on BETWEEN ? AND ?")
            params += [first, last]
        else:
            told.append(f"{_COLUMN[name]} = ?")
            params.append(value)
    for condition, values in _filtered(layer, tiers, query):
        told.append(condition)
        params += values
    return (
        f"SELECT DISTINCT a.article_id, a.story_id, a.published_on FROM {source} WHERE {' AND '.join(told)}",
        params,
    )


def _filtered(layer: str | None, tiers: str, query: Mapping[str, str]) -> list[tuple[str, list[Any]]]:
    """Filters speak of the article; those of the mark's own layer speak of the mention as well."""
    out: list[tuple[str, list[Any]]] = []
    if "since" in query:
        out.append(("a.published_on >= ?::DATE", [query["since"]]))
    if "until" in query:
        out.append(("a.published_on <= ?::DATE", [query["until"]]))
    if "publishers" in query:
        out.append(("list_contains(?::VARCHAR[], a.publisher::VARCHAR)", [query["publishers"].split("|")]))
    own = {"events": ("event_mention", _COLUMN["event"]), "themes": ("theme_mention", _COLUMN["theme"]),
           "countries": ("country_mention", "m.code::VARCHAR")}  # fmt: skip
    for name, (table, column) in own.items():
        if name in query:
            values = query[name].split(",")
            condition = f"list_contains(?::VARCHAR[], {column})"
            out.append((_said(table, tiers, condition), [values]))
            if layer == table:
                out.append((condition, [values]))
            if layer == "pair_mention" and name == "countries":
                out.append(
                    (
                        "(list_contains(?::VARCHAR[], m.a::VARCHAR) OR list_contains(?::VARCHAR[], m.b::VARCHAR))",
                        [values, values],
                    )
                )
    if "pair" in query:
        both = sorted(query["pair"].split(","))
        condition = "m.a::VARCHAR = ? AND m.b::VARCHAR = ?"
        out.append((_said("pair_mention", tiers, f"{condition} AND m.relation <> 'cohost'"), both))
        if layer == "pair_mention":
            out.append((condition, both))
    return out


def _said(table: str, tiers: str, condition: str) -> str:
    inner = f"SELECT 1 FROM {table} m WHERE m.article_key = a.article_key AND m.in_force AND m.tier IN ({tiers})"
    return f"EXISTS ({inner} AND {condition})"


def _span(first: dt.date, grain: str) -> tuple[dt.date, dt.date]:
    if grain == "month":
        return first, (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return first, first + dt.timedelta(days=6 if grain == "week" else 0)
