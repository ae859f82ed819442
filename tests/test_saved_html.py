"""Saved HTML: invented pages of many shapes give text and metadata; hostile ones are read or refused, never fetched."""

import json
import resource
import socket
from pathlib import Path
from typing import Any

import pytest

from etl import mapping, read, registry, workers
from etl.model import Article, Page, Record

SHARED = Path(__file__).resolve().parents[2] / "shared"
REAL = SHARED / "corpus" / "html" / "arabic_article.html"
REGISTRY = registry.load()
TITLE = "سوق الزيتون يفتح أبوابه في الضفة القديمة"
FIRST = "فتح سوق الزيتون أبوابه صباح أمس في الضفة القديمة، وقال التجار إن الإقبال فاق ما كان عليه في الموسم الماضي."
SECOND = "وأضاف رئيس جمعية المعاصر أن الأسعار ستبقى كما هي إلى نهاية الشهر، وأن النقل إلى المدن البعيدة سيبدأ قريبا."
THIRD = "ويمتد السوق على ضفتي النهر، وفيه سبعون دكانا للزيت والصابون والخشب، تعمل كلها من الفجر إلى المغرب."
BODY = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
MENU = "<nav><ul><li><a href='/'>الرئيسية</a></li><li><a href='/s'>سياسة</a></li></ul></nav>"
LINKS = (
    "<aside><h3>الأكثر قراءة</h3><ul>"
    + "<li><a href='/n'>خبر آخر من أخبار النهر اليوم</a></li>" * 300
    + "</ul></aside>"
)
TOLD = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": "2025-10-24T09:30:00+01:00",
    "publisher": {"@type": "Organization", "name": "منبر الضفاف"},
    "keywords": ["زيتون", "سوق"],
    "inLanguage": "ar-MA",
}


def linked(**more: Any) -> str:
    """JSON-LD of the article."""
    return f'<script type="application/ld+json">{json.dumps(TOLD | more, ensure_ascii=False)}</script>'


def html(head: str = "", body: str = TEXT, lang: str = "ar") -> str:
    """A page with a menu before the text and links behind it."""
    title = f"<h1>{TITLE}</h1>"
    head = f"<head><title>{TITLE} - منبر الضفاف</title>{head}</head>"
    return f'<html lang="{lang}">{head}<body>{MENU}<article>{title}{body}</article>{LINKS}</body></html>'


def read_raw(folder: Path, raw: str | bytes, columns: str = "") -> tuple[list[Article], Page | None, str]:
    """The articles, the page and the reason of a refusal."""
    path = folder / "a.html"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    named = mapping.parse(columns) if columns else None
    (found,) = workers.records(read.read(read.survey([path]).sources, named, REGISTRY), named)
    return (found.articles, found.page, "") if isinstance(found, Record) else ([], None, found.reject.reason)


