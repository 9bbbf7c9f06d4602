-- +goose Up
-- What readers say of a story's own words, and its open question.

-- A comment names its passage by id now; the column held nothing before.
ALTER TABLE comments DROP COLUMN passage;
ALTER TABLE comments ADD COLUMN passage BIGINT NOT NULL DEFAULT 0;
CREATE INDEX comments_passage ON comments (passage, id) WHERE passage <> 0 AND parent = 0 AND state = 'published';
-- It came with an answer to the story's question.
ALTER TABLE comments ADD COLUMN reason BIGINT NOT NULL DEFAULT 0;

ALTER TABLE stories ADD COLUMN written_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN author_email TEXT NOT NULL DEFAULT '' CHECK (octet_length(author_email) <= 254);
ALTER TABLE stories ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN version_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN passages BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN question BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN sequels BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN corrections BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN passages_off BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN questions_off BIGINT NOT NULL DEFAULT 0;
-- The desk lists stories by when they appeared.
CREATE INDEX stories_newest ON stories (site, (CASE WHEN published_at <> 0 THEN published_at ELSE created_at END), id);

-- Every state of a served text. Blocks are paragraphs, one a line.
CREATE TABLE versions (
    story  BIGINT NOT NULL REFERENCES stories (id),
    number BIGINT NOT NULL CHECK (number > 0),
    title  TEXT NOT NULL CHECK (length(title) <= 300),
    blocks TEXT NOT NULL CHECK (octet_length(blocks) <= 1048576),
    at     BIGINT NOT NULL,
    PRIMARY KEY (story, number)
);

CREATE TABLE passages (
    id          BIGINT PRIMARY KEY,
    site        BIGINT NOT NULL,
    story       BIGINT NOT NULL REFERENCES stories (id),
    exact       TEXT NOT NULL CHECK (length(exact) BETWEEN 1 AND 1000),
    prefix      TEXT NOT NULL CHECK (length(prefix) <= 256),
    suffix      TEXT NOT NULL CHECK (length(suffix) <= 256),
    start_at    BIGINT NOT NULL,            -- code points; a hint where the forum holds no text
    end_at      BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('found', 'changed', 'quoted')),
    version     BIGINT NOT NULL,
    fingerprint BYTEA NOT NULL,               -- SHA-256 of the words and where they stand: who chooses the same finds it
    comments    BIGINT NOT NULL DEFAULT 0,
    threads     BIGINT NOT NULL DEFAULT 0,
    created_at  BIGINT NOT NULL,
    UNIQUE (story, fingerprint)
);
CREATE INDEX passages_talk ON passages (story, comments, id) WHERE threads > 0;
CREATE INDEX passages_place ON passages (story, start_at, end_at) WHERE state = 'found';

-- What became of a passage in each version of the text.
CREATE TABLE anchorings (
    passage  BIGINT NOT NULL REFERENCES passages (id),
    version  BIGINT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('found', 'changed')),
    means    TEXT NOT NULL CHECK (octet_length(means) <= 64), -- how it was found, or why not
    start_at BIGINT NOT NULL,
    end_at   BIGINT NOT NULL,
    PRIMARY KEY (passage, version)
);

CREATE TABLE corrections (
    id         BIGINT PRIMARY KEY,
    site       BIGINT NOT NULL,
    story      BIGINT NOT NULL REFERENCES stories (id),
    passage    BIGINT NOT NULL DEFAULT 0,   -- 0 = the story as a whole
    reader     BIGINT NOT NULL REFERENCES readers (id),
    body       TEXT NOT NULL CHECK (octet_length(body) BETWEEN 1 AND 1000),
    source     TEXT NOT NULL CHECK (octet_length(source) <= 2048),
    thanks     BIGINT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined')),
    reply      TEXT NOT NULL DEFAULT '' CHECK (octet_length(reply) <= 1000),
    decided_by BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    decided_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX corrections_story ON corrections (story, state, id);
CREATE INDEX corrections_reader ON corrections (reader, id);
CREATE INDEX corrections_open ON corrections (site, id) WHERE state = 'open';

CREATE TABLE sequels (
    id     BIGINT PRIMARY KEY,
    site   BIGINT NOT NULL,
    story  BIGINT NOT NULL REFERENCES stories (id),
    later  BIGINT NOT NULL DEFAULT 0,
    url    TEXT NOT NULL CHECK (octet_length(url) <= 2048),
    title  TEXT NOT NULL CHECK (length(title) <= 300),
    note   TEXT NOT NULL CHECK (octet_length(note) <= 1000),
    day    BIGINT NOT NULL,
    editor BIGINT NOT NULL REFERENCES readers (id),
    at     BIGINT NOT NULL,
    ended  BIGINT NOT NULL DEFAULT 0        -- when an editor took it off again
);
CREATE INDEX sequels_story ON sequels (story, day, id) WHERE ended = 0;

CREATE TABLE questions (
    id        BIGINT PRIMARY KEY,
    site      BIGINT NOT NULL,
    story     BIGINT NOT NULL UNIQUE REFERENCES stories (id),
    state     TEXT NOT NULL CHECK (state IN ('open', 'closed', 'settled')),
    version   BIGINT NOT NULL,
    readers   BIGINT NOT NULL DEFAULT 0,    -- confirmed readers who have answered the current words
    opened_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL DEFAULT 0,
    asked_by  BIGINT NOT NULL REFERENCES readers (id)
);
CREATE INDEX questions_settled ON questions (site, id) WHERE state = 'settled';
CREATE INDEX questions_standing ON questions (site, id) WHERE state <> 'settled';

-- Every version of a question's words. Answers stay with the words they answered.
CREATE TABLE wordings (
    question BIGINT NOT NULL REFERENCES questions (id),
    version  BIGINT NOT NULL CHECK (version > 0),
    text     TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 160),
    rule     TEXT NOT NULL CHECK (octet_length(rule) <= 1000),
    judge    TEXT NOT NULL CHECK (octet_length(judge) <= 1000),
    closes   BIGINT NOT NULL DEFAULT 0,
    void     TEXT NOT NULL CHECK (octet_length(void) <= 1000),
    office   TEXT NOT NULL CHECK (octet_length(office) <= 400),
    editor   BIGINT NOT NULL REFERENCES readers (id),
    at       BIGINT NOT NULL,
    PRIMARY KEY (question, version)
);

