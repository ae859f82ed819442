"""Text from outside shows as it is and does nothing; and no page can pass it on any other way."""

import ast
import csv
import html
import io
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from dashboard import safe
from tests.outside_text import breaches, functions
from tests.payloads import PAYLOADS

DASHBOARD = Path(safe.__file__).parent
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TEXT = (
    "استقبل عبد اللطيف الحموشي، أمس الأربعاء بالرباط، نائب الأميرال <b>إدوارد</b>.\n\nوتطرق اللقاء إلى «مونديال 2030» "
    "& كأس أمم أفريقيا 2025.\r\nسطر\n\n\n\u202eخفي\u202c \u200b آخر"
)


class Reader(HTMLParser):
    """What a browser would show, and which marks cover each character."""

    def __init__(self, document: str) -> None:
        """Read the document at once."""
        super().__init__()
        self.tags: list[str] = []
        self.text, self.by_id, self.open = "", {}, []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element, and of a mark its ids."""
        self.tags.append(tag)
        if tag == "mark":
            self.open = (dict(attrs)["data-ids"] or "").split()

    def handle_endtag(self, tag: str) -> None:
        """Leave a mark; marks hold no marks."""
        if tag == "mark":
            self.open = []

    def handle_data(self, data: str) -> None:
        """Take the text, for the whole and for each id."""
        self.text += data
        for name in self.open:
            self.by_id[name] = self.by_id.get(name, "") + data


@pytest.mark.parametrize("payload", PAYLOADS)
def test_html_shows_the_text_and_nothing_else(payload: str) -> None:
    """Only our isolating element is markup; no control that turns text around is left."""
    shown = Reader(safe.text(payload))
    assert shown.tags == ["bdi"]
    assert shown.text == safe.plain(payload)
    assert not BIDI.search(shown.text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_shows_the_text_and_nothing_else(payload: str) -> None:
    """A Markdown reader with tables, strikethrough and bare links on finds one paragraph of text."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = reader.parse(safe.markdown(payload))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {token.type for token in tokens[1].children or []} <= {"text", "text_special"}
    shown = "".join(token.content for token in tokens[1].children or [])
    assert shown.strip("\u2068\u2069").replace("\u2060", "") == " ".join(safe.plain(payload).split())
    # Streamlit's own marks: coloured text, icons, formulas.
    assert not re.search(r"(?<!\\)[:$]", safe.markdown(payload))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_plotly_shows_the_text_and_nothing_else(payload: str) -> None:
    """No tag that Plotly draws (a, b, br, sub), no entity of the text's own, no template."""
    shown = safe.plotly(payload)
    assert not re.search(r"[<>]|%\{|&(?!(amp|lt|gt|#37);)", shown)
    assert html.unescape(shown) == safe.plain(payload)


@pytest.mark.parametrize(
    "payload", [*PAYLOADS, "=1+1", " =1", "\u200f=1", "\t1", "-5", "@SUM(1)", "\uff1d1", "|x", "+x"]
)
def test_a_cell_never_begins_a_formula(payload: str) -> None:
    """After the file is read back, the first sign that a spreadsheet sees is no operator."""
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow([safe.csv_cell(payload)])
    (cell,) = next(csv.reader(io.StringIO(file.getvalue(), newline="")))
    seen = "".join(c for c in cell if not BIDI.match(c)).lstrip("\ufeff\u200b \u00a0")
    assert not seen.startswith(("=", "+", "-", "@", "|", "%", "\t", "\r", "\n", "\uff1d"))
    assert cell in (payload, "'" + payload)


def test_ordinary_text_in_a_cell_is_left_alone() -> None:
    """The guard costs an analyst nothing where there is no risk."""
    assert safe.csv_cell("مونديال 2030 = 3") == "مونديال 2030 = 3"


