"""The weekly briefing: its numbers by other SQL, its sentences, its stories; weeks with little or nothing."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dashboard import drill, queries, words
from dashboard.brief import changes, codes, document, facts, making, stories, weeks
from dashboard.charts import Bar
from tests.briefs import BODY, WEEK, Row, briefing, fits, loaded, sql, visible

MONDAY = dt.date(2025, 11, 24)
COUNTED = [0, 1, 2, 3, 11, 100]
"""One number for each of the six plural forms."""


# ── Which week ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("locale", "first"), [("ar-MA", "2025-11-24"), ("ar-EG", "2025-11-22"), ("ar-SA", "2025-11-23")]
)
def test_a_week_has_one_name_and_the_locales_first_day(locale: str, first: str) -> None:
    """2025-W48 holds the same Thursday everywhere, and each of its seven days leads back to its name."""
    weekday = words.load(locale).first_weekday()
    day = weeks.first_day(WEEK, weekday)
    assert day
    assert day == dt.date.fromisoformat(first)
    assert {weeks.name_of(day + n * weeks.DAY, weekday) for n in range(7)} == {WEEK}


@pytest.mark.parametrize("name", ["", "2025", "2025-W54", "2025-W00", "2025-48", "٢٠٢٥-W48", "9999-W01", "2025-W48 "])
def test_what_is_no_week_is_none(name: str) -> None:
    """An address that names no week gets the last one with data; nothing fails."""
    assert weeks.first_day(name, 1) is None


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

IN_WEEK = "published_on BETWEEN ? AND ? AND role <> 'headline'"
STRONG = "in_force AND tier = 'strong'"
ANY_DAY = "FROM article WHERE is_current AND published_on BETWEEN ? AND ?"


def test_every_number_is_what_other_sql_finds(sample_store: Path) -> None:
    """Tiles, lanes, pairs, matrix, themes, stories, method: counted again by questions of the test's own."""
    brief = briefing(sample_store)
    span = (MONDAY, MONDAY + dt.timedelta(days=6))
    said = codes.said(brief)
    expected: dict[str, object] = {}
    expected |= _tiles_by_sql(sample_store) | _lanes_by_sql(sample_store, brief) | _pairs_by_sql(sample_store, brief)
    themes = (
        "SELECT count(DISTINCT story_key) FROM theme_mention WHERE in_force AND tier = 'strong' AND theme_id = ? AND "
    )
    for bar in brief.themes:
        for name, start in ((f"theme.{bar.id}", MONDAY), (f"theme.{bar.id}.before", MONDAY - weeks.WEEK)):
            expected[name] = sql(sample_store, themes + IN_WEEK, bar.id, start, start + dt.timedelta(days=6))[0][0]
    for n, story in enumerate(brief.stories, 1):
        found = sql(
            sample_store,
            f"SELECT count(*), count(DISTINCT publisher) FROM article WHERE is_current AND {IN_WEEK} AND story_key = "
            "(SELECT story_key FROM article WHERE is_current AND article_id = ?)",
            *span, story.found.article_id,
        )  # fmt: skip
        expected |= {f"story.{n}.articles": found[0][0], f"story.{n}.sources": found[0][1]}
    expected |= _method_by_sql(sample_store)
    numbers = {name: value for name, value in said.items() if isinstance(value, int | float) or value is None}
    assert {name: numbers[name] for name in expected} == expected
    assert set(numbers) == set(expected)


def _tiles_by_sql(folder: Path) -> dict[str, object]:
    questions = {
        "stories": f"SELECT count(DISTINCT story_key) FROM article WHERE is_current AND {IN_WEEK}",
        "articles": f"SELECT count(*) FROM article WHERE is_current AND {IN_WEEK}",
        "sources": f"SELECT count(DISTINCT publisher) FROM article WHERE is_current AND {IN_WEEK}",
        "events": f"SELECT count(DISTINCT event_id) FROM event_mention WHERE {STRONG} AND {IN_WEEK}",
    }
    out: dict[str, object] = {}
    for name, question in questions.items():
        five = [
            sql(folder, question, MONDAY - n * weeks.WEEK, MONDAY - n * weeks.WEEK + dt.timedelta(days=6))[0][0]
            for n in range(5)
        ]
        out |= {f"tile.{name}": five[0], f"tile.{name}.before": five[1], f"tile.{name}.mean": sum(five[1:]) / 4}
    undated = "SELECT count(*) FROM article WHERE is_current AND role <> 'headline' AND published_on IS NULL"
    return out | {
        "tile.undated": sql(folder, undated)[0][0],
        "tile.undated.before": None,
        "tile.undated.mean": None,
    }