SHAPES: dict[str, tuple[str, dict[str, Any]]] = {
    "JSON-LD": (
        html(linked()),
        {
            "published": "2025-10-24T09:30:00+01:00",
            "published_basis": "metadata",
            "publisher": "منبر الضفاف",
            "keywords": ["زيتون", "سوق"],
        },
    ),
    "JSON-LD in a graph": (
        html(
            '<script type="application/ld+json">' + json.dumps({"@graph": [{"@type": "WebPage"}, TOLD]}) + "</script>"
        ),
        {"publisher": "منبر الضفاف", "published_basis": "metadata"},
    ),
    "text in JSON-LD only": (
        html(linked(articleBody=f"{FIRST}\n{SECOND}\n{THIRD}"), "<div id='root'></div>"),
        {"published_basis": "metadata"},
    ),
    "OpenGraph only": (
        html(
            f'<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="أصداء النهر">'
            '<meta property="article:published_time" content="2025-10-24T08:00:00Z">'
            '<meta property="og:url" content="https://news.example/a/1">'
        ),
        {"publisher": "أصداء النهر", "published": "2025-10-24T08:00:00Z", "url": "https://news.example/a/1"},
    ),
    "day in the address only": (
        html('<link rel="canonical" href="https://news.example/2025/10/24/olive">'),
        {"published": "2025-10-24", "published_basis": "url"},
    ),
    "date line in Arabic-Indic digits": (
        html(body=f"<div>٢٤ أكتوبر ٢٠٢٥</div>{TEXT}"),
        {"published": "2025-10-24", "published_basis": "dateline"},
    ),
    "Maghrebi month": (
        html(body=f"<span>الجمعة 7 غشت 2026 - 10:30</span>{TEXT}"),
        {"published": "2026-08-07", "published_basis": "dateline"},
    ),
    "day before month": (html('<meta name="date" content="03/10/2024">'), {"published": "2024-10-03"}),
    "AMP": (
        html(
            '<meta charset="utf-8"><link rel="canonical" href="https://news.example/olive">' + linked(),
            f"<amp-img src='x'></amp-img>{TEXT}<amp-social-share></amp-social-share>",
        ),
        {"url": "https://news.example/olive"},
    ),
    "divs of a blog": (
        html(
            body=f"<div class='entry-content'><div class='share'><a>فيسبوك</a><a>تويتر</a></div>{TEXT}</div>"
            "<div id='comments'><h3>اترك تعليقا</h3></div>"
        ),
        {"published": None},
    ),
    "no date anywhere": (
        html("<meta property='article:modified_time' content='2026-01-01T00:00:00Z'>"),
        {"published": None, "published_basis": "unknown"},
    ),
    "front page as its address": (html('<link rel="canonical" href="https://news.example/">'), {"url": None}),
    "saved by a browser": (
        "<!-- saved from url=(0030)https://news.example/olive-1 -->" + html(),
        {"url": "https://news.example/olive-1"},
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_of_pages(tmp_path: Path, shape: str) -> None:
    """Whatever a page is built like, its text comes out whole, without menu and links, with what it states."""
    raw, wanted = SHAPES[shape]
    (article, *_), page, _ = read_raw(tmp_path, raw)
    assert article.headline == TITLE
    assert [line for line in (article.body or "").split("\n") if line] == [FIRST, SECOND, THIRD]
    assert {name: getattr(article, name) for name in wanted} == wanted
    assert page
    assert "<" not in page.text


def test_a_live_blog_keeps_its_entries(tmp_path: Path) -> None:
    """Each entry of a live blog is a part of the text."""
    entries = "".join(f"<section><h2>10:{n}</h2><p>{FIRST} ({n})</p></section>" for n in range(10, 30))
    (article, *_), _, _ = read_raw(tmp_path, html(linked(), entries))
    assert all(f"({n})" in (article.body or "") for n in range(10, 30))


def test_an_old_encoding_is_read_where_it_is_declared(tmp_path: Path) -> None:
    """Windows-1256 that says so is read; the same bytes without a word, or under a wrong one, are refused by name."""
    page = html('<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">')
    assert read_raw(tmp_path, page.encode("windows-1256"))[0][0].body == BODY
    assert read_raw(tmp_path, page)[0][0].body == BODY
    assert read_raw(tmp_path, html().encode("windows-1256"))[2] == "encoding-windows-1256"
    wrong = page.replace("windows-1256", "iso-8859-1")
    assert read_raw(tmp_path, wrong.encode("windows-1256"))[2] == "encoding-windows-1256"
    assert read_raw(tmp_path, "\ufeff".encode("utf-16-le") + html().encode("utf-16-le"))[0][0].body == BODY


def test_a_real_page_gives_what_a_good_extractor_finds() -> None:
    """Text, title, address, publisher and language are those of the files beside it; an update's stamp is no day."""
    if not REAL.exists():
        pytest.skip(f"the real page is not here: {REAL}")
    (found,) = workers.records(read.read(read.survey([REAL]).sources, None, REGISTRY), None)
    assert isinstance(found, Record)
    article, wanted = found.articles[0], json.loads(REAL.with_suffix(".json").read_text("utf-8"))
    assert article.body == REAL.with_suffix(".txt").read_text("utf-8")
    assert (article.headline, article.url) == (wanted["title"], wanted["canonical_link"])
    assert (article.publisher, article.language) == (wanted["meta_site_name"], wanted["meta_lang"])
    assert (article.published, article.published_basis) == ("2013-08-03", "url")


HOSTILE = {
    "scripts": "<script>fetch('http://x.example')</script>" * 1000 + TEXT,
    "deep": "<div>" * 200_000 + TEXT,
    "deep tables": "<table><tr><td>" * 60_000 + TEXT,
    "one line": "<p>" + "ا ب ت " * 2_000_000,
    "entities": '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]><p>&b;</p>' + TEXT,
    "a file of the machine": '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p>' + TEXT,
    "NUL": "<p>نص\0نص</p>",
    "pictures": TEXT + '<img src="data:image/png;base64,' + "A" * 15_000_000 + '">',
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(300_000)) + ">" + TEXT,
    "elements": "<p>ا</p>" * 190_000,
    "brackets": "<" * 3_000_000,
    "JSON-LD without end": "<script type='application/ld+json'>" + "[" * 200_000 + "</script>" + TEXT,
    "fetches": '<link rel="stylesheet" href="http://x.example/a.css">'
    '<img src="http://x.example/a.png"><iframe src="//x.example">' + TEXT,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_take_little_memory_and_fetch_nothing(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that means harm is read or refused by name in less than 500 MB, and no connection is tried."""

    def refuse(*_: object) -> None:
        pytest.fail("a saved page made the program look for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    articles, page, reason = read_raw(tmp_path, f"<html><body>{HOSTILE[name]}</body></html>")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000
    assert articles or reason
    assert "root:" not in (page.text if page else "")
