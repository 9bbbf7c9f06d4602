package identity

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

func TestConfirmOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, token := w.register("Ada Lovelace", "ada@example.org")
		link := w.mint(r)
		before := w.last()
		wants(t, "confirming", w.Confirm(t.Context(), r, link), "")
		got := w.who(token)
		if !got.Confirmed() || !w.happened(before, parley.EventConfirmed, r.ID) {
			t.Errorf("the session has %+v after confirming", got)
		}
		if MaxAge(got, store.ScopeReader) != parley.SessionIdle {
			t.Error("the cookie still ends with the browser")
		}
		wants(t, "a second click", w.Confirm(t.Context(), got, link), parley.CodeLinkGone)
		_, _, err := w.Inspect(t.Context(), link, got)
		wants(t, "looking at a spent link", err, parley.CodeLinkGone)
		_, err = w.MintConfirmation(t.Context(), r.ID)
		wants(t, "another link for a confirmed reader", err, parley.CodeLinkGone)
		wants(t, "another mail for a confirmed reader", w.Resend(t.Context(), got), "")
		if w.happened(before+1, parley.EventRegistered, r.ID) {
			t.Error("a confirmed reader will get another mail")
		}
		if _, _, err := w.SignIn(t.Context(), "ADA@example.org", goodPassword); err != nil {
			t.Errorf("the confirmed reader cannot sign in: %v", err)
		}
	})
}

// TestScannersSpendNothing: mail scanners open links; only the button spends one.
func TestScannersSpendNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, _ := w.register("Ada Lovelace", "ada@example.org")
		other := w.confirmed("Grace Hopper", "grace@example.org")
		link := w.mint(r)
		var shown string
		for range 4 {
			same, code, err := w.Inspect(t.Context(), link, parley.Reader{})
			if err != nil || same || len(code) != codeLength {
				t.Fatalf("a stranger sees same=%v code=%q: %v", same, code, err)
			}
			shown = code
		}
		if same, code, err := w.Inspect(t.Context(), link, other); err != nil || same || code != shown {
			t.Errorf("another reader sees same=%v code=%q: %v", same, code, err)
		}
		if same, code, err := w.Inspect(t.Context(), link, r); err != nil || !same || code != "" {
			t.Errorf("the account itself sees same=%v code=%q: %v", same, code, err)
		}
		wants(t, "another reader spends it", w.Confirm(t.Context(), other, link), parley.CodeLinkGone)
		wants(t, "nobody spends it", w.Confirm(t.Context(), parley.Reader{}, link), parley.CodeLinkGone)
		typed := strings.ToLower(shown[:4]) + " - " + shown[4:]
		wants(t, "the code typed in the asking browser", w.ConfirmByCode(t.Context(), r, typed), "")
	})
}

func TestLinksEnd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, _ := w.register("Ada Lovelace", "ada@example.org")
		old := w.mint(r)
		link := w.mint(r)
		wants(t, "an older link", w.Confirm(t.Context(), r, old), parley.CodeLinkGone)
		w.clock.Advance(parley.ConfirmLife)
		wants(t, "a lapsed link", w.Confirm(t.Context(), r, link), parley.CodeLinkGone)
		_, _, err := w.Inspect(t.Context(), link, r)
		wants(t, "looking at a lapsed link", err, parley.CodeLinkGone)
		for _, garbage := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("A", 1_000_000), link + "=", link[:42] + "!"} {
			wants(t, "garbage", w.Confirm(t.Context(), r, garbage), parley.CodeLinkGone)
			_, _, err := w.Inspect(t.Context(), garbage, r)
			wants(t, "looking at garbage", err, parley.CodeLinkGone)
			wants(t, "disowning garbage", w.Disown(t.Context(), garbage), parley.CodeLinkGone)
		}
	})
}

func TestCodesCannotBeGuessed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, _ := w.register("Ada Lovelace", "ada@example.org")
		link := w.mint(r)
		right := codeOf(link)
		for try := range parley.ConfirmTries {
			wrong := strings.Repeat(codeLetters[try:try+1], codeLength)
			wants(t, "a wrong code", w.ConfirmByCode(t.Context(), r, wrong), parley.CodeWrongCode)
		}
		wants(t, "the right code, too late", w.ConfirmByCode(t.Context(), r, right), parley.CodeLinkGone)
		wants(t, "the link of that mail", w.Confirm(t.Context(), r, link), parley.CodeLinkGone)
		wants(t, "an endless code", w.ConfirmByCode(t.Context(), r, strings.Repeat("A", 1_000_000)), parley.CodeLinkGone)
		wants(t, "the code of a newer mail", w.ConfirmByCode(t.Context(), r, codeOf(w.mint(r))), "")
	})
}

