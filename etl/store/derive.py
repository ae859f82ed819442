"""From `old` (the current snapshot) and `stage` (what a load brought) to the tables of schema.sql, by SQL.

Keys are ranks, mention tables are sorted by a total order: the same articles give the same tables, whichever way
they came. Identifiers below come from schema.sql and staging.MENTIONS, never from data.
"""

import re
from pathlib import Path

import duckdb

from etl.registry import Registry
from etl.store import staging
from etl.store.staging import MENTIONS, SPAN

_SCHEMA = Path(__file__).resolve().parents[1] / "schema.sql"
_COLUMN = re.compile(r"^    (\w+) [^-]*--\s*(.+)$")
_CARRIED = ("load_file", "reject", "refused_annotation")

_ENUMS = {
    "publisher_enum": ("article.publisher",),
    "series_enum": ("event_mention.series_id",),
    "event_enum": ("event_mention.event_id",),
    "country_enum": ("country_mention.code", "pair_mention.a", "pair_mention.b", "entity_mention.country"),
    "theme_enum": ("theme_mention.theme_id",),
}
"""Closed lists made at publication, and the columns whose values they must hold."""

_VERSIONS = """
CREATE TEMP TABLE version AS
WITH every AS (
    SELECT * EXCLUDE (story_key, version_no, is_current) FROM old.article
    UNION ALL BY NAME
    SELECT * EXCLUDE (headline, body, folded), NULL::INTEGER AS article_key FROM stage.article
), one AS (
    SELECT * FROM every
    QUALIFY row_number() OVER (PARTITION BY article_id, content_sha256
        ORDER BY article_key NULLS LAST, fetched_at DESC NULLS LAST, page_id, is_sample) = 1
), numbered AS (
    SELECT * EXCLUDE (article_key), article_key AS old_key,
        row_number() OVER (PARTITION BY article_id
            ORDER BY fetched_at NULLS FIRST, published_on NULLS FIRST, content_sha256)::INTEGER AS version_no,
        count(*) OVER (PARTITION BY article_id) AS n_versions,
        dense_rank() OVER (ORDER BY story_id)::INTEGER AS story_key
    FROM one
)
SELECT * EXCLUDE (n_versions), version_no = n_versions AS is_current,
    row_number() OVER (ORDER BY article_id, version_no)::INTEGER AS article_key
FROM numbered
"""

_ARTICLE = "INSERT INTO article BY NAME SELECT * EXCLUDE (old_key) FROM version ORDER BY article_key"

_TEXT = """
INSERT INTO article_text
WITH text AS (
    SELECT v.article_key, t.headline, t.body, t.folded
    FROM version v JOIN old.article_text t ON t.article_key = v.old_key
    UNION ALL
    SELECT v.article_key, any_value(s.headline), any_value(s.body), any_value(s.folded)
    FROM version v JOIN stage.article s USING (article_id, content_sha256)
    WHERE v.old_key IS NULL GROUP BY v.article_key
)
FROM text ORDER BY article_key
"""

# The built-in annotator speaks anew when the registry changes: its earlier rows about that version then go.
_ANEW = """
CREATE TEMP TABLE anew AS
SELECT DISTINCT v.old_key, s.annotator FROM stage.statement s JOIN version v USING (article_id, content_sha256)
WHERE s.is_built_in AND v.old_key IS NOT NULL
"""

_STATEMENT = """
INSERT INTO statement
WITH said AS (
    SELECT v.article_key, s.annotator, s.sha256, s.is_built_in, s.load_id
    FROM old.statement s JOIN version v ON v.old_key = s.article_key
    WHERE NOT EXISTS (FROM anew WHERE anew.old_key = s.article_key AND anew.annotator = s.annotator)
    UNION ALL
    SELECT v.article_key, s.annotator, s.sha256, s.is_built_in, s.load_id
    FROM stage.statement s JOIN version v USING (article_id, content_sha256)
)
FROM said QUALIFY row_number() OVER (PARTITION BY sha256 ORDER BY load_id) = 1
ORDER BY article_key, annotator, sha256
"""

# Of one program (the name before its last slash) only the version loaded last is in force.
_IN_FORCE = """
CREATE TEMP TABLE program AS
WITH spoken AS (
    SELECT article_key, annotator, max(load_id) AS load_id FROM statement GROUP BY ALL
), named AS (
    SELECT *, regexp_replace(annotator, '/[^/]*$', '') AS name, regexp_extract(annotator, '/([^/]*)$', 1) AS version
    FROM spoken
)
SELECT article_key, annotator FROM named
QUALIFY row_number() OVER (PARTITION BY article_key, name ORDER BY load_id DESC,
    list_transform(string_split(version, '.'), lambda part: coalesce(try_cast(part AS BIGINT), -1)) DESC,
    version DESC) = 1
"""

_SAID = """
CREATE TEMP TABLE said AS
SELECT v.article_key, {columns} FROM stage.{table} m JOIN version v USING (article_id, content_sha256)
UNION
SELECT v.article_key, {columns} FROM old.{table} m JOIN version v ON v.old_key = m.article_key
WHERE NOT EXISTS (FROM anew WHERE anew.old_key = m.article_key AND anew.annotator = m.annotator)
"""

