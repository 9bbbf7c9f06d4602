// Package doctor examines a whole database: is the file sound, is the schema the one that this program makes,
// do counters say what a recount gives, does anything point to what is not there, is the event log without gaps.
// It reads, and reads beside a running server; only asked to repair it writes, and then only counters.
//
// Each check is one statement and so sees one moment. What a server writes between two checks confuses neither.
package doctor

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley/internal/db"
)

// Options says what to examine.
type Options struct {
	Dir, URL string // as for serving: a postgres:// address, or else a data folder
	Repair   bool   // set counters to what a recount gives; refused while a server runs

	// Progress is told how many checks are done. It may be nil.
	Progress func(stage string, done, total int64)
}

// Report tells what was found.
type Report struct {
	Engine                             db.Engine
	Schema                             int
	Stories, Comments, Readers, Events int64
	Checks                             int
	Sealed                             int64     // the newest event that a seal vouches for
	Digest                             []byte    // of that seal; whoever keeps it elsewhere sees whether the log was made anew
	Findings                           []Finding // none = nothing is wrong
}

// Finding is one thing that is wrong.
type Finding struct {
	What     string   // in words
	Count    int64    // how many rows; 0 when it is about the whole
	Examples []string // the first of them, by id; never what readers wrote
	Mendable bool     // Options.Repair would mend it
	Mended   bool     // it has
}

// Sound tells whether nothing is wrong, or nothing is any more.
func (r *Report) Sound() bool {
	for _, f := range r.Findings {
		if !f.Mended {
			return false
		}
	}
	return true
}

// maxExamples is how many rows are named for a finding: enough to see what they have in common.
const maxExamples = 5

// patient is one examination.
type patient struct {
	*db.Offline
	report  *Report
	counted bool // the schema is this program's, so that counters were examined
}

// Examine runs every check. Findings are no error: an error says that the examination could not be made or ended.
func Examine(ctx context.Context, o Options) (*Report, error) {
	access := db.Look
	if o.Repair {
		access = db.Alone
	}
	offline, err := db.OpenOffline(ctx, db.Options{Dir: o.Dir, URL: o.URL}, access)
	if err != nil {
		return nil, err
	}
	p := &patient{Offline: offline, report: &Report{Engine: offline.Engine()}}
	if err := errors.Join(p.examine(ctx, o), offline.Close()); err != nil {
		return nil, err
	}
	return p.report, nil
}

func (p *patient) examine(ctx context.Context, o Options) error {
	checks, err := p.plan(ctx)
	if err != nil {
		return err
	}
	for i, one := range checks {
		if o.Progress != nil {
			o.Progress("examining", int64(i), int64(len(checks)))
		}
		if err := one(ctx); err != nil {
			return err
		}
	}
	p.report.Checks = len(checks)
	if o.Progress != nil {
		o.Progress("examining", int64(len(checks)), int64(len(checks)))
	}
	if o.Repair && p.counted && !p.report.Sound() {
		return p.repair(ctx)
	}
	return nil
}

// plan lists the checks that this database is ready for.
func (p *patient) plan(ctx context.Context) (checks []func(context.Context) error, err error) {
	checks = engineChecks(p)
	if p.report.Schema, err = p.Version(ctx); err != nil {
		return nil, fmt.Errorf("read the schema's version: %w", err)
	}
	moving, err := p.Has(ctx, db.MoveMarker)
	if err != nil {
		return nil, err
	}
	switch {
	case p.report.Schema == 0:
		return nil, errors.New("there is no forum in this database")
	case moving:
		p.find(Finding{What: "This database is the target of a move that has not finished; run the same parley move again."})
		return checks, nil
	case p.report.Schema != db.Schema:
		p.find(Finding{What: fmt.Sprintf("The schema is %d and this program's is %d: only what does not depend on it was examined.", p.report.Schema, db.Schema)})
		return checks, nil
	}
	p.counted = true
	checks = append(checks, p.size, p.checkSchema, p.checkEvents, p.checkSeals)
	for _, c := range counters {
		checks = append(checks, func(ctx context.Context) error { return p.checkCounter(ctx, c) })
	}
	for _, c := range strays {
		checks = append(checks, func(ctx context.Context) error { return p.list(ctx, Finding{What: c.what}, c.query) })
	}
	return checks, nil
}

func (p *patient) find(f Finding) { p.report.Findings = append(p.report.Findings, f) }

// size counts what the database holds.
func (p *patient) size(ctx context.Context) error {
	err := p.Pool.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM stories), (SELECT count(*) FROM comments), (SELECT count(*) FROM readers), (SELECT count(*) FROM events)`).
		Scan(&p.report.Stories, &p.report.Comments, &p.report.Readers, &p.report.Events)
	if err != nil {
		return fmt.Errorf("count what is there: %w", err)
	}
	return nil
}

// list runs a query that gives one text for each row that is wrong, and makes it a finding when there are any.
func (p *patient) list(ctx context.Context, f Finding, query string, args ...any) error {
	rows, err := p.Pool.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("look for %s: %w", f.What, err)
	}
	defer rows.Close()
	for rows.Next() {
		if f.Count++; len(f.Examples) == maxExamples {
			continue
		}
		var text sql.NullString
		if err := rows.Scan(&text); err != nil {
			return err
		}
		f.Examples = append(f.Examples, text.String)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("look for %s: %w", f.What, err)
	}
	if f.Count > 0 {
		p.find(f)
	}
	return nil
}
