-- The tables of a snapshot. The comment beside a column becomes its COMMENT in the database (store.py applies it),
-- so that every column explains itself in any DuckDB client. Types ending in _enum are closed lists; those of
-- series, events, countries, themes and publishers are made by store.py from the registry and the data.
-- article_key and story_key are integers of this store only; article_id and story_id are for ever.
-- page, page_block and article_text are views over the tables of texts.sql in the parts that the snapshot names.

CREATE TYPE role_enum AS ENUM ('main', 'read_also', 'headline');
CREATE TYPE field_enum AS ENUM ('headline', 'body');
CREATE TYPE tier_enum AS ENUM ('weak', 'medium', 'strong');
CREATE TYPE published_basis_enum AS ENUM ('metadata', 'dateline', 'url', 'relative', 'unknown');
CREATE TYPE stage_enum AS ENUM ('qualifiers', 'finals', 'other');
CREATE TYPE country_role_enum AS ENUM ('actor', 'target', 'host', 'place', 'mention');
CREATE TYPE direction_enum AS ENUM ('a>b', 'b>a', 'both', 'none');
CREATE TYPE relation_enum AS ENUM ('conflict', 'agreement', 'visit', 'meeting', 'match', 'dispute', 'support', 'trade', 'cohost', 'cooperation', 'other');
CREATE TYPE precision_enum AS ENUM ('day', 'week', 'month', 'season', 'year');
CREATE TYPE date_basis_enum AS ENUM ('absolute', 'relative', 'hijri');
CREATE TYPE weekday_check_enum AS ENUM ('ok', 'conflict', 'none');

CREATE TABLE snapshot (
    snapshot_id VARCHAR NOT NULL,           -- name of this snapshot's folder
    parent_id VARCHAR,                      -- snapshot that this one was built upon; NULL for the first
    created_at TIMESTAMP NOT NULL,        -- time of publication, UTC; the only clock in the store
    schema_version INTEGER NOT NULL,        -- version of these tables
    annotator VARCHAR NOT NULL,             -- built-in annotator that filled articles without annotations
    registry_sha256 VARCHAR NOT NULL,       -- digest of the registry files used
    is_sample BOOLEAN NOT NULL              -- true while every article is of the shipped sample
);

CREATE TABLE load_file (
    load_id VARCHAR NOT NULL,               -- load, named like the snapshot it led to
    file VARCHAR NOT NULL,                  -- file name as given
    format VARCHAR NOT NULL,                -- reader that took it
    n_read BIGINT NOT NULL,                 -- records read; equals accepted + rejected + duplicate
    n_accepted BIGINT NOT NULL,             -- records that brought an article, a version, annotations, a page, or a later time of fetching
    n_rejected BIGINT NOT NULL,             -- records refused
    n_duplicate BIGINT NOT NULL             -- records that the store or this load already held
);

CREATE TABLE reject (
    load_id VARCHAR NOT NULL,               -- load
    file VARCHAR NOT NULL,                  -- file name as given
    line BIGINT NOT NULL,                   -- 1-based line of the record
    byte BIGINT NOT NULL,                   -- byte offset of the record's start
    field VARCHAR NOT NULL,                 -- field at fault, or empty
    reason VARCHAR NOT NULL,                -- reason code
    expected VARCHAR NOT NULL,              -- what was expected
    sha256 VARCHAR NOT NULL                 -- digest of the refused record
);

CREATE TABLE refused_annotation (
    load_id VARCHAR NOT NULL,               -- load
    file VARCHAR NOT NULL,                  -- file name as given
    line BIGINT NOT NULL,                   -- 1-based line of the record
    article_id VARCHAR NOT NULL,            -- article that was accepted without it
    position BIGINT NOT NULL,               -- 0-based place in the list of annotations
    reason VARCHAR NOT NULL,                -- reason code
    expected VARCHAR NOT NULL               -- what was expected
);

