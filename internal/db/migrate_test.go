package db_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/pressly/goose/v3"

	"parley/internal/db"
)

// TestOpeningAgain finds what was there, and refuses it once a newer program has marked it as its own.
func TestOpeningAgain(t *testing.T) {
	eachOptions(t, func(t *testing.T, o db.Options) {
		for round := range 3 {
			d, err := db.Open(ctx, o)
			if err != nil {
				t.Fatal(err)
			}
			if n := rows(t, d); n != round {
				t.Errorf("%d rows after opening for time %d", n, round+1)
			}
			if err := put(d, strings.Repeat("r", round+1)); err != nil {
				t.Fatal(err)
			}
			if round == 2 {
				err := d.Write(ctx, 1, func(tx *db.Tx) error {
					_, err := tx.Exec(`UPDATE meta SET value = $1 WHERE key = 'min_schema'`, "99")
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
		}
		d, err := db.Open(ctx, o)
		if err == nil {
			d.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "written by a newer Parley (schema 99") {
			t.Errorf("a newer database opens with %v", err)
		}
	})
}

// TestAnOldDatabaseIsBroughtUpToDate fills one of the first schema and opens it: nothing is lost on the way.
func TestAnOldDatabaseIsBroughtUpToDate(t *testing.T) {
	eachOptions(t, func(t *testing.T, o db.Options) {
		fillFirst(t, o)
		d := open(t, o)
		if d.Engine() == db.SQLite {
			if found := scalar(t, d, `SELECT count(*) FROM pragma_foreign_key_check`); found != 0 {
				t.Errorf("%d rows point nowhere", found)
			}
		}
		for what, c := range map[string]struct {
			text string
			want int
		}{
			"comments":           {`SELECT count(*) FROM comments WHERE body = 'Hello' AND passage = 0 AND reason = 0`, 1},
			"stories":            {`SELECT count(*) FROM stories WHERE comments = 1 AND version = 0 AND question = 0 AND author_email = '' AND passages_off = 0`, 1},
			"follows":            {`SELECT count(*) FROM follows WHERE kind IN ('reader', 'thread', 'story')`, 3},
			"follows' places":    {`SELECT count(*) FROM follows WHERE seen = 4 AND at = 5`, 3},
			"notices":            {`SELECT count(*) FROM notices WHERE comment = 4 AND story = 0`, 1},
			"recommendations":    {`SELECT count(*) FROM recommendations WHERE comment = 4 AND story = 3 AND signal = 1 AND (reader, at) IN ((2, 9), (5, 8))`, 2},
			"the schema it asks": {`SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'min_schema'`, db.Schema},
		} {
			if got := scalar(t, d, c.text); got != c.want {
				t.Errorf("%s: %d, want %d", what, got, c.want)
			}
		}
		for what, c := range map[string]struct {
			text  string
			taken bool
		}{
			"a followed question":        {`INSERT INTO follows (reader, kind, target, seen, at) VALUES (2, 'question', 7, 0, 0)`, true},
			"a follow of something else": {`INSERT INTO follows (reader, kind, target, seen, at) VALUES (2, 'site', 7, 0, 0)`, false},
			"a follow of nobody's":       {`INSERT INTO follows (reader, kind, target, seen, at) VALUES (99, 'story', 7, 0, 0)`, false},
			"a follow that is there":     {`INSERT INTO follows (reader, kind, target, seen, at) VALUES (2, 'story', 3, 0, 0)`, false},
			"a mark that is there":       {`INSERT INTO recommendations (comment, reader, signal, story, at) VALUES (4, 2, 1, 3, 0)`, false},
			"a mark on nothing":          {`INSERT INTO recommendations (comment, reader, signal, story, at) VALUES (44, 2, 1, 3, 0)`, false},
			"a mark by nobody":           {`INSERT INTO recommendations (comment, reader, signal, story, at) VALUES (4, 55, 1, 3, 0)`, false},
		} {
			err := d.Write(ctx, 1, func(tx *db.Tx) error {
				_, err := tx.Exec(c.text)
				return err
			})
			if (err == nil) != c.taken {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// TestIndexesDoNotNameTheRow holds SQLite's schema to what its indexes do by themselves: each ends with the id of the
// row, and one that names the id as well keeps it twice.
func TestIndexesDoNotNameTheRow(t *testing.T) {
	d := open(t, db.Options{Dir: t.TempDir()})
	if n := scalar(t, d, `SELECT count(*) FROM sqlite_master i JOIN pragma_index_xinfo(i.name) c WHERE i.type = 'index' AND c.key = 0 AND c.cid = -1`); n < 20 {
		t.Fatalf("%d indexes end with the id of the row: the question is wrong", n)
	}
	twice := scalar(t, d, `SELECT count(*) FROM sqlite_master i JOIN pragma_index_xinfo(i.name) last ON last.cid = -1 AND last.key = 0
		JOIN pragma_table_info(i.tbl_name) id ON id.pk = 1 AND id.type = 'INTEGER' JOIN pragma_index_xinfo(i.name) c ON c.key = 1 AND c.cid = id.cid
		WHERE i.type = 'index' AND c.seqno > 0`)
	if twice != 0 {
		t.Errorf("%d indexes keep the id of the row twice", twice)
	}
}

func scalar(t *testing.T, d *db.DB, text string) (n int) {
	t.Helper()
	if err := d.Read(ctx, func(tx *db.Tx) error { return tx.QueryRow(text).Scan(&n) }); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return n
}

// fillFirst makes a database of the first schema, with a row of what later steps change.
func fillFirst(t *testing.T, o db.Options) {
	t.Helper()
	driver, source, dialect, files := "sqlite", filepath.Join(o.Dir, "parley.db"), goose.DialectSQLite3, "migrations/sqlite"
	if o.URL != "" {
		driver, source, dialect, files = "pgx", o.URL, goose.DialectPostgres, "migrations/postgres"
	}
	pool, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	provider, err := goose.NewProvider(dialect, pool, os.DirFS(files), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(ctx, 1); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		`INSERT INTO sites (id, key, name, created_at) VALUES (1, 'main', 'Main', 1)`,
		`INSERT INTO readers (id, site, name, created_at) VALUES (2, 1, 'Reader', 1)`,
		`INSERT INTO stories (id, site, url, title, created_at, comments) VALUES (3, 1, 'https://news.example/', 'Title', 1, 1)`,
		`INSERT INTO comments (id, site, story, root, parent, depth, author, answers, state, body, html, passage, created_at)
			VALUES (4, 1, 3, 4, 0, 1, 2, 0, 'published', 'Hello', '', '', 1)`,
		`INSERT INTO follows (reader, kind, target, seen, at) VALUES (2, 'story', 3, 4, 5), (2, 'reader', 2, 4, 5), (2, 'thread', 4, 4, 5)`,
		`INSERT INTO notices (id, reader, kind, subject, comment, count, at) VALUES (6, 2, 'reply', 4, 4, 1, 1)`,
		`INSERT INTO readers (id, site, name, created_at) VALUES (5, 1, 'Another', 1)`,
		`INSERT INTO recommendations (comment, reader, signal, story, at) VALUES (4, 5, 'recommend', 3, 8), (4, 2, 'recommend', 3, 9)`,
	} {
		if _, err := pool.Exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}
