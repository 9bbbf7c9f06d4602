package question

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/markup"
	"parley/internal/store"
)

// Past is a question of an earlier time with what came of it: for imports and the demo. It obeys the rules of a
// question, less the limits on pace, and nobody is told.
type Past struct {
	Source, SourceID string // where it comes from and its id there; a second import of the same adds nothing
	Story            parley.ID
	Words            parley.QuestionWords // Editor asked it, at At
	Milestones       []parley.Milestone   // Day, Text and URL
	Answers          []parley.Answer      // Reader, Step, Comment and At; oldest first
	Settled          *PastSettlement      // nil = it is still open
}

// PastSettlement is how a question of the past was settled.
type PastSettlement struct {
	Proposal
	By, With    parley.ID // the editors who proposed and confirmed it
	At          parley.Time
	ConfirmedAt parley.Time
	Appeals     []PastAppeal
}

// PastAppeal is an appeal that was heard and refused.
type PastAppeal struct {
	By        parley.ID
	Body      string
	At        parley.Time
	Reply     string
	Editor    parley.ID
	DecidedAt parley.Time
}

// Import saves questions of the past in one transaction, and gives how many were not there before. Either all are
// saved or none. Open pages learn of them by the story's next revision (conversation.Service.FinishImport).
func (s *Service) Import(ctx context.Context, past []Past) (made int, err error) {
	err = s.store.Write(ctx, 0, func(tx *store.Tx) error {
		made = 0
		readers := map[parley.ID]parley.Reader{} // the same few answer again and again
		for _, p := range past {
			there, err := tx.Imported(s.site.ID, p.Source, importedQuestion, p.SourceID)
			if err == nil && there == 0 {
				made++
				err = importing{s, tx, readers, p}.question()
			}
			if err != nil {
				return fmt.Errorf("question %s of %s: %w", p.SourceID, p.Source, err)
			}
		}
		return nil
	})
	return made, err
}

// importedQuestion is how questions are called among the records of imports.
const importedQuestion = "question"

// importing brings in one question.
type importing struct {
	*Service
	tx      *store.Tx
	readers map[parley.ID]parley.Reader
	Past
}

func (i importing) question() error {
	w := tidied(i.Words)
	if err := check(w, i.site.Delicate, w.At); err != nil {
		return err
	}
	id, err := i.tx.PastID(w.At)
	if err != nil {
		return err
	}
	w.Question, w.Version = id, 1
	q := parley.Question{ID: id, Site: i.site.ID, Story: i.Story, State: parley.QuestionOpen, Words: w, OpenedAt: w.At, AskedBy: w.Editor}
	if err := i.tx.InsertQuestion(q); err != nil {
		return err
	}
	if err := i.milestones(q); err != nil {
		return err
	}
	answered, err := i.answers(q)
	if err != nil {
		return err
	}
	if i.Settled != nil {
		if err := i.settlement(q, answered); err != nil {
			return err
		}
	}
	return i.tx.RememberImport(i.site.ID, i.Source, importedQuestion, i.SourceID, id)
}

func (i importing) milestones(q parley.Question) error {
	for _, m := range i.Milestones {
		var err error
		if m.ID, err = i.tx.PastID(m.Day); err != nil {
			return err
		}
		m.Question, m.Text, m.Editor, m.At = q.ID, markup.Line(m.Text), q.AskedBy, m.Day
		if err := i.tx.InsertMilestone(m); err != nil {
			return err
		}
	}
	return nil
}

// answers saves what readers answered, and gives who did.
func (i importing) answers(q parley.Question) (answered map[parley.ID]bool, err error) {
	answered = map[parley.ID]bool{}
	before := q.OpenedAt
	for _, a := range i.Answers {
		switch {
		case a.At < before:
			return nil, fmt.Errorf("an answer of %v stands after one of %v, or before the question", a.At.UTC(), before.UTC())
		case a.Reader == q.AskedBy:
			return nil, parley.Errorf(parley.CodeOwnQuestion, "Whoever words a question does not answer it.")
		case a.Step.String() == "":
			return nil, parley.Errorf(parley.CodeBadStep, "There is no step %d.", a.Step)
		case i.Settled != nil && a.At >= i.Settled.At:
			return nil, parley.Errorf(parley.CodeQuestionClosed, "An answer of %v came after the end.", a.At.UTC())
		}
		if err := q.Takes(a.At); err != nil {
			return nil, err
		}
		reader, err := i.reader(a.Reader)
		if err != nil {
			return nil, err
		}
		if a.ID, err = i.tx.PastID(a.At); err != nil {
			return nil, err
		}
		a.Question, a.Version, a.Counted = q.ID, q.Words.Version, reader.Confirmed()
		if err := i.tx.InsertAnswer(a); err != nil {
			return nil, err
		}
		answered[a.Reader], before = true, a.At
	}
	return answered, nil
}

func (i importing) reader(id parley.ID) (r parley.Reader, err error) {
	r, known := i.readers[id]
	if !known {
		r, err = i.tx.ReaderForVerb(i.site.ID, id)
		i.readers[id] = r
	}
	return r, err
}

func (i importing) settlement(q parley.Question, answered map[parley.ID]bool) error {
	s := *i.Settled
	source, err := parley.Source(markup.Line(s.Source))
	if err != nil {
		return err
	}
	if _, err := parley.ParseOutcome(string(s.Outcome)); err != nil {
		return err
	}
	switch {
	case s.HappenedAt < q.OpenedAt || s.HappenedAt > s.At || s.ConfirmedAt < s.At:
		return parley.Errorf(parley.CodeBadDay, "What happened on %v was settled on %v.", s.HappenedAt.UTC(), s.At.UTC())
	case s.By == s.With:
		return parley.Errorf(parley.CodeSecondEditor, "A second editor has to confirm what the first proposes.")
	case answered[s.By] || answered[s.With]:
		return parley.Errorf(parley.CodeOwnQuestion, "Whoever answered a question does not settle it.")
	}
	one := parley.Settlement{
		Question: q.ID, Outcome: s.Outcome, Source: source, Note: markup.Line(s.Note), State: parley.SettlementProposed, HappenedAt: s.HappenedAt,
		ProposedBy: parley.Byline{ID: s.By}, ProposedAt: s.At,
	}
	if one.ID, err = i.tx.PastID(s.At); err != nil {
		return err
	}
	if err := i.tx.CloseQuestion(q.ID, s.At); err != nil {
		return err
	}
	if err := i.tx.InsertSettlement(one); err != nil {
		return err
	}
	if err := i.tx.MoveSettlement(one, parley.SettlementConfirmed, s.With, s.ConfirmedAt); err != nil {
		return err
	}
	for _, a := range s.Appeals {
		if err := i.appeal(one, a); err != nil {
			return err
		}
	}
	return nil
}

func (i importing) appeal(one parley.Settlement, p PastAppeal) error {
	a := parley.SettlementAppeal{Settlement: one.ID, Reader: parley.Byline{ID: p.By}, Body: markup.Line(p.Body), State: parley.AppealOpen, At: p.At}
	one.ConfirmedBy.ID = i.Settled.With
	if err := mayHear(parley.Reader{ID: p.Editor}, a, one); err != nil {
		return err
	}
	var err error
	if a.ID, err = i.tx.PastID(p.At); err != nil {
		return err
	}
	if _, err := i.tx.InsertAppeal(a); err != nil {
		return err
	}
	a.State, a.Reply, a.DecidedBy.ID, a.DecidedAt = parley.AppealRefused, markup.Line(p.Reply), p.Editor, p.DecidedAt
	return i.tx.DecideAppeal(a)
}