CREATE TABLE article (
    article_key INTEGER NOT NULL,           -- key of this version in this store
    story_key INTEGER NOT NULL,             -- key of its story in this store
    article_id VARCHAR NOT NULL,            -- id for ever
    story_id VARCHAR NOT NULL,              -- its story: named by the text of the member published first
    story_rule VARCHAR,                     -- rule by which its nearest copy is one: same-text, near-copy, contained, agency-copy, reworked; NULL without a copy
    story_share DOUBLE,                     -- share of runs of words that it has in common with that copy, 0 to 1
    content_sha256 VARCHAR NOT NULL,        -- digest of everything but annotations; tells versions apart
    version_no INTEGER NOT NULL,            -- ordered by when its source was last seen with it, then published (none first), then digest
    is_current BOOLEAN NOT NULL,            -- true for the version seen last, the only one that is counted
    is_sample BOOLEAN NOT NULL,             -- true for the shipped sample
    role role_enum NOT NULL,                -- place on its page; a headline is counted only when asked for
    page_id VARCHAR NOT NULL,               -- page that it stood on
    url VARCHAR,                            -- address, if known
    publisher publisher_enum,               -- who wrote it; NULL unknown
    carrier VARCHAR,                        -- who republished it
    language VARCHAR NOT NULL,              -- BCP 47
    published VARCHAR,                      -- as stated: date or RFC 3339 time
    published_on DATE,                      -- the stated calendar day; NULL: undated
    published_at TIMESTAMP,               -- UTC time, where a time with offset was stated
    published_basis published_basis_enum NOT NULL, -- how the date is known
    fetched_at TIMESTAMP,                 -- UTC time when it was last fetched; never a publication date
    keywords VARCHAR[] NOT NULL,            -- as printed
    rights VARCHAR,                         -- as given
    load_id VARCHAR NOT NULL                -- load that brought this version
);

CREATE TABLE statement (
    article_key INTEGER NOT NULL,           -- version spoken about
    annotator VARCHAR NOT NULL,             -- who spoke; perhaps to say nothing at all
    sha256 VARCHAR NOT NULL,                -- digest of version, annotator and what was said; the same again is a duplicate
    is_built_in BOOLEAN NOT NULL,           -- true where this program made the rows; then said anew when the registry changes
    load_id VARCHAR NOT NULL                -- load that brought it; of one program the version loaded last is in force
);

CREATE TABLE returned_label (
    article_key INTEGER NOT NULL,           -- version spoken about
    annotator VARCHAR NOT NULL,             -- who said it
    field field_enum NOT NULL,              -- field of the span
    span_start INTEGER NOT NULL,            -- first code point
    span_end INTEGER NOT NULL,              -- code point after the last
    label VARCHAR NOT NULL,                 -- what was said there, as a label
    is_said BOOLEAN NOT NULL,               -- false where it was taken away after an export, true where it stands among changed ones
    base_sha256 VARCHAR NOT NULL,           -- digest of what was exported; tells the states of one piece of work
    sha256 VARCHAR NOT NULL,                -- digest of that and of what came back; the same again is a duplicate
    load_id VARCHAR NOT NULL,               -- load that brought it
    record_no BIGINT NOT NULL               -- place of its record in that load; of one label the last load and record decide
);

CREATE TABLE event_mention (
    event_id event_enum,                    -- edition; NULL while open
    series_id series_enum NOT NULL,         -- series
    candidates VARCHAR[] NOT NULL,          -- possible editions while open
    stage stage_enum,                       -- qualifiers, finals, other
    article_key INTEGER NOT NULL,           -- version that says it
    story_key INTEGER NOT NULL,             -- its story
    role role_enum NOT NULL,                -- role of the article
    published_on DATE,                      -- day of publication, repeated from article
    publisher publisher_enum,               -- publisher, repeated from article
    field field_enum NOT NULL,              -- field of the span
    span_start INTEGER NOT NULL,            -- first code point
    span_end INTEGER NOT NULL,              -- code point after the last
    tier tier_enum NOT NULL,                -- how strong: an order, no probability
    rule VARCHAR NOT NULL,                  -- rule that found it
    annotator VARCHAR NOT NULL,             -- who says so
    in_force BOOLEAN NOT NULL               -- false for old versions of a text, annotators outranked, labels taken away
);

