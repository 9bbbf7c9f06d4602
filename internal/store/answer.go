package store

import (
	"database/sql"
	"fmt"

	"parley"
)

// InsertAnswer adds a reader's answer, marks its comment as a reason, and counts the reader when it is the first
// answer to the current words by somebody who has proved an address. The story's pages become stale: their
// revision is raised for many answers together, at most once every parley.RefreshCounts.
func (tx *Tx) InsertAnswer(a parley.Answer) error {
	if _, err := tx.q.Exec(`UPDATE stories SET stale = 1 WHERE id = (SELECT q.story FROM questions q WHERE q.id = $1)`, a.Question); err != nil {
		return fmt.Errorf("mark a story stale: %w", err)
	}
	if _, err := tx.q.Exec(`UPDATE questions SET readers = readers + 1 WHERE id = $1 AND version = $2
		AND (SELECT r.confirmed_at FROM readers r WHERE r.id = $3) > 0
		AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.reader = $3 AND a.question = $1 AND a.version = $2)`, a.Question, a.Version, a.Reader); err != nil {
		return fmt.Errorf("count an answer: %w", err)
	}
	if _, err := tx.q.Exec(`INSERT INTO answers (id, question, version, reader, step, comment, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		a.ID, a.Question, a.Version, a.Reader, int(a.Step), a.Comment, a.At); err != nil {
		return fmt.Errorf("insert answer: %w", err)
	}
	if a.Comment == 0 {
		return nil
	}
	_, err := tx.q.Exec(`UPDATE comments SET reason = 1 WHERE id = $1`, a.Comment)
	return err
}

// countAnswersOf counts a reader who has just proved an address at every question whose current words the reader
// has answered.
func (tx *Tx) countAnswersOf(reader parley.ID) error {
	const answered = `FROM answers a JOIN questions q ON q.id = a.question AND q.version = a.version WHERE a.reader = $1`
	if _, err := tx.q.Exec(`UPDATE stories SET stale = 1 WHERE id IN (SELECT q.story `+answered+`)`, reader); err != nil {
		return fmt.Errorf("mark stories stale: %w", err)
	}
	if _, err := tx.q.Exec(`UPDATE questions SET readers = readers + 1 WHERE id IN (SELECT q.id `+answered+`)`, reader); err != nil {
		return fmt.Errorf("count a reader's answers: %w", err)
	}
	return nil
}

const answerColumns = `a.id, a.question, a.version, a.reader, a.step, a.comment, a.at, CASE WHEN r.confirmed_at > 0 THEN 1 ELSE 0 END
	FROM answers a LEFT JOIN readers r ON r.id = a.reader `

func answerFields(a *parley.Answer) []any {
	return []any{&a.ID, &a.Question, &a.Version, &a.Reader, &a.Step, &a.Comment, &a.At, &a.Counted}
}

func (tx *Tx) answers(where string, args ...any) ([]parley.Answer, error) {
	return collect(tx.q, func(rows *sql.Rows) (a parley.Answer, err error) { return a, rows.Scan(answerFields(&a)...) },
		`SELECT `+answerColumns+`WHERE `+where, args...)
}

// AnswersOf gives what a reader has answered to a question, whichever its words were, oldest first.
func (tx *Tx) AnswersOf(reader, question parley.ID) ([]parley.Answer, error) {
	return tx.answers(`a.reader = $1 AND a.question = $2 ORDER BY a.id`, reader, question)
}

// LastAnswersOf gives a reader's latest answer to each question the reader has answered, the newest answer first,
// before one answer (0 = from the newest). Adding 0 keeps PostgreSQL from walking through everybody's answers.
func (tx *Tx) LastAnswersOf(reader, before parley.ID, limit int) ([]parley.Answer, error) {
	return tx.answers(`a.reader = $1 AND a.id + 0 < $2 AND NOT EXISTS (SELECT 1 FROM answers n WHERE n.reader = $1 AND n.question = a.question AND n.id > a.id)
		ORDER BY a.id + 0 DESC LIMIT $3`, reader, upTo(before), limit)
}

// CountAnswers tells how often a reader has answered a question, whichever its words were.
func (tx *Tx) CountAnswers(reader, question parley.ID) (n int, err error) {
	err = tx.q.QueryRow(`SELECT count(*) FROM answers WHERE reader = $1 AND question = $2`, reader, question).Scan(&n)
	return n, err
}

// Answers gives what all readers have answered to one version of a question's words, in order. Who may know of it
// is for the caller to decide.
func (tx *Tx) Answers(question parley.ID, version int) ([]parley.Answer, error) {
	return tx.answers(`a.question = $1 AND a.version = $2 ORDER BY a.id`, question, version)
}

// AnswerOfComment gives the answer that a comment is the reason of, or refuses with parley.CodeNotFound.
func (tx *Tx) AnswerOfComment(comment parley.ID) (a parley.Answer, err error) {
	err = tx.q.QueryRow(`SELECT `+answerColumns+`WHERE a.comment = $1 AND a.comment <> 0`, comment).Scan(answerFields(&a)...)
	return a, absent(err, "answer")
}

// ReasonSteps gives what those comments of a story wear that came with an answer and that the viewer may read, for
// the newest of them. Who may know of it is for the caller to decide.
func (tx *Tx) ReasonSteps(v parley.Viewer, story parley.ID, limit int) (map[parley.ID]parley.Step, error) {
	steps := map[parley.ID]parley.Step{}
	rows, err := tx.q.Query(`SELECT a.comment, a.step FROM answers a CROSS JOIN comments c
		WHERE a.question = (SELECT q.id FROM questions q WHERE q.story = $3) AND a.comment <> 0 AND c.id = a.comment AND `+visible(v)+`
		AND (c.author = CAST($1 AS BIGINT) OR `+published("c")+`) ORDER BY a.id DESC LIMIT $4`, v.Reader, v.Site, story, limit)
	if err != nil {
		return nil, fmt.Errorf("read what reasons wear: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var comment parley.ID
		var step parley.Step
		if err := rows.Scan(&comment, &step); err != nil {
			return nil, err
		}
		steps[comment] = step
	}
	return steps, rows.Err()
}

// QuestionHistory is a settled question that a reader has answered, with what there is to compare with.
type QuestionHistory struct {
	Question   parley.Question
	Settlement parley.Settlement // the one that stands
	Answers    []parley.Answer   // to the words that were settled: the reader's own, and those of all counted readers; in order
}

// HistoryOf hands the settled questions whose final words a reader has answered to each, oldest first, one at a
// time: together, the answers of all readers may be many. It stops at the first error.
func (tx *Tx) HistoryOf(reader parley.ID, each func(QuestionHistory) error) error {
	ids, err := tx.idList(`SELECT DISTINCT q.id FROM answers a JOIN questions q ON q.id = a.question AND q.version = a.version
		WHERE a.reader = $1 AND q.state || '' = 'settled' ORDER BY q.id`, reader)
	if err != nil {
		return fmt.Errorf("list answered questions: %w", err)
	}
	for _, id := range ids {
		var h QuestionHistory
		if h.Question, err = tx.question(`q.id = $1`, id); err != nil {
			return err
		}
		standing, err := tx.settlements(`s.question = $1 AND s.state IN ('proposed', 'confirmed') AND s.state = 'confirmed'`, id)
		if err != nil {
			return fmt.Errorf("read what settled a question: %w", err)
		}
		if len(standing) == 0 {
			return fmt.Errorf("question %d is settled, but no settlement stands", id)
		}
		h.Settlement = standing[0]
		h.Answers, err = tx.answers(`a.question = $1 AND a.version = $2 AND (a.reader = $3 OR r.confirmed_at > 0) ORDER BY a.id`, id, h.Question.Words.Version, reader)
		if err != nil {
			return err
		}
		if err := each(h); err != nil {
			return err
		}
	}
	return nil
}