CREATE TABLE answers (
    id       BIGINT PRIMARY KEY,
    question BIGINT NOT NULL REFERENCES questions (id),
    version  BIGINT NOT NULL,
    reader   BIGINT NOT NULL REFERENCES readers (id),
    step     BIGINT NOT NULL CHECK (step BETWEEN 1 AND 7),
    comment  BIGINT NOT NULL DEFAULT 0,
    at       BIGINT NOT NULL
);
CREATE INDEX answers_question ON answers (question, id);
CREATE INDEX answers_reader ON answers (reader, question, id);
CREATE INDEX answers_audience ON answers (question, reader);
CREATE INDEX answers_reasons ON answers (question, id) WHERE comment <> 0;
CREATE UNIQUE INDEX answers_comment ON answers (comment) WHERE comment <> 0;

CREATE TABLE milestones (
    id       BIGINT PRIMARY KEY,
    question BIGINT NOT NULL REFERENCES questions (id),
    day      BIGINT NOT NULL,
    text     TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 120),
    url      TEXT NOT NULL CHECK (octet_length(url) <= 2048),
    editor   BIGINT NOT NULL REFERENCES readers (id),
    at       BIGINT NOT NULL,
    ended    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX milestones_question ON milestones (question, day, id) WHERE ended = 0;

CREATE TABLE settlements (
    id           BIGINT PRIMARY KEY,
    question     BIGINT NOT NULL REFERENCES questions (id),
    outcome      TEXT NOT NULL CHECK (outcome IN ('yes', 'no', 'void')),
    source       TEXT NOT NULL CHECK (octet_length(source) BETWEEN 1 AND 2048),
    note         TEXT NOT NULL CHECK (octet_length(note) <= 1000),
    state        TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'declined', 'overturned')),
    happened_at  BIGINT NOT NULL,
    proposed_by  BIGINT NOT NULL REFERENCES readers (id),
    proposed_at  BIGINT NOT NULL,
    confirmed_by BIGINT NOT NULL DEFAULT 0,
    confirmed_at BIGINT NOT NULL DEFAULT 0
);
-- One at a time: two editors who settle at once cannot both be first.
CREATE UNIQUE INDEX settlements_standing ON settlements (question) WHERE state IN ('proposed', 'confirmed');
CREATE INDEX settlements_question ON settlements (question, id);
CREATE INDEX settlements_waiting ON settlements (id) WHERE state = 'proposed';

CREATE TABLE settlement_appeals (
    id         BIGINT PRIMARY KEY,
    settlement BIGINT NOT NULL REFERENCES settlements (id),
    reader     BIGINT NOT NULL REFERENCES readers (id),
    body       TEXT NOT NULL CHECK (octet_length(body) BETWEEN 1 AND 1000),
    state      TEXT NOT NULL CHECK (state IN ('open', 'granted', 'refused')),
    reply      TEXT NOT NULL DEFAULT '' CHECK (octet_length(reply) <= 1000),
    decided_by BIGINT NOT NULL DEFAULT 0,
    at         BIGINT NOT NULL,
    decided_at BIGINT NOT NULL DEFAULT 0,
    UNIQUE (settlement, reader)
);
CREATE INDEX settlement_appeals_open ON settlement_appeals (id) WHERE state = 'open';

-- Notices that are about no comment name their story themselves.
ALTER TABLE notices ADD COLUMN story BIGINT NOT NULL DEFAULT 0;

-- Questions can be followed too.
ALTER TABLE follows DROP CONSTRAINT follows_kind_check;
ALTER TABLE follows ADD CONSTRAINT follows_kind_check CHECK (kind IN ('reader', 'thread', 'story', 'question'));

UPDATE meta SET value = '2' WHERE key = 'min_schema';
