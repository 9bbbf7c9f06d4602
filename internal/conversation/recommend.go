package conversation

import (
	"context"
	"time"

	"parley"
	"parley/internal/store"
)

// Recommended is what came of a recommendation.
type Recommended struct {
	Count    int
	On       bool // the reader now recommends the comment
	Revision int64
}

// Recommend sets or takes back the reader's mark on a comment. Asking for what is already so changes nothing.
func (s *Service) Recommend(ctx context.Context, by parley.Reader, id parley.ID, on bool) (Recommended, error) {
	var done Recommended
	err := s.change(ctx, by, id, func(tx *store.Tx, c parley.Comment) (err error) {
		if err := c.MayRecommend(by); err != nil {
			return err
		}
		mark := tx.Recommend
		if !on {
			mark = tx.Unrecommend
		}
		count, changed, err := mark(c, by.ID)
		if err != nil {
			return err
		}
		done = Recommended{Count: count, On: on}
		if done.Revision, err = tx.Revision(c.Story); err != nil || !changed {
			return err
		}
		tx.Append(parley.Event{
			Site: c.Site, Story: c.Story, Kind: parley.EventRecommended, Subject: c.ID, Actor: by.ID,
			Data: parley.EventData{Root: c.Root, Count: count},
		})
		return nil
	})
	if err == nil {
		s.noteStale()
	}
	return done, err
}

func (s *Service) noteStale() {
	select {
	case s.stale <- struct{}{}:
	default:
	}
}

// refreshMany bounds how many stories one refresh brings up to date.
const refreshMany = 200

// Refresh raises the revision of stories whose recommendation counts moved, at most once every
// parley.RefreshCounts, until ctx ends. Several processes may run it: a story is refreshed once.
func (s *Service) Refresh(ctx context.Context) {
	look := time.NewTicker(30 * time.Second) // what another process left behind
	defer look.Stop()
	for {
		if err := s.refreshOnce(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("recommendation counts were not refreshed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(parley.RefreshCounts):
		}
		select {
		case <-ctx.Done():
			return
		case <-s.stale:
		case <-look.C:
		}
	}
}

func (s *Service) refreshOnce(ctx context.Context) error {
	var stale []parley.Story
	err := s.store.Read(ctx, func(tx *store.Tx) (err error) {
		stale, err = tx.StaleStories(refreshMany)
		return err
	})
	if err != nil || len(stale) == 0 {
		return err
	}
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		for _, story := range stale {
			revision, err := tx.Raise(story.ID)
			if err != nil {
				return err
			}
			tx.Append(parley.Event{Site: story.Site, Story: story.ID, Kind: parley.EventRefreshed, Subject: story.ID, Data: parley.EventData{Revision: revision}})
		}
		return nil
	})
}
