package store

import (
	"database/sql"
	"fmt"
	"math"

	"parley"
	"parley/internal/db"
)

const (
	correctionColumns = `k.id, k.site, k.story, k.passage, k.reader, a.name, a.roles, k.body, k.source, k.thanks, k.state, k.reply,
	k.decided_by, COALESCE(d.name, ''), COALESCE(d.roles, 0), k.created_at, k.decided_at`
	fromCorrections = ` FROM corrections k LEFT JOIN readers a ON a.id = k.reader LEFT JOIN readers d ON d.id = k.decided_by `
)

func correctionFields(c *parley.Correction) []any {
	return []any{&c.ID, &c.Site, &c.Story, &c.Passage, &c.Reader.ID, &c.Reader.Name, &c.Reader.Roles, &c.Body, &c.Source, &c.Thanks, &c.State, &c.Reply,
		&c.DecidedBy.ID, &c.DecidedBy.Name, &c.DecidedBy.Roles, &c.CreatedAt, &c.DecidedAt}
}

func (tx *Tx) corrections(where string, args ...any) ([]parley.Correction, error) {
	return collect(tx.q, func(rows *sql.Rows) (c parley.Correction, err error) { return c, rows.Scan(correctionFields(&c)...) },
		`SELECT `+correctionColumns+fromCorrections+`WHERE `+where, args...)
}

// InsertCorrection adds a suggestion as it stands.
func (tx *Tx) InsertCorrection(c parley.Correction) error {
	_, err := tx.q.Exec(`INSERT INTO corrections (id, site, story, passage, reader, body, source, thanks, state, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, c.Site, c.Story, c.Passage, c.Reader.ID, c.Body, c.Source, b2i(c.Thanks), c.State, c.CreatedAt)
	if err != nil {
		return fmt.Errorf("insert correction: %w", err)
	}
	return nil
}

// CorrectionForVerb gives one suggestion of the site whoever may see it, or refuses with parley.CodeNotFound.
func (tx *Tx) CorrectionForVerb(site, id parley.ID) (parley.Correction, error) {
	var c parley.Correction
	err := tx.q.QueryRow(`SELECT `+correctionColumns+fromCorrections+`WHERE k.id = $1 AND k.site = $2`, id, site).Scan(correctionFields(&c)...)
	return c, absent(err, "correction")
}

// DecideCorrection saves what became of an open suggestion: State, Reply, DecidedBy and DecidedAt of c. An
// accepted one counts in its story, whose revision the caller raises. When another process has decided since c
// was read, the write must end with the error given, which runs it again.
func (tx *Tx) DecideCorrection(c parley.Correction) error {
	n, err := tx.q.Exec(`UPDATE corrections SET state = $1, reply = $2, decided_by = $3, decided_at = $4 WHERE id = $5 AND state = 'open'`,
		c.State, c.Reply, c.DecidedBy.ID, c.DecidedAt, c.ID)
	if err == nil && n == 0 {
		err = db.ErrLostRace
	}
	if err != nil {
		return fmt.Errorf("decide on a correction: %w", err)
	}
	if c.State == parley.CorrectionAccepted {
		_, err = tx.q.Exec(`UPDATE stories SET corrections = corrections + 1 WHERE id = $1`, c.Story)
	}
	return err
}

// Corrections gives the suggestions for a story in one state, newest first, before one id (0 = from the newest):
// all of them to editors, to the desk and to the story's author, to other readers their own.
func (tx *Tx) Corrections(v parley.Viewer, story parley.ID, state parley.CorrectionState, before parley.ID, limit int) ([]parley.Correction, error) {
	who := `(k.reader = $3 OR EXISTS (SELECT 1 FROM stories t JOIN readers r ON r.id = $3 AND r.email = t.author_email
		WHERE t.id = $1 AND t.author_email <> '' AND r.site = $2 AND r.confirmed_at > 0))`
	if v.Desk || v.Roles.Has(parley.RoleEditor) {
		who = `CAST($3 AS BIGINT) >= 0`
	}
	return tx.corrections(`k.story = $1 AND k.site = $2 AND k.state = $4 AND k.id < $5 AND `+who+` ORDER BY k.id DESC LIMIT $6`,
		story, v.Site, v.Reader, state, upTo(before), limit)
}

// CorrectionsBy gives what a reader has suggested, newest first, before one id (0 = from the newest), for the
// reader's own eyes.
func (tx *Tx) CorrectionsBy(reader, before parley.ID, limit int) ([]parley.Correction, error) {
	return tx.corrections(`k.reader = $1 AND k.id < $2 ORDER BY k.id DESC LIMIT $3`, reader, upTo(before), limit)
}

// AcceptedCorrections gives what everybody may see of a story's accepted suggestions, newest first: without the
// name of those who do not want to be thanked by name.
func (tx *Tx) AcceptedCorrections(story parley.ID, limit int) ([]parley.Correction, error) {
	all, err := tx.corrections(`k.story = $1 AND k.state = 'accepted' ORDER BY k.id DESC LIMIT $2`, story, limit)
	for i := range all {
		if !all[i].Thanks {
			all[i].Reader = parley.Byline{}
		}
	}
	return all, err
}

// CountOpenCorrections tells how many of a reader's suggestions for a story wait.
func (tx *Tx) CountOpenCorrections(reader, story parley.ID) (n int, err error) {
	err = tx.q.QueryRow(`SELECT count(*) FROM corrections k WHERE k.reader = $1 AND k.story + 0 = $2 AND k.state || '' = 'open'`, reader, story).Scan(&n)
	return n, err
}

// OpenCorrections gives the suggestions of a site that wait, newest first, before one id (0 = from the newest),
// for the desk.
func (tx *Tx) OpenCorrections(site, before parley.ID, limit int) ([]parley.Correction, error) {
	return tx.corrections(`k.site = $1 AND k.state = 'open' AND k.id < $2 ORDER BY k.id DESC LIMIT $3`, site, upTo(before), limit)
}

// upTo gives the id that a list ends before; 0 is the list's newest.
func upTo(before parley.ID) parley.ID {
	if before == 0 {
		return math.MaxInt64
	}
	return before
}
