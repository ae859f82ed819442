"""From `old` (the current snapshot) and what was sorted out of the staged rows to the tables of a new snapshot, by SQL.

Two ways, one set of statements: *anew*, into empty tables, where every article is written; or *upon* a copy of the
current snapshot, where only the versions that a load touches are taken out and written again. `version` holds what is
written. The content is the same either way; keys and the order of rows on the disk are only compact after *anew*.

Identifiers below come from schema.sql, texts.sql and staging.MENTIONS, never from data.
"""

import contextlib
import re
from collections.abc import Generator, Iterator
from pathlib import Path

import duckdb

from etl.registry import Registry
from etl.store import staging
from etl.store.staging import MENTIONS, SPAN

_HOME = Path(__file__).resolve().parents[1]
_SCHEMA, _TEXTS = _HOME / "schema.sql", _HOME / "texts.sql"
_COLUMN = re.compile(r"^    (\w+) [^-]*--\s*(.+)$")
TEXT_TABLES = ("article_text", "page", "page_block")

_ENUMS = {
    "publisher_enum": ("version.publisher",),
    "series_enum": ("event_mention.series_id",),
    "event_enum": ("event_mention.event_id",),
    "country_enum": ("country_mention.code", "pair_mention.a", "pair_mention.b", "entity_mention.country"),
    "theme_enum": ("theme_mention.theme_id",),
}
"""Closed lists made at publication, and the columns whose values they must hold."""

_ERASED = "CREATE OR REPLACE TEMP TABLE erasing (article_id VARCHAR, reason VARCHAR)"

_VERSIONS = """
CREATE TEMP TABLE version AS
WITH incoming AS (
    SELECT a.* EXCLUDE (headline, body, record_no), f.story_id, getvariable('load_id')::VARCHAR AS load_id
    FROM raw_article a SEMI JOIN arrived USING (arrival_no) LEFT JOIN raw_found f USING (arrival_no)
), every AS (
    SELECT * EXCLUDE (article_key, story_key, version_no, is_current), article_key AS old_key
    FROM old.article WHERE article_id NOT IN (SELECT article_id FROM erasing) AND ({touched})
    UNION ALL BY NAME
    SELECT *, NULL::INTEGER AS old_key FROM incoming
), one AS (
    SELECT * EXCLUDE (arrival_no, story_id), max(story_id) OVER same AS story_id,
        CASE WHEN old_key IS NULL THEN min(arrival_no) OVER same END AS text_no
    FROM every
    WINDOW same AS (PARTITION BY article_id, content_sha256)
    QUALIFY row_number() OVER (PARTITION BY article_id, content_sha256
        ORDER BY old_key NULLS LAST, fetched_at DESC NULLS LAST, page_id, is_sample, arrival_no) = 1
), numbered AS (
    SELECT *,
        row_number() OVER (PARTITION BY article_id
            ORDER BY fetched_at NULLS FIRST, published_on NULLS FIRST, content_sha256)::INTEGER AS version_no,
        count(*) OVER (PARTITION BY article_id) AS n_versions
    FROM one
)
SELECT n.* EXCLUDE (n_versions), version_no = n_versions AS is_current,
    ({article_key})::INTEGER AS article_key, ({story_key})::INTEGER AS story_key
FROM numbered n LEFT JOIN (
    SELECT DISTINCT story_id, story_key AS old_story FROM old.article WHERE {is_upon}
) s USING (story_id)
"""

_ANEW = {
    "touched": "true",
    "is_upon": "false",
    "article_key": "row_number() OVER (ORDER BY article_id, version_no)",
    "story_key": "dense_rank() OVER (ORDER BY story_id)",
}
_UPON = {
    "touched": "article_id IN (SELECT article_id FROM arrived)",
    "is_upon": "true",
    "article_key": """coalesce(old_key, (SELECT max(article_key) FROM old.article)
        + row_number() OVER (PARTITION BY old_key IS NULL ORDER BY article_id, version_no))""",
    "story_key": """coalesce(old_story, (SELECT max(story_key) FROM old.article)
        + dense_rank() OVER (PARTITION BY old_story IS NULL ORDER BY story_id))""",
}

_ARTICLE = "INSERT INTO article BY NAME SELECT * EXCLUDE (old_key, text_no) FROM version ORDER BY article_key"

_ARRIVAL = """
CREATE TEMP TABLE arrival_version AS
SELECT a.arrival_no, v.article_key FROM arrived a JOIN version v USING (article_id, content_sha256)
"""