@pytest.mark.parametrize(
    "url",
    [
        *(payload for payload in PAYLOADS if payload != "http://evil.example/x"),
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "http://",
        "http://user@evil.example",
        "http://good.example\\@evil.example",
        "http://evil.example/\u202egnp",
        "http://a b",
        "ftp://a.example",
        "http://[::1",
        "http://a.example:99999",
        "/local",
    ],
)
def test_only_a_web_address_becomes_a_link(url: str) -> None:
    """Everything else is text."""
    assert "a" not in Reader(safe.link(url, "المصدر")).tags


def test_a_link_shows_its_host_and_tells_nothing() -> None:
    """The host is in ASCII, so that a look-alike name is seen; the other side learns no referrer."""
    link = safe.link("https://xn--mgbh0fb.example/a?b=1&c=\u0639", "المصدر")
    assert ">xn--mgbh0fb.example</bdi>" in link
    assert ">xn--mgbh0fb.example</bdi>" in safe.link("http://مثال.example/", "x")
    assert 'rel="noopener noreferrer nofollow"' in link
    assert 'target="_blank"' in link
    assert 'referrerpolicy="no-referrer"' in link
    assert ">a.example:8080</bdi>" in safe.link("http://a.example:8080/", "x")


def test_joiners_stay_inside_arabic_and_show_elsewhere() -> None:
    """Persian and Urdu names need the joiner; in Latin text it hides something."""
    assert safe.plain("می\u200cشود") == "می\u200cشود"
    assert safe.plain("pay\u200dpal") == "pay\u27e6U+200D\u27e7pal"
    assert safe.plain("\u200dا") == "\u27e6U+200D\u27e7ا"


def test_marks_cut_the_text_exactly() -> None:
    """Whatever marks overlap, nest or cross paragraphs, each one's segments are its words and the whole is the text."""
    chance = random.Random(7)
    for _ in range(200):
        edges = [sorted(chance.sample(range(len(TEXT) + 1), 2)) for _ in range(chance.randint(0, 9))]
        marks = [safe.Mark(f"m{i}", "event", a, b, "tip") for i, (a, b) in enumerate(edges)]
        read = Reader(safe.marked(TEXT, marks))
        assert read.text == TEXT
        assert read.by_id == {mark.id: TEXT[mark.start : mark.end] for mark in marks}


def test_a_segment_names_its_layers_and_what_they_say() -> None:
    """One segment can belong to an event and a pair; both are said, once each, and can be reached by keyboard."""
    marks = [
        safe.Mark("a", "event", 0, 4, "كأس"),
        safe.Mark("b", "pair", 2, 6, '"\u202e'),
        safe.Mark("c", "event", 2, 4, "كأس"),
    ]
    document = safe.marked("abcdefg", marks)
    middle = 'class="layer-event layer-pair" data-ids="a b c" data-tip="كأس\n&quot;\u27e6U+202E\u27e7" tabindex="0">'
    assert f"{middle}cd</mark>" in document
    assert document.endswith("g</p></div>")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_article_cannot_bring_markup(payload: str) -> None:
    """Only our own elements appear around the text of a hostile article, its marks and its tips."""
    read = Reader(safe.marked(payload, [safe.Mark("m", "theme", 0, len(payload), payload)]))
    assert set(read.tags) <= {"div", "p", "mark", "span"}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_message_shows_what_it_was_given(payload: str) -> None:
    """Our own words keep their isolates as elements; a value from outside, made plain first, brings nothing."""
    shown = Reader(safe.message(f"من \u2068{safe.plain(payload)}\u2069 إلى 6\u200e%"))
    assert shown.tags == ["bdi"]
    assert shown.text == f"من {safe.plain(payload)} إلى 6\u200e%"


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("script", {}), ("iframe", {"src": "x"}), ("a", {"href": "javascript:alert(1)"}), ("a", {"href": "//x.test"}),
        ("p", {"onclick": "x"}), ("p", {"style": "background:url('x')"}), ("p onclick=x", {}), ("form", {}),
    ],
)  # fmt: skip
def test_an_element_cannot_run_or_lead_away(name: str, attributes: dict[str, str]) -> None:
    """What the builder of elements refuses."""
    with pytest.raises(ValueError, match=r"element|style"):
        safe.tag(name, safe.NOTHING, **attributes)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_element_holds_its_values(payload: str) -> None:
    """Whatever stands in an attribute or inside stays there."""
    made = safe.tag("p", safe.text(payload), title=payload)
    assert Reader(made).tags == ["p", "bdi"]
    assert Reader(made).text == safe.plain(payload)


