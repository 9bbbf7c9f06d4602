package press

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"parley"
)

// Stories is how articles get their conversations.
type Stories interface {
	// Register makes the story at story.URL, or brings title, section and PublishedAt of the one there is up
	// to date, with WrittenAt and AuthorEmail, and gives its id. A ClosedAt other than 0 closes an open story;
	// 0 leaves it as it is, so that what a moderator closed stays closed. PassagesOff and QuestionsOff switch
	// off; when they are false they leave things as they are. Members other than these and URL are not set.
	Register(ctx context.Context, story parley.Story) (parley.ID, error)
	// Revise keeps the text of a story: a further version when its paragraphs have changed.
	Revise(ctx context.Context, story parley.ID, title string, paragraphs []string) (changed bool, err error)
}

// Register remembers which articles have their story. It is safe for concurrent use.
type Register struct {
	stories Stories
	base    string

	mu    sync.Mutex
	known map[string]registered
}

type registered struct {
	version string
	id      parley.ID
}

// NewRegister gives a register for articles served under base, the forum's base URL without a slash at its
// end.
func NewRegister(stories Stories, base string) *Register {
	return &Register{stories: stories, base: base, known: map[string]registered{}}
}

// Story gives the id of an article's story. It asks [Stories] at the first call and after the article
// changed, and is one look into a map otherwise.
func (r *Register) Story(ctx context.Context, a *Article) (parley.ID, error) {
	r.mu.Lock()
	known := r.known[a.Slug]
	r.mu.Unlock()
	if known.version == a.Version {
		return known.id, nil
	}
	story := parley.Story{URL: r.base + a.Path(), Title: a.Title, Section: a.Section, PublishedAt: parley.TimeOf(a.Published)}
	story.AuthorEmail, story.PassagesOff, story.QuestionsOff = strings.ToLower(a.Email), !a.Passages, !a.Questions
	if !a.Written.IsZero() {
		story.WrittenAt = parley.TimeOf(a.Written)
	}
	if a.Closed {
		story.ClosedAt = story.PublishedAt
		if !a.Updated.IsZero() {
			story.ClosedAt = parley.TimeOf(a.Updated)
		}
	}
	id, err := r.stories.Register(ctx, story) // outside the lock: twice at once is harmless, waiting is not
	if err != nil {
		return 0, fmt.Errorf("register the story of %s: %w", a.Slug, err)
	}
	paragraphs := make([]string, len(a.Blocks))
	for i, block := range a.Blocks {
		paragraphs[i] = block.Text
	}
	if _, err := r.stories.Revise(ctx, id, a.Title, paragraphs); err != nil {
		return 0, fmt.Errorf("keep the text of %s: %w", a.Slug, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known[a.Slug] = registered{a.Version, id}
	return id, nil
}

// All gives every article of the edition its story, so that counts and the index have them from the start.
// It goes on after an error and gives them all.
func (r *Register) All(ctx context.Context, e *Edition) error {
	var errs []error
	for _, a := range e.Articles {
		if _, err := r.Story(ctx, a); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
