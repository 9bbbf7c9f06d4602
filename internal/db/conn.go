package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// trusted is how long after its last use a connection to PostgreSQL is taken for alive without asking.
	trusted = time.Second
	// finishTime bounds what must be done to a connection after its caller has gone.
	finishTime = 2 * time.Second
)

// conn is one connection with its prepared statements.
type conn struct {
	raw        *sql.Conn
	engine     Engine
	statements map[string]*sql.Stmt
	bad        bool // must not be used again
	used       time.Time
}

func newConn(raw *sql.Conn, engine Engine) *conn {
	return &conn{raw: raw, engine: engine, statements: map[string]*sql.Stmt{}, used: time.Now()}
}

// under gives the context that statements run under. SQLite's are short and wait for no network, and two goroutines
// that watch over each would cost as much as the statement: there it is asked before a statement and not during.
func (c *conn) under(ctx context.Context) context.Context {
	if c.engine == SQLite && ctx.Done() != nil {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// run runs statements without arguments or rows: on PostgreSQL in one round trip, on SQLite prepared.
func (c *conn) run(ctx context.Context, texts ...string) error {
	if c.engine == Postgres {
		_, err := c.raw.ExecContext(ctx, strings.Join(texts, "; "))
		return err
	}
	ctx = c.under(ctx)
	for _, text := range texts {
		stmt, err := c.prepare(ctx, text)
		if err == nil {
			_, err = stmt.ExecContext(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *conn) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if stmt := c.statements[text]; stmt != nil {
		return stmt, nil
	}
	asked := text
	if c.engine == SQLite {
		asked = nameless(text)
	}
	stmt, err := c.raw.PrepareContext(ctx, asked)
	if err != nil {
		return nil, fmt.Errorf("prepare %.60q: %w", text, err)
	}
	c.statements[text] = stmt
	return stmt, nil
}

// nameless gives a statement with ? in place of $1, $2 and so on where they stand in this order, each once. To SQLite $1
// is a name, and with every run its driver asks for the name of each parameter, for which SQLite looks through those
// before it: a statement that inserts 64 events has 512.
func nameless(text string) string {
	for i, part := range strings.Split(text, "'") {
		if i%2 == 1 && strings.Contains(part, "$") {
			return text // what stands in a literal is no parameter
		}
	}
	var b strings.Builder
	for n, rest := 1, text; ; n++ {
		before, after, found := strings.Cut(rest, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		digits := len(after) - len(strings.TrimLeft(after, "0123456789"))
		if after[:digits] != strconv.Itoa(n) {
			return text
		}
		b.WriteByte('?')
		rest = after[digits:]
	}
}

// finish runs the statement that ends a transaction, whatever became of the context it ran under.
func (c *conn) finish(text string) error {
	if c.engine == SQLite {
		return c.run(context.Background(), text)
	}
	ctx, cancel := context.WithTimeout(context.Background(), finishTime)
	defer cancel()
	return c.run(ctx, text)
}

// alive tells whether the server still answers on the connection.
func (c *conn) alive() bool {
	ctx, cancel := context.WithTimeout(context.Background(), finishTime)
	defer cancel()
	return c.raw.PingContext(ctx) == nil
}

// stale tells whether a connection that has not been used for a while has died meanwhile; it is bad then.
func (c *conn) stale() bool {
	c.bad = c.bad || time.Since(c.used) > trusted && !c.alive()
	return c.bad
}

// close gives the connection back to its pool, or ends it when it is bad: the pool would hand it out again.
func (c *conn) close() {
	for _, stmt := range c.statements {
		stmt.Close()
	}
	if c.bad {
		c.raw.Raw(func(any) error { return driver.ErrBadConn })
	}
	c.raw.Close()
}

// resting are reading connections that nobody uses. The one used last is used next: what it has read of the database
// and the statements it has prepared are at hand, and those that a quiet forum does not need stay small.
type resting struct {
	mu  sync.Mutex
	all []*conn
}

// take gives the connection that was put last, nil when there is none.
func (r *resting) take() *conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.all)
	if n == 0 {
		return nil
	}
	c := r.all[n-1]
	r.all = r.all[:n-1]
	return c
}

func (r *resting) put(c *conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, c)
}
