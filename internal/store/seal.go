package store

import (
	"database/sql"
	"errors"
)

// Seal vouches for the events after one id up to another. Package seal tells how its digest is made.
type Seal struct {
	After, Upto int64
	Digest      []byte
}

// EventColumns are the columns of an event as they are stored, in the order in which they are sealed.
const EventColumns = `id, site, story, kind, subject, actor, at, data`

// LastSeal gives the newest seal, one that vouches for nothing where there is none.
func (tx *Tx) LastSeal() (s Seal, err error) {
	err = tx.q.QueryRow(`SELECT after, upto, digest FROM seals ORDER BY upto DESC LIMIT 1`).Scan(&s.After, &s.Upto, &s.Digest)
	if errors.Is(err, sql.ErrNoRows) {
		return Seal{}, nil
	}
	return s, err
}

// EventRows gives events as they are stored, in order after one id, at most limit. The caller closes them.
func (tx *Tx) EventRows(after int64, limit int) (*sql.Rows, error) {
	return tx.q.Query(`SELECT `+EventColumns+` FROM events WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// AddSeal keeps a seal, unless another process that was thought dead has sealed these events meanwhile.
func (tx *Tx) AddSeal(s Seal) error {
	_, err := tx.q.Exec(`INSERT INTO seals (upto, after, digest, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, s.Upto, s.After, s.Digest, tx.Now)
	return err
}