def _lanes_by_sql(folder: Path, brief: facts.Brief) -> dict[str, object]:
    mentions = (
        "SELECT count(DISTINCT story_key) FROM event_mention WHERE in_force AND tier = 'strong' "
        f"AND coalesce(event_id::VARCHAR, series_id::VARCHAR || '?') = ? AND {IN_WEEK}"
    )
    out: dict[str, object] = {}
    for lane in brief.lanes:
        for n in range(12):
            day = MONDAY - n * weeks.WEEK
            span = (day, day + dt.timedelta(days=6))
            is_loaded = sql(
                folder, "SELECT count(*) FROM article WHERE is_current AND published_on BETWEEN ? AND ?", *span
            )
            out[f"weekly.{lane.id}.{day}"] = sql(folder, mentions, lane.id, *span)[0][0] if is_loaded[0][0] else None
    return out


def _pairs_by_sql(folder: Path, brief: facts.Brief) -> dict[str, object]:
    dealing = "FROM pair_mention WHERE in_force AND tier = 'strong' AND relation <> 'cohost' AND a = ? AND b = ? AND "
    out: dict[str, object] = {}

    def counted(a: str, b: str, start: dt.date, more: str = "", *values: str) -> int:
        found = sql(
            folder, f"SELECT count(DISTINCT story_key) {dealing} {IN_WEEK} {more}", a, b, start,
            start + dt.timedelta(days=6), *values,
        )  # fmt: skip
        return int(found[0][0])

    for pair in brief.pairs:
        a, b = pair.bar.id.split("_")
        out |= {f"pair.{a}_{b}": counted(a, b, MONDAY), f"pair.{a}_{b}.before": counted(a, b, MONDAY - weeks.WEEK)}
        out[f"pair.{a}_{b}.{pair.relation}"] = counted(a, b, MONDAY, "AND relation = ?", pair.relation)
    for a in brief.codes:
        for b in brief.codes:
            if a < b and counted(a, b, MONDAY):
                out[f"cell.{a}_{b}"] = counted(a, b, MONDAY)
    return out


def _method_by_sql(folder: Path) -> dict[str, object]:
    span = (MONDAY, MONDAY + dt.timedelta(days=6))
    week = f"FROM article WHERE is_current AND {IN_WEEK}"
    days = sql(
        folder, "SELECT DISTINCT published_on FROM article WHERE is_current AND published_on BETWEEN ? AND ?", *span
    )
    bases = sql(folder, f"SELECT published_basis::VARCHAR, count(*) {week} GROUP BY 1", *span)
    people = (
        "SELECT count(DISTINCT article_key) FROM statement JOIN article USING (article_key) "
        f"WHERE is_current AND annotator LIKE 'analyst:%' AND {IN_WEEK}"
    )
    everything = "SELECT count(*) FROM article WHERE is_current AND role <> 'headline'"
    return {
        "method.articles": sql(folder, f"SELECT count(*) {week}", *span)[0][0],
        "method.stories": sql(folder, f"SELECT count(DISTINCT story_key) {week}", *span)[0][0],
        "method.everything": sql(folder, everything)[0][0],
        **{f"method.basis.{basis}": n for basis, n in bases},
        "method.by_analysts": sql(folder, people, *span)[0][0],
        "method.empty_days": 7 - len(days),
        "method.refused": sql(folder, "SELECT coalesce(sum(n_rejected), 0) FROM load_file")[0][0],
    }


