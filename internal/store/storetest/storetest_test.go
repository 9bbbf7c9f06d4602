package storetest

import (
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// TestEachIsEmpty proves that every run gets a database of its own, twice over.
func TestEachIsEmpty(t *testing.T) {
	for range 2 {
		clock := NewClock()
		EachAt(t, clock.Now, func(t *testing.T, s *store.Store) {
			before := s.Now()
			clock.Advance(time.Hour)
			if got := s.Now(); got != before.Add(time.Hour) {
				t.Errorf("the store's clock stands at %d, want %d", got, before.Add(time.Hour))
			}
			err := s.Write(t.Context(), 0, func(tx *store.Tx) error {
				last, err := tx.LastEvent()
				if err != nil || last != 0 {
					t.Errorf("a fresh store has events up to %d (%v), want none", last, err)
				}
				tx.Append(parley.Event{Kind: parley.EventRefreshed})
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
