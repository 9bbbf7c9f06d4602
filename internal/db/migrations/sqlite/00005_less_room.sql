-- +goose Up
-- What is kept of every comment and event takes less room.

-- Every index of SQLite ends with the id of the row by itself, and sorts and seeks by it. Where an index named the
-- id too, it stood there twice. All go before anything is made anew, which takes the room they leave.
DROP INDEX recommendations_reader;
DROP INDEX comments_threads;
DROP INDEX comments_recommended;
DROP INDEX comments_replies;
DROP INDEX comments_story;
DROP INDEX comments_author;
DROP INDEX comments_waiting;
DROP INDEX comments_answers;
DROP INDEX comments_passage;
DROP INDEX events_story;
DROP INDEX notices_reader;
DROP INDEX notices_unseen;
DROP INDEX earlier_texts_comment;
DROP INDEX decisions_comment;
DROP INDEX stories_newest;
DROP INDEX passages_talk;
DROP INDEX corrections_story;
DROP INDEX corrections_reader;
DROP INDEX corrections_open;
DROP INDEX sequels_story;
DROP INDEX questions_settled;
DROP INDEX questions_standing;
DROP INDEX answers_question;
DROP INDEX answers_reader;
DROP INDEX answers_reasons;
DROP INDEX milestones_question;
DROP INDEX settlements_question;

-- What a mark says is a number: 1 is "recommend". The word stood in every row and again in the index.
CREATE TABLE recommendations_new (
    comment INTEGER NOT NULL REFERENCES comments (id),
    reader  INTEGER NOT NULL REFERENCES readers (id),
    signal  INTEGER NOT NULL,
    story   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (comment, reader, signal)
) WITHOUT ROWID;
INSERT INTO recommendations_new SELECT comment, reader, 1, story, at FROM recommendations ORDER BY comment, reader;
DROP TABLE recommendations;
ALTER TABLE recommendations_new RENAME TO recommendations;
CREATE INDEX recommendations_reader ON recommendations (reader, story, comment);

CREATE INDEX comments_threads ON comments (story) WHERE parent = 0 AND depth = 1 AND state IN ('published', 'removed', 'withdrawn');
CREATE INDEX comments_recommended ON comments (story, recommendations) WHERE parent = 0 AND recommendations >= 0 AND state IN ('published', 'removed', 'withdrawn');
CREATE INDEX comments_replies ON comments (root) WHERE parent <> 0 AND state IN ('published', 'removed', 'withdrawn');
CREATE INDEX comments_story ON comments (story) WHERE state = 'published';
CREATE INDEX comments_author ON comments (author);
CREATE INDEX comments_waiting ON comments (author, story) WHERE state IN ('held', 'refused');
CREATE INDEX comments_answers ON comments (answers) WHERE answers <> 0;
CREATE INDEX comments_passage ON comments (passage) WHERE passage <> 0 AND parent = 0 AND state = 'published';

CREATE INDEX events_story ON events (story);
CREATE INDEX notices_reader ON notices (reader);
CREATE INDEX notices_unseen ON notices (reader, seen) WHERE seen = 0; -- with seen, so that it is taken before the one above
CREATE INDEX earlier_texts_comment ON earlier_texts (comment);
CREATE INDEX decisions_comment ON decisions (comment);

CREATE INDEX stories_newest ON stories (site, (CASE WHEN published_at <> 0 THEN published_at ELSE created_at END));
CREATE INDEX passages_talk ON passages (story, comments) WHERE threads > 0;
CREATE INDEX corrections_story ON corrections (story, state);
CREATE INDEX corrections_reader ON corrections (reader);
CREATE INDEX corrections_open ON corrections (site) WHERE state = 'open';
CREATE INDEX sequels_story ON sequels (story, day) WHERE ended = 0;

CREATE INDEX questions_settled ON questions (site) WHERE state = 'settled';
CREATE INDEX questions_standing ON questions (site) WHERE state <> 'settled';
CREATE INDEX answers_question ON answers (question);
CREATE INDEX answers_reader ON answers (reader, question);
CREATE INDEX answers_reasons ON answers (question) WHERE comment <> 0;
CREATE INDEX milestones_question ON milestones (question, day) WHERE ended = 0;
CREATE INDEX settlements_question ON settlements (question);

-- Older programs would write the word, which is another mark to the key.
UPDATE meta SET value = '5' WHERE key = 'min_schema';
