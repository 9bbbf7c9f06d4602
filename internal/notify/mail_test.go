package notify

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/mail"
	"parley/internal/moderation"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// TestRegisterConfirm walks from registering over the mail server to the confirmed address.
func TestRegisterConfirm(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run()
		r, session := w.register("Ada", "ada@example.org")
		received := w.sink.Wait(1)[0]
		letter := w.open(received)
		if !slices.Equal(received.To, []string{"ada@example.org"}) || !received.Encrypted || !strings.Contains(letter.Subject, "The Meridian") {
			t.Errorf("the letter %q went to %q", letter.Subject, received.To)
		}
		if same, _, err := w.accounts.Inspect(t.Context(), token(t, letter), r); err != nil || !same {
			t.Fatalf("the link does not open: %v\n%s", err, letter.Text)
		}
		must(t, w.accounts.Confirm(t.Context(), r, token(t, letter)))
		if _, r, err := w.accounts.Who(t.Context(), string(session)); err != nil || !r.Confirmed() {
			t.Errorf("the reader is %+v after confirming: %v", r, err)
		}
		other, _ := w.register("Bob", "bob@example.org")
		must(t, w.accounts.Resend(t.Context(), other))
		first, second := token(t, w.open(w.sink.Wait(3)[1])), token(t, w.open(w.sink.Wait(3)[2]))
		if err := w.accounts.Confirm(t.Context(), other, first); parley.CodeOf(err) != parley.CodeLinkGone {
			t.Errorf("the older of two links works: %v", err)
		}
		must(t, w.accounts.Confirm(t.Context(), other, second))
	})
}

// TestKnownAddress: the owner hears of it, and the account that tried learns nothing.
func TestKnownAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.confirmed("Olive", "olive@example.org")
		attacker, _ := w.register("Mallory", "olive@example.org")
		letters := w.delivered()
		if len(letters) != 1 || token(t, letters[0]) != "" || strings.Contains(letters[0].Text+letters[0].HTML, "Mallory") ||
			!strings.Contains(letters[0].Text, w.site.BaseURL+SignInPath) {
			t.Fatalf("the owner got %+v", letters)
		}
		fresh, _ := w.register("Fresh", "fresh@example.org")
		if letters := w.delivered(); len(letters) != 1 || token(t, letters[0]) == "" {
			t.Fatalf("a new reader got %+v", letters)
		}
		for range parley.ConfirmTries + 1 {
			a, b := w.accounts.ConfirmByCode(t.Context(), attacker, "00000000"), w.accounts.ConfirmByCode(t.Context(), fresh, "00000000")
			if a == nil || b == nil || a.Error() != b.Error() {
				t.Errorf("codes tell the accounts apart: %v and %v", a, b)
			}
		}
	})
}

// TestOwnerIsAskedWhenSending: who owns an address counts when the letter goes, not when it was asked for.
func TestOwnerIsAskedWhenSending(t *testing.T) {
	w := one(t)
	early, _ := w.register("Early", "shared@example.org")
	late := w.confirmed("Late", "shared@example.org")
	letters := w.delivered()
	if len(letters) != 1 || token(t, letters[0]) != "" || !strings.Contains(letters[0].Text, SignInPath) {
		t.Errorf("the owner got %+v", letters)
	}
	must(t, w.accounts.Resend(t.Context(), early))
	w.write(func(tx *store.Tx) error { // as an older event about a reader confirmed since
		tx.Append(parley.Event{Site: w.site.ID, Kind: parley.EventRegistered, Subject: late.ID})
		tx.Append(parley.Event{Site: w.site.ID, Kind: parley.EventRegistered, Subject: 12345})
		tx.Append(parley.Event{Site: 4711, Kind: parley.EventRegistered, Subject: early.ID})
		return nil
	})
	if letters := w.delivered(); len(letters) != 1 {
		t.Errorf("%d letters, want one for the early reader alone", len(letters))
	}
}

// TestNobodyIsFlooded asks for letters to a stranger's address and to a known one all day long.
func TestNobodyIsFlooded(t *testing.T) {
	w := one(t)
	w.confirmed("Olive", "olive@example.org")
	pests := []parley.Reader{}
	for n, email := range []string{"victim@example.org", "olive@example.org", "victim@example.org", "Olive@example.org"} {
		r, _ := w.register(fmt.Sprint("Pest ", n), email)
		pests = append(pests, r)
	}
	total := 0
	for range 24 {
		for range 5 {
			for _, r := range pests {
				w.write(func(tx *store.Tx) error {
					tx.Append(parley.Event{Site: w.site.ID, Kind: parley.EventRegistered, Subject: r.ID, Actor: r.ID})
					return nil
				})
			}
			w.clock.Advance(time.Minute)
		}
		sent := len(w.delivered())
		if total += sent; sent > 2*3 {
			t.Errorf("%d letters to two addresses within an hour", sent)
		}
		w.clock.Advance(55 * time.Minute)
	}
	if total != 2*10 {
		t.Errorf("%d letters to two addresses in a day, want 20", total)
	}
}

