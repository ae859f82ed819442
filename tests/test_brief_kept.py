"""What a briefing leaves on disk, who may draw one and when, and what a browser that fails says."""

import http.client
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser

from dashboard.brief import browser as drawing
from dashboard.brief import document, making
from etl import store
from etl.model import StoreError, UsageError
from etl.store import briefs
from tests.briefs import BODY, WEEK, briefing, loaded, rasd
from tests.conftest import ServeApp, get

CODE = "7K2M9QXD41TV"
TOLD = {"address": {"week": WEEK, "snapshot": "x"}, "said": {"tile.articles": 1, "mean": 2.5, "words": "م", "no": None}}
SHEET = document.SHEET
PAGE = '<!doctype html><html dir="rtl"><body><main class="rasd-brief"><section>{}</section></main></body></html>'

pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes of files and shell scripts as browsers are POSIX")


def made(folder: Path) -> Path:
    """The file that the code's record stands in."""
    return folder / "briefs" / "made" / f"{CODE}.json"


def script(path: Path, text: str) -> str:
    """A program of a few lines in the place of a browser."""
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


# ── On disk ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_said_comes_back_as_it_was(tmp_path: Path) -> None:
    """Address and values, whole numbers whole, in plain dicts."""
    store.keep_brief(tmp_path, CODE, TOLD)
    kept = store.brief(tmp_path, CODE)
    assert kept == TOLD
    assert kept
    assert {name: type(value) for name, value in kept["said"].items()} == {
        "tile.articles": int, "mean": float, "words": str, "no": type(None),
    }  # fmt: skip


@pytest.mark.parametrize("body", [
    b"", b"[]", b"null", b"{}", b'{"address": {}}', b'{"address": [], "said": {}}',
    b'{"address": {"week": 1}, "said": {}}',
    b'{"address": {}, "said": {"a": []}}', b'{"address": {}, "said": {"a": true}}', b'{"address": {}, "said": 1}',
    b'{"address": {}, "said": {"a": "\xff"}}', b'{"address": {}, "said": {"a": NaN}}', b"[" * 100_000,
    b'{"address": {}, "said": {}, "more": ' + b"[" * 100_000,
])  # fmt: skip
def test_what_is_no_record_of_a_briefing_is_none(tmp_path: Path, body: bytes) -> None:
    """Whatever stands in the file: whoever looks a code up finds a record of the right form, or none."""
    store.keep_brief(tmp_path, CODE, TOLD)
    made(tmp_path).write_bytes(body)
    assert store.brief(tmp_path, CODE) is None


def test_a_damaged_record_is_mended_by_the_next_drawing(tmp_path: Path) -> None:
    """Its file is written again where it holds anything else, and left alone where it holds the same."""
    store.keep_brief(tmp_path, CODE, TOLD)
    made(tmp_path).write_bytes(made(tmp_path).read_bytes()[:20])
    store.keep_brief(tmp_path, CODE, TOLD)
    assert store.brief(tmp_path, CODE) == TOLD
    before = made(tmp_path).stat()
    store.keep_brief(tmp_path, CODE, TOLD)
    assert made(tmp_path).stat() == before


@pytest.mark.parametrize("save", [
    lambda folder, n: store.keep_brief(folder, CODE, TOLD | {"address": {"week": str(n % 2) * 5000}}),
    lambda folder, n: store.keep_notes(folder, "a week", store.Notes(headline=str(n % 2) * 5000)),
], ids=["brief", "notes"])  # fmt: skip
def test_two_that_save_at_once_neither_fail_nor_tear(tmp_path: Path, save: Callable[[Path, int], object]) -> None:
    """Two threads, 200 saves each, under one name: none fails, what is kept is whole at every look, nothing lies by."""
    save(tmp_path, 0)
    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(lambda one=one: [save(tmp_path, n + one) for n in range(200)]) for one in range(2)]
        while not all(one.done() for one in running):
            digest = store.newest_notes(tmp_path, "a week")
            assert store.brief(tmp_path, CODE) or store.notes(tmp_path, digest)
        assert [len(one.result()) for one in running] == [200, 200]
    assert not [path for path in (tmp_path / "briefs").rglob(".*") if path.is_file()]


def test_records_do_not_grow_without_end(tmp_path: Path) -> None:
    """The newest stay, by when they were written; what is no record, and an analyst's words, are left alone."""
    names = [f"{n}K2M9QXD41TV" for n in range(6)]
    digest = store.keep_notes(tmp_path, "a week", store.Notes(headline="عنوان"))
    for n, name in enumerate(names[:5]):
        store.keep_brief(tmp_path, name, TOLD)
        # In this order: files of one moment would be taken by name.
        os.utime(made(tmp_path).with_name(f"{name}.json"), (10 - n, 10 - n))
    (made(tmp_path).with_name("of-mine.txt")).write_text("x", "utf-8")
    store.keep_brief(tmp_path, names[5], TOLD, most=3)
    kept = {name for name in names if store.brief(tmp_path, name)}
    assert kept == {names[0], names[1], names[5]}
    assert made(tmp_path).with_name("of-mine.txt").exists()
    assert store.notes(tmp_path, digest)
    said = (Path(__file__).parents[1] / "docs" / "briefing.md").read_text("utf-8")
    assert f"The newest {briefs.MOST_MADE:,} are kept" in said


