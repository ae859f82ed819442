"""Gathering a store inside DuckDB: pairs that share bands, judged by their signatures, joined to named stories.

The caller's connection holds a table or view `sketch` (SKETCH says its columns), a row an article; nothing else need be
kept between loads. `gather_all` gathers all of it. `gather_new` gathers what a load can have changed: it also reads
`fresh` (article_key), what came with it, and `told` (article_key, story_id), the stories of all others as they were.
Both leave `gathered` (GATHERED), and together with the untouched rows of `told` that is the same for the same articles.

A band that very many texts hold is a phrase and no trace of a copy. Which bands those are is a function of the set of
articles as well: where a load makes one a phrase, the stories of all its holders are gathered anew.
"""

from array import array
from collections.abc import Iterable
from typing import get_args

import duckdb
import pyarrow as pa

from etl.gather.likeness import WINDOW_DAYS, Rule, alike
from etl.gather.signatures import Signature
from etl.gather.stories import components

SKETCH = {"article_key": "INTEGER", "article_id": "VARCHAR", "text_id": "VARCHAR", "day": "INTEGER",
          "minute": "SMALLINT", "outlet": "UINTEGER", "runs": "INTEGER", "bands": "BIGINT[]", "sketch": "BLOB",
          "opening": "BLOB", "unusual": "BLOB", "numbers": "BLOB"}  # fmt: skip
"""The columns of `sketch`: a key of the caller's, the article's id for ever, and its Signature field by field."""

_ARROW = {"INTEGER": pa.int32(), "SMALLINT": pa.int16(), "VARCHAR": pa.string(), "UINTEGER": pa.uint32(),
          "BIGINT[]": pa.list_(pa.int64()), "BLOB": pa.binary()}  # fmt: skip

GATHERED = {"article_key": "INTEGER", "story_id": "VARCHAR", "rule": "VARCHAR", "share": "DOUBLE"}
"""The columns of `gathered`; `rule` and `share` are those of the nearest copy, NULL where an article has none."""

SHARED = 2
"""Texts that are alike share two bands at least; a single one is a phrase oftener than not."""

MOST_TEXTS, MOST_BLOCKS = 64, 12
"""A band is a phrase where more texts of one block, or texts of more blocks, hold it."""

BLOCK_DAYS = WINDOW_DAYS + 1
_ROWS_AT_ONCE = 4_000_000
_FETCHED = 10_000
_RULES = get_args(Rule)
_BOUNDS = {"most_texts": MOST_TEXTS, "most_blocks": MOST_BLOCKS}

_EVERY = "SELECT article_key, day, hash(text_id) AS text, unnest(bands) AS band FROM sketch"
_ALL = f"""
CREATE OR REPLACE TEMP TABLE gather_among AS SELECT article_key FROM sketch;
CREATE OR REPLACE TEMP VIEW gather_every AS {_EVERY};
"""

# Tables, not one long question: DuckDB knows how few the bands of a load are and holds these, not those of all; what
# phrases bring along (millions of rows in a store of a million) waits on the disk.
_NEAR = """
CREATE OR REPLACE TEMP TABLE gather_fresh AS
SELECT DISTINCT unnest(bands) AS band FROM sketch SEMI JOIN fresh USING (article_key);
CREATE OR REPLACE TEMP TABLE gather_near AS
FROM (
    SELECT article_key, day, hash(text_id) AS text, unnest(bands) AS band, article_key IN (FROM fresh) AS is_new
    FROM sketch
) SEMI JOIN gather_fresh USING (band);
"""
# Bands of too many blocks were phrases before the load and go before texts are counted: their rows are millions.
_JUDGED = """
CREATE OR REPLACE TEMP TABLE gather_judged AS
WITH blocked AS (
    SELECT band, day // $block AS block, bool_and(is_new) AS is_new FROM gather_near GROUP BY ALL
), known_phrase AS (
    SELECT band FROM blocked GROUP BY band HAVING count(*) FILTER (NOT is_new) > $most_blocks
), held AS (
    SELECT band, day // $block AS block, text, bool_and(is_new) AS is_new
    FROM gather_near ANTI JOIN known_phrase USING (band) GROUP BY ALL
), counted AS (
    SELECT band, count(*) AS texts, count(*) FILTER (NOT is_new) AS old_texts FROM held GROUP BY band, block
)
SELECT band, count(*) <= $most_blocks AND max(texts) <= $most_texts AS is_kept,
    count(*) FILTER (old_texts > 0) <= $most_blocks AND max(old_texts) <= $most_texts AS was_kept
FROM counted GROUP BY band
"""

