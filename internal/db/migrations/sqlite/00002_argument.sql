-- +goose Up
-- What readers say of a story's own words, and its open question.

-- A comment names its passage by id now; the column held nothing before.
ALTER TABLE comments DROP COLUMN passage;
ALTER TABLE comments ADD COLUMN passage INTEGER NOT NULL DEFAULT 0;
CREATE INDEX comments_passage ON comments (passage, id) WHERE passage <> 0 AND parent = 0 AND state = 'published';
-- It came with an answer to the story's question.
ALTER TABLE comments ADD COLUMN reason INTEGER NOT NULL DEFAULT 0;

ALTER TABLE stories ADD COLUMN written_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN author_email TEXT NOT NULL DEFAULT '' CHECK (length(CAST(author_email AS BLOB)) <= 254);
ALTER TABLE stories ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN version_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN passages INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN question INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN sequels INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN corrections INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN passages_off INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN questions_off INTEGER NOT NULL DEFAULT 0;
-- The desk lists stories by when they appeared.
CREATE INDEX stories_newest ON stories (site, (CASE WHEN published_at <> 0 THEN published_at ELSE created_at END), id);

-- Every state of a served text. Blocks are paragraphs, one a line.
CREATE TABLE versions (
    story  INTEGER NOT NULL REFERENCES stories (id),
    number INTEGER NOT NULL CHECK (number > 0),
    title  TEXT NOT NULL CHECK (length(title) <= 300),
    blocks TEXT NOT NULL CHECK (length(CAST(blocks AS BLOB)) <= 1048576),
    at     INTEGER NOT NULL,
    PRIMARY KEY (story, number)
) WITHOUT ROWID;

CREATE TABLE passages (
    id          INTEGER PRIMARY KEY,
    site        INTEGER NOT NULL,
    story       INTEGER NOT NULL REFERENCES stories (id),
    exact       TEXT NOT NULL CHECK (length(exact) BETWEEN 1 AND 1000),
    prefix      TEXT NOT NULL CHECK (length(prefix) <= 256),
    suffix      TEXT NOT NULL CHECK (length(suffix) <= 256),
    start_at    INTEGER NOT NULL,            -- code points; a hint where the forum holds no text
    end_at      INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('found', 'changed', 'quoted')),
    version     INTEGER NOT NULL,
    fingerprint BLOB NOT NULL,               -- SHA-256 of the words and where they stand: who chooses the same finds it
    comments    INTEGER NOT NULL DEFAULT 0,
    threads     INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    UNIQUE (story, fingerprint)
);
CREATE INDEX passages_talk ON passages (story, comments, id) WHERE threads > 0;
CREATE INDEX passages_place ON passages (story, start_at, end_at) WHERE state = 'found';

-- What became of a passage in each version of the text.
CREATE TABLE anchorings (
    passage  INTEGER NOT NULL REFERENCES passages (id),
    version  INTEGER NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('found', 'changed')),
    means    TEXT NOT NULL CHECK (length(CAST(means AS BLOB)) <= 64), -- how it was found, or why not
    start_at INTEGER NOT NULL,
    end_at   INTEGER NOT NULL,
    PRIMARY KEY (passage, version)
) WITHOUT ROWID;

CREATE TABLE corrections (
    id         INTEGER PRIMARY KEY,
    site       INTEGER NOT NULL,
    story      INTEGER NOT NULL REFERENCES stories (id),
    passage    INTEGER NOT NULL DEFAULT 0,   -- 0 = the story as a whole
    reader     INTEGER NOT NULL REFERENCES readers (id),
    body       TEXT NOT NULL CHECK (length(CAST(body AS BLOB)) BETWEEN 1 AND 1000),
    source     TEXT NOT NULL CHECK (length(CAST(source AS BLOB)) <= 2048),
    thanks     INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined')),
    reply      TEXT NOT NULL DEFAULT '' CHECK (length(CAST(reply AS BLOB)) <= 1000),
    decided_by INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    decided_at INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX corrections_story ON corrections (story, state, id);
CREATE INDEX corrections_reader ON corrections (reader, id);
CREATE INDEX corrections_open ON corrections (site, id) WHERE state = 'open';

CREATE TABLE sequels (
    id     INTEGER PRIMARY KEY,
    site   INTEGER NOT NULL,
    story  INTEGER NOT NULL REFERENCES stories (id),
    later  INTEGER NOT NULL DEFAULT 0,
    url    TEXT NOT NULL CHECK (length(CAST(url AS BLOB)) <= 2048),
    title  TEXT NOT NULL CHECK (length(title) <= 300),
    note   TEXT NOT NULL CHECK (length(CAST(note AS BLOB)) <= 1000),
    day    INTEGER NOT NULL,
    editor INTEGER NOT NULL REFERENCES readers (id),
    at     INTEGER NOT NULL,
    ended  INTEGER NOT NULL DEFAULT 0        -- when an editor took it off again
);
CREATE INDEX sequels_story ON sequels (story, day, id) WHERE ended = 0;

CREATE TABLE questions (
    id        INTEGER PRIMARY KEY,
    site      INTEGER NOT NULL,
    story     INTEGER NOT NULL UNIQUE REFERENCES stories (id),
    state     TEXT NOT NULL CHECK (state IN ('open', 'closed', 'settled')),
    version   INTEGER NOT NULL,
    readers   INTEGER NOT NULL DEFAULT 0,    -- confirmed readers who have answered the current words
    opened_at INTEGER NOT NULL,
    closed_at INTEGER NOT NULL DEFAULT 0,
    asked_by  INTEGER NOT NULL REFERENCES readers (id)
);
CREATE INDEX questions_settled ON questions (site, id) WHERE state = 'settled';
CREATE INDEX questions_standing ON questions (site, id) WHERE state <> 'settled';

-- Every version of a question's words. Answers stay with the words they answered.
CREATE TABLE wordings (
    question INTEGER NOT NULL REFERENCES questions (id),
    version  INTEGER NOT NULL CHECK (version > 0),
    text     TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 160),
    rule     TEXT NOT NULL CHECK (length(CAST(rule AS BLOB)) <= 1000),
    judge    TEXT NOT NULL CHECK (length(CAST(judge AS BLOB)) <= 1000),
    closes   INTEGER NOT NULL DEFAULT 0,
    void     TEXT NOT NULL CHECK (length(CAST(void AS BLOB)) <= 1000),
    office   TEXT NOT NULL CHECK (length(CAST(office AS BLOB)) <= 400),
    editor   INTEGER NOT NULL REFERENCES readers (id),
    at       INTEGER NOT NULL,
    PRIMARY KEY (question, version)
) WITHOUT ROWID;

