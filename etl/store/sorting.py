"""What of the staged rows is new: the same statement about the same version is a duplicate, wherever it comes from.

All relations here stand beside the snapshot in the making and go with its connection: `raw_TABLE` is all that
was staged, `new_statement` what was not said before, `arrived` the articles of which it is said, `sighting` those that
say nothing new but were fetched later than is known, `came_back` labels that an export brought back or not,
`touching` the articles of all three, `barred` the records of erased articles.
"""

import glob
import heapq
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import duckdb

from etl.model import Place, Reject
from etl.store import staging
from etl.store.staging import STAGED

_BARRED = """
CREATE OR REPLACE TEMP TABLE barred AS
SELECT record_no, min(article_id) AS article_id FROM raw_article SEMI JOIN old.erased USING (article_id) GROUP BY ALL
"""

_FRESH = """
CREATE OR REPLACE TEMP TABLE new_statement AS
SELECT s.arrival_no, s.annotator, s.sha256, s.is_built_in, s.is_asked
FROM raw_statement s ANTI JOIN old.statement o USING (sha256)
WHERE s.arrival_no NOT IN (SELECT arrival_no FROM raw_article SEMI JOIN barred USING (record_no))
QUALIFY row_number() OVER (PARTITION BY s.sha256 ORDER BY s.arrival_no, s.annotator) = 1
"""

_ARRIVED = """
CREATE OR REPLACE TEMP TABLE arrived AS
WITH one AS (
    SELECT arrival_no, record_no, article_id, content_sha256,
        row_number() OVER (PARTITION BY article_id, content_sha256 ORDER BY arrival_no) = 1 AS is_first
    FROM raw_article SEMI JOIN new_statement USING (arrival_no)
)
SELECT one.* EXCLUDE (is_first), is_first AND o.article_id IS NULL AS is_new_text
FROM one LEFT JOIN (SELECT DISTINCT article_id, content_sha256 FROM old.article) o USING (article_id, content_sha256)
"""

# Later states of one piece of work say all that its annotator says: what an earlier one said and this does not is gone.
# Within a load the later record counts, between loads the later load: nothing else tells which was said last.
_CAME_BACK = """
CREATE OR REPLACE TEMP TABLE came_back AS
WITH came AS (
    SELECT r.*, a.record_no, a.article_id, a.content_sha256
    FROM raw_returned_label r JOIN raw_article a USING (arrival_no)
    ANTI JOIN barred ON barred.record_no = a.record_no ANTI JOIN old.returned_label o ON o.sha256 = r.sha256
), earlier AS (
    SELECT -1 AS arrival_no, annotator, base_sha256, field::VARCHAR AS field, span_start, span_end, label
    FROM old.returned_label WHERE is_said
    UNION ALL
    SELECT arrival_no, annotator, base_sha256, field, span_start, span_end, label FROM came WHERE is_said
), state AS (
    SELECT DISTINCT arrival_no, record_no, article_id, content_sha256, annotator, base_sha256, sha256
    FROM came WHERE is_said
), every AS (
    FROM came
    UNION ALL BY NAME
    SELECT DISTINCT s.*, e.field, e.span_start, e.span_end, e.label, false AS is_said
    FROM state s JOIN earlier e ON e.annotator = s.annotator AND e.base_sha256 = s.base_sha256
        AND e.arrival_no < s.arrival_no
    ANTI JOIN came c ON c.arrival_no = s.arrival_no AND c.annotator = s.annotator AND c.is_said AND c.field = e.field
        AND c.span_start = e.span_start AND c.span_end = e.span_end AND c.label = e.label
)
FROM every
"""

# Of equal times the page with the smaller id counts, so that the order of loading does not decide.
_SIGHTING = """
CREATE OR REPLACE TEMP TABLE sighting AS
WITH again AS (
    SELECT arrival_no, record_no, article_id, content_sha256, fetched_at, page_id FROM raw_article
    ANTI JOIN arrived USING (arrival_no) ANTI JOIN barred USING (record_no)
), known AS (
    SELECT article_id, content_sha256, fetched_at, page_id FROM old.article
    UNION ALL
    SELECT article_id, content_sha256, fetched_at, page_id FROM raw_article SEMI JOIN arrived USING (arrival_no)
), best AS (
    SELECT article_id, content_sha256, fetched_at, page_id FROM known SEMI JOIN again USING (article_id, content_sha256)
    QUALIFY row_number() OVER (PARTITION BY article_id, content_sha256
        ORDER BY fetched_at DESC NULLS LAST, page_id) = 1
)
SELECT again.* EXCLUDE (fetched_at, page_id) FROM again JOIN best USING (article_id, content_sha256)
WHERE again.fetched_at > best.fetched_at OR (again.fetched_at IS NOT NULL AND best.fetched_at IS NULL)
    OR (again.fetched_at IS NOT DISTINCT FROM best.fetched_at AND again.page_id < best.page_id)
QUALIFY row_number() OVER (PARTITION BY article_id, content_sha256
    ORDER BY again.fetched_at DESC NULLS LAST, again.page_id, arrival_no) = 1;
CREATE OR REPLACE TEMP VIEW touching AS
SELECT arrival_no, article_id FROM arrived UNION ALL SELECT arrival_no, article_id FROM sighting
UNION ALL SELECT DISTINCT arrival_no, article_id FROM came_back
"""