def test_nobody_else_reads_what_is_kept(tmp_path: Path) -> None:
    """The folders and files beside the snapshots are their owner's alone, whatever others' defaults are."""
    before = os.umask(0o022)
    try:
        store.keep_notes(tmp_path, "a week", store.Notes(headline="عنوان"))
        store.keep_brief(tmp_path, CODE, TOLD)
    finally:
        os.umask(before)
    found = [tmp_path / "briefs", *(tmp_path / "briefs").rglob("*")]
    modes = {path.relative_to(tmp_path): oct(stat.S_IMODE(path.stat().st_mode)) for path in found}
    assert len(modes) == 7
    assert not [path for path, mode in modes.items() if mode != ("0o600" if (tmp_path / path).is_file() else "0o700")]


def test_a_store_that_cannot_be_written_says_why() -> None:
    """Without the right to write, or with a file in the folder's place: a StoreError with the system's own reason."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        is_root = os.geteuid() == 0
        try:
            os.seteuid(65534) if is_root else None
            with pytest.raises(StoreError, match=r"cannot be written .Permission denied."):
                store.keep_brief(folder, CODE, TOLD)
        finally:
            os.seteuid(0) if is_root else None
            folder.chmod(0o755)
        (folder / "briefs").write_bytes(b"")
        with pytest.raises(StoreError, match=r"cannot be written .File exists."):
            store.keep_notes(folder, "a week", store.Notes())
    with pytest.raises(StoreError, match=r"cannot be written .No such file or directory."):
        store.keep_brief(folder, CODE, TOLD)
    assert not folder.exists()


def test_the_page_about_it_says_what_is_kept_in_clear(tmp_path: Path) -> None:
    """Publishers and searched words stand in the record; an id does not, but a guess at it can be confirmed."""
    folder = loaded(tmp_path, [("private-id-77", "ناشر سري", "2025-11-25", BODY)])
    code = making.kept(briefing(folder, publishers="ناشر سري", search="تجريبي"))
    kept = (folder / "briefs" / "made" / f"{code}.json").read_text("utf-8")
    assert ("private-id-77" in kept, store.story_mark("private-id-77") in kept) == (False, True)
    told = " ".join((Path(__file__).parents[1] / "docs" / "briefing.md").read_text("utf-8").split())
    assert [word for word in ("ناشر سري", "تجريبي") if word in kept] == ["ناشر سري", "تجريبي"]
    assert "publishers chosen and words searched for stand there in clear" in told
    assert "can confirm the guess, also after `rasd erase`" in told


# ── Who may draw, and when ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_crowd_that_wants_pictures_leaves_the_app_alive(serve_app: ServeApp, tmp_path: Path, real: str) -> None:
    """One draws, four wait, 40 are told so at once; meanwhile the app answers others, and the five get pictures."""
    folder = loaded(tmp_path, [("a", "م", "2025-11-25", BODY)])
    gate = tmp_path / "gate"
    slow = script(tmp_path / "slow", f'while [ ! -e "{gate}" ]; do sleep 0.05; done\nexec "{real}" "$@"')
    app = serve_app(folder, RASD_BROWSER=slow)
    with ThreadPoolExecutor(45) as crowd:
        answers = [crowd.submit(patient, app, {"week": WEEK, "form": "png"}) for _ in range(45)]
        try:
            done = as_completed(answers, timeout=25)
            refused = [next(done).result() for _ in range(40)]
            fetched = [get(app, "/fonts/noto-sans-arabic.ttf")[0], get(app, "/own/tips.js")[0]]
            waiting = sum(not one.done() for one in answers)
        finally:
            gate.touch()
        drawn = [one.result() for one in done]
    assert {(status, body.decode()) for status, body in refused} == {
        (503, "يُرسم موجز آخر الآن: أعد المحاولة بعد قليل.")
    }
    assert (fetched, waiting) == ([200, 200], 5)
    assert [status for status, _ in drawn] == [200] * 5
    assert len({body for _, body in drawn}) == 1


def patient(address: str, query: dict[str, str]) -> tuple[int, bytes]:
    """Status and body of a request for a briefing that may have to wait."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=120)
    try:
        connection.request("GET", f"/own/brief?{urlencode(query)}")
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.fixture
def real(browser: Browser) -> str:
    """The path of a browser of this machine."""
    named = os.environ.get("RASD_BROWSER"), browser.browser_type.executable_path
    known = map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"))
    return next(path for path in (*named, *known) if path and Path(path).exists())


def test_a_browser_that_dies_while_it_draws_is_told_in_arabic(serve_app: ServeApp, tmp_path: Path, real: str) -> None:
    """The app says that nothing was drawn, not that there is no data, and stands."""
    folder = loaded(tmp_path, [("a", "م", "2025-11-25", BODY)])
    app = serve_app(folder, RASD_BROWSER=dying(tmp_path, real))
    status, body = patient(app, {"week": WEEK})
    assert (status, body.decode()[:26]) == (503, "توقف المتصفح قبل أن يتم ال")
    assert patient(app, {"week": WEEK, "form": "html"})[0] == 200


