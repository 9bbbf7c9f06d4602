package db_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"parley/internal/db"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// ctx is for calls that no test cuts short.
var ctx = context.Background()

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// each runs a test on an empty database of each engine.
func each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	eachOptions(t, func(t *testing.T, o db.Options) { test(t, open(t, o)) })
}

// eachOptions runs a test once an engine with what opens an empty database of it.
func eachOptions(t *testing.T, test func(t *testing.T, o db.Options)) {
	t.Helper()
	storetest.EachOptions(t, func(t *testing.T, o store.Options) { test(t, db.Options{Dir: o.Dir, URL: o.URL, Log: o.Log}) })
}

func open(t testing.TB, o db.Options) *db.DB {
	t.Helper()
	if o.Log == nil {
		o.Log = log(t)
	}
	d, err := db.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// log shows warnings and errors with the output of the test they belong to.
func log(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// put writes one row in a transaction of its own.
func put(d *db.DB, name string) error {
	return d.Write(ctx, 1, func(tx *db.Tx) error { return insert(tx, name) })
}

func insert(tx *db.Tx, name string) error {
	_, err := tx.Exec(`INSERT INTO cursors (name, position) VALUES ($1, 1)`, name)
	return err
}

// rows tells how many rows were put.
func rows(t testing.TB, d *db.DB) (n int) {
	t.Helper()
	err := d.Read(ctx, func(tx *db.Tx) error { return tx.QueryRow(`SELECT count(*) FROM cursors`).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// until asks again and again whether something has come true, and fails when patience ends.
func until(t testing.TB, what string, true func() bool) {
	t.Helper()
	over := time.Now().Add(patience)
	for !true() {
		if time.Now().After(over) {
			t.Fatalf("%s: not within %v", what, patience)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
