"""Every page, run by Streamlit's own test runner over the shipped sample: it speaks Arabic and no address breaks it."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import drill, filters, queries, shell, words
from tests.briefs import BODY, Row, loaded
from tests.conftest import ROOT

ARABIC = words.load("ar-MA")
VIEWS = tuple(sorted(path.stem for path in (ROOT / "dashboard" / "views").glob("[a-z]*.py")))
FILTERED = tuple(view for view in VIEWS if view != "article")
TODAY = "2026-01-10"


@pytest.fixture(autouse=True)
def _environment(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASD_STORE", str(sample_store))
    monkeypatch.setenv("RASD_TODAY", TODAY)
    monkeypatch.delenv("RASD_LOCALE", raising=False)
    # It freezes the collector for a process that serves; here it would keep everything that the tests made.
    monkeypatch.setattr(shell, "settle", lambda: None)


@pytest.fixture
def source(sample_store: Path) -> queries.Source:
    """The sample's snapshot."""
    return queries.current(sample_store)


def opened(view: str, **address: str) -> AppTest:
    """The page of a view after its first run, at an address."""
    app = AppTest.from_file(ROOT / "dashboard" / "main.py", default_timeout=60)
    app.switch_page(f"views/{view}.py")
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def spoken(app: AppTest) -> str:
    """All that the page says in headings, captions, notes, buttons and texts."""
    kinds = (app.title, app.header, app.subheader, app.caption, app.info, app.error, app.text, app.markdown)
    shown = [element.value for kind in kinds for element in kind] + [button.label for button in app.button]
    shown += headings(app)
    return re.sub("[\u2066-\u2069\\\\]", "", "\n".join(shown))


def headings(app: AppTest) -> list[str]:
    """The headings that figures and lists carry themselves."""
    told = [(part.proto.component_name, json.loads(part.proto.json)) for part in app.get("bidi_component")]
    return [data[3] if name == "rasd.plot" else data[2][0] for name, data in told if name != "rasd.switches"]


def stands(app: AppTest, view: str) -> None:
    """The page ran to its end and is itself."""
    assert not app.exception
    assert [title.value for title in app.title] == [ARABIC.t(f"nav.{view}")]


# Pages


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_opens(view: str) -> None:
    """Without any parameter: an Arabic title, no error, the sample called a sample."""
    app = opened(view)
    stands(app, view)
    assert not app.error
    assert ARABIC.t("sample.banner") in spoken(app)