# What a load can have changed: stories of texts that share enough with a new one, or that a phrase no longer joins.
_TOUCHED = """
CREATE OR REPLACE TEMP TABLE gather_touched AS
SELECT b.article_key
FROM gather_near a JOIN gather_near b USING (band) JOIN gather_judged USING (band)
WHERE is_kept AND a.is_new AND NOT b.is_new
    AND (abs(a.day - b.day) <= $window OR a.day IS NULL OR b.day IS NULL)
GROUP BY a.article_key, b.article_key HAVING count(*) >= $shared
UNION
SELECT article_key FROM gather_near JOIN gather_judged USING (band) WHERE was_kept AND NOT is_kept
UNION
SELECT article_key FROM sketch SEMI JOIN (FROM sketch SEMI JOIN fresh USING (article_key)) USING (text_id)
"""
_NEW = f"""
CREATE OR REPLACE TEMP TABLE gather_among AS
SELECT article_key FROM told WHERE story_id IN (SELECT story_id FROM told SEMI JOIN gather_touched USING (article_key))
UNION
SELECT article_key FROM fresh;
CREATE OR REPLACE TEMP TABLE gather_band AS
FROM (SELECT DISTINCT unnest(bands) AS band FROM sketch SEMI JOIN gather_among USING (article_key))
ANTI JOIN (FROM gather_fresh ANTI JOIN (FROM gather_judged WHERE is_kept) USING (band)) USING (band);
CREATE OR REPLACE TEMP TABLE gather_every AS FROM ({_EVERY}) SEMI JOIN gather_band USING (band);
DROP TABLE gather_band;
"""

# Articles whose signatures are equal are one node, so that a text that a thousand outlets print is compared once.
# Grouped and joined: a window would sort the texts of all.
_NODE = """
CREATE OR REPLACE TEMP TABLE gather_node AS
WITH one AS MATERIALIZED (
    SELECT article_key, text_id, day, outlet, hash(minute, runs, bands, sketch, opening, unusual, numbers) AS content
    FROM sketch SEMI JOIN gather_among USING (article_key)
), same_text AS (
    SELECT text_id, min(article_key) AS text FROM one GROUP BY text_id
), same AS (
    SELECT text_id, day, outlet, content, min(article_key) AS node FROM one GROUP BY ALL
)
SELECT article_key, text, node
FROM one JOIN same_text USING (text_id) JOIN same ON same.text_id = one.text_id
    AND same.day IS NOT DISTINCT FROM one.day AND same.outlet = one.outlet AND same.content = one.content;
CREATE OR REPLACE TEMP TABLE gather_pair (a INTEGER, b INTEGER);
"""
_HELD = """
CREATE OR REPLACE TEMP TABLE gather_held AS
WITH asked AS (FROM gather_every WHERE band & $mask = $part)
FROM asked SEMI JOIN (SELECT band FROM asked GROUP BY band HAVING count(*) > 1) USING (band)
"""
_PAIRS = """
INSERT INTO gather_pair
WITH counted AS (
    SELECT band, count(DISTINCT text) AS texts FROM gather_held GROUP BY band, day // $block
), kept AS (
    SELECT band FROM counted GROUP BY band
    HAVING count(*) <= $most_blocks AND max(texts) <= $most_texts AND sum(texts) > 1
), held AS (
    SELECT h.* FROM gather_held h JOIN gather_node n ON n.node = h.article_key AND n.article_key = h.article_key
    SEMI JOIN kept ON kept.band = h.band
)
SELECT x.article_key, y.article_key FROM held x JOIN held y ON x.band = y.band AND x.text < y.text
WHERE abs(x.day - y.day) <= $window OR x.day IS NULL OR y.day IS NULL
"""
_CANDIDATES = """
WITH candidate AS (SELECT a, b FROM gather_pair GROUP BY a, b HAVING count(*) >= $shared)
SELECT a, b, x.text_id, x.day, x.minute, x.outlet, x.runs, x.sketch, x.opening, x.unusual, x.numbers,
    y.text_id, y.day, y.minute, y.outlet, y.runs, y.sketch, y.opening, y.unusual, y.numbers
FROM candidate JOIN sketch x ON x.article_key = a JOIN sketch y ON y.article_key = b
"""
_LINKS = """
SELECT DISTINCT x.text, y.text FROM gather_alike
JOIN gather_node x ON x.article_key = a JOIN gather_node y ON y.article_key = b
"""
_GATHERED = """
CREATE OR REPLACE TEMP TABLE gathered AS
WITH ranked AS (
    SELECT node, rule, share, row_number() OVER (PARTITION BY node ORDER BY share DESC, rule) AS rank
    FROM (SELECT a AS node, rule, share FROM gather_alike UNION ALL SELECT b, rule, share FROM gather_alike)
), nearest AS (
    SELECT node, rule, share FROM ranked WHERE rank = 1
), placed AS (
    SELECT article_key, article_id, text_id, day, node, count(*) OVER (PARTITION BY text) > 1 AS is_same,
        coalesce(root, text) AS root
    FROM sketch JOIN gather_node USING (article_key) LEFT JOIN gather_root USING (text)
)
SELECT article_key,
    's-' || first_value(text_id) OVER (PARTITION BY root ORDER BY day NULLS LAST, article_id, text_id) AS story_id,
    if(is_same, 'same-text', rule) AS rule, if(is_same, 1.0, share)::DOUBLE AS share
FROM placed LEFT JOIN nearest USING (node)
"""


