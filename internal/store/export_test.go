package store

import (
	"context"

	"parley"
	"parley/internal/db"
)

// Raw gives the transaction beneath, for tests that count rows themselves or look at query plans.
func (tx *Tx) Raw() *db.Tx { return tx.q }

// RenewNode does at once what housekeeping does now and then.
func (s *Store) RenewNode(ctx context.Context, node int) (int, error) { return s.renewNode(ctx, node) }

// PassageAt gives the passage that stands somewhere, as EnsurePassage looks for it.
func (tx *Tx) PassageAt(story parley.ID, version, start, end int) (parley.Passage, error) {
	return tx.passageAt(story, version, start, end)
}

// Recent tells how many events are kept.
func (s *Store) Recent() int { return len(s.recent.events) }
