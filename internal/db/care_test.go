package db_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"parley/internal/db"
)

// batchOf has the writer take some writes as one batch. Each is told its number and how often it has run; the
// answers and the numbers of runs are given back.
func batchOf(t *testing.T, d *db.DB, n int, fn func(tx *db.Tx, i int) error) (answers []error, runs []int) {
	t.Helper()
	answers, runs = make([]error, n), make([]int, n)
	resume := stall(t, d)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			answers[i] = d.Write(ctx, 1, func(tx *db.Tx) error {
				runs[i]++
				return fn(tx, i)
			})
		})
		until(t, "it waits", func() bool { return d.Waiting() == i+1 })
	}
	resume()
	wg.Wait()
	return answers, runs
}

// calm writes until the writer has forgotten that anything failed.
func calm(t *testing.T, d *db.DB) {
	t.Helper()
	for i := range 40 {
		if err := d.Write(ctx, 1, func(*db.Tx) error { return nil }); err != nil {
			t.Fatal(i, err)
		}
	}
}

// TestOneOfABatchFails fails one request in every way at the first, a middle and the last place of a batch that the
// writer takes without savepoints. Everything the others did must be there once, and nothing of it.
func TestOneOfABatchFails(t *testing.T) {
	ways := map[string]func(tx *db.Tx) error{
		"refusal":     func(*db.Tx) error { return errRefused },
		"panic":       func(*db.Tx) error { panic("broken") },
		"wrong SQL":   func(tx *db.Tx) error { _, err := tx.Exec(`SELEKT 1`); return err },
		"no table":    func(tx *db.Tx) error { var n int; return tx.QueryRow(`SELECT id FROM nowhere`).Scan(&n) },
		"twice a key": func(tx *db.Tx) error { return insert(tx, "there") },
		"overlooked":  func(tx *db.Tx) error { tx.Exec(`DELETE FROM nowhere`); return errRefused },
	}
	each(t, func(t *testing.T, d *db.DB) {
		if err := put(d, "there"); err != nil {
			t.Fatal(err)
		}
		want, turn := 1, 0
		for name, fail := range ways {
			for range 2 { // of the three places
				place := []int{0, 2, 4}[turn%3]
				turn++
				calm(t, d)
				answers, runs := batchOf(t, d, 5, func(tx *db.Tx, i int) error {
					if err := insert(tx, fmt.Sprint(name, place, i)); err != nil {
						return err
					}
					if i == place {
						return fail(tx)
					}
					return nil
				})
				want += 4
				for i, err := range answers {
					if (err != nil) != (i == place) {
						t.Errorf("%s at %d: request %d was answered %v", name, place, i, err)
					}
				}
				if n := rows(t, d); n != want {
					t.Fatalf("%s at %d: %d rows, want %d", name, place, n, want)
				}
				if runs[0] != 2 {
					t.Errorf("%s at %d: the first request ran %d times, want 2: the batch was not taken the cheap way", name, place, runs[0])
				}
				_, runs = batchOf(t, d, 3, func(tx *db.Tx, i int) error {
					if err := insert(tx, fmt.Sprint("again", name, place, i)); err != nil || i > 0 {
						return err
					}
					return fail(tx)
				})
				want += 2
				if n := rows(t, d); n != want || !slices.Equal(runs, []int{1, 1, 1}) {
					t.Fatalf("%s at %d, right after: %d rows, want %d; runs %v", name, place, n, want, runs)
				}
			}
		}
	})
}

// A request that refuses before it has changed anything leaves nothing to undo.
func TestEarlyRefusalsCostNoSecondRun(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		if err := put(d, "there"); err != nil {
			t.Fatal(err)
		}
		calm(t, d)
		answers, runs := batchOf(t, d, 6, func(tx *db.Tx, i int) error {
			var n int
			if err := tx.QueryRow(`SELECT COUNT(*) FROM sites`).Scan(&n); err != nil {
				return err
			}
			if i%2 == 0 {
				if n, err := tx.Exec(`INSERT INTO cursors (name, position) VALUES ('there', 1) ON CONFLICT (name) DO NOTHING`); err != nil || n != 0 {
					t.Errorf("%d rows: %v", n, err)
				}
				return errRefused
			}
			return insert(tx, fmt.Sprint("row ", i))
		})
		if n := rows(t, d); n != 4 || !slices.Equal(runs, []int{1, 1, 1, 1, 1, 1}) {
			t.Errorf("%d rows, want 4; runs %v; answers %v", n, runs, answers)
		}
	})
}

// What is acknowledged is there and what is not is not, also when a request says that all is well after one of its
// statements has failed: PostgreSQL has then forgotten the transaction, and calls its end a success.
func TestOverlookedAlone(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		for i := range 3 {
			err := d.Write(ctx, 1, func(tx *db.Tx) error {
				if err := insert(tx, fmt.Sprint("row ", i)); err != nil {
					return err
				}
				tx.Exec(`DELETE FROM nowhere`)
				return nil
			})
			saved := rows(t, d) == i+1
			if saved != (err == nil) && d.Engine() == db.SQLite || err == nil && d.Engine() == db.Postgres {
				t.Fatalf("answered %v, saved %v", err, saved)
			}
			if d.Engine() == db.Postgres && rows(t, d) != 0 {
				t.Fatal("what was refused was saved")
			}
		}
	})
}