# The built-in annotator speaks anew when the registry changes: its earlier rows about that version then go.
_AGAIN = """
CREATE TEMP TABLE again AS
SELECT DISTINCT v.old_key, f.annotator
FROM fresh f JOIN arrival_version USING (arrival_no) JOIN version v USING (article_key)
WHERE f.is_built_in AND v.old_key IS NOT NULL
"""

_STATEMENT = """
INSERT INTO statement
SELECT v.article_key, s.annotator, s.sha256, s.is_built_in, s.load_id
FROM old.statement s JOIN version v ON v.old_key = s.article_key
WHERE NOT EXISTS (FROM again WHERE again.old_key = s.article_key AND again.annotator = s.annotator)
UNION ALL
SELECT article_key, annotator, sha256, is_built_in, getvariable('load_id')
FROM fresh JOIN arrival_version USING (arrival_no)
ORDER BY article_key, annotator, sha256
"""

# Of one program (the name before its last slash) only the version loaded last is in force.
_IN_FORCE = """
CREATE TEMP TABLE program AS
WITH spoken AS (
    SELECT article_key, annotator, max(load_id) AS load_id, count(*) AS n
    FROM statement SEMI JOIN version USING (article_key) GROUP BY ALL
), named AS (
    SELECT *, regexp_replace(annotator, '/[^/]*$', '') AS name, regexp_extract(annotator, '/([^/]*)$', 1) AS version
    FROM spoken
)
SELECT article_key, annotator, n, row_number() OVER (PARTITION BY article_key, name ORDER BY load_id DESC,
    list_transform(string_split(version, '.'), lambda part: coalesce(try_cast(part AS BIGINT), -1)) DESC,
    version DESC) = 1 AS is_last
FROM named
"""

# Rows of one statement are different from each other; an annotator that spoke twice of a version may repeat itself.
_SAID = """
CREATE TEMP TABLE said AS
WITH every AS (
    SELECT n.article_key, {columns} FROM raw_{table} m
    JOIN fresh f USING (arrival_no, annotator) JOIN arrival_version n USING (arrival_no)
    UNION ALL
    SELECT v.article_key, {columns} FROM old.{table} m JOIN version v ON v.old_key = m.article_key
    WHERE NOT EXISTS (FROM again WHERE again.old_key = m.article_key AND again.annotator = m.annotator)
)
FROM every SEMI JOIN once USING (article_key, annotator)
UNION ALL
SELECT DISTINCT * FROM every ANTI JOIN once USING (article_key, annotator)
"""
_ONCE = "CREATE TEMP TABLE once AS SELECT article_key, annotator FROM program WHERE n = 1"

_MENTION = """
INSERT INTO {table} BY NAME
WITH analysed AS (
    SELECT DISTINCT m.article_key, {layer} AS layer FROM said m WHERE starts_with(m.annotator, 'analyst:')
), told AS (
    SELECT m.*, {repeated}
        v.is_current AND (starts_with(m.annotator, 'analyst:')
            OR (p.article_key IS NOT NULL AND x.layer IS NULL)) AS in_force
    FROM said m JOIN version v USING (article_key)
    LEFT JOIN program p ON p.article_key = m.article_key AND p.annotator = m.annotator AND p.is_last
    LEFT JOIN analysed x ON x.article_key = m.article_key AND x.layer = {layer}
)
FROM told ORDER BY {order}
"""

# A part is read by key, so its rows may lie in the order of their coming.
_TEXT = """
INSERT INTO {part}.article_text
SELECT v.article_key, t.headline, t.body, t.folded FROM version v JOIN old.article_text t ON t.article_key = v.old_key
WHERE {is_anew}
UNION ALL
SELECT v.article_key, a.headline, a.body, f.folded
FROM version v JOIN raw_article a ON a.arrival_no = v.text_no JOIN raw_found f ON f.arrival_no = v.text_no
"""

