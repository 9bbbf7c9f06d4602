package conversation

import (
	"context"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/store"
)

// Report keeps a reader's word that a comment breaks the rules, and counts it once a reader.
func (s *Service) Report(ctx context.Context, by parley.Reader, id parley.ID, reason, note string) error {
	why, err := parley.ParseReason(reason)
	if err != nil {
		return err
	}
	note, err = Note(note)
	if err != nil {
		return err
	}
	return s.change(ctx, by, id, func(tx *store.Tx, c parley.Comment) error {
		if err := c.MayReport(by); err != nil {
			return err
		}
		first, err := tx.SaveReport(parley.Report{ID: tx.NewID(), Comment: c.ID, Reader: by.ID, Reason: why, Note: note, At: tx.Now})
		if err != nil || !first {
			return err
		}
		count, err := tx.CountReports(c.ID)
		tx.Append(parley.Event{
			Site: c.Site, Story: 0, Kind: parley.EventReported, Subject: c.ID, Actor: by.ID,
			Data: parley.EventData{Count: count},
		})
		return err
	})
}

// Note checks the words that go with a report or a decision: plain text of at most parley.MaxNote bytes.
func Note(note string) (string, error) {
	note = strings.TrimSpace(note)
	if len(note) > parley.MaxNote {
		return "", parley.Errorf(parley.CodeNoteTooLong, "These words can have at most %d bytes.", parley.MaxNote).On("note")
	}
	if !utf8.ValidString(note) || strings.ContainsRune(note, 0) {
		return "", parley.Errorf(parley.CodeBodyInvalid, "This text has characters that cannot be shown. Please remove them.").On("note")
	}
	return note, nil
}
