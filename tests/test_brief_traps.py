"""What a briefing must not do: date a bar wrongly, call missing data a change, take another week's words, run over."""

import dataclasses
import datetime as dt
import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dashboard import queries, words
from dashboard.brief import asked, changes, codes, document, facts, making, stories, verify, weeks
from etl import registry, store
from etl.model import UsageError
from tests.briefs import BODY, WEEK, Row, briefing, copied, fits, loaded, rasd, visible

OTHER = "كلام آخر لا يشبه الأول في شيء من كلماته كلها، وفيه كأس أمم إفريقيا 2025 أيضا"
EVENT = BODY.format("واحد") + " عن كأس أمم إفريقيا 2025"


@pytest.mark.parametrize("time", ["ltr", "rtl"])
def test_every_bar_stands_over_its_week(sample_store: Path, browser: Browser, time: str) -> None:
    """The column of a week, its label and the direction of time agree; a band within a week runs as time does."""
    brief = briefing(sample_store, time=time)
    context = browser.new_context(viewport={"width": 1240, "height": 1754}, offline=True)
    try:
        page = context.new_page()
        page.set_content(making.page(brief, slides=False))
        rows = page.evaluate(
            """() => [...document.querySelectorAll('.lane')].map((lane) => [...lane.querySelectorAll('.week')]
                .map((cell) => [Math.round(cell.getBoundingClientRect().left), cell.textContent.trim(),
                    cell.classList.contains('now')]))"""
        )
        bands = page.evaluate(
            """() => [...document.querySelectorAll('.lane')].map((lane) => [...lane.querySelectorAll('.window')]
                .map((band) => [band.getBoundingClientRect().left, band.getBoundingClientRect().right]))"""
        )
    finally:
        context.close()
    *lanes, axis = rows
    assert all([x for x, _, _ in lane] == [x for x, _, _ in axis] for lane in lanes)
    by_place = [text for _, text, _ in sorted(axis)]
    days = [str((dt.date(2025, 11, 24) - n * weeks.WEEK).day) for n in range(12)]
    expected = days[::-1] if time == "ltr" else days
    assert [re.sub(r"\D", "", text) for text in by_place] == expected
    now = {x for row in rows for x, _, is_now in row if is_now}
    assert now == {max(axis)[0] if time == "ltr" else min(axis)[0]}
    for row in bands:
        edges = sorted(row)
        assert all(right == pytest.approx(left, abs=1) for (_, right), (left, _) in pairwise(edges))


def test_missing_data_is_no_change(tmp_path: Path) -> None:
    """A week that was not loaded, this one or the last, is compared with nothing; its tile says so instead of 0."""
    rows: list[Row] = [("a", "م", "2025-11-12", EVENT), ("b", "م", "2025-11-25", OTHER)]
    folder = loaded(tmp_path, rows)
    assert briefing(folder, week="2025-W47").changes == ()
    after = briefing(folder)
    assert after.changes == ()
    tile = after.tiles[0]
    assert (tile.before, tile.mean, tile.weeks) == (None, 1, 1)
    assert "الأسبوع السابق: لم يُحمَّل" in words.bare(visible(making.page(after, slides=False)))


def test_articles_of_nobody_known_are_another_source(tmp_path: Path) -> None:
    """One publisher and one article of nobody known: not all is of one publisher."""
    folder = loaded(tmp_path, [("a", "م", "2025-11-25", EVENT), ("b", None, "2025-11-26", OTHER)])
    assert "one_source" not in briefing(folder).flags


def test_an_analysts_words_stay_in_their_week(sample_store: Path, tmp_path: Path) -> None:
    """In a series, and beside, each week has its own words or none."""
    folder = copied(sample_store, tmp_path)
    for week in (WEEK, "2025-W47"):
        subject = asked.subject(briefing(folder, week=week).asked)
        store.keep_notes(folder, subject, store.Notes(headline=f"عنوان {week}"))
    done = rasd("--week", WEEK, "--weeks", 3, "--store", folder, "-o", tmp_path / "b.html")
    assert done.returncode == 0, done.stderr
    for week, own in ((WEEK, True), ("2025-W47", True), ("2025-W46", False)):
        shown = visible((tmp_path / f"b-{week}.html").read_text("utf-8"))
        assert (f"عنوان {week}" in shown, "عنوان من المحلّل" in shown) == (own, own)


FULL = {
    "events": {
        "events": ",".join(f"{name}-{year}" for name in ("afcon", "euro", "fifa-wc") for year in range(2020, 2040))
    },
    "themes": {"themes": "migration,security_cooperation,organised_crime,diplomacy,defence,justice_police"},
    "publishers": {"publishers": "|".join(f"منبر له اسم طويل جدا لا ينتهي في سطر واحد {n}" for n in range(60))},
    "search": {"search": "كلمة " * 60},
}


