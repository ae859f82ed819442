"""A damaged snapshot, a lost pointer, a store that is none: found before use, and the way back that is told works."""

import contextlib
import os
import random
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from etl import store
from etl.model import RasdError
from tests.trust import faults
from tests.trust.faults import Ran, Warm

Damage = Callable[[Path], None]
"""Does something to the folder of the current snapshot."""


def flip(path: Path, where: float) -> None:
    """One bit changes, the file's time does not: what a tired disk does."""
    state = path.stat()
    with path.open("rb+") as file:
        file.seek(int(where * state.st_size))
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def flipped(where: float) -> Damage:
    """A bit of the database changes."""
    return lambda snapshot: flip(snapshot / "rasd.duckdb", where)


def text_of(snapshot: Path) -> Path:
    """The texts that a snapshot brought."""
    return snapshot.parents[1] / "parts" / f"{snapshot.name}.duckdb"


def cut(snapshot: Path) -> None:
    """The database ends early."""
    path = snapshot / "rasd.duckdb"
    os.truncate(path, path.stat().st_size // 2)


def written_to(snapshot: Path) -> None:
    """Somebody's own program changed rows and ended badly: the change waits in a write-ahead log."""
    code = f"""if True:
        import duckdb, os
        connection = duckdb.connect({str(snapshot / "rasd.duckdb")!r})
        connection.execute("SET checkpoint_threshold = '1GB'")
        connection.execute("DELETE FROM theme")
        os._exit(0)"""
    faults.python(code)
    assert (snapshot / "rasd.duckdb.wal").exists()


def beside(name: str, content: bytes) -> Damage:
    """A file in the snapshot's folder has another content."""

    def damage(snapshot: Path) -> None:
        (snapshot / name).write_bytes(content)

    return damage


_CHANCE = random.Random(6)
DAMAGES: dict[str, Damage] = {
    **{f"bit flipped at {where:.3f}": flipped(where) for where in (0.0, *(_CHANCE.random() for _ in range(4)), 0.9999)},
    "texts gone": lambda snapshot: text_of(snapshot).unlink(),
    "a bit of the texts": lambda snapshot: flip(text_of(snapshot), 0.5),
    "cut": cut,
    "gone": lambda snapshot: (snapshot / "rasd.duckdb").unlink(),
    "no bytes": beside("rasd.duckdb", b""),
    "a log of nonsense beside it": beside("rasd.duckdb.wal", b"x" * 5000),
    "a log with changes beside it": written_to,
    "manifest gone": lambda snapshot: (snapshot / "manifest.json").unlink(),
    "manifest empty": beside("manifest.json", b""),
    "manifest no JSON": beside("manifest.json", b'{"size": 1'),
    "manifest of something else": beside("manifest.json", b'{"name": "package"}'),
    "manifest with wrong kinds": beside("manifest.json", b'{"schema_version": 1, "size": "x", "sha256": [], '
                                                         b'"created_at": 7, "rows": "many"}'),
    "manifest a list": beside("manifest.json", b"[" * 5000),
    "pointer gone": lambda snapshot: (snapshot.parents[1] / "CURRENT").unlink(),
    "pointer empty": beside("../../CURRENT", b""),
    "pointer to nothing": beside("../../CURRENT", b"20200101T000000Z-00000000\n"),
    "pointer that leads out": beside("../../CURRENT", b"../../../../etc\n"),
    "pointer of other bytes": beside("../../CURRENT", b"\xff\xfe\x00" * 500),
}  # fmt: skip


@pytest.fixture(scope="module")
def two(warm: Warm, held: Path, more: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with two snapshots, to be copied, not changed."""
    folder = Path(shutil.copytree(held, tmp_path_factory.mktemp("two") / "store"))
    assert faults.run(warm, "load", more, "--store", folder).code == 0
    return folder


def advised(warm: Warm, told: str) -> Ran:
    """Run the command that an error offers, as a person would type it."""
    (command,) = re.findall(r"rasd (snapshots use \S+ --store \S+)", told)
    return faults.run(warm, *shlex.split(command))


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_found_before_use_and_the_way_back_works(
    warm: Warm, two: Path, more: Path, tmp_path: Path, damage: Damage
) -> None:
    """A load and a reader refuse the damaged store in one line; its command leads to the last whole snapshot."""
    folder = Path(shutil.copytree(two, tmp_path / "store"))
    first, second = store.snapshots(folder)
    damage(folder / "snapshots" / second)
    whole = second if store_reads_no_pointer(folder) else first
    ran = faults.run(warm, "load", more, "--store", folder)
    assert (ran.code, ran.err.count("\n")) == (1, 1), ran
    with pytest.raises(store.StoreError) as error:
        store.open_snapshot(folder, store.current(folder) or "")
    assert error.value.code == "damaged"
    for told in (ran.err, str(error.value)):
        assert advised(warm, told).code == 0
        assert store.current(folder) == whole
        assert faults.counts(folder) == faults.counts_of(two, whole)
    assert faults.run(warm, "load", more, "--store", folder).code == 0


def store_reads_no_pointer(folder: Path) -> bool:
    """Is it the pointer that is damaged."""
    path = folder / "CURRENT"
    return not path.exists() or path.read_bytes().strip().decode("latin-1") not in store.snapshots(folder)


def test_where_nothing_whole_is_left_the_way_is_to_load_again(warm: Warm, folder: Path, more: Path) -> None:
    """No snapshot is offered that is damaged, too."""
    (name,) = store.snapshots(folder)
    cut(folder / "snapshots" / name)
    ran = faults.run(warm, "load", more, "--store", folder)
    assert (ran.code, ran.err.count("\n")) == (1, 1), ran
    assert "snapshots use" not in ran.err
    assert "load again" in ran.err


def test_shared_texts_are_checked_for_every_snapshot_that_shares_them(warm: Warm, folder: Path, more: Path) -> None:
    """A small load shares the texts that are there; where they are damaged, neither snapshot is offered."""
    (name,) = store.snapshots(folder)
    assert faults.run(warm, "load", more, "--store", folder, env={"RASD_UPON": "0"}).code == 0
    assert store.manifest(folder, store.current(folder) or "")["parts"][0]["name"] == name
    flip(text_of(folder / "snapshots" / name), 0.5)
    ran = faults.run(warm, "load", more, "--store", folder)
    assert (ran.code, ran.err.count("\n")) == (1, 1), ran
    assert "snapshots use" not in ran.err
    assert "load again" in ran.err


def test_a_lost_pointer_leads_past_damaged_snapshots(warm: Warm, two: Path, held: Path, tmp_path: Path) -> None:
    """CURRENT is gone and the last snapshot is damaged: the one before it is offered."""
    folder = Path(shutil.copytree(two, tmp_path / "store"))
    cut(folder / "snapshots" / store.snapshots(folder)[-1])
    (folder / "CURRENT").unlink()
    ran = faults.run(warm, "load", tmp_path, "--store", folder)
    assert advised(warm, ran.err).code == 0
    assert faults.counts(folder) == faults.counts(held)


def _pointer_folder(folder: Path) -> None:
    (folder / "snapshots").mkdir(parents=True)
    (folder / "CURRENT").mkdir()


def _snapshots_file(folder: Path) -> None:
    folder.mkdir()
    (folder / "snapshots").write_text("", "utf-8")


def _lock_folder(folder: Path) -> None:
    (folder / "load.lock").mkdir(parents=True)


def _thesis(folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.doc").touch()


def _nobodys(folder: Path) -> None:
    folder.symlink_to("/proc/1/nothing/here")


FOREIGN: dict[str, Damage] = {
    "a file": Path.touch, "CURRENT a folder": _pointer_folder, "snapshots a file": _snapshots_file,
    "the lock a folder": _lock_folder, "a folder of others": _thesis, "a link to nowhere": _nobodys,
    "no place to write": lambda _: None,
}  # fmt: skip


@pytest.mark.parametrize("what", FOREIGN)
@pytest.mark.parametrize("words", [["load"], ["snapshots", "list"], ["snapshots", "use", "20200101T000000Z-00000000"]])
def test_a_store_that_is_none_is_told_in_one_line(
    warm: Warm, more: Path, tmp_path: Path, what: str, words: list[object]
) -> None:
    """Whatever stands in its place: no traceback, no change, one line with a way out."""
    folder = Path("/proc/self/store") if what == "no place to write" else tmp_path / "store"
    FOREIGN[what](folder)
    stood = sorted(tmp_path.rglob("*"))
    ran = faults.run(warm, *words, *([more] if words == ["load"] else []), "--store", folder)
    assert ran.err.count("\n") <= 1, ran
    assert "Traceback" not in ran.err
    # A list of nothing is no failure; it says above it what is wrong.
    assert words == ["snapshots", "list"] or ran.code == 1
    assert [
        path for path in sorted(tmp_path.rglob("*")) if path not in stood and path.suffix not in {"", ".lock"}
    ] == []


def test_a_store_that_vanished_opens_as_none(folder: Path) -> None:
    """A reader that comes back after somebody removed the store meets a clean error, not the file system's."""
    name = store.current(folder) or ""
    with contextlib.closing(store.open_snapshot(folder, name)):
        shutil.rmtree(folder)
    assert store.current(folder) is None
    with pytest.raises(RasdError):
        store.open_snapshot(folder, name)
