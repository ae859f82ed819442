"""Saved feeds of invented outlets: each entry is an article with what it states; hostile ones are refused by name."""

import hashlib
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from hostile import calmly, counted

from etl import mapping, read
from etl.__main__ import main
from etl.model import Article, Record
from etl.registry import load

REGISTRY = load()
TITLE = "سوق الزيتون يفتح أبوابه في الضفة القديمة"
FIRST = "فتح سوق الزيتون أبوابه صباح أمس في الضفة القديمة، وقال التجار إن الإقبال فاق ما كان عليه في الموسم الماضي."
SECOND = "وأضاف رئيس جمعية المعاصر أن الأسعار ستبقى كما هي إلى نهاية الشهر."
HTML = f"<p>{FIRST}</p><script>alert(1)</script><p>{SECOND}</p>"
BODY = f"{FIRST}\n\n{SECOND}"
CHANNEL = "<title>منبر الضفاف</title><link>https://news.example/</link><language>ar-ma</language>"
DAY = "<pubDate>Fri, 24 Oct 2025 09:30:00 +0100</pubDate>"
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom"'
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar" xml:base="https://news.example/f/">'
    "<title>منبر الضفاف</title>"
)


def rss(*items: str, channel: str = CHANNEL) -> str:
    """RSS 2.0 with these items."""
    inside = "".join(f"<item>{item}</item>\n" for item in items)
    return f'<rss version="2.0" {SPACES}>\n<channel>{channel}\n{inside}</channel></rss>'


def atom(*entries: str) -> str:
    """Atom with these entries."""
    return ATOM + "".join(f"<entry>{entry}</entry>\n" for entry in entries) + "</feed>"


def read_raw(folder: Path, raw: str | bytes, columns: str = "", name: str = "a.xml") -> list[Article | str]:
    """The articles in order, and the reasons of what was refused."""
    (folder / name).write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    found = read.read(read.survey([folder / name]).sources, mapping.parse(columns) if columns else None, REGISTRY)
    return [one.articles[0] if isinstance(one, Record) else one.reject.reason for one in found]