def test_every_number_shown_is_one_of_the_facts_and_has_its_list(sample_store: Path) -> None:
    """A link's number in the page is the number of articles or stories, publishers or editions, that its list holds."""
    brief = briefing(sample_store)
    marks: list[str] = []

    def link(mark: str) -> str:
        marks.append(mark)
        return "/brief?mark"

    document.sheets(brief, link)
    for mark in dict.fromkeys(marks):
        if mark.startswith("article=") or mark.endswith(f"|{facts.LISTED}"):
            continue
        found = drill.parse(mark, brief.room.filters)
        assert found, mark
        assert queries.number(brief.room.source, *found, brief.room.first_weekday) > 0, mark


def test_a_briefing_knows_only_what_was_known_in_its_week(sample_store: Path) -> None:
    """WAFCON 2026 was moved on 5 March 2026: briefings before and after give it other days."""
    before, after = (
        briefing(sample_store, week=week).room.names.windows["wafcon-2026"] for week in ("2026-W08", "2026-W11")
    )
    assert before == (dt.date(2026, 3, 17), dt.date(2026, 4, 3))
    assert after == (dt.date(2026, 7, 25), dt.date(2026, 8, 16))


def test_the_calendar_holds_what_begins_ends_or_runs_in_two_weeks(sample_store: Path) -> None:
    """With the sureness that the registry gives; a month without days is said to be one."""
    due = {one.event: one for one in briefing(sample_store, week="2025-W50").upcoming}
    assert (due["afcon-2025"].what, due["afcon-2025"].sureness) == ("starts", "high")
    assert due["arab-cup-2025"].what == "ends"
    assert {one.event: one.what for one in briefing(sample_store, week="2026-W47").upcoming}[
        "interpol-ga-94"
    ] == "month"


# ── Sentences ────────────────────────────────────────────────────────────────────────────────────────────────────────

TO = {0: "صفر", 1: "قصة واحدة", 2: "قصتين", 3: "3 قصص", 11: "11 قصة", 100: "100 قصة"}
FROM = {0: "صفر", 1: "قصة واحدة", 2: "قصتين", 3: "3", 11: "11", 100: "100"}


@pytest.mark.parametrize("now", COUNTED)
@pytest.mark.parametrize("before", COUNTED)
def test_a_change_is_a_sentence_with_both_numbers(now: int, before: int) -> None:
    """In each plural form, after «من» and «إلى», and small where ACLED's guard says so."""
    if now == before:
        return
    change = changes.Change("event", Bar("x", "كأس العرب 2025", now, "m", before, "m"))
    told = words.bare(changes.sentence(change, words.load("ar-MA"), "stories"))
    assert f"من {(FROM if now else TO)[before]} إلى {TO[now]}" in told
    verb = "ظهر" if not before else "غاب" if not now else "ارتفع" if now > before else "تراجع"
    assert told.startswith(verb)
    assert ("(عدد صغير)" in told) == ((now + before) / 2 <= 2 and now <= 5)


def test_what_is_told_first_weighs_most() -> None:
    """A difference by the root of both numbers; small numbers last; two of a kind at most, five in all."""
    bars = {
        "event": [
            Bar("a", "a", 56, "", 52),
            Bar("b", "b", 12, "", 3),
            Bar("c", "c", 11, "", 3),
            Bar("d", "d", 1, "", 0),
        ],
        "theme": [Bar("e", "e", 30, "", 10), Bar("f", "f", 7, "", 7)],
    }
    assert [one.bar.id for one in changes.greatest(bars)] == ["e", "b", "c"]


# ── Stories ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_quotations_stand_in_their_text_word_for_word(sample_store: Path) -> None:
    """Of every week of the sample: at most 25 words, exact, and never a word cut in two."""
    source = queries.current(sample_store)
    told = 0
    for day in queries.loaded_periods(source, "week", 1):
        for story in briefing(sample_store, week=weeks.name_of(day, 1)).stories:
            body, quotation = story.found.body, story.quotation
            assert quotation == body[story.start : story.end]
            assert len(quotation.split()) <= stories.MOST_WORDS
            assert not body[max(0, story.start - 1) : story.start].strip()[-1:].isalnum()
            assert not body[story.end : story.end + 1].isalnum()
            told += 1
    assert told > 100


