package store

import (
	"database/sql"
	"fmt"

	"parley"
	"parley/internal/db"
)

const (
	wordingColumns  = `w.question, w.version, w.text, w.rule, w.judge, w.closes, w.void, w.office, w.editor, w.at`
	questionColumns = `q.id, q.site, q.story, q.state, q.readers, q.opened_at, q.closed_at, q.asked_by, COALESCE(s.outcome, ''), ` + wordingColumns

	// fromQuestions repeats the condition of the index settlements_standing, to go by it.
	fromQuestions = ` FROM questions q JOIN wordings w ON w.question = q.id AND w.version = q.version
		LEFT JOIN settlements s ON s.question = q.id AND s.state IN ('proposed', 'confirmed') AND s.state = 'confirmed' `
)

func wordingFields(w *parley.QuestionWords) []any {
	return []any{&w.Question, &w.Version, &w.Text, &w.Rule, &w.Judge, &w.Closes, &w.Void, &w.Office, &w.Editor, &w.At}
}

func questionFields(q *parley.Question) []any {
	return append([]any{&q.ID, &q.Site, &q.Story, &q.State, &q.Readers, &q.OpenedAt, &q.ClosedAt, &q.AskedBy, &q.Outcome}, wordingFields(&q.Words)...)
}

// InsertQuestion gives a story its question with its first words, q.Words. The caller has seen in this transaction
// that the story has none, and raises the story's revision; when another process has asked one since, the write
// must end with the error given, which runs it again.
func (tx *Tx) InsertQuestion(q parley.Question) error {
	n, err := tx.q.Exec(`INSERT INTO questions (id, site, story, state, version, opened_at, closed_at, asked_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (story) DO NOTHING`, q.ID, q.Site, q.Story, q.State, q.Words.Version, q.OpenedAt, q.ClosedAt, q.AskedBy)
	if err == nil && n == 0 {
		err = db.ErrLostRace
	}
	if err != nil {
		return fmt.Errorf("insert question: %w", err)
	}
	q.Words.Question = q.ID
	if err := tx.insertWords(q.Words); err != nil {
		return err
	}
	_, err = tx.q.Exec(`UPDATE stories SET question = $1 WHERE id = $2`, q.ID, q.Story)
	return err
}

