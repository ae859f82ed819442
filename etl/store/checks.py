"""What must hold in a snapshot before anyone may read it; each check names the rows at fault.

Rows that a load did not touch were checked when they were written; `version` holds what it wrote.
"""

import duckdb

from etl.model import StoreError
from etl.store.staging import MENTIONS

_SHOWN = 3
_COUNTED = ("article", "statement", "returned_label", *MENTIONS, "load_file", "reject", "refused_annotation", "erased",
            "article_text", "page", "page_block")  # fmt: skip

_CHECKS = {
    "every rejected record is listed":
        """SELECT f.file FROM load_file f LEFT JOIN
            (SELECT load_id, file, count(*) AS n FROM reject GROUP BY ALL) r USING (load_id, file)
            WHERE f.n_rejected != coalesce(r.n, 0)""",
    "an article has one key":
        "SELECT 'article' FROM article HAVING count(*) != count(DISTINCT article_key)",
    "a story has one key":
        """SELECT 'story' FROM article HAVING count(DISTINCT story_id) != count(DISTINCT story_key)
            OR count(DISTINCT (story_id, story_key)) != count(DISTINCT story_id)""",
    "one current version an article":
        "SELECT article_id FROM article GROUP BY article_id HAVING count(*) FILTER (is_current) != 1",
    "every version has its text":
        """SELECT article_key FROM version LEFT JOIN text_length t USING (article_key)
            WHERE coalesce(t.headline + t.body, 0) = 0""",
    "no version was lost":
        """SELECT article_id FROM (SELECT article_id, content_sha256 FROM old.article
            UNION SELECT article_id, content_sha256 FROM arrived)
            ANTI JOIN article USING (article_id, content_sha256) ANTI JOIN erasing USING (article_id)""",
    "no page was lost":
        """SELECT page_id FROM (SELECT page_id FROM old.page UNION SELECT page_id FROM new_page)
            ANTI JOIN page USING (page_id) ANTI JOIN erased_page USING (page_id)""",
    "no log row was lost":
        " UNION ALL ".join(
            f"SELECT '{table}' WHERE (SELECT count(*) FROM {table}) < (SELECT count(*) FROM old.{table})"
            for table in ("load_file", "reject", "refused_annotation ANTI JOIN erasing USING (article_id)", "erased")),
    "nothing erased is left":
        """SELECT article_id FROM (SELECT article_id FROM article UNION SELECT article_id FROM page_block)
            SEMI JOIN erasing USING (article_id)""",
    "a before b in a pair": "SELECT article_key FROM pair_mention WHERE a::VARCHAR >= b::VARCHAR",
    "a date in conflict has no value":
        "SELECT article_key FROM date_expression WHERE weekday_check = 'conflict' AND value_from IS NOT NULL",
}  # fmt: skip

_LENGTHS = """
CREATE TEMP TABLE text_length AS
SELECT article_key, coalesce(length(headline), 0) AS headline, coalesce(length(body), 0) AS body
FROM article_text {touched}
"""

_SPANS = """
SELECT m.article_key FROM {table} m SEMI JOIN version USING (article_key) LEFT JOIN text_length t USING (article_key)
WHERE m.span_start < 0 OR m.span_end <= m.span_start
    OR m.span_end > coalesce(CASE m.field WHEN 'body' THEN t.body ELSE t.headline END, -1)
"""

_LOST = """
SELECT DISTINCT s.article_id FROM (
    SELECT a.article_id, n.article_key, s.annotator, s.span_start, s.span_end, s.field
    FROM raw_{table} s JOIN new_statement USING (arrival_no, annotator) JOIN arrived a USING (arrival_no)
    JOIN arrival_version n USING (arrival_no)
) s ANTI JOIN {table} m ON m.article_key = s.article_key AND m.annotator = s.annotator
    AND m.span_start = s.span_start AND m.span_end = s.span_end AND m.field = s.field
"""


def check(connection: duckdb.DuckDBPyConnection, *, is_anew: bool) -> dict[str, int]:
    """Row counts by table where everything holds; raises StoreError `build-failed` with the check and rows at fault."""
    checks = dict(_CHECKS)
    for table in MENTIONS:
        checks[f"spans of {table} lie inside their text"] = _SPANS.format(table=table)
        checks[f"nothing said in {table} was lost"] = _LOST.format(table=table)
    touched = "" if is_anew else "SEMI JOIN version USING (article_key)"
    connection.execute(_LENGTHS.format(touched=touched))
    for name, query in checks.items():
        if at_fault := connection.execute(f"SELECT * FROM ({query}) LIMIT {_SHOWN}").fetchall():
            shown = ", ".join(ascii(row[0]) for row in at_fault)
            raise StoreError("build-failed", f"nothing was published, a check failed: {name}; rows at fault: {shown}")
    return {table: _count(connection, table) for table in _COUNTED}


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
