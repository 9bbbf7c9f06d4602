package question

import (
	"context"

	"parley"
	"parley/internal/markup"
	"parley/internal/store"
)

// Appeal objects to how a question was settled. A reader objects to a settlement once. It refuses with
// CodeNotPublished when it has been overturned, and with CodeNotFound when it never stood.
func (s *Service) Appeal(ctx context.Context, reader parley.Reader, settlement parley.ID, body string) (parley.SettlementAppeal, error) {
	body = markup.Line(body)
	var a parley.SettlementAppeal
	if body == "" {
		return a, parley.Errorf(parley.CodeTextEmpty, "Please say why this was not settled rightly.").On("body")
	}
	if len(body) > parley.MaxNote {
		return a, parley.Errorf(parley.CodeTextLong, "An appeal has at most %d characters.", parley.MaxNote).On("body")
	}
	err := s.store.Write(ctx, 0, func(tx *store.Tx) error {
		one, err := tx.SettlementForVerb(s.site.ID, settlement)
		if err != nil {
			return err
		}
		if one.State == parley.SettlementProposed || one.State == parley.SettlementDeclined {
			return parley.Errorf(parley.CodeNotFound, "There is no such settlement here.") // readers are not told of it
		}
		if one.State != parley.SettlementConfirmed {
			return parley.Errorf(parley.CodeNotPublished, "This settlement does not stand, so there is nothing to object to.")
		}
		q, err := tx.Question(s.viewer(reader), one.Question)
		if err != nil {
			return err
		}
		a = parley.SettlementAppeal{ID: tx.NewID(), Settlement: one.ID, Reader: reader.Byline(), Body: body, State: parley.AppealOpen, At: tx.Now}
		made, err := tx.InsertAppeal(a)
		if err != nil {
			return err
		}
		if !made {
			return parley.Errorf(parley.CodeDecidedAlready, "You have objected to this settlement already.")
		}
		tx.Append(parley.Event{Site: s.site.ID, Kind: parley.EventObjected, Subject: a.ID, Actor: reader.ID, Data: parley.EventData{Decision: q.ID}})
		return nil
	})
	return a, err
}

// DecideAppeal grants an appeal, which overturns the settlement so that the question waits again, or refuses it
// with a reason. The editors who settled do not hear appeals against themselves.
func (s *Service) DecideAppeal(ctx context.Context, editor parley.Reader, appeal parley.ID, grant bool, reply string) (parley.SettlementAppeal, error) {
	reply = markup.Line(reply)
	var a parley.SettlementAppeal
	switch err := editing(editor); {
	case err != nil:
		return a, err
	case reply == "":
		return a, parley.Errorf(parley.CodeTextEmpty, "Please tell the reader why.").On("reply")
	case len(reply) > parley.MaxNote:
		return a, parley.Errorf(parley.CodeNoteTooLong, "A reply has at most %d characters.", parley.MaxNote).On("reply")
	}
	err := s.store.Write(ctx, 0, func(tx *store.Tx) (err error) {
		if a, err = tx.AppealForVerb(s.site.ID, appeal); err != nil {
			return err
		}
		one, err := tx.SettlementForVerb(s.site.ID, a.Settlement)
		if err != nil {
			return err
		}
		if err := mayHear(editor, a, one); err != nil {
			return err
		}
		a.State, a.Reply, a.DecidedBy, a.DecidedAt = parley.AppealRefused, reply, editor.Byline(), tx.Now
		if grant {
			a.State = parley.AppealGranted
		}
		if err := tx.DecideAppeal(a); err != nil {
			return err
		}
		q, err := tx.Question(s.viewer(editor), one.Question)
		if err != nil {
			return err
		}
		if grant && one.State == parley.SettlementConfirmed {
			if err := tx.MoveSettlement(one, parley.SettlementOverturned, editor.ID, tx.Now); err != nil {
				return err
			}
			if _, err := s.tell(tx, parley.EventOverturned, q.Story, one.ID, editor.ID); err != nil {
				return err
			}
		}
		tx.Append(parley.Event{Site: s.site.ID, Kind: parley.EventHeard, Subject: a.ID, Actor: editor.ID, Data: parley.EventData{Decision: q.ID}})
		return nil
	})
	return a, err
}

func mayHear(editor parley.Reader, a parley.SettlementAppeal, one parley.Settlement) error {
	switch {
	case a.State != parley.AppealOpen:
		return parley.Errorf(parley.CodeDecidedAlready, "A colleague has already decided on this appeal.")
	case one.ProposedBy.ID == editor.ID || one.ConfirmedBy.ID == editor.ID || a.Reader.ID == editor.ID:
		return parley.Errorf(parley.CodeForbidden, "An appeal is heard by an editor who did not settle the question.")
	}
	return nil
}
