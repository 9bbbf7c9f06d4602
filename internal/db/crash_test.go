package db_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"parley/internal/db"
)

// The child process of TestKilledInMidWrite finds here what to open.
const (
	childDir = "PARLEY_TEST_CRASH_DIR"
	childURL = "PARLEY_TEST_CRASH_URL"
)

// TestKilledInMidWrite kills a process that writes as fast as it can, again and again, each time after some
// writes were acknowledged: all of those are there afterwards, and no write is there by half.
func TestKilledInMidWrite(t *testing.T) {
	if o := (db.Options{Dir: os.Getenv(childDir), URL: os.Getenv(childURL)}); o.Dir != "" || o.URL != "" {
		writeForEver(t, o)
		return
	}
	eachOptions(t, func(t *testing.T, o db.Options) {
		acknowledged := map[string]bool{}
		for round := range 6 {
			killAfter(t, o, round, 20+150*round, acknowledged)
			checkSurvivors(t, o, acknowledged)
		}
	})
}

// writeForEver is the child: each write adds a row and counts it, in two statements.
func writeForEver(t *testing.T, o db.Options) {
	d, err := db.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for writer := range 16 {
		wg.Go(func() {
			for i := 0; ; i++ {
				name := fmt.Sprint(os.Getpid(), "-", writer, "-", i)
				err := d.Write(ctx, 1, func(tx *db.Tx) error {
					if err := insert(tx, name); err != nil {
						return err
					}
					_, err := tx.Exec(`UPDATE counters SET value = value + 1 WHERE name = 'events'`)
					return err
				})
				mu.Lock()
				fmt.Println("saved", name, err)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

// killAfter starts the child and kills it once it has acknowledged n writes.
func killAfter(t *testing.T, o db.Options, round, n int, acknowledged map[string]bool) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestKilledInMidWrite$")
	child.Env = append(os.Environ(), childDir+"="+o.Dir, childURL+"="+o.URL)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for seen := 0; lines.Scan(); {
		name, err, is := strings.Cut(strings.TrimPrefix(lines.Text(), "saved "), " ")
		if !is || !strings.HasPrefix(lines.Text(), "saved ") {
			continue
		}
		if err != "<nil>" {
			t.Errorf("round %d: a write failed: %s", round, err)
		}
		acknowledged[name] = true
		if seen++; seen == n {
			child.Process.Kill()
		}
	}
	child.Wait()
	if child.ProcessState.Success() || len(acknowledged) < n {
		t.Fatalf("round %d: the child was not killed in mid-write", round)
	}
}

func checkSurvivors(t *testing.T, o db.Options, acknowledged map[string]bool) {
	t.Helper()
	d, err := db.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	err = d.View(ctx, func(tx *db.Tx) error {
		there := map[string]bool{}
		names, err := tx.Query(`SELECT name FROM cursors`)
		if err != nil {
			return err
		}
		defer names.Close()
		for names.Next() {
			var name string
			if err := names.Scan(&name); err != nil {
				return err
			}
			there[name] = true
		}
		for name := range acknowledged {
			if !there[name] {
				t.Errorf("%s was acknowledged and is gone", name)
			}
		}
		names.Close()
		var counted int
		if err := tx.QueryRow(`SELECT value FROM counters WHERE name = 'events'`).Scan(&counted); err != nil {
			return err
		}
		if counted != len(there) {
			t.Errorf("%d rows, counted %d: a write is there by half", len(there), counted)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	checkIntegrity(t, d)
}

// checkIntegrity asks SQLite whether its file is sound.
func checkIntegrity(t *testing.T, d *db.DB) {
	t.Helper()
	if d.Engine() != db.SQLite {
		return
	}
	var verdict string
	err := d.Read(ctx, func(tx *db.Tx) error { return tx.QueryRow(`PRAGMA integrity_check`).Scan(&verdict) })
	if err != nil || verdict != "ok" {
		t.Errorf("integrity: %q, %v", verdict, err)
	}
}
