"""The tables themselves: made from schema.sql and texts.sql with their comments, and a copy of them made ready.

Identifiers below come from those files, never from data.
"""

import contextlib
import re
from collections.abc import Generator, Iterator
from pathlib import Path

import duckdb

from etl.registry import Registry
from etl.store import staging
from etl.store.staging import MENTIONS

_HOME = Path(__file__).resolve().parents[1]
_SCHEMA, _TEXTS = _HOME / "schema.sql", _HOME / "texts.sql"
_COLUMN = re.compile(r"^    (\w+) [^-]*--\s*(.+)$")
TEXT_TABLES = ("article_text", "sketch", "page", "page_block")

_ENUMS = {
    "publisher_enum": ("version.publisher",),
    "series_enum": ("event_mention.series_id",),
    "event_enum": ("event_mention.event_id",),
    "country_enum": ("country_mention.code", "pair_mention.a", "pair_mention.b", "entity_mention.country"),
    "theme_enum": ("theme_mention.theme_id",),
}
"""Closed lists made at publication, and the columns whose values they must hold."""


@contextlib.contextmanager
def _inside(connection: duckdb.DuckDBPyConnection, database: str) -> Generator[None]:
    """Unqualified names mean those of an attached database."""
    home = connection.execute("SELECT current_database()").fetchall()[0][0]
    connection.execute(f'USE "{database}"')
    yield
    connection.execute(f'USE "{home}"')


@contextlib.contextmanager
def _at_once(connection: duckdb.DuckDBPyConnection) -> Generator[None]:
    """All statements in one transaction: committed one by one, each of some 260 comments waits for the disk."""
    connection.begin()
    yield
    connection.commit()


def create_empty(connection: duckdb.DuckDBPyConnection, database: str) -> None:
    """The tables of both files without a row, in an attached database: what the first load builds upon."""
    with _inside(connection, database), _at_once(connection):
        for name in _ENUMS:
            connection.execute(f"CREATE TYPE {name} AS ENUM ('')")
        connection.execute(_SCHEMA.read_text(encoding="utf-8"))
        connection.execute(_TEXTS.read_text(encoding="utf-8"))


def open_tables(connection: duckdb.DuckDBPyConnection, registry: Registry, *, is_anew: bool) -> None:
    """Empty tables, or those of a copied snapshot without what `version` writes again; closed lists are wide enough."""
    known = {"series_enum": registry.series, "event_enum": registry.events, "country_enum": registry.countries,
             "theme_enum": registry.themes}  # fmt: skip
    lists = {name: _values(connection, name, list(known.get(name, ())), is_anew=is_anew) for name in _ENUMS}
    if is_anew:
        _create(connection, lists)
    else:
        _make_room(connection, lists)


def open_texts(connection: duckdb.DuckDBPyConnection, part: str) -> None:
    """The empty tables of a part, in an attached database of its name."""
    schema = _TEXTS.read_text(encoding="utf-8")
    with _inside(connection, part), _at_once(connection):
        connection.execute(schema)
        _comment(connection, schema, part)


def _values(connection: duckdb.DuckDBPyConnection, name: str, known: list[str], *, is_anew: bool) -> list[str]:
    """What a closed list must hold, sorted."""
    sources = [column for column in _ENUMS[name] if column.startswith("version.")]
    for column in _ENUMS[name]:
        if not column.startswith("version."):
            sources += [f"raw_{column}", *([f"old.{column}"] if is_anew else [])]
    # Of `old` only what stays: an id that an erased article alone used is to be in no list.
    stays = "SEMI JOIN version ON version.old_key = held.article_key"
    selects = [
        f"SELECT DISTINCT {column}::VARCHAR AS value FROM {table} held {stays if table.startswith('old.') else ''}"
        for table, _, column in (source.rpartition(".") for source in sources)
    ]
    found = connection.execute(f"SELECT DISTINCT value FROM ({' UNION ALL '.join(selects)}) WHERE value IS NOT NULL")
    listed = {value for (value,) in found.fetchall()} | set(known)
    if not is_anew:
        listed |= set(_listed(connection, name))
    # An ENUM needs a member: an empty name stands where no article names its publisher.
    return sorted(listed) or [""]