def test_the_sentence_with_most_marks_is_quoted() -> None:
    """The first of equals; a long one ends at a pause, and says that it goes on."""
    body = "مقدمة قصيرة من خمس كلمات. وقع المغرب وإسبانيا اتفاقا في الرباط اليوم. خاتمة من خمس كلمات أخرى."
    start = body.index("وقع")
    assert stories.quoted(body, [start, start + 10]) == (start, body.index(". خاتمة"), False)
    long = " ".join(f"كلمة{n}" + ("،" if n == 17 else "") for n in range(40))
    first, last, is_cut = stories.quoted(long, [])
    assert (first, long[last], is_cut) == (0, "،", True)
    assert stories.quoted("", []) == (0, 0, False)


def test_stories_stand_by_sources_then_copies(tmp_path: Path) -> None:
    """A story of two publishers stands before one that its publisher repeats, whatever their dates."""
    text = "وقّع وزير خارجية المغرب ونظيره الإسباني في الرباط اتفاقا جديدا للتعاون الأمني بين البلدين بعد محادثات طويلة"
    other = "أعلنت وزارة الصحة خطة لتلقيح الأطفال في كل المدارس الابتدائية قبل نهاية السنة الحالية بمشاركة الأطباء"
    rows = [
        ("a", "منبر أول", "2025-11-24", other), ("b", "منبر أول", "2025-11-28", other),
        ("c", "منبر أول", "2025-11-24", text), ("d", "منبر ثان", "2025-11-25", text),
        ("e", "منبر أول", "2025-11-29", "خبر قصير عن افتتاح مكتبة عمومية في المدينة القديمة يوم السبت بحضور الجمهور"),
    ]  # fmt: skip
    brief = briefing(loaded(tmp_path, rows))
    assert [(one.found.article_id, one.found.n_sources, one.found.n_articles) for one in brief.stories] == [
        ("c", 2, 2), ("a", 1, 2), ("e", 1, 1),
    ]  # fmt: skip


# ── Weeks with little ────────────────────────────────────────────────────────────────────────────────────────────────

BAD: dict[str, list[Row]] = {
    "nothing": [("a", "م", "2025-10-01", BODY)],
    "undated": [("a", "م", None, BODY), ("b", "م", None, BODY + " آخر مختلف تماما عن الأول في كل شيء")],
    "partial": [("a", "م", "2025-11-25", BODY), ("b", "ن", "2025-11-18", BODY.format("سابق"))],
    "one_source": [
        ("a", "م", "2025-11-25", BODY),
        ("b", "م", "2025-11-30", "كلام آخر لا يشبه الأول في شيء من كلماته كلها"),
    ],
    "no_before": [("a", "م", "2025-11-30", BODY)],
}


@pytest.mark.parametrize("flag", BAD)
def test_a_bad_week_says_what_is_wrong_with_it(tmp_path: Path, flag: str) -> None:
    """No data, all undated, half a week, one source, nothing to compare with: the page stands and says so."""
    brief = briefing(loaded(tmp_path, BAD[flag]))
    assert flag in brief.flags
    page = visible(making.page(brief, slides=False))
    said = words.load("ar-MA").messages[f"brief.changes.{flag}" if flag == "no_before" else f"brief.flag.{flag}"]
    assert said.partition("{")[0].strip() in page


@pytest.mark.parametrize("number", COUNTED)
def test_a_week_of_so_many_articles(tmp_path: Path, number: int, browser: Browser) -> None:
    """0, 1, 2, 3, 11 and 100 articles: the number stands in its right form, and both sheets hold their content."""
    chance = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(number)]
    rows: list[Row] = [
        (f"n{n}", f"منبر {n % 7}", "2025-11-26", " ".join(one[i : i + 4] for i in range(0, 60, 4)) + " المغرب وإسبانيا")
        for n, one in enumerate(chance)
    ]
    brief = briefing(loaded(tmp_path, rows or BAD["nothing"]))
    page = making.page(brief, slides=False)
    assert f"{words.bare(words.load('ar-MA').n('n.article', number))} قبل جمع النسخ" in words.bare(visible(page))
    assert fits(browser, page)
