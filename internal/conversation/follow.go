package conversation

import (
	"context"

	"parley"
	"parley/internal/store"
)

// Follow begins or ends following a reader, a thread, a story or a question. Asking for what is already so changes
// nothing. What was written before counts as seen.
func (s *Service) Follow(ctx context.Context, by parley.Reader, kind parley.FollowKind, target parley.ID, on bool) error {
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		if !on {
			changed, err := tx.Unfollow(by.ID, kind, target)
			if changed {
				tx.Append(parley.Event{Site: s.site.ID, Kind: parley.EventUnfollowed, Subject: target, Actor: by.ID})
			}
			return err
		}
		if err := s.followable(tx, by, kind, target); err != nil {
			return err
		}
		if n, err := tx.CountFollows(by.ID); err != nil {
			return err
		} else if n >= parley.MaxFollows {
			return parley.Errorf(parley.CodeTooManyFollows, "You follow %d readers, threads, stories and questions, the most there can be. End one first.", parley.MaxFollows)
		}
		changed, err := tx.Follow(parley.Follow{Reader: by.ID, Kind: kind, Target: target, Seen: tx.NewID(), At: tx.Now})
		if changed {
			tx.Append(parley.Event{Site: s.site.ID, Kind: parley.EventFollowed, Subject: target, Actor: by.ID})
		}
		return err
	})
}

// followable tells why a reader may not follow a target, or nil.
func (s *Service) followable(tx *store.Tx, by parley.Reader, kind parley.FollowKind, target parley.ID) error {
	switch kind {
	case parley.FollowReader:
		who, err := tx.ReaderForVerb(s.site.ID, target)
		if err != nil {
			return err
		}
		blocked, err := tx.Blocked(by.ID, who.ID)
		if err != nil {
			return err
		}
		return parley.MayFollow(by, who, blocked)
	case parley.FollowStory:
		_, err := tx.Story(s.viewer(by), target)
		return err
	case parley.FollowQuestion:
		return s.shownQuestion(tx, by, target)
	}
	root, err := tx.Comment(s.viewer(by), target)
	if err == nil && !root.IsRoot() {
		err = parley.Errorf(parley.CodeNotFound, "There is no such thread here.")
	}
	return err
}

// shownQuestion refuses a question that readers are not shown.
func (s *Service) shownQuestion(tx *store.Tx, by parley.Reader, id parley.ID) error {
	q, err := tx.Question(s.viewer(by), id)
	if err != nil {
		return err
	}
	story, err := tx.Story(s.viewer(by), q.Story)
	if err == nil && !s.site.HasQuestion(story) {
		err = parley.Errorf(parley.CodeNotFound, "There is no such question here.")
	}
	return err
}

// Silence mutes or blocks a reader, or ends it. A block ends follows both ways; ending it does not bring them
// back.
func (s *Service) Silence(ctx context.Context, by parley.Reader, kind parley.Silence, target parley.ID, on bool) error {
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		if _, err := tx.ReaderForVerb(s.site.ID, target); err != nil {
			return err
		}
		if by.ID == target {
			return parley.Errorf(parley.CodeSelf, "You cannot %s yourself.", kind)
		}
		change := tx.Unsilence
		if on {
			n, err := tx.CountSilences(by.ID, kind)
			if err != nil {
				return err
			}
			if n >= parley.MaxSilences {
				return parley.Errorf(parley.CodeTooManyFollows, "Your list holds %d readers, the most there can be. Take one off first.", parley.MaxSilences)
			}
			change = tx.Silence
		}
		changed, err := change(by.ID, kind, target)
		if err != nil || !changed {
			return err
		}
		tx.Append(parley.Event{Site: s.site.ID, Kind: parley.EventSilenced, Subject: target, Actor: by.ID})
		if on && kind == parley.Block {
			return endFollows(tx, by.ID, target)
		}
		return nil
	})
}

func endFollows(tx *store.Tx, a, b parley.ID) error {
	if _, err := tx.Unfollow(a, parley.FollowReader, b); err != nil {
		return err
	}
	_, err := tx.Unfollow(b, parley.FollowReader, a)
	return err
}

// See marks every notice of the reader as seen.
func (s *Service) See(ctx context.Context, by parley.Reader) error {
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		if err := tx.SeeNotices(s.viewer(by)); err != nil {
			return err
		}
		tx.Append(parley.Event{Site: s.site.ID, Kind: parley.EventSeen, Subject: by.ID, Actor: by.ID})
		return nil
	})
}