_OUTCOME = """
CREATE OR REPLACE TEMP TABLE outcome AS
WITH bringing AS (
    SELECT record_no FROM arrived
    UNION ALL SELECT record_no FROM sighting
    UNION ALL SELECT record_no FROM came_back
    UNION ALL SELECT min(record_no) FROM raw_page WHERE page_id NOT IN (SELECT page_id FROM old.page) GROUP BY page_id
)
SELECT r.record_no, r.file, CASE
    WHEN r.record_no IN (SELECT record_no FROM raw_reject UNION ALL SELECT record_no FROM barred) THEN 'rejected'
    WHEN r.record_no IN (FROM bringing) THEN 'accepted'
    ELSE 'duplicate' END AS outcome
FROM raw_record r
"""

_REJECTED = """
CREATE OR REPLACE TEMP TABLE rejected AS
SELECT record_no, file, line, byte, field, reason, expected, sha256 FROM raw_reject
UNION ALL
SELECT b.record_no, r.file, r.line, r.byte, 'article_id', 'erased', 'an article that was not erased', ''
FROM barred b JOIN raw_record r USING (record_no)
"""

_NEW_TEXTS = """
SELECT arrival_no >> 32 AS number, list(arrival_no ORDER BY arrival_no) FROM arrived WHERE is_new_text GROUP BY number
"""
_ASKED = """
SELECT arrival_no >> 32 AS number, annotator, list(arrival_no ORDER BY arrival_no)
FROM new_statement WHERE is_asked GROUP BY number, annotator
"""

_SUMS = """
SELECT n.file, any_value(n.format), count(o.outcome),
    count(*) FILTER (outcome = 'accepted'), count(*) FILTER (outcome = 'rejected'),
    count(*) FILTER (outcome = 'duplicate')
FROM named_file n LEFT JOIN outcome o USING (file) GROUP BY n.file ORDER BY n.file
"""

_REFUSED_LATER = "SELECT *, NULL FROM rejected ANTI JOIN raw_reject USING (record_no) ORDER BY record_no"


def stage(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The relations `raw_TABLE` over the Parquet files of a folder, as they are now."""
    quoted = glob.escape(str(folder)).replace("'", "''")
    for table in STAGED:
        if not any(folder.glob(f"{table}-*.parquet")):
            staging.write(folder, table, "none", staging.empty(table))
        files = f"read_parquet('{quoted}/{table}-*.parquet')"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW raw_{table} AS FROM {files}")


def sort_out(connection: duckdb.DuckDBPyConnection, folder: Path, formats: dict[str, str]) -> None:
    """Decide what is new of what lies in the folder, against `old` and within itself; the first of equals counts.

    `formats` by the name of each file of the load, of those that held no record, too.
    """
    stage(connection, folder)
    connection.execute("CREATE OR REPLACE TEMP TABLE named_file (file VARCHAR, format VARCHAR)")
    if formats:
        connection.executemany("INSERT INTO named_file VALUES (?, ?)", [list(one) for one in formats.items()])
    for statement in (_BARRED, _FRESH, _ARRIVED, _CAME_BACK, _SIGHTING, _OUTCOME, _REJECTED):
        connection.execute(statement)


class Wanted(NamedTuple):
    """What is still to be found in a sheet, by arrival_no: its new texts, and what each annotator is to read."""

    new: list[int]
    asked: dict[str, list[int]]


def todo(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, Wanted]]:
    """The numbers of the sheets in which something is still to be found, in order, with what it is."""
    new = dict(connection.execute(_NEW_TEXTS).fetchall())
    asked: dict[int, dict[str, list[int]]] = {}
    for number, annotator, articles in connection.execute(_ASKED).fetchall():
        asked.setdefault(number, {})[annotator] = articles
    return [(n, Wanted(new.get(n, []), asked.get(n, {}))) for n in sorted(new.keys() | asked.keys())]


def sums(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int, int, int, int]]:
    """By file: its format, read, accepted, rejected, duplicate."""
    return connection.execute(_SUMS).fetchall()


def rejected(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[tuple[Reject, bytes]]:
    """The refused records in the order of the input, each with its bytes where they were kept.

    Their sheets are merged as they lie, one in memory at a time: to sort the bytes would be to hold them all.
    """
    refused = (row for path in sorted(folder.glob("reject-*.parquet")) for row in staging.rows(path))
    later = iter(connection.execute(_REFUSED_LATER).fetchone, None)
    for _, file, line, byte, field, reason, expected, sha256, raw in heapq.merge(refused, later, key=itemgetter(0)):
        place = Place(file, line, byte)
        yield Reject(place=place, field=field, reason=reason, expected=expected, sha256=sha256), raw or b""