@pytest.mark.parametrize("many", FULL)
def test_many_filters_leave_the_footer_in_its_place(sample_store: Path, browser: Browser, many: str) -> None:
    """The heading names the first few and counts the rest."""
    for slides in (False, True):
        assert fits(browser, making.page(briefing(sample_store, **FULL[many]), slides=slides))


def test_the_longest_words_fit(sample_store: Path, tmp_path: Path, browser: Browser) -> None:
    """Headline and notes as long as the app takes them, on the fullest week, in two regions."""
    folder = copied(sample_store, tmp_path)
    for locale in ("ar-MA", "ar-EG"):
        plain = briefing(folder, week="2025-W52", locale=locale)
        notes = store.Notes(headline="عنوان طويل " * 8, parts=dict.fromkeys(document.PARTS, "ملاحظة لها طول " * 16))
        store.keep_notes(folder, asked.subject(plain.asked), notes)
        page = making.page(briefing(folder, week="2025-W52", locale=locale), slides=False)
        assert fits(browser, page)


def test_a_token_without_end_breaks_nothing(tmp_path: Path, browser: Browser) -> None:
    """A thousand letters without a space stay on their sheet, and so do several notices at once."""
    rows: list[Row] = [
        (f"n{n}", "م", "2025-11-26", f"{'س' * 900} {n} " + " ".join("ط" * 40 for _ in range(30))) for n in range(6)
    ]
    brief = briefing(loaded(tmp_path, rows))
    assert {"partial", "one_source"} <= {*brief.flags}
    for slides in (False, True):
        assert fits(browser, making.page(brief, slides=slides))


def test_a_slip_in_a_date_is_not_the_last_week(tmp_path: Path) -> None:
    """An article dated in the future does not decide what `last` means."""
    folder = loaded(tmp_path, [("a", "م", "2025-11-25", EVENT), ("b", "م", "2101-05-05", OTHER)])
    source = queries.current(folder)
    assert asked.parse({}, source).week == WEEK


def test_weeks_before_all_weeks_are_left_out(tmp_path: Path) -> None:
    """A series that begins before 1970 has the weeks that can be named."""
    folder = loaded(tmp_path, [("a", "م", "2025-11-25", EVENT)])
    done = rasd("--week", "1970-W02", "--weeks", 4, "--store", folder, "-o", tmp_path / "b.html")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.glob("b-*")) == ["b-1970-W01.html", "b-1970-W02.html"]


def test_a_later_load_of_other_weeks_changes_nothing_of_this_one(tmp_path: Path) -> None:
    """What is said of the whole store is told apart, and does not make a briefing a changed one."""
    folder = loaded(tmp_path, [("a", "م", "2025-11-25", EVENT)])
    code = making.kept(briefing(folder))
    loaded(tmp_path, [("b", "م", "2026-06-01", OTHER)])
    verdict = verify.check(folder, code)
    assert (verdict.then, verdict.since) == ((), ())
    assert {one.name for one in verdict.around} <= codes.AROUND
    assert verdict.around
    assert rasd("--verify", code, "--store", folder).returncode == 0


def test_the_same_data_elsewhere_gives_the_same_code(tmp_path: Path) -> None:
    """A colleague who loads the same file can verify by the address."""
    stores = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        stores.append(loaded(tmp_path / name, [("a", "م", "2025-11-25", EVENT)]))
    first, second = (codes.code_of(codes.told(briefing(one))) for one in stores)
    assert first == second
    assert verify.check(stores[1], first, {"week": WEEK}).since == ()


def test_words_that_are_gone_are_no_false_number(sample_store: Path, tmp_path: Path) -> None:
    """Without the analyst's words of then, stories are left out of the comparison, and that is said."""
    folder = copied(sample_store, tmp_path)
    plain = briefing(folder)
    hidden = (store.story_mark(plain.stories[0].found.article_id),)
    digest = store.keep_notes(folder, asked.subject(plain.asked), store.Notes(hidden=hidden))
    code = making.kept(briefing(folder))
    (folder / "briefs" / "notes" / f"{digest}.json").unlink()
    verdict = verify.check(folder, code)
    assert (verdict.then, verdict.words_gone) == ((), True)


STORY = " ".join(f"كلمة{n} في خبر الميناء الجديد" for n in range(40))


