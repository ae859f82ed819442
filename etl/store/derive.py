"""From `old` (the current snapshot) and what was sorted out of the staged rows to the tables of a new snapshot, by SQL.

Two ways, one set of statements: *anew*, into empty tables, where every article is written; or *upon* a copy of the
current snapshot, where only the versions that a load touches are taken out and written again. `version` holds what is
written. The content is the same either way; keys and the order of rows on the disk are only compact after *anew*.

Identifiers below come from schema.sql, texts.sql and staging.MENTIONS, never from data.
"""

import duckdb

from etl.gather import candidates
from etl.registry import Registry
from etl.store import staging, tables
from etl.store.staging import MENTIONS, SPAN

_ERASED = """
CREATE OR REPLACE TEMP TABLE erasing (article_id VARCHAR, reason VARCHAR);
CREATE OR REPLACE TEMP TABLE nameless (file VARCHAR, shown VARCHAR);
"""

_PLACED = """
CREATE TEMP TABLE placed AS
WITH incoming AS (
    SELECT * EXCLUDE (headline, body, record_no), getvariable('load_id')::VARCHAR AS load_id
    FROM raw_article SEMI JOIN touching USING (arrival_no)
), every AS (
    SELECT * EXCLUDE (article_key, version_no, is_current, story_key, story_id, story_rule, story_share),
        article_key AS old_key
    FROM old.article WHERE article_id NOT IN (SELECT article_id FROM erasing) AND ({touched})
    UNION ALL BY NAME
    SELECT *, NULL::INTEGER AS old_key FROM incoming
), one AS (
    SELECT * EXCLUDE (arrival_no) REPLACE (max(fetched_at) OVER same AS fetched_at,
            first_value(page_id) OVER seen AS page_id, bool_and(is_sample) OVER same AS is_sample),
        CASE WHEN old_key IS NULL THEN min(arrival_no) OVER same END AS text_no
    FROM every
    WINDOW same AS (PARTITION BY article_id, content_sha256),
        seen AS (PARTITION BY article_id, content_sha256 ORDER BY fetched_at DESC NULLS LAST, page_id)
    QUALIFY row_number() OVER (PARTITION BY article_id, content_sha256 ORDER BY old_key NULLS LAST, arrival_no) = 1
), numbered AS (
    SELECT *,
        row_number() OVER (PARTITION BY article_id
            ORDER BY fetched_at NULLS FIRST, published_on NULLS FIRST, content_sha256)::INTEGER AS version_no,
        count(*) OVER (PARTITION BY article_id) AS n_versions
    FROM one
)
SELECT * EXCLUDE (n_versions), version_no = n_versions AS is_current, ({article_key})::INTEGER AS article_key
FROM numbered
"""

_ANEW = {
    "touched": "true",
    "article_key": "row_number() OVER (ORDER BY article_id, version_no)",
}
_UPON = {
    "touched": "article_id IN (SELECT article_id FROM touching)",
    "article_key": """coalesce(old_key, (SELECT max(article_key) FROM old.article)
        + row_number() OVER (PARTITION BY old_key IS NULL ORDER BY article_id, version_no))""",
}

# Written where they are to stay: gathering reads them there, several times, and they are most of a gigabyte.
_SKETCH = """
INSERT INTO {part}.sketch
SELECT p.article_key, s.* EXCLUDE (article_key) FROM old.sketch s JOIN placed p ON p.old_key = s.article_key
WHERE {is_anew}
UNION ALL
SELECT p.article_key, p.article_id, f.* EXCLUDE (arrival_no, headline, body, folded)
FROM raw_found f JOIN placed p ON p.text_no = f.arrival_no;
CREATE TEMP VIEW sketch AS FROM {part}.sketch UNION ALL FROM old.sketch WHERE NOT {is_anew};
"""
_TOLD = """
CREATE TEMP TABLE fresh AS SELECT article_key FROM placed WHERE old_key IS NULL;
CREATE TEMP VIEW told AS SELECT article_key, story_id FROM old.article
"""

# Upon a copy, articles that only their story touches are written again as they stand.
_VERSIONS = """
CREATE TEMP TABLE version AS
WITH every AS (
    FROM placed
    UNION ALL BY NAME
    SELECT o.* EXCLUDE (story_key, story_id, story_rule, story_share), article_key AS old_key, NULL::BIGINT AS text_no
    FROM old.article o JOIN gathered g USING (article_key)
    WHERE NOT {is_anew} AND article_key NOT IN (SELECT old_key FROM placed WHERE old_key IS NOT NULL)
        AND (o.story_id, o.story_rule, o.story_share) IS DISTINCT FROM (g.story_id, g.rule, g.share)
), told_story AS (
    SELECT e.*, coalesce(g.story_id, o.story_id) AS story_id,
        if(g.article_key IS NULL, o.story_rule, g.rule) AS story_rule,
        if(g.article_key IS NULL, o.story_share, g.share) AS story_share
    FROM every e LEFT JOIN gathered g USING (article_key) LEFT JOIN old.article o ON o.article_key = e.old_key
)
SELECT t.*, coalesce(old_story, (SELECT coalesce(max(story_key), 0) FROM old.article WHERE NOT {is_anew})
    + dense_rank() OVER (PARTITION BY old_story IS NULL ORDER BY story_id))::INTEGER AS story_key
FROM told_story t LEFT JOIN (
    SELECT DISTINCT story_id, story_key AS old_story FROM old.article WHERE NOT {is_anew}
) s USING (story_id)
"""

