"""A small load upon a copy gives what writing all anew gives; erased is gone from every file; prune keeps enough."""

import base64
import json
import os
import random
import shutil
import signal
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from loading import REGISTRY, arrival, sheet, span, theme

from etl import pipeline, read, store, workers
from etl.model import Annotation, PairMention, RasdError, StoreError, UsageError
from etl.read import files
from etl.registry import load as load_registry
from etl.store import Arrival
from tests.test_pipeline import line, write
from tests.test_store import ask, build

ANEW, UPON = str(10**9), "0"
MENTIONS = ("event_mention", "country_mention", "pair_mention", "theme_mention", "date_expression", "entity_mention")
HEAD = """article_id, story_id, story_rule, story_share, content_sha256, version_no, is_current, is_sample,
    role::VARCHAR, page_id, url, publisher::VARCHAR, carrier, published, published_on, published_at, fetched_at,
    keywords, rights"""
OTHERS = {
    "article": f"SELECT {HEAD} FROM article",
    "text": """SELECT article_id, version_no, t.* EXCLUDE (article_key)
        FROM article JOIN article_text t USING (article_key)""",
    "sketch": "SELECT s.* EXCLUDE (article_key) FROM sketch s JOIN article a USING (article_key, article_id)",
    "statement": """SELECT article_id, version_no, annotator, sha256, is_built_in
        FROM statement JOIN article USING (article_key)""",
    "page": "FROM page",
    "page_block": "FROM page_block",
    "load_file": "SELECT * EXCLUDE (load_id) FROM load_file",
    "reject": "SELECT * EXCLUDE (load_id) FROM reject",
    "refused": "SELECT * EXCLUDE (load_id) FROM refused_annotation",
    "erased": "SELECT article_id, reason FROM erased",
    "registry": "FROM tracked_event",
}


def dump(folder: Path) -> dict[str, list[str]]:
    """What the current snapshot says, by table, without the keys and load ids that are this store's own."""
    queries = dict(OTHERS)
    for table in MENTIONS:
        named = "m.* EXCLUDE (article_key, story_key)" if table in MENTIONS[:4] else "m.* EXCLUDE (article_key)"
        queries[table] = f"SELECT article_id, version_no, {named} FROM {table} m JOIN article USING (article_key)"
    return {table: sorted(map(repr, ask(folder, sql))) for table, sql in queries.items()}


def parts(folder: Path) -> list[str]:
    """The parts of the current snapshot."""
    name = store.current(folder)
    assert name
    return [one["name"] for one in store.manifest(folder, name)["parts"]]


def some(seed: int, n: int) -> list[Arrival]:
    """Articles by a seed: versions, near-copies that join stories, several annotators, new and quoted publishers."""
    rng = random.Random(seed)
    words = [f"كلمة{k}" for k in range(400)]
    texts = [" ".join(words[20 * k : 20 * k + 40]) for k in range(6)]
    made = []
    for _ in range(n):
        body = rng.choice(texts) + rng.choice(("", " وكلام آخر", " " + " ".join(rng.sample(words, 30))))
        rows: list[Annotation] = [theme(body[:4], who, rng.choice(("migration", "diplomacy", f"it's {seed}")))
                for who in ("x/1", "x/2", "y/1", "analyst:sara") if rng.random() < 0.3]  # fmt: skip
        if rng.random() < 0.3:
            more = span(body[:4], annotator="y/1")
            made_of = PairMention(a="ES", b="MA", direction="none", relation="visit", **more)
            rows.append(made_of)
        made.append(arrival(
            body, *rows, article_id=f"a'{rng.randrange(40)}",
            publisher=rng.choice(("الضفاف", "O'Neil", f"ناشر {seed}")),
            published=rng.choice((None, "2024-01-01", "2024-01-03", "2025-06-01")),
            fetched=f"2024-02-{rng.randrange(1, 28):02}T00:00:00Z"))  # fmt: skip
    return made


def load_all(folder: Path, seed: int) -> None:
    """A large load and small ones; the registry changes between them."""
    registry = REGISTRY
    for step, n in enumerate((60, 3, 1, 4, 2)):
        if step == 3:
            registry = msgspec.structs.replace(REGISTRY, sha256="q" * 64, events={})
        store.build(folder, [sheet(*some(seed * 10 + step, n), file=f"f{step}")], registry)


@pytest.mark.parametrize("seed", range(2))
def test_upon_a_copy_or_anew_the_content_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """The same loads in the same order, written both ways: every table says the same by ids."""
    for name, upon in (("anew", ANEW), ("upon", UPON)):
        monkeypatch.setenv("RASD_UPON", upon)
        load_all(tmp_path / name, seed)
    assert (len(parts(tmp_path / "anew")), len(parts(tmp_path / "upon"))) == (1, 5)
    assert dump(tmp_path / "anew") == dump(tmp_path / "upon")


