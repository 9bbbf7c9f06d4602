package question

import (
	"context"
	"unicode/utf8"

	"parley"
	"parley/internal/markup"
	"parley/internal/store"
)

// AddMilestone marks what happened on a day on the question's picture. It refuses with CodeBadDay, CodeBadSource
// and CodeTooManyMarks.
func (s *Service) AddMilestone(ctx context.Context, editor parley.Reader, question parley.ID, day parley.Time, text, address string) (parley.Milestone, error) {
	text = markup.Line(text)
	var m parley.Milestone
	switch err := editing(editor); {
	case err != nil:
		return m, err
	case text == "":
		return m, parley.Errorf(parley.CodeTextEmpty, "Please say what happened.").On("text")
	case utf8.RuneCountInString(text) > parley.MaxMilestone:
		return m, parley.Errorf(parley.CodeTextLong, "A mark has at most %d characters.", parley.MaxMilestone).On("text")
	}
	if address != "" {
		var err error
		if address, err = parley.WebAddress(address); err != nil {
			return m, err
		}
	}
	err := s.store.Write(ctx, 0, func(tx *store.Tx) error {
		q, err := tx.Question(s.viewer(editor), question)
		if err != nil {
			return err
		}
		if day <= 0 || day > tx.Now {
			return parley.Errorf(parley.CodeBadDay, "A mark stands on a day that has come.").On("day")
		}
		there, err := tx.Milestones(q.ID)
		if err != nil {
			return err
		}
		if len(there) >= parley.MaxMilestones {
			return parley.Errorf(parley.CodeTooManyMarks, "A picture has at most %d marks. Take one off first.", parley.MaxMilestones)
		}
		m = parley.Milestone{ID: tx.NewID(), Question: q.ID, Day: day, Text: text, URL: address, Editor: editor.ID, At: tx.Now}
		if err := tx.InsertMilestone(m); err != nil {
			return err
		}
		_, err = s.tell(tx, parley.EventMilestone, q.Story, m.ID, editor.ID)
		return err
	})
	return m, err
}

// EndMilestone takes a mark off the picture. It stays in the log.
func (s *Service) EndMilestone(ctx context.Context, editor parley.Reader, milestone parley.ID) error {
	if err := editing(editor); err != nil {
		return err
	}
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		question, err := tx.EndMilestone(s.site.ID, milestone, tx.Now)
		if err != nil {
			return err
		}
		q, err := tx.Question(s.viewer(editor), question)
		if err != nil {
			return err
		}
		_, err = s.tell(tx, parley.EventMilestone, q.Story, milestone, editor.ID)
		return err
	})
}
