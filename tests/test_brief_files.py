"""The briefing as picture, paper and page, the code on it, an analyst's words, and the command that makes them."""

import hashlib
import io
import json
import os
import re
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Browser

from dashboard import queries, words
from dashboard.brief import asked, changes, codes, deck, document, facts, making, verify
from dashboard.brief import browser as drawing
from etl import store
from etl.model import UsageError
from tests.briefs import BODY, WEEK, Row, briefing, copied, fits, loaded, rasd, visible

# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("week", ["2025-W48", "2025-W52", "2026-W23"])
@pytest.mark.parametrize("slides", [False, True])
def test_everything_fits_on_its_sheet(sample_store: Path, browser: Browser, week: str, slides: bool) -> None:  # noqa: FBT001 -- a case
    """Three very different weeks, as sheets and slides: nothing is cut, nothing runs into the footer."""
    for locale in ("ar-MA", "ar-EG"):
        assert fits(browser, making.page(briefing(sample_store, week=week, locale=locale), slides=slides))


def test_three_browsers_draw_the_same_bytes(sample_store: Path, tmp_path: Path) -> None:
    """The same address on the same snapshot is the same picture, byte for byte, in three fresh browsers."""
    for n in range(3):
        done = rasd("--week", WEEK, "--store", sample_store, "-o", tmp_path / f"{n}.png")
        assert done.returncode == 0, done.stderr
    assert len({(tmp_path / f"{n}.png").read_bytes() for n in range(3)}) == 1


def test_a_picture_is_two_sheets_at_two_pixels_a_point(sample_store: Path, browser: Browser, tmp_path: Path) -> None:
    """PNG: 2480 pixels wide, both sheets; each alone when split; slides 1920 by 1080."""
    one = asked.parse({"week": WEEK}, queries.current(sample_store))
    source = queries.current(sample_store)
    sizes = {
        name: [png_size(body) for body in made.files.values()]
        for name, made in {
            "sheets": making.made(browser, one, source, "png", slides=False),
            "split": making.made(browser, one, source, "png", slides=False, split=True),
            "slides": making.made(browser, one, source, "png", slides=True),
        }.items()
    }
    assert sizes["sheets"] == [(2480, 7016)]
    assert sizes["split"] == [(2480, 3508)] * 2
    assert sizes["slides"] == [(1920, 1080)] * len(deck.slides(facts.gather(one, source), tuple(document.PARTS)))
    packed = making.archive(making.made(browser, one, source, "png", slides=False, split=True).files, "rasd")
    assert packed == making.archive(making.made(browser, one, source, "png", slides=False, split=True).files, "rasd")
    assert tmp_path.exists()


# Of each slide: its parts with their heights at the size of a sheet, its size, and how much room they have.
_SLIDES = """() => [...document.querySelectorAll('.slide > .body')].map((body) => {
    const zoom = parseFloat(body.style.getPropertyValue('--zoom')), parts = [...body.children];
    return {names: parts.map((one) => one.dataset.part), zoom, room: body.getBoundingClientRect().height,
        height: parts.reduce((sum, one) => sum + one.getBoundingClientRect().height / zoom, 0)};
})"""


@pytest.mark.parametrize("week", ["2024-W41", "2025-W48", "2025-W52", "2026-W32"])
@pytest.mark.parametrize("noted", [False, True])
def test_short_parts_share_a_slide(
    sample_store: Path, tmp_path: Path, browser: Browser, week: str, *, noted: bool
) -> None:
    """Each part once and in order, whole, also with the longest notes; two that would well fit on one are on one."""
    folder = copied(sample_store, tmp_path)
    if noted:
        parts = dict.fromkeys(document.PARTS, "ملاحظة لها طول " * 16)
        store.keep_notes(folder, asked.subject(briefing(folder, week=week).asked), store.Notes(parts=parts))
    html = making.page(briefing(folder, week=week), slides=True)
    assert fits(browser, html)
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.set_content(html)
    slides = page.evaluate(_SLIDES)
    page.close()
    assert [name for one in slides for name in one["names"]] == list(document.PARTS)
    for one, after in pairwise(slides):
        assert (one["height"] + after["height"]) * 1.55 > one["room"] * 0.75, (one, after)
    assert noted or (len(slides) < 6) == (week in {"2024-W41", "2026-W32"})


def png_size(body: bytes) -> tuple[int, int]:
    """Width and height as the file's head says them."""
    assert body[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(body[16:20]), int.from_bytes(body[20:24])


def test_paper_holds_its_text_in_the_right_order(sample_store: Path, browser: Browser) -> None:
    """An extractor reads A4 pages back: headings, sentences, headlines and quotations stand as they were written."""
    brief = briefing(sample_store)
    body = browser_pdf(browser, brief)
    pdf = pypdfium2.PdfDocument(body)
    assert [tuple(round(x) for x in page.get_size()) for page in pdf] == [(595, 842)] * 2
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())
    said = words.load("ar-MA")
    wanted = ["رصد الموجز الأسبوعي", "الأسبوع في خمسة أرقام", *(story.found.headline or "" for story in brief.stories)]
    wanted += [words.bare(changes.sentence(one, said, "stories")).split("(عدد")[0].strip(" .") for one in brief.changes]
    plain = re.sub(r"[\u064b-\u0652\s()«»]", "", text)
    missing = [one for one in wanted if re.sub(r"[\u064b-\u0652\s()«»]", "", one) not in plain]
    assert not missing
    assert codes.grouped(codes.code_of(codes.told(brief))) in text


