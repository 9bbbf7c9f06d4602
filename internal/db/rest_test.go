package db_test

import (
	"sync"
	"testing"

	"parley/internal/db"
)

// TestRest closes connections between two rushes of readers, and beside one: everybody is answered.
func TestRest(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		rush := func(between func()) {
			var ready, done sync.WaitGroup
			ready.Add(d.MaxReaders())
			for range d.MaxReaders() {
				done.Go(func() {
					err := d.View(ctx, func(tx *db.Tx) error {
						ready.Done()
						ready.Wait() // all hold a connection now
						between()
						var n int
						return tx.QueryRow(`SELECT count(*) FROM meta`).Scan(&n)
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			done.Wait()
		}
		rush(func() {})
		d.Rest()
		d.Rest()
		rush(d.Rest)
		d.Rest()
		if free := d.FreeReaders(); free != d.MaxReaders() {
			t.Errorf("%d of %d may read afterwards", free, d.MaxReaders())
		}
	})
}
