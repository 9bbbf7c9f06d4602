package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/internal/db"
	"parley/internal/trace"
)

// Append adds an event to the transaction. Its id is given at the commit; At is the transaction's moment
// unless set.
func (tx *Tx) Append(e parley.Event) {
	if e.At == 0 {
		e.At = tx.Now
	}
	tx.q.Leave(made{e, trace.Of(tx.Context()).Place()})
}

// made is an event with the span of the request that made it.
type made struct {
	parley.Event
	by trace.Place
}

// seal numbers the events of a batch just before its commit. The row of the counter stays locked until the
// commit, so ids follow the order of commits on every engine and no follower can read past a gap.
func (s *Store) seal(q *db.Tx, left []any) error {
	var last int64
	if err := q.QueryRow(`UPDATE counters SET value = value + $1 WHERE name = 'events' RETURNING value`, len(left)).Scan(&last); err != nil {
		return err
	}
	next := last - int64(len(left)) + 1
	s.recent.begin()
	for len(left) > 0 {
		n := shape(eventShapes, len(left))
		if err := s.insertEvents(q, next, left[:n]); err != nil {
			return fmt.Errorf("append events: %w", err)
		}
		next, left = next+int64(n), left[n:]
	}
	return s.db.Announce(q)
}

// eventShapes are the numbers of events that one statement inserts; a batch takes the largest that fits, again
// and again.
var eventShapes = []int{1, 4, 16, 64}

func shape(shapes []int, n int) int {
	for _, one := range slices.Backward(shapes) {
		if one <= n {
			return one
		}
	}
	return n
}

func (s *Store) insertEvents(q *db.Tx, first int64, left []any) error {
	args := make([]any, 0, eventWidth*len(left))
	for i, note := range left {
		e := note.(made)
		e.ID = first + int64(i)
		trace.Caused(e.ID, e.by)
		args = append(args, e.ID, e.Site, e.Story, e.Kind, e.Subject, e.Actor, e.At, e.Pack())
		s.recent.numbered(e.Event)
	}
	_, err := q.Exec(eventTexts[len(left)], args...)
	return err
}

// eventWidth is how many columns an event has.
const eventWidth = 8

// eventTexts are the statements that insert so many events.
var eventTexts = func() map[int]string {
	texts := map[int]string{}
	for _, n := range eventShapes {
		var text strings.Builder
		for i := range n {
			text.WriteString([]string{"INSERT INTO events (id, site, story, kind, subject, actor, at, data) VALUES ", ", "}[min(i, 1)])
			for column := range eventWidth {
				fmt.Fprintf(&text, "%c$%d", "(,"[min(column, 1)], eventWidth*i+column+1)
			}
			text.WriteByte(')')
		}
		texts[n] = text.String()
	}
	return texts
}()

// LastEvent gives the id of the newest event of this snapshot.
func (tx *Tx) LastEvent() (id int64, err error) {
	err = tx.q.QueryRow(`SELECT value FROM counters WHERE name = 'events'`).Scan(&id)
	return id, err
}