_PAGES = """
CREATE TEMP TABLE erased_page AS
SELECT DISTINCT page_id FROM old.article SEMI JOIN erasing USING (article_id);
CREATE TEMP TABLE new_page AS
SELECT page_id, min(record_no) AS record_no FROM raw_page
WHERE record_no IN (SELECT record_no FROM outcome WHERE outcome = 'accepted')
    AND page_id NOT IN (SELECT page_id FROM old.page) GROUP BY ALL;
INSERT INTO {part}.page
FROM old.page WHERE {is_anew} AND page_id NOT IN (FROM erased_page)
UNION ALL SELECT p.page_id, p.name, p.text FROM raw_page p SEMI JOIN new_page USING (page_id, record_no);
INSERT INTO {part}.page_block
FROM old.page_block WHERE {is_anew} AND page_id NOT IN (FROM erased_page)
UNION ALL SELECT b.* EXCLUDE (record_no) FROM raw_page_block b SEMI JOIN new_page USING (page_id, record_no);
"""

_LOGS = {
    "load_file": """SELECT getvariable('load_id'), n.file, n.format, count(o.outcome),
        count(*) FILTER (outcome = 'accepted'), count(*) FILTER (outcome = 'rejected'),
        count(*) FILTER (outcome = 'duplicate') FROM named_file n LEFT JOIN outcome o USING (file) GROUP BY ALL""",
    "reject": "SELECT getvariable('load_id'), * EXCLUDE (record_no) FROM rejected",
    "refused_annotation": """SELECT getvariable('load_id'), * EXCLUDE (record_no) FROM raw_refused_annotation
        WHERE record_no IN (SELECT record_no FROM outcome WHERE outcome = 'accepted')""",
    "erased": "SELECT article_id, reason, getvariable('load_id') FROM erasing",
}


@contextlib.contextmanager
def _inside(connection: duckdb.DuckDBPyConnection, database: str) -> Generator[None]:
    """Unqualified names mean those of an attached database."""
    home = connection.execute("SELECT current_database()").fetchall()[0][0]
    connection.execute(f'USE "{database}"')
    yield
    connection.execute(f'USE "{home}"')


def create_empty(connection: duckdb.DuckDBPyConnection, database: str) -> None:
    """The tables of both files without a row, in an attached database: what the first load builds upon."""
    with _inside(connection, database):
        for name in _ENUMS:
            connection.execute(f"CREATE TYPE {name} AS ENUM ('')")
        connection.execute(_SCHEMA.read_text(encoding="utf-8"))
        connection.execute(_TEXTS.read_text(encoding="utf-8"))


def erasing(connection: duckdb.DuckDBPyConnection, reasons: dict[str, str]) -> None:
    """Note the articles that the new snapshot is not to hold, with the reason for each."""
    connection.execute(_ERASED)
    if reasons:
        connection.executemany("INSERT INTO erasing VALUES (?, ?)", [list(one) for one in reasons.items()])


def fill(connection: duckdb.DuckDBPyConnection, registry: Registry, part: str, *, is_anew: bool) -> None:
    """Write every table but `snapshot`; `part` is the attached database that takes the texts."""
    connection.execute(_VERSIONS.format(**(_ANEW if is_anew else _UPON)))
    known = {"series_enum": registry.series, "event_enum": registry.events, "country_enum": registry.countries,
             "theme_enum": registry.themes}  # fmt: skip
    lists = {name: _values(connection, name, list(known.get(name, ())), is_anew=is_anew) for name in _ENUMS}
    if is_anew:
        _create(connection, lists)
    else:
        _make_room(connection, lists)
    for statement in (_ARTICLE, _ARRIVAL, _AGAIN, _STATEMENT, _IN_FORCE, _ONCE):
        connection.execute(statement)
    for table in MENTIONS:
        _fill_mentions(connection, table)
    for table, new in _LOGS.items():
        old = f"FROM old.{table} UNION ALL" if is_anew else ""
        connection.execute(f"INSERT INTO {table} FROM ({old} {new}) ORDER BY ALL")
    _fill_texts(connection, part, is_anew=is_anew)
    for table, rows in staging.registry_tables(registry).items():
        connection.register("incoming", rows)
        connection.execute(f"DELETE FROM {table}; INSERT INTO {table} FROM incoming")
        connection.unregister("incoming")


def _values(connection: duckdb.DuckDBPyConnection, name: str, known: list[str], *, is_anew: bool) -> list[str]:
    """What a closed list must hold, sorted."""
    sources = [column for column in _ENUMS[name] if column.startswith("version.")]
    for column in _ENUMS[name]:
        if not column.startswith("version."):
            sources += [f"raw_{column}", *([f"old.{column}"] if is_anew else [])]
    selects = [f"SELECT DISTINCT {s.rpartition('.')[2]}::VARCHAR AS value FROM {s.rpartition('.')[0]}" for s in sources]
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
    for name, values in lists.items():
        _closed_list(connection, name, values)
    schema = _SCHEMA.read_text(encoding="utf-8")
    connection.execute(schema)
    _comment(connection, schema)
    for table, column, comment in _comments(schema):
        if table == "article":
            connection.execute(f"COMMENT ON COLUMN counted_article.{column} IS '{comment}'")


