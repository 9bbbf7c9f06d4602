// Package changes tells whether anything has happened to what was read a while ago, so that it need not be read
// again. It goes by the event log, which every change writes to.
//
// Promises: what this process has committed is known at once; what another process has, within Fresh, and within
// Stale while the database is slow to answer. Where it cannot know, it says that something happened. It has no
// goroutine: the log is read by whoever asks, and costs nothing while nobody does.
package changes

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/store"
)

const (
	// Fresh is how long the log is not looked at when this process itself wrote nothing.
	Fresh = 100 * time.Millisecond
	// Stale is from when on everybody waits for the log to be read. Until then one reads it and the others go by
	// what was known before.
	Stale = 500 * time.Millisecond
	// batch is how many events are read at once, and batches how often in a row: a log that nobody asked for long
	// forgets everything and begins anew.
	batch, batches = 500, 4
	// most is how many subjects are remembered, some megabytes. When there are more, all are forgotten.
	most = 50_000
)

// Log knows what was touched by the newest events. It is safe for concurrent use.
type Log struct {
	store *store.Store

	reading  sync.Mutex   // held while the log is read
	position atomic.Int64 // every event up to it has been noted
	commits  atomic.Int64 // of this process, which position covers
	looked   atomic.Int64 // Unix nanoseconds when position was the newest event

	mu      sync.RWMutex
	touched map[parley.ID]int64 // the newest event that touched it
	floor   int64               // what was touched up to here is forgotten
}

// New gives the log of a store's events.
func New(s *store.Store) *Log {
	l := &Log{store: s, touched: map[parley.ID]int64{}}
	l.commits.Store(-1)
	return l
}

// Mark gives where the log stands. Take it before reading what is to be kept; Quiet then tells whether that still
// holds. It fails when the log cannot be read.
func (l *Log) Mark(ctx context.Context) (int64, error) {
	commits := l.store.Stats().Batches.Load()
	if l.covers(commits, Fresh) {
		return l.position.Load(), nil
	}
	if l.covers(commits, Stale) {
		if !l.reading.TryLock() {
			return l.position.Load(), nil
		}
	} else {
		l.reading.Lock()
	}
	defer l.reading.Unlock()
	if l.covers(commits, Fresh) {
		return l.position.Load(), nil
	}
	return l.read(ctx)
}

// covers tells whether what is noted has so many commits of this process, and was everything so long ago.
func (l *Log) covers(commits int64, within time.Duration) bool {
	return l.commits.Load() >= commits && time.Now().UnixNano()-l.looked.Load() < int64(within)
}

// Quiet tells whether nothing has happened to any of ids since mark. For ids of a story see [Within].
func (l *Log) Quiet(mark int64, ids ...parley.ID) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if mark < l.floor {
		return false
	}
	for _, id := range ids {
		if l.touched[id] > mark {
			return false
		}
	}
	return true
}

// Within gives an id that is touched when anything but comments changes in a story: its question, its switches. The
// story's own is touched by its comments.
func Within(story parley.ID) parley.ID { return -story }

// Account gives an id that is touched when a reader's account or sessions change. The reader's own is touched by
// whatever the reader does, and by what is done to them.
func Account(reader parley.ID) parley.ID { return -reader }

// read notes what is new. Only one goroutine is in here.
func (l *Log) read(ctx context.Context) (int64, error) {
	commits, looked := l.store.Stats().Batches.Load(), time.Now()
	position, err := l.follow(ctx)
	if err != nil {
		return 0, err
	}
	l.position.Store(position)
	l.looked.Store(looked.UnixNano())
	l.commits.Store(commits)
	return position, nil
}

// follow gives the newest event, after noting those on the way there or forgetting everything.
func (l *Log) follow(ctx context.Context) (position int64, err error) {
	begun := l.commits.Load() >= 0
	for position = l.position.Load(); begun; {
		events, err := l.store.EventsAfter(ctx, position, batch)
		if err != nil {
			return 0, err
		}
		l.note(events)
		if len(events) > 0 {
			position = events[len(events)-1].ID
		}
		if len(events) < batch {
			return position, nil
		}
		begun = position-l.position.Load() < batch*batches
	}
	err = l.store.Read(ctx, func(tx *store.Tx) (err error) {
		position, err = tx.LastEvent()
		return err
	})
	l.forget(position)
	return position, err
}

func (l *Log) forget(position int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.floor = position
	clear(l.touched)
}

func (l *Log) note(events []parley.Event) {
	if len(events) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.touched) > most {
		l.floor = events[0].ID - 1
		clear(l.touched)
	}
	for _, e := range events {
		l.touched[e.Actor] = e.ID
		if e.Kind == parley.EventRecommended {
			continue // a count moved, of which nobody's marks tell
		}
		for _, id := range []parley.ID{e.Subject, e.Data.Author, e.Data.To, e.Data.Root} {
			l.touched[id] = e.ID
		}
		switch e.Kind {
		case parley.EventRefreshed: // counts and names on its pages
		case parley.EventRegistered, parley.EventKnownAddress, parley.EventConfirmed, parley.EventHiddenChanged, parley.EventRolesChanged, parley.EventSession:
			l.touched[Account(e.Subject)] = e.ID
		case parley.EventPublished, parley.EventHeld, parley.EventRefused, parley.EventEdited, parley.EventWithdrawn, parley.EventRemoved, parley.EventReported:
			l.touched[e.Story] = e.ID
		default:
			l.touched[Within(e.Story)] = e.ID
		}
	}
}
