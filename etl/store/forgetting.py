"""Names of files that may name an erased article: the logs keep their sums, not these names."""

from collections.abc import Iterable

import duckdb

from etl.text import key

_FEWEST_WORDS = 3
"""A file's name of so many words that all stand in a title is that title, cut short."""

# Who loaded a file of one record may have named it after that record; which of them it was is not kept.
_CERTAIN = """
WITH version AS (
    SELECT article_key, page_id, load_id FROM old.article WHERE list_contains($ids, article_id)
), page AS (
    SELECT name FROM old.page WHERE page_id IN (SELECT page_id FROM version
        UNION SELECT page_id FROM old.page_block WHERE list_contains($ids, article_id))
), load AS (
    SELECT load_id FROM version UNION SELECT s.load_id FROM old.statement s SEMI JOIN version USING (article_key)
)
SELECT file FROM old.load_file WHERE parse_filename(file) IN (SELECT parse_filename(name) FROM page)
    OR (n_read = 1 AND load_id IN (FROM load) AND file NOT IN (SELECT name FROM old.page))
UNION SELECT name FROM page
UNION SELECT file FROM old.refused_annotation WHERE list_contains($ids, article_id)
"""
_KNOWN = """
SELECT file FROM old.load_file UNION SELECT file FROM old.reject UNION SELECT file FROM old.refused_annotation
UNION SELECT name FROM old.page
"""
_TITLES = """
SELECT DISTINCT headline FROM old.article JOIN old.article_text USING (article_key)
WHERE list_contains($ids, article_id) AND headline IS NOT NULL
"""
_BARRED = """
SELECT r.file, a.article_id, a.headline, count(*) OVER (PARTITION BY r.file) >= n.n_read AS is_all
FROM barred b JOIN raw_record r USING (record_no) JOIN raw_article a USING (record_no, article_id)
JOIN (SELECT file, count(*) AS n_read FROM raw_record GROUP BY file) n ON n.file = r.file
"""


def of_erased(connection: duckdb.DuckDBPyConnection, article_ids: list[str]) -> set[str]:
    """The files that the logs of `old` name, or its pages, whose names may tell one of these articles.

    Those of the pages that it stood on, those in whose name its id or title stands, and files of one record (which are
    no page) of the loads that brought it.
    """
    ids = {"ids": article_ids}
    certain = {file for (file,) in connection.execute(_CERTAIN, ids).fetchall()}
    titles = [title for (title,) in connection.execute(_TITLES, ids).fetchall()]
    told = [key(text) for text in (*article_ids, *titles)]
    return certain | {file for (file,) in connection.execute(_KNOWN).fetchall() if _names(file, told)}


def of_barred(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The files of this load whose names may tell an erased article that came again."""
    found = connection.execute(_BARRED).fetchall()
    return {file for file, ident, title, is_all in found if is_all or _names(file, [key(ident), key(title or "")])}


def _names(file: str, told: Iterable[str]) -> bool:
    whole = key(file)
    name = key(file.rpartition("/")[2].rpartition(".")[0])
    is_title = name.count(" ") + 1 >= _FEWEST_WORDS
    return any(text and (f" {text} " in f" {whole} " or (is_title and name in text)) for text in told)
