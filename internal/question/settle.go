package question

import (
	"context"

	"parley"
	"parley/internal/markup"
	"parley/internal/store"
)

// Proposal is what an editor says the answer was.
type Proposal struct {
	Outcome    parley.Outcome
	Source     string      // an https address or a reference in words
	Note       string      // for readers; may be empty
	HappenedAt parley.Time // when the outcome became known; answers after it do not count
}

// Propose says what a question's answer was. Answers end; a second editor has to confirm. It refuses with
// CodeBadSource, CodeBadDay, CodeOwnQuestion (whoever answered does not settle), and CodeSettlementWaits when a
// colleague was faster.
func (s *Service) Propose(ctx context.Context, editor parley.Reader, question parley.ID, p Proposal) (parley.Settlement, error) {
	var settled parley.Settlement
	if err := editing(editor); err != nil {
		return settled, err
	}
	source, err := parley.Source(markup.Line(p.Source))
	if err != nil {
		return settled, err
	}
	p.Note = markup.Line(p.Note)
	if len(p.Note) > parley.MaxNote {
		return settled, parley.Errorf(parley.CodeNoteTooLong, "A note has at most %d characters.", parley.MaxNote).On("note")
	}
	if _, err := parley.ParseOutcome(string(p.Outcome)); err != nil {
		return settled, err
	}
	err = s.store.Write(ctx, 0, func(tx *store.Tx) error {
		q, err := tx.Question(s.viewer(editor), question)
		if err != nil {
			return err
		}
		if err := s.maySettle(tx, editor, q, p.HappenedAt); err != nil {
			return err
		}
		settled = parley.Settlement{
			ID: tx.NewID(), Question: q.ID, Outcome: p.Outcome, Source: source, Note: p.Note, State: parley.SettlementProposed,
			HappenedAt: p.HappenedAt, ProposedBy: editor.Byline(), ProposedAt: tx.Now,
		}
		if q.State == parley.QuestionOpen {
			if err := tx.CloseQuestion(q.ID, tx.Now); err != nil {
				return err
			}
		}
		if err := tx.InsertSettlement(settled); err != nil {
			return err
		}
		_, err = s.tell(tx, parley.EventProposed, q.Story, settled.ID, editor.ID)
		return err
	})
	return settled, err
}

// maySettle tells why an editor may not propose how q ended at a moment, or nil.
func (s *Service) maySettle(tx *store.Tx, editor parley.Reader, q parley.Question, happened parley.Time) error {
	if happened <= 0 || happened > tx.Now || happened < q.OpenedAt {
		return parley.Errorf(parley.CodeBadDay, "Say when the answer became known: after the question was asked, and not in the future.").On("happened_at")
	}
	if n, err := tx.CountAnswers(editor.ID, q.ID); err != nil {
		return err
	} else if n > 0 {
		return parley.Errorf(parley.CodeOwnQuestion, "Whoever answered a question does not settle it.")
	}
	all, err := tx.Settlements(q.ID)
	if err != nil {
		return err
	}
	for _, one := range all {
		switch one.State {
		case parley.SettlementProposed:
			return parley.Errorf(parley.CodeSettlementWaits, "%s has proposed how this ended. Confirm it, or decline it.", one.ProposedBy.Name)
		case parley.SettlementConfirmed:
			return parley.Errorf(parley.CodeDecidedAlready, "This question has been settled.")
		}
	}
	return nil
}

// Confirm makes a colleague's proposal stand. Everybody who answered or follows the question is told. It refuses
// with CodeSecondEditor, CodeOwnQuestion and CodeDecidedAlready.
func (s *Service) Confirm(ctx context.Context, editor parley.Reader, settlement parley.ID) (parley.Settlement, error) {
	return s.settle(ctx, editor, settlement, func(tx *store.Tx, one parley.Settlement, q parley.Question) (parley.Settlement, error) {
		if err := one.MayConfirm(editor); err != nil {
			return one, err
		}
		if n, err := tx.CountAnswers(editor.ID, q.ID); err != nil {
			return one, err
		} else if n > 0 {
			return one, parley.Errorf(parley.CodeOwnQuestion, "Whoever answered a question does not settle it.")
		}
		if err := tx.MoveSettlement(one, parley.SettlementConfirmed, editor.ID, tx.Now); err != nil {
			return one, err
		}
		one.State, one.ConfirmedBy, one.ConfirmedAt = parley.SettlementConfirmed, editor.Byline(), tx.Now
		_, err := s.tell(tx, parley.EventSettled, q.Story, one.ID, editor.ID)
		return one, err
	})
}

// Decline ends a proposal that does not hold; whoever made it may take it back the same way. The question waits
// for another.
func (s *Service) Decline(ctx context.Context, editor parley.Reader, settlement parley.ID) (parley.Settlement, error) {
	return s.settle(ctx, editor, settlement, func(tx *store.Tx, one parley.Settlement, q parley.Question) (parley.Settlement, error) {
		if one.State != parley.SettlementProposed {
			return one, parley.Errorf(parley.CodeDecidedAlready, "A colleague has already decided on this.")
		}
		if err := tx.MoveSettlement(one, parley.SettlementDeclined, editor.ID, tx.Now); err != nil {
			return one, err
		}
		one.State = parley.SettlementDeclined
		_, err := s.tell(tx, parley.EventDeclined, q.Story, one.ID, editor.ID)
		return one, err
	})
}

func (s *Service) settle(ctx context.Context, editor parley.Reader, settlement parley.ID, step func(*store.Tx, parley.Settlement, parley.Question) (parley.Settlement, error)) (parley.Settlement, error) {
	var one parley.Settlement
	if err := editing(editor); err != nil {
		return one, err
	}
	err := s.store.Write(ctx, 0, func(tx *store.Tx) (err error) {
		if one, err = tx.SettlementForVerb(s.site.ID, settlement); err != nil {
			return err
		}
		q, err := tx.Question(s.viewer(editor), one.Question)
		if err != nil {
			return err
		}
		one, err = step(tx, one, q)
		return err
	})
	return one, err
}
