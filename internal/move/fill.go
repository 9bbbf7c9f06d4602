package move

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/internal/db"
)

// A transaction of the target ends at the row that reaches one of these. It bounds what is lost when the move is
// broken off, and the log that the target keeps; memory is bounded by one row.
const batchBytes = 16 << 20

var batchRows = 20_000

// fill brings every table over.
func (m *mover) fill(ctx context.Context) error {
	m.begin("moving", m.allRows())
	for i := range m.tables {
		if err := m.fillTable(ctx, &m.tables[i]); err != nil {
			return err
		}
	}
	return nil
}

// fillTable goes on after the last row that the target has.
func (m *mover) fillTable(ctx context.Context, t *table) error {
	last, have, err := m.last(ctx, t)
	if err != nil {
		return fmt.Errorf("the target: look how far %s is: %w", t.name, err)
	}
	m.step(have)
	rows, err := read(ctx, m.source, m.from, t, last)
	if err != nil {
		return fmt.Errorf("the source: %w", err)
	}
	defer rows.close()
	for ended := false; !ended; {
		var n int64
		err := m.inTarget(ctx, func(ctx context.Context) (err error) {
			n, ended, err = m.batch(ctx, t, rows)
			return err
		})
		if err != nil {
			return err
		}
		m.step(n)
	}
	return nil
}

// batch adds rows until a transaction is large enough or the source has no more.
func (m *mover) batch(ctx context.Context, t *table, rows *cursor) (n int64, ended bool, err error) {
	bytes, count := 0, 0
	var broken error // of the source; the target's word for it says nothing
	row := make([]any, len(t.columns))
	n, err = m.target.Append(ctx, m.to, t.name, t.names(), func() ([]any, error) {
		if bytes >= batchBytes || count >= batchRows {
			return nil, nil
		}
		taken, err := rows.next()
		if err != nil {
			broken = fmt.Errorf("the source: %w", err)
			return nil, err
		}
		if taken == nil {
			ended = true
			return nil, nil
		}
		bytes, count = bytes+size(taken), count+1
		for i, c := range t.columns {
			row[i] = c.give(taken[i])
		}
		return row, nil
	})
	if broken != nil {
		return n, ended, broken
	}
	if err != nil {
		return n, ended, fmt.Errorf("the target: fill %s: %w", t.name, err)
	}
	return n, ended, nil
}

// last gives the key of the target's last row, nil when it has none, and how many it has.
func (m *mover) last(ctx context.Context, t *table) (key []any, rows int64, err error) {
	if err := m.to.QueryRowContext(ctx, "SELECT count(*) FROM "+db.Quote(t.name)).Scan(&rows); err != nil || rows == 0 {
		return nil, 0, err
	}
	columns, order := make([]string, t.key), m.target.Order(t.sideKey(m.target))
	key, into := make([]any, t.key), make([]any, t.key)
	for i := range columns {
		columns[i], into[i] = db.Quote(t.columns[i].name), &key[i]
		order[i] += " DESC"
	}
	err = m.to.QueryRowContext(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM "+db.Quote(t.name)+" ORDER BY "+strings.Join(order, ", ")+" LIMIT 1").Scan(into...)
	return key, rows, err
}

// What stands in the target beside the rows and is cheaper to make once at the end: the statement that takes it
// away, and the one that puts it back.
var asides = map[db.Engine]string{
	db.SQLite: `SELECT 'DROP INDEX "' || name || '"', sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name`,
	db.Postgres: `SELECT gone, back FROM (
		SELECT 2 AS turn, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS gone,
			format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS back
			FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
		UNION ALL
		SELECT 1, format('DROP INDEX %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
			FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = current_schema()::regnamespace
			AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
	) AS asides ORDER BY turn, back`,
}

// setAside takes away foreign keys and indexes and notes how to put them back.
func (m *mover) setAside(ctx context.Context) error {
	rows, err := m.to.QueryContext(ctx, asides[m.report.To])
	if err != nil {
		return err
	}
	defer rows.Close()
	var gone, back []string
	for rows.Next() {
		var one, two string
		if err := rows.Scan(&one, &two); err != nil {
			return err
		}
		gone, back = append(gone, one), append(back, two)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for i := range slices.Backward(gone) { // a foreign key may lean on an index
		if err := m.exec(ctx, gone[i]); err != nil {
			return fmt.Errorf("%s: %w", gone[i], err)
		}
		if err := m.note(ctx, fmt.Sprintf("%s%04d", asidePrefix, i), back[i]); err != nil {
			return err
		}
	}
	return nil
}

// putBack makes the indexes and the foreign keys again, each in a transaction with its note.
func (m *mover) putBack(ctx context.Context) error {
	var waiting int64
	err := m.to.QueryRowContext(ctx, "SELECT count(*) FROM "+db.MoveMarker+" WHERE name LIKE $1", asidePrefix+"%").Scan(&waiting)
	if err != nil {
		return fmt.Errorf("the target: read how far the move is: %w", err)
	}
	m.begin("building indexes", waiting)
	for range waiting {
		err := m.inTarget(ctx, func(ctx context.Context) error {
			var name, statement string
			err := m.to.QueryRowContext(ctx, "SELECT name, value FROM "+db.MoveMarker+" WHERE name LIKE $1 ORDER BY name LIMIT 1", asidePrefix+"%").Scan(&name, &statement)
			if err == nil {
				err = m.exec(ctx, statement)
			}
			if err == nil {
				err = m.exec(ctx, "DELETE FROM "+db.MoveMarker+" WHERE name = $1", name)
			}
			if err != nil {
				return fmt.Errorf("the target: %s: %w", statement, err)
			}
			return nil
		})
		if err != nil {
			return err
		}
		m.step(1)
	}
	return m.checkKeys(ctx)
}

// checkKeys looks for rows that point nowhere, which SQLite does not do when rows come in.
func (m *mover) checkKeys(ctx context.Context) error {
	if m.report.To != db.SQLite {
		return nil
	}
	var table, parent string
	var n int64
	err := m.to.QueryRowContext(ctx, `SELECT count(*), COALESCE(max("table"), ''), COALESCE(max(parent), '') FROM pragma_foreign_key_check`).Scan(&n, &table, &parent)
	if err == nil && n > 0 {
		err = fmt.Errorf("%d rows point to rows that are not there, from %s to %s for instance; look at the source with parley doctor", n, table, parent)
	}
	if err != nil {
		return fmt.Errorf("the target: %w", err)
	}
	return nil
}