def _listed(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    return [value for (value,) in connection.execute(f"SELECT unnest(enum_range(NULL::{name}))").fetchall()]


def _create(connection: duckdb.DuckDBPyConnection, lists: dict[str, list[str]]) -> None:
    """The closed lists, the tables and views of a snapshot, and a comment on every column."""
    schema = _SCHEMA.read_text(encoding="utf-8")
    with _at_once(connection):
        for name, values in lists.items():
            _closed_list(connection, name, values)
        connection.execute(schema)
        _comment(connection, schema, "rasd")
        for table, column, comment in _comments(schema):
            if table == "article":
                connection.execute(f"COMMENT ON COLUMN counted_article.{column} IS '{comment}'")


def _closed_list(connection: duckdb.DuckDBPyConnection, name: str, values: list[str]) -> None:
    connection.register("listed", staging.text_table("value", values))
    connection.execute(f"CREATE TYPE {name} AS ENUM (SELECT value FROM listed ORDER BY value)")
    connection.unregister("listed")


def _make_room(connection: duckdb.DuckDBPyConnection, lists: dict[str, list[str]]) -> None:
    """Take out of a copied snapshot what `version` writes again, and widen the closed lists that need it."""
    for table in ("article", "statement", "returned_label", *MENTIONS):
        connection.execute(f"DELETE FROM {table} WHERE article_key IN (SELECT old_key FROM version)")
    connection.execute("DELETE FROM snapshot")
    wider = {name: values for name, values in lists.items() if values != _listed(connection, name)}
    if not wider:
        return
    # A type in use cannot be changed, and no table may change under a view.
    views = [one for one in connection.execute(_VIEWS).fetchall() if one[0] not in TEXT_TABLES]
    comments = [one for one in connection.execute(_COMMENTED).fetchall() if one[0] in {name for name, _ in views}]
    for name, _ in views:
        connection.execute(f"DROP VIEW {name}")
    for name, values in wider.items():
        _widen(connection, name, values)
    with _at_once(connection):
        for _, sql in views:
            connection.execute(sql)
        for table, column, comment in comments:
            quoted = comment.replace("'", "''")
            connection.execute(f"COMMENT ON COLUMN {table}.{column} IS '{quoted}'")


def _widen(connection: duckdb.DuckDBPyConnection, name: str, values: list[str]) -> None:
    columns = [(table, column) for table, column, kind in _columns() if kind == name]
    for table, column in columns:
        connection.execute(f"ALTER TABLE {table} ALTER {column} TYPE VARCHAR")
    connection.execute(f"DROP TYPE {name}")
    _closed_list(connection, name, values)
    for table, column in columns:
        connection.execute(f"ALTER TABLE {table} ALTER {column} TYPE {name}")


_VIEWS = """
SELECT view_name, sql FROM duckdb_views() WHERE database_name = current_database() AND NOT internal ORDER BY ALL
"""
_COMMENTED = """
SELECT table_name, column_name, comment FROM duckdb_columns()
WHERE database_name = current_database() AND comment IS NOT NULL
"""


def show_texts(connection: duckdb.DuckDBPyConnection, parts: list[str]) -> None:
    """The views over the texts of all parts, by which a snapshot's readers call them."""
    comments = _comments(_TEXTS.read_text(encoding="utf-8"))
    with _at_once(connection):
        for table in TEXT_TABLES:
            every = " UNION ALL ".join(f'FROM "{part}".{table}' for part in parts)
            connection.execute(f"CREATE OR REPLACE VIEW rasd.{table} AS {every}")
            for name, column, comment in comments:
                if name == table:
                    connection.execute(f"COMMENT ON COLUMN rasd.{table}.{column} IS '{comment}'")


def _comment(connection: duckdb.DuckDBPyConnection, schema: str, database: str) -> None:
    for table, column, comment in _comments(schema):
        connection.execute(f"COMMENT ON COLUMN \"{database}\".{table}.{column} IS '{comment}'")


def _columns() -> Iterator[tuple[str, str, str]]:
    """Table, column and type of every column of schema.sql."""
    table = ""
    for line in _SCHEMA.read_text(encoding="utf-8").splitlines():
        if line.startswith("CREATE TABLE "):
            table = line.split()[2]
        elif _COLUMN.match(line):
            column, kind = line.replace("-", " ").split()[:2]
            yield table, column, kind.rstrip(",")


def _comments(schema: str) -> list[tuple[str, str, str]]:
    """Table, column and comment of every column of a schema file, quotes doubled."""
    found, table = [], ""
    for line in schema.splitlines():
        if line.startswith("CREATE TABLE "):
            table = line.split()[2]
        elif table and (match := _COLUMN.match(line)):
            found.append((table, match[1], match[2].replace("'", "''")))
        elif line.startswith(")"):
            table = ""
    return found
