-- The tables of a part: texts, which are large, are read by key, and stay as they are. A part is never changed once it
-- has its name; several snapshots may share it. Comments become those of the columns, as in schema.sql.

CREATE TYPE IF NOT EXISTS field_enum AS ENUM ('headline', 'body');
CREATE TYPE zone_enum AS ENUM ('promotion', 'title', 'date_line', 'body', 'source', 'keywords', 'label', 'glued', 'related_headline', 'rest');

CREATE TABLE sketch (
    article_key INTEGER NOT NULL,           -- version
    article_id VARCHAR NOT NULL,            -- its article
    text_id VARCHAR NOT NULL,               -- digest of the folded text
    day INTEGER,                            -- ordinal of the stated day, 1 for 1 January of year 1; NULL undated
    minute SMALLINT,                        -- minute of that day; NULL without a time, or at a full hour
    outlet UINTEGER NOT NULL,               -- hash of who printed it; 0 unknown
    runs INTEGER NOT NULL,                  -- different runs of three words
    bands BIGINT[] NOT NULL,                -- smallest hashes of its runs of five words; copies share some
    sketch BLOB NOT NULL,                   -- smallest hashes of its runs of three words
    opening BLOB NOT NULL,                  -- its first words, hashed
    unusual BLOB NOT NULL,                  -- smallest hashes of words that are not common
    numbers BLOB NOT NULL                   -- smallest hashes of its numbers
);

CREATE TABLE page (
    page_id VARCHAR NOT NULL,               -- digest of the fetched bytes
    name VARCHAR NOT NULL,                  -- file name it was read from
    text VARCHAR NOT NULL                   -- the page as fetched, NFC
);

CREATE TABLE page_block (
    page_id VARCHAR NOT NULL,               -- page
    position INTEGER NOT NULL,              -- order on the page, from 0
    zone zone_enum NOT NULL,                -- what this run is
    page_start INTEGER NOT NULL,            -- first code point on the page
    page_end INTEGER NOT NULL,              -- code point after the last
    article_id VARCHAR,                     -- article that it went to; NULL: none
    field field_enum,                       -- field of the article
    field_start INTEGER                     -- code point of the field where the run begins
);

CREATE TABLE article_text (
    article_key INTEGER NOT NULL,           -- version
    headline VARCHAR,                       -- original letters; NULL: lost or none
    body VARCHAR,                           -- original letters and line breaks; NULL: none
    folded VARCHAR NOT NULL                 -- folded letters and digits of both, for search
);
