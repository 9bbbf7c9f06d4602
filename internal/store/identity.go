package store

import (
	"database/sql"
	"errors"
	"fmt"

	"parley"
)

// Scope says what a session is good for.
type Scope string

// The scopes. Moderating needs the desk's own session; the reader's cookie never suffices.
const (
	ScopeReader Scope = "reader"
	ScopeDesk   Scope = "desk"
)

// Session is a signed-in browser. Token is the SHA-256 of what its cookie holds.
type Session struct {
	Token     []byte
	Site      parley.ID
	Reader    parley.ID
	Scope     Scope
	CreatedAt parley.Time
	SeenAt    parley.Time
	ExpiresAt parley.Time
}

// InsertSession adds a session.
func (tx *Tx) InsertSession(s Session) error {
	_, err := tx.q.Exec(`INSERT INTO sessions (token, site, reader, scope, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		s.Token, s.Site, s.Reader, s.Scope, s.CreatedAt, s.SeenAt, s.ExpiresAt)
	return err
}

// Session gives the living session of a token on a site with its reader, or refuses with
// parley.CodeSignInRequired.
func (tx *Tx) Session(site parley.ID, token []byte) (Session, parley.Reader, error) {
	s := Session{Token: token, Site: site}
	var r parley.Reader
	err := tx.q.QueryRow(`SELECT s.scope, s.created_at, s.seen_at, s.expires_at, `+readerColumns+`
		FROM sessions s JOIN readers r ON r.id = s.reader WHERE s.token = $1 AND s.site = $2 AND s.expires_at > $3`, token, site, tx.Now).
		Scan(append([]any{&s.Scope, &s.CreatedAt, &s.SeenAt, &s.ExpiresAt}, readerFields(&r)...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return s, r, parley.Errorf(parley.CodeSignInRequired, "Please sign in first.")
	}
	s.Reader = r.ID
	return s, r, err
}

// TouchSession notes that a session was used and until when it now lives.
func (tx *Tx) TouchSession(token []byte, expires parley.Time) error {
	_, err := tx.q.Exec(`UPDATE sessions SET seen_at = $1, expires_at = $2 WHERE token = $3`, tx.Now, expires, token)
	return err
}

// EndSession deletes one session.
func (tx *Tx) EndSession(token []byte) error {
	_, err := tx.q.Exec(`DELETE FROM sessions WHERE token = $1`, token)
	return err
}

// EndSessions deletes every session of a reader.
func (tx *Tx) EndSessions(reader parley.ID) error {
	_, err := tx.q.Exec(`DELETE FROM sessions WHERE reader = $1`, reader)
	return err
}

// SetCredential saves what a reader signs in with. kind is the way in ("password"), subject who the reader is
// to it.
func (tx *Tx) SetCredential(reader parley.ID, kind, subject, secret string) error {
	_, err := tx.q.Exec(`INSERT INTO credentials (reader, kind, subject, secret, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (reader, kind, subject) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at`,
		reader, kind, subject, secret, tx.Now)
	return err
}

// Credential gives what a reader signs in with, or "" when there is none of this kind.
func (tx *Tx) Credential(reader parley.ID, kind, subject string) (secret string, err error) {
	err = tx.q.QueryRow(`SELECT secret FROM credentials WHERE reader = $1 AND kind = $2 AND subject = $3`, reader, kind, subject).Scan(&secret)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return secret, err
}

// Confirmation is a mail on its way to prove an address. Token and Code are SHA-256 hashes.
type Confirmation struct {
	Reader    parley.ID
	Token     []byte
	Code      []byte
	Tries     int
	ExpiresAt parley.Time
}

// SetConfirmation saves a confirmation; a newer one kills the older.
func (tx *Tx) SetConfirmation(c Confirmation) error {
	_, err := tx.q.Exec(`INSERT INTO confirmations (reader, token, code, tries, expires_at) VALUES ($1, $2, $3, 0, $4)
		ON CONFLICT (reader) DO UPDATE SET token = excluded.token, code = excluded.code, tries = 0, expires_at = excluded.expires_at`,
		c.Reader, c.Token, c.Code, c.ExpiresAt)
	return err
}

// ConfirmationByToken and ConfirmationOf give a living confirmation, or refuse with parley.CodeLinkGone.
func (tx *Tx) ConfirmationByToken(token []byte) (Confirmation, error) {
	return tx.confirmation(`token = $1`, token)
}

// ConfirmationOf gives the reader's living confirmation, or refuses with parley.CodeLinkGone.
func (tx *Tx) ConfirmationOf(reader parley.ID) (Confirmation, error) {
	return tx.confirmation(`reader = $1`, reader)
}

func (tx *Tx) confirmation(where string, arg any) (Confirmation, error) {
	var c Confirmation
	err := tx.q.QueryRow(`SELECT reader, token, code, tries, expires_at FROM confirmations WHERE expires_at > $2 AND `+where, arg, tx.Now).
		Scan(&c.Reader, &c.Token, &c.Code, &c.Tries, &c.ExpiresAt)
	if errors.Is(err, sql.ErrNoRows) {
		return c, parley.Errorf(parley.CodeLinkGone, "This link has been used or has lapsed.")
	}
	return c, err
}

// CountTry notes one wrong code; the confirmation dies with the last.
func (tx *Tx) CountTry(reader parley.ID) error {
	if _, err := tx.q.Exec(`UPDATE confirmations SET tries = tries + 1 WHERE reader = $1`, reader); err != nil {
		return err
	}
	_, err := tx.q.Exec(`DELETE FROM confirmations WHERE reader = $1 AND tries >= $2`, reader, parley.ConfirmTries)
	return err
}

// EndConfirmation deletes a reader's confirmation.
func (tx *Tx) EndConfirmation(reader parley.ID) error {
	_, err := tx.q.Exec(`DELETE FROM confirmations WHERE reader = $1`, reader)
	return err
}

// Offer saves that the page at origin which knows the verifier behind challenge may sign reader in until
// expires.
func (tx *Tx) Offer(challenge []byte, reader parley.ID, origin string, expires parley.Time) error {
	_, err := tx.q.Exec(`INSERT INTO redemptions (challenge, reader, origin, expires_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (challenge) DO NOTHING`, challenge, reader, origin, expires)
	return err
}

// Redeem spends an offer and gives its reader, or refuses with parley.CodeLinkGone.
func (tx *Tx) Redeem(challenge []byte, origin string) (reader parley.ID, err error) {
	err = tx.q.QueryRow(`DELETE FROM redemptions WHERE challenge = $1 AND origin = $2 AND expires_at > $3 RETURNING reader`, challenge, origin, tx.Now).Scan(&reader)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, parley.Errorf(parley.CodeLinkGone, "This sign-in has been used or has lapsed.")
	}
	return reader, err
}

// Meta gives a value of the installation, "" when it is not set.
func (tx *Tx) Meta(key string) (value string, err error) {
	err = tx.q.QueryRow(`SELECT value FROM meta WHERE key = $1`, key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// SetMeta sets a value of the installation; "" deletes it.
func (tx *Tx) SetMeta(key, value string) error {
	if value == "" {
		_, err := tx.q.Exec(`DELETE FROM meta WHERE key = $1`, key)
		return err
	}
	_, err := tx.q.Exec(`INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	if err != nil {
		return fmt.Errorf("set %s: %w", key, err)
	}
	return nil
}
