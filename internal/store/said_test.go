package store_test

import (
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// TestDoublesAreFoundWhereverTheyComeFrom asks for doubles of what was said, of what a change says, of what was said
// before a restart, and long after.
func TestDoublesAreFoundWhereverTheyComeFrom(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		clock := storetest.NewClock()
		o.Now = clock.Now
		open := func() (*store.Store, *world) {
			s, err := store.Open(ctx, o)
			if err != nil {
				t.Fatal(err)
			}
			return s, newWorld(t, s)
		}
		s, w := open()
		author := w.reader("Twice")
		say := func(body string) (c parley.Comment) {
			w.write(func(tx *store.Tx) error {
				c = draft(tx, w.story, author, parley.Comment{}, parley.Published)
				c.Body = body
				return insert(tx, c)
			})
			return c
		}
		said, changed := say("said"), say("before")
		w.write(func(tx *store.Tx) error { return tx.RewriteComment(changed, "after", "") })

		check := func(when, body string, want parley.ID) {
			t.Helper()
			again := said
			again.Body = body
			w.write(func(tx *store.Tx) error {
				found, err := tx.DuplicateOf(again, tx.Now.Add(-parley.DuplicateWindow))
				if found != want {
					t.Errorf("%s, %q is a double of %d, want %d", when, body, found, want)
				}
				return err
			})
		}
		all := func(when string) {
			t.Helper()
			check(when, "said", said.ID)
			check(when, "before", 0)
			check(when, "after", changed.ID)
			check(when, "never", 0)
		}
		all("at once")
		clock.Advance(parley.DuplicateWindow - time.Second)
		all("in the window")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s, w = open()
		defer s.Close()
		all("after a restart")
		other := say("late")
		clock.Advance(parley.DuplicateWindow - time.Second)
		check("long after", "said", 0)
		check("in the window", "late", other.ID)
		say("later")
		check("though more was said", "late", other.ID)
	})
}
