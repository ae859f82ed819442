"""One snapshot, opened for reading: what every question is asked of."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from etl import store

Row = tuple[Any, ...]
Params = list[Any]


@dataclass(frozen=True)
class Source:
    """One snapshot of one store: what every answer is kept by."""

    folder: Path
    snapshot_id: str


@functools.lru_cache(maxsize=8)
def connection(source: Source) -> duckdb.DuckDBPyConnection:
    """The read-only connection of a snapshot, opened and checked once per process."""
    return store.open_snapshot(source.folder, source.snapshot_id)


def current(folder: Path) -> Source:
    """The snapshot that CURRENT names now. Raises the store's errors (no-store, damaged, foreign, other-version)."""
    snapshot_id = store.current(folder)
    if snapshot_id is None:
        raise store.StoreError("no-store", f"{folder}: nothing has been loaded; run: rasd load PATH")
    return Source(folder, snapshot_id)


def rows(source: Source, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
    """One query on its own cursor, read at once; values by place, or by name for `$name`."""
    bound = dict(params) if isinstance(params, Mapping) else list(params)
    return connection(source).cursor().execute(sql, bound).fetchall()


def records(source: Source, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The same, each row by the names of its columns."""
    cursor = connection(source).cursor().execute(sql, list(params))
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