_ARTICLE = "INSERT INTO article BY NAME SELECT * EXCLUDE (old_key, text_no) FROM version ORDER BY article_key"

_ARRIVAL = """
CREATE TEMP TABLE arrival_version AS
SELECT a.arrival_no, v.article_key FROM arrived a JOIN version v USING (article_id, content_sha256)
"""

# The built-in annotator speaks anew when the registry changes: its earlier rows about that version then go.
_AGAIN = """
CREATE TEMP TABLE again AS
SELECT DISTINCT v.old_key, f.annotator
FROM new_statement f JOIN arrival_version USING (arrival_no) JOIN version v USING (article_key)
WHERE f.is_built_in AND v.old_key IS NOT NULL
"""

_STATEMENT = """
INSERT INTO statement
SELECT v.article_key, s.annotator, s.sha256, s.is_built_in, s.load_id
FROM old.statement s JOIN version v ON v.old_key = s.article_key
WHERE NOT EXISTS (FROM again WHERE again.old_key = s.article_key AND again.annotator = s.annotator)
UNION ALL
SELECT article_key, annotator, sha256, is_built_in, getvariable('load_id')
FROM new_statement JOIN arrival_version USING (arrival_no)
ORDER BY article_key, annotator, sha256
"""

_RETURNED = """
INSERT INTO returned_label
SELECT v.article_key, r.* EXCLUDE (article_key) FROM old.returned_label r JOIN version v ON v.old_key = r.article_key
UNION ALL
SELECT v.article_key, r.annotator, r.field, r.span_start, r.span_end, r.label, r.is_said, r.base_sha256, r.sha256,
    getvariable('load_id'), r.record_no
FROM came_back r JOIN version v USING (article_id, content_sha256)
ORDER BY ALL;
CREATE TEMP TABLE gone AS
SELECT article_key, annotator, field, span_start, span_end, label
FROM returned_label SEMI JOIN version USING (article_key) GROUP BY ALL HAVING NOT arg_max(is_said, (load_id, record_no))
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
    JOIN new_statement f USING (arrival_no, annotator) JOIN arrival_version n USING (arrival_no)
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
        v.is_current AND NOT {is_gone} AND (starts_with(m.annotator, 'analyst:')
            OR (p.article_key IS NOT NULL AND x.layer IS NULL)) AS in_force
    FROM said m JOIN version v USING (article_key)
    LEFT JOIN program p ON p.article_key = m.article_key AND p.annotator = m.annotator AND p.is_last
    LEFT JOIN analysed x ON x.article_key = m.article_key AND x.layer = {layer}
)
FROM told ORDER BY {order}
"""

# Compared for those articles alone whose labels were taken away: a name for each row takes time.
_IS_GONE = """(m.article_key IN (SELECT article_key FROM gone) AND EXISTS (FROM gone g
    WHERE g.article_key = m.article_key AND g.annotator = m.annotator AND g.field::VARCHAR = m.field::VARCHAR
        AND g.span_start = m.span_start AND g.span_end = m.span_end AND g.label = {label}))"""

# A part is read by key, so its rows may lie in the order of their coming. Texts are joined with keys alone: joined with
# one another, those of a million articles would wait in memory.
_TEXT = """
INSERT INTO {part}.article_text
SELECT v.article_key, t.headline, t.body, t.folded FROM old.article_text t JOIN version v ON v.old_key = t.article_key
WHERE {is_anew}
UNION ALL
SELECT v.article_key, f.headline, f.body, f.folded FROM raw_found f JOIN version v ON v.text_no = f.arrival_no;
"""

_PAGES = """
CREATE TEMP TABLE erased_page AS
SELECT page_id FROM old.article SEMI JOIN erasing USING (article_id)
UNION SELECT page_id FROM old.page_block SEMI JOIN erasing USING (article_id);
CREATE TEMP TABLE new_page AS
SELECT page_id, min(record_no) AS record_no FROM raw_page
WHERE record_no IN (SELECT record_no FROM outcome WHERE outcome = 'accepted')
    AND page_id NOT IN (SELECT page_id FROM old.page) GROUP BY ALL;
INSERT INTO {part}.page
SELECT p.page_id, coalesce(n.shown, p.name), p.text FROM old.page p LEFT JOIN nameless n ON n.file = p.name
WHERE {is_anew} AND page_id NOT IN (FROM erased_page)
UNION ALL SELECT p.page_id, p.name, p.text FROM raw_page p SEMI JOIN new_page USING (page_id, record_no);
INSERT INTO {part}.page_block
FROM old.page_block WHERE {is_anew} AND page_id NOT IN (FROM erased_page)
UNION ALL SELECT b.* EXCLUDE (record_no) FROM raw_page_block b SEMI JOIN new_page USING (page_id, record_no);
"""