def raw(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a store."""
    for root, _, names in os.walk(folder):
        for name in names:
            yield name, (Path(root) / name).read_bytes()


def holders(folder: Path, *words: str) -> set[tuple[str, str]]:
    """Files that hold a word in one of several encodings, or a good part of it."""
    found = set()
    for word in words:
        forms = {word.encode(code) for code in ("utf-8", "utf-16-le", "utf-32-le")} | {word[3:].encode()}
        forms |= {base64.b64encode(word.encode()), json.dumps(word)[1:-1].encode()}
        found |= {(name, word) for name, held in raw(folder) for form in forms if form in held}
    return found


SENTINELS = {"headline": "عنوانسري", "body": "SECRETBODY نص سري", "url": "https://secret.example/sentinel",
             "publisher": "ناشرسري", "carrier": "CARRIERSECRET", "rights": "RIGHTSSECRET"}  # fmt: skip


def test_an_erased_article_is_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Title, body, address, publisher, and ids that only its rows know: gone from old snapshots and parts, too."""
    monkeypatch.setenv("RASD_UPON", UPON)
    build(tmp_path, *[arrival(f"خبر {n}", article_id=str(n)) for n in range(12)])
    secret = arrival("SECRETBODY نص سري", theme("SECRET", theme_id="themesecret"), article_id="gone",
                     **{name: value for name, value in SENTINELS.items() if name != "body"})  # fmt: skip
    held = build(tmp_path, secret)
    build(tmp_path, arrival("later", article_id="later"))
    words = [*SENTINELS.values(), "themesecret"]
    assert holders(tmp_path, "SECRETBODY نص سري")
    before = ask(tmp_path, "SELECT article_id FROM article WHERE article_id != 'gone' ORDER BY 1")
    published = store.erase(tmp_path, {"gone": "asked by its author"}, REGISTRY)
    assert holders(tmp_path, *words) == set()
    assert held not in store.snapshots(tmp_path)
    assert ask(tmp_path, "SELECT article_id FROM article ORDER BY 1") == before
    assert ask(tmp_path, "FROM erased") == [("gone", "asked by its author", published.snapshot_id)]
    assert store.build(tmp_path, [sheet(secret)], REGISTRY) is None
    assert holders(tmp_path, *words) == set()


def test_the_logs_forget_files_that_may_name_an_erased_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its page, its title, its id or because it held nothing else; others keep their names, and sums stay true."""
    monkeypatch.setenv("RASD_UPON", UPON)
    folder, title, text = (
        tmp_path / "store",
        "وزير الداخلية يستقبل نظيره",
        "استقبل وزير الداخلية المغربي نظيره الإسباني.",
    )
    named = [f"{title.replace(' ', '-')}.txt", "copy of gone-7.jsonl", "slugsecret.jsonl"]
    page = f"{title}\n\n{text}\n"
    write(tmp_path / "others.txt", "عنوان آخر عن مصر\n\nزار وفد مصري مدينة الضفاف صباح أمس وعاد منها مساء.\n")
    write(tmp_path / named[0], page)
    pipeline.load([tmp_path / "others.txt", tmp_path / named[0]], store=folder)
    ((ident,),) = ask(folder, f"SELECT article_id FROM article JOIN article_text USING (article_key) "
                              f"WHERE headline = '{title}'")  # fmt: skip
    bad = {"layer": "theme", "theme_id": "nothing"} | span("استقبل")
    write(tmp_path / named[1], line(article_id="gone-7", headline=title, body=text, annotations=[bad]), "{bad\n",
          line(body="خبر آخر"))  # fmt: skip
    write(tmp_path / named[2], line(article_id="gone-7", headline=title, body=text + "!"))
    write(tmp_path / "many.jsonl", line(body="ثالث"), line(body="رابع"))
    pipeline.load([tmp_path / "many.jsonl", tmp_path / named[1], tmp_path / named[2]], store=folder)
    assert len(holders(folder, *named)) > 2
    before = ask(folder, "SELECT n_read, n_accepted, n_rejected FROM load_file ORDER BY ALL")
    store.erase(folder, {ident: "asked", "gone-7": "asked"}, REGISTRY)
    assert holders(folder, *named, title, "slugsecret") == set()
    assert ask(folder, "SELECT n_read, n_accepted, n_rejected FROM load_file ORDER BY ALL") == before
    assert ask(folder, "SELECT count(*) FROM refused_annotation") == [(0,)]
    kept = {Path(file).name for (file,) in ask(folder, "SELECT file FROM load_file")}
    assert {"others.txt", "many.jsonl"} <= kept
    write(tmp_path / "more.jsonl", line(body="خامس"))
    again = pipeline.load([tmp_path / name for name in [*named, "more.jsonl"]], store=folder)
    assert again.reasons == {"erased": 3, "not-json": 1}
    assert holders(folder, *named, title, "slugsecret") == set()


def test_a_page_goes_with_its_article_however_many_pages_it_stood_on(tmp_path: Path) -> None:
    """The same article on two pages, one of them for the sake of another article: both pages go."""
    page = "استقبل وزير الداخلية المغربي، أمس الأربعاء، نظيره الإسباني في زيارة SECRETPAGE.\n\nالمصدر: الضفاف\n"
    write(tmp_path / "1.txt", page)
    write(tmp_path / "2.txt", page + "\nمقالات مشابهة\n\n• عنوان آخر عن مصر والمغرب\n")
    folder = tmp_path / "store"
    for name in ("1.txt", "2.txt"):
        pipeline.load([tmp_path / name], store=folder)
    ((article,),) = ask(folder, "SELECT article_id FROM article WHERE role = 'main'")
    assert ask(folder, "SELECT count(*) FROM page") == [(2,)]
    store.erase(folder, {article: "x"}, REGISTRY)
    assert holders(folder, "SECRETPAGE") == set()
    report = pipeline.load([tmp_path / "1.txt"], store=folder)
    assert report.reasons == {"erased": 1}


def test_an_erasure_that_was_stopped_can_be_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after publishing, an old snapshot still holds the article; the same command again removes it."""
    build(tmp_path, arrival("SECRETBODY", article_id="gone"), arrival("other"))
    with monkeypatch.context() as stopped:
        stopped.setattr("etl.store.places.drop", _stop)
        with pytest.raises(KeyboardInterrupt):
            store.erase(tmp_path, {"gone": "x"}, REGISTRY)
    assert len(store.snapshots(tmp_path)) == 2
    store.erase(tmp_path, {"gone": "x"}, REGISTRY)
    assert holders(tmp_path, "SECRETBODY") == set()
    assert ask(tmp_path, "SELECT article_id FROM erased") == [("gone",)]
    with pytest.raises(UsageError, match="no article"):
        store.erase(tmp_path, {"never": "x"}, REGISTRY)


def _stop(*_: Any) -> None:
    raise KeyboardInterrupt


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Return a store of four snapshots, to be copied, not changed, and their ids."""
    folder = tmp_path_factory.mktemp("four")
    return folder, [build(folder, arrival(f"خبر {n}")) for n in range(4)]


@pytest.mark.parametrize(("keep", "left"), [(1, 1), (2, 2), (4, 4), (5, 4), (7, 4), (9, 4)])
def test_prune_leaves_as_many_as_were_asked_for(
    tmp_path: Path, four: tuple[Path, list[str]], keep: int, left: int
) -> None:
    """Of four snapshots; where more are to stay than there are, none goes."""
    folder, known = Path(shutil.copytree(four[0], tmp_path / "store")), four[1]
    assert store.prune(folder, keep) == known[: 4 - left]
    assert store.snapshots(folder) == known[4 - left :]
    assert ask(folder, "SELECT count(*) FROM article_text") == [(4,)]


def test_prune_never_takes_a_part_that_a_snapshot_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two branches upon one base: the base's part stays for both, the current one stays, orphans go."""
    monkeypatch.setenv("RASD_UPON", UPON)
    base = build(tmp_path, *[arrival(f"خبر {n}") for n in range(12)])
    build(tmp_path, arrival("فرع"))
    store.use(tmp_path, base)
    branch = build(tmp_path, arrival("فرع آخر"))
    (tmp_path / "parts" / "20200101T000000Z-00000000.duckdb").write_bytes(b"left by a killed load")
    store.use(tmp_path, branch)
    store.prune(tmp_path, 1)
    for name in store.snapshots(tmp_path):
        rows = store.open_snapshot(tmp_path, name).cursor().execute("SELECT count(*) FROM article_text").fetchall()
        assert rows == [(13,)]
    needed = {one["name"] for name in store.snapshots(tmp_path) for one in store.manifest(tmp_path, name)["parts"]}
    assert {path.stem for path in (tmp_path / "parts").iterdir()} == needed
    assert {base, branch} <= needed


def test_compare_tells_what_came_changed_and_went(tmp_path: Path) -> None:
    """Added, changed and gone by id, and rows in force; a snapshot with itself differs in nothing."""
    first = build(tmp_path, arrival("a", article_id="1"), arrival("b", article_id="2"))
    second = build(tmp_path, arrival("a!", theme("a"), article_id="1", fetched="2024-01-01T00:00:00Z"),
                   arrival("c", article_id="3"))  # fmt: skip
    found = store.compare(tmp_path, first, second)
    assert (found.added, found.changed, found.gone) == (["3"], ["1"], [])
    assert found.mentions["theme_mention"] == (0, 1)
    assert store.compare(tmp_path, second, first).gone == ["3"]
    assert not any(store.compare(tmp_path, first, first)[:3])
    assert "theme            0 → 1 in force" in list(store.told(found))
    with pytest.raises(StoreError, match="no snapshot"):
        store.compare(tmp_path, first, "20200101T000000Z-00000000")


def test_the_sample_gives_way_while_it_is_read(tmp_path: Path) -> None:
    """A reader of this process that holds the sample open does not stop the load that replaces it."""
    shipped = min((Path(__file__).parent.parent / "data" / "sample").rglob("*.jsonl"))
    folder = tmp_path / "store"
    pipeline.load([shipped], store=folder)
    reader = store.open_snapshot(folder, store.current(folder) or "")
    assert pipeline.load([write(tmp_path / "a.jsonl", line(body="خبر"))], store=folder).published
    assert ask(folder, "SELECT count(*) FROM article") == [(1,)]
    reader.close()


def test_damage_behind_our_back_is_no_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte that turned after the digest was checked, size and time as before: nothing is built upon it."""
    monkeypatch.setenv("RASD_UPON", UPON)
    name = build(tmp_path, *[arrival(f"خبر {n}") for n in range(12)])
    path = store.database(tmp_path, name)
    state, held = path.stat(), bytearray(path.read_bytes())
    held[-9] ^= 1
    path.write_bytes(held)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    with pytest.raises(StoreError) as error:
        build(tmp_path, arrival("next"))
    assert error.value.code == "damaged"


def test_a_cut_file_of_lines_is_what_it_was(tmp_path: Path) -> None:
    """Pieces end where lines do, whatever the line ends, the last line, and lines longer than a piece."""
    lines = ["\ufeff1\r\n", "\r\n", "\n", "x" * 100 + "\n", "y\n", "\n", "z" * 7]
    path = write(tmp_path / "a.jsonl", *lines)
    (source,) = read.survey([path]).sources
    for size in range(1, path.stat().st_size // 2):
        cut = list(files.pieces(source, size))
        assert [one.start for one in cut] == [0, *(one.end for one in cut[:-1])]
        assert cut[-1].end == path.stat().st_size
        raw = path.read_bytes()
        assert all(one.line == raw[: one.start].count(b"\n") + 1 for one in cut)
        assert all(raw[one.start - 1 : one.start] == b"\n" for one in cut[1:])


def test_pieces_of_utf_16_are_refused_for_what_they_are(tmp_path: Path) -> None:
    """Every line of every piece has the reason that the whole file has."""
    path = tmp_path / "a.jsonl"
    path.write_text(line(body="خبر") * 20, encoding="utf-16")
    (source,) = read.survey([path], "jsonl").sources
    whole = list(read.read([source], None, REGISTRY))
    cut = list(read.read(files.pieces(source, 500), None, REGISTRY))
    assert cut == whole
    assert {one.reject.reason for one in cut if isinstance(one, read.Refusal)} == {"encoding-utf-16"}


def test_a_large_file_that_went_away_is_refused_by_name(tmp_path: Path) -> None:
    """Like a small one: the load goes on, and the file is refused with its reason."""
    path = write(tmp_path / "a.jsonl", *["x\n"] * 20)
    (source,) = read.survey([path]).sources
    path.unlink()
    (piece,) = files.pieces(source, 4)
    (refusal,) = read.read([piece], None, REGISTRY)
    assert isinstance(refusal, read.Refusal)
    assert refusal.reject.place.file == source.name


def test_a_long_line_is_not_held(tmp_path: Path) -> None:
    """Where a file is cut costs a few pieces of memory, not a line."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"x" * (32 << 20) + b"\n")
    (source,) = read.survey([path]).sources
    tracemalloc.start()
    assert len(list(files.pieces(source, 1 << 20))) == 1
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_worker_that_dies_is_told_and_the_store_stays(tmp_path: Path) -> None:
    """The system ends a process for want of memory: one line, no traceback, no waiting, nothing published."""
    if workers.cores() == 1:
        pytest.skip("on one core there is no process but this one")
    how = workers.How(registry=load_registry(), folder=tmp_path)
    with pytest.raises(RasdError, match="load again"), workers.workers(how, workers.SMALL) as run:
        list(run(_die, ((n,) for n in range(4))))


def _die(_how: workers.How, number: int) -> None:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