def sketches(signed: Iterable[tuple[int, str, Signature]]) -> pa.Table:
    """Rows of `sketch` for bulk insertion, from article_key, article_id and signature of each article."""
    names = list(SKETCH)
    rows = [(key, ident, *(getattr(one, name) for name in names[2:])) for key, ident, one in signed]
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table({name: pa.array(column, _ARROW[SKETCH[name]]) for name, column in zip(names, columns, strict=True)})


def gather_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave the table `gathered` with a row for every article of `sketch`."""
    connection.execute(_ALL)
    _gather(connection)
    connection.execute("DROP VIEW gather_every")


def gather_new(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave the table `gathered` with a row for each of `fresh`, and for those of `told` that they can have changed.

    Where articles went away (the sample gave way, one was erased), `gather_all` is the one to call.
    """
    connection.execute(_NEAR)
    connection.execute(_JUDGED, {**_BOUNDS, "block": BLOCK_DAYS})
    connection.execute(_TOUCHED, {"window": WINDOW_DAYS, "shared": SHARED})
    connection.execute(_NEW)
    for name in ("fresh", "near", "judged"):
        connection.execute(f"DROP TABLE gather_{name}")
    _gather(connection)
    connection.execute("DROP TABLE gather_every")


def _gather(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(_NODE)
    for part, parts in _parts(connection):
        connection.execute(_HELD, {"mask": parts - 1, "part": part})
        connection.execute(_PAIRS, {**_BOUNDS, "block": BLOCK_DAYS, "window": WINDOW_DAYS})
    _write(connection, "gather_alike", _judged(connection))
    root = components(connection.execute(_LINKS).fetchall())
    columns = {"text": pa.array(root, pa.int32()), "root": pa.array(root.values(), pa.int32())}
    _write(connection, "gather_root", pa.table(columns))
    connection.execute(_GATHERED)
    for name in ("among", "node", "pair", "held", "alike", "root"):
        connection.execute(f"DROP TABLE gather_{name}")


def _parts(connection: duckdb.DuckDBPyConnection) -> Iterable[tuple[int, int]]:
    """Each part of the bands, and how many there are: a power of two, so that no part has too many rows."""
    rows = connection.execute("SELECT count(*) FROM gather_every").fetchall()[0][0]
    parts = 1 << max(0, rows // _ROWS_AT_ONCE).bit_length()
    return ((part, parts) for part in range(parts))


def _judged(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The candidates that are alike; only these stay in memory, 20 bytes each."""
    a, b, rules, shares = array("i"), array("i"), array("b"), array("d")
    found = connection.execute(_CANDIDATES, {"shared": SHARED})
    while rows := found.fetchmany(_FETCHED):
        for x, y, *values in rows:
            similarity = alike(_signature(values[:9]), _signature(values[9:]))
            if similarity:
                a.append(x)
                b.append(y)
                rules.append(_RULES.index(similarity.rule))
                shares.append(similarity.share)
    names = pa.DictionaryArray.from_arrays(pa.array(rules, pa.int8()), pa.array(_RULES)).cast(pa.string())
    return pa.table({"a": pa.array(a, pa.int32()), "b": pa.array(b, pa.int32()), "rule": names,
                     "share": pa.array(shares, pa.float64())})  # fmt: skip


def _signature(values: list) -> Signature:
    text_id, day, minute, outlet, runs, sketch, opening, unusual, numbers = values
    return Signature(text_id, day, minute, outlet, runs, [], sketch, opening, unusual, numbers)


def _write(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    connection.register("gather_incoming", rows)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM gather_incoming")
    connection.unregister("gather_incoming")
