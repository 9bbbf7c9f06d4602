package move

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"

	"parley/internal/db"
)

const (
	// stride is how many rows go by between two words on the progress.
	stride = 1000
	// named is how many rows that differ are named for each table.
	named = 10
)

// compare reads every row of both databases again. Tables whose digests differ are read once more, side by side,
// to name the rows.
func (m *mover) compare(ctx context.Context) error {
	m.begin("comparing", 2*m.allRows())
	different := false
	for i := range m.tables {
		t := &m.tables[i]
		var sides [2]Table
		var errs [2]error
		var reading sync.WaitGroup
		reading.Go(func() { sides[0], errs[0] = m.digest(ctx, m.source, m.from, t) })
		reading.Go(func() { sides[1], errs[1] = m.digest(ctx, m.target, m.to, t) })
		reading.Wait()
		for i, which := range []string{"source", "target"} {
			if errs[i] != nil {
				return fmt.Errorf("the %s: %w", which, errs[i])
			}
		}
		one := sides[0]
		if sides[0].Digest != sides[1].Digest || sides[0].Rows != sides[1].Rows {
			different = true
			var err error
			if one.Different, err = m.differences(ctx, t); err != nil {
				return err
			}
		}
		m.report.Tables = append(m.report.Tables, one)
	}
	if different {
		return ErrDiffers
	}
	return nil
}

// digest reads all of one table.
func (m *mover) digest(ctx context.Context, side *db.Offline, conn *sql.Conn, t *table) (Table, error) {
	one := Table{Name: t.name}
	rows, err := read(ctx, side, conn, t, nil)
	if err != nil {
		return one, err
	}
	defer rows.close()
	sum := newDigest()
	for {
		row, err := rows.next()
		if err != nil {
			return one, err
		}
		if row == nil {
			break
		}
		sum.add(row)
		if one.Rows++; one.Rows%stride == 0 {
			m.step(stride)
		}
	}
	m.step(one.Rows % stride)
	sum.Sum(one.Digest[:0])
	return one, nil
}

// differences reads a table on both sides in step and names the first rows that are not the same.
func (m *mover) differences(ctx context.Context, t *table) (names []string, err error) {
	ours, err := read(ctx, m.source, m.from, t, nil)
	if err != nil {
		return nil, err
	}
	defer ours.close()
	theirs, err := read(ctx, m.target, m.to, t, nil)
	if err != nil {
		return nil, err
	}
	defer theirs.close()
	a, err := ours.next()
	if err != nil {
		return nil, err
	}
	b, err := theirs.next()
	for err == nil && (a != nil || b != nil) && len(names) < named {
		order := t.order(a, b)
		switch {
		case order < 0:
			names = append(names, t.keyOf(a)+": only in the source")
		case order > 0:
			names = append(names, t.keyOf(b)+": only in the target")
		default:
			if columns := t.unlike(a, b); len(columns) > 0 {
				names = append(names, t.keyOf(a)+": "+strings.Join(columns, ", ")+" not the same")
			}
		}
		if order <= 0 {
			a, err = ours.next()
		}
		if order >= 0 && err == nil {
			b, err = theirs.next()
		}
	}
	return names, err
}

// order tells which of two rows comes first by its key; a side that has ended comes last.
func (t *table) order(a, b []any) int {
	if a == nil || b == nil {
		return cmp.Compare(truth(a == nil), truth(b == nil))
	}
	for i := range t.key {
		if order := orderOf(a[i], b[i]); order != 0 {
			return order
		}
	}
	return 0
}

// unlike lists the columns in which two rows differ.
func (t *table) unlike(a, b []any) (names []string) {
	for i, c := range t.columns {
		if (a[i] == nil) != (b[i] == nil) || a[i] != nil && orderOf(a[i], b[i]) != 0 {
			names = append(names, c.name)
		}
	}
	return names
}

// orderOf compares two values of one kind.
func orderOf(a, b any) int {
	switch a := a.(type) {
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	case string:
		return cmp.Compare(a, b.(string))
	}
	return bytes.Compare(a.([]byte), b.([]byte))
}
