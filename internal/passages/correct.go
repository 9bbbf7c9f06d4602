package passages

import (
	"context"

	"parley"
	"parley/internal/markup"
	"parley/internal/store"
)

// Suggestion is a correction as a reader suggests it. Nothing in it has been checked.
type Suggestion struct {
	Story   parley.ID
	Passage parley.ID // 0 = the story as a whole
	Body    string
	Source  string // where it can be checked: an https address or a reference in words
	Thanks  bool   // the reader may be thanked by name

	// Choose finds or makes the passage instead of Passage, for words that may have none yet; nil = it does not. The
	// conversation package has one.
	Choose func(*store.Tx, parley.Story) (parley.Passage, error)
}

// Suggest sends a correction to the author and the editors. It refuses with CodeTextEmpty, CodeTextLong,
// CodeBadSource and CodeTooManyOpen.
func (s *Service) Suggest(ctx context.Context, reader parley.Reader, in Suggestion) (parley.Correction, error) {
	body := markup.Line(in.Body)
	var c parley.Correction
	switch {
	case body == "":
		return c, parley.Errorf(parley.CodeTextEmpty, "Please say what is wrong, and what is right.").On("body")
	case len(body) > parley.MaxNote:
		return c, parley.Errorf(parley.CodeTextLong, "A correction has at most %d characters.", parley.MaxNote).On("body")
	}
	source, err := parley.Source(markup.Line(in.Source))
	if err != nil {
		return c, err
	}
	err = s.store.Write(ctx, 0, func(tx *store.Tx) error {
		story, err := tx.Story(s.viewer(reader), in.Story)
		if err != nil {
			return err
		}
		about, err := s.about(tx, reader, story, in)
		if err != nil {
			return err
		}
		open, err := tx.CountOpenCorrections(reader.ID, in.Story)
		if err != nil {
			return err
		}
		if open >= parley.MaxSuggestions {
			return parley.Errorf(parley.CodeTooManyOpen, "%d of your corrections to this story still wait to be read. Please wait for an answer first.", open)
		}
		c = parley.Correction{
			ID: tx.NewID(), Site: s.site.ID, Story: in.Story, Passage: about, Reader: reader.Byline(), Body: body, Source: source,
			Thanks: in.Thanks, State: parley.CorrectionOpen, CreatedAt: tx.Now,
		}
		if err := tx.InsertCorrection(c); err != nil {
			return err
		}
		tx.Append(parley.Event{Site: s.site.ID, Kind: parley.EventSuggested, Subject: c.ID, Actor: reader.ID})
		return nil
	})
	return c, err
}

// about gives the passage that a suggestion is about, 0 = the story as a whole.
func (s *Service) about(tx *store.Tx, reader parley.Reader, story parley.Story, in Suggestion) (parley.ID, error) {
	if in.Choose != nil {
		p, err := in.Choose(tx, story)
		return p.ID, err
	}
	if in.Passage == 0 {
		return 0, nil
	}
	p, err := tx.Passage(s.viewer(reader), in.Passage)
	if err == nil && p.Story != in.Story {
		err = parley.Errorf(parley.CodePassageUnknown, "This passage belongs to another story.").On("passage")
	}
	return p.ID, err
}

// Decide accepts a correction, with what was corrected as it is to stand under the text, or declines it with the
// reason. The reader is told either way.
func (s *Service) Decide(ctx context.Context, by parley.Reader, id parley.ID, accept bool, reply string) (parley.Correction, error) {
	reply = markup.Line(reply)
	var c parley.Correction
	if reply == "" {
		return c, parley.Errorf(parley.CodeTextEmpty, "Please say what was corrected or, when it was not, why.").On("reply")
	}
	if len(reply) > parley.MaxNote {
		return c, parley.Errorf(parley.CodeNoteTooLong, "A reply has at most %d characters.", parley.MaxNote).On("reply")
	}
	err := s.store.Write(ctx, 0, func(tx *store.Tx) (err error) {
		if c, err = tx.CorrectionForVerb(s.site.ID, id); err != nil {
			return err
		}
		story, err := tx.Story(s.viewer(by), c.Story)
		if err != nil {
			return err
		}
		author := story.WrittenBy(by)
		if !author && c.Reader.ID != by.ID && !by.Roles.Has(parley.RoleEditor) {
			return parley.Errorf(parley.CodeNotFound, "There is no such correction here.") // nobody else knows of it
		}
		if err := c.MayDecide(by, author); err != nil {
			return err
		}
		c.State, c.Reply, c.DecidedBy, c.DecidedAt = parley.CorrectionDeclined, reply, by.Byline(), tx.Now
		if accept {
			c.State = parley.CorrectionAccepted
		}
		if err := tx.DecideCorrection(c); err != nil {
			return err
		}
		if accept {
			return s.tell(tx, parley.EventCorrected, c.Story, c.ID, by.ID)
		}
		tx.Append(parley.Event{Site: s.site.ID, Kind: parley.EventCorrected, Subject: c.ID, Actor: by.ID})
		return nil
	})
	return c, err
}
