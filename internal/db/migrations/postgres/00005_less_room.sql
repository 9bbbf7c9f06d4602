-- +goose Up
-- What a mark says is a number: 1 is "recommend". The word stood in every row and again in the key.
ALTER TABLE recommendations ALTER COLUMN signal TYPE SMALLINT USING 1;

-- Older programs would write the word.
UPDATE meta SET value = '5' WHERE key = 'min_schema';
