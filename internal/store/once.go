package store

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"parley"
	"parley/internal/db"
)

// Remembered gives what a reader's Idempotency-Key brought before: the hash of the request and the comment.
// comment is 0 when the key is new or has lapsed.
func (tx *Tx) Remembered(reader parley.ID, key string) (request []byte, comment parley.ID, err error) {
	err = tx.q.QueryRow(`SELECT request, comment FROM idempotency WHERE reader = $1 AND key = $2 AND at > $3`,
		reader, key, tx.Now.Add(-parley.KeyLife)).Scan(&request, &comment)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	return request, comment, err
}

// Remember keeps what a key brings, in the transaction that brings it. fresh is false, and nothing has changed, when the
// key has been here before: Remembered tells what it brought. When another process has forgotten it meanwhile, the write
// must end with the error given, which runs it again.
func (tx *Tx) Remember(reader parley.ID, key string, request []byte, comment parley.ID) (fresh bool, err error) {
	n, err := tx.q.Exec(`INSERT INTO idempotency (reader, key, request, comment, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (reader, key) DO UPDATE SET request = excluded.request, comment = excluded.comment, at = excluded.at
		WHERE idempotency.at <= $6`, reader, key, request, comment, tx.Now, tx.Now.Add(-parley.KeyLife))
	if err == nil && n == 0 {
		var before parley.ID
		if _, before, err = tx.Remembered(reader, key); err == nil && before == 0 {
			err = db.ErrLostRace
		}
	}
	if err != nil {
		return false, fmt.Errorf("remember a key: %w", err)
	}
	return n > 0, nil
}

// Imported gives the id that a record of another system has here, 0 when it has not been imported.
func (tx *Tx) Imported(site parley.ID, source, kind, sourceID string) (id parley.ID, err error) {
	err = tx.q.QueryRow(`SELECT id FROM imports WHERE site = $1 AND source = $2 AND kind = $3 AND source_id = $4`, site, source, kind, sourceID).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

// RememberImport keeps which id a record of another system got.
func (tx *Tx) RememberImport(site parley.ID, source, kind, sourceID string, id parley.ID) error {
	_, err := tx.q.Exec(`INSERT INTO imports (site, source, kind, source_id, id) VALUES ($1, $2, $3, $4, $5)`, site, source, kind, sourceID, id)
	return err
}

// sortByComment puts notices about newer comments first.
func sortByComment(notices []parley.Notice) {
	slices.SortFunc(notices, func(a, b parley.Notice) int { return cmp.Compare(b.Comment, a.Comment) })
}
