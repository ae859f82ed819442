"""What is done with published snapshots: an article erased from all of them, two compared, old ones thrown away."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb

from etl.model import RasdError, StoreError, UsageError
from etl.registry import Registry
from etl.store import forgetting, places
from etl.store.building import Published, building, publish, sort_out
from etl.store.opening import EVERYWHERE, open_snapshot, verify
from etl.store.staging import MENTIONS

_MOST_LISTED = 20


def erase(store: Path, reasons: dict[str, str], registry: Registry) -> Published:
    """Publish a snapshot without these articles and remove every other that holds one, with the parts it alone needs.

    Afterwards no file of the store holds a byte of their text, and a later load refuses them (reason `erased`). Pages
    that they stood on go, too, and in the logs the names of files that may name them. One that was erased may be named
    again: what a killed run left is then removed. Raises UsageError where an id is not in the current snapshot,
    StoreError, BusyError.
    """
    places.held(store)
    with building(store, registry) as made:
        sort_out(made, {})
        for article_id in reasons:
            if not made.connection.execute(_KNOWN, [article_id]).fetchall():
                raise UsageError(f"{article_id!a}: no article of the current snapshot has this id; nothing was erased")
        files = forgetting.of_erased(made.connection, [*reasons])
        published = publish(made, erase=reasons, forget=files)
        if published is None:
            raise StoreError("build-failed", "nothing was erased")
        for name in places.snapshots(store):
            if name != published.snapshot_id and _may_hold(store, name, [*reasons], [*files]):
                places.drop(store, name)
        places.sweep(store, keep=made.folder)
    return published


_KNOWN = """
SELECT article_id FROM (SELECT article_id FROM old.article UNION SELECT article_id FROM old.erased)
WHERE article_id = ?
"""


_HELD = """
SELECT 1 FROM article WHERE list_contains($ids, article_id)
UNION ALL SELECT 1 FROM load_file WHERE list_contains($files, file)
UNION ALL SELECT 1 FROM reject WHERE list_contains($files, file)
"""


def _may_hold(store: Path, snapshot_id: str, article_ids: list[str], files: list[str]) -> bool:
    """Does a snapshot hold one of the articles, or name one of the files; what cannot be read may hold anything."""
    try:
        with contextlib.closing(open_snapshot(store, snapshot_id)) as connection:
            return bool(connection.execute(_HELD, {"ids": article_ids, "files": files}).fetchall())
    except (RasdError, duckdb.Error):
        return True


def prune(store: Path, keep: int) -> list[str]:
    """Remove all published snapshots but the newest `keep` and the current one; the ids of those removed.

    Raises BusyError, StoreError.
    """
    places.held(store)
    with places.locked(store):
        current = places.current(store)
        known = places.snapshots(store)
        gone = [name for name in known[: max(0, len(known) - keep)] if name != current]
        for name in gone:
            places.drop(store, name)
        places.sweep(store)
    return gone


class Difference(NamedTuple):
    """What one snapshot has and another has not: articles by id, and rows in force by layer in both."""

    added: list[str]
    changed: list[str]
    gone: list[str]
    mentions: dict[str, tuple[int, int]]


def compare(store: Path, first: str, second: str) -> Difference:
    """What changed from one snapshot to another; `changed` are articles whose current text or head is another version.

    Raises StoreError where one is missing or damaged.
    """
    for name in (first, second):
        verify(store, name)
    with contextlib.closing(duckdb.connect(config=EVERYWHERE)) as connection:
        for name, place in (("one", first), ("two", second)):
            quoted = str(places.database(store, place)).replace("'", "''")
            connection.execute(f"ATTACH '{quoted}' AS {name} (READ_ONLY)")
        listed = {how: [row[0] for row in connection.execute(sql).fetchall()] for how, sql in _DIFFERENCES.items()}
        mentions = {table: (_count(connection, "one", table), _count(connection, "two", table)) for table in MENTIONS}
    return Difference(listed["added"], listed["changed"], listed["gone"], mentions)


_DIFFERENCES = {
    "added": "SELECT DISTINCT article_id FROM two.article ANTI JOIN one.article USING (article_id) ORDER BY 1",
    "changed": """SELECT b.article_id FROM one.article a JOIN two.article b USING (article_id)
        WHERE a.is_current AND b.is_current AND a.content_sha256 <> b.content_sha256 ORDER BY 1""",
    "gone": "SELECT DISTINCT article_id FROM one.article ANTI JOIN two.article USING (article_id) ORDER BY 1",
}


def _count(connection: duckdb.DuckDBPyConnection, place: str, table: str) -> int:
    return connection.execute(f"SELECT count(*) FROM {place}.{table} WHERE in_force").fetchall()[0][0]


def told(difference: Difference) -> Iterator[str]:
    """The difference in lines for people; ids are escaped."""
    for how in ("added", "changed", "gone"):
        ids = getattr(difference, how)
        yield f"{how:<8} {len(ids)} articles"
        yield from (f"         {ascii(one)[1:-1]}" for one in ids[:_MOST_LISTED])
        if len(ids) > _MOST_LISTED:
            yield f"         … and {len(ids) - _MOST_LISTED} more"
    for table, (before, after) in difference.mentions.items():
        if before != after:
            yield f"{table.removesuffix('_mention'):<16} {before} → {after} in force"
