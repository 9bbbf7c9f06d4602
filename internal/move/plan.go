package move

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/db"
)

// table is one table on its way.
type table struct {
	name    string
	source  db.Table
	rows    int64    // in the source
	columns []column // those of the key first
	key     int      // how many columns make the key
}

// column is what a value must be. Kind is the same on both sides, but that a truth value may be a number on
// one of them.
type column struct {
	name     string
	from, to db.Column
}

// pair joins every table of the source with the target's, column by column.
func (m *mover) pair(ctx context.Context) error {
	found, err := m.target.Tables(ctx)
	if err != nil {
		return fmt.Errorf("the target: %w", err)
	}
	targets := map[string]db.Table{leases: {}}
	for _, t := range found {
		targets[t.Name] = t
	}
	for i := range m.tables {
		t := &m.tables[i]
		target, there := targets[t.name]
		if !there {
			return fmt.Errorf("the target has no table %s", t.name)
		}
		if err := t.pair(target); err != nil {
			return err
		}
		delete(targets, t.name)
	}
	delete(targets, leases)
	for name := range targets {
		return fmt.Errorf("the source has no table %s", name)
	}
	return nil
}

// pair fills in columns and key.
func (t *table) pair(target db.Table) error {
	if len(t.source.Key) == 0 || !slices.Equal(t.source.Key, target.Key) {
		return fmt.Errorf("the table %s has no primary key that is the same on both sides", t.name)
	}
	if len(t.source.Columns) != len(target.Columns) {
		return fmt.Errorf("the table %s does not have the same columns on both sides", t.name)
	}
	names := slices.Clone(t.source.Key)
	for _, c := range t.source.Columns {
		if !slices.Contains(t.source.Key, c.Name) {
			names = append(names, c.Name)
		}
	}
	t.key = len(t.source.Key)
	slices.Sort(names[t.key:])
	t.columns = make([]column, len(names))
	for i, name := range names {
		from, _ := t.source.Column(name)
		to, there := target.Column(name)
		switch {
		case !there:
			return fmt.Errorf("the target's table %s has no column %s", t.name, name)
		case from.Kind == "" || to.Kind == "" || !alike(from.Kind, to.Kind):
			return fmt.Errorf("%s.%s is %s on one side and %s on the other, which this program cannot move", t.name, name, from.Type, to.Type)
		}
		t.columns[i] = column{name: name, from: from, to: to}
	}
	return nil
}

func alike(a, b db.Kind) bool {
	number := func(k db.Kind) bool { return k == db.Int || k == db.Bool }
	return a == b || number(a) && number(b)
}

// names lists the columns.
func (t *table) names() []string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return names
}

// take checks a value that a side gave for the column and brings it into the form that both sides share: nil,
// int64 (also for truth values), string, []byte or float64.
func (c column) take(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case bool:
		if c.from.Kind == db.Bool || c.to.Kind == db.Bool {
			return truth(v), nil
		}
	case int64:
		switch {
		case c.from.Kind == db.Bool || c.to.Kind == db.Bool:
			if v == 0 || v == 1 {
				return v, nil
			}
			return nil, fmt.Errorf("%s holds %d where a truth value belongs", c.name, v)
		case c.from.Kind == db.Int:
			return v, nil
		case c.from.Kind == db.Float:
			return float64(v), nil
		}
	case float64:
		if c.from.Kind == db.Float {
			return v, nil
		}
	case string:
		switch {
		case c.from.Kind != db.Text:
		case strings.ContainsRune(v, 0):
			return nil, fmt.Errorf("%s holds a NUL character, which PostgreSQL cannot store", c.name)
		case !utf8.ValidString(v):
			return nil, fmt.Errorf("%s holds bytes that are no UTF-8, which PostgreSQL cannot store", c.name)
		default:
			return v, nil
		}
	case []byte:
		if c.from.Kind == db.Bytes {
			return append([]byte{}, v...), nil // the driver gives nil for none, and nil is NULL to the other one
		}
	}
	return nil, fmt.Errorf("%s holds %s where %s belongs", c.name, called(v), c.from.Kind)
}

// give turns a taken value into what the target's column wants.
func (c column) give(v any) any {
	if n, ok := v.(int64); ok && c.to.Kind == db.Bool {
		return n == 1
	}
	return v
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// called names what SQLite found in a column of another type.
func called(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case []byte:
		return "bytes"
	case int64:
		return "an integer"
	case float64:
		return "a fraction"
	}
	return fmt.Sprintf("a %T", v)
}
