"""What must hold in a snapshot before anyone may read it; each check names the rows at fault."""

import duckdb

from etl.model import StoreError
from etl.store.staging import MENTIONS, STAGED

_SHOWN = 3

_CHECKS = {
    "read = accepted + rejected + duplicate":
        "SELECT file FROM load_file WHERE n_read != n_accepted + n_rejected + n_duplicate",
    "every rejected record is listed":
        """SELECT f.file FROM load_file f LEFT JOIN
            (SELECT load_id, file, count(*) AS n FROM reject GROUP BY ALL) r USING (load_id, file)
            WHERE f.n_rejected != coalesce(r.n, 0)""",
    "article keys are 1 to n":
        "SELECT 'article' FROM article HAVING count(*) != count(DISTINCT article_key) OR count(*) != max(article_key)",
    "story keys are 1 to n":
        "SELECT 'story' FROM article HAVING count(DISTINCT story_id) != count(DISTINCT story_key) "
        "OR count(DISTINCT story_id) != max(story_key)",
    "one current version an article":
        "SELECT article_id FROM article GROUP BY article_id HAVING count(*) FILTER (is_current) != 1",
    "every version has its text":
        "SELECT article_key FROM article FULL JOIN article_text t USING (article_key) "
        "WHERE article_id IS NULL OR t.article_key IS NULL OR coalesce(t.headline, '') || coalesce(t.body, '') = ''",
    "no version was lost":
        """SELECT article_id FROM (SELECT article_id, content_sha256 FROM old.article
            UNION SELECT article_id, content_sha256 FROM stage.article)
            ANTI JOIN article USING (article_id, content_sha256)""",
    "no page was lost":
        "SELECT page_id FROM (SELECT page_id FROM old.page UNION SELECT page_id FROM stage.page) ANTI JOIN page "
        "USING (page_id)",
    "no log row was lost":
        " UNION ALL ".join(
            f"SELECT '{table}' WHERE (SELECT count(*) FROM {table}) != "
            f"(SELECT count(*) FROM old.{table}) + (SELECT count(*) FROM stage.{table})"
            for table in ("load_file", "reject", "refused_annotation")),
    "a before b in a pair": "SELECT article_key FROM pair_mention WHERE a::VARCHAR >= b::VARCHAR",
    "a date in conflict has no value":
        "SELECT article_key FROM date_expression WHERE weekday_check = 'conflict' AND value_from IS NOT NULL",
}  # fmt: skip

_SPANS = """
SELECT m.article_key FROM {table} m LEFT JOIN article_text t USING (article_key)
WHERE m.span_start < 0 OR m.span_end <= m.span_start
    OR m.span_end > coalesce(length(CASE m.field WHEN 'body' THEN t.body ELSE t.headline END), -1)
    OR substring(CASE m.field WHEN 'body' THEN t.body ELSE t.headline END,
        m.span_start + 1, m.span_end - m.span_start) = ''
"""

_LOST = """
SELECT s.article_id FROM stage.{table} s WHERE NOT EXISTS (
    FROM {table} m JOIN article a USING (article_key)
    WHERE a.article_id = s.article_id AND a.content_sha256 = s.content_sha256 AND m.annotator = s.annotator
        AND m.span_start = s.span_start AND m.span_end = s.span_end AND m.field = s.field)
"""


def check(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Row counts by table where everything holds; raises StoreError `build-failed` with the check and rows at fault."""
    checks = dict(_CHECKS)
    for table in MENTIONS:
        checks[f"spans of {table} lie inside their text"] = _SPANS.format(table=table)
        checks[f"nothing said in {table} was lost"] = _LOST.format(table=table)
    for name, query in checks.items():
        if at_fault := connection.execute(f"SELECT * FROM ({query}) LIMIT {_SHOWN}").fetchall():
            shown = ", ".join(ascii(row[0]) for row in at_fault)
            raise StoreError("build-failed", f"nothing was published, a check failed: {name}; rows at fault: {shown}")
    return {table: _count(connection, table) for table in (*STAGED, "article_text")}


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
