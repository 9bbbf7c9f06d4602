package demo

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/conversation"
	"parley/internal/identity"
	"parley/internal/passages"
	"parley/internal/press"
	"parley/internal/question"
	"parley/internal/store"
)

// Deps is what the demo is written through.
type Deps struct {
	Store        *store.Store
	Conversation *conversation.Service // for a site with the origins of Names
	Identity     *identity.Service
	Passages     *passages.Service
	Question     *question.Service
	Edition      *press.Edition // of Pieces
	Names        Names
}

func (d Deps) site() parley.Site { return d.Conversation.Site() }

// source is what the demo is called in the records of imports.
const source = "demo"

// Seed brings in the pieces, their readers, what they say and think, and the accounts. On a folder where that has
// been done it adds nothing. It refuses a folder that was filled under other addresses: its stories would be
// those of other pages.
func Seed(ctx context.Context, d Deps) (Accounts, error) {
	scenes, err := d.gather()
	if err != nil {
		return Accounts{}, err
	}
	if err := d.refuseOther(ctx, scenes); err != nil {
		return Accounts{}, err
	}
	all, err := d.openAccounts(ctx, firsts(scenes))
	if err != nil {
		return all, err
	}
	if err := d.register(ctx, scenes); err != nil {
		return all, err
	}
	cast, err := d.enter(ctx, scenes, all)
	if err != nil {
		return all, err
	}
	for _, s := range scenes {
		if err := d.play(ctx, s, cast); err != nil {
			return all, err
		}
	}
	if err := d.ask(ctx, scenes, cast); err != nil {
		return all, err
	}
	return all, d.live(ctx, all.Reader, scenes, cast)
}

// The kinds of the demo's records of imports, beside those of comments, readers and questions.
const (
	recordStory = "story"
	recordLife  = "life"
	recordPlan  = "plan"
)

// refuseOther refuses a folder whose demo lives at other addresses.
func (d Deps) refuseOther(ctx context.Context, scenes []*scene) error {
	return d.Store.View(ctx, func(tx *store.Tx) error {
		for _, s := range scenes {
			id, err := tx.Imported(d.site().ID, source, recordStory, s.name)
			if err != nil || id == 0 {
				return err // all are remembered together: without one there are none
			}
			before, err := tx.Story(parley.Nobody(d.site().ID), id)
			if err != nil {
				return err
			}
			if before.URL != s.story.URL {
				return fmt.Errorf("the data folder holds a demo whose pages are at other addresses, such as %s; start it at that address again, or take another folder", before.URL)
			}
		}
		return nil
	})
}

// register makes the stories.
func (d Deps) register(ctx context.Context, scenes []*scene) error {
	for _, s := range scenes {
		id, err := d.Conversation.Register(ctx, s.story)
		if err != nil {
			return fmt.Errorf("register %s: %w", s.story.URL, err)
		}
		s.story.ID = id
	}
	return d.Store.Write(ctx, 0, func(tx *store.Tx) error {
		for _, s := range scenes {
			if id, err := tx.Imported(d.site().ID, source, recordStory, s.name); err != nil || id != 0 {
				return err
			}
			if err := tx.RememberImport(d.site().ID, source, recordStory, s.name, s.story.ID); err != nil {
				return err
			}
		}
		return nil
	})
}
