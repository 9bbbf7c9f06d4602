// Package store turns rows into nouns and back, one file a noun, one SQL text for both engines. It decides
// nothing about who may do what; it knows who may see what: every method that reads for somebody takes the
// [parley.Viewer], and see.go holds the one predicate they share. Every change appends its event through
// [Tx.Append] in the transaction that makes it.
package store

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/db"
)

// Options says what to open and how time is told.
type Options struct {
	Dir string             // data folder, for SQLite
	URL string             // postgres://…; "" means SQLite in Dir
	Now func() parley.Time // nil = the machine's clock
	Log *slog.Logger       // nil = slog.Default()

	// Announce tells other processes on the database that something is new; nil leaves it to the database. See
	// db.Options.
	Announce func()
}

// Store is an open database of nouns. It is safe for concurrent use.
type Store struct {
	db     *db.DB
	ids    atomic.Pointer[parley.IDs]
	now    func() parley.Time
	log    *slog.Logger
	holder string // who this process is in lease rows
	follow places
	said   *said   // nil where other processes write too
	recent *recent // likewise
	cancel context.CancelFunc
	ended  chan struct{}
}

// Open opens and migrates the database and leases a node number for ids. Close must be called.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{now: o.Now, log: o.Log, ended: make(chan struct{})}
	if s.now == nil {
		s.now = func() parley.Time { return parley.TimeOf(time.Now()) }
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	host, _ := os.Hostname()
	s.holder = host + "/" + strconv.Itoa(os.Getpid()) + "/" + strconv.FormatInt(time.Now().UnixNano(), 36)
	var err error
	if s.db, err = db.Open(ctx, db.Options{Dir: o.Dir, URL: o.URL, Log: s.log, Seal: s.seal, Sealed: s.keepRecent, Announce: o.Announce}); err != nil {
		return nil, err
	}
	node, err := s.leaseNode(ctx)
	if err != nil {
		s.db.Close()
		return nil, fmt.Errorf("lease a node number: %w", err)
	}
	if err := s.makeIDs(ctx, node); err != nil {
		s.db.Close()
		return nil, fmt.Errorf("look for the newest id: %w", err)
	}
	if s.Engine() == db.SQLite {
		if err := s.recall(ctx); err != nil {
			s.db.Close()
			return nil, fmt.Errorf("look for the newest comments: %w", err)
		}
		if err := s.beginRecent(ctx); err != nil {
			s.db.Close()
			return nil, fmt.Errorf("look for the newest event: %w", err)
		}
	}
	housekeeping, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	go s.keepHouse(housekeeping, node)
	return s, nil
}

// Close waits for queued writes and closes the database.
func (s *Store) Close() error {
	s.cancel()
	<-s.ended
	return s.db.Close()
}

// Engine tells which engine is behind.
func (s *Store) Engine() db.Engine { return s.db.Engine() }

// Check tells whether the database answers.
func (s *Store) Check(ctx context.Context) error { return s.db.Check(ctx) }

// CheckSaving tells whether the database takes writes: nil, or a refusal with the sentence that writers get.
func (s *Store) CheckSaving(ctx context.Context) error { return s.db.CheckSaving(ctx) }

// Stats gives the writer's counters; Waiting how many writes are queued.
func (s *Store) Stats() *db.Stats { return s.db.Stats() }

// Waiting tells how many writes are queued.
func (s *Store) Waiting() int { return s.db.Waiting() }

// Readers tells how many connections for reading are free, of how many.
func (s *Store) Readers() (free, most int) { return s.db.FreeReaders(), s.db.MaxReaders() }

// WAL gives the size of SQLite's write-ahead log in bytes, 0 on PostgreSQL.
func (s *Store) WAL() int64 { return s.db.WAL() }

// Now tells the store's time.
func (s *Store) Now() parley.Time { return s.now() }

// Tx is one transaction or one snapshot. It must not outlive the function it was given to.
type Tx struct {
	q    *db.Tx
	ids  *parley.IDs
	said *said
	// Now is the one moment of this transaction.
	Now parley.Time
}

// NewID gives a fresh id.
func (tx *Tx) NewID() parley.ID { return tx.ids.Next() }

// PastID gives an id for a comment or a reader of the past, made at t or, where so much happened in that
// millisecond that its ids are used up, a little later.
func (tx *Tx) PastID(t parley.Time) (parley.ID, error) {
	for {
		id := tx.ids.At(t)
		taken, err := tx.exists(`SELECT (SELECT count(*) FROM comments WHERE id = $1) + (SELECT count(*) FROM readers WHERE id = $1)`, id)
		if err != nil || !taken {
			return id, err
		}
		t++
	}
}

// Context gives the context of the transaction.
func (tx *Tx) Context() context.Context { return tx.q.Context() }

// Write runs fn in a transaction and returns after it is on disk. fn may run more than once: it must
// overwrite, never add to, what an earlier run left in its variables. story orders requests of one batch.
func (s *Store) Write(ctx context.Context, story parley.ID, fn func(*Tx) error) error {
	return s.db.Write(ctx, story, func(q *db.Tx) error { return fn(s.tx(q)) })
}

// View runs fn on one snapshot.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	return s.db.View(ctx, func(q *db.Tx) error { return fn(s.tx(q)) })
}

// Read runs fn for a single statement, without the cost of a snapshot.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	return s.db.Read(ctx, func(q *db.Tx) error { return fn(s.tx(q)) })
}

func (s *Store) tx(q *db.Tx) *Tx { return &Tx{q: q, ids: s.ids.Load(), said: s.said, Now: s.now()} }
