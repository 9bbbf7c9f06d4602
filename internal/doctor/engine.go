package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"

	"parley/internal/db"
)

// engineChecks are those that each engine brings of its own.
func engineChecks(p *patient) []func(context.Context) error {
	if p.Engine() == db.SQLite {
		return []func(context.Context) error{p.checkFile, p.checkKeys}
	}
	return []func(context.Context) error{p.checkIndexes, p.checkServer}
}

// checkFile has SQLite read every page: trees, indexes against rows, every constraint.
func (p *patient) checkFile(ctx context.Context) error {
	return p.list(ctx, Finding{What: "faults of the database file; restore a backup"},
		`SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'`)
}

func (p *patient) checkKeys(ctx context.Context) error {
	return p.list(ctx, Finding{What: "rows that point to a row that is not there"},
		`SELECT "table" || COALESCE(' ' || rowid, '') || ', to ' || parent FROM pragma_foreign_key_check`)
}

func (p *patient) checkIndexes(ctx context.Context) error {
	return p.list(ctx, Finding{What: "indexes and constraints that PostgreSQL does not hold to be valid"},
		`SELECT 'index ' || i.indexrelid::regclass FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
			WHERE c.relnamespace = current_schema()::regnamespace AND NOT (i.indisvalid AND i.indisready)
		UNION ALL SELECT 'constraint ' || conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND NOT convalidated`)
}

// checkServer looks for settings under which an acknowledged comment can be lost, and for pages that came back
// from the disk other than they were written (counted only where the server keeps checksums).
func (p *patient) checkServer(ctx context.Context) error {
	return p.list(ctx, Finding{What: "settings and counts of the server under which saved comments can be lost"},
		`SELECT name || ' = ' || setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'
		UNION ALL SELECT checksum_failures || ' pages with a wrong checksum' FROM pg_stat_database WHERE datname = current_database() AND checksum_failures > 0`)
}

// model gives the parts of the schema that the migrations make in an empty database. They are the same whenever
// this program asks.
var model = sync.OnceValues(func() (all []string, err error) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "parley-doctor-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	empty, err := db.OpenOffline(ctx, db.Options{Dir: dir}, db.Fresh)
	if err != nil {
		return nil, err
	}
	if err = empty.Migrate(ctx); err == nil {
		all, err = parts(ctx, empty)
	}
	return all, errors.Join(err, empty.Close())
})

// checkSchema compares tables, columns and indexes with those of the model.
func (p *patient) checkSchema(ctx context.Context) error {
	want, err := model()
	if err != nil {
		return fmt.Errorf("make an empty database to compare with: %w", err)
	}
	have, err := parts(ctx, p.Offline)
	if err != nil {
		return err
	}
	f := Finding{What: "parts of the schema that are missing"}
	for _, part := range want {
		if _, there := slices.BinarySearch(have, part); there {
			continue
		}
		if f.Count++; len(f.Examples) < maxExamples {
			f.Examples = append(f.Examples, part)
		}
	}
	if f.Count > 0 {
		p.find(f)
	}
	return nil
}

// parts lists tables, columns and named indexes, sorted.
func parts(ctx context.Context, o *db.Offline) (all []string, err error) {
	tables, err := o.Tables(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		all = append(all, "table "+t.Name)
		for _, c := range t.Columns {
			all = append(all, "column "+t.Name+"."+c.Name)
		}
	}
	question := `SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`
	if o.Engine() == db.Postgres {
		question = `SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()`
	}
	rows, err := o.Pool.QueryContext(ctx, question)
	if err != nil {
		return nil, fmt.Errorf("list the indexes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		all = append(all, "index "+name)
	}
	slices.Sort(all)
	return all, rows.Err()
}
