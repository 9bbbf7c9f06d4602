package bare

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver the forum uses

	"parley/bench/figures"
)

// Table says which row of a forum's database is committed, and how each gets to be another one.
type Table struct {
	File  string   `json:"file"`  // the database of the forum, read once
	Name  string   `json:"name"`  // of the table, which comes with its indexes and rows
	Where string   `json:"where"` // which rows are taken as patterns
	IDs   []string `json:"ids"`   // columns that get a new, growing id
	Text  string   `json:"text"`  // the column that gets another text of the same length
	Dir   string   `json:"dir"`   // where the file of the bare program goes
}

// patterns is how many rows the bare program takes turns with, so that it writes to many stories, as writers do.
const patterns = 500

// Commit copies the table that its input names, with indexes and rows, into a database of its own, and answers
// with how many rows that were. Each further value is a number of seconds, for which it commits single rows, one
// after the other and each synced; it answers with a figures.Run. The driver, write-ahead log and
// synchronous=FULL are those of the forum; automatic checkpoints are SQLite's own.
func Commit(in io.Reader, out io.Writer) error {
	questions, answers := json.NewDecoder(in), json.NewEncoder(out)
	var t Table
	if err := questions.Decode(&t); err != nil {
		return fmt.Errorf("which table: %w", err)
	}
	db, err := t.create()
	if err != nil {
		return err
	}
	defer db.Close()
	w, err := t.copy(context.Background(), db)
	if err != nil {
		return fmt.Errorf("copy %s of %s: %w", t.Name, t.File, err)
	}
	if err := answers.Encode(len(w.rows)); err != nil {
		return err
	}
	for {
		var seconds float64
		if err := questions.Decode(&seconds); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		run, err := w.commit(time.Duration(seconds * float64(time.Second)))
		if err != nil {
			return err
		}
		if err := answers.Encode(run); err != nil {
			return err
		}
	}
}

// create makes an empty database.
func (t Table) create() (*sql.DB, error) {
	file := filepath.Join(t.Dir, "bare.db")
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(file + end); err != nil && !os.IsNotExist(err) {
			return nil, err
		}
	}
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// writer commits rows.
type writer struct {
	insert *sql.Stmt
	rows   [][]any
	ids    []int // positions in a row
	text   int
	last   int64
}

func (t Table) copy(ctx context.Context, db *sql.DB) (*writer, error) {
	if _, err := db.ExecContext(ctx, `ATTACH $1 AS peer`, "file:"+t.File+"?mode=ro"); err != nil {
		return nil, err
	}
	schema, err := texts(ctx, db, `SELECT sql FROM peer.sqlite_master WHERE tbl_name = $1 AND sql IS NOT NULL ORDER BY type = 'index'`, t.Name)
	if err != nil || len(schema) < 2 {
		return nil, fmt.Errorf("no table with indexes: %w", err)
	}
	for _, statement := range schema {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return nil, err
		}
	}
	if _, err := db.ExecContext(ctx, `INSERT INTO main.`+t.Name+` SELECT * FROM peer.`+t.Name); err != nil {
		return nil, err
	}
	w := &writer{}
	if err := t.patterns(ctx, db, w); err != nil {
		return nil, err
	}
	if err := db.QueryRowContext(ctx, `SELECT max(`+t.IDs[0]+`) FROM main.`+t.Name).Scan(&w.last); err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, `DETACH peer`); err != nil {
		return nil, err
	}
	// What was copied is put in place first, so that the first run does not pay for it.
	_, err = db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return w, err
}

// patterns reads rows to take turns with and prepares the statement that adds one.
func (t Table) patterns(ctx context.Context, db *sql.DB, w *writer) error {
	rows, err := db.QueryContext(ctx, `SELECT * FROM main.`+t.Name+` WHERE `+t.Where+` ORDER BY random() LIMIT $1`, patterns)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		w.rows = append(w.rows, row)
	}
	if err := rows.Err(); err != nil || len(w.rows) == 0 {
		return fmt.Errorf("%d rows to take turns with: %w", len(w.rows), err)
	}
	rows.Close() // there is one connection
	for _, name := range t.IDs {
		w.ids = append(w.ids, slices.Index(columns, name))
	}
	if w.text = slices.Index(columns, t.Text); w.text < 0 || slices.Contains(w.ids, -1) {
		return fmt.Errorf("no columns %v and %s", t.IDs, t.Text)
	}
	places := strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ")
	w.insert, err = db.PrepareContext(ctx, `INSERT INTO main.`+t.Name+` (`+strings.Join(columns, ", ")+`) VALUES (`+places+`)`)
	return err
}

// commit adds rows one at a time for a while.
func (w *writer) commit(last time.Duration) (figures.Run, error) {
	var took []time.Duration
	begun := time.Now()
	for now := begun; now.Sub(begun) < last; {
		row := slices.Clone(w.rows[len(took)%len(w.rows)])
		w.last++
		for _, i := range w.ids {
			row[i] = w.last
		}
		text := fmt.Sprintf("%d %v", w.last, row[w.text])
		row[w.text] = text[:max(len(fmt.Sprint(row[w.text])), 20)]
		if _, err := w.insert.Exec(row...); err != nil {
			return figures.Run{}, fmt.Errorf("commit a row: %w", err)
		}
		after := time.Now()
		took = append(took, after.Sub(now))
		now = after
	}
	return figures.Run{
		Seconds: time.Since(begun).Seconds(), Requests: int64(len(took)),
		P50: figures.Percentile(took, 50), P95: figures.Percentile(took, 95), P99: figures.Percentile(took, 99),
	}, nil
}

func texts(ctx context.Context, db *sql.DB, query string, args ...any) (all []string, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}
