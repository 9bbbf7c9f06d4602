package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"parley"
	"parley/internal/db"
)

var errRefused = errors.New("refused")

// stall keeps the writer busy until resume is called, so that what is asked meanwhile shares one batch.
func stall(t *testing.T, d *db.DB) (resume func()) {
	t.Helper()
	begun, done, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		ended <- d.Write(ctx, 0, func(*db.Tx) error {
			once.Do(func() { close(begun) })
			<-done
			return nil
		})
	}()
	<-begun
	resume = sync.OnceFunc(func() {
		close(done)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(resume)
	return resume
}

func TestAFullQueueRefuses(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		resume := stall(t, d)
		var wg sync.WaitGroup
		for i := range db.MaxQueue {
			wg.Go(func() {
				if err := put(d, fmt.Sprint("row ", i)); err != nil {
					t.Error(err)
				}
			})
		}
		until(t, "the queue fills", func() bool { return d.Waiting() == db.MaxQueue })
		for range 3 {
			err := put(d, "one too many")
			refusal, _ := errors.AsType[*parley.Error](err)
			if parley.CodeOf(err) != parley.CodeBusy || refusal.Retry <= 0 {
				t.Errorf("a full queue answered %v", err)
			}
		}
		resume()
		wg.Wait()
		if n := rows(t, d); n != db.MaxQueue || d.Stats().Refused.Load() != 3 || d.Waiting() != 0 {
			t.Errorf("%d of %d rows, %d refused, %d waiting", n, db.MaxQueue, d.Stats().Refused.Load(), d.Waiting())
		}
		if err := put(d, "room again"); err != nil {
			t.Error(err)
		}
	})
}

// TestABrokenRequestFailsAlone puts every way to fail into one batch with requests that must succeed.
func TestABrokenRequestFailsAlone(t *testing.T) {
	broken := map[string]func(tx *db.Tx) error{
		"refusal":     func(*db.Tx) error { return errRefused },
		"panic":       func(*db.Tx) error { panic("broken") },
		"nil panic":   func(*db.Tx) error { panic((*int)(nil)) },
		"wrong SQL":   func(tx *db.Tx) error { _, err := tx.Exec(`SELEKT 1`); return err },
		"no table":    func(tx *db.Tx) error { _, err := tx.Exec(`DELETE FROM nowhere`); return err },
		"twice a key": func(tx *db.Tx) error { return insert(tx, "row 0") },
		"too long": func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO sites (id, key, name, created_at) VALUES (1, '', '', 0)`)
			return err
		},
		"no reference": func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO sessions (token, site, reader, scope, created_at, seen_at, expires_at) VALUES ($1, 9, 9, '', 0, 0, 0)`, []byte("t"))
			return err
		},
		"overlooked": func(tx *db.Tx) error { tx.Exec(`DELETE FROM nowhere`); return errRefused },
	}
	each(t, func(t *testing.T, d *db.DB) {
		if err := put(d, "row 0"); err != nil {
			t.Fatal(err)
		}
		batches := d.Stats().Batches.Load()
		resume := stall(t, d)
		var wg sync.WaitGroup
		for name, fn := range broken {
			wg.Go(func() {
				err := d.Write(ctx, 1, func(tx *db.Tx) error {
					if err := insert(tx, "before "+name); err != nil {
						return err
					}
					return fn(tx)
				})
				if err == nil {
					t.Errorf("%s: succeeded", name)
				}
			})
			wg.Go(func() {
				if err := put(d, "beside "+name); err != nil {
					t.Errorf("beside %s: %v", name, err)
				}
			})
		}
		until(t, "all wait", func() bool { return d.Waiting() == 2*len(broken) })
		resume()
		wg.Wait()
		if n := rows(t, d); n != 1+len(broken) {
			t.Errorf("%d rows, want %d", n, 1+len(broken))
		}
		if n := d.Stats().Batches.Load() - batches; n != 2 || d.Stats().Failures.Load() != 0 {
			t.Errorf("%d batches and %d failures, want 2 and none", n, d.Stats().Failures.Load())
		}
	})
}

// TestAnOverlookedErrorDoesNotSpoilTheBatch lets a request go on after a statement failed, and say that all is
// well. PostgreSQL then refuses the rest of that request, and of no other.
func TestAnOverlookedErrorDoesNotSpoilTheBatch(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		resume := stall(t, d)
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				d.Write(ctx, 1, func(tx *db.Tx) error {
					tx.Exec(`DELETE FROM nowhere`)
					return nil
				})
			})
			wg.Go(func() {
				if err := put(d, fmt.Sprint("row ", i)); err != nil {
					t.Error(err)
				}
			})
		}
		until(t, "all wait", func() bool { return d.Waiting() == 10 })
		resume()
		wg.Wait()
		if n := rows(t, d); n != 5 {
			t.Errorf("%d rows, want 5", n)
		}
	})
}

