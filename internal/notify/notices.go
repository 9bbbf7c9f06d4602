package notify

import (
	"context"

	"parley"
	"parley/internal/store"
	"parley/internal/trace"
)

// noticed are the kinds of events that notices are given for.
var noticed = []parley.EventKind{parley.EventPublished, parley.EventSettled, parley.EventSequel, parley.EventSuggested, parley.EventCorrected}

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
	for _, e := range answers {
		_, span := trace.After(ctx, trace.CauseOf(e.ID), "give notice", trace.ID("event", e.ID))
		defer span.End()
	}
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		for _, e := range answers {
			if err := s.giveNotice(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// giveNotice adds the notice unless it is there, the answer is gone again, or the reader does not want to hear
// from its author. That the author mutes the reader changes nothing: a mute must not be noticed by the muted.
func (s *Service) giveNotice(tx *store.Tx, e parley.Event) error {
	to, err := tx.AddReplyNotice(s.site.ID, e.Subject, e.At)
	if err == nil && to != 0 {
		tx.Append(parley.Event{Site: s.site.ID, Kind: parley.EventNoticed, Subject: to, Actor: e.Actor})
	}
	return err
}
