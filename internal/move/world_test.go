package move_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"parley/internal/store"
	"parley/internal/store/storetest"
)

// ctx is for calls that no test cuts short.
var ctx = context.Background()

// onBoth runs a test with the address of an empty PostgreSQL database, where there is a server.
func onBoth(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		if o.URL == "" {
			t.Skip("a move has an end on each engine")
		}
		test(t, o.URL)
	})
}

// raw opens a database past Parley.
func raw(t testing.TB, where string) *sql.DB {
	t.Helper()
	driver, name := "sqlite", filepath.Join(where, "parley.db")
	if strings.Contains(where, "://") {
		driver, name = "pgx", where
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func run(t testing.TB, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(ctx, statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// options opens a folder or an address.
func options(t testing.TB, where string) store.Options {
	o := store.Options{Dir: where, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))}
	if strings.Contains(where, "://") {
		o.Dir, o.URL = "", where
	}
	return o
}

// touch opens a database for serving and closes it in order.
func touch(t testing.TB, where string) {
	t.Helper()
	s, err := store.Open(ctx, options(t, where))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// The texts that are hardest on types, orders and encodings.
var oddities = []string{"", "a", "B", "_", "ä", "Z", "\u00e9", "e\u0301", "ß", "z\u0301", "😀", "👩‍👩‍👧", "שלום", "\u202eevil", "'; DROP TABLE comments;--", `\x00`, `\N`, "\t\r\n", "NULL", "0", "1e5", strings.Repeat("long ", 12_000)}

// fillForum makes a forum of n comments with rows in tables of every shape, in a data folder.
func fillForum(t testing.TB, dir string, n int) {
	t.Helper()
	touch(t, dir)
	db := raw(t, dir)
	db.SetMaxOpenConns(1)
	run(t, db, "PRAGMA synchronous = OFF")
	run(t, db, "BEGIN")
	run(t, db, "INSERT INTO sites (id, key, name, created_at) VALUES (9007199254740993, 'main', 'The Harbour Letter', 1)")
	for i := range 7 { // more ids than a float64 can tell apart
		id := int64(1)<<62 + int64(i)
		run(t, db, "INSERT INTO readers (id, site, name, name_key, email, created_at) VALUES (?, 9007199254740993, ?, ?, ?, ?)", id, fmt.Sprintf("Ilse %d 😀", i), sql.NullString{String: "ilse" + fmt.Sprint(i), Valid: i%2 == 0}, "ilse@example.com", -int64(i))
		sum := sha256.Sum256([]byte{byte(i)})
		run(t, db, "INSERT INTO sessions (token, site, reader, scope, created_at, seen_at, expires_at) VALUES (?, 9007199254740993, ?, 'reader', 1, 2, 9000000000000)", sum[:], id)
		run(t, db, "INSERT INTO stories (id, site, url, title, created_at) VALUES (?, 9007199254740993, ?, 'A story', 1)", i+1, fmt.Sprintf("https://www.example.com/%d", i))
	}
	run(t, db, "INSERT INTO confirmations (reader, token, code, expires_at) VALUES (4611686018427387904, x'', x'00ff', 9000000000000)")
	for i, text := range oddities {
		run(t, db, "INSERT INTO idempotency (reader, key, request, comment, at) VALUES (?, ?, ?, ?, ?)", i%3, text[:min(len(text), 200)], []byte(text), i, i)
		run(t, db, "INSERT INTO imports (site, source, kind, source_id, id) VALUES (9007199254740993, ?, ?, ?, ?)", text[:min(len(text), 200)], fmt.Sprint(i%2), text[:min(len(text), 1000)], i)
		if text != "" {
			run(t, db, "INSERT INTO cursors (name, position) VALUES (?, ?)", text, i)
		}
	}
	insert, err := db.Prepare("INSERT INTO comments (id, site, story, root, parent, depth, author, answers, state, body, html, created_at) VALUES (?, 9007199254740993, ?, ?, 0, 1, ?, 0, 'published', ?, '', 5)")
	if err != nil {
		t.Fatal(err)
	}
	event, err := db.Prepare("INSERT INTO events (id, site, story, kind, subject, actor, at, data) VALUES (?, 9007199254740993, ?, 'comment.published', ?, 0, 5, '{}')")
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		id := int64(i)<<20 | 1
		if _, err := insert.Exec(id, i%7+1, id, int64(1)<<62+int64(i%7), fmt.Sprintf("Comment %d. %s", i, oddities[i%(len(oddities)-1)])); err != nil {
			t.Fatal(err)
		}
		if _, err := event.Exec(i+1, i%7+1, id); err != nil {
			t.Fatal(err)
		}
	}
	run(t, db, "INSERT INTO recommendations (comment, reader, signal, story, at) SELECT c.id, r.id, 1, c.story, 7 FROM comments c, readers r WHERE c.id % 3 = r.id % 3 LIMIT 5000")
	run(t, db, "UPDATE counters SET value = ? WHERE name = 'events'", n)
	run(t, db, "COMMIT")
	db.Close()
}

// dump writes a whole database in a way of its own: every table, column and row in order, whatever the engine.
func dump(t testing.TB, where string) string {
	t.Helper()
	db := raw(t, where)
	defer db.Close()
	list := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1"
	if strings.Contains(where, "://") {
		list = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name COLLATE "C"`
	}
	var out strings.Builder
	for _, name := range column(t, db, list) {
		if name == "goose_db_version" || name == "leases" {
			continue
		}
		fmt.Fprintln(&out, "==", name)
		lines := column(t, db, `SELECT * FROM "`+name+`"`)
		out.WriteString(strings.Join(lines, "\n") + "\n")
	}
	return out.String()
}

// column gives the rows of a query, each as its columns by name, in the order of their bytes.
func column(t testing.TB, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		if len(names) == 1 {
			all = append(all, fmt.Sprint(values[0]))
			continue
		}
		parts := make([]string, len(names))
		for i := range names {
			parts[i] = fmt.Sprintf("%s=%T:%q", names[i], values[i], fmt.Sprint(values[i]))
		}
		sortStrings(parts)
		all = append(all, strings.Join(parts, " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	sortStrings(all)
	return all
}
