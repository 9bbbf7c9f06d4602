// Package move carries a whole forum from one database engine to the other: SQLite in a data folder to
// PostgreSQL, or back. It knows no table by name: what is moved is read from the schema, so that a migration
// adds a table without adding a line here.
//
// The source is only read, and no server may run on it meanwhile. The target must be empty. Rows go over in
// the order of their primary keys, in transactions of a bounded size, so that a move that was broken off at any
// moment goes on where the target's last row stands. A table in the target, db.MoveMarker, keeps servers out
// until every row of both databases has been compared.
package move

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"

	"parley/internal/db"
)

// Options says what to move.
type Options struct {
	From string // a data folder, or a postgres:// address
	To   string // the other of the two
	Dry  bool   // read everything and look at the target, write nothing

	// Progress is told of every stage how many of its rows (or, building indexes, how many of those) are done.
	// It may be nil and is never called by two goroutines at once.
	Progress func(stage string, done, total int64)
}

// Report tells what was moved.
type Report struct {
	From, To db.Engine
	Resumed  bool // an earlier move had been broken off
	Tables   []Table
}

// Table tells of one table.
type Table struct {
	Name      string
	Rows      int64
	Digest    [32]byte // SHA-256 over every row in the order of the key, the same on both engines
	Different []string // the first rows that differ, by key; never what they hold
}

// ErrDiffers says that the finished copy is not what the source holds. The report names rows.
var ErrDiffers = errors.New("the copy is not the same as the source; empty the target and move again")

// mover is one move.
type mover struct {
	Options
	report         Report
	source, target *db.Offline
	from, to       *sql.Conn // from stands on one snapshot
	tables         []table
	origin         string

	mu          sync.Mutex
	stage       string
	done, total int64
}

// Run moves, or goes on with a move that was broken off, and compares. It gives a report also with ErrDiffers.
// Every other error leaves a target that the same call goes on with.
func Run(ctx context.Context, o Options) (*Report, error) {
	from, err := side(o.From, "from")
	if err != nil {
		return nil, err
	}
	to, err := side(o.To, "to")
	if err != nil {
		return nil, err
	}
	if (from.URL == "") == (to.URL == "") {
		return nil, errors.New("a move goes from a data folder to postgres://… or back; to copy within one engine take a backup")
	}
	m := &mover{Options: o}
	err = m.run(ctx, from, to)
	if err = errors.Join(err, m.close()); err != nil && !errors.Is(err, ErrDiffers) {
		return nil, err
	}
	return &m.report, err
}

// side reads one end of the move.
func side(text, which string) (db.Options, error) {
	switch {
	case text == "":
		return db.Options{}, fmt.Errorf("--%s is missing: a data folder, or postgres://…", which)
	case strings.HasPrefix(text, "postgres://"), strings.HasPrefix(text, "postgresql://"):
		return db.Options{URL: text}, nil
	case strings.Contains(text, "://"):
		return db.Options{}, fmt.Errorf("--%s must be a data folder or begin with postgres://", which)
	}
	return db.Options{Dir: text}, nil
}

func (m *mover) run(ctx context.Context, from, to db.Options) error {
	if err := m.openSource(ctx, from); err != nil {
		return fmt.Errorf("the source: %w", err)
	}
	if m.Dry {
		return m.rehearse(ctx, to)
	}
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return m.openTarget(ctx, to) },
		m.pair, m.empty, m.fill, m.putBack, m.compare, m.finish,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// openSource opens the source on one snapshot and counts what is to be moved.
func (m *mover) openSource(ctx context.Context, o db.Options) (err error) {
	if m.source, err = db.OpenOffline(ctx, o, db.Hold); err != nil {
		return err
	}
	m.report.From = m.source.Engine()
	version, err := m.source.Version(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	switch marked, err := m.source.Has(ctx, db.MoveMarker); {
	case err != nil:
		return err
	case marked:
		return errors.New("it is itself the target of a move that has not finished")
	case version == 0:
		return errors.New("there is no forum in it")
	case version < db.Schema:
		return fmt.Errorf("its schema is %d and this program's is %d; start this program on it once (parley serve), stop it and move then", version, db.Schema)
	case version > db.Schema:
		return fmt.Errorf("its schema is %d and this program knows %d; move with the program that wrote it", version, db.Schema)
	}
	begin := "BEGIN"
	if m.report.From == db.Postgres {
		begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	}
	if m.from, err = m.source.Pool.Conn(ctx); err == nil {
		_, err = m.from.ExecContext(ctx, begin)
	}
	if err != nil {
		return fmt.Errorf("begin to read: %w", err)
	}
	if m.origin, err = origin(ctx, m.from); err != nil {
		return err
	}
	return m.count(ctx)
}

// origin tells one state of one forum from others, well enough to refuse to go on with another one's copy. Two
// states that it takes for one are found by the comparison.
func origin(ctx context.Context, conn *sql.Conn) (string, error) {
	var sites, first, events int64
	err := conn.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM sites), (SELECT COALESCE(min(id), 0) FROM sites), (SELECT value FROM counters WHERE name = 'events')`).
		Scan(&sites, &first, &events)
	return fmt.Sprintf("%d sites, the first %d, %d events", sites, first, events), err
}

// count plans by the source's own schema and counts its rows.
func (m *mover) count(ctx context.Context) error {
	found, err := m.source.Tables(ctx)
	if err != nil {
		return err
	}
	for _, one := range found {
		if one.Name == leases {
			continue
		}
		t := table{source: one, name: one.Name}
		if err := m.from.QueryRowContext(ctx, "SELECT count(*) FROM "+db.Quote(one.Name)).Scan(&t.rows); err != nil {
			return fmt.Errorf("count the rows of %s: %w", one.Name, err)
		}
		m.tables = append(m.tables, t)
	}
	return nil
}

// leases tell which process is alive now, and stay where they are.
const leases = "leases"

func (m *mover) close() error {
	var errs []error
	for _, conn := range []*sql.Conn{m.from, m.to} {
		if conn != nil {
			_ = conn.Close() // what was open on it is rolled back with the connection
		}
	}
	for _, side := range []*db.Offline{m.source, m.target} {
		if side != nil {
			errs = append(errs, side.Close())
		}
	}
	return errors.Join(errs...)
}

// begin starts a stage of the progress.
func (m *mover) begin(stage string, total int64) {
	m.mu.Lock()
	m.stage, m.done, m.total = stage, 0, total
	m.mu.Unlock()
	m.step(0)
}

// step moves the progress on. Both sides of a comparison call it.
func (m *mover) step(n int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done += n
	if m.Progress != nil {
		m.Progress(m.stage, m.done, m.total)
	}
}

// allRows tells how many rows the source holds.
func (m *mover) allRows() (n int64) {
	for _, t := range m.tables {
		n += t.rows
	}
	return n
}