@pytest.mark.parametrize("choice", ["hidden", "first"])
def test_a_choice_is_of_the_story_not_of_its_first_article(tmp_path: Path, choice: str) -> None:
    """An earlier copy that is loaded later, or the erasing of the first article, changes nothing of it."""
    rows: list[Row] = [("b", "م", "2025-11-27", STORY), ("c", "ن", "2025-11-28", STORY)]
    # Of as many articles, publishers and marks, and newer: by the rule this one stands first.
    rows += [("x", "م", "2025-11-29", OTHER), ("y", "ن", "2025-11-30", OTHER)]
    folder = loaded(tmp_path, rows)
    told = briefing(folder)
    assert [one.found.article_id for one in told.stories] == ["x", "b"]
    marks = stories.marks(told.stories[1].found)
    notes = store.Notes(hidden=marks) if choice == "hidden" else store.Notes(first=marks)
    store.keep_notes(folder, asked.subject(told.asked), notes)
    assert shown(folder) == (["x"] if choice == "hidden" else ["b", "x"])
    loaded(tmp_path, [*rows, ("a", "م", "2025-11-25", STORY)])
    assert shown(folder) == (["x"] if choice == "hidden" else ["a", "x"])
    store.erase(folder, {"a": "asked", "b": "asked"}, registry.load())
    assert shown(folder) == (["x"] if choice == "hidden" else ["c", "x"])


def shown(folder: Path) -> list[str]:
    """The first articles of the stories that the briefing tells, in order."""
    return [one.found.article_id for one in briefing(folder).stories]


def test_a_week_asked_for_by_last_is_the_newest(sample_store: Path, tmp_path: Path) -> None:
    """A copied address does not freeze a line of cron: its week, snapshot and notes give way."""
    source = queries.current(sample_store)
    view = f"/brief?week={WEEK}&events=afcon-2025&snapshot={source.snapshot_id}&notes="
    done = rasd("--week", "last", "--view", view, "--store", sample_store, "-o", tmp_path / "b.html")
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("2026-W47")


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("unit=foo", "unit='foo' says nothing"),
        ("week=garbage", "week='garbage' says nothing"),
        ("snapshot=20200101T000000Z-00000000", "is not kept"),
        ("code=7K2M-9QXD-41TV", "no briefing of the code"),
        ("http://[::1/brief?unit=foo", "says nothing"),
    ],
)
def test_a_view_that_says_nothing_is_refused(sample_store: Path, tmp_path: Path, view: str, expected: str) -> None:
    """A file that is sent must not show something else than was asked for."""
    done = rasd("--view", view, "--store", sample_store, "-o", tmp_path / "b.html")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert expected in done.stderr


def test_a_code_stands_for_its_whole_address(sample_store: Path, tmp_path: Path) -> None:
    """The short address on the paper makes the same file again."""
    folder = copied(sample_store, tmp_path)
    brief = briefing(folder, events="afcon-2025", unit="articles")
    code = making.kept(brief)
    done = rasd("--view", f"/brief?code={codes.grouped(code).lower()}", "--store", folder, "-o", tmp_path / "b.html")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "b.html").read_text("utf-8") == making.page(brief, slides=False)


def test_two_subjects_have_two_names(sample_store: Path) -> None:
    """A publisher's name that looks like another filter is no other filter."""
    one = briefing(sample_store, publishers="A&search=x").asked
    two = dataclasses.replace(one, filters=dataclasses.replace(one.filters, publishers=("A",), search="x"))
    assert asked.subject(one) != asked.subject(two)


def test_each_country_of_the_matrix_has_a_cell(sample_store: Path) -> None:
    """And the strongest pair is in it."""
    for week in (WEEK, "2025-W52", "2026-W04"):
        brief: facts.Brief = briefing(sample_store, week=week)
        assert {code for pair in brief.cells for code in pair} == {*brief.codes}
        if brief.pairs:
            assert tuple(brief.pairs[0].bar.id.split("_")) in brief.cells


def test_a_pair_is_said_with_and() -> None:
    """«بين المغرب وإسبانيا», not with a dash; where a number ends at nothing, the other bears the noun."""
    change = changes.Change("pair", changes.Bar("ES_MA", "إسبانيا – المغرب", 0, "", 5, ""))
    assert words.bare(changes.sentence(change, words.load("ar-MA"), "stories")) == (
        "غاب التعامل بين إسبانيا والمغرب: من 5 قصص إلى صفر."
    )


def test_unknown_codes_are_refused(sample_store: Path) -> None:
    """A code of another store is no code here."""
    with pytest.raises(UsageError, match="no whole record"):
        verify.check(sample_store, "7K2M-9QXD-41TV")
