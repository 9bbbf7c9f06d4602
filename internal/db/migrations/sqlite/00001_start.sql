-- +goose Up
-- Times are UTC milliseconds (0 = never), ids are made by the program, truth values are 0 or 1.
-- Lengths are checked here too, so that no path into the database can leave one out.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('min_schema', '1');

CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counters VALUES ('events', 0);

CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE cursors (name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE sites (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE CHECK (length(CAST(key AS BLOB)) BETWEEN 1 AND 64),
    name       TEXT NOT NULL CHECK (length(CAST(name AS BLOB)) <= 400),
    created_at INTEGER NOT NULL
);

CREATE TABLE readers (
    id           INTEGER PRIMARY KEY,
    site         INTEGER NOT NULL REFERENCES sites (id),
    name         TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    name_key     TEXT CHECK (length(CAST(name_key AS BLOB)) <= 4096), -- what confusable names have in common; NULL = the name is free again
    email        TEXT NOT NULL DEFAULT '' CHECK (length(CAST(email AS BLOB)) <= 254),
    confirmed_at INTEGER NOT NULL DEFAULT 0,
    roles        INTEGER NOT NULL DEFAULT 0,
    hidden       INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    comments     INTEGER NOT NULL DEFAULT 0,
    last_comment INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX readers_name ON readers (site, name_key) WHERE name_key IS NOT NULL;
CREATE INDEX readers_roles ON readers (site) WHERE roles <> 0;
-- An address belongs to nobody until it is confirmed: only then it must be unique.
CREATE UNIQUE INDEX readers_address ON readers (site, email) WHERE confirmed_at > 0 AND email <> '';

CREATE TABLE credentials (
    reader     INTEGER NOT NULL REFERENCES readers (id),
    kind       TEXT NOT NULL CHECK (length(CAST(kind AS BLOB)) <= 32), -- 'password'; other ways in bring their own kind
    subject    TEXT NOT NULL DEFAULT '' CHECK (length(CAST(subject AS BLOB)) <= 255), -- who the reader is to that way in; '' for a password
    secret     TEXT NOT NULL CHECK (length(CAST(secret AS BLOB)) <= 1024),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (reader, kind, subject)
) WITHOUT ROWID;

CREATE TABLE sessions (
    token      BLOB PRIMARY KEY,             -- SHA-256 of what the cookie holds
    site       INTEGER NOT NULL REFERENCES sites (id),
    reader     INTEGER NOT NULL REFERENCES readers (id),
    scope      TEXT NOT NULL,                -- 'reader' or 'desk'
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_reader ON sessions (reader);

CREATE TABLE confirmations (
    reader     INTEGER PRIMARY KEY REFERENCES readers (id),
    token      BLOB NOT NULL UNIQUE,         -- SHA-256 of the token in the mail
    code       BLOB NOT NULL,                -- SHA-256 of the code for another browser
    tries      INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL
);

CREATE TABLE redemptions (
    challenge  BLOB PRIMARY KEY,             -- SHA-256 of the verifier that only the asking page knows
    reader     INTEGER NOT NULL REFERENCES readers (id),
    origin     TEXT NOT NULL CHECK (length(CAST(origin AS BLOB)) <= 2048),
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE stories (
    id           INTEGER PRIMARY KEY,
    site         INTEGER NOT NULL REFERENCES sites (id),
    url          TEXT NOT NULL CHECK (length(CAST(url AS BLOB)) <= 2048),
    title        TEXT NOT NULL CHECK (length(title) <= 300),
    section      TEXT NOT NULL DEFAULT '' CHECK (length(section) <= 100),
    created_at   INTEGER NOT NULL,
    published_at INTEGER NOT NULL DEFAULT 0,
    closed_at    INTEGER NOT NULL DEFAULT 0,
    revision     INTEGER NOT NULL DEFAULT 1,
    stale        INTEGER NOT NULL DEFAULT 0, -- recommendation counts moved since the revision was raised
    comments     INTEGER NOT NULL DEFAULT 0,
    threads      INTEGER NOT NULL DEFAULT 0,
    last_comment INTEGER NOT NULL DEFAULT 0,
    UNIQUE (site, url)
);
CREATE INDEX stories_latest ON stories (site, last_comment) WHERE last_comment > 0;
CREATE INDEX stories_stale ON stories (id) WHERE stale = 1;

CREATE TABLE comments (
    id              INTEGER PRIMARY KEY,
    site            INTEGER NOT NULL,
    story           INTEGER NOT NULL REFERENCES stories (id),
    root            INTEGER NOT NULL,
    parent          INTEGER NOT NULL,        -- 0 = opens a thread
    depth           INTEGER NOT NULL CHECK (depth > 0),
    author          INTEGER NOT NULL REFERENCES readers (id),
    answers         INTEGER NOT NULL,        -- the author of the parent; 0 = none
    state           TEXT NOT NULL CHECK (state IN ('published', 'held', 'refused', 'removed', 'withdrawn')),
    body            TEXT NOT NULL CHECK (length(CAST(body AS BLOB)) <= 65536),
    html            TEXT NOT NULL CHECK (length(CAST(html AS BLOB)) <= 1048576), -- '' when the body is plain text and rendering it costs nothing
    passage         TEXT NOT NULL DEFAULT '' CHECK (length(CAST(passage AS BLOB)) <= 64),
    created_at      INTEGER NOT NULL,
    edited_at       INTEGER NOT NULL DEFAULT 0,
    recommendations INTEGER NOT NULL DEFAULT 0,
    replies         INTEGER NOT NULL DEFAULT 0
);
-- The two orders of threads ask for different things besides, so that no planner can take one for the other
-- and sort a whole story: what it believes of a story that began an hour ago is always wrong.
CREATE INDEX comments_threads ON comments (story, id) WHERE parent = 0 AND depth = 1 AND state IN ('published', 'removed', 'withdrawn');
CREATE INDEX comments_recommended ON comments (story, recommendations, id) WHERE parent = 0 AND recommendations >= 0 AND state IN ('published', 'removed', 'withdrawn');
CREATE INDEX comments_replies ON comments (root, id) WHERE parent <> 0 AND state IN ('published', 'removed', 'withdrawn');
CREATE INDEX comments_story ON comments (story, id) WHERE state = 'published';
CREATE INDEX comments_author ON comments (author, id);
CREATE INDEX comments_waiting ON comments (author, story, id) WHERE state IN ('held', 'refused');
CREATE INDEX comments_answers ON comments (answers, id) WHERE answers <> 0;

CREATE TABLE earlier_texts (
    id         INTEGER PRIMARY KEY,
    comment    INTEGER NOT NULL REFERENCES comments (id),
    body       TEXT NOT NULL CHECK (length(CAST(body AS BLOB)) <= 65536),
    written_at INTEGER NOT NULL,
    until      INTEGER NOT NULL
);
CREATE INDEX earlier_texts_comment ON earlier_texts (comment, id);

CREATE TABLE recommendations (
    comment INTEGER NOT NULL REFERENCES comments (id),
    reader  INTEGER NOT NULL REFERENCES readers (id),
    signal  TEXT NOT NULL,
    story   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (comment, reader, signal)
) WITHOUT ROWID;
CREATE INDEX recommendations_reader ON recommendations (reader, story, comment);

CREATE TABLE reports (
    id      INTEGER PRIMARY KEY,
    comment INTEGER NOT NULL REFERENCES comments (id),
    reader  INTEGER NOT NULL REFERENCES readers (id),
    reason  TEXT NOT NULL,
    note    TEXT NOT NULL CHECK (length(CAST(note AS BLOB)) <= 1000),
    at      INTEGER NOT NULL,
    UNIQUE (comment, reader)
);

CREATE TABLE decisions (
    id         INTEGER PRIMARY KEY,
    comment    INTEGER NOT NULL REFERENCES comments (id),
    moderator  INTEGER NOT NULL REFERENCES readers (id),
    action     TEXT NOT NULL,
    reason     TEXT NOT NULL,
    note       TEXT NOT NULL CHECK (length(CAST(note AS BLOB)) <= 1000),
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    at         INTEGER NOT NULL
);
CREATE INDEX decisions_comment ON decisions (comment, id);

CREATE TABLE follows (
    reader INTEGER NOT NULL REFERENCES readers (id),
    kind   TEXT NOT NULL CHECK (kind IN ('reader', 'thread', 'story')),
    target INTEGER NOT NULL,
    seen   INTEGER NOT NULL,                 -- comments up to this id have been seen
    at     INTEGER NOT NULL,
    PRIMARY KEY (reader, kind, target)
) WITHOUT ROWID;
CREATE INDEX follows_target ON follows (kind, target, reader);

CREATE TABLE silences (
    reader INTEGER NOT NULL REFERENCES readers (id),
    kind   TEXT NOT NULL CHECK (kind IN ('mute', 'block')),
    target INTEGER NOT NULL REFERENCES readers (id),
    at     INTEGER NOT NULL,
    PRIMARY KEY (reader, kind, target)
) WITHOUT ROWID;
CREATE INDEX silences_target ON silences (target, kind, reader);

CREATE TABLE notices (
    id      INTEGER PRIMARY KEY,
    reader  INTEGER NOT NULL REFERENCES readers (id),
    kind    TEXT NOT NULL,
    subject INTEGER NOT NULL,
    comment INTEGER NOT NULL,
    count   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    seen    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (reader, kind, comment, subject)
);
CREATE INDEX notices_reader ON notices (reader, id);
CREATE INDEX notices_unseen ON notices (reader) WHERE seen = 0;

CREATE TABLE idempotency (
    reader  INTEGER NOT NULL,
    key     TEXT NOT NULL CHECK (length(CAST(key AS BLOB)) <= 255),
    request BLOB NOT NULL,                   -- SHA-256 of what was asked
    comment INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (reader, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE imports (
    site      INTEGER NOT NULL,
    source    TEXT NOT NULL CHECK (length(CAST(source AS BLOB)) <= 255),
    kind      TEXT NOT NULL CHECK (length(CAST(kind AS BLOB)) <= 32),
    source_id TEXT NOT NULL CHECK (length(CAST(source_id AS BLOB)) <= 1024),
    id        INTEGER NOT NULL,
    PRIMARY KEY (site, source, kind, source_id)
) WITHOUT ROWID;

CREATE TABLE events (
    id      INTEGER PRIMARY KEY,
    site    INTEGER NOT NULL,
    story   INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    subject INTEGER NOT NULL,
    actor   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    data    TEXT NOT NULL
);
CREATE INDEX events_story ON events (story, id);
