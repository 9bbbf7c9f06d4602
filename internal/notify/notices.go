package notify

import (
	"context"

	"parley"
	"parley/internal/store"
)

// giveNotices is the follower that gives one notice for each answer to the author of what was answered, and tells
// what became of corrections and questions. What follows bring needs no rows: it is counted when somebody looks.
func (s *Service) giveNotices(ctx context.Context, events []parley.Event) error {
	var answers []parley.Event
	for _, e := range events {
		if err := s.tellArgument(ctx, e); err != nil {
			return err
		}
		if e.Kind == parley.EventPublished && e.Site == s.site.ID && e.Data.To != 0 && e.Data.To != e.Data.Author {
			answers = append(answers, e)
		}
	}
	if len(answers) == 0 {
		return nil
	}
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		for _, e := range answers {
			if err := s.giveNotice(tx, e); err != nil && parley.CodeOf(err) != parley.CodeNotFound {
				return err
			}
		}
		return nil
	})
}

// giveNotice adds the notice unless it is there, the answer is gone again, or the reader does not want to hear
// from its author. That the author mutes the reader changes nothing: a mute must not be noticed by the muted.
func (s *Service) giveNotice(tx *store.Tx, e parley.Event) error {
	answer, err := tx.CommentForVerb(s.site.ID, e.Subject)
	if err != nil || answer.State != parley.Published {
		return err
	}
	to, author := answer.To.ID, answer.Author.ID
	muted, err := tx.Silenced(to, parley.Mute, author)
	if err != nil || muted {
		return err
	}
	blocked, err := tx.Blocked(to, author)
	if err != nil || blocked {
		return err
	}
	added, err := tx.AddNotice(parley.Notice{
		ID: tx.NewID(), Reader: to, Kind: parley.NoticeReply, Subject: answer.Parent, Comment: answer.ID, Count: 1, At: e.At,
	})
	if err != nil || !added {
		return err
	}
	tx.Append(parley.Event{Site: s.site.ID, Kind: parley.EventNoticed, Subject: to, Actor: author})
	return nil
}
