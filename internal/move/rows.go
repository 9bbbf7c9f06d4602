package move

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash"
	"math"
	"strings"

	"parley/internal/db"
)

// cursor reads a table of one side in the order of its key.
type cursor struct {
	table *table
	rows  *sql.Rows
	raw   []any // what the driver gives
	into  []any // pointers to raw
	row   []any // what next gave last, taken
}

// read begins to read a table after a key; nil = from its first row.
func read(ctx context.Context, side *db.Offline, conn *sql.Conn, t *table, after []any) (*cursor, error) {
	key := side.Order(t.sideKey(side))
	columns := make([]string, len(t.columns))
	for i, c := range t.columns {
		columns[i] = db.Quote(c.name)
	}
	question := "SELECT " + strings.Join(columns, ", ") + " FROM " + db.Quote(t.name)
	if after != nil {
		places := make([]string, len(after))
		for i := range after {
			places[i] = fmt.Sprintf("$%d", i+1)
		}
		question += " WHERE (" + strings.Join(key, ", ") + ") > (" + strings.Join(places, ", ") + ")"
	}
	rows, err := conn.QueryContext(ctx, question+" ORDER BY "+strings.Join(key, ", "), after...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", t.name, err)
	}
	c := &cursor{table: t, rows: rows, raw: make([]any, len(columns)), into: make([]any, len(columns)), row: make([]any, len(columns))}
	for i := range c.raw {
		c.into[i] = &c.raw[i]
	}
	return c, nil
}

// sideKey gives the columns of the key as one side has them.
func (t *table) sideKey(side *db.Offline) []db.Column {
	key := make([]db.Column, t.key)
	for i, c := range t.columns[:t.key] {
		key[i] = db.Column{Name: c.name, Kind: c.from.Kind} // kinds are alike
	}
	return key
}

// next gives the next row, which the one after it overwrites; nil at the end.
func (c *cursor) next() ([]any, error) {
	if !c.rows.Next() {
		if err := c.rows.Err(); err != nil {
			return nil, fmt.Errorf("read %s: %w", c.table.name, err)
		}
		return nil, nil
	}
	if err := c.rows.Scan(c.into...); err != nil {
		return nil, fmt.Errorf("read %s: %w", c.table.name, err)
	}
	var err error
	for i, column := range c.table.columns {
		if c.row[i], err = column.take(c.raw[i]); err != nil {
			return nil, fmt.Errorf("%s, row %s: %w", c.table.name, c.table.keyOf(c.raw), err)
		}
	}
	return c.row, nil
}

func (c *cursor) close() { c.rows.Close() }

// keyOf writes the key of a row for a person. Keys are ids, names of settings and hashes, never what somebody wrote.
func (t *table) keyOf(row []any) string {
	parts := make([]string, t.key)
	for i, c := range t.columns[:t.key] {
		switch v := row[i].(type) {
		case []byte:
			parts[i] = fmt.Sprintf("%s=%x", c.name, v)
		case string:
			parts[i] = fmt.Sprintf("%s=%q", c.name, v)
		default:
			parts[i] = fmt.Sprintf("%s=%v", c.name, v)
		}
	}
	return strings.Join(parts, " ")
}

// size tells roughly how many bytes a row has.
func size(row []any) (n int) {
	for _, v := range row {
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
		n += 8
	}
	return n
}

// digest adds rows to a hash: a letter for the type, the length where it varies, the value. Integers and
// lengths are eight bytes, the highest first; fractions are their IEEE 754 bits.
type digest struct {
	hash.Hash
	buf []byte
}

func newDigest() *digest { return &digest{Hash: sha256.New()} }

func (d *digest) add(row []any) {
	b := append(d.buf[:0], 'r')
	for _, v := range row {
		switch v := v.(type) {
		case nil:
			b = append(b, 'n')
		case int64:
			b = binary.BigEndian.AppendUint64(append(b, 'i'), uint64(v))
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, 'f'), math.Float64bits(v))
		case string:
			b = append(binary.BigEndian.AppendUint64(append(b, 't'), uint64(len(v))), v...)
		case []byte:
			b = append(binary.BigEndian.AppendUint64(append(b, 'b'), uint64(len(v))), v...)
		}
	}
	d.buf = b
	d.Write(b)
}
