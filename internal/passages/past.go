package passages

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/markup"
	"parley/internal/store"
)

// PastCorrection is a correction of an earlier time: for imports and the demo.
type PastCorrection struct {
	Source, SourceID string // where it comes from and its id there; a second import of the same adds nothing
	Suggestion       Suggestion
	Reader           parley.ID
	At               parley.Time
	State            parley.CorrectionState
	Reply            string // when it was decided: what was corrected, or why not
	By               parley.ID
	DecidedAt        parley.Time
}

// ImportCorrections saves corrections of the past in one transaction, in the order given. Nobody is told.
func (s *Service) ImportCorrections(ctx context.Context, past []PastCorrection) error {
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		for _, p := range past {
			if err := s.importCorrection(tx, p); err != nil {
				return fmt.Errorf("correction %s of %s: %w", p.SourceID, p.Source, err)
			}
		}
		return nil
	})
}

func (s *Service) importCorrection(tx *store.Tx, p PastCorrection) error {
	return s.once(tx, "correction", p.Source, p.SourceID, p.At, func(id parley.ID) error {
		source, err := parley.Source(markup.Line(p.Suggestion.Source))
		if err != nil {
			return err
		}
		c := parley.Correction{
			ID: id, Site: s.site.ID, Story: p.Suggestion.Story, Passage: p.Suggestion.Passage, Reader: parley.Byline{ID: p.Reader},
			Body: markup.Line(p.Suggestion.Body), Source: source, Thanks: p.Suggestion.Thanks, State: parley.CorrectionOpen, CreatedAt: p.At,
		}
		if err := tx.InsertCorrection(c); err != nil || p.State == parley.CorrectionOpen {
			return err
		}
		c.State, c.Reply, c.DecidedBy, c.DecidedAt = p.State, markup.Line(p.Reply), parley.Byline{ID: p.By}, p.DecidedAt
		return tx.DecideCorrection(c)
	})
}

// PastSequel is what an editor said had happened since a story, at an earlier time: for imports and the demo.
type PastSequel struct {
	Source, SourceID string
	Story            parley.ID
	Later            Later
	Editor           parley.ID
	At               parley.Time
}

// ImportSequels saves later stories and notes of the past in one transaction. Nobody is told.
func (s *Service) ImportSequels(ctx context.Context, past []PastSequel) error {
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		for _, p := range past {
			if err := s.importSequel(tx, p); err != nil {
				return fmt.Errorf("sequel %s of %s: %w", p.SourceID, p.Source, err)
			}
		}
		return nil
	})
}

func (s *Service) importSequel(tx *store.Tx, p PastSequel) error {
	return s.once(tx, "sequel", p.Source, p.SourceID, p.At, func(id parley.ID) error {
		later, err := s.storyAt(tx, p.Later.URL, p.Story)
		if err != nil {
			return err
		}
		return tx.InsertSequel(parley.Sequel{
			ID: id, Site: s.site.ID, Story: p.Story, Later: later, URL: p.Later.URL, Title: markup.Line(p.Later.Title),
			Note: markup.Line(p.Later.Note), Day: p.Later.Day, Editor: p.Editor, At: p.At,
		})
	})
}

// once runs fn with an id of the past unless a record of that kind has been imported before.
func (s *Service) once(tx *store.Tx, kind, source, sourceID string, at parley.Time, fn func(id parley.ID) error) error {
	there, err := tx.Imported(s.site.ID, source, kind, sourceID)
	if err != nil || there != 0 {
		return err
	}
	id, err := tx.PastID(at)
	if err == nil {
		err = fn(id)
	}
	if err != nil {
		return err
	}
	return tx.RememberImport(s.site.ID, source, kind, sourceID, id)
}