// TestMailServerAway: letters wait in order and arrive once when it is back.
func TestMailServerAway(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) { // real time: the pauses are part of it
		w := newWorld(t, st, nil)
		w.sink.Answer("EHLO", "421 4.3.2 not now")
		w.sink.Answer("HELO", "421 4.3.2 not now")
		w.run()
		for n := range 3 {
			w.register(fmt.Sprint("Reader ", n), fmt.Sprintf("reader%d@example.org", n))
		}
		eventually(t, "a second attempt", func() bool {
			return strings.Count(strings.Join(w.sink.Commands(), " "), "EHLO") >= 2
		})
		w.sink.Answer("EHLO", "")
		w.sink.Answer("HELO", "")
		w.sink.Wait(3)
		w.register("The last", "last@example.org")
		var to []string
		for _, letter := range w.sink.Wait(4) {
			to = append(to, letter.To...)
		}
		if want := []string{"reader0@example.org", "reader1@example.org", "reader2@example.org", "last@example.org"}; !slices.Equal(to, want) {
			t.Errorf("letters went to %q, want %q", to, want)
		}
	})
}

// TestNotTwiceAfterACrash fails in the middle of a batch and begins again as another process would.
func TestNotTwiceAfterACrash(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for n := range 3 {
			w.register(fmt.Sprint("Reader ", n), fmt.Sprintf("reader%d@example.org", n))
		}
		events := w.events(0)
		cut := &cutOff{Sender: w.sender, after: 2}
		broken := New(w.store, w.site, w.accounts, cut, slog.New(slog.NewTextHandler(w.log, nil)))
		ctx, cancel := context.WithCancel(t.Context())
		cut.cancel = cancel // spares the pause
		if err := broken.postmen()[0].deliver(ctx, events); err == nil {
			t.Fatal("delivering succeeded without a mail server")
		}
		if n := len(w.sink.Letters()); n != 2 {
			t.Fatalf("%d letters before the crash, want 2", n)
		}
		restarted := New(w.store, w.site, w.accounts, w.sender, slog.New(slog.NewTextHandler(w.log, nil)))
		for range 2 {
			must(t, restarted.postmen()[0].deliver(t.Context(), events))
		}
		var to []string
		for _, letter := range w.sink.Letters() {
			to = append(to, letter.To...)
		}
		if want := []string{"reader0@example.org", "reader1@example.org", "reader2@example.org"}; !slices.Equal(to, want) {
			t.Errorf("letters went to %q, want each once", to)
		}
	})
}

// TestNotTwiceInTurns lets two processes have the round in turns, each dying before it has noted how far the batch came.
func TestNotTwiceInTurns(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for n := range 4 {
			w.register(fmt.Sprint("Reader ", n), fmt.Sprintf("reader%d@example.org", n))
		}
		events := w.events(0)
		here := w.postmen()[0]
		there := New(w.store, w.site, w.accounts, w.sender, slog.New(slog.NewTextHandler(w.log, nil))).postmen()[0]
		for upTo, turn := range []*postman{here, there, here, there} {
			must(t, turn.deliver(t.Context(), events[:len(events)-3+upTo]))
		}
		if letters := w.sink.Letters(); len(letters) != 4 {
			t.Errorf("%d letters went out, want one to each of four", len(letters))
		}
	})
}

// cutOff is a way to the mail server that breaks after some letters.
type cutOff struct {
	mail.Sender
	after  int
	cancel context.CancelFunc
}

func (c *cutOff) Send(ctx context.Context, m mail.Message) error {
	if c.after--; c.after < 0 {
		c.cancel()
		return context.DeadlineExceeded
	}
	return c.Sender.Send(ctx, m)
}

func TestTurnedDownForGood(t *testing.T) {
	w := one(t)
	w.register("Nobody", "nobody@example.org")
	w.sink.Answer("RCPT", "550 5.1.1 <nobody@example.org> no such person here")
	if letters := w.delivered(); len(letters) != 0 || !strings.Contains(w.log.String(), "turned down for good") {
		t.Errorf("%d letters; log:\n%s", len(letters), w.log)
	}
	w.sink.Answer("RCPT", "")
	w.register("Ada", "ada@example.org")
	w.clock.Advance(24 * time.Hour)
	if letters := w.delivered(); len(letters) != 1 {
		t.Errorf("%d letters after the refusal, want Ada's", len(letters))
	}
}

