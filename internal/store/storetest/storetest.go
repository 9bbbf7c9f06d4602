// Package storetest opens real stores for tests: SQLite in a temporary folder always, and PostgreSQL when the
// environment variable PARLEY_TEST_POSTGRES holds the postgres:// address of a database in which schemas may be
// made. Each test gets a database of its own, so tests may run side by side and leave nothing behind.
package storetest

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// Open gives an empty store on SQLite, with the machine's clock, that is closed when the test ends.
func Open(t testing.TB) *store.Store {
	t.Helper()
	return OpenAt(t, nil)
}

// OpenAt is Open with a clock of the test's own.
func OpenAt(t testing.TB, now func() parley.Time) *store.Store {
	t.Helper()
	return open(t, store.Options{Dir: t.TempDir(), Now: now})
}

// Each runs a test on an empty store of each engine, with the machine's clock.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	EachAt(t, nil, test)
}

// EachAt is Each with a clock of the test's own. The clock is shared by both runs; NewClock's are safe for it.
func EachAt(t *testing.T, now func() parley.Time, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	EachOptions(t, func(t *testing.T, o store.Options) {
		o.Now = now
		test(t, open(t, o))
	})
}

// EachOptions runs a test once an engine with what opens an empty database of it, for tests that open and
// close stores themselves. The caller may fill in Now.
func EachOptions(t *testing.T, test func(t *testing.T, o store.Options)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, store.Options{Dir: t.TempDir(), Log: log(t)}) })
	if server := server(t); server != "" {
		t.Run("postgres", func(t *testing.T) { test(t, store.Options{URL: schema(t, server), Log: log(t)}) })
	}
}

// BenchEach is Each for benchmarks.
func BenchEach(b *testing.B, bench func(b *testing.B, s *store.Store)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) { bench(b, open(b, store.Options{Dir: b.TempDir()})) })
	if server := server(b); server != "" {
		b.Run("postgres", func(b *testing.B) { bench(b, open(b, store.Options{URL: schema(b, server)})) })
	}
}

func open(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	if o.Log == nil {
		o.Log = log(t)
	}
	s, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatalf("open a store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}

// log shows warnings and errors with the output of the test they belong to.
func log(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// Clock is a clock that moves only when told to. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now parley.Time
}

// NewClock gives a clock that stands at the machine's time.
func NewClock() *Clock { return &Clock{now: parley.TimeOf(time.Now())} }

// Now tells the clock's time.
func (c *Clock) Now() parley.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
