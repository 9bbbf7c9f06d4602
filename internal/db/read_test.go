package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/db"
)

// TestAViewIsOneMoment writes between two statements of a snapshot.
func TestAViewIsOneMoment(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		count := func(tx *db.Tx) (n int) {
			if err := tx.QueryRow(`SELECT count(*) FROM cursors`).Scan(&n); err != nil {
				t.Error(err)
			}
			return n
		}
		err := d.View(ctx, func(tx *db.Tx) error {
			before := count(tx)
			if err := put(d, "meanwhile"); err != nil {
				return err
			}
			if after := count(tx); after != before {
				t.Errorf("a snapshot saw %d rows, then %d", before, after)
			}
			return nil
		})
		if err != nil || rows(t, d) != 1 {
			t.Errorf("%v, %d rows", err, rows(t, d))
		}
	})
}

// TestReadersSurviveWhatHappensInThem ends snapshots in every rude way, more often than there are connections,
// and then uses them all.
func TestReadersSurviveWhatHappensInThem(t *testing.T) {
	rude := map[string]func(tx *db.Tx, leave func()) error{
		"panic":     func(*db.Tx, func()) error { panic("rude") },
		"refusal":   func(*db.Tx, func()) error { return errRefused },
		"wrong SQL": func(tx *db.Tx, _ func()) error { _, err := tx.Exec(`SELEKT 1`); return err },
		"left early": func(tx *db.Tx, leave func()) error {
			leave()
			var n int
			return tx.QueryRow(`SELECT count(*) FROM cursors`).Scan(&n)
		},
	}
	each(t, func(t *testing.T, d *db.DB) {
		for name, fn := range rude {
			for range 20 {
				func() {
					defer func() {
						if p := recover(); (p != nil) != (name == "panic") {
							t.Errorf("%s: panicked with %v", name, p)
						}
					}()
					using, leave := context.WithCancel(ctx)
					defer leave()
					if err := d.View(using, func(tx *db.Tx) error { return fn(tx, leave) }); err == nil {
						t.Errorf("%s: no error", name)
					}
				}()
			}
			if err := put(d, name); err != nil {
				t.Fatal(err)
			}
			readAtOnce(t, d, 20, func(n int) bool { return n > 0 })
		}
	})
}

// readAtOnce reads through many connections at the same time.
func readAtOnce(t *testing.T, d *db.DB, n int, right func(rows int) bool) {
	t.Helper()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			err := d.View(ctx, func(tx *db.Tx) error {
				var n int
				err := tx.QueryRow(`SELECT count(*) FROM cursors`).Scan(&n)
				if err == nil && !right(n) {
					err = fmt.Errorf("read %d rows", n)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestReadersWaitTheirTurn takes every connection and asks for one more.
func TestReadersWaitTheirTurn(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		done := make(chan struct{})
		var wg, taken sync.WaitGroup
		n := d.MaxReaders()
		taken.Add(n)
		for range n {
			wg.Go(func() {
				d.View(ctx, func(*db.Tx) error { taken.Done(); <-done; return nil })
			})
		}
		taken.Wait()
		hurried, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		if err := d.Read(hurried, func(*db.Tx) error { return nil }); parley.CodeOf(err) != parley.CodeBusy {
			t.Errorf("with every connection taken: %v", err)
		}
		gone, leave := context.WithCancel(ctx)
		leave()
		if err := d.Read(gone, func(*db.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("who has left was answered %v", err)
		}
		if err := put(d, "writing goes on"); err != nil {
			t.Error(err)
		}
		close(done)
		wg.Wait()
		if err := d.Check(ctx); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

// TestReadersCannotWriteOnEitherEngine tries inside a snapshot.
func TestReadersCannotWriteOnEitherEngine(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.View(ctx, func(tx *db.Tx) error { return insert(tx, "smuggled") })
		if parley.CodeOf(err) != parley.CodeStorageReadOnly || rows(t, d) != 0 {
			t.Errorf("a snapshot wrote: %v, %d rows", err, rows(t, d))
		}
	})
}
