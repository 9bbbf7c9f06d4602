package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Tx is a place to run statements: inside a writing batch, a snapshot, or one plain read. Its statements are
// prepared once per connection. It carries the context it was made with and must not outlive its function.
type Tx struct {
	ctx    context.Context
	under  context.Context // what statements run under
	conn   *conn
	left   []any
	wrote  bool // a statement may have changed something
	failed bool // a statement failed, be it that nobody minded
}

func newTx(ctx context.Context, c *conn) *Tx { return &Tx{ctx: ctx, under: c.under(ctx), conn: c} }

// prepare gives a statement, unless the context is over.
func (t *Tx) prepare(text string) (*sql.Stmt, error) {
	err := t.ctx.Err()
	var stmt *sql.Stmt
	if err == nil {
		stmt, err = t.conn.prepare(t.under, text)
	}
	return stmt, t.note(text, err)
}

// note keeps what a statement may have done and gives its error on.
func (t *Tx) note(text string, err error) error {
	t.wrote = t.wrote || !strings.HasPrefix(text, "SELECT")
	t.failed = t.failed || err != nil && !errors.Is(err, sql.ErrNoRows)
	return err
}

// untouched tells whether the transaction is as it was before the first of t's statements.
func (t *Tx) untouched() bool { return !t.wrote && !t.failed }

// Exec runs a statement that gives no rows and tells how many rows it touched.
func (t *Tx) Exec(text string, args ...any) (int64, error) {
	wrote := t.wrote
	stmt, err := t.prepare(text)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(t.under, args...)
	if t.note(text, err) != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	if n == 0 && err == nil && strings.HasPrefix(text, "INSERT") {
		t.wrote = wrote // it was there already
	}
	return n, err
}

// Query runs a statement that gives rows. The caller closes them before the next statement.
func (t *Tx) Query(text string, args ...any) (*sql.Rows, error) {
	stmt, err := t.prepare(text)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(t.under, args...)
	return rows, t.note(text, err)
}

// Row is one row on its way, or the error that stands for it.
type Row struct {
	tx   *Tx
	text string
	row  *sql.Row
	err  error
}

// Scan reads the row; without a row it gives sql.ErrNoRows.
func (r Row) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.tx.note(r.text, r.row.Scan(into...))
}

// QueryRow runs a statement that gives at most one row.
func (t *Tx) QueryRow(text string, args ...any) Row {
	stmt, err := t.prepare(text)
	if err != nil {
		return Row{err: err}
	}
	return Row{tx: t, text: text, row: stmt.QueryRowContext(t.under, args...)}
}

// Prepared lists the statements that the connection beneath keeps, in no order, for tests of how many there
// are and what their query plans look like.
func (t *Tx) Prepared() []string { return slices.Collect(maps.Keys(t.conn.statements)) }

// Leave hands something to Options.Seal. What a request left is forgotten when the request fails.
func (t *Tx) Leave(note any) { t.left = append(t.left, note) }

// Context gives the context the statements run under.
func (t *Tx) Context() context.Context { return t.ctx }

// View runs fn on one snapshot: all its statements see the same moment.
func (d *DB) View(ctx context.Context, fn func(*Tx) error) error {
	return d.withReader(ctx, func(c *conn) (err error) {
		begin := "BEGIN"
		if d.engine == Postgres {
			begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
		}
		// The end runs even when ctx is over or fn panics: a snapshot left open would stay so for ever.
		defer func() {
			if endErr := c.finish("COMMIT"); endErr != nil {
				c.bad = true
				err = errors.Join(err, endErr)
			}
		}()
		if err := c.run(ctx, begin); err != nil {
			return err
		}
		return fn(newTx(ctx, c))
	})
}

// Read runs fn without a snapshot, for a single statement.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	return d.withReader(ctx, func(c *conn) error { return fn(newTx(ctx, c)) })
}

func (d *DB) withReader(ctx context.Context, fn func(*conn) error) error {
	select {
	case <-d.readers:
	case <-d.stop:
		return errStopping()
	case <-ctx.Done():
		return Explain(ctx.Err())
	}
	c := d.resting.take()
	if c != nil && d.engine == Postgres && c.stale() {
		c.close()
		c = nil
	}
	if c == nil {
		raw, err := d.read.Conn(ctx)
		if err != nil {
			d.readers <- struct{}{}
			return Explain(fmt.Errorf("open a reading connection: %w", err))
		}
		c = newConn(raw, d.engine)
	}
	defer func() {
		c.used = time.Now()
		if c.bad {
			c.close()
		} else {
			d.resting.put(c)
		}
		d.readers <- struct{}{}
	}()
	err := fn(c)
	if err != nil && d.engine == Postgres {
		c.bad = c.bad || !c.alive()
	}
	return Explain(err)
}
