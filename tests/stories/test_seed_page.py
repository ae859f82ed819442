"""The seed page, exactly as the product describes it: two articles, ten headlines, glued fragments, and no date."""

import itertools
from pathlib import Path
from typing import TypeVar

import pytest

from etl import clean
from etl.__main__ import main
from etl.model import CountryMention, DateExpression, EventMention, PairMention, PersonMention, ThemeMention
from tests.stories.telling import NO_SEED, SEED, Told, read_page

pytestmark = pytest.mark.skipif(not SEED.exists(), reason=NO_SEED)

B_TITLE = "مصر والاتحاد الأوروبي يعززان شراكتهما الاستراتيجية لمواجهة التحديات الإقليمية"
HEADLINES = (
    "الحداد يبحث مع الملحق العسكري البريطاني آفاق التعاون الأمني",
    "الحداد يناقش مع الملحق البريطاني لدي ليبيا آفاق التعاون المشترك",
    "بريطانيا وفرنسا تعززان التعاون العسكري لمواجهة التحديات الأمنية في أوروبا",
    '"الغرفة" توقع مذكرة تفاهم مع مركز الأعمال العُماني الأمريكي لتعزيز التعاون التجاري بين البلدين',
    B_TITLE,
    "من المغرب وفرنسا وبريطانيا وإسبانبا.. مظاهرات داعمة لغزة ورافضة للإبادة",
    "قيادي بمستقبل وطن: زيارة الشيخ محمد بن زايد لمصر تعكس قوة وعمق العلاقات بين البلدين",
    "توافق بين اليابان وكوريا والصين لتعزيز الاستقرار الإقليمي",
    "بنك الاستثمار الأوروبي يعتزم مضاعفة تمويله للأمن والدفاع الأوروبيين",
    "المديرية العامة للأمن الوطني تعلن عن إحداث مصالح شرطية جديدة وتعيينات في مناصب المسؤولية",
)
A_THEMES = {
    "security_cooperation", "event_security", "migration", "organised_crime", "science_technology", "sport_hosting",
}  # fmt: skip
Row = TypeVar("Row", CountryMention, DateExpression, EventMention, PairMention, PersonMention, ThemeMention)
B_THEMES = {"migration", "security_cooperation", "education_culture"}


@pytest.fixture
def told(tmp_path: Path) -> list[Told]:
    """The page with no date."""
    return read_page(SEED.read_bytes(), tmp_path)


def one(article: Told, kind: type[Row], start: int) -> Row:
    """The row of a layer that begins at an offset of the body."""
    return next(row for row in article.of(kind) if row.field == "body" and row.start == start)


def test_the_page_is_two_articles_and_ten_headlines(told: list[Told]) -> None:
    """Main, read-also, then ten bare headlines without a body, in page order."""
    assert [t.article.role for t in told] == ["main", "read_also"] + ["headline"] * 10
    assert tuple(t.article.headline for t in told[2:]) == HEADLINES
    assert not any(t.article.body for t in told[2:])


def test_zones_of_the_page() -> None:
    """Promotion, body, source, keywords, label, title, body, glued fragments, label, headlines: nothing else."""
    page, _ = clean.split("page.txt", SEED.read_text(encoding="utf-8"), "p")
    zones = [block.zone for block in page.blocks if block.zone != "rest"]  # the headlines' bullets
    assert [zone for zone, _ in itertools.groupby(zones)] == [
        "promotion", "body", "source", "keywords", "label", "title", "body", "glued", "body", "label",
        "related_headline",
    ]  # fmt: skip
    assert zones.count("glued") == 1
    assert zones.count("related_headline") == 10


def test_who_wrote_what(told: list[Told]) -> None:
    """A has its publisher and no headline (the page has lost it), B its headline and no publisher."""
    a, b = told[0].article, told[1].article
    assert (a.publisher, a.headline, a.keywords) == ("البوابة نيوز", None, ["المغرب بريطانيا الامن الوطني المغربي"])
    assert (b.publisher, b.headline) == (None, B_TITLE)
    assert a.body
    assert a.body.startswith("استقبل عبد اللطيف حموشي")
    assert a.body.endswith("يخدم أمن ومصلحة البلدين.")
    assert b.body
    assert b.body.startswith("أكد الدكتور بدر عبد العاطي")
    assert b.body.endswith("الشعوب المصرية والأوروبية.")


def test_the_fifth_headline_is_the_title_of_b_again(told: list[Told]) -> None:
    """The same words under two roles are two records."""
    assert told[2 + 4].article.headline == told[1].article.headline == B_TITLE
    assert told[2 + 4].article.article_id != told[1].article.article_id


def test_glued_fragments_feed_nothing(told: list[Told]) -> None:
    """Sudan, Eritrea, Somalia and Gaza stand only in the six glued fragments, and so nowhere."""
    assert not any("إريتريا" in (t.article.body or "") for t in told)
    assert not {"SD", "ER", "SO", "PS"} & (told[0].countries | told[1].countries)
    assert not any("السيسى" in row.text for t in told for row in t.article.annotations)


def test_without_a_date_nothing_is_dated(told: list[Told]) -> None:
    """Both undated; «أمس الأربعاء» stays "the day before publication, a Wednesday", unresolved."""
    assert [(t.article.published, t.article.published_basis) for t in told[:2]] == [(None, "unknown")] * 2
    (yesterday,) = told[0].of(DateExpression)
    assert (yesterday.text, yesterday.weekday) == ("أمس الأربعاء", 3)
    assert (yesterday.value_from, yesterday.value_to, yesterday.anchor) == (None, None, None)
    assert (yesterday.basis, yesterday.rule, yesterday.weekday_check) == ("relative", "yesterday-weekday", "none")
    assert not told[1].of(DateExpression)