func TestRequestsRunInOrderOfTheirKeys(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		resume := stall(t, d)
		keys := []parley.ID{7, 3, 7, 1 << 62, 3, 1, 7, -1}
		var ran []string
		var wg sync.WaitGroup
		for i, key := range keys {
			wg.Go(func() {
				d.Write(ctx, key, func(*db.Tx) error { ran = append(ran, fmt.Sprint(key, " ", i)); return nil })
			})
			until(t, "it waits", func() bool { return d.Waiting() == i+1 })
		}
		resume()
		wg.Wait()
		want := []string{"-1 7", "1 5", "3 1", "3 4", "7 0", "7 2", "7 6", "4611686018427387904 3"}
		if !slices.Equal(ran, want) {
			t.Errorf("ran %v, want %v", ran, want)
		}
	})
}

// TestWhoGaveUpIsNotServed ends a request's context while it waits.
func TestWhoGaveUpIsNotServed(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		resume := stall(t, d)
		leaving, leave := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() {
			ended <- d.Write(leaving, 1, func(tx *db.Tx) error { return insert(tx, "for nobody") })
		}()
		until(t, "it waits", func() bool { return d.Waiting() == 1 })
		leave()
		resume()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("it was answered %v", err)
		}
		if n := rows(t, d); n != 0 {
			t.Error("a request that nobody waits for was carried out")
		}
	})
}

// TestLostRacesRunAgain gives the error for a lost race a few times, or for ever.
func TestLostRacesRunAgain(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var runs int
		write := func(losses int) error {
			runs = 0
			return d.Write(ctx, 1, func(tx *db.Tx) error {
				runs++
				if err := insert(tx, fmt.Sprint("race ", losses)); err != nil {
					return err
				}
				if runs <= losses {
					return fmt.Errorf("insert: %w", db.ErrLostRace)
				}
				return nil
			})
		}
		if err := write(2); err != nil || runs != 3 {
			t.Errorf("after two lost races: %d runs, %v", runs, err)
		}
		if err := write(1000); parley.CodeOf(err) != parley.CodeBusy || runs > 10 {
			t.Errorf("after many lost races: %d runs, %v", runs, err)
		}
		if n := rows(t, d); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
	})
}

// TestClosingAnswersEverybody closes the database under load: each write is either saved and said to be, or
// refused; nobody waits for ever, also not who comes late.
func TestClosingAnswersEverybody(t *testing.T) {
	eachOptions(t, func(t *testing.T, o db.Options) {
		d, err := db.Open(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		var saved, refused atomic.Int64
		enough := make(chan struct{})
		for writer := range 32 {
			wg.Go(func() {
				for i := 0; ; i++ {
					switch err := put(d, fmt.Sprint(writer, " ", i)); {
					case err == nil:
						if saved.Add(1) == 200 {
							close(enough)
						}
					case parley.CodeOf(err) == parley.CodeBusy:
						refused.Add(1)
						return
					default:
						t.Error(err)
						return
					}
				}
			})
		}
		<-enough
		for range 2 { // closing twice is closing once
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		}
		wg.Wait()
		if refused.Load() != 32 {
			t.Errorf("%d of 32 writers were refused", refused.Load())
		}
		if err := d.Read(ctx, func(*db.Tx) error { return nil }); parley.CodeOf(err) != parley.CodeBusy {
			t.Errorf("a closed database was read: %v", err)
		}
		again := open(t, o)
		if n := rows(t, again); int64(n) != saved.Load() {
			t.Errorf("%d rows, %d acknowledged", n, saved.Load())
		}
	})
}

// TestSealFailureFailsTheBatch numbers events wrongly on purpose: nothing of the batch may stay.
func TestSealFailureFailsTheBatch(t *testing.T) {
	eachOptions(t, func(t *testing.T, o db.Options) {
		bad := true
		o.Seal = func(tx *db.Tx, left []any) error {
			if bad {
				return errRefused
			}
			return insert(tx, strings.Repeat("s", len(left)))
		}
		d := open(t, o)
		leave := func(name string) error {
			return d.Write(ctx, 1, func(tx *db.Tx) error {
				tx.Leave(name)
				return insert(tx, name)
			})
		}
		if err := leave("first"); !errors.Is(err, errRefused) || rows(t, d) != 0 {
			t.Errorf("a batch that could not be sealed: %v, %d rows", err, rows(t, d))
		}
		if err := put(d, "leaves nothing"); err != nil || rows(t, d) != 1 {
			t.Errorf("a batch that leaves nothing needs no seal: %v", err)
		}
		bad = false
		if err := leave("second"); err != nil || rows(t, d) != 3 {
			t.Errorf("after the seal works again: %v, %d rows", err, rows(t, d))
		}
	})
}