def browser_pdf(running: Browser, brief: facts.Brief) -> bytes:
    """The briefing as paper."""
    return drawing.paper(running, making.page(brief, slides=False), document.SHEET)


def test_paper_looks_like_the_picture(sample_store: Path, browser: Browser) -> None:
    """The PDF drawn back to pixels is dark where the PNG is dark: the same page, not another one."""
    brief = briefing(sample_store)
    pdf = pypdfium2.PdfDocument(browser_pdf(browser, brief))
    drawn = making.made(browser, brief.asked, brief.room.source, "png", slides=False, split=True)
    for page, body in zip(pdf, drawn.files.values(), strict=True):
        paper = page.render(scale=2).to_pil().convert("L").resize((62, 88))
        picture = Image.open(io.BytesIO(body)).convert("L").resize((62, 88))
        away = [abs(a - b) for a, b in zip(paper.tobytes(), picture.tobytes(), strict=True)]
        assert sum(away) / len(away) < 4


def test_a_page_opens_without_anything_else(sample_store: Path, browser: Browser) -> None:
    """One HTML file: no script, no address, nothing asked of any network, and it looks like the picture."""
    page = making.page(briefing(sample_store), slides=False)
    assert "<script" not in page
    assert "href=" not in page
    assert not re.search(r"https?:|url\((?!data:)", page)
    context = browser.new_context(viewport={"width": 1240, "height": 1754}, device_scale_factor=2)
    asked_for: list[str] = []
    context.on("request", lambda request: asked_for.append(request.url))
    try:
        shown = context.new_page()
        shown.set_content(page)
        assert shown.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Amiri', 'رصد'))")
        picture = shown.locator(".rasd-brief").screenshot()
    finally:
        context.close()
    assert not [url for url in asked_for if not url.startswith("data:")]
    assert hashlib.sha256(picture).digest() == hashlib.sha256(browser_png(browser, page)).digest()


def browser_png(running: Browser, page: str) -> bytes:
    """The picture of a page."""
    return drawing.picture(running, page, document.SHEET)


# ── Codes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_code_is_read_as_people_type_it() -> None:
    """Small letters, gaps, and the letters that look like digits."""
    assert asked.read_code("7k2m-9qxd 41tv") == asked.read_code("7K2M9QXD4ITV") == "7K2M9QXD41TV"


def test_a_printed_code_tells_a_changed_store_from_an_unchanged_one(tmp_path: Path) -> None:
    """Nothing changed: it holds. An article more: it holds on its snapshot, and what differs now is listed."""
    rows: list[Row] = [("a", "م", "2025-11-25", BODY)]
    folder = loaded(tmp_path, rows)
    code = making.kept(briefing(folder))
    verdict = verify.check(folder, codes.grouped(code).lower())
    assert (verdict.then, verdict.since) == ((), ())
    loaded(tmp_path, [*rows, ("b", "ن", "2025-11-26", "خبر آخر لا يشبه الأول في شيء من كلماته")])
    verdict = verify.check(folder, code)
    assert verdict.then == ()
    assert verify.Difference("tile.articles", 1, 2) in verdict.since
    assert rasd("--verify", code, "--store", folder).returncode == 4
    store.prune(folder, 0)
    assert verify.check(folder, code).then is None


def test_a_code_can_be_verified_by_its_address_alone(sample_store: Path) -> None:
    """Another machine with the same data has kept no code, but reckons it again from week and view."""
    brief = briefing(sample_store, events="afcon-2025")
    code = codes.code_of(codes.told(brief))
    verdict = verify.check(sample_store, code, {"week": WEEK, "events": "afcon-2025"})
    assert (verdict.then, verdict.since) == ((), ())
    with pytest.raises(UsageError, match="no whole record"):
        verify.check(sample_store, code, {"week": WEEK})


def test_a_tampered_record_is_not_believed(tmp_path: Path) -> None:
    """What is kept under a code must give that code."""
    folder = loaded(tmp_path, [("a", "م", "2025-11-25", BODY)])
    code = making.kept(briefing(folder))
    file = folder / "briefs" / "made" / f"{code}.json"
    file.write_text(file.read_text("utf-8").replace('"tile.articles": 1', '"tile.articles": 9'), "utf-8")
    with pytest.raises(UsageError, match="no whole record"):
        verify.check(folder, code)
    assert verify.check(folder, code, {"week": WEEK}).then == ()


def test_nothing_kept_names_an_article(tmp_path: Path) -> None:
    """No id, headline or text of an article stands beside the snapshots, so that erasing has nothing to find there."""
    folder = loaded(tmp_path, [("private-id-77", "ناشر سري", "2025-11-25", BODY)])
    brief = briefing(folder)
    mark = store.story_mark("private-id-77")
    store.keep_notes(folder, asked.subject(brief.asked), store.Notes(hidden=(mark,)))
    making.kept(brief)
    kept = b"".join(path.read_bytes() for path in (folder / "briefs").rglob("*") if path.is_file())
    assert kept
    assert not [word for word in ("private-id-77", "ناشر سري", "نص خبر", "عنوان") if word.encode() in kept]