def test_the_thursday_resolves_yesterday(tmp_path: Path) -> None:
    """Published on Thursday 3 October 2024: the meeting was on Wednesday 2 October; B stays undated."""
    told = read_page(SEED.read_bytes(), tmp_path, "published:=2024-10-03")
    a, b = told[0], told[1]
    assert (a.article.published, a.article.published_basis) == ("2024-10-03", "metadata")
    assert (b.article.published, b.article.published_basis) == (None, "unknown")
    (yesterday,) = a.of(DateExpression)
    assert (yesterday.value_from, yesterday.value_to, yesterday.anchor) == ("2024-10-02", "2024-10-02", "2024-10-03")
    assert yesterday.weekday_check == "ok"


def test_the_sunday_is_a_conflict(tmp_path: Path) -> None:
    """Published on Sunday 23 March 2025, yesterday was no Wednesday: the conflict is shown and nothing is guessed."""
    told = read_page(SEED.read_bytes(), tmp_path, "published:=2025-03-23")
    assert told[0].dates == ["? conflict"]
    (yesterday,) = told[0].of(DateExpression)
    assert (yesterday.value_from, yesterday.value_to, yesterday.weekday) == (None, None, 3)


@pytest.mark.parametrize("columns", ["", "published:=2024-10-03", "published:=2025-03-23"])
def test_everything_but_dates_is_the_same_with_any_date(tmp_path: Path, columns: str) -> None:
    """Events, pairs, countries and themes of A and B follow from the text, whatever date is given."""
    a, b, *_ = read_page(SEED.read_bytes(), tmp_path, columns)
    assert a.events == {"interpol-ga-93", "afcon-2025", "fifa-wc-2030", "euro-2028"}
    assert a.pair_codes == {"GB MA", "GB IE"}
    assert {"GB>MA visit strong", "GB-IE cohost strong"} <= a.pairs
    assert a.countries == {"MA", "GB", "IE"}
    assert A_THEMES <= a.themes <= A_THEMES | {"diplomacy"}
    assert b.pair_codes == {"EG EU"}
    assert "EG<EU visit strong" in b.pairs
    assert b.countries == {"EG", "EU"}
    assert b.themes >= B_THEMES
    assert not b.events


def test_all_four_events_stand_in_one_sentence(told: list[Told]) -> None:
    """Interpol by its ordinal, two cups by the year beside them, the Euro by a year far from its name."""
    rows = told[0].of(EventMention)
    assert [(row.event_id, row.rule) for row in rows] == [
        ("interpol-ga-93", "ordinal"), ("afcon-2025", "year-beside-name"), ("fifa-wc-2030", "year-beside-name"),
        ("euro-2028", "year-in-clause"),
    ]  # fmt: skip
    body = told[0].article.body or ""
    assert not any(mark in body[rows[0].start : rows[-1].end] for mark in ".\n")


def test_hosts_are_hosts(told: list[Told]) -> None:
    """Morocco, the United Kingdom and Ireland are named as hosts; in Morocco's visit nobody hosts a cup."""
    rows = told[0].of(CountryMention)
    assert {row.code for row in rows if row.role == "host"} == {"MA", "GB", "IE"}
    assert not any(row.role == "host" for row in rows if row.start < 202)


def test_offsets_of_the_documented_example(told: list[Told]) -> None:
    """The rows printed in the description of the file format are true for the real body."""
    a = told[0]
    person, country = one(a, PersonMention, 7), one(a, CountryMention, 53)
    assert (person.end, person.text, person.entity_id, person.country) == (23, "عبد اللطيف حموشي", "hammouchi", "MA")
    assert (country.end, country.text, country.code, country.role) == (58, "مغربي", "MA", "actor")
    date, theme = one(a, DateExpression, 60), one(a, ThemeMention, 341)
    assert (date.end, date.text) == (72, "أمس الأربعاء")
    assert (theme.end, theme.text, theme.theme_id, theme.rule) == (359, "الهجرة غير الشرعية", "migration", "term")
    pair, event = one(a, PairMention, 0), one(a, EventMention, 689)
    assert (pair.end, pair.direction, pair.relation, pair.rule) == (202, "a>b", "visit", "official-official")
    assert pair.text.endswith("زيارة عمل للمملكة المغربية")
    assert (event.end, event.text, event.event_id) == (711, "كأس إفريقيا للأمم 2025", "afcon-2025")


def test_every_span_is_its_text(told: list[Told]) -> None:
    """`field[start:end] == text` for every row of every article of the page."""
    for t in told:
        for row in t.article.annotations:
            assert (getattr(t.article, row.field) or "")[row.start : row.end] == row.text


def test_the_command_writes_the_same(tmp_path: Path, told: list[Told]) -> None:
    """`rasd annotate` with a date by hand gives the page's twelve records in the public format."""
    out = tmp_path / "told.jsonl"
    assert main(["annotate", str(SEED), "-o", str(out), "--map", "published:=2024-10-03"]) == 0
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(told)
    assert all('"format":"rasd-article/1"' in line for line in lines)
    assert '"2024-10-02"' in lines[0]