_LOGS = {
    "load_file": """SELECT getvariable('load_id'), n.file AS file, n.format, count(o.outcome),
        count(*) FILTER (outcome = 'accepted'), count(*) FILTER (outcome = 'rejected'),
        count(*) FILTER (outcome = 'duplicate') FROM named_file n LEFT JOIN outcome o USING (file) GROUP BY ALL""",
    "reject": "SELECT getvariable('load_id'), * EXCLUDE (record_no) FROM rejected",
    "refused_annotation": """SELECT getvariable('load_id'), * EXCLUDE (record_no) FROM raw_refused_annotation
        WHERE record_no IN (SELECT record_no FROM outcome WHERE outcome = 'accepted')""",
}
_NEWLY_ERASED = "SELECT article_id, reason, getvariable('load_id') FROM erasing ANTI JOIN old.erased USING (article_id)"


_LOG = """
INSERT INTO {table}
SELECT l.* REPLACE (coalesce(shown, l.file) AS file) FROM ({old} {new}) l LEFT JOIN nameless n ON n.file = l.file
WHERE {is_kept} ORDER BY ALL
"""
_IS_KEPT = {"refused_annotation": "article_id NOT IN (SELECT article_id FROM erasing)"}


def erasing(connection: duckdb.DuckDBPyConnection, reasons: dict[str, str], shown: dict[str, str]) -> None:
    """Note the articles that the new snapshot is not to hold, with the reason for each.

    `shown`: what the logs are to show instead of names of files that may name such an article.
    """
    connection.execute(_ERASED)
    for table, pairs in (("erasing", reasons), ("nameless", shown)):
        if pairs:
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", [list(one) for one in pairs.items()])


def fill(connection: duckdb.DuckDBPyConnection, registry: Registry, part: str, *, is_anew: bool) -> None:
    """Write every table but `snapshot`; `part` is the attached database that takes the texts."""
    tables.open_texts(connection, part)
    _place(connection, part, is_anew=is_anew)
    tables.open_tables(connection, registry, is_anew=is_anew)
    for statement in (_ARTICLE, _ARRIVAL, _AGAIN, _STATEMENT, _RETURNED, _IN_FORCE, _ONCE):
        connection.execute(statement)
    for table in MENTIONS:
        _fill_mentions(connection, table)
    for table, new in _LOGS.items():
        old = f"FROM old.{table} UNION ALL" if is_anew else ""
        is_kept = _IS_KEPT.get(table, "true")
        connection.execute(_LOG.format(table=table, old=old, new=new, is_kept=is_kept))
    old = "FROM old.erased UNION ALL" if is_anew else ""
    connection.execute(f"INSERT INTO erased FROM ({old} {_NEWLY_ERASED}) ORDER BY ALL")
    _fill_texts(connection, part, is_anew=is_anew)
    for table, rows in staging.registry_tables(registry).items():
        connection.register("incoming", rows)
        connection.execute(f"DELETE FROM {table}; INSERT INTO {table} FROM incoming")
        connection.unregister("incoming")


def _place(connection: duckdb.DuckDBPyConnection, part: str, *, is_anew: bool) -> None:
    """Leave `version`: every article that is written, with its key, its place among its versions, and its story."""
    how = {"part": f'"{part}"', "is_anew": "true" if is_anew else "false"}
    connection.execute(_PLACED.format(**(_ANEW if is_anew else _UPON)))
    connection.execute(_SKETCH.format(**how))
    if is_anew:
        candidates.gather_all(connection)
    else:
        connection.execute(_TOLD)
        candidates.gather_new(connection)
    connection.execute(_VERSIONS.format(**how))


def _is_any(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall())


def _fill_mentions(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    mention = MENTIONS[table]
    columns = ", ".join(f"m.{name}" for name in (*mention.own, *SPAN))
    repeated = "v.story_key, v.role, v.published_on, v.publisher," if mention.is_wide else ""
    layer = "m.kind" if table == "entity_mention" else "''"
    connection.execute(_SAID.format(columns=columns, table=table))
    order = ", ".join((mention.order, *mention.own, *SPAN))
    is_gone = _IS_GONE.format(label=mention.label) if _is_any(connection, "gone") else "false"
    connection.execute(_MENTION.format(table=table, repeated=repeated, layer=layer, order=order, is_gone=is_gone))
    connection.execute("DROP TABLE said")


def _fill_texts(connection: duckdb.DuckDBPyConnection, part: str, *, is_anew: bool) -> None:
    quoted = f'"{part}"'
    how = {"part": quoted, "is_anew": "true" if is_anew else "false"}
    connection.execute(_TEXT.format(**how))
    connection.execute(_PAGES.format(**how))