func TestDisown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		attacker, token := w.register("Mallory", "victim@example.org")
		link := w.mint(attacker)
		before := w.last()
		wants(t, "this was not me", w.Disown(t.Context(), link), "")
		_, _, err := w.Who(t.Context(), string(token))
		wants(t, "the disowned session", err, parley.CodeSignInRequired)
		wants(t, "the disowned link", w.Confirm(t.Context(), attacker, link), parley.CodeLinkGone)
		wants(t, "disowning twice", w.Disown(t.Context(), link), parley.CodeLinkGone)
		if !w.happened(before, parley.EventSession, attacker.ID) {
			t.Error("open pages will not hear of it")
		}
		w.register("Mallory", "other@example.org") // the name is free again
	})
}

func TestResendIsCapped(t *testing.T) {
	w := one(t)
	r, _ := w.register("Ada Lovelace", "ada@example.org")
	sent := 1 // by registering
	for hour := range 24 {
		for range 5 {
			if err := w.Resend(t.Context(), r); err == nil {
				sent++
			} else {
				wants(t, "asking again", err, parley.CodeTooManyRequests)
			}
		}
		if hour == 0 && sent != 3 {
			t.Errorf("%d mails in the first hour, want 3", sent)
		}
		w.clock.Advance(time.Hour - time.Second)
	}
	if sent != 10 {
		t.Errorf("%d mails on the first day, want 10", sent)
	}
	twin, _ := w.register("Somebody Else", "ada@example.org")
	wants(t, "another account with that address, which must not learn of it", w.Resend(t.Context(), twin), "")
}

func TestHeldCommentsAppear(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		author, _ := w.register("Ada Lovelace", "ada@example.org")
		friend, foe := w.confirmed("Grace Hopper", "grace@example.org"), w.confirmed("Ned Ludd", "ned@example.org")
		story, other := w.story("/a"), w.story("/b")
		parent := w.comment(story, friend, parley.Published, "hello", parley.Comment{})
		hostile := w.comment(story, foe, parley.Published, "no", parley.Comment{})

		root := w.comment(other, author, parley.Held, "a thread", parley.Comment{})
		reply := w.comment(story, author, parley.Held, "an answer", parley.Comment(parent))
		odd := w.comment(story, author, parley.Held, "suspicious", parley.Comment{})
		toFoe := w.comment(story, author, parley.Held, "an answer", hostile)
		gone := w.comment(story, author, parley.Withdrawn, "taken back", parley.Comment{})
		w.write(func(tx *store.Tx) error { _, err := tx.Silence(foe.ID, parley.Block, author.ID); return err })

		before := w.last()
		must(t, w.Confirm(t.Context(), author, w.mint(author)))
		for _, c := range []struct {
			what    string
			comment parley.Comment
			state   parley.State
		}{
			{"a thread", root, parley.Published}, {"an answer", reply, parley.Published}, {"what screening holds", odd, parley.Held},
			{"an answer across a block", toFoe, parley.Held}, {"what was withdrawn", gone, parley.Withdrawn},
		} {
			if got := w.state(c.comment); got != c.state {
				t.Errorf("%s is %s, want %s", c.what, got, c.state)
			}
		}
		published := map[parley.ID]parley.Event{}
		for _, e := range w.events(before) {
			if e.Kind == parley.EventPublished {
				published[e.Subject] = e
			}
		}
		e := published[reply.ID]
		want := parley.EventData{Revision: e.Data.Revision, Root: parent.ID, Parent: parent.ID, Author: author.ID, To: friend.ID}
		if len(published) != 2 || e.Data != want || e.Story != story.ID || e.Data.Revision <= story.Revision {
			t.Errorf("published events %+v, want two, the answer's with %+v", published, want)
		}
		if got := w.reader(author.ID); got.Comments != 2 {
			t.Errorf("the author has %d published comments, want 2", got.Comments)
		}
	})
}

type broken struct{}

func (broken) Screen(context.Context, parley.Site, parley.Reader, string) (parley.Verdict, error) {
	return parley.Verdict{State: parley.Published}, context.DeadlineExceeded
}

// TestScreeningFails: the address is confirmed and the comment waits for a moderator.
func TestScreeningFails(t *testing.T) {
	w := one(t)
	author, token := w.register("Ada Lovelace", "ada@example.org")
	c := w.comment(w.story("/a"), author, parley.Held, "words", parley.Comment{})
	w.screen = broken{}
	wants(t, "confirming", w.Confirm(t.Context(), author, w.mint(author)), "")
	if !w.who(token).Confirmed() || w.state(c) != parley.Held {
		t.Errorf("confirmed %v, comment %s; want it confirmed and held", w.who(token).Confirmed(), w.state(c))
	}
}
