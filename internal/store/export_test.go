package store

import "parley/internal/db"

// Raw gives the transaction beneath, for tests that count rows themselves or look at query plans.
func (tx *Tx) Raw() *db.Tx { return tx.q }
