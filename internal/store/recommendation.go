package store

import (
	"fmt"

	"parley"
)

// Recommend adds a reader's mark to a comment, once, and gives the comment's count. changed is false when the
// mark was there already.
func (tx *Tx) Recommend(c parley.Comment, reader parley.ID) (count int, changed bool, err error) {
	return tx.RecommendAll(c, []parley.ID{reader})
}

// RecommendAll is Recommend for several readers at once. changed is false when all the marks were there.
func (tx *Tx) RecommendAll(c parley.Comment, readers []parley.ID) (count int, changed bool, err error) {
	added := 0
	for _, reader := range readers {
		n, err := tx.q.Exec(`INSERT INTO recommendations (comment, reader, signal, story, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (comment, reader, signal) DO NOTHING`, c.ID, reader, parley.Recommend, c.Story, tx.Now)
		if err != nil {
			return 0, false, fmt.Errorf("recommend: %w", err)
		}
		added += int(n)
	}
	count, err = tx.moveRecommendations(c, added)
	return count, added > 0, err
}

// Unrecommend takes a reader's mark back and gives the comment's count.
func (tx *Tx) Unrecommend(c parley.Comment, reader parley.ID) (count int, changed bool, err error) {
	n, err := tx.q.Exec(`DELETE FROM recommendations WHERE comment = $1 AND reader = $2 AND signal = $3`, c.ID, reader, parley.Recommend)
	if err != nil {
		return 0, false, fmt.Errorf("take back a recommendation: %w", err)
	}
	count, err = tx.moveRecommendations(c, -int(n))
	return count, n > 0, err
}

// moveRecommendations changes the count and marks the story's pages stale; their revision is raised for all
// counts together, at most once every parley.RefreshCounts.
func (tx *Tx) moveRecommendations(c parley.Comment, by int) (count int, err error) {
	if err := tx.q.QueryRow(`UPDATE comments SET recommendations = recommendations + $1 WHERE id = $2 RETURNING recommendations`, by, c.ID).Scan(&count); err != nil {
		return 0, err
	}
	if by != 0 {
		_, err = tx.q.Exec(`UPDATE stories SET stale = 1 WHERE id = $1 AND stale = 0`, c.Story)
	}
	return count, err
}

// SaveReport keeps a report; a second one by the same reader replaces the first. first tells which it was.
func (tx *Tx) SaveReport(r parley.Report) (first bool, err error) {
	var id parley.ID
	err = tx.q.QueryRow(`INSERT INTO reports (id, comment, reader, reason, note, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (comment, reader) DO UPDATE SET reason = excluded.reason, note = excluded.note, at = excluded.at RETURNING id`,
		r.ID, r.Comment, r.Reader, r.Reason, r.Note, r.At).Scan(&id)
	return id == r.ID, err
}

// CountReports tells how many readers reported a comment.
func (tx *Tx) CountReports(comment parley.ID) (n int, err error) {
	err = tx.q.QueryRow(`SELECT count(*) FROM reports WHERE comment = $1`, comment).Scan(&n)
	return n, err
}

// InsertDecision adds a decision.
func (tx *Tx) InsertDecision(d parley.Decision) error {
	_, err := tx.q.Exec(`INSERT INTO decisions (id, comment, moderator, action, reason, note, from_state, to_state, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, d.ID, d.Comment, d.Moderator, d.Action, d.Reason, d.Note, d.From, d.To, d.At)
	return err
}

const decisionColumns = `id, comment, moderator, action, reason, note, from_state, to_state, at`

func (tx *Tx) decision(where string, arg any) (d parley.Decision, err error) {
	err = tx.q.QueryRow(`SELECT `+decisionColumns+` FROM decisions WHERE `+where, arg).
		Scan(&d.ID, &d.Comment, &d.Moderator, &d.Action, &d.Reason, &d.Note, &d.From, &d.To, &d.At)
	return d, absent(err, "decision")
}

// Decision gives one decision, or refuses with parley.CodeNotFound.
func (tx *Tx) Decision(id parley.ID) (parley.Decision, error) { return tx.decision(`id = $1`, id) }

// LastDecision gives the newest decision on a comment, the one that stands, or refuses with
// parley.CodeNotFound.
func (tx *Tx) LastDecision(comment parley.ID) (parley.Decision, error) {
	return tx.decision(`comment = $1 ORDER BY id DESC LIMIT 1`, comment)
}