func (tx *Tx) insertWords(w parley.QuestionWords) error {
	_, err := tx.q.Exec(`INSERT INTO wordings (question, version, text, rule, judge, closes, void, office, editor, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, w.Question, w.Version, w.Text, w.Rule, w.Judge, w.Closes, w.Void, w.Office, w.Editor, w.At)
	if err != nil {
		return fmt.Errorf("insert a question's words: %w", err)
	}
	return nil
}

// Question gives one question of the viewer's site with its current words, or refuses with parley.CodeNotFound.
// Questions hide from nobody.
func (tx *Tx) Question(v parley.Viewer, id parley.ID) (parley.Question, error) {
	return tx.question(`q.id = $1 AND q.site = $2`, id, v.Site)
}

// QuestionOf gives the question of a story of the viewer's site, or refuses with parley.CodeNotFound.
func (tx *Tx) QuestionOf(v parley.Viewer, story parley.ID) (parley.Question, error) {
	return tx.question(`q.story = $1 AND q.site = $2`, story, v.Site)
}

func (tx *Tx) question(where string, args ...any) (q parley.Question, err error) {
	err = tx.q.QueryRow(`SELECT `+questionColumns+fromQuestions+`WHERE `+where, args...).Scan(questionFields(&q)...)
	return q, absent(err, "question")
}

// OpenQuestions gives the questions of the viewer's site that are not settled, those that take answers and those
// that wait, newest first, before one id (0 = from the newest).
func (tx *Tx) OpenQuestions(v parley.Viewer, before parley.ID, limit int) ([]parley.Question, error) {
	return tx.questions(`q.state <> 'settled'`, v.Site, before, limit)
}

// SettledQuestions gives the questions of the viewer's site that are settled, newest first, before one id (0 =
// from the newest).
func (tx *Tx) SettledQuestions(v parley.Viewer, before parley.ID, limit int) ([]parley.Question, error) {
	return tx.questions(`q.state = 'settled'`, v.Site, before, limit)
}

func (tx *Tx) questions(which string, site, before parley.ID, limit int) ([]parley.Question, error) {
	return collect(tx.q, func(rows *sql.Rows) (q parley.Question, err error) { return q, rows.Scan(questionFields(&q)...) },
		`SELECT `+questionColumns+fromQuestions+`WHERE q.site = $1 AND `+which+` AND q.id < $2 ORDER BY q.id DESC LIMIT $3`, site, upTo(before), limit)
}

// Reword gives a question its next words, numbered w.Version. Answers to the words before stay with those, so that
// nobody has answered the new ones. The caller has read the question in this transaction and raises its story's
// revision; when another process has changed the words since, the write must end with the error given, which runs
// it again.
func (tx *Tx) Reword(w parley.QuestionWords) error {
	n, err := tx.q.Exec(`UPDATE questions SET version = $1, readers = 0 WHERE id = $2 AND version = $3`, w.Version, w.Question, w.Version-1)
	if err == nil && n == 0 {
		err = db.ErrLostRace
	}
	if err != nil {
		return fmt.Errorf("reword question: %w", err)
	}
	return tx.insertWords(w)
}

// Wordings gives every version of a question's words, oldest first.
func (tx *Tx) Wordings(question parley.ID) ([]parley.QuestionWords, error) {
	return collect(tx.q, func(rows *sql.Rows) (w parley.QuestionWords, err error) { return w, rows.Scan(wordingFields(&w)...) },
		`SELECT `+wordingColumns+` FROM wordings w WHERE w.question = $1 ORDER BY w.version`, question)
}

// CloseQuestion ends the answers of an open question. The caller has read it in this transaction and raises its
// story's revision; when another process has closed it since, the write must end with the error given, which runs
// it again.
func (tx *Tx) CloseQuestion(id parley.ID, at parley.Time) error {
	n, err := tx.q.Exec(`UPDATE questions SET state = 'closed', closed_at = $1 WHERE id = $2 AND state = 'open'`, at, id)
	if err == nil && n == 0 {
		err = db.ErrLostRace
	}
	if err != nil {
		return fmt.Errorf("close question: %w", err)
	}
	return nil
}

const (
	settlementColumns = `s.id, s.question, s.outcome, s.source, s.note, s.state, s.happened_at, s.proposed_by, a.name, a.roles, s.proposed_at,
	s.confirmed_by, COALESCE(d.name, ''), COALESCE(d.roles, 0), s.confirmed_at`
	fromSettlements = ` FROM settlements s LEFT JOIN readers a ON a.id = s.proposed_by LEFT JOIN readers d ON d.id = s.confirmed_by `
)

func settlementFields(s *parley.Settlement) []any {
	return []any{&s.ID, &s.Question, &s.Outcome, &s.Source, &s.Note, &s.State, &s.HappenedAt, &s.ProposedBy.ID, &s.ProposedBy.Name, &s.ProposedBy.Roles, &s.ProposedAt,
		&s.ConfirmedBy.ID, &s.ConfirmedBy.Name, &s.ConfirmedBy.Roles, &s.ConfirmedAt}
}

func (tx *Tx) settlements(where string, args ...any) ([]parley.Settlement, error) {
	return collect(tx.q, func(rows *sql.Rows) (s parley.Settlement, err error) { return s, rows.Scan(settlementFields(&s)...) },
		`SELECT `+settlementColumns+fromSettlements+`WHERE `+where, args...)
}

// InsertSettlement adds a proposal. The caller has seen in this transaction that none waits or stands; when
// another process has proposed one since, the write must end with the error given, which runs it again.
func (tx *Tx) InsertSettlement(s parley.Settlement) error {
	n, err := tx.q.Exec(`INSERT INTO settlements (id, question, outcome, source, note, state, happened_at, proposed_by, proposed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
		s.ID, s.Question, s.Outcome, s.Source, s.Note, s.State, s.HappenedAt, s.ProposedBy.ID, s.ProposedAt)
	if err == nil && n == 0 {
		err = db.ErrLostRace
	}
	if err != nil {
		return fmt.Errorf("insert settlement: %w", err)
	}
	return nil
}

// Settlements gives what was proposed for a question and what became of it, oldest first.
func (tx *Tx) Settlements(question parley.ID) ([]parley.Settlement, error) {
	return tx.settlements(`s.question = $1 ORDER BY s.id`, question)
}

// SettlementForVerb gives one settlement of the site, or refuses with parley.CodeNotFound.
func (tx *Tx) SettlementForVerb(site, id parley.ID) (parley.Settlement, error) {
	var s parley.Settlement
	err := tx.q.QueryRow(`SELECT `+settlementColumns+fromSettlements+`JOIN questions q ON q.id = s.question WHERE s.id = $1 AND q.site = $2`, id, site).
		Scan(settlementFields(&s)...)
	return s, absent(err, "settlement")
}

// WaitingSettlements gives the proposals of a site that wait for a second editor, newest first, before one id (0
// = from the newest), for the desk.
func (tx *Tx) WaitingSettlements(site, before parley.ID, limit int) ([]parley.Settlement, error) {
	return tx.settlements(`s.state = 'proposed' AND s.id < $1 AND (SELECT q.site FROM questions q WHERE q.id = s.question) = $2
		ORDER BY s.id DESC LIMIT $3`, upTo(before), site, limit)
}

// MoveSettlement changes the state of a settlement, and of its question with it: a confirmed one settles it, after
// an overturned one it waits again. by is the second editor, who is kept when a proposal is decided on. The caller
// has read the settlement in this transaction, checked that the step is legal, and raises the story's revision;
// when another process has moved it since, the write must end with the error given, which runs it again.
func (tx *Tx) MoveSettlement(s parley.Settlement, to parley.SettlementState, by parley.ID, at parley.Time) error {
	n, err := tx.q.Exec(`UPDATE settlements SET confirmed_by = CASE WHEN state = 'proposed' THEN $1 ELSE confirmed_by END,
		confirmed_at = CASE WHEN state = 'proposed' THEN $2 ELSE confirmed_at END, state = $3 WHERE id = $4 AND state = $5`, by, at, to, s.ID, s.State)
	if err == nil && n == 0 {
		err = db.ErrLostRace
	}
	if err != nil {
		return fmt.Errorf("move settlement: %w", err)
	}
	switch to {
	case parley.SettlementConfirmed:
		_, err = tx.q.Exec(`UPDATE questions SET state = 'settled', closed_at = CASE WHEN closed_at = 0 THEN $1 ELSE closed_at END WHERE id = $2`, at, s.Question)
	case parley.SettlementOverturned:
		_, err = tx.q.Exec(`UPDATE questions SET state = 'closed' WHERE id = $1`, s.Question)
	}
	return err
}

const (
	appealColumns = `o.id, o.settlement, o.reader, a.name, a.roles, o.body, o.state, o.reply, o.decided_by, COALESCE(d.name, ''), COALESCE(d.roles, 0), o.at, o.decided_at`
	fromAppeals   = ` FROM settlement_appeals o LEFT JOIN readers a ON a.id = o.reader LEFT JOIN readers d ON d.id = o.decided_by `
)

func appealFields(o *parley.SettlementAppeal) []any {
	return []any{&o.ID, &o.Settlement, &o.Reader.ID, &o.Reader.Name, &o.Reader.Roles, &o.Body, &o.State, &o.Reply,
		&o.DecidedBy.ID, &o.DecidedBy.Name, &o.DecidedBy.Roles, &o.At, &o.DecidedAt}
}

func (tx *Tx) appeals(where string, args ...any) ([]parley.SettlementAppeal, error) {
	return collect(tx.q, func(rows *sql.Rows) (o parley.SettlementAppeal, err error) { return o, rows.Scan(appealFields(&o)...) },
		`SELECT `+appealColumns+fromAppeals+`WHERE `+where, args...)
}

// InsertAppeal adds a reader's objection to a settlement; made is false when the reader has objected before.
func (tx *Tx) InsertAppeal(o parley.SettlementAppeal) (made bool, err error) {
	n, err := tx.q.Exec(`INSERT INTO settlement_appeals (id, settlement, reader, body, state, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (settlement, reader) DO NOTHING`, o.ID, o.Settlement, o.Reader.ID, o.Body, o.State, o.At)
	if err != nil {
		return false, fmt.Errorf("insert appeal: %w", err)
	}
	return n == 1, nil
}

// Appeals gives the objections to a settlement, oldest first.
func (tx *Tx) Appeals(settlement parley.ID) ([]parley.SettlementAppeal, error) {
	return tx.appeals(`o.settlement = $1 ORDER BY o.id`, settlement)
}

// OpenAppeals gives the objections of a site that wait, newest first, before one id (0 = from the newest), for
// the desk.
func (tx *Tx) OpenAppeals(site, before parley.ID, limit int) ([]parley.SettlementAppeal, error) {
	return tx.appeals(`o.state = 'open' AND o.id < $1
		AND (SELECT q.site FROM settlements s JOIN questions q ON q.id = s.question WHERE s.id = o.settlement) = $2
		ORDER BY o.id DESC LIMIT $3`, upTo(before), site, limit)
}

// AppealForVerb gives one objection of the site, or refuses with parley.CodeNotFound.
func (tx *Tx) AppealForVerb(site, id parley.ID) (parley.SettlementAppeal, error) {
	var o parley.SettlementAppeal
	err := tx.q.QueryRow(`SELECT `+appealColumns+fromAppeals+`JOIN settlements s ON s.id = o.settlement JOIN questions q ON q.id = s.question
		WHERE o.id = $1 AND q.site = $2`, id, site).Scan(appealFields(&o)...)
	return o, absent(err, "appeal")
}

// DecideAppeal saves what became of an open objection: State, Reply, DecidedBy and DecidedAt of o. When another
// process has decided since o was read, the write must end with the error given, which runs it again.
func (tx *Tx) DecideAppeal(o parley.SettlementAppeal) error {
	n, err := tx.q.Exec(`UPDATE settlement_appeals SET state = $1, reply = $2, decided_by = $3, decided_at = $4 WHERE id = $5 AND state = 'open'`,
		o.State, o.Reply, o.DecidedBy.ID, o.DecidedAt, o.ID)
	if err == nil && n == 0 {
		err = db.ErrLostRace
	}
	if err != nil {
		return fmt.Errorf("decide on an appeal: %w", err)
	}
	return nil
}

// InsertMilestone adds a mark to a question's picture. The caller raises the story's revision.
func (tx *Tx) InsertMilestone(m parley.Milestone) error {
	_, err := tx.q.Exec(`INSERT INTO milestones (id, question, day, text, url, editor, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		m.ID, m.Question, m.Day, m.Text, m.URL, m.Editor, m.At)
	if err != nil {
		return fmt.Errorf("insert milestone: %w", err)
	}
	return nil
}

// EndMilestone takes a mark off the picture, and gives its question. It refuses with parley.CodeNotFound when
// there is none, or no longer.
func (tx *Tx) EndMilestone(site, id parley.ID, at parley.Time) (question parley.ID, err error) {
	err = tx.q.QueryRow(`UPDATE milestones SET ended = $1 WHERE id = $2 AND ended + 0 = 0
		AND (SELECT q.site FROM questions q WHERE q.id = milestones.question) = $3 RETURNING question`, at, id, site).Scan(&question)
	return question, absent(err, "mark")
}

// Milestones gives the marks on a question's picture by day.
func (tx *Tx) Milestones(question parley.ID) ([]parley.Milestone, error) {
	return collect(tx.q, func(rows *sql.Rows) (m parley.Milestone, err error) {
		return m, rows.Scan(&m.ID, &m.Question, &m.Day, &m.Text, &m.URL, &m.Editor, &m.At)
	}, `SELECT id, question, day, text, url, editor, at FROM milestones WHERE question = $1 AND ended = 0 ORDER BY day, id`, question)
}
