package db_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"parley"
	"parley/internal/db"
)

// onPostgres runs a test on an empty PostgreSQL database; kill ends a server process of it.
func onPostgres(t *testing.T, test func(t *testing.T, o db.Options, kill func(pids ...int))) {
	t.Helper()
	eachOptions(t, func(t *testing.T, o db.Options) {
		if o.URL == "" {
			t.Skip("SQLite has no connections to lose")
		}
		server, err := sql.Open("pgx", o.URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { server.Close() })
		test(t, o, func(pids ...int) {
			t.Helper()
			for _, pid := range pids {
				if _, err := server.Exec(`SELECT pg_terminate_backend($1)`, pid); err != nil {
					t.Fatal(err)
				}
				until(t, "the server process ends", func() bool {
					var n int
					return server.QueryRow(`SELECT count(*) FROM pg_stat_activity WHERE pid = $1`, pid).Scan(&n) == nil && n == 0
				})
			}
		})
	})
}

// pid tells which server process serves a transaction.
func pid(tx *db.Tx) (n int, err error) {
	err = tx.QueryRow(`SELECT pg_backend_pid()`).Scan(&n)
	return n, err
}

// readerPids reads through every connection at once and tells their server processes.
func readerPids(t *testing.T, d *db.DB) (pids []int) {
	t.Helper()
	var mu sync.Mutex
	var wg, all sync.WaitGroup
	all.Add(d.MaxReaders())
	for range d.MaxReaders() {
		wg.Go(func() {
			err := d.Read(ctx, func(tx *db.Tx) error {
				all.Done()
				all.Wait()
				n, err := pid(tx)
				mu.Lock()
				defer mu.Unlock()
				pids = append(pids, n)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	return pids
}

// TestAKilledWriterHeals kills the writer's connection while it waits, and in the middle of a transaction.
func TestAKilledWriterHeals(t *testing.T) {
	onPostgres(t, func(t *testing.T, o db.Options, kill func(...int)) {
		d := open(t, o)
		saved := 0
		for range 3 {
			var writer int
			err := d.Write(ctx, 1, func(tx *db.Tx) (err error) {
				writer, err = pid(tx)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			kill(writer)
			saved += healsAfter(t, d, saved)
			err = d.Write(ctx, 1, func(tx *db.Tx) error {
				if err := insert(tx, "half"); err != nil {
					return err
				}
				writer, err := pid(tx)
				if err != nil {
					return err
				}
				kill(writer)
				return insert(tx, "other half")
			})
			if parley.CodeOf(err) != parley.CodeBusy {
				t.Errorf("a transaction whose connection was killed: %v", err)
			}
			saved += healsAfter(t, d, saved)
		}
		if n := rows(t, d); n != saved {
			t.Errorf("%d rows, %d acknowledged", n, saved)
		}
	})
}

// healsAfter writes until it succeeds; at most one write may be refused, and as one to try again.
func healsAfter(t *testing.T, d *db.DB, n int) (saved int) {
	t.Helper()
	for range 2 {
		err := put(d, fmt.Sprint("row ", n))
		if err == nil {
			return 1
		}
		refusal, _ := errors.AsType[*parley.Error](err)
		if parley.CodeOf(err) != parley.CodeBusy || refusal.Retry <= 0 {
			t.Errorf("a write on a killed connection: %v", err)
		}
	}
	t.Error("the writer did not heal")
	return 0
}

// TestKilledReadersHeal kills every reading connection: each may fail once more, and then none.
func TestKilledReadersHeal(t *testing.T) {
	onPostgres(t, func(t *testing.T, o db.Options, kill func(...int)) {
		d := open(t, o)
		if err := put(d, "row"); err != nil {
			t.Fatal(err)
		}
		pids := readerPids(t, d)
		if len(pids) != d.MaxReaders() {
			t.Fatalf("%d connections read, want %d", len(pids), d.MaxReaders())
		}
		kill(pids...)
		failed := 0
		for range 3 * d.MaxReaders() {
			err := d.View(ctx, func(tx *db.Tx) error {
				var n int
				return tx.QueryRow(`SELECT count(*) FROM cursors`).Scan(&n)
			})
			if err != nil {
				failed++
				if parley.CodeOf(err) != parley.CodeBusy {
					t.Errorf("reading on a killed connection: %v", err)
				}
			}
		}
		if failed > d.MaxReaders() {
			t.Errorf("%d reads failed on %d killed connections", failed, d.MaxReaders())
		}
		readAtOnce(t, d, 20, func(n int) bool { return n == 1 })
		for _, now := range readerPids(t, d) {
			for _, was := range pids {
				if now == was {
					t.Error("a killed connection is still in use")
				}
			}
		}
	})
}

// TestKillingUnderLoad kills connections while many write: what was acknowledged is there once, what was not
// is refused as something to try again, and trying again ends well.
func TestKillingUnderLoad(t *testing.T) {
	onPostgres(t, func(t *testing.T, o db.Options, kill func(...int)) {
		d := open(t, o)
		var wg sync.WaitGroup
		var saved atomic.Int64
		var writer atomic.Int64
		for w := range 16 {
			wg.Go(func() {
				for i := range 40 {
					name := fmt.Sprint(w, " ", i)
					for try := 0; ; try++ {
						err := d.Write(ctx, 1, func(tx *db.Tx) error {
							n, err := pid(tx)
							if err != nil {
								return err
							}
							writer.Store(int64(n))
							return insert(tx, name)
						})
						if err == nil {
							saved.Add(1)
							break
						}
						unknown := strings.Contains(err.Error(), "23505") // saved before, though the answer was lost
						if unknown {
							saved.Add(1)
							break
						}
						if parley.CodeOf(err) != parley.CodeBusy || try > 200 {
							t.Errorf("try %d: %v", try, err)
							break
						}
					}
				}
			})
		}
		for range 5 {
			before := saved.Load()
			until(t, "writing goes on", func() bool { return saved.Load() > before+20 || saved.Load() == 16*40 })
			kill(int(writer.Load()))
		}
		wg.Wait()
		if n := rows(t, d); n != 16*40 || saved.Load() != 16*40 {
			t.Errorf("%d rows, %d acknowledged, want %d", n, saved.Load(), 16*40)
		}
	})
}

// TestSlowStatementsAreGivenUp asks for something that takes longer than a statement may.
func TestSlowStatementsAreGivenUp(t *testing.T) {
	onPostgres(t, func(t *testing.T, o db.Options, _ func(...int)) {
		d := open(t, o)
		for name, run := range map[string]func(func(*db.Tx) error) error{
			"read":  func(fn func(*db.Tx) error) error { return d.View(ctx, fn) },
			"write": func(fn func(*db.Tx) error) error { return d.Write(ctx, 1, fn) },
		} {
			err := run(func(tx *db.Tx) error {
				if _, err := tx.Exec(`SET LOCAL statement_timeout = 50`); err != nil {
					return err
				}
				_, err := tx.Exec(`SELECT pg_sleep(20)`)
				return err
			})
			if parley.CodeOf(err) != parley.CodeBusy {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := put(d, "row"); err != nil {
			t.Error(err)
		}
	})
}

// TestAServerThatIsAway opens where nobody listens.
func TestAServerThatIsAway(t *testing.T) {
	for url, says := range map[string]string{
		"postgres://127.0.0.1:1/parley?connect_timeout=2": "PostgreSQL cannot be reached",
		"postgres://127.0.0.1:99999/parley":               "database address is not valid",
		"postgres://[::1/parley":                          "database address is not valid",
	} {
		d, err := db.Open(ctx, db.Options{URL: url, Log: log(t)})
		if err == nil {
			d.Close()
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// TestAnnouncementsReachOtherProcesses leaves something in one and waits for the bell of the other.
func TestAnnouncementsReachOtherProcesses(t *testing.T) {
	onPostgres(t, func(t *testing.T, o db.Options, _ func(...int)) {
		var here *db.DB
		o.Seal = func(tx *db.Tx, _ []any) error { return here.Announce(tx) }
		here = open(t, o)
		there := open(t, o)
		bell := there.Bell()
		rang := false
		until(t, "the bell rings", func() bool { // the other may not listen yet
			if err := here.Write(ctx, 1, func(tx *db.Tx) error { tx.Leave("something"); return nil }); err != nil {
				t.Fatal(err)
			}
			select {
			case <-bell:
				rang = true
			default:
			}
			return rang
		})
	})
}
