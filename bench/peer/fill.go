package peer

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"parley"
	"parley/bench/drive"
	"parley/internal/conversation"
	"parley/internal/identity"
	"parley/internal/moderation"
	"parley/internal/store"
)

const (
	// batch is how many threads are saved in one transaction.
	batch = 100
	// authors is how many readers the talk is by.
	authors = 400
	// between is the time between two comments; their ids are made of it and must not meet.
	between = parley.Time(250)
)

// filler writes talk through the verbs that imports use.
type filler struct {
	*Parley
	talk *conversation.Service
	who  *identity.Service
	dice *rand.Rand
	at   parley.Time
	tell func(comments int)
}

// Fill makes accounts, authors and talk. The same shape gives the same talk.
func (p *Parley) Fill(ctx context.Context, dir string, s Shape, told func(done, total int)) (err error) {
	log := slog.New(slog.DiscardHandler)
	db, err := store.Open(ctx, store.Options{Dir: dir, URL: p.Database, Log: log})
	if err != nil {
		return err
	}
	defer func() {
		if closed := db.Close(); err == nil {
			err = closed
		}
	}()
	site := parley.Site{Key: "main", Name: "The forum", BaseURL: "http://127.0.0.1", Origins: []string{"http://127.0.0.1", newsroom}}
	if err := db.Write(ctx, 0, func(tx *store.Tx) (err error) {
		site.ID, err = tx.EnsureSite(site.Key, site.Name)
		return err
	}); err != nil {
		return err
	}
	done, total := 0, s.Comments()
	f := &filler{
		Parley: p, dice: rand.New(rand.NewPCG(1, uint64(total))),
		at:   parley.TimeOf(time.Now()) - parley.Time(total+authors+1000)*between,
		talk: conversation.New(db, site, moderation.Screen{}, log),
		who:  identity.New(db, site, identity.Options{Log: log}),
		tell: func(comments int) { done += comments; told(done, total) },
	}
	p.stories, p.comment, p.readers, p.authors = nil, nil, nil, nil
	if err := f.people(ctx, s.Readers); err != nil {
		return err
	}
	return f.stories(ctx, s)
}

// people makes the accounts and the authors.
func (f *filler) people(ctx context.Context, readers int) error {
	var past []identity.Past
	for i := range authors {
		f.at += between
		past = append(past, identity.Past{Source: "bench", SourceID: fmt.Sprint(i), Name: fmt.Sprintf("Author %d of many", i), Since: f.at})
	}
	made, err := f.who.Import(ctx, past)
	if err != nil {
		return err
	}
	for _, one := range made {
		f.authors = append(f.authors, one.ID)
	}
	for i := range readers {
		r, err := f.who.CreateConfirmed(ctx, identity.Registration{Name: fmt.Sprintf("Reader %d of many", i), Email: email(i), Password: password}, 0)
		if err != nil {
			return err
		}
		f.readers = append(f.readers, r.ID)
	}
	return nil
}

// stories makes the background first, then the cold stories and the hot ones, so that those have the newest
// comments, and last an empty one for talk that shall stand on no page that is measured.
func (f *filler) stories(ctx context.Context, s Shape) error {
	for n := 0; n < s.Background; n += s.ColdComments {
		if _, err := f.story(ctx, fmt.Sprintf("%s/archive/%d", newsroom, n), min(s.ColdComments, s.Background-n)); err != nil {
			return err
		}
	}
	f.Parley.stories = make([]parley.ID, s.Hot+s.Cold+1)
	for i := s.Hot + s.Cold; i >= 0; i-- {
		size := s.ColdComments
		switch {
		case i == s.Hot+s.Cold:
			size = 0
		case i < s.Hot:
			size = s.HotComments
		}
		f.comment = nil
		id, err := f.story(ctx, page(i), size)
		if err != nil {
			return err
		}
		f.Parley.stories[i] = id
	}
	slices.Sort(f.comment)
	slices.Reverse(f.comment)
	return nil
}

func (f *filler) story(ctx context.Context, address string, size int) (parley.ID, error) {
	id, err := f.talk.Register(ctx, parley.Story{URL: address, Title: "What " + f.Words.Text(f.dice, 20), PublishedAt: f.at})
	if err != nil {
		return 0, err
	}
	for written := 0; written < size; {
		n, err := f.threads(ctx, id, min(batch, size-written), size-written)
		if err != nil {
			return 0, err
		}
		written += n
	}
	return id, nil
}

// threads writes some threads with their replies, at most so many comments, and gives how many it wrote. Threads
// and their first replies are answered by none to five comments each.
func (f *filler) threads(ctx context.Context, story parley.ID, roots, most int) (written int, err error) {
	answered := make([]parley.ID, max(1, min(roots, most/4)))
	for level := 0; len(answered) > 0 && level < 3; level++ {
		var past []conversation.Past
		for _, parent := range answered {
			if written+len(past) < most {
				past = append(past, f.said(story, parent))
			}
		}
		if len(past) == 0 {
			break
		}
		done, err := f.talk.Import(ctx, past)
		if err != nil {
			return written, err
		}
		written += len(done)
		f.tell(len(done))
		answered = nil
		for _, one := range done {
			f.comment = append(f.comment, one.ID)
			for range f.dice.IntN(6) >> level { // fewer answers to answers
				answered = append(answered, one.ID)
			}
		}
	}
	return written, nil
}

func (f *filler) said(story, parent parley.ID) conversation.Past {
	f.at += between
	past := conversation.Past{
		Story: story, Parent: parent, Author: f.authors[f.dice.IntN(len(f.authors))], State: parley.Published,
		Body: f.Words.Text(f.dice, 100+f.dice.IntN(320)), At: f.at,
	}
	for range f.dice.IntN(5) * f.dice.IntN(2) {
		past.Recommenders = append(past.Recommenders, f.authors[f.dice.IntN(len(f.authors))])
	}
	return past
}

// awaitNotices waits until the follower of events has told a reader of the replies.
func (p *Parley) awaitNotices(ctx context.Context, base string, reader, want int) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		answer, err := drive.Must(ctx, base, p.Own(reader, 0))
		if err != nil {
			return err
		}
		var got struct{ Unread int }
		if err := json.Unmarshal(answer.Body, &got); err != nil {
			return err
		}
		if got.Unread >= want {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("reader %d has %d notices, want %d: %w", reader, got.Unread, want, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
