package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"parley"
	"parley/internal/db"
)

// AddVersion adds a version of a story's text, makes it the current one and gives the story's revision. The
// caller has read the version before it in this transaction; when another process has added one since, the write
// must end with the error given, which runs it again.
func (tx *Tx) AddVersion(v parley.Version) (revision int64, err error) {
	err = tx.q.QueryRow(`UPDATE stories SET version = $1, version_at = $2, revision = revision + 1 WHERE id = $3 AND version = $4 RETURNING revision`,
		v.Number, v.At, v.Story, v.Number-1).Scan(&revision)
	if errors.Is(err, sql.ErrNoRows) {
		err = db.ErrLostRace
	}
	if err != nil {
		return 0, fmt.Errorf("raise a story's version: %w", err)
	}
	if _, err := tx.q.Exec(`INSERT INTO versions (story, number, title, blocks, at) VALUES ($1, $2, $3, $4, $5)`,
		v.Story, v.Number, v.Title, strings.Join(v.Blocks, "\n"), v.At); err != nil {
		return 0, fmt.Errorf("insert version: %w", err)
	}
	return revision, nil
}

// Version gives one version of a story's text, or refuses with parley.CodeNotFound.
func (tx *Tx) Version(story parley.ID, number int) (parley.Version, error) {
	v := parley.Version{Story: story, Number: number}
	var blocks string
	err := tx.q.QueryRow(`SELECT title, blocks, at FROM versions WHERE story = $1 AND number = $2`, story, number).Scan(&v.Title, &blocks, &v.At)
	if blocks != "" {
		v.Blocks = strings.Split(blocks, "\n")
	}
	return v, absent(err, "version")
}

// Versions lists the versions of a story's text without the text, newest first.
func (tx *Tx) Versions(story parley.ID) ([]parley.Version, error) {
	return collect(tx.q, func(rows *sql.Rows) (v parley.Version, err error) {
		return v, rows.Scan(&v.Story, &v.Number, &v.Title, &v.At)
	},
		`SELECT story, number, title, at FROM versions WHERE story = $1 ORDER BY number DESC`, story)
}
