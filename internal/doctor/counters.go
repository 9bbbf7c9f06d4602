package doctor

import (
	"context"
	"errors"
	"fmt"
)

// counter is a number that a row keeps of others, so that nobody counts when a page is read.
type counter struct {
	what    string
	table   string
	column  string
	recount string // what it must be, of row t
}

// counters lists every number of that kind, each before those that are counted from it.
var counters = []counter{
	{"stories whose number of comments is wrong", "stories", "comments",
		`SELECT count(*) FROM comments c WHERE c.story = t.id AND c.state = 'published'`},
	{"stories whose number of threads is wrong", "stories", "threads",
		`SELECT count(*) FROM comments c WHERE c.story = t.id AND c.parent = 0 AND c.depth = 1 AND c.state IN ('published', 'removed', 'withdrawn')`},
	{"readers whose number of comments is wrong", "readers", "comments",
		`SELECT count(*) FROM comments c WHERE c.author = t.id AND c.state = 'published'`},
	{"threads whose number of replies is wrong", "comments", "replies",
		`SELECT count(*) FROM comments c WHERE t.parent = 0 AND c.root = t.id AND c.parent <> 0 AND c.state IN ('published', 'removed', 'withdrawn') AND c.state = 'published'`},
	{"comments whose number of recommendations is wrong", "comments", "recommendations",
		`SELECT count(*) FROM recommendations m WHERE m.comment = t.id AND m.signal = 1`},
	{"passages whose number of threads is wrong", "passages", "threads",
		`SELECT count(*) FROM comments c WHERE c.passage = t.id AND c.passage <> 0 AND c.parent = 0 AND c.state = 'published'`},
	{"passages whose number of comments is wrong", "passages", "comments",
		`SELECT COALESCE(sum(1 + c.replies), 0) FROM comments c WHERE c.passage = t.id AND c.passage <> 0 AND c.parent = 0 AND c.state = 'published'`},
	{"stories whose number of passages is wrong", "stories", "passages",
		`SELECT count(*) FROM passages w WHERE w.story = t.id AND w.threads > 0`},
	{"stories whose number of sequels is wrong", "stories", "sequels",
		`SELECT count(*) FROM sequels w WHERE w.story = t.id AND w.ended = 0`},
	{"stories whose number of corrections is wrong", "stories", "corrections",
		`SELECT count(*) FROM corrections w WHERE w.story = t.id AND w.state = 'accepted'`},
	{"questions whose number of readers is wrong", "questions", "readers",
		`SELECT count(DISTINCT a.reader) FROM answers a JOIN readers r ON r.id = a.reader AND r.confirmed_at > 0 WHERE a.question = t.id AND a.version = t.version`},
}

func (p *patient) checkCounter(ctx context.Context, c counter) error {
	return p.list(ctx, Finding{What: c.what, Mendable: true}, fmt.Sprintf(
		`SELECT '%[1]s ' || t.id || ': ' || t.%[2]s || ', a recount gives ' || (%[3]s) FROM %[1]s t WHERE t.%[2]s <> (%[3]s) ORDER BY t.id`, c.table, c.column, c.recount))
}

// repair sets every counter to its recount, in one transaction. All stories get a new revision, so that no page
// with the old numbers is taken for current.
func (p *patient) repair(ctx context.Context) (err error) {
	tx, err := p.Pool.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin to repair: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	mended := map[string]bool{}
	for _, c := range counters {
		result, err := tx.ExecContext(ctx, fmt.Sprintf(`UPDATE %[1]s AS t SET %[2]s = (%[3]s) WHERE t.%[2]s <> (%[3]s)`, c.table, c.column, c.recount))
		if err != nil {
			return fmt.Errorf("repair %s.%s: %w", c.table, c.column, err)
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		mended[c.what] = n > 0
	}
	if _, err := tx.ExecContext(ctx, `UPDATE stories SET revision = revision + 1`); err != nil {
		return fmt.Errorf("raise the revisions: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("save the repair: %w", err)
	}
	for i := range p.report.Findings {
		f := &p.report.Findings[i]
		f.Mended = f.Mendable && mended[f.What]
	}
	return nil
}