_MENTION = """
INSERT INTO {table} BY NAME
WITH analysed AS (
    SELECT DISTINCT m.article_key, {layer} AS layer FROM said m WHERE starts_with(m.annotator, 'analyst:')
), told AS (
    SELECT m.*, {repeated}
        v.is_current AND (starts_with(m.annotator, 'analyst:')
            OR (p.article_key IS NOT NULL AND x.layer IS NULL)) AS in_force
    FROM said m JOIN version v USING (article_key)
    LEFT JOIN program p ON p.article_key = m.article_key AND p.annotator = m.annotator
    LEFT JOIN analysed x ON x.article_key = m.article_key AND x.layer = {layer}
)
FROM told ORDER BY {order}
"""

_PAGES = """
CREATE TEMP TABLE new_page AS
SELECT * FROM stage.page WHERE page_id NOT IN (SELECT page_id FROM old.page)
QUALIFY row_number() OVER (PARTITION BY page_id ORDER BY name) = 1;
INSERT INTO page FROM (FROM old.page UNION ALL FROM new_page) ORDER BY page_id;
INSERT INTO page_block FROM (
    FROM old.page_block UNION ALL FROM (SELECT DISTINCT * FROM stage.page_block) SEMI JOIN new_page USING (page_id)
) ORDER BY page_id, position;
"""


def create_empty(connection: duckdb.DuckDBPyConnection, database: str) -> None:
    """The tables of schema.sql without a row, in an attached database: what the first load builds upon."""
    home = connection.execute("SELECT current_database()").fetchall()[0][0]
    connection.execute(f"USE {database}")
    for name in _ENUMS:
        connection.execute(f"CREATE TYPE {name} AS ENUM ('')")
    connection.execute(_SCHEMA.read_text(encoding="utf-8"))
    connection.execute(f'USE "{home}"')


def create(connection: duckdb.DuckDBPyConnection, registry: Registry) -> None:
    """The closed lists (registry and data), the tables and views, and a comment on every column."""
    known = {"series_enum": registry.series, "event_enum": registry.events, "country_enum": registry.countries,
             "theme_enum": registry.themes}  # fmt: skip
    for name, columns in _ENUMS.items():
        _closed_list(connection, name, columns, list(known.get(name, ())))
    schema = _SCHEMA.read_text(encoding="utf-8")
    connection.execute(schema)
    for table, column, comment in _comments(schema):
        connection.execute(f"COMMENT ON COLUMN {table}.{column} IS '{comment}'")
    for table, column, comment in _comments(schema):
        if table == "article":
            connection.execute(f"COMMENT ON COLUMN counted_article.{column} IS '{comment}'")


def _closed_list(connection: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...], known: list[str]) -> None:
    sources = [f"{place}.{table_column}" for place in ("old", "stage") for table_column in columns]
    selects = [f"SELECT {s.rpartition('.')[2]}::VARCHAR AS value FROM {s.rpartition('.')[0]}" for s in sources]
    connection.register("known", staging.text_table("value", known))
    found = f"SELECT DISTINCT value FROM (FROM known UNION ALL {' UNION ALL '.join(selects)}) WHERE value IS NOT NULL"
    connection.execute(f"CREATE TEMP TABLE listed AS {found}")
    # An ENUM needs a member: an empty name stands where no article names its publisher.
    connection.execute("INSERT INTO listed SELECT '' WHERE NOT EXISTS (FROM listed)")
    connection.execute(f"CREATE TYPE {name} AS ENUM (SELECT value FROM listed ORDER BY value)")
    connection.execute("DROP TABLE listed")
    connection.unregister("known")


def _comments(schema: str) -> list[tuple[str, str, str]]:
    """Table, column and comment of every column in schema.sql, quotes doubled."""
    found, table = [], ""
    for line in schema.splitlines():
        if line.startswith("CREATE TABLE "):
            table = line.split()[2]
        elif table and (match := _COLUMN.match(line)):
            found.append((table, match[1], match[2].replace("'", "''")))
        elif line.startswith(")"):
            table = ""
    return found


def fill(connection: duckdb.DuckDBPyConnection, registry: Registry) -> None:
    """Fill every table but `snapshot`: versions and their texts, who spoke, what was said, pages, the log of loads."""
    for statement in (_VERSIONS, _ARTICLE, _TEXT, _ANEW, _STATEMENT, _IN_FORCE, _PAGES):
        connection.execute(statement)
    for table in MENTIONS:
        _fill_mentions(connection, table)
    for table in _CARRIED:
        connection.execute(f"INSERT INTO {table} FROM (FROM old.{table} UNION ALL FROM stage.{table}) ORDER BY ALL")
    for table, rows in staging.registry_tables(registry).items():
        connection.register("incoming", rows)
        connection.execute(f"INSERT INTO {table} FROM incoming")
        connection.unregister("incoming")


def _fill_mentions(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    mention = MENTIONS[table]
    columns = ", ".join(f"m.{name}" for name in (*mention.own, *SPAN))
    repeated = "v.story_key, v.role, v.published_on, v.publisher," if mention.is_wide else ""
    layer = "m.kind" if table == "entity_mention" else "''"
    connection.execute(_SAID.format(columns=columns, table=table))
    order = ", ".join((mention.order, *mention.own, *SPAN))
    connection.execute(_MENTION.format(table=table, repeated=repeated, layer=layer, order=order))
    connection.execute("DROP TABLE said")