CREATE TABLE answers (
    id       INTEGER PRIMARY KEY,
    question INTEGER NOT NULL REFERENCES questions (id),
    version  INTEGER NOT NULL,
    reader   INTEGER NOT NULL REFERENCES readers (id),
    step     INTEGER NOT NULL CHECK (step BETWEEN 1 AND 7),
    comment  INTEGER NOT NULL DEFAULT 0,
    at       INTEGER NOT NULL
);
CREATE INDEX answers_question ON answers (question, id);
CREATE INDEX answers_reader ON answers (reader, question, id);
CREATE INDEX answers_audience ON answers (question, reader);
CREATE INDEX answers_reasons ON answers (question, id) WHERE comment <> 0;
CREATE UNIQUE INDEX answers_comment ON answers (comment) WHERE comment <> 0;

CREATE TABLE milestones (
    id       INTEGER PRIMARY KEY,
    question INTEGER NOT NULL REFERENCES questions (id),
    day      INTEGER NOT NULL,
    text     TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 120),
    url      TEXT NOT NULL CHECK (length(CAST(url AS BLOB)) <= 2048),
    editor   INTEGER NOT NULL REFERENCES readers (id),
    at       INTEGER NOT NULL,
    ended    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX milestones_question ON milestones (question, day, id) WHERE ended = 0;

CREATE TABLE settlements (
    id           INTEGER PRIMARY KEY,
    question     INTEGER NOT NULL REFERENCES questions (id),
    outcome      TEXT NOT NULL CHECK (outcome IN ('yes', 'no', 'void')),
    source       TEXT NOT NULL CHECK (length(CAST(source AS BLOB)) BETWEEN 1 AND 2048),
    note         TEXT NOT NULL CHECK (length(CAST(note AS BLOB)) <= 1000),
    state        TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'declined', 'overturned')),
    happened_at  INTEGER NOT NULL,
    proposed_by  INTEGER NOT NULL REFERENCES readers (id),
    proposed_at  INTEGER NOT NULL,
    confirmed_by INTEGER NOT NULL DEFAULT 0,
    confirmed_at INTEGER NOT NULL DEFAULT 0
);
-- One at a time: two editors who settle at once cannot both be first.
CREATE UNIQUE INDEX settlements_standing ON settlements (question) WHERE state IN ('proposed', 'confirmed');
CREATE INDEX settlements_question ON settlements (question, id);
CREATE INDEX settlements_waiting ON settlements (id) WHERE state = 'proposed';

CREATE TABLE settlement_appeals (
    id         INTEGER PRIMARY KEY,
    settlement INTEGER NOT NULL REFERENCES settlements (id),
    reader     INTEGER NOT NULL REFERENCES readers (id),
    body       TEXT NOT NULL CHECK (length(CAST(body AS BLOB)) BETWEEN 1 AND 1000),
    state      TEXT NOT NULL CHECK (state IN ('open', 'granted', 'refused')),
    reply      TEXT NOT NULL DEFAULT '' CHECK (length(CAST(reply AS BLOB)) <= 1000),
    decided_by INTEGER NOT NULL DEFAULT 0,
    at         INTEGER NOT NULL,
    decided_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (settlement, reader)
);
CREATE INDEX settlement_appeals_open ON settlement_appeals (id) WHERE state = 'open';

-- Notices that are about no comment name their story themselves.
ALTER TABLE notices ADD COLUMN story INTEGER NOT NULL DEFAULT 0;

-- Questions can be followed too.
CREATE TABLE follows_new (
    reader INTEGER NOT NULL REFERENCES readers (id),
    kind   TEXT NOT NULL CHECK (kind IN ('reader', 'thread', 'story', 'question')),
    target INTEGER NOT NULL,
    seen   INTEGER NOT NULL,                 -- comments up to this id have been seen
    at     INTEGER NOT NULL,
    PRIMARY KEY (reader, kind, target)
) WITHOUT ROWID;
INSERT INTO follows_new SELECT reader, kind, target, seen, at FROM follows;
DROP TABLE follows;
ALTER TABLE follows_new RENAME TO follows;
CREATE INDEX follows_target ON follows (kind, target, reader);

UPDATE meta SET value = '2' WHERE key = 'min_schema';