def test_only_safe_calls_anything_html() -> None:
    """`Html(...)` elsewhere would be a promise that nobody checks."""
    files = [path for path in DASHBOARD.rglob("*.py") if path.name != "safe.py"]
    assert not [path.name for path in files if re.search(r"\bHtml\(", path.read_text("utf-8"))]


def test_marks_outside_the_text_are_left_out() -> None:
    """A wrong offset shows the article without the mark, not an error."""
    assert (
        "mark"
        not in Reader(safe.marked("abc", [safe.Mark("m", "event", 2, 9, ""), safe.Mark("n", "event", 1, 1, "")])).tags
    )


@pytest.mark.parametrize(
    "file", sorted(DASHBOARD.rglob("*.py")), ids=lambda file: file.relative_to(DASHBOARD).as_posix()
)
def test_outside_text_reaches_a_page_only_through_safe(file: Path) -> None:
    """What Streamlit reads as Markdown or HTML is a constant, the catalogue's, or what safe returned."""
    others = functions(*(ast.parse(other.read_text("utf-8")) for other in DASHBOARD.rglob("*.py")))
    found = [] if file.name == "safe.py" else list(breaches(file.read_text("utf-8"), others))
    assert not found, "\n".join(["pass it through safe.markdown, in st.html through safe.text:", *found])


@pytest.mark.parametrize(
    "source",
    [
        "st.markdown(title)",
        "st.title(f'{row.title}')",
        "st.markdown('x', unsafe_allow_html=True)",
        "columns[0].caption(row['source'])",
        "st.html('<b>' + name + '</b>')",
        "st.info(w.t('x', title=row.title))",
        "st.radio('x', names)",
        "title = row.title\nst.header(title)",
        "def f(x):\n    return x\nst.markdown(f(1))",
        "st.metric('x', row.value)",
        "st.pills('x', ids, format_func=lambda i: names[i])",
        "st.header(safe.plain(row.title))",
        "st.html(safe.plain(row.title))",
        "st.header(room.title)",
        "st.page_link('x.py', label=title)",
        "def f(n: str):\n    st.info(w.t('x', n=n))",
    ],
)
def test_the_rule_sees_each_way_around(source: str) -> None:
    """The guard itself is guarded."""
    assert list(breaches(source))


@pytest.mark.parametrize(
    "source",
    [
        "st.markdown(safe.markdown(title))",
        "st.title(w.t('nav.overview'))",
        "st.html(f'<p>{safe.text(x)} {w.number(n)}</p>')",
        "name = safe.markdown(row.title)\nst.header(name)",
        "def f(x):\n    return safe.text(x)\nst.html(''.join(f(x) for x in rows))",
        "st.pills(w.t('x'), ids, format_func=lambda i: safe.markdown(names[i]))",
        "log.error(message)",
        "st.info(w.n('n.story', count))",
        "def f(total: int):\n    st.caption(room.words.t('x', total=total))",
    ],
)
def test_the_rule_leaves_room_to_work(source: str) -> None:
    """Our own words and what safe returned pass."""
    assert not list(breaches(source))


@pytest.mark.parametrize("file", sorted(DASHBOARD.rglob("*.js")), ids=lambda file: file.name)
def test_our_javascript_never_writes_markup(file: Path) -> None:
    """Text becomes text; no string becomes an element or a program."""
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|srcdoc", file.read_text("utf-8")
    )
