package db_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/db"
)

// TestBesideANewerProgram does to the schema what a later release may do that only adds, while this program runs on
// it and opens it anew; then what it may not, unless every process is stopped.
func TestBesideANewerProgram(t *testing.T) {
	eachOptions(t, func(t *testing.T, o db.Options) {
		d := open(t, o)
		if err := put(d, "before"); err != nil {
			t.Fatal(err)
		}
		newer := later(t, o)
		newer("ALTER TABLE cursors ADD COLUMN later BIGINT NOT NULL DEFAULT 0")
		newer("CREATE TABLE later (id BIGINT PRIMARY KEY, cursor TEXT NOT NULL)")
		newer("CREATE INDEX cursors_later ON cursors (later)")
		yes := "1"
		if o.URL != "" {
			yes = "true"
		}
		newer("INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (999, " + yes + ", CURRENT_TIMESTAMP)")
		newer("INSERT INTO cursors (name, position, later) VALUES ('newer', 1, 5)")
		if err := put(d, "beside"); err != nil {
			t.Errorf("writing beside a newer program: %v", err)
		}
		if n := rows(t, d); n != 3 {
			t.Errorf("%d rows beside a newer program, want 3", n)
		}

		if o.URL == "" {
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
		}
		second := open(t, o) // beside the first on PostgreSQL, after it on SQLite
		if err := put(second, "again"); err != nil {
			t.Errorf("writing after opening a newer schema: %v", err)
		}
		if err := second.Close(); err != nil {
			t.Fatal(err)
		}

		newer("UPDATE meta SET value = '999' WHERE key = 'min_schema'")
		if third, err := db.Open(ctx, o); err == nil || !strings.Contains(err.Error(), "written by a newer Parley (schema 999") {
			t.Errorf("a schema that asks for a newer program opens: %v", err)
			if err == nil {
				third.Close()
			}
		}
	})
}

// later gives what runs statements past this program.
func later(t *testing.T, o db.Options) func(statement string) {
	t.Helper()
	driver, name := "sqlite", filepath.Join(o.Dir, "parley.db")+"?_pragma=busy_timeout(5000)"
	if o.URL != "" {
		driver, name = "pgx", o.URL
	}
	pool, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	return func(statement string) {
		t.Helper()
		if _, err := pool.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}
