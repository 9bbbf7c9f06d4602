package move_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/db"
	"parley/internal/move"
	"parley/internal/store"
)

// refused fails unless the move is refused with words.
func refused(t *testing.T, from, to, words string) {
	t.Helper()
	refusedAs(t, move.Options{From: from, To: to}, words)
}

func refusedAs(t *testing.T, o move.Options, words string) {
	t.Helper()
	_, err := move.Run(ctx, o)
	if err == nil || !strings.Contains(err.Error(), words) {
		t.Errorf("the move is answered with %v, want %q", err, words)
	}
	if err != nil && strings.Contains(err.Error(), "\n") {
		t.Errorf("%q is more than one line", err)
	}
}

// TestRefusedAddresses needs no server.
func TestRefusedAddresses(t *testing.T) {
	here, postgres := t.TempDir(), "postgres://nobody@127.0.0.1:1/none?connect_timeout=2"
	fillForum(t, here, 3)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	rubbish := t.TempDir()
	if err := os.WriteFile(filepath.Join(rubbish, "parley.db"), []byte("bread, milk, a stamp, and more"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, one := range [][3]string{
		{"", postgres, "--from is missing"},
		{here, "", "--to is missing"},
		{here, t.TempDir(), "from a data folder to postgres://… or back"},
		{postgres, postgres, "from a data folder to postgres://… or back"},
		{here, "mysql://localhost/x", "--to must be a data folder or begin with postgres://"},
		{"http://localhost", here, "--from must be a data folder"},
		{here, postgres, "the target: PostgreSQL cannot be reached"},
		{postgres, here, "the source: PostgreSQL cannot be reached"},
		{here, "postgres://[::bad", "the target: the database address is not valid"},
		{filepath.Join(here, "none"), postgres, "the source: there is no Parley database in"},
		{t.TempDir(), postgres, "parley.db is missing"},
		{file, postgres, "the source:"},
		{rubbish, postgres, "is not a Parley database"},
	} {
		refused(t, one[0], one[1], one[2])
	}
	if _, err := os.Stat(filepath.Join(here, "none")); err == nil {
		t.Error("a source that is missing is made")
	}
}

// TestRefusedStates moves nothing from or to a database in a state that does not allow it.
func TestRefusedStates(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		here := t.TempDir()
		fillForum(t, here, 20)

		s, err := store.Open(ctx, options(t, here))
		if err != nil {
			t.Fatal(err)
		}
		refused(t, here, address, "in use by another Parley process; stop that one first")
		s.Close()

		folder := raw(t, here)
		wrong := []struct{ spoil, mend, words string }{
			{"UPDATE goose_db_version SET version_id = 1 WHERE version_id > 1", fmt.Sprintf("UPDATE goose_db_version SET version_id = %d WHERE id = (SELECT max(id) FROM goose_db_version)", db.Schema), "start this program on it once"},
			{"INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)", "DELETE FROM goose_db_version WHERE version_id = 999", "move with the program that wrote it"},
			{"UPDATE comments SET body = 'a' || char(0) || 'b' WHERE id = 1", "UPDATE comments SET body = 'ab' WHERE id = 1", "comments, row id=1: body holds a NUL character"},
			{"UPDATE comments SET body = CAST(x'61ff62' AS TEXT) WHERE id = 1", "UPDATE comments SET body = 'ab' WHERE id = 1", "row id=1: body holds bytes that are no UTF-8"},
			{"UPDATE comments SET created_at = 'yesterday' WHERE id = 1", "UPDATE comments SET created_at = 5 WHERE id = 1", "row id=1: created_at holds text where integer belongs"},
			{"UPDATE confirmations SET token = 'words'", "UPDATE confirmations SET token = x''", "token holds text where bytes belongs"},
			{"ALTER TABLE sites ADD COLUMN extra DATE", "ALTER TABLE sites DROP COLUMN extra", "sites.extra is date on one side"},
			{"CREATE TABLE extra (id INTEGER)", "DROP TABLE extra", "the table extra has no primary key"},
		}
		for _, one := range wrong { // a dry run finds all of these
			run(t, folder, one.spoil)
			refusedAs(t, move.Options{From: here, To: address, Dry: true}, one.words)
			run(t, folder, one.mend)
		}
		for _, one := range []struct{ spoil, mend, words string }{
			wrong[2],
			{"CREATE TABLE extra (id INTEGER PRIMARY KEY)", "DROP TABLE extra", "the target has no table extra"},
			{"ALTER TABLE sites ADD COLUMN extra TEXT", "ALTER TABLE sites DROP COLUMN extra", "the table sites does not have the same columns"},
			{"PRAGMA foreign_keys = 0; UPDATE comments SET author = 12345 WHERE id = 1", "UPDATE comments SET author = 4611686018427387904 WHERE id = 1", "comments_author_fkey"},
		} {
			run(t, folder, one.spoil)
			refused(t, here, address, one.words)
			run(t, folder, one.mend)
			wipe(t, address)
		}
		folder.Close()

		touch(t, address) // a forum that was served once, without a comment
		refused(t, here, address, "the target is not empty")
		wipe(t, address)
		run(t, raw(t, address), "CREATE TABLE accounts (id BIGINT PRIMARY KEY)")
		refused(t, here, address, "the target is not empty: it has 1 tables (accounts")
		wipe(t, address)

		if _, err := move.Run(ctx, move.Options{From: here, To: address}); err != nil {
			t.Fatal(err)
		}
		refused(t, here, address, "the target is not empty")
		refused(t, address, here, "the target is not empty")
		s, err = store.Open(ctx, options(t, address))
		if err != nil {
			t.Fatal(err)
		}
		refused(t, address, filepath.Join(t.TempDir(), "new"), "is being served by a Parley process on")
		s.Close()
		run(t, raw(t, address), "INSERT INTO leases (name, holder, expires_at) VALUES ('node 7', 'web7/12/x', $1)", time.Now().Add(time.Hour).UnixMilli())
		refused(t, address, filepath.Join(t.TempDir(), "new"), "is being served by a Parley process on web7;")
		run(t, raw(t, address), "UPDATE leases SET expires_at = 1")
		if _, err := move.Run(ctx, move.Options{From: address, To: filepath.Join(t.TempDir(), "new")}); err != nil {
			t.Error(err)
		}
	})
}

// wipe empties a PostgreSQL schema.
func wipe(t *testing.T, address string) {
	t.Helper()
	name := address[strings.LastIndex(address, "=")+1:]
	run(t, raw(t, address), fmt.Sprintf("DROP SCHEMA %s CASCADE; CREATE SCHEMA %s", name, name))
}
