package doctor

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/db"
)

// Size is how much room one table or index takes.
type Size struct {
	Table string // whose it is
	Index string // "" = the rows themselves, with what stands beside them because it is long
	Bytes int64  // whole pages
}

// Sizes tells what a database takes on the disk, and what for.
type Sizes struct {
	Engine db.Engine
	Whole  int64  // of the file, or of the database; the log of writing is not in it
	Free   int64  // of the whole, pages that SQLite will use again
	Text   int64  // what readers wrote, in bytes of UTF-8: all comments, without earlier texts of theirs
	Parts  []Size // the largest first
}

// What each engine tells of its tables and indexes.
const (
	sqliteSizes = `SELECT m.tbl_name, CASE WHEN m.type = 'index' THEN m.name ELSE '' END, s.pgsize
		FROM dbstat s JOIN sqlite_master m ON m.name = s.name WHERE s.aggregate = TRUE ORDER BY 3 DESC, 1, 2`
	postgresSizes = `SELECT t.relname, '', pg_table_size(t.oid) FROM pg_class t WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace
		UNION ALL SELECT t.relname, i.relname, pg_relation_size(i.oid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
			WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace ORDER BY 3 DESC, 1, 2`
)

// Weigh reads every page once and tells what takes how much room. It may run beside a server.
func Weigh(ctx context.Context, o Options) (_ *Sizes, err error) {
	p, err := db.OpenOffline(ctx, db.Options{Dir: o.Dir, URL: o.URL}, db.Look)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	s := &Sizes{Engine: p.Engine()}
	parts, whole := sqliteSizes, `SELECT c.page_count * s.page_size, f.freelist_count * s.page_size FROM pragma_page_count c, pragma_page_size s, pragma_freelist_count f`
	if s.Engine == db.Postgres {
		parts, whole = postgresSizes, `SELECT pg_database_size(current_database()), 0`
	}
	if err := p.Pool.QueryRowContext(ctx, whole).Scan(&s.Whole, &s.Free); err != nil {
		return nil, fmt.Errorf("ask how large the database is: %w", err)
	}
	if err := p.Pool.QueryRowContext(ctx, `SELECT COALESCE(sum(octet_length(body)), 0) FROM comments`).Scan(&s.Text); err != nil {
		return nil, fmt.Errorf("weigh the comments: %w", err)
	}
	rows, err := p.Pool.QueryContext(ctx, parts)
	if err != nil {
		return nil, fmt.Errorf("weigh tables and indexes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var one Size
		if err := rows.Scan(&one.Table, &one.Index, &one.Bytes); err != nil {
			return nil, err
		}
		s.Parts = append(s.Parts, one)
	}
	return s, rows.Err()
}