# ── An analyst's words ───────────────────────────────────────────────────────────────────────────────────────────────


def test_an_analysts_words_are_marked_and_make_another_address(
    sample_store: Path, tmp_path: Path, browser: Browser
) -> None:
    """Headline, notes, order and hiding: shown as the analyst's; without them the old bytes come again."""
    folder = copied(sample_store, tmp_path)
    plain = briefing(folder)
    told = [store.story_mark(one.found.article_id) for one in plain.stories]
    notes = store.Notes(
        headline="أسبوع الإنتربول في مراكش", parts=dict.fromkeys(document.PARTS, "ملاحظة طويلة " * 18),
        first=(told[2],), hidden=(told[0],),
    )  # fmt: skip
    digest = store.keep_notes(folder, asked.subject(plain.asked), notes)
    brief = briefing(folder)
    assert brief.asked.notes == digest
    assert [store.story_mark(one.found.article_id) for one in brief.stories][:2] == [told[2], told[1]]
    page = making.page(brief, slides=False)
    shown = visible(page)
    assert "أسبوع الإنتربول في مراكش" in shown
    assert "عنوان من المحلّل" in shown
    assert shown.count("ملاحظة المحلّل:") == len(document.PARTS)
    assert fits(browser, page)
    again = briefing(folder, notes="")
    assert making.page(again, slides=False) == making.page(plain, slides=False)
    assert codes.code_of(codes.told(brief)) != codes.code_of(codes.told(again))


def test_notes_that_are_damaged_are_left_out(tmp_path: Path) -> None:
    """The page stands without them."""
    folder = loaded(tmp_path, [("a", "م", "2025-11-25", BODY)])
    digest = store.keep_notes(folder, asked.subject(briefing(folder).asked), store.Notes(headline="عنوان مختار"))
    (folder / "briefs" / "notes" / f"{digest}.json").write_bytes(b"{}")
    assert briefing(folder).notes == store.Notes()


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_writes_each_format(sample_store: Path, tmp_path: Path) -> None:
    """By the ending of the file or by --format; what it wrote and under which code is said."""
    heads = {"b.png": b"\x89PNG", "b.pdf": b"%PDF", "b.html": b"<!doctype html>"}
    for name, head in heads.items():
        done = rasd("--week", WEEK, "--store", sample_store, "-o", tmp_path / name, "--json")
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)["briefings"][0]
        assert told["files"] == [str(tmp_path / name)]
        assert (tmp_path / name).read_bytes().startswith(head)
        assert codes.grouped(told["code"]) in done.stderr


def test_a_series_of_weeks_is_one_command(sample_store: Path, tmp_path: Path) -> None:
    """A file a week, named by it; the last is the one asked for."""
    done = rasd("--week", WEEK, "--weeks", 3, "--store", sample_store, "-o", tmp_path / "b.html", "--locale", "ar-EG")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"b-2025-W{n}.html" for n in (46, 47, 48)]
    assert "٢٨ نوفمبر" in (tmp_path / "b-2025-W48.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-o", "b.gif"], "--format png, pdf or html"),
        ([], "rasd brief -o FILE.png"),
        (["-o", "b.png", "--week", "next"], "2025-W48"),
        (["-o", "b.png", "--locale", "fr"], "ar-MA"),
        (["-o", "b.png", "--view", "nonsense=1"], "is no filter"),
        (["--verify", "nothing"], "--verify CODE --week WEEK"),
    ],
)
def test_a_wrong_argument_is_told_with_what_mends_it(sample_store: Path, arguments: list[str], expected: str) -> None:
    """One line, no traceback, exit code 2."""
    done = rasd(*arguments, "--store", sample_store)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert expected in done.stderr


def test_without_a_browser_it_says_how_to_get_one(sample_store: Path, tmp_path: Path) -> None:
    """Names the browsers that would do."""
    done = rasd(
        "--week", WEEK, "--store", sample_store, "-o", tmp_path / "b.png",
        **{**os.environ, "RASD_BROWSER": str(tmp_path / "none")},
    )  # fmt: skip
    assert done.returncode == 1
    assert "install Chromium, Chrome or Edge" in done.stderr


def test_a_view_is_the_apps_own_address(sample_store: Path, tmp_path: Path) -> None:
    """What stands in the browser's address bar can be given as it is; its filters are said in words."""
    view = f"http://127.0.0.1:8501/brief?week={WEEK}&events=afcon-2025&unit=articles"
    done = rasd("--view", view, "--store", sample_store, "-o", tmp_path / "b.html")
    assert done.returncode == 0, done.stderr
    shown = words.bare(visible((tmp_path / "b.html").read_text("utf-8")))
    assert "العدّ بالمواد؛ الدليل: قوي؛ الأحداث: كأس أمم إفريقيا 2025" in shown
