-- +goose Up
-- Times are UTC milliseconds (0 = never), ids are made by the program, truth values are 0 or 1.
-- Lengths are checked here too, so that no path into the database can leave one out.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO meta VALUES ('min_schema', '1');

CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO counters VALUES ('events', 0);

CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, expires_at BIGINT NOT NULL);
CREATE TABLE cursors (name TEXT PRIMARY KEY, position BIGINT NOT NULL);

CREATE TABLE sites (
    id         BIGINT PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE CHECK (octet_length(key) BETWEEN 1 AND 64),
    name       TEXT NOT NULL CHECK (octet_length(name) <= 400),
    created_at BIGINT NOT NULL
);

CREATE TABLE readers (
    id           BIGINT PRIMARY KEY,
    site         BIGINT NOT NULL REFERENCES sites (id),
    name         TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    name_key     TEXT CHECK (octet_length(name_key) <= 4096), -- what confusable names have in common; NULL = the name is free again
    email        TEXT NOT NULL DEFAULT '' CHECK (octet_length(email) <= 254),
    confirmed_at BIGINT NOT NULL DEFAULT 0,
    roles        BIGINT NOT NULL DEFAULT 0,
    hidden       BIGINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    comments     BIGINT NOT NULL DEFAULT 0,
    last_comment BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX readers_name ON readers (site, name_key) WHERE name_key IS NOT NULL;
CREATE INDEX readers_roles ON readers (site) WHERE roles <> 0;
-- An address belongs to nobody until it is confirmed: only then it must be unique.
CREATE UNIQUE INDEX readers_address ON readers (site, email) WHERE confirmed_at > 0 AND email <> '';

CREATE TABLE credentials (
    reader     BIGINT NOT NULL REFERENCES readers (id),
    kind       TEXT NOT NULL CHECK (octet_length(kind) <= 32), -- 'password'; other ways in bring their own kind
    subject    TEXT NOT NULL DEFAULT '' CHECK (octet_length(subject) <= 255), -- who the reader is to that way in; '' for a password
    secret     TEXT NOT NULL CHECK (octet_length(secret) <= 1024),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (reader, kind, subject)
);

CREATE TABLE sessions (
    token      BYTEA PRIMARY KEY,             -- SHA-256 of what the cookie holds
    site       BIGINT NOT NULL REFERENCES sites (id),
    reader     BIGINT NOT NULL REFERENCES readers (id),
    scope      TEXT NOT NULL,                -- 'reader' or 'desk'
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_reader ON sessions (reader);

CREATE TABLE confirmations (
    reader     BIGINT PRIMARY KEY REFERENCES readers (id),
    token      BYTEA NOT NULL UNIQUE,         -- SHA-256 of the token in the mail
    code       BYTEA NOT NULL,                -- SHA-256 of the code for another browser
    tries      BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL
);

CREATE TABLE redemptions (
    challenge  BYTEA PRIMARY KEY,             -- SHA-256 of the verifier that only the asking page knows
    reader     BIGINT NOT NULL REFERENCES readers (id),
    origin     TEXT NOT NULL CHECK (octet_length(origin) <= 2048),
    expires_at BIGINT NOT NULL
);

CREATE TABLE stories (
    id           BIGINT PRIMARY KEY,
    site         BIGINT NOT NULL REFERENCES sites (id),
    url          TEXT NOT NULL CHECK (octet_length(url) <= 2048),
    title        TEXT NOT NULL CHECK (length(title) <= 300),
    section      TEXT NOT NULL DEFAULT '' CHECK (length(section) <= 100),
    created_at   BIGINT NOT NULL,
    published_at BIGINT NOT NULL DEFAULT 0,
    closed_at    BIGINT NOT NULL DEFAULT 0,
    revision     BIGINT NOT NULL DEFAULT 1,
    stale        BIGINT NOT NULL DEFAULT 0, -- recommendation counts moved since the revision was raised
    comments     BIGINT NOT NULL DEFAULT 0,
    threads      BIGINT NOT NULL DEFAULT 0,
    last_comment BIGINT NOT NULL DEFAULT 0,
    UNIQUE (site, url)
);
CREATE INDEX stories_latest ON stories (site, last_comment) WHERE last_comment > 0;
CREATE INDEX stories_stale ON stories (id) WHERE stale = 1;

CREATE TABLE comments (
    id              BIGINT PRIMARY KEY,
    site            BIGINT NOT NULL,
    story           BIGINT NOT NULL REFERENCES stories (id),
    root            BIGINT NOT NULL,
    parent          BIGINT NOT NULL,        -- 0 = opens a thread
    depth           BIGINT NOT NULL CHECK (depth > 0),
    author          BIGINT NOT NULL REFERENCES readers (id),
    answers         BIGINT NOT NULL,        -- the author of the parent; 0 = none
    state           TEXT NOT NULL CHECK (state IN ('published', 'held', 'refused', 'removed', 'withdrawn')),
    body            TEXT NOT NULL CHECK (octet_length(body) <= 65536),
    html            TEXT NOT NULL CHECK (octet_length(html) <= 1048576), -- '' when the body is plain text and rendering it costs nothing
    passage         TEXT NOT NULL DEFAULT '' CHECK (octet_length(passage) <= 64),
    created_at      BIGINT NOT NULL,
    edited_at       BIGINT NOT NULL DEFAULT 0,
    recommendations BIGINT NOT NULL DEFAULT 0,
    replies         BIGINT NOT NULL DEFAULT 0
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
    id         BIGINT PRIMARY KEY,
    comment    BIGINT NOT NULL REFERENCES comments (id),
    body       TEXT NOT NULL CHECK (octet_length(body) <= 65536),
    written_at BIGINT NOT NULL,
    until      BIGINT NOT NULL
);
CREATE INDEX earlier_texts_comment ON earlier_texts (comment, id);

CREATE TABLE recommendations (
    comment BIGINT NOT NULL REFERENCES comments (id),
    reader  BIGINT NOT NULL REFERENCES readers (id),
    signal  TEXT NOT NULL,
    story   BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (comment, reader, signal)
);
CREATE INDEX recommendations_reader ON recommendations (reader, story, comment);

CREATE TABLE reports (
    id      BIGINT PRIMARY KEY,
    comment BIGINT NOT NULL REFERENCES comments (id),
    reader  BIGINT NOT NULL REFERENCES readers (id),
    reason  TEXT NOT NULL,
    note    TEXT NOT NULL CHECK (octet_length(note) <= 1000),
    at      BIGINT NOT NULL,
    UNIQUE (comment, reader)
);

CREATE TABLE decisions (
    id         BIGINT PRIMARY KEY,
    comment    BIGINT NOT NULL REFERENCES comments (id),
    moderator  BIGINT NOT NULL REFERENCES readers (id),
    action     TEXT NOT NULL,
    reason     TEXT NOT NULL,
    note       TEXT NOT NULL CHECK (octet_length(note) <= 1000),
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX decisions_comment ON decisions (comment, id);

CREATE TABLE follows (
    reader BIGINT NOT NULL REFERENCES readers (id),
    kind   TEXT NOT NULL CHECK (kind IN ('reader', 'thread', 'story')),
    target BIGINT NOT NULL,
    seen   BIGINT NOT NULL,                 -- comments up to this id have been seen
    at     BIGINT NOT NULL,
    PRIMARY KEY (reader, kind, target)
);
CREATE INDEX follows_target ON follows (kind, target, reader);

CREATE TABLE silences (
    reader BIGINT NOT NULL REFERENCES readers (id),
    kind   TEXT NOT NULL CHECK (kind IN ('mute', 'block')),
    target BIGINT NOT NULL REFERENCES readers (id),
    at     BIGINT NOT NULL,
    PRIMARY KEY (reader, kind, target)
);
CREATE INDEX silences_target ON silences (target, kind, reader);

CREATE TABLE notices (
    id      BIGINT PRIMARY KEY,
    reader  BIGINT NOT NULL REFERENCES readers (id),
    kind    TEXT NOT NULL,
    subject BIGINT NOT NULL,
    comment BIGINT NOT NULL,
    count   BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    seen    BIGINT NOT NULL DEFAULT 0,
    UNIQUE (reader, kind, comment, subject)
);
CREATE INDEX notices_reader ON notices (reader, id);
CREATE INDEX notices_unseen ON notices (reader) WHERE seen = 0;

CREATE TABLE idempotency (
    reader  BIGINT NOT NULL,
    key     TEXT NOT NULL CHECK (octet_length(key) <= 255),
    request BYTEA NOT NULL,                   -- SHA-256 of what was asked
    comment BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (reader, key)
);
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE imports (
    site      BIGINT NOT NULL,
    source    TEXT NOT NULL CHECK (octet_length(source) <= 255),
    kind      TEXT NOT NULL CHECK (octet_length(kind) <= 32),
    source_id TEXT NOT NULL CHECK (octet_length(source_id) <= 1024),
    id        BIGINT NOT NULL,
    PRIMARY KEY (site, source, kind, source_id)
);

CREATE TABLE events (
    id      BIGINT PRIMARY KEY,
    site    BIGINT NOT NULL,
    story   BIGINT NOT NULL,
    kind    TEXT NOT NULL,
    subject BIGINT NOT NULL,
    actor   BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    data    TEXT NOT NULL
);
CREATE INDEX events_story ON events (story, id);