# ── The browser ──────────────────────────────────────────────────────────────────────────────────────────────────────


def alone(draw: Callable[[], bytes]) -> bytes:
    """What another thread draws: this one has a browser already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(draw).result()


def pictured() -> bytes:
    """A small page as a picture, by a browser of its own."""
    with drawing.opened() as running:
        return drawing.picture(running, PAGE.format("نص"), SHEET)


def dying(folder: Path, real: str) -> str:
    """A browser that starts, and is gone when it shall show a page."""
    relay = folder / "relay.py"
    lines = [
        "import os, subprocess, sys",
        "asked, (there, told) = os.dup(3), os.pipe()",
        "os.dup2(there, 3)",
        f"child = subprocess.Popen([{real!r}, *sys.argv[1:]], pass_fds=(3, 4))",
        "os.close(4)",
        "while piece := os.read(asked, 65536):",
        "    if b'createBrowserContext' in piece:",
        "        child.kill()",
        "        sys.exit(9)",
        "    os.write(told, piece)",
    ]
    relay.write_text("\n".join(lines), "utf-8")
    return script(folder / "dying", f'exec "{sys.executable}" "{relay}" "$@"')


def test_a_drawing_that_fails_is_one_line_with_what_to_do(sample_store: Path, tmp_path: Path, real: str) -> None:
    """Exit 1, no traceback, no picture left."""
    out, env = tmp_path / "b.png", {**os.environ, "RASD_BROWSER": dying(tmp_path, real)}
    done = rasd("--week", WEEK, "--store", sample_store, "-o", out, **env)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "the browser did not finish the drawing (" in done.stderr
    assert "--format html" in done.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("says", "reason"),
    [("echo no library >&2; exit 127", "no library"), ("exit 3", "exitCode=3"), (None, "EACCES")],
)
def test_a_named_browser_that_does_not_start_is_named(
    says: str | None, reason: str, sample_store: Path, tmp_path: Path
) -> None:
    """RASD_BROWSER with its path and the reason in one line; nothing is said of a browser that is not there."""
    named = script(tmp_path / "named", says or "")
    Path(named).chmod(0o755 if says else 0o644)
    env = {**os.environ, "RASD_BROWSER": named}
    done = rasd("--week", WEEK, "--store", sample_store, "-o", tmp_path / "b.png", **env)
    # DuckDB's bindings may count their own types as leaked when the program ends so.
    said = [line for line in done.stderr.splitlines() if not re.match(r"nanobind|\s*- (leaked|\.\.\.)|See https", line)]
    assert (done.returncode, len(said)) == (1, 1), done.stderr
    assert f"RASD_BROWSER: {named} does not start" in done.stderr
    assert reason in done.stderr
    assert "no browser" not in done.stderr


@pytest.mark.parametrize("has_sandbox", [True, False])
def test_the_sandbox_is_off_only_where_there_is_none(
    browser: Browser, real: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_sandbox: bool
) -> None:
    """Asked for first, and left out only after that failed; the picture is the same bytes."""
    log = tmp_path / "log"
    # The machine of this test may have none: «with» is a browser that takes the words of the first try and starts.
    first = f'exec "{real}" --no-sandbox "$@"' if has_sandbox else "exit 1"
    named = script(
        tmp_path / "named",
        f'echo "$@" >> "{log}"\ncase "$*" in *--no-sandbox*) exec "{real}" "$@";; esac\n{first}',
    )
    monkeypatch.setenv("RASD_BROWSER", named)
    drawn = alone(pictured)
    tries = ["--no-sandbox" in line.split() for line in log.read_text("utf-8").splitlines()]
    assert tries == ([False] if has_sandbox else [False, True])
    assert drawn == drawing.picture(browser, PAGE.format("نص"), SHEET)


def test_no_script_runs_where_a_briefing_is_drawn(browser: Browser) -> None:
    """A page that would paint itself black stays as white as one without a script."""
    black = "<script>document.body.style.background = document.querySelector('main').style.background = '#000'</script>"
    drawn = [drawing.picture(browser, PAGE.format("نص") + more, SHEET) for more in ("", black)]
    assert drawn[0] == drawn[1]


# ── Where the files go ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["none/b.png", ".", "file/b.png"])
def test_a_place_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    """A folder that is not there, a folder, a file in a folder's place: named, and nothing is made."""
    (tmp_path / "file").write_bytes(b"x")
    before = sorted(tmp_path.rglob("*"))
    for refuse in (making.writable, lambda out: making.written({".png": b"x"}, out)):
        with pytest.raises(UsageError, match=re.escape(f"{tmp_path / name}: expected the name of a file")):
            refuse(tmp_path / name)
    making.writable(tmp_path / "b.png")
    assert sorted(tmp_path.rglob("*")) == before
