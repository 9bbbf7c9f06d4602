package store

import (
	"database/sql"
	"errors"
	"fmt"

	"parley"
)

const readerColumns = `r.id, r.site, r.name, r.email, r.confirmed_at, r.roles, r.hidden, r.created_at, r.comments, r.last_comment`

func readerFields(r *parley.Reader) []any {
	return []any{&r.ID, &r.Site, &r.Name, &r.Email, &r.ConfirmedAt, &r.Roles, &r.Hidden, &r.CreatedAt, &r.Comments, &r.LastComment}
}

func (tx *Tx) reader(where string, args ...any) (parley.Reader, error) {
	var r parley.Reader
	err := tx.q.QueryRow(`SELECT `+readerColumns+` FROM readers r WHERE `+where, args...).Scan(readerFields(&r)...)
	return r, absent(err, "reader")
}

// Reader gives a reader of the viewer's site with every private field, for verbs and for the reader's own
// pages. It refuses with parley.CodeNotFound, also when either blocks the other.
func (tx *Tx) Reader(v parley.Viewer, id parley.ID) (parley.Reader, error) {
	return tx.reader(`r.id = $3 AND r.site = $2
		AND NOT EXISTS (SELECT 1 FROM silences s WHERE s.kind = 'block' AND s.reader = CAST($1 AS BIGINT) AND s.target = r.id)
		AND NOT EXISTS (SELECT 1 FROM silences s WHERE s.kind = 'block' AND s.reader = r.id AND s.target = CAST($1 AS BIGINT))`, v.Reader, v.Site, id)
}

// ReaderForVerb gives a reader of the site whoever may see it, or refuses with parley.CodeNotFound.
func (tx *Tx) ReaderForVerb(site, id parley.ID) (parley.Reader, error) {
	return tx.reader(`r.id = $1 AND r.site = $2`, id, site)
}

// ReaderByAddress gives the reader to whom an address belongs: the one who confirmed it. It refuses with
// parley.CodeNotFound.
func (tx *Tx) ReaderByAddress(site parley.ID, email string) (parley.Reader, error) {
	return tx.reader(`r.site = $1 AND r.email = $2 AND r.confirmed_at > 0 AND r.email <> ''`, site, email)
}

// InsertReader adds an account. nameKey is what confusable names have in common; taken tells that another
// account holds it.
func (tx *Tx) InsertReader(r parley.Reader, nameKey string) (taken bool, err error) {
	n, err := tx.q.Exec(`INSERT INTO readers (id, site, name, name_key, email, confirmed_at, roles, hidden, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
		r.ID, r.Site, r.Name, sql.NullString{String: nameKey, Valid: nameKey != ""}, r.Email, r.ConfirmedAt, int(r.Roles), b2i(r.Hidden), r.CreatedAt)
	if err != nil {
		return false, fmt.Errorf("insert reader: %w", err)
	}
	return n == 0, nil
}

// ConfirmAddress gives the reader's address to the reader, unless somebody else confirmed it first. What the
// reader has answered to open questions counts from now on.
func (tx *Tx) ConfirmAddress(r parley.Reader) (done bool, err error) {
	n, err := tx.q.Exec(`UPDATE readers SET confirmed_at = $1 WHERE id = $2 AND confirmed_at = 0 AND NOT EXISTS
		(SELECT 1 FROM readers o WHERE o.site = $3 AND o.email = $4 AND o.confirmed_at > 0)`, tx.Now, r.ID, r.Site, r.Email)
	if err != nil || n == 0 {
		return false, err
	}
	return true, tx.countAnswersOf(r.ID)
}

// FreeName lets a name be taken again when its account wrote nothing and can never be used again.
func (tx *Tx) FreeName(reader parley.ID) error {
	_, err := tx.q.Exec(`UPDATE readers SET name_key = NULL WHERE id = $1 AND confirmed_at = 0 AND comments = 0
		AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.reader = readers.id)
		AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.author = readers.id)`, reader)
	return err
}

// HideProfile hides or shows a reader's profile.
func (tx *Tx) HideProfile(reader parley.ID, hidden bool) error {
	_, err := tx.q.Exec(`UPDATE readers SET hidden = $1 WHERE id = $2`, b2i(hidden), reader)
	return err
}

// GiveRoles sets a reader's roles.
func (tx *Tx) GiveRoles(reader parley.ID, roles parley.Role) error {
	_, err := tx.q.Exec(`UPDATE readers SET roles = $1 WHERE id = $2`, int(roles), reader)
	return err
}

// HeldBy lists the ids of a reader's held comments, oldest first.
func (tx *Tx) HeldBy(reader parley.ID) ([]parley.ID, error) {
	return tx.idList(`SELECT id FROM comments WHERE author = $1 AND state = 'held' ORDER BY id`, reader)
}

// AnyWithRole tells whether some reader of the site has the role.
func (tx *Tx) AnyWithRole(site parley.ID, role parley.Role) (bool, error) {
	var id parley.ID
	err := tx.q.QueryRow(`SELECT id FROM readers WHERE site = $1 AND roles <> 0 AND (roles / $2) % 2 = 1 LIMIT 1`, site, int(role)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
