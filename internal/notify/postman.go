package notify

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"parley"
	"parley/internal/mail"
	"parley/internal/store"
	"parley/internal/trace"
)

const (
	// undoTime is how long a letter about a decision waits, so that an undone one leaves no trace outside.
	undoTime = 10 * time.Second
	// againAfter is how long a letter waits that the mail server turned down for now: servers that do so on
	// purpose (greylisting) want to see us again after a few minutes.
	againAfter = 10 * time.Minute
	// maxTries is how often such a letter is tried again: for six hours. Who keeps letters longer is the mail
	// server.
	maxTries = 36
	// tooOld is when a letter is not worth sending any more: its link would have lapsed. It also keeps a mail
	// server that is joined to an old forum from writing to everybody who ever registered.
	tooOld = parley.ConfirmLife
	// maxPause bounds the wait for a mail server that is away: this long after its return letters flow again.
	maxPause = time.Minute
)

// postman is a follower that sends letters. There are three, so that nobody who registers waits for a decision
// that may still be undone, or for a letter that is tried again. Within one, letters wait equally long, so
// none is held up by the one before it.
type postman struct {
	*Service
	name  string
	waits time.Duration
	kinds []parley.EventKind

	// What follows is used by one goroutine at a time.
	done  int64 // letters of events up to this one are sent
	fails int   // in a row, because the mail server is away
}

func (s *Service) postmen() []*postman {
	return []*postman{
		{Service: s, name: "mail", kinds: []parley.EventKind{parley.EventRegistered, parley.EventKnownAddress}},
		{Service: s, name: "mail-decided", kinds: []parley.EventKind{parley.EventDecided}, waits: undoTime},
		{Service: s, name: "mail-again", kinds: []parley.EventKind{parley.EventMailAgain}, waits: againAfter},
	}
}

// deliver sends the letters that a batch of events asks for, in order. While the mail server is away it waits
// and fails, and the batch comes again; what was sent already is noted after each letter and left out then.
func (p *postman) deliver(ctx context.Context, events []parley.Event) error {
	for _, e := range events {
		if !p.wants(e) {
			continue
		}
		if err := p.recall(ctx); err != nil {
			return err
		}
		if e.ID <= p.done {
			continue
		}
		if err := p.until(ctx, e.At.Add(p.waits)); err != nil {
			return err
		}
		_, span := trace.After(ctx, trace.CauseOf(e.ID), "send letter", trace.ID("event", e.ID))
		again, err := p.send(ctx, e)
		span.End()
		if err != nil {
			p.fails++
			pause := min(maxPause, time.Second<<min(p.fails-1, 10))
			return errors.Join(err, p.until(ctx, p.store.Now().Add(pause)))
		}
		p.fails = 0
		if err := p.note(ctx, e, again); err != nil {
			return err
		}
	}
	return nil
}

func (p *postman) wants(e parley.Event) bool {
	if e.Site != p.site.ID || e.At < p.store.Now().Add(-tooOld) {
		return false
	}
	for _, kind := range p.kinds {
		if e.Kind == kind {
			return true
		}
	}
	return false
}

// send writes and sends the letter of one event, if there is one to send. again tells that the server turned
// it down for now; an error, that nothing can be sent now.
func (p *postman) send(ctx context.Context, e parley.Event) (again bool, err error) {
	l, err := p.letterOf(ctx, e)
	if err != nil || l.data == nil {
		return false, err
	}
	if p.counts.Take(l.slot(), p.store.Now()) > 0 {
		p.log.Warn("a letter was left out: too many to one address", "letter", l.name, "reader", l.reader)
		return false, nil
	}
	err = p.hand(ctx, &l)
	if err == nil {
		return false, nil
	}
	p.counts.Undo(l.slot())
	switch {
	case parley.CodeOf(err) == parley.CodeLinkGone: // confirmed in the meantime
		return false, nil
	case mail.Permanent(err), errors.Is(err, errUnfit):
		p.log.Warn("a letter was turned down for good", "letter", l.name, "reader", l.reader, "error", err)
		return false, nil
	case mail.Refused(err) && e.Data.Count >= maxTries:
		p.log.Warn("a letter was given up", "letter", l.name, "reader", l.reader, "tries", e.Data.Count, "error", err)
		return false, nil
	case mail.Refused(err):
		return true, nil
	}
	return false, err
}

// errUnfit marks a letter that our own code or settings got wrong: no server can help.
var errUnfit = errors.New("the letter cannot be written")

// hand gives a letter to the mail server. The token is made now, so that its clock starts now. For the owner
// of a known address it is made too and thrown away: the account that tried must not find out by its codes
// that no letter came to it.
func (p *postman) hand(ctx context.Context, l *letter) error {
	if l.mints != 0 {
		token, err := p.minter.MintConfirmation(ctx, l.mints)
		if err != nil {
			return err
		}
		if confirm, ok := l.data.(mail.Confirm); ok {
			confirm.Link = p.site.BaseURL + ConfirmPath + "?token=" + token
			l.data = confirm
		}
	}
	m, err := mail.Compose(l.to, l.data)
	if err != nil {
		return fmt.Errorf("%w: %w", errUnfit, err)
	}
	m.Key = l.key
	return p.sender.Send(ctx, m)
}

// note remembers that the letter of an event is dealt with, and asks for another try if it was turned down
// for now. The note is made even when ctx ends, because the letter is gone.
func (p *postman) note(ctx context.Context, e parley.Event, again bool) error {
	p.done = e.ID
	return p.store.Write(context.WithoutCancel(ctx), 0, func(tx *store.Tx) error {
		if again {
			tx.Append(parley.Event{
				Site: e.Site, Kind: parley.EventMailAgain, Subject: e.Subject,
				Data: parley.EventData{Decision: e.Data.Decision, Count: e.Data.Count + 1},
			})
		}
		return tx.SetMeta(p.mark(), strconv.FormatInt(e.ID, 10))
	})
}

// recall reads up to where letters are sent. It does so for each: another process may have had the round in between.
func (p *postman) recall(ctx context.Context) error {
	return p.store.Read(ctx, func(tx *store.Tx) error {
		value, err := tx.Meta(p.mark())
		if err != nil || value == "" {
			return err
		}
		done, err := strconv.ParseInt(value, 10, 64)
		p.done = max(p.done, done)
		return err
	})
}

func (p *postman) mark() string { return p.name + ".done" }