CREATE TABLE country_mention (
    code country_enum,                      -- country or bloc; NULL while ambiguous
    candidates VARCHAR[] NOT NULL,          -- possible codes while ambiguous
    country_role country_role_enum NOT NULL,-- part it plays in the sentence
    article_key INTEGER NOT NULL,           -- version that says it
    story_key INTEGER NOT NULL,             -- its story
    role role_enum NOT NULL,                -- role of the article
    published_on DATE,                      -- day of publication, repeated from article
    publisher publisher_enum,               -- publisher, repeated from article
    field field_enum NOT NULL,              -- field of the span
    span_start INTEGER NOT NULL,            -- first code point
    span_end INTEGER NOT NULL,              -- code point after the last
    tier tier_enum NOT NULL,                -- how strong
    rule VARCHAR NOT NULL,                  -- rule that found it
    annotator VARCHAR NOT NULL,             -- who says so
    in_force BOOLEAN NOT NULL               -- false for old versions, annotators outranked, labels taken away
);

CREATE TABLE pair_mention (
    a country_enum NOT NULL,                -- first code, a < b by letters
    b country_enum NOT NULL,                -- second code
    direction direction_enum NOT NULL,      -- who acts upon whom
    relation relation_enum NOT NULL,        -- what the sentence states; cohost is counted only when asked for
    article_key INTEGER NOT NULL,           -- version that says it
    story_key INTEGER NOT NULL,             -- its story
    role role_enum NOT NULL,                -- role of the article
    published_on DATE,                      -- day of publication, repeated from article
    publisher publisher_enum,               -- publisher, repeated from article
    field field_enum NOT NULL,              -- field of the span
    span_start INTEGER NOT NULL,            -- first code point of the sentence
    span_end INTEGER NOT NULL,              -- code point after its last
    tier tier_enum NOT NULL,                -- how strong
    rule VARCHAR NOT NULL,                  -- rule that found it
    annotator VARCHAR NOT NULL,             -- who says so
    in_force BOOLEAN NOT NULL               -- false for old versions, annotators outranked, labels taken away
);

CREATE TABLE theme_mention (
    theme_id theme_enum NOT NULL,           -- theme
    article_key INTEGER NOT NULL,           -- version that says it
    story_key INTEGER NOT NULL,             -- its story
    role role_enum NOT NULL,                -- role of the article
    published_on DATE,                      -- day of publication, repeated from article
    publisher publisher_enum,               -- publisher, repeated from article
    field field_enum NOT NULL,              -- field of the span
    span_start INTEGER NOT NULL,            -- first code point
    span_end INTEGER NOT NULL,              -- code point after the last
    tier tier_enum NOT NULL,                -- how strong
    rule VARCHAR NOT NULL,                  -- rule that found it
    annotator VARCHAR NOT NULL,             -- who says so
    in_force BOOLEAN NOT NULL               -- false for old versions, annotators outranked, labels taken away
);

CREATE TABLE date_expression (
    value_from DATE,                        -- first day meant; NULL while open or in conflict
    value_to DATE,                          -- last day meant
    precision precision_enum NOT NULL,      -- day, week, month, season, year
    basis date_basis_enum NOT NULL,         -- absolute, relative or Hijri
    anchor DATE,                            -- date that a relative one was counted from
    weekday INTEGER,                        -- ISO weekday that the text states, 1 Monday
    weekday_check weekday_check_enum NOT NULL, -- does that weekday fit
    article_key INTEGER NOT NULL,           -- version that says it
    field field_enum NOT NULL,              -- field of the span
    span_start INTEGER NOT NULL,            -- first code point
    span_end INTEGER NOT NULL,              -- code point after the last
    tier tier_enum NOT NULL,                -- how strong
    rule VARCHAR NOT NULL,                  -- rule that found it
    annotator VARCHAR NOT NULL,             -- who says so
    in_force BOOLEAN NOT NULL               -- false for old versions, annotators outranked, labels taken away
);

