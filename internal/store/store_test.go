package store_test

import (
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// TestIDsRiseThoughTheClockGoesBack sets the clock back while the program is not running, and dates an imported
// comment to the far future, which must not take new ids with it.
func TestIDsRiseThoughTheClockGoesBack(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		clock := storetest.NewClock()
		o.Now = clock.Now
		began := clock.Now()
		var newest parley.ID
		for _, back := range []time.Duration{0, time.Hour, time.Second} {
			clock.Advance(-back)
			s, err := store.Open(ctx, o)
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld(t, s)
			author := w.reader("Author after " + back.String())
			c := w.post(author, parley.Comment{})
			if c.ID <= newest || c.ID.Time() > began.Add(time.Minute) {
				t.Errorf("with the clock set back by %v the ids went from %d to %d, from %d ms after the start", back, newest, c.ID, c.ID.Time()-began)
			}
			newest = c.ID
			w.write(func(tx *store.Tx) error {
				far := draft(tx, w.story, author, parley.Comment{}, parley.Published)
				id, err := tx.PastID(tx.Now.Add(100 * 24 * time.Hour))
				far.ID, far.Root = id, id
				if err != nil {
					return err
				}
				return tx.InsertComment(far)
			})
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
