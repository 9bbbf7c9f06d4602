package demo

import (
	"context"
	"fmt"
	"time"

	"parley"
	"parley/internal/conversation"
	"parley/internal/identity"
	"parley/internal/press"
	"parley/internal/store"
)

// Deps is what the demo is written through.
type Deps struct {
	Store        *store.Store
	Conversation *conversation.Service // for a site with the origins of Names
	Identity     *identity.Service
	Edition      *press.Edition // of Pieces
	Names        Names
}

func (d Deps) site() parley.Site { return d.Conversation.Site() }

// source is what the demo is called in the records of imports.
const source = "demo"

// told is one file of talk and the story it belongs to.
type told struct {
	file  string
	story parley.Story
	by    string // the author of the piece
	talk  []Said
	ids   []parley.ID // of the comments, place by place, once they are there
	shift time.Duration
}

// at tells when a comment was written.
func (t *told) at(said Said) parley.Time { return t.story.PublishedAt.Add(said.After + t.shift) }

// Seed brings in the pieces, their readers, what they say, and the accounts. On a folder where that has
// been done it adds nothing. It refuses a folder that was filled under other addresses: its stories would be
// those of other pages.
func Seed(ctx context.Context, d Deps) (Accounts, error) {
	talks, err := d.gather()
	if err != nil {
		return Accounts{}, err
	}
	if err := d.refuseOther(ctx, talks); err != nil {
		return Accounts{}, err
	}
	all, err := d.openAccounts(ctx)
	if err != nil {
		return all, err
	}
	if err := d.register(ctx, talks); err != nil {
		return all, err
	}
	cast, err := d.enter(ctx, talks, all.Reader)
	if err != nil {
		return all, err
	}
	for _, t := range talks {
		if err := d.tell(ctx, t, cast); err != nil {
			return all, err
		}
	}
	return all, d.live(ctx, all.Reader, talks, cast)
}

// gather reads all that was written by hand.
func (d Deps) gather() ([]*told, error) {
	var talks []*told
	add := func(file, by string, story parley.Story) error {
		talk, err := Talk(Pieces(), file)
		if err == nil {
			talks = append(talks, &told{file: file, by: by, story: story, talk: talk, ids: make([]parley.ID, len(talk)), shift: d.shift(story, talk)})
		}
		return err
	}
	for _, a := range d.Edition.Articles {
		story := parley.Story{URL: d.site().BaseURL + a.Path(), Title: a.Title, Section: a.Section, PublishedAt: parley.TimeOf(a.Published)}
		files := []string{a.Slug + ".talk"}
		if a.Slug == lifeStory {
			files = append(files, lifeTalk)
		}
		for _, file := range files {
			if err := add(file, a.Author, story); err != nil {
				return nil, err
			}
		}
	}
	for _, l := range letters {
		story := parley.Story{URL: d.Names.Address(l), Title: l.Title, Section: "Almery Letters", PublishedAt: parley.TimeOf(l.Published)}
		if l.talk == "" {
			continue // made by the first write under it
		}
		if err := add(l.talk, l.Author, story); err != nil {
			return nil, err
		}
	}
	return talks, nil
}

// shift gives by how much a talk is moved so that none of it lies in the future: not at all, unless the clock
// of this machine is behind the demo's own days.
func (d Deps) shift(story parley.Story, talk []Said) time.Duration {
	if len(talk) == 0 {
		return 0
	}
	last := story.PublishedAt.Add(talk[len(talk)-1].After + time.Minute)
	return min(0, d.Store.Now().UTC().Sub(last.UTC()))
}

// The kinds of the demo's records of imports, beside those of comments and readers.
const (
	recordStory = "story"
	recordLife  = "life"
	recordPlan  = "plan"
)

// refuseOther refuses a folder whose demo lives at other addresses.
func (d Deps) refuseOther(ctx context.Context, talks []*told) error {
	return d.Store.View(ctx, func(tx *store.Tx) error {
		for _, t := range talks {
			id, err := tx.Imported(d.site().ID, source, recordStory, t.file)
			if err != nil || id == 0 {
				return err // all are remembered together: without one there are none
			}
			before, err := tx.Story(parley.Nobody(d.site().ID), id)
			if err != nil {
				return err
			}
			if before.URL != t.story.URL {
				return fmt.Errorf("the data folder holds a demo whose pages are at other addresses, such as %s; start it at that address again, or take another folder", before.URL)
			}
		}
		return nil
	})
}

// register makes the stories.
func (d Deps) register(ctx context.Context, talks []*told) error {
	for _, t := range talks {
		id, err := d.Conversation.Register(ctx, t.story)
		if err != nil {
			return fmt.Errorf("register %s: %w", t.story.URL, err)
		}
		t.story.ID = id
	}
	return d.Store.Write(ctx, 0, func(tx *store.Tx) error {
		for _, t := range talks {
			if id, err := tx.Imported(d.site().ID, source, recordStory, t.file); err != nil || id != 0 {
				return err
			}
			if err := tx.RememberImport(d.site().ID, source, recordStory, t.file, t.story.ID); err != nil {
				return err
			}
		}
		return nil
	})
}