def _closed_list(connection: duckdb.DuckDBPyConnection, name: str, values: list[str]) -> None:
    connection.register("listed", staging.text_table("value", values))
    connection.execute(f"CREATE TYPE {name} AS ENUM (SELECT value FROM listed ORDER BY value)")
    connection.unregister("listed")


def _make_room(connection: duckdb.DuckDBPyConnection, lists: dict[str, list[str]]) -> None:
    """Take out of a copied snapshot what `version` writes again, and widen the closed lists that need it."""
    for table in ("article", "statement", *MENTIONS):
        connection.execute(f"DELETE FROM {table} WHERE article_key IN (SELECT old_key FROM version)")
    connection.execute("DELETE FROM snapshot")
    wider = {name: values for name, values in lists.items() if values != _listed(connection, name)}
    if not wider:
        return
    # A type in use cannot be changed, and no table may change under a view.
    views = connection.execute(_VIEWS).fetchall()
    comments = [one for one in connection.execute(_COMMENTED).fetchall() if one[0] in {name for name, _ in views}]
    for name, _ in views:
        connection.execute(f"DROP VIEW {name}")
    for name, values in wider.items():
        _widen(connection, name, values)
    for _, sql in views:
        connection.execute(sql)
    for table, column, comment in comments:
        quoted = comment.replace("'", "''")
        connection.execute(f"COMMENT ON COLUMN {table}.{column} IS '{quoted}'")


_VIEWS = """
SELECT view_name, sql FROM duckdb_views() WHERE database_name = current_database() AND NOT internal ORDER BY ALL
"""
_COMMENTED = """
SELECT table_name, column_name, comment FROM duckdb_columns()
WHERE database_name = current_database() AND comment IS NOT NULL
"""


def _widen(connection: duckdb.DuckDBPyConnection, name: str, values: list[str]) -> None:
    columns = [(table, column) for table, column, kind in _columns() if kind == name]
    for table, column in columns:
        connection.execute(f"ALTER TABLE {table} ALTER {column} TYPE VARCHAR")
    connection.execute(f"DROP TYPE {name}")
    _closed_list(connection, name, values)
    for table, column in columns:
        connection.execute(f"ALTER TABLE {table} ALTER {column} TYPE {name}")


def _fill_mentions(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    mention = MENTIONS[table]
    columns = ", ".join(f"m.{name}" for name in (*mention.own, *SPAN))
    repeated = "v.story_key, v.role, v.published_on, v.publisher," if mention.is_wide else ""
    layer = "m.kind" if table == "entity_mention" else "''"
    connection.execute(_SAID.format(columns=columns, table=table))
    order = ", ".join((mention.order, *mention.own, *SPAN))
    connection.execute(_MENTION.format(table=table, repeated=repeated, layer=layer, order=order))
    connection.execute("DROP TABLE said")


def _fill_texts(connection: duckdb.DuckDBPyConnection, part: str, *, is_anew: bool) -> None:
    schema = _TEXTS.read_text(encoding="utf-8")
    quoted = f'"{part}"'
    with _inside(connection, part):
        connection.execute(schema)
        _comment(connection, schema)
    how = {"part": quoted, "is_anew": "true" if is_anew else "false"}
    connection.execute(_TEXT.format(**how))
    connection.execute(_PAGES.format(**how))


def show_texts(connection: duckdb.DuckDBPyConnection, parts: list[str]) -> None:
    """The views over the texts of all parts, by which a snapshot's readers call them."""
    comments = _comments(_TEXTS.read_text(encoding="utf-8"))
    for table in TEXT_TABLES:
        every = " UNION ALL ".join(f'FROM "{part}".{table}' for part in parts)
        connection.execute(f"CREATE OR REPLACE VIEW {table} AS {every}")
        for name, column, comment in comments:
            if name == table:
                connection.execute(f"COMMENT ON COLUMN {table}.{column} IS '{comment}'")


def _comment(connection: duckdb.DuckDBPyConnection, schema: str) -> None:
    for table, column, comment in _comments(schema):
        connection.execute(f"COMMENT ON COLUMN {table}.{column} IS '{comment}'")


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
