package notify

import (
	"context"

	"parley"
	"parley/internal/store"
)

// batch is how many readers one write tells: a settlement may concern ten thousand, and nobody who posts meanwhile
// is to wait for all of them.
const batch = 500

// tellArgument is the part of the follower that tells what happened to corrections and questions. It may see an
// event again after a crash; a notice is given once whatever happens.
func (s *Service) tellArgument(ctx context.Context, e parley.Event) error {
	if e.Site != s.site.ID {
		return nil
	}
	switch e.Kind {
	case parley.EventSettled:
		return s.tellCrowd(ctx, e, s.settled)
	case parley.EventSequel:
		return s.tellCrowd(ctx, e, s.since)
	case parley.EventSuggested, parley.EventCorrected:
		return gone(s.store.Write(ctx, 0, func(tx *store.Tx) error { return s.tellOne(tx, e) }))
	}
	return nil
}

// gone forgives that what an event tells of is no longer there.
func gone(err error) error {
	if parley.CodeOf(err) == parley.CodeNotFound {
		return nil
	}
	return err
}

// tellCrowd tells everybody who answered or follows a question, batch after batch. notice gives what to tell and
// of which question, 0 when there is nothing to tell.
func (s *Service) tellCrowd(ctx context.Context, e parley.Event, notice func(*store.Tx, parley.Event) (parley.Notice, parley.ID, error)) error {
	for after, more := parley.ID(0), true; more; more = after != 0 {
		var next parley.ID // the write may run more than once: after moves when it is done
		err := s.store.Write(ctx, 0, func(tx *store.Tx) error {
			next = 0
			n, question, err := notice(tx, e)
			if err != nil || question == 0 {
				return err
			}
			var told []parley.ID
			if told, next, err = tx.AddNoticesFor(n, question, after, batch); err != nil {
				return err
			}
			for _, reader := range told {
				tx.Append(parley.Event{Site: s.site.ID, Kind: parley.EventNoticed, Subject: reader, Actor: e.Actor})
			}
			return nil
		})
		if err != nil {
			return gone(err)
		}
		after = next
	}
	return nil
}

func (s *Service) settled(tx *store.Tx, e parley.Event) (parley.Notice, parley.ID, error) {
	one, err := tx.SettlementForVerb(s.site.ID, e.Subject)
	if err != nil || one.State != parley.SettlementConfirmed {
		return parley.Notice{}, 0, err
	}
	return s.notice(parley.NoticeSettled, e), one.Question, nil
}

func (s *Service) since(tx *store.Tx, e parley.Event) (parley.Notice, parley.ID, error) {
	story, err := tx.Story(parley.Nobody(s.site.ID), e.Story)
	if err != nil {
		return parley.Notice{}, 0, err
	}
	sequels, err := tx.Sequels(story.ID)
	for _, one := range sequels {
		if one.ID == e.Subject {
			return s.notice(parley.NoticeSequel, e), story.Question, err
		}
	}
	return parley.Notice{}, 0, err // it was taken off, or the event tells that it was
}

// notice gives a notice of an event. Who did it is not told, and is not told about it.
func (s *Service) notice(kind parley.NoticeKind, e parley.Event) parley.Notice {
	return parley.Notice{Kind: kind, Subject: e.Subject, Story: e.Story, By: parley.Byline{ID: e.Actor}, Count: 1, At: e.At}
}

// tellOne tells the story's author of a suggestion, or a reader what became of one.
func (s *Service) tellOne(tx *store.Tx, e parley.Event) error {
	c, err := tx.CorrectionForVerb(s.site.ID, e.Subject)
	if err != nil {
		return err
	}
	n := parley.Notice{ID: tx.NewID(), Kind: parley.NoticeCorrection, Subject: c.ID, Story: c.Story, Reader: c.Reader.ID, Count: 1, At: e.At}
	if e.Kind == parley.EventSuggested {
		story, err := tx.Story(parley.Nobody(s.site.ID), c.Story)
		if err != nil || story.AuthorEmail == "" {
			return err
		}
		author, err := tx.ReaderByAddress(s.site.ID, story.AuthorEmail)
		if err != nil || author.ID == c.Reader.ID {
			return err
		}
		n.Kind, n.Reader = parley.NoticeSuggestion, author.ID
	}
	added, err := tx.AddNotice(n)
	if err == nil && added {
		tx.Append(parley.Event{Site: s.site.ID, Kind: parley.EventNoticed, Subject: n.Reader, Actor: e.Actor})
	}
	return err
}