// EventsAfter gives events in order after one id, at most limit.
func (tx *Tx) EventsAfter(after int64, limit int) ([]parley.Event, error) {
	return tx.events(`WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// StoryEventsAfter gives a story's events in order after one id, at most limit.
func (tx *Tx) StoryEventsAfter(story parley.ID, after int64, limit int) ([]parley.Event, error) {
	return tx.events(`WHERE story = $1 AND id > $2 ORDER BY id LIMIT $3`, story, after, limit)
}

func (tx *Tx) events(where string, args ...any) ([]parley.Event, error) {
	return collect(tx.q, func(rows *sql.Rows) (e parley.Event, err error) {
		var data string
		if err := rows.Scan(&e.ID, &e.Site, &e.Story, &e.Kind, &e.Subject, &e.Actor, &e.At, &data); err != nil {
			return e, err
		}
		return e, e.Unpack(data)
	}, `SELECT id, site, story, kind, subject, actor, at, data FROM events `+where, args...)
}

// EventsAfter gives events in order after one id, at most limit, which must not be changed. It reads the database only
// where it must.
func (s *Store) EventsAfter(ctx context.Context, after int64, limit int) (events []parley.Event, err error) {
	if events, _, known := s.recent.of(nil, after, limit); known {
		return events, nil
	}
	err = s.Read(ctx, func(tx *Tx) error {
		events, err = tx.EventsAfter(after, limit)
		return err
	})
	return events, err
}

// StoryEvents gives a story's events after one id up to another, in order, as far as this process remembers them; known
// is false when they have to be looked for in the database. They must not be changed.
func (s *Store) StoryEvents(story parley.ID, after, upTo int64) (events []parley.Event, known bool) {
	all, newest, known := s.recent.of(nil, after, int(upTo-after))
	if !known || newest < upTo {
		return nil, false
	}
	for _, e := range all {
		if e.Story == story {
			events = append(events, e)
		}
	}
	return events, true
}

// mostRecent is how many events are kept at least: more than happen while somebody who follows them looks away.
const mostRecent = 2048

// recent keeps the newest events of a log that this process alone writes, so that those who follow it need not each
// read and unpack them. nil knows nothing.
type recent struct {
	mu      sync.RWMutex
	from    int64          // it knows everything after this event
	events  []parley.Event // without gaps; what is in here is never written over
	pending []parley.Event // what has been numbered and is to be committed; the writer's own
}

// beginRecent begins to keep what happens from now on.
func (s *Store) beginRecent(ctx context.Context) error {
	return s.Read(ctx, func(tx *Tx) error {
		last, err := tx.LastEvent()
		s.recent = &recent{from: last}
		return err
	})
}

// begin forgets what a batch that was not committed had numbered.
func (r *recent) begin() {
	if r != nil {
		r.pending = r.pending[:0]
	}
}

func (r *recent) numbered(e parley.Event) {
	if r != nil {
		r.pending = append(r.pending, e)
	}
}

// keepRecent keeps what has just been committed.
func (s *Store) keepRecent() {
	r := s.recent
	if r == nil || len(r.pending) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if first := r.pending[0].ID; first != r.from+int64(len(r.events))+1 {
		r.from, r.events = first-1, nil // a commit that was said to have failed had not
	}
	r.events = append(r.events, r.pending...)
	if more := len(r.events) - mostRecent; more > mostRecent {
		r.from, r.events = r.from+int64(more), slices.Clone(r.events[more:])
	}
}

// of gives events of some kinds (nil = all) in order after one id, at most limit, and the id of the newest event of
// any kind; known is false when they have to be looked for in the database.
func (r *recent) of(kinds []parley.EventKind, after int64, limit int) (events []parley.Event, newest int64, known bool) {
	if r == nil {
		return nil, 0, false
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	newest = r.from + int64(len(r.events))
	if after < r.from || after > newest {
		return nil, 0, false
	}
	rest := r.events[after-r.from:]
	if len(kinds) == 0 {
		n := min(len(rest), limit)
		return rest[:n:n], newest, true
	}
	for _, e := range rest {
		if len(events) < limit && slices.Contains(kinds, e.Kind) {
			events = append(events, e)
		}
	}
	return events, newest, true
}

const (
	// lookEvery is how often followers look by themselves, should a bell be lost.
	lookEvery = 2 * time.Second
	// eventBatch is how many events a follower gets at once.
	eventBatch = 500
	// retryAfter is the pause after a follower failed.
	retryAfter = time.Second
	// followPause is the least time between two looks of a follower: what it does reaches nobody sooner than a
	// moment later anyway, and each look costs as much as a comment.
	followPause = 100 * time.Millisecond
	// keepEvery is after how many events that a follower does not want its place is noted nevertheless: so many it
	// may have to look at again after a crash.
	keepEvery = 10_000
	// keepTime bounds how long the end of the program waits for that.
	keepTime = 10 * time.Second
)

// Bell gives a channel that is signalled when events may have been added.
func (s *Store) Bell() <-chan struct{} { return s.db.Bell() }

// Ring signals the bell in this process: another one said that something is new.
func (s *Store) Ring() { s.db.Ring() }

// Hears tells whether this process learns at once of what others do on its database; otherwise it learns of it when
// it looks by itself.
func (s *Store) Hears() bool { return s.db.Hears() }

// BellName gives what the bell of this database is called where several share what carries it. It is made once, can
// not be guessed, and has only letters and digits.
func (s *Store) BellName(ctx context.Context) (name string, err error) {
	err = s.Write(ctx, 0, func(tx *Tx) error {
		if name, err = tx.Meta("bell"); err != nil || name != "" {
			return err
		}
		name = strings.ToLower(rand.Text())
		return tx.SetMeta("bell", name)
	})
	return name, err
}

// FollowEvents hands every event of some kinds (nil = all), in order and at least once, to handle, until ctx ends.
// name keeps the place in the database and is leased, so that of several processes one follows at a time. A new
// follower begins at the first event. When handle fails, the same events come again after a pause.
func (s *Store) FollowEvents(ctx context.Context, name string, kinds []parley.EventKind, handle func(context.Context, []parley.Event) error) {
	f := &follower{Store: s, name: name, kinds: kinds, handle: handle}
	bell := s.Bell()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for ctx.Err() == nil {
		rested := time.After(followPause)
		more, err := f.once(ctx)
		wait := look.C
		if err != nil && ctx.Err() == nil {
			s.log.Error("a follower of events failed and will try again", "follower", name, "error", err)
			wait = time.After(retryAfter)
			more = false
		}
		if more {
			continue
		}
		select {
		case <-ctx.Done():
		case <-bell:
		case <-wait:
		}
		select {
		case <-ctx.Done():
		case <-rested:
		}
	}
	if err := f.keep(); err != nil {
		s.log.Warn("a follower's place was not kept; it will look at some events again", "follower", name, "error", err)
	}
	s.releaseLease("follower:" + name)
}

// follower is one that follows the log.
type follower struct {
	*Store
	name   string
	kinds  []parley.EventKind
	handle func(context.Context, []parley.Event) error
	seen   int64 // what came up to this event has been handled here, or is of other kinds
	kept   int64 // the place in the database, as far as this process knows
}

// once hands over what is new, at most eventBatch. more tells that there may be more.
func (f *follower) once(ctx context.Context) (more bool, err error) {
	if held, err := f.Lease(ctx, "follower:"+f.name, followerLease); err != nil || !held {
		f.follow.at.Delete(f.name)
		return false, err
	}
	events, upTo, err := f.next(ctx)
	if err != nil {
		return false, err
	}
	if len(events) > 0 {
		if err := f.holding(ctx, "follower:"+f.name, func(ctx context.Context) error { return f.handle(ctx, events) }); err != nil {
			return false, err
		}
	}
	f.seen = max(f.seen, upTo)
	if more = len(events) == eventBatch; !more {
		f.follow.caughtUp(f.name)
	}
	if len(events) > 0 || f.seen >= f.kept+keepEvery {
		err = f.keep()
	}
	return more, err
}

// places tells when each follower that runs in this process had last handled everything.
type places struct{ at sync.Map }

func (p *places) caughtUp(name string) { p.at.Store(name, time.Now()) }

// Followers calls put for every follower that runs in this process, with the time since it had handled everything:
// at rest no more than the two seconds within which it looks.
func (s *Store) Followers(put func(name string, behind time.Duration)) {
	s.follow.at.Range(func(name, at any) bool {
		put(name.(string), time.Since(at.(time.Time)))
		return true
	})
}

// next gives what comes after the follower's place, and up to which event that is everything it wants.
func (f *follower) next(ctx context.Context) (events []parley.Event, upTo int64, err error) {
	err = f.View(ctx, func(tx *Tx) error {
		if err := tx.q.QueryRow(`SELECT COALESCE(max(position), 0) FROM cursors WHERE name = $1`, f.name).Scan(&f.kept); err != nil {
			return err
		}
		f.seen = max(f.seen, f.kept)
		var known bool
		if events, upTo, known = f.recent.of(f.kinds, f.seen, eventBatch); known {
			return nil
		}
		if upTo, err = tx.LastEvent(); err != nil || upTo <= f.seen {
			return err
		}
		where, args := `WHERE id > $1 `, []any{f.seen, eventBatch}
		for i, kind := range f.kinds {
			where += []string{`AND kind IN (`, `, `}[min(i, 1)] + fmt.Sprint("$", i+3)
			args = append(args, kind)
		}
		if len(f.kinds) > 0 {
			where += `) `
		}
		events, err = tx.events(where+`ORDER BY id LIMIT $2`, args...)
		return err
	})
	if len(events) == eventBatch {
		upTo = events[len(events)-1].ID
	}
	return events, upTo, err
}

// keep notes the follower's place. It does so even when the program ends, so that a restart does not bring again
// what was handled.
func (f *follower) keep() error {
	if f.seen <= f.kept {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), keepTime)
	defer cancel()
	err := f.Write(ctx, 0, func(tx *Tx) error {
		_, err := tx.q.Exec(`INSERT INTO cursors (name, position) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET position = excluded.position
			WHERE cursors.position < excluded.position`, f.name, f.seen)
		return err
	})
	if err == nil {
		f.kept = f.seen
	}
	return err
}
