package store

import (
	"database/sql"
	"fmt"

	"parley"
)

// InsertSequel adds what has happened since a story and counts it there. The caller raises the story's revision.
func (tx *Tx) InsertSequel(s parley.Sequel) error {
	if _, err := tx.q.Exec(`INSERT INTO sequels (id, site, story, later, url, title, note, day, editor, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		s.ID, s.Site, s.Story, s.Later, s.URL, s.Title, s.Note, s.Day, s.Editor, s.At); err != nil {
		return fmt.Errorf("insert sequel: %w", err)
	}
	_, err := tx.q.Exec(`UPDATE stories SET sequels = sequels + 1 WHERE id = $1`, s.Story)
	return err
}

// EndSequel takes a sequel off its story, and gives the story, whose revision the caller raises. It refuses with
// parley.CodeNotFound when there is none, or no longer.
func (tx *Tx) EndSequel(site, id parley.ID, at parley.Time) (story parley.ID, err error) {
	err = tx.q.QueryRow(`UPDATE sequels SET ended = $1 WHERE id = $2 AND site = $3 AND ended + 0 = 0 RETURNING story`, at, id, site).Scan(&story)
	if err != nil {
		return 0, absent(err, "note")
	}
	_, err = tx.q.Exec(`UPDATE stories SET sequels = sequels - 1 WHERE id = $1`, story)
	return story, err
}

// Sequels gives what has happened since a story, the latest first.
func (tx *Tx) Sequels(story parley.ID) ([]parley.Sequel, error) {
	return collect(tx.q, func(rows *sql.Rows) (s parley.Sequel, err error) {
		return s, rows.Scan(&s.ID, &s.Site, &s.Story, &s.Later, &s.URL, &s.Title, &s.Note, &s.Day, &s.Editor, &s.At)
	}, `SELECT id, site, story, later, url, title, note, day, editor, at FROM sequels WHERE story = $1 AND ended = 0
		ORDER BY day DESC, id DESC LIMIT $2`, story, parley.MaxSequels)
}
