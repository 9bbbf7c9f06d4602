package peer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"

	"parley"
	"parley/bench/drive"
	"parley/internal/db"
	"parley/internal/doctor"
	"parley/internal/seal"
	"parley/internal/store"
)

// noted is the file beside a filled folder's database that says what is in it.
const noted = "filled.json"

// filled is what an adapter knows of a folder that it has filled.
type filled struct {
	Stories, Comments, Readers, Authors []parley.ID
}

// Note keeps what is known of a filled folder in it.
func (p *Parley) Note(dir string) error {
	text, err := json.Marshal(filled{p.stories, p.comment, p.readers, p.authors})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, noted), text, 0o600)
}

// Recall gives an adapter for a folder that another has filled and noted. Its readers are not signed in.
func (p *Parley) Recall(dir string) (*Parley, error) {
	text, err := os.ReadFile(filepath.Join(dir, noted))
	if err != nil {
		return nil, err
	}
	var f filled
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, fmt.Errorf("%s in %s: %w", noted, dir, err)
	}
	return &Parley{Program: p.Program, Build: p.Build, Words: p.Words, stories: f.Stories, comment: f.Comments, readers: f.Readers, authors: f.Authors}, nil
}

// Post gives every comment of a filled folder the event that it would have left had it been posted, not imported,
// has them sealed, and has the followers of the log stand at its end, as in a forum that was there all the while. The
// folder must have been served once since it was filled.
func (p *Parley) Post(ctx context.Context, dir string, told func(done int)) (err error) {
	s, err := store.Open(ctx, store.Options{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	err = p.post(ctx, s, dir, told)
	for more := true; more && err == nil; {
		more, err = seal.Once(ctx, s) // so that a server which is measured has none of it to do
	}
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	pool, err := db.OpenOffline(ctx, db.Options{Dir: dir}, db.Alone)
	if err != nil {
		return err
	}
	_, err = pool.Pool.ExecContext(ctx, `UPDATE cursors SET position = (SELECT value FROM counters WHERE name = 'events')`)
	return errors.Join(err, pool.Close())
}

func (p *Parley) post(ctx context.Context, s *store.Store, dir string, told func(done int)) error {
	pool, err := db.OpenOffline(ctx, db.Options{Dir: dir}, db.Look)
	if err != nil {
		return err
	}
	defer pool.Close()
	rows, err := pool.Pool.QueryContext(ctx, `SELECT id, site, story, author, root, parent, answers, created_at FROM comments ORDER BY id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	revision := map[parley.ID]int64{}
	var all []parley.Event
	save := func() error {
		defer func() { all = all[:0] }()
		return s.Write(ctx, 0, func(tx *store.Tx) error {
			for _, e := range all {
				tx.Append(e)
			}
			return nil
		})
	}
	for done := 1; rows.Next(); done++ {
		e := parley.Event{Kind: parley.EventPublished}
		if err := rows.Scan(&e.Subject, &e.Site, &e.Story, &e.Actor, &e.Data.Root, &e.Data.Parent, &e.Data.To, &e.At); err != nil {
			return err
		}
		revision[e.Story]++
		e.Data.Author, e.Data.Revision = e.Actor, revision[e.Story]
		if all = append(all, e); len(all) == 2_000 {
			if err := save(); err != nil {
				return err
			}
			told(done)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return save()
}

// Sound refuses a folder with which anything is wrong.
func (p *Parley) Sound(ctx context.Context, dir string) error {
	report, err := doctor.Examine(ctx, doctor.Options{Dir: dir})
	if err == nil && !report.Sound() {
		err = fmt.Errorf("the filled database is not sound: %+v", report.Findings)
	}
	return err
}

// Places gives requests for that many pages of a story, each of which begins after another thread in its middle.
func (p *Parley) Places(ctx context.Context, dir string, story, n int) (all []drive.Request, err error) {
	pool, err := db.OpenOffline(ctx, db.Options{Dir: dir}, db.Look)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	rows, err := pool.Pool.QueryContext(ctx, `SELECT id FROM comments WHERE story = $1 AND parent = 0`, p.stories[story])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var roots []parley.ID
	for rows.Next() {
		var id parley.ID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		roots = append(roots, id)
	}
	if err := rows.Err(); err != nil || len(roots) < 4*n {
		return nil, fmt.Errorf("the story has %d threads: %w", len(roots), err)
	}
	dice := rand.New(rand.NewPCG(1, uint64(n)))
	for _, i := range dice.Perm(len(roots) / 2)[:n] {
		cursor := parley.Cursor{ID: roots[len(roots)/4+i]}.Encode("newest")
		all = append(all, drive.Request{Path: fmt.Sprintf("/s/%s/comments?cursor=%s", p.stories[story], url.QueryEscape(cursor))})
	}
	return all, nil
}

// Whole asks for the first page of a story in the form in which further pages come.
func (p *Parley) Whole(story int) drive.Request {
	return drive.Request{Path: fmt.Sprintf("/s/%s/comments", p.stories[story])}
}