CREATE TABLE entity_mention (
    kind VARCHAR NOT NULL,                  -- person or organisation
    entity_id VARCHAR,                      -- id in the registry; NULL unknown
    country country_enum,                   -- country that it acts for; NULL international or unknown
    office VARCHAR,                         -- office, where stated
    article_key INTEGER NOT NULL,           -- version that says it
    field field_enum NOT NULL,              -- field of the span
    span_start INTEGER NOT NULL,            -- first code point
    span_end INTEGER NOT NULL,              -- code point after the last
    tier tier_enum NOT NULL,                -- how strong
    rule VARCHAR NOT NULL,                  -- rule that found it
    annotator VARCHAR NOT NULL,             -- who says so
    in_force BOOLEAN NOT NULL               -- false for old versions, annotators outranked, labels taken away
);

CREATE TABLE series (
    series_id VARCHAR PRIMARY KEY,          -- id in the registry
    name VARCHAR NOT NULL,                  -- Arabic name
    kind VARCHAR NOT NULL                   -- sport, meeting, exposition
);

CREATE TABLE tracked_event (
    event_id VARCHAR PRIMARY KEY,           -- id in the registry
    series_id VARCHAR NOT NULL,             -- series
    name VARCHAR NOT NULL,                  -- Arabic name
    label_year INTEGER NOT NULL,            -- year that the press prints, not the year of play
    ordinal INTEGER                         -- edition number, where sure
);

CREATE TABLE tracked_event_fact (
    event_id VARCHAR NOT NULL,              -- edition
    key VARCHAR NOT NULL,                   -- start, end, host, part_host, status, winner, final
    value VARCHAR NOT NULL,                 -- date, month, or codes with commas
    known_from DATE,                        -- when it became public; NULL not sure
    superseded_on DATE,                     -- when a later fact took its place
    sureness VARCHAR NOT NULL,              -- high, medium, low
    sources VARCHAR[] NOT NULL,             -- who published it
    note VARCHAR                            -- remark
);

CREATE TABLE country (
    code VARCHAR PRIMARY KEY,               -- ISO 3166-1 alpha-2, EU, UN or X-… for other blocs
    name VARCHAR NOT NULL,                  -- Arabic name
    is_bloc BOOLEAN NOT NULL                -- true for EU, UN and X-…
);

CREATE TABLE theme (
    theme_id VARCHAR PRIMARY KEY,           -- id in the registry
    name VARCHAR NOT NULL,                  -- Arabic name
    medtop VARCHAR                          -- IPTC Media Topic where sure
);

CREATE TABLE erased (
    article_id VARCHAR NOT NULL,            -- article that was erased and is refused when it comes again
    reason VARCHAR NOT NULL,                -- why, in the words of who erased it
    load_id VARCHAR NOT NULL                -- snapshot that no longer held it
);

CREATE VIEW counted_article AS
    SELECT a.* FROM article a WHERE a.is_current;

CREATE VIEW event_window AS
    SELECT e.event_id,
        (SELECT max(try_cast(f.value AS DATE)) FROM tracked_event_fact f WHERE f.event_id = e.event_id AND f.key = 'start' AND f.superseded_on IS NULL) AS start_on,
        (SELECT max(try_cast(f.value AS DATE)) FROM tracked_event_fact f WHERE f.event_id = e.event_id AND f.key = 'end' AND f.superseded_on IS NULL) AS end_on
    FROM tracked_event e;
COMMENT ON COLUMN event_window.event_id IS 'edition';
COMMENT ON COLUMN event_window.start_on IS 'first day as known today; NULL while no day is known';
COMMENT ON COLUMN event_window.end_on IS 'last day as known today; NULL while no day is known';