ITEM = f"<title>{TITLE}</title><link>https://news.example/olive</link>{DAY}"
RSS1 = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{CHANNEL.partition("<language>")[0]}</channel>'
    f"<item><title>{TITLE}</title><link>https://news.example/olive</link><description>{FIRST}</description>"
    "<dc:date>2025-10-24T09:30+01:00</dc:date><dc:subject>زيتون</dc:subject></item></rdf:RDF>"
)
WANTED = {
    "headline": TITLE,
    "url": "https://news.example/olive",
    "publisher": "منبر الضفاف",
    "published": "2025-10-24T09:30:00+01:00",
    "published_basis": "metadata",
    "fetched": None,
}
SHAPES: dict[str, tuple[str, dict[str, Any]]] = {
    "CDATA": (
        rss(f"{ITEM}<description>مختصر</description><content:encoded><![CDATA[{HTML}]]></content:encoded>"),
        WANTED | {"body": BODY, "language": "ar-ma"},
    ),
    "escaped": (
        rss(f"{ITEM}<description>{HTML.replace('<', '&lt;')}</description>"),
        WANTED | {"body": BODY},
    ),
    "plain lines": (rss(f"{ITEM}<description>{FIRST}\n{SECOND}</description>"), {"body": BODY}),
    "markup in the title": (
        rss("<title>&lt;b&gt;قمة&lt;/b&gt; &amp;quot;النهر&amp;quot;</title>"),
        {"headline": 'قمة "النهر"', "published": None, "published_basis": "unknown", "url": None},
    ),
    "an address in the guid": (
        rss(f"<title>{TITLE}</title><guid>https://news.example/olive</guid>{DAY}"),
        WANTED,
    ),
    "a relative link": (rss(f"<title>{TITLE}</title><link>/olive</link>{DAY}"), WANTED),
    "the link of Atom in the channel": (
        rss(ITEM, channel='<atom:link rel="self" href="https://news.example/rss"/>' + CHANNEL),
        WANTED,
    ),
    "an image with a title": (
        rss(ITEM, channel=f"<image><title>شعار</title><link>https://x.example/</link></image>{CHANNEL}"),
        WANTED,
    ),
    "an aggregator": (
        rss(f'{ITEM}<source url="https://other.example/rss">أصداء النهر</source><author>a@b.example</author>'),
        WANTED | {"publisher": "أصداء النهر", "carrier": "منبر الضفاف"},
    ),
    "categories": (
        rss(f"{ITEM}<category>زيتون</category><category>سوق &amp;amp; نهر</category><category>زيتون</category>"),
        {"keywords": ["زيتون", "سوق & نهر"]},
    ),
    "RSS 1.0": (
        RSS1,
        WANTED | {"body": FIRST, "keywords": ["زيتون"]},
    ),
    "Atom with XHTML": (
        atom(
            f'<title>{TITLE}</title><id>tag:x,1</id><link rel="self" href="x.atom"/><link href="../olive"/>'
            "<published>2025-10-24T09:30:00+01:00</published><updated>2025-10-25T00:00:00Z</updated>"
            f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{FIRST}</p>'
            f'<script>alert("a &lt; b")</script><p style="display:none">خفي</p><p>{SECOND}</p></div></content>'
            '<category term="olive" label="زيتون"/><category term="سوق"/><author><name>كاتب</name></author>'
        ),
        WANTED | {"body": BODY, "keywords": ["زيتون", "سوق"], "language": "ar"},
    ),
    "Atom with HTML and text": (
        atom(
            f'<title>قمة 1 &lt; 2</title><link href="/olive"/><updated>2025-10-25T00:00:00Z</updated>'
            f'<summary type="html">{HTML.replace("<", "&lt;")}</summary>'
            "<source><id>x</id><title>أصداء النهر</title></source>"
        ),
        {"headline": "قمة 1 < 2", "body": BODY, "published": "2025-10-25T00:00:00Z", "publisher": "أصداء النهر"},
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_of_feeds(tmp_path: Path, shape: str) -> None:
    """Whatever form a feed has, its entry becomes an article with the text and what it states."""
    raw, wanted = SHAPES[shape]
    (article,) = read_raw(tmp_path, raw)
    assert isinstance(article, Article), article
    assert {name: getattr(article, name) for name in wanted} == wanted


@pytest.mark.parametrize("name", ["a.xml", "a.rss", "a.atom", "a.rdf", "a.xml.gz"])
def test_a_feed_is_known_by_its_root(tmp_path: Path, name: str) -> None:
    """Comments and instructions may stand before the root; other XML is no feed."""
    (tmp_path / name.removesuffix(".gz")).write_text(f'<?xml version="1.0"?>\n<!-- <x> --><?a b?>{rss(ITEM)}', "utf-8")
    (tmp_path / "page.xml").write_text("<html><rss/></html>", "utf-8")
    found = read.survey([tmp_path])
    assert [one.format for one in found.sources] == ["feed"]
    assert [one.reason for one in found.skipped] == ["unknown-format"]


def test_an_entry_that_does_not_hold_is_refused_alone(tmp_path: Path) -> None:
    """No text, an impossible day: its neighbours stand, and the refusal names line, byte and bytes of the item."""
    bad = ITEM.replace("24 Oct", "31 Feb")
    raw = rss(ITEM, "<link>https://news.example/b</link>", bad, ITEM.replace("olive", "c"))
    (tmp_path / "a.xml").write_text(raw, "utf-8")
    found = list(read.read(read.survey([tmp_path / "a.xml"]).sources, None, REGISTRY))
    refused = [one for one in found if not isinstance(one, Record)]
    assert [isinstance(one, Record) for one in found] == [True, False, False, True]
    assert [one.reject.reason for one in refused] == ["no-text", "impossible-date"]
    assert [one.reject.place.line for one in refused] == [4, 5]
    assert refused[1].raw == f"<item>{bad}</item>".encode()
    assert refused[1].reject.place.byte == raw.encode().index(refused[1].raw)


def test_an_entry_without_an_address_goes_by_its_guid(tmp_path: Path) -> None:
    """The same number in two feeds is two articles, the same address of a name is one."""

    def ids(guid: str, *feeds: str) -> set[str]:
        item = f'<title>{TITLE}</title><guid isPermaLink="false">{guid}</guid>'
        found = [read_raw(tmp_path, rss(item, channel=f"<title>{feed}</title>"))[0] for feed in feeds]
        return {one.article_id for one in found if isinstance(one, Article)}

    assert len(ids("7", "أ", "ب")) == 2
    assert len(ids("tag:x,7", "أ", "ب")) == 1


def test_constants_fill_what_the_feed_does_not_say(tmp_path: Path) -> None:
    """A day stands for entries without one; the outlet's name is the one that was given."""
    first, second = read_raw(
        tmp_path, rss(ITEM, f"<title>{TITLE}</title>"), "publisher:=أصداء النهر,published:=2026-01-02"
    )
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.published, second.published) == (WANTED["published"], "2026-01-02")
    assert {first.publisher, second.publisher} == {"أصداء النهر"}


def declared(name: str, raw: str) -> str:
    """With that encoding in its first line."""
    return f'<?xml version="1.0" encoding="{name}"?>{raw}'


LONG = rss(f"{ITEM}<description>{FIRST}</description>")
FRENCH = rss("<title>Le marché est rouvert à Noël, déjà</title>", channel="<title>Échos</title>")
ENCODED = {
    "windows-1256": (declared("windows-1256", LONG).encode("cp1256"), TITLE),
    "iso-8859-6": (declared("ISO-8859-6", rss(f"<title>{TITLE}</title>")).encode("iso8859_6"), TITLE),
    "UTF-16": (declared("UTF-16", LONG).encode("utf-16"), TITLE),
    "UTF-16 that says something else": (declared("windows-1256", LONG).encode("utf-16"), TITLE),
    "UTF-16 without a mark": (declared("no-such", LONG).encode("utf-16-be"), TITLE),
    "UTF-8 that says something else": (declared("windows-1256", LONG).encode(), TITLE),
    "French": (declared("ISO-8859-1", FRENCH).encode("latin-1"), "Le marché est rouvert à Noël, déjà"),
    "nothing said": (LONG.encode("cp1256"), "encoding-windows-1256"),
    "Arabic that says Latin": (declared("ISO-8859-1", LONG).encode("cp1256"), "encoding-windows-1256"),
    "another Arabic": (declared("windows-1256", rss(f"<title>{TITLE}</title>")).encode("iso8859_6"),
                       "encoding-not-windows-1256"),
    "no such": (declared("no-such", LONG).encode("cp1256"), "encoding-windows-1256"),
    "another": (declared("koi8-r", LONG).encode("cp1256"), "encoding-koi8-r"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ENCODED)
def test_an_encoding_is_read_or_named(tmp_path: Path, kind: str) -> None:
    """Letters come out as they were written, or nothing does."""
    raw, wanted = ENCODED[kind]
    assert [one if isinstance(one, str) else one.headline for one in read_raw(tmp_path, raw)] == [wanted]


def test_what_breaks_off_keeps_what_stands_before(tmp_path: Path) -> None:
    """One refusal at the place where the feed ends or stops being XML."""
    whole = rss(*(ITEM.replace("olive", str(n)) for n in range(5)))
    for raw in (whole[:-60], whole[: whole.index("/3") + 2], whole.replace("/4</link>", "/4&nbsp;</link>")):
        *before, last = read_raw(tmp_path, raw)
        assert last == "not-xml"
        assert len(before) == (raw.count("</item>") if "nbsp" not in raw else 4)
        assert all(isinstance(one, Article) for one in before)
    assert read_raw(tmp_path, rss()) == ["empty-feed"]


def in_html(markup: str) -> str:
    """A feed with an entry of this HTML."""
    return rss(f"<title>x</title><description><![CDATA[{markup}]]></description>")


DOCTYPES = (
    '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss-0.91.dtd">',
    """<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
  'http://127.0.0.1:9/rss-0.91.dtd'>""",
)


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_a_feed_may_name_its_document_type(tmp_path: Path, doctype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As feeds of RSS 0.91 do: it is not fetched, and the entities that only it declares are those of HTML."""
    monkeypatch.setattr(socket, "socket", None)
    text = f"<title>سوق&nbsp;&laquo;الزيتون&raquo;</title><description>{FIRST}&nbsp;&unheard;</description>"
    (found,) = read_raw(tmp_path, f'<?xml version="1.0"?>\n{doctype}\n{rss(text).replace("2.0", "0.91")}')
    assert isinstance(found, Article)
    assert (found.headline or "").split() == ["سوق", "«الزيتون»"]
    assert (found.body or "").split() == [*FIRST.split(), "&unheard;"]


ENTITIES = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 12))
MUCH = 30_000_000
HOSTILE: dict[str, tuple[str, list[Any]]] = {
    "a bomb": (f'<!DOCTYPE rss [<!ENTITY x0 "x">{ENTITIES}]>{rss("<title>&x11;</title>")}', ["xml-dtd"]),
    "a file of the machine": (
        f'<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>{rss("<title>&f;</title>")}',
        ["xml-dtd"],
    ),
    "an empty document type": (f'<!DOCTYPE rss SYSTEM "x.dtd" []>{rss(ITEM)}', ["xml-dtd"]),
    "a parameter": (f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>{rss(ITEM)}', ["xml-dtd"]),
    "a long document type": (f'<!DOCTYPE rss SYSTEM "{"x" * MUCH}">{rss(ITEM)}', ["unknown-format"]),
    "a bare document type": (f"<!DOCTYPE rss>{rss(ITEM)}", [{"kept": 0}]),
    "a long entry": (
        rss(ITEM, f"<title>{'x' * MUCH}</title>", ITEM),
        [{"kept": 0}, "entry-too-long", {"kept": 0}],
    ),
    "a long tag": (rss(f'<title a="{"x" * MUCH}"/>'), ["entry-too-long"]),
    "a long comment": (rss(ITEM, f"<!--{'x' * MUCH}-->"), [{"kept": 0}, "entry-too-long"]),
    "a long name": (rss(ITEM, channel=f"<title>{'x' * MUCH}</title>"), [{"kept": 0}]),
    "depth": (rss("<a>" * 1_000_000), ["too-deep"]),
    "depth in HTML": (
        in_html("<div>" * 700_000),
        [{"kept": 0}],
    ),
    "many in HTML": (
        in_html("<p>a" * 900_000),
        ["page-too-large"],
    ),
    "many elements": (rss(f"<title>x</title><description>{'<b/>' * 900_000}</description>"), ["page-too-large"]),
    "many categories": (rss(f"<title>x</title>{'<category>a</category>' * 180_000}"), [{"kept": 0}]),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_feeds_are_read_calmly(tmp_path: Path, kind: str) -> None:
    """Nothing grows, is fetched or takes long: an entry is read or refused by name."""
    raw, wanted = HOSTILE[kind]
    (tmp_path / "a.xml").write_text(raw, "utf-8")
    assert calmly(tmp_path / "a.xml") == wanted


def test_a_long_feed_is_never_held_whole(tmp_path: Path) -> None:
    """Fifty thousand entries need hardly more memory than a hundred."""
    item = f"{ITEM}<description>{FIRST * 6}</description>"
    (tmp_path / "few.xml").write_text(rss(*[item] * 100), "utf-8")
    (tmp_path / "a.xml").write_text(rss(*[item] * 50_000), "utf-8")
    (few, _, before), (many, _, after) = counted(tmp_path / "few.xml"), counted(tmp_path / "a.xml")
    assert (len(few), len(many)) == (100, 50_000)
    assert after - before < (tmp_path / "a.xml").stat().st_size / 2


def test_an_entry_that_is_cut_keeps_its_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its place, its first bytes and the digest of all of it, wherever the letters stand; its neighbours are read."""
    monkeypatch.setenv("RASD_MAX_LINE", "100000")
    for filler in ("x" * 300_000, "&amp;" * 60_000, f"<![CDATA[{'y' * 300_000}]]>", "<!-- a -->" * 30_000):
        long = f"<item><title>a</title><other>{filler}</other></item>"
        raw = rss(ITEM, "", ITEM).replace("<item></item>", long)
        (tmp_path / "a.xml").write_text(raw, "utf-8")
        first, cut, last = read.read(read.survey([tmp_path / "a.xml"]).sources, None, REGISTRY)
        assert isinstance(first, Record)
        assert isinstance(last, Record)
        assert isinstance(cut, read.Refusal)
        assert cut.raw == long.encode()[:100_000]
        assert cut.reject.place.byte == raw.encode().index(long.encode())
        assert cut.reject.sha256 == hashlib.sha256(long.encode()).hexdigest()


ADDRESSES = {
    "https://news.example/": None,
    "javascript:alert(1)": None,
    "http://[broken": None,
    "//b.example/y": "https://b.example/y",
    "?id=5": "https://news.example/?id=5",
}


@pytest.mark.parametrize("link", ADDRESSES)
def test_only_pages_are_addresses(tmp_path: Path, link: str) -> None:
    """The front page is none, or all entries that name it would be one article; what cannot be joined is none."""
    (found,) = read_raw(tmp_path, rss(f"<title>{TITLE}</title><link>{link}</link>"))
    assert isinstance(found, Article)
    assert found.url == ADDRESSES[link]
    broken = atom(f'<title>{TITLE}</title><link xml:base="http://[" href="/a"/>').replace("https://news", "http://[")
    assert [one.url for one in read_raw(tmp_path, broken) if isinstance(one, Article)] == [None]


def test_a_feed_is_loaded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every entry is accounted for: accepted, refused or twice."""
    (tmp_path / "a.rss").write_text(
        rss(ITEM, ITEM, "<link>https://news.example/b</link>", f"<title>{TITLE}</title>"), "utf-8"
    )
    store = tmp_path / "store"
    main(["load", str(tmp_path / "a.rss"), "--store", str(store)])
    said = capsys.readouterr()
    main(["export", "--store", str(store), "-o", str(tmp_path / "out.jsonl")])
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert sorted(line["url"] or "" for line in lines) == ["", "https://news.example/olive"]
    assert "4 read = 2 accepted + 1 rejected + 1 duplicate" in said.out + said.err
    assert "no-text" in said.out + said.err
