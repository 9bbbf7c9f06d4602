package conversation

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/markup"
	"parley/internal/store"
)

// Past is a comment that was written elsewhere, or earlier: for imports and the demo. It obeys the rules of a
// comment, less the limits on pace and length and without notices.
type Past struct {
	Source, SourceID string // where it comes from and its id there; a second import of the same adds nothing
	Story            parley.ID
	Parent           parley.ID // 0 = opens a thread
	Author           parley.ID
	State            parley.State
	Body             string
	Passage          parley.Passage // what it speaks of, as in parley.Draft; zero, and on replies always: the story as a whole
	At               parley.Time
	Recommenders     []parley.ID // readers who recommended it
}

// Imported is what became of one Past.
type Imported struct {
	ID   parley.ID
	Made bool // false: it had been imported before
}

// Import saves comments of the past in one transaction, in the order given; a parent stands before its
// replies. Either all are saved or none. Nobody is told.
func (s *Service) Import(ctx context.Context, past []Past) ([]Imported, error) {
	texts := make([]Text, len(past))
	for i, p := range past {
		if p.State == parley.Removed && p.Body == "" {
			continue // a tombstone for replies whose parent is lost
		}
		var err error
		if texts[i], err = s.text(ctx, p.Body, markup.Imported); err != nil {
			return nil, fmt.Errorf("comment %s of %s: %w", p.SourceID, p.Source, err)
		}
	}
	var done []Imported
	err := s.store.Write(ctx, 0, func(tx *store.Tx) error {
		done = make([]Imported, len(past))
		authors := map[parley.ID]parley.Reader{} // few write much: each is looked up once
		for i, p := range past {
			one, err := s.importOne(tx, p, texts[i], authors)
			if err != nil {
				return fmt.Errorf("comment %s of %s: %w", p.SourceID, p.Source, err)
			}
			done[i] = one
		}
		return nil
	})
	return done, err
}

func (s *Service) importOne(tx *store.Tx, p Past, text Text, authors map[parley.ID]parley.Reader) (Imported, error) {
	author, known := authors[p.Author]
	if !known {
		var err error
		if author, err = tx.ReaderForVerb(s.site.ID, p.Author); err != nil {
			return Imported{}, err
		}
		authors[p.Author] = author
	}
	if p.SourceID != "" {
		if id, err := tx.Imported(s.site.ID, p.Source, "comment", p.SourceID); err != nil || id != 0 {
			return s.importAgain(tx, id, author, p, text, err)
		}
	}
	id, err := tx.PastID(p.At)
	if err != nil {
		return Imported{}, err
	}
	c := parley.Comment{
		ID: id, Site: s.site.ID, Story: p.Story, Root: id, Depth: 1, Author: author.Byline(),
		State: p.State, Body: text.Body, HTML: text.HTML, CreatedAt: p.At,
	}
	if p.Parent != 0 {
		parent, err := tx.CommentForVerb(s.site.ID, p.Parent)
		if err != nil {
			return Imported{}, err
		}
		if parent.Story != p.Story {
			return Imported{}, parley.Errorf(parley.CodeParentElsewhere, "The comment it replies to belongs to another conversation.")
		}
		c.Root, c.Parent, c.Depth, c.To = parent.Root, parent.ID, parent.Depth+1, parent.Author
		if c.ID <= parent.ID { // clocks disagreed: a reply stands after what it answers
			c.CreatedAt = parent.ID.Time() + 1
			if c.ID, err = tx.PastID(c.CreatedAt); err != nil {
				return Imported{}, err
			}
		}
	}
	if c.Passage, err = s.pastPassage(tx, author, p); err != nil {
		return Imported{}, err
	}
	if err := tx.InsertComment(c); err != nil {
		return Imported{}, err
	}
	if _, err := tx.Count(c, "", c.State); err != nil {
		return Imported{}, err
	}
	if len(p.Recommenders) > 0 {
		if _, _, err := tx.RecommendAll(c, p.Recommenders); err != nil {
			return Imported{}, err
		}
	}
	if p.SourceID == "" {
		return Imported{ID: c.ID, Made: true}, nil
	}
	return Imported{ID: c.ID, Made: true}, tx.RememberImport(s.site.ID, p.Source, "comment", p.SourceID, c.ID)
}

// pastPassage finds or makes what a comment of the past spoke of, in the text as it stands now: who imports text and
// talk brings them in by turns. It gives 0 when the comment speaks of the story as a whole.
func (s *Service) pastPassage(tx *store.Tx, author parley.Reader, p Past) (parley.ID, error) {
	if p.Parent != 0 || p.Passage.ID == 0 && p.Passage.Exact == "" {
		return 0, nil
	}
	chosen, err := quoted(p.Passage)
	if err != nil {
		return 0, err
	}
	story, err := tx.Story(s.viewer(author), p.Story)
	if err != nil {
		return 0, err
	}
	then := *tx
	then.Now = p.At
	chosen, err = s.passage(&then, author, story, chosen)
	return chosen.ID, err
}

// importAgain answers for a record that has been here before. Where only its place was kept so far, the place
// is filled.
func (s *Service) importAgain(tx *store.Tx, id parley.ID, author parley.Reader, p Past, text Text, err error) (Imported, error) {
	if err != nil {
		return Imported{}, err
	}
	known, err := tx.CommentForVerb(s.site.ID, id)
	if err != nil {
		return Imported{}, err
	}
	if known.Story != p.Story {
		return Imported{}, parley.Errorf(parley.CodeParentElsewhere, "This comment has been imported into another conversation.")
	}
	if known.State != parley.Removed || known.Body != "" || p.Body == "" {
		return Imported{ID: id}, nil
	}
	filled := known
	filled.Author, filled.State, filled.Body, filled.HTML = author.Byline(), p.State, text.Body, text.HTML
	if err := tx.FillPlaceholder(filled); err != nil {
		return Imported{}, err
	}
	_, err = tx.Count(filled, known.State, filled.State)
	return Imported{ID: id, Made: true}, err
}

// ImportStory gives the story at a page's canonical address, made and, if the page says so, closed unless it
// is there already.
func (s *Service) ImportStory(ctx context.Context, page parley.Story) (id parley.ID, made bool, err error) {
	url, err := s.site.StoryURL(page.URL)
	if err != nil {
		return 0, false, err
	}
	page.URL = url
	story, made, err := s.ensure(ctx, 0, page)
	return story.ID, made, err
}

// FinishImport tells open pages that a story has changed. An import calls it once a story.
func (s *Service) FinishImport(ctx context.Context, story parley.ID) error {
	return s.store.Write(ctx, story, func(tx *store.Tx) error {
		revision, err := tx.Raise(story)
		if err == nil {
			tx.Append(parley.Event{Site: s.site.ID, Story: story, Kind: parley.EventRefreshed, Subject: story, Data: parley.EventData{Revision: revision}})
		}
		return err
	})
}
