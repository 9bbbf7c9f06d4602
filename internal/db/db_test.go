package db

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley"
)

func open(t *testing.T, o Options) *DB {
	t.Helper()
	d, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestWritesShareOneCommitAndFailAlone(t *testing.T) {
	d := open(t, Options{Dir: t.TempDir()})
	refused := errors.New("refused")
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			err := d.Write(t.Context(), 1, func(tx *Tx) error {
				if _, err := tx.Exec("UPDATE counters SET value = value + 1 WHERE name = 'events'"); err != nil {
					return err
				}
				switch {
				case i%10 == 3:
					return refused
				case i%10 == 7:
					panic("a broken verb")
				}
				return nil
			})
			if (i%10 == 3) != errors.Is(err, refused) || (i%10 == 7) != (err != nil && strings.Contains(err.Error(), "a broken verb")) {
				t.Errorf("write %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	var n int
	if err := d.Read(t.Context(), func(tx *Tx) error {
		return tx.QueryRow("SELECT value FROM counters WHERE name = 'events'").Scan(&n)
	}); err != nil || n != 160 {
		t.Fatalf("counted %d of 160: %v", n, err)
	}
	if batches := d.Stats().Batches.Load(); batches >= 200 {
		t.Errorf("200 writes took %d commits; they should share", batches)
	}
}

func TestSealSeesWhatSucceededOnly(t *testing.T) {
	var sealed []any
	d := open(t, Options{Dir: t.TempDir(), Seal: func(_ *Tx, left []any) error { sealed = append(sealed, left...); return nil }})
	bell := d.Bell()
	leave := func(note string, err error) {
		d.Write(t.Context(), 1, func(tx *Tx) error { tx.Leave(note); return err })
	}
	leave("kept", nil)
	leave("lost", errors.New("no"))
	<-bell
	if len(sealed) != 1 || sealed[0] != "kept" {
		t.Fatalf("sealed %v", sealed)
	}
}

func TestSyncIsFull(t *testing.T) {
	d := open(t, Options{Dir: t.TempDir()})
	var mode int
	var journal string
	if err := d.Write(t.Context(), 1, func(tx *Tx) error {
		if err := tx.QueryRow("PRAGMA journal_mode").Scan(&journal); err != nil {
			return err
		}
		return tx.QueryRow("PRAGMA synchronous").Scan(&mode)
	}); err != nil || mode != 2 || journal != "wal" {
		t.Fatalf("synchronous = %d (want 2, FULL), journal %q: %v", mode, journal, err)
	}
	// The checkpoint's connection writes the database file, and migrations and a reconnected writer come from the
	// writer's pool.
	for name, pool := range map[string]*sql.DB{"writer's pool": d.write, "checkpoint's": d.tidy, "readers'": d.read} {
		pool.SetMaxOpenConns(100)
		for range 3 {
			conn, err := pool.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			var checkpoints int
			if err := conn.QueryRowContext(t.Context(), "PRAGMA synchronous").Scan(&mode); err != nil || mode != 2 {
				t.Errorf("%s: synchronous = %d (want 2, FULL): %v", name, mode, err)
			}
			if err := conn.QueryRowContext(t.Context(), "PRAGMA wal_autocheckpoint").Scan(&checkpoints); err != nil || name != "readers'" && checkpoints != 0 {
				t.Errorf("%s: checkpoints after %d pages (want never): %v", name, checkpoints, err)
			}
		}
	}
}

func TestOpenRefusals(t *testing.T) {
	foreign := t.TempDir()
	os.WriteFile(filepath.Join(foreign, fileName), []byte("this is a shopping list, not a database"), 0o600)
	folderIsFile := filepath.Join(t.TempDir(), "file")
	os.WriteFile(folderIsFile, nil, 0o600)

	newer := t.TempDir()
	d, err := Open(t.Context(), Options{Dir: newer})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(t.Context(), 1, func(tx *Tx) error {
		_, err := tx.Exec("UPDATE meta SET value = '99' WHERE key = 'min_schema'")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	d.Close()

	used := t.TempDir()
	open(t, Options{Dir: used})

	for name, c := range map[string]struct {
		options Options
		says    string
	}{
		"not a database":  {Options{Dir: foreign}, "is not a Parley database"},
		"newer":           {Options{Dir: newer}, "written by a newer Parley"},
		"in use":          {Options{Dir: used}, "in use by another Parley process"},
		"folder is file":  {Options{Dir: folderIsFile}, "cannot be made"},
		"unknown address": {Options{URL: "mysql://x"}, "must begin with postgres://"},
	} {
		d, err := Open(context.Background(), c.options)
		if err == nil {
			d.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want a sentence with %q", name, err, c.says)
		}
	}
}

func TestReadersCannotWrite(t *testing.T) {
	d := open(t, Options{Dir: t.TempDir()})
	err := d.Read(t.Context(), func(tx *Tx) error {
		_, err := tx.Exec("DELETE FROM counters")
		return err
	})
	if parley.CodeOf(err) != parley.CodeStorageReadOnly {
		t.Fatalf("a reading connection deleted rows: %v", err)
	}
}

// TestTooLateForTheWriter writes when the writer has just looked for the last time: nobody would ever answer.
func TestTooLateForTheWriter(t *testing.T) {
	d := &DB{queue: make(chan *request, 1), stop: make(chan struct{}), ended: make(chan struct{})}
	close(d.ended)
	if err := d.Write(t.Context(), 1, func(*Tx) error { return nil }); parley.CodeOf(err) != parley.CodeBusy {
		t.Errorf("answered with %v", err)
	}
}