// TestTurnedDownForNow: one address that is not taken now keeps no other waiting, and is tried again.
func TestTurnedDownForNow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		slow, _ := w.register("Slow", "slow@example.org")
		w.sink.Answer("RCPT", "451 4.7.1 <slow@example.org> come back later")
		for try := range 4 { // more often than the cap: what was not sent does not count
			if letters := w.delivered(); len(letters) != 0 {
				t.Fatalf("try %d: %d letters", try, len(letters))
			}
			w.clock.Advance(againAfter)
		}
		w.sink.Answer("RCPT", "")
		w.register("Quick", "quick@example.org")
		letters := w.delivered()
		if len(letters) != 2 {
			t.Fatalf("%d letters, want both", len(letters))
		}
		must(t, w.accounts.Confirm(t.Context(), slow, token(t, letters[1])))
	})
}

func TestTurnedDownForEver(t *testing.T) {
	w := one(t)
	w.register("Never", "never@example.org")
	w.sink.Answer("RCPT", "451 4.7.1 come back later")
	tries := func() int {
		return len(slices.DeleteFunc(w.sink.Commands(), func(verb string) bool { return verb != "RCPT" }))
	}
	for range maxTries + 5 {
		w.delivered()
		w.clock.Advance(againAfter)
	}
	if n := tries(); n != maxTries+1 || !strings.Contains(w.log.String(), "given up") {
		t.Errorf("%d tries, want %d; log:\n%s", n, maxTries+1, w.log)
	}
}

// TestOldEventsAreLeft: a mail server joined to an old forum writes to nobody of long ago.
func TestOldEventsAreLeft(t *testing.T) {
	w := one(t)
	w.register("Old", "old@example.org")
	w.clock.Advance(tooOld + time.Second)
	w.register("New", "new@example.org")
	if letters := w.delivered(); len(letters) != 1 || !strings.Contains(letters[0].Header.Get("To"), "new@") {
		t.Errorf("letters %+v, want the new reader's alone", letters)
	}
}

func TestDecided(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		decide := func(c parley.Comment, action parley.Action) {
			t.Helper()
			by := parley.Viewer{Site: w.site.ID, Reader: w.confirmedOnce("Mo", "mo@example.org").ID, Roles: parley.RoleModerator, Desk: true}
			_, _, err := moderation.New(w.store, w.site).Decide(t.Context(), by, moderation.Order{
				Comment: c.ID, Action: action, Reason: string(parley.ReasonAbuse), Note: "See rule three.",
			})
			must(t, err)
		}
		ada, _ := w.confirmed("Ada", "ada@example.org"), w.confirmedOnce("Mo", "mo@example.org")
		ghost, _ := w.register("Ghost", "ghost@example.org")
		w.delivered()
		story := w.story()
		removed := w.comment(story, ada, "You *all* are http://fools.example", parley.Comment{})
		undone := w.comment(story, ada, "undone", parley.Comment{})
		twice := w.comment(story, ada, "twice", parley.Comment{})
		ghosts := w.comment(story, ghost, "of nobody", parley.Comment{})
		decide(removed, parley.ActionRemove)
		decide(undone, parley.ActionRemove)
		decide(twice, parley.ActionRemove)
		decide(ghosts, parley.ActionRemove)
		w.clock.Advance(undoTime / 2)
		decide(undone, parley.ActionRestore)
		decide(twice, parley.ActionRestore)
		decide(twice, parley.ActionRemove)

		postman := w.postmen()[1]
		result := make(chan error, 1)
		begun := time.Now()
		go func() { result <- postman.deliver(t.Context(), w.events(0)) }()
		select {
		case err := <-result:
			t.Fatalf("nothing waited for an undo: %v", err)
		case <-time.After(50 * time.Millisecond): // nothing may happen for as long as the clock stands
		}
		if n := len(w.sink.Letters()); n != 1 { // the confirmation of the ghost's
			t.Fatalf("%d letters before the time to undo was over", n)
		}
		w.clock.Advance(undoTime)
		must(t, <-result)
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("the letters took %v", took)
		}
		letters := w.sink.Letters()[1:]
		if len(letters) != 2 {
			t.Fatalf("%d letters, want those for two comments", len(letters))
		}
		letter := w.open(letters[0])
		for _, part := range []string{"insults or threatens", "See rule three.", "A story", "You"} {
			if !strings.Contains(letter.Text, part) {
				t.Errorf("the letter does not say %q:\n%s", part, letter.Text)
			}
		}
		if !slices.Equal(letters[0].To, []string{"ada@example.org"}) || letter.Header.Get("Message-Id") == w.open(letters[1]).Header.Get("Message-Id") {
			t.Errorf("letters to %q and %q", letters[0].To, letters[1].To)
		}
	})
}

// confirmedOnce gives the reader of that name, made the first time.
func (w *world) confirmedOnce(name, email string) (r parley.Reader) {
	w.t.Helper()
	w.view(func(tx *store.Tx) error { r, _ = tx.ReaderByAddress(w.site.ID, email); return nil })
	if r.ID == 0 {
		r = w.confirmed(name, email)
	}
	return r
}