@pytest.mark.parametrize("locale", ["ar-EG", "ar-SY", "ar-DZ"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_page_speaks_the_words_of_its_region(view: str, locale: str) -> None:
    """Another region changes digits and months, and breaks nothing."""
    stands(opened(view, locale=locale), view)


@pytest.mark.parametrize("view", FILTERED)
def test_an_address_is_kept(view: str) -> None:
    """The filters that an address states are those of the page, each as a chip, and stay in the address."""
    address = {
        "countries": "MA",
        "themes": "sport_competition",
        "since": "2025-10-01",
        "grain": "month",
        "tier": "weak",
    }
    app = opened(view, **address, unit="articles", search="كأس")
    stands(app, view)
    assert address.items() <= {name: "".join(value) for name, value in app.query_params.items()}.items()
    said = spoken(app)
    for name in ("countries", "themes", "since", "search"):
        assert f"{ARABIC.t(f'filters.{name}')}: " in said


def test_a_chip_takes_its_filter_away() -> None:
    """A click on a chip loosens one filter and leaves the others."""
    app = opened("articles", countries="MA", search="كأس")
    app.button(key="chip-countries").click().run()
    stands(app, "articles")
    assert "countries" not in app.query_params
    assert app.query_params["search"] in ("كأس", ["كأس"])


@pytest.mark.parametrize("unit", ["stories", "articles"])
def test_the_list_of_articles_says_its_number(source: queries.Source, unit: filters.Unit) -> None:
    """The number above the list is that of the filters in the address."""
    asked = filters.Filters(unit=unit, countries=("MA",))
    total = queries.number(source, queries.mark_of("articles"), asked)
    assert ARABIC.n({"stories": "n.story", "articles": "n.article"}[unit], total) in spoken(
        opened("articles", unit=unit, countries="MA")
    )


MARKS = {
    "overview": [("tiles", "articles|period=2025-12-29|grain=week|unit=articles"), ("tiles", "undated"),
                 ("overview-lanes", "events|event=afcon-2025|period=2025-12-22|grain=week")],
    "events": [("events-ranking", "events|event=afcon-2025"),
               ("events-lanes", "events|event=nothing|period=2025-12-22")],
    "pairs": [("pairs-matrix", "pairs|a=ES|b=MA"), ("pairs-ranking", "pairs|relation=match")],
    "themes": [("themes-bars", "themes|theme=diplomacy")],
    "articles": [("articles-time", "articles|period=2025-12-01|grain=month")],
    "data": [("data-bases", "articles|basis=unknown|unit=articles")],
}  # fmt: skip


@pytest.mark.parametrize(("view", "key", "mark"), [(view, *mark) for view, marks in MARKS.items() for mark in marks])
def test_a_mark_in_the_address_opens_its_list(source: queries.Source, view: str, key: str, mark: str) -> None:
    """What a click writes into the address is, in a fresh session, the same list with the mark's number."""
    app = opened(view, at=key, mark=mark, tier="medium")
    stands(app, view)
    found = drill.parse(mark, filters.Filters(tier="medium"))
    assert found is not None
    number = queries.number(source, *found, ARABIC.first_weekday())
    count = ARABIC.n({"stories": "n.story", "articles": "n.article"}[found[1].unit], number)
    assert any(count in re.sub("[\u2066-\u2069]", "", heading) for heading in headings(app))


def test_every_article_opens(source: queries.Source) -> None:
    """The page of each kind of article: main, read also, bare headline, undated, from a page."""
    kinds = "role, published_basis, page_id IN (SELECT page_id FROM page)"
    rows = queries.connection(source).cursor().execute(f"SELECT min(article_id) FROM article GROUP BY {kinds}")
    for (article_id,) in rows.fetchall():
        app = opened("article", article=article_id)
        stands(app, "article")
        assert ARABIC.t("article.none") not in spoken(app)


def test_a_week_that_was_not_loaded_is_no_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles, mean and comparison leave it out, as the briefing does; the mean says of how many weeks it is."""
    rows: list[Row] = [
        (f"n{n}", "م", day, f"{BODY} {n}") for n, day in enumerate(("2025-11-03", "2025-11-24", "2025-11-25"))
    ]
    monkeypatch.setenv("RASD_STORE", str(loaded(tmp_path, rows)))
    app = opened("overview", unit="articles")
    (said,) = [words.bare(button.label) for button in app.button if button.key == "tile-articles"]
    assert "الأسبوع السابق لم يُحمَّل · متوسط أسبوع واحد قبله 1" in said
    assert "لم تُحمَّل مواد من الأسبوع السابق، فلا مقارنة معه." in spoken(app)
    assert not [heading for heading in headings(app) if "مقارنة" in heading]


def test_names_have_the_regions_digits() -> None:
    """An Egyptian page says «كأس العالم ٢٠٣٠», in lanes, bars and sentences; a code keeps its own."""
    app = opened("events", locale="ar-EG")
    told = json.dumps([json.loads(part.proto.json) for part in app.get("bidi_component")], ensure_ascii=False)
    assert "كأس العالم ٢٠٣٠" in told
    assert not re.search(r'كأس[^"\\<]*[0-9]', told + spoken(app))


def test_days_to_come_are_no_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an event that has not begun or ended nothing is said but that, and which of its days is today's."""
    chosen = "afcon-2025,euro-2028,fifa-wc-1998,fifa-wc-2022,arab-cup-2025"
    monkeypatch.setenv("RASD_TODAY", "2025-12-22")
    app = opened("events", events=chosen, until="2025-12-22")
    said = [words.bare(text.value) for text in app.text]
    lines = dict(line.split(": ", 1) for line in said if "قبله" in line)
    assert lines["كأس أمم أوروبا 2028"].endswith("· أثناءه لم يحن بعد · بعده لم يحن بعد")
    assert lines["كأس أمم إفريقيا 2025"].endswith("· بعده لم يحن بعد")
    assert lines["كأس العالم 2022"].startswith("قبله لم تُحمَّل مواد · أثناءه لم تُحمَّل مواد · بعده ")
    assert lines["كأس العرب 2025"].endswith("· بعده قصة واحدة")
    figures = [json.loads(part.proto.json) for part in app.get("bidi_component")]
    assert "يومه 2 من 29" in json.dumps(figures, ensure_ascii=False)


def test_an_empty_chart_says_what_to_loosen() -> None:
    """Filters that leave nothing are told, with a button for each that would bring something back."""
    app = opened("themes", themes="diplomacy", search="لاشيءبهذاالاسم")
    stands(app, "themes")
    assert ARABIC.t("empty.why") in spoken(app)
    app.button(key="loosen-themes-search").click().run()
    stands(app, "themes")
    assert ARABIC.t("empty.why") not in spoken(app)


# Absurd addresses

ABSURD: list[dict[str, str]] = [
    {"unit": "🙂"},
    {"grain": "century", "tier": "none", "unit": "", "time": "sideways"},
    {"events": "nothing"},
    {"events": "?,??,afcon??,../../etc"},
    {"events": ",".join(f"e{n}" for n in range(500))},
    {"countries": "ZZ,QQ,ma"},
    {"countries": "';DROP TABLE article;--"},
    {"pair": "MA"},
    {"pair": "MA,MA"},
    {"pair": "ZZ,QQ"},
    {"pair": "X-LAS,MA"},
    {"pair": "MA,ES", "countries": "FR", "themes": "health"},
    {"themes": "<script>alert(1)</script>"},
    {"publishers": "|||"},
    {"publishers": "[x](http://example.org)|**b**|:smile:"},
    {"publishers": "\u202e\u0000\ud7ff"},
    {"since": "2025-99-99"},
    {"since": "0001-01-01", "until": "9999-12-31", "grain": "day"},
    {"since": "1970-01-01", "until": "2099-12-31"},
    {"since": "2026-06-01", "until": "2020-01-01"},
    {"since": "2090-01-01"},
    {"until": "1971-01-01"},
    {"search": "%_\\'\""},
    {"search": "ا" * 5000},
    {"search": "\u064b\u0640\u200f"},
    {"locale": "tlh-QO"},
    {"locale": "ar-XX"},
    {"headlines": "maybe", "cohost": "2"},
    {"at": "tiles", "mark": "events|event=x|event=y|grain=week"},
    {"at": "events-ranking", "mark": "nothing|at=all", "page": "-1"},
    {"at": "events-lanes", "mark": "events|period=2025-02-31"},
    {"at": "themes-bars", "mark": "themes|theme=diplomacy", "page": "99999999999"},
    {"at": "themes-bars", "mark": "themes|theme=diplomacy|unit=tons|grain=eon"},
    {"at": "pairs-ranking", "mark": "pairs|relation=nothing|table=article|m.a=1"},
    {"at": "data-bases", "mark": "|||=|=="},
    {"article": "../../etc/passwd", "at": "list", "mark": "articles"},
    {"article": "", "unknown": "1", "": "empty"},
]


@pytest.mark.parametrize("number", range(len(ABSURD)))
def test_no_address_breaks_a_page(number: int) -> None:
    """Whatever is typed or pasted into the address, every page stands."""
    for view in VIEWS:
        stands(opened(view, **ABSURD[number]), view)


# Stores that cannot be read


def missing(folder: Path, _: Path) -> Path:
    """Nothing was ever loaded."""
    return folder / "nothing"


def foreign(folder: Path, _: Path) -> Path:
    """A folder of somebody's."""
    (folder / "holiday.txt").write_text("x")
    return folder


def damaged(folder: Path, sample: Path) -> Path:
    """One byte of the database is another."""
    store = Path(shutil.copytree(sample, folder / "store"))
    (database,) = store.glob("snapshots/*/rasd.duckdb")
    content = bytearray(database.read_bytes())
    content[len(content) // 2] ^= 1
    database.write_bytes(content)
    return store


def other_version(folder: Path, sample: Path) -> Path:
    """A store of a later program."""
    store = Path(shutil.copytree(sample, folder / "store"))
    (manifest,) = store.glob("snapshots/*/manifest.json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"schema_version": 999}))
    return store


@pytest.mark.parametrize(
    ("make", "code"),
    [(missing, "no-store"), (foreign, "foreign"), (damaged, "damaged"), (other_version, "other-version")],
)
@pytest.mark.parametrize("view", ["overview", "article", "data"])
def test_a_store_that_cannot_be_read_is_told_in_arabic(
    view: str,
    make: Callable[[Path, Path], Path],
    code: str,
    tmp_path: Path,
    sample_store: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What happened and the command that mends it, on every page, instead of an exception."""
    monkeypatch.setenv("RASD_STORE", str(make(tmp_path, sample_store)))
    app = opened(view)
    assert not app.exception
    assert [element.value for element in app.error] == [ARABIC.t(f"store.{code}")]
    assert app.code[0].value.startswith("rasd ")
