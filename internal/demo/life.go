package demo

import (
	"context"
	"fmt"
	"slices"

	"parley"
	"parley/internal/store"
)

// The life of the demo's own reader: what she wrote and was answered, under which piece.
const (
	lifeStory = "how-does-the-tessel-war-end"
	lifeTalk  = "nadia-orrin.talk"
)

// Whom she follows, and what she has recommended, each by the name of its author and how long after the piece.
var (
	lifeFollows     = []string{"Anahit Vell", "Radoslav Temm"}
	lifeRecommended = []string{"Anahit Vell +52m0s", "dunstan w +1h9m0s", "Damir Ilesku +3h26m0s", "Tamás Őrsi +5h47m0s"}
)

// live gives the demo's own reader a past, once: she follows two readers and a story, has recommended a few
// comments, and two answers to her own comment wait as notices. What the person at the screen changes later
// stays changed.
func (d Deps) live(ctx context.Context, own Account, scenes []*scene, c cast) error {
	lived := parley.ID(0)
	err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		lived, err = tx.Imported(d.site().ID, source, recordLife, own.Name)
		return err
	})
	if err != nil || lived != 0 {
		return err
	}
	reader := parley.Reader{ID: own.ID, Site: d.site().ID, Name: own.Name}
	story := scenes[slices.IndexFunc(scenes, func(s *scene) bool { return s.name == lifeStory })]
	for _, t := range story.talks {
		if err == nil {
			err = d.recommend(ctx, reader, t)
		}
	}
	if err == nil {
		err = d.Conversation.Follow(ctx, reader, parley.FollowStory, story.story.ID, true)
	}
	for _, name := range lifeFollows {
		if err == nil {
			err = d.Conversation.Follow(ctx, reader, parley.FollowReader, c.ids[name], true)
		}
	}
	if err != nil {
		return fmt.Errorf("give %s a past: %w", own.Name, err)
	}
	return d.Store.Write(ctx, 0, func(tx *store.Tx) error {
		for _, t := range story.talks {
			if t.file != lifeTalk {
				continue
			}
			if err := d.notice(tx, own, t); err != nil {
				return err
			}
		}
		return tx.RememberImport(d.site().ID, source, recordLife, own.Name, own.ID)
	})
}

// recommend gives her mark to the chosen comments of a talk.
func (d Deps) recommend(ctx context.Context, reader parley.Reader, t *told) error {
	for _, id := range lifeRecommended {
		for i, said := range t.talk {
			if said.id() != id {
				continue
			}
			if _, err := d.Conversation.Recommend(ctx, reader, t.ids[i], true); err != nil {
				return err
			}
		}
	}
	return nil
}

// notice tells her of every answer to what she wrote.
func (d Deps) notice(tx *store.Tx, own Account, t *told) error {
	for i, said := range t.talk {
		if said.Parent < 0 || t.talk[said.Parent].Name != own.Name {
			continue
		}
		id, err := tx.PastID(t.at(said))
		if err != nil {
			return err
		}
		_, err = tx.AddNotice(parley.Notice{
			ID: id, Reader: own.ID, Kind: parley.NoticeReply,
			Subject: t.ids[said.Parent], Comment: t.ids[i], Count: 1, At: t.at(said),
		})
		if err != nil {
			return err
		}
		tx.Append(parley.Event{Site: d.site().ID, Kind: parley.EventNoticed, Subject: own.ID})
	}
	return nil
}
