// Package look reads what a forum holds: straight from its database, and as its API and pages show it.
package look

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"

	"parley"
	"parley/cmd/torture/internal/journal"
)

// Place says where a database is.
type Place struct {
	File string // of SQLite
	URL  string // of PostgreSQL; "" = SQLite
}

func (p Place) open() (*sql.DB, error) {
	if p.URL != "" {
		return sql.Open("pgx", p.URL)
	}
	return sql.Open("sqlite", "file:"+(&url.URL{Path: p.File}).EscapedPath()+"?_pragma=busy_timeout(5000)&_pragma=query_only(1)")
}

// Database reads one moment of a database, beside whoever uses it.
func Database(ctx context.Context, p Place) (*journal.Snapshot, error) {
	db, err := p.open()
	if err != nil {
		return nil, err
	}
	defer db.Close()
	options := &sql.TxOptions{ReadOnly: true}
	if p.URL != "" {
		options.Isolation = sql.LevelRepeatableRead
	}
	tx, err := db.BeginTx(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("look at the database: %w", err)
	}
	defer tx.Rollback()
	r := reader{ctx: ctx, tx: tx, s: &journal.Snapshot{
		Comments: map[string]journal.Row{}, Stories: map[string]journal.Counts{}, Readers: map[string]int{},
		Recommended: map[journal.Mark]bool{}, Followed: map[journal.Mark]bool{}, Decisions: map[string][]string{},
		Reasons: map[string]string{}, Keys: map[journal.Mark]string{}, Earlier: map[string]int{},
	}}
	for _, part := range []func() error{r.comments, r.counters, r.marks, r.rest, r.events} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	if p.URL == "" {
		err = r.soundness()
	}
	return r.s, err
}

type reader struct {
	ctx context.Context
	tx  *sql.Tx
	s   *journal.Snapshot
}

// each runs a query and hands every row to take, which scans it.
func (r *reader) each(query string, take func(scan func(...any) error) error) error {
	rows, err := r.tx.QueryContext(r.ctx, query)
	if err != nil {
		return fmt.Errorf("look at the database: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows.Scan); err != nil {
			return fmt.Errorf("look at the database: %w", err)
		}
	}
	return rows.Err()
}

// none turns the id 0 into none.
func none(id string) string {
	if id == "0" {
		return ""
	}
	return id
}

func (r *reader) comments() error {
	err := r.each(`SELECT id, story, root, parent, author, body, state, recommendations, replies, reason FROM comments`, func(scan func(...any) error) error {
		var id, parent string
		var c journal.Row
		var reason int
		err := scan(&id, &c.Story, &c.Root, &parent, &c.Author, &c.Body, &c.State, &c.Recommendations, &c.Replies, &reason)
		c.Parent, c.Reason = none(parent), reason != 0
		r.s.Comments[id] = c
		return err
	})
	if err != nil {
		return err
	}
	return r.each(`SELECT comment, count(*) FROM earlier_texts GROUP BY comment`, func(scan func(...any) error) error {
		var id string
		var n int
		err := scan(&id, &n)
		r.s.Earlier[id] = n
		return err
	})
}

func (r *reader) counters() error {
	err := r.each(`SELECT id, comments, threads, revision FROM stories`, func(scan func(...any) error) error {
		var id string
		var c journal.Counts
		err := scan(&id, &c.Comments, &c.Threads, &c.Revision)
		r.s.Stories[id] = c
		return err
	})
	if err != nil {
		return err
	}
	return r.each(`SELECT id, comments FROM readers`, func(scan func(...any) error) error {
		var id string
		var n int
		err := scan(&id, &n)
		r.s.Readers[id] = n
		return err
	})
}

func (r *reader) marks() error {
	for query, into := range map[string]map[journal.Mark]bool{
		`SELECT reader, comment FROM recommendations`:              r.s.Recommended,
		`SELECT reader, target FROM follows WHERE kind = 'thread'`: r.s.Followed,
	} {
		err := r.each(query, func(scan func(...any) error) error {
			var m journal.Mark
			err := scan(&m.Reader, &m.Target)
			into[m] = true
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) rest() error {
	err := r.each(`SELECT comment, action FROM decisions ORDER BY id`, func(scan func(...any) error) error {
		var id, action string
		err := scan(&id, &action)
		r.s.Decisions[id] = append(r.s.Decisions[id], action)
		return err
	})
	if err != nil {
		return err
	}
	err = r.each(`SELECT comment, reader FROM answers WHERE comment <> 0`, func(scan func(...any) error) error {
		var id, reader string
		err := scan(&id, &reader)
		r.s.Reasons[id] = reader
		return err
	})
	if err != nil {
		return err
	}
	return r.each(`SELECT reader, key, comment FROM idempotency`, func(scan func(...any) error) error {
		var m journal.Mark
		var id string
		err := scan(&m.Reader, &m.Target, &id)
		r.s.Keys[m] = id
		return err
	})
}

func (r *reader) events() error {
	err := r.each(`SELECT value FROM counters WHERE name = 'events'`, func(scan func(...any) error) error { return scan(&r.s.Counter) })
	if err != nil {
		return err
	}
	return r.each(`SELECT id, story, kind, subject, actor, data FROM events ORDER BY id`, func(scan func(...any) error) error {
		var e journal.Event
		var story string
		var data string
		if err := scan(&e.ID, &story, &e.Kind, &e.Subject, &e.Actor, &data); err != nil {
			return err
		}
		var more parley.Event // its numbers do not depend on whose they are
		err := more.Unpack(data)
		e.Story, e.Count, e.Revision = none(story), more.Data.Count, more.Data.Revision
		r.s.Events = append(r.s.Events, e)
		return err
	})
}

// soundness has SQLite look through its file.
func (r *reader) soundness() error {
	for what, query := range map[string]string{
		"the file":      `SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'`,
		"a foreign key": `SELECT "table" || ' ' || COALESCE(rowid, '') || ' to ' || parent FROM pragma_foreign_key_check`,
	} {
		err := r.each(query, func(scan func(...any) error) error {
			var fault string
			err := scan(&fault)
			r.s.Faults = append(r.s.Faults, what+": "+fault)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
