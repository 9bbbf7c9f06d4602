package move

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"parley/internal/db"
)

// What the marker notes.
const (
	noteOrigin  = "origin"  // which state of which forum is being moved
	noteEmptied = "emptied" // what the migrations put into the tables is out
	asidePrefix = "aside "  // statements that put back what was set aside, in order
)

// openTarget opens the target. An empty one gets the marker and then the schema; one with the marker goes on.
func (m *mover) openTarget(ctx context.Context, o db.Options) (err error) {
	if m.target, err = db.OpenOffline(ctx, o, db.Fresh); err != nil {
		return fmt.Errorf("the target: %w", err)
	}
	m.report.To = m.target.Engine()
	if m.to, err = m.target.Pool.Conn(ctx); err != nil {
		return fmt.Errorf("the target: %w", err)
	}
	if m.report.Resumed, err = m.unfinished(ctx); err != nil {
		return err
	}
	if !m.report.Resumed {
		err = m.inTarget(ctx, m.mark)
	} else {
		err = m.sameOrigin(ctx)
	}
	if err != nil {
		return err
	}
	emptied, err := m.noted(ctx, noteEmptied)
	if err != nil {
		return err
	}
	if emptied == "" { // afterwards the tables lack what migrations look for
		if err := m.target.Migrate(ctx); err != nil {
			return fmt.Errorf("the target: %w", err)
		}
	}
	version, err := m.target.Version(ctx)
	if err == nil && version != db.Schema {
		err = fmt.Errorf("it was begun by another version of Parley (schema %d, this program's is %d); empty it and move again", version, db.Schema)
	}
	if err != nil {
		return fmt.Errorf("the target: %w", err)
	}
	return nil
}

// unfinished tells whether the target is one that an earlier move began, and refuses one that holds anything else.
func (m *mover) unfinished(ctx context.Context) (bool, error) {
	marked, err := m.target.Has(ctx, db.MoveMarker)
	if err != nil || marked {
		return marked, err
	}
	found, err := m.target.Tables(ctx)
	if err != nil {
		return false, fmt.Errorf("the target: %w", err)
	}
	version, err := m.target.Version(ctx)
	if err != nil {
		return false, fmt.Errorf("the target: %w", err)
	}
	if len(found) > 0 || version > 0 {
		names := make([]string, 0, 3)
		for _, t := range found[:min(3, len(found))] {
			names = append(names, t.Name)
		}
		return false, fmt.Errorf("the target is not empty: it has %d tables (%s, …). A move needs a database of its own, without any", len(found), strings.Join(names, ", "))
	}
	return false, nil
}

// mark makes an empty database the target of this move.
func (m *mover) mark(ctx context.Context) error {
	if m.report.To == db.Postgres { // a server that starts now waits for this with its migrations, or was first
		if err := m.exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('parley'), hashtext(current_schema()))"); err != nil {
			return err
		}
		if _, err := m.unfinished(ctx); err != nil {
			return err
		}
	}
	if err := m.exec(ctx, "CREATE TABLE "+db.MoveMarker+" (name TEXT PRIMARY KEY, value TEXT NOT NULL)"); err != nil {
		return fmt.Errorf("the target: %w", err)
	}
	return m.note(ctx, noteOrigin, m.origin)
}

func (m *mover) sameOrigin(ctx context.Context) error {
	begun, err := m.noted(ctx, noteOrigin)
	if err == nil && begun != m.origin {
		err = fmt.Errorf("the target holds part of another state (%s) than the source has now (%s): the source was served since the move began, or it is another one; empty the target and move again", begun, m.origin)
	}
	return err
}

// empty takes out what the migrations have put in, and sets aside what only slows the filling down.
func (m *mover) empty(ctx context.Context) error {
	if done, err := m.noted(ctx, noteEmptied); err != nil || done != "" {
		return err
	}
	return m.inTarget(ctx, func(ctx context.Context) error {
		if err := m.setAside(ctx); err != nil {
			return fmt.Errorf("the target: %w", err)
		}
		for _, t := range m.tables {
			if err := m.exec(ctx, "DELETE FROM "+db.Quote(t.name)); err != nil {
				return fmt.Errorf("the target: empty %s: %w", t.name, err)
			}
		}
		return m.note(ctx, noteEmptied, "yes")
	})
}

// finish opens the target to servers.
func (m *mover) finish(ctx context.Context) error {
	if err := m.exec(ctx, "DROP TABLE "+db.MoveMarker); err != nil {
		return fmt.Errorf("the target: %w", err)
	}
	if m.report.To == db.Postgres {
		if err := m.exec(ctx, "ANALYZE"); err != nil {
			return fmt.Errorf("the move is finished, but the target's statistics were not made (ANALYZE): %w", err)
		}
	}
	return nil
}

// inTarget runs fn in a transaction.
func (m *mover) inTarget(ctx context.Context, fn func(context.Context) error) error {
	if err := m.exec(ctx, "BEGIN"); err != nil {
		return fmt.Errorf("the target: %w", err)
	}
	if err := fn(ctx); err != nil {
		return errors.Join(err, m.exec(context.WithoutCancel(ctx), "ROLLBACK"))
	}
	if err := m.exec(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("the target: %w", err)
	}
	return nil
}

func (m *mover) exec(ctx context.Context, statement string, args ...any) error {
	_, err := m.to.ExecContext(ctx, statement, args...)
	return err
}

// note keeps something in the marker.
func (m *mover) note(ctx context.Context, name, value string) error {
	if err := m.exec(ctx, "INSERT INTO "+db.MoveMarker+" (name, value) VALUES ($1, $2)", name, value); err != nil {
		return fmt.Errorf("the target: note how far the move is: %w", err)
	}
	return nil
}

// noted gives what note kept, or "".
func (m *mover) noted(ctx context.Context, name string) (value string, err error) {
	err = m.to.QueryRowContext(ctx, "SELECT COALESCE(max(value), '') FROM "+db.MoveMarker+" WHERE name = $1", name).Scan(&value)
	if err != nil {
		return "", fmt.Errorf("the target: read how far the move is: %w", err)
	}
	return value, nil
}

// rehearse reads everything, so that what cannot be moved is found, and looks whether the target may be filled.
func (m *mover) rehearse(ctx context.Context, to db.Options) error {
	if err := m.lookAtTarget(ctx, to); err != nil {
		return err
	}
	m.begin("reading", m.allRows())
	for i := range m.tables {
		t := &m.tables[i]
		if err := t.pair(t.source); err != nil {
			return err
		}
		one, err := m.digest(ctx, m.source, m.from, t)
		if err != nil {
			return fmt.Errorf("the source: %w", err)
		}
		m.report.Tables = append(m.report.Tables, one)
	}
	return nil
}

func (m *mover) lookAtTarget(ctx context.Context, to db.Options) (err error) {
	m.report.To = db.Postgres
	if to.URL == "" {
		m.report.To = db.SQLite
		if _, err := os.Stat(filepath.Join(to.Dir, "parley.db")); errors.Is(err, os.ErrNotExist) {
			return nil
		}
	}
	if m.target, err = db.OpenOffline(ctx, to, db.Look); err != nil {
		return fmt.Errorf("the target: %w", err)
	}
	m.report.Resumed, err = m.unfinished(ctx)
	return err
}
