-- +goose Up
-- What vouches for the event log: a chain of hashes.

CREATE TABLE seals (
    upto   BIGINT PRIMARY KEY CHECK (upto > after), -- the newest event it vouches for
    after  BIGINT NOT NULL UNIQUE,                  -- the newest of the seal before; 0 = it is the first
    digest BYTEA NOT NULL,                           -- SHA-256
    at     BIGINT NOT NULL
);

-- Events tell their data in fewer bytes from now on, which older programs cannot read.
UPDATE meta SET value = '4' WHERE key = 'min_schema';
