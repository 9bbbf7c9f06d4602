package passages

import (
	"context"
	"unicode/utf8"

	"parley"
	"parley/internal/markup"
	"parley/internal/store"
)

// Later is what an editor says has happened since a story: a later story, a dated note, or both.
type Later struct {
	URL   string // where the later story can be read; "" for a note alone
	Title string
	Note  string
	Day   parley.Time
}

// AddSequel puts a later story or a dated note at the head of an old story. Followers of the story's question
// are told. It refuses with CodeTextEmpty, CodeTextLong, CodeBadDay, CodeBadSource and CodeTooManyMarks.
func (s *Service) AddSequel(ctx context.Context, editor parley.Reader, story parley.ID, in Later) (parley.Sequel, error) {
	q := parley.Sequel{Site: s.site.ID, Story: story, Title: markup.Line(in.Title), Note: markup.Line(in.Note), Day: in.Day, Editor: editor.ID}
	if err := editing(editor); err != nil {
		return q, err
	}
	if in.URL != "" {
		address, err := parley.WebAddress(in.URL)
		if err != nil {
			return q, err
		}
		q.URL = address
	}
	switch {
	case q.Note == "" && (q.URL == "" || q.Title == ""):
		return q, parley.Errorf(parley.CodeTextEmpty, "Please say what has changed, or name a later story with its headline.").On("note")
	case len(q.Note) > parley.MaxNote:
		return q, parley.Errorf(parley.CodeTextLong, "A note has at most %d characters.", parley.MaxNote).On("note")
	case utf8.RuneCountInString(q.Title) > parley.MaxTitle:
		return q, parley.Errorf(parley.CodeTextLong, "A headline has at most %d characters.", parley.MaxTitle).On("title")
	}
	err := s.store.Write(ctx, story, func(tx *store.Tx) error {
		t, err := tx.Story(s.viewer(editor), story)
		if err != nil {
			return err
		}
		if q.Day <= 0 || q.Day > tx.Now {
			return parley.Errorf(parley.CodeBadDay, "Say on which day it happened; it must have come.").On("day")
		}
		if t.Sequels >= parley.MaxSequels {
			return parley.Errorf(parley.CodeTooManyMarks, "The head of a story has room for %d entries. Take one off first.", parley.MaxSequels)
		}
		if q.Later, err = s.storyAt(tx, q.URL, story); err != nil {
			return err
		}
		q.ID, q.At = tx.NewID(), tx.Now
		if err := tx.InsertSequel(q); err != nil {
			return err
		}
		return s.tell(tx, parley.EventSequel, story, q.ID, editor.ID)
	})
	return q, err
}

// storyAt gives the story at an address of the site, 0 when there is none or it is the story itself.
func (s *Service) storyAt(tx *store.Tx, address string, but parley.ID) (parley.ID, error) {
	canonical, err := s.site.StoryURL(address)
	if err != nil {
		return 0, nil // somebody else's page
	}
	later, err := tx.StoryByURL(parley.Nobody(s.site.ID), canonical)
	if parley.CodeOf(err) == parley.CodeNotFound || later.ID == but {
		return 0, nil
	}
	return later.ID, err
}

// EndSequel takes an entry off the head of a story. It stays in the log.
func (s *Service) EndSequel(ctx context.Context, editor parley.Reader, sequel parley.ID) error {
	if err := editing(editor); err != nil {
		return err
	}
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		story, err := tx.EndSequel(s.site.ID, sequel, tx.Now)
		if err != nil {
			return err
		}
		return s.tell(tx, parley.EventSequel, story, sequel, editor.ID)
	})
}

// Switch turns talk about passages and the open question of one story on or off. What was said stays and comes
// back with the switch.
func (s *Service) Switch(ctx context.Context, editor parley.Reader, story parley.ID, passages, question bool) error {
	if err := editing(editor); err != nil {
		return err
	}
	return s.store.Write(ctx, story, func(tx *store.Tx) error {
		t, err := tx.Story(s.viewer(editor), story)
		if err != nil || t.PassagesOff == !passages && t.QuestionsOff == !question {
			return err
		}
		revision, err := tx.SwitchStory(story, !passages, !question)
		tx.Append(parley.Event{Site: s.site.ID, Story: story, Kind: parley.EventSwitched, Subject: story, Actor: editor.ID, Data: parley.EventData{Revision: revision}})
		return err
	})
}
