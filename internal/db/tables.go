package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// migrationTable is where the migrations that have run are noted.
const migrationTable = "goose_db_version"

// Kind is what a column holds.
type Kind string

// The kinds, the same on both engines.
const (
	Int   Kind = "integer" // int64
	Text  Kind = "text"    // string
	Bytes Kind = "bytes"   // []byte
	Bool  Kind = "truth"   // bool
	Float Kind = "float"   // float64
)

// kinds reads the names that both engines have for their types.
var kinds = map[string]Kind{
	"integer": Int, "bigint": Int, "int": Int, "smallint": Int,
	"text": Text, "character varying": Text,
	"blob": Bytes, "bytea": Bytes,
	"boolean": Bool,
	"real":    Float, "double precision": Float,
}

// Column is one column of a table.
type Column struct {
	Name string
	Kind Kind
	Type string // as the engine calls it; Kind is "" when it is none of those above
}

// Table is one table as the database describes it.
type Table struct {
	Name    string
	Columns []Column // in no particular order; those that the database computes are left out
	Key     []string // the columns of the primary key, in its order
}

// Has tells whether there is a table of this name.
func (f *Offline) Has(ctx context.Context, table string) (there bool, err error) {
	question := "SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = $1"
	if f.engine == Postgres {
		question = "SELECT count(*) > 0 FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace AND relname = $1"
	}
	err = f.Pool.QueryRowContext(ctx, question, table).Scan(&there)
	return there, err
}

// What each engine tells of its tables: table, column, type, place in the key (0 = none), ordered so that the
// columns of a key come in its order.
const (
	sqliteColumns = `SELECT t.name, c.name, lower(c.type), c.pk FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) c
		WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND c.hidden = 0 ORDER BY t.name, c.pk, c.cid`
	postgresColumns = `SELECT t.relname, c.attname, split_part(format_type(c.atttypid, NULL), '(', 1), COALESCE(array_position(k.indkey::int2[], c.attnum), -1) + 1
		FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped AND c.attgenerated = ''
		LEFT JOIN pg_index k ON k.indrelid = t.oid AND k.indisprimary
		WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname COLLATE "C", 4, c.attnum`
)

// foreign tells whether a table is not Parley's own: the notes of its migrations and moves, and what Litestream
// keeps in a database that it copies.
func foreign(table string) bool {
	return table == migrationTable || table == MoveMarker || strings.HasPrefix(table, "_litestream_")
}

// Tables lists Parley's tables by name.
func (f *Offline) Tables(ctx context.Context) ([]Table, error) {
	question := sqliteColumns
	if f.engine == Postgres {
		question = postgresColumns
	}
	rows, err := f.Pool.QueryContext(ctx, question)
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	defer rows.Close()
	var all []Table
	for rows.Next() {
		var table, place = "", 0
		var c Column
		if err := rows.Scan(&table, &c.Name, &c.Type, &place); err != nil {
			return nil, err
		}
		if foreign(table) {
			continue
		}
		if len(all) == 0 || all[len(all)-1].Name != table {
			all = append(all, Table{Name: table})
		}
		t := &all[len(all)-1]
		c.Kind = kinds[c.Type]
		t.Columns = append(t.Columns, c)
		if place > 0 {
			t.Key = append(t.Key, c.Name)
		}
	}
	slices.SortFunc(all, func(a, b Table) int { return strings.Compare(a.Name, b.Name) })
	return all, rows.Err()
}

// Column gives the column of this name.
func (t Table) Column(name string) (Column, bool) {
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return Column{}, false
	}
	return t.Columns[i], true
}

// Quote writes a name so that no word of SQL is taken for it.
func Quote(name string) string { return pgx.Identifier{name}.Sanitize() }

// Order writes the columns as the order in which both engines put the same rows: by number, byte for byte.
func (f *Offline) Order(columns []Column) []string {
	terms := make([]string, len(columns))
	for i, c := range columns {
		terms[i] = Quote(c.Name)
		if f.engine == Postgres && c.Kind == Text {
			terms[i] += ` COLLATE "C"`
		}
	}
	return terms
}

// Append adds rows to a table until next gives none, in the transaction that is open on conn: by COPY on
// PostgreSQL, and tells how many.
func (f *Offline) Append(ctx context.Context, conn *sql.Conn, table string, columns []string, next func() ([]any, error)) (n int64, err error) {
	if f.engine == Postgres {
		err = conn.Raw(func(driver any) error {
			n, err = driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(next))
			return err
		})
		return n, err
	}
	names, places := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i], places[i] = Quote(c), "?"
	}
	insert, err := conn.PrepareContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", Quote(table), strings.Join(names, ", "), strings.Join(places, ", ")))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	for {
		row, err := next()
		if err != nil || row == nil {
			return n, err
		}
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return n, err
		}
		n++
	}
}
