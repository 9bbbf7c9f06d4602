// Package live carries what happens to open pages. One tail of the event log per process reads new events in
// order, turns each into one message and hands it to whoever watches that story or is that reader.
//
// Promises: messages of a story arrive in the order of their ids; a message with id n comes after everything
// up to n that concerns the story, so that reconnecting with the last id seen misses nothing; a subscriber who
// does not keep up is dropped, never waited for. Messages carry ids and counts, never text.
package live

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/meter"
	"parley/internal/store"
	"parley/internal/trace"
)

const (
	// tailBatch is how many events the tail reads at once.
	tailBatch = 500
	// lookEvery is how often the tail looks by itself, should a bell be lost.
	lookEvery = 2 * time.Second
)

// Hub fans messages out. Run must be running; everything else is safe for concurrent use.
type Hub struct {
	store *store.Store
	nodes atomic.Pointer[Nodes]
	log   *slog.Logger

	beginning sync.Mutex
	begun     atomic.Bool
	first     int64 // the event after which the tail begins

	mu      sync.Mutex
	stories map[parley.ID]map[*Subscription]struct{}
	readers map[parley.ID]map[*Subscription]struct{}
	pending map[parley.ID]*tally // recommendation counts that wait to be told together
	closed  bool
	open    int
	dropped int64
	delays  *meter.Histogram

	lines *lines
}

// New gives a hub over the store's events.
func New(s *store.Store, log *slog.Logger) *Hub {
	return &Hub{
		store: s, log: log,
		stories: map[parley.ID]map[*Subscription]struct{}{},
		readers: map[parley.ID]map[*Subscription]struct{}{},
		pending: map[parley.ID]*tally{},
		delays:  meter.NewHistogram(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10),
		lines:   newLines(),
	}
}

// Join says what carries the bell between processes; without it the database does.
func (h *Hub) Join(n *Nodes) { h.nodes.Store(n) }

// Hears tells whether what other processes do is told here at once: NATS, or else the database's own way, is there.
func (h *Hub) Hears() bool {
	if n := h.nodes.Load(); n != nil {
		return n.Connected()
	}
	return h.store.Hears()
}

// Open tells how many pages are watching; Dropped how many were too slow since the start.
func (h *Hub) Open() (open int, dropped int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open, h.dropped
}

// Delays gives the seconds from a change until it was handed to the pages that watch.
func (h *Hub) Delays() *meter.Histogram { return h.delays }

// send hands a message to a set of subscribers and drops those whose mailbox is full. h.mu is held.
func (h *Hub) send(to map[*Subscription]struct{}, m *Message) {
	for s := range to {
		if !s.put(m) {
			h.dropped++
			h.end(s)
		}
	}
}

// Stop says goodbye to every page and lets no new one in. Each is told to come back after a while of its own,
// so that they do not all come at once.
func (h *Hub) Stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, subscribers := range h.stories {
		for s := range subscribers {
			s.put(goodbye())
			h.end(s)
		}
	}
}

// begin finds where the tail begins. The first page may come before Run has got so far: what happens between its
// reading of the log and the tail's would be told by neither.
func (h *Hub) begin(ctx context.Context) error {
	if h.begun.Load() {
		return nil
	}
	h.beginning.Lock()
	defer h.beginning.Unlock()
	if h.begun.Load() {
		return nil
	}
	err := h.store.View(ctx, func(tx *store.Tx) (err error) {
		h.first, err = tx.LastEvent()
		return err
	})
	h.begun.Store(err == nil)
	return err
}

// Run tails the event log and writes to the connections that Carry took over, until ctx ends. Then it says goodbye
// to all pages, unless Stop has, and returns when they have heard it or had their time.
func (h *Hub) Run(ctx context.Context) {
	end := h.lines.run()
	defer end()
	defer h.Stop()
	bell := h.store.Bell()
	look, flush := time.NewTicker(lookEvery), time.NewTicker(parley.RefreshCounts)
	defer look.Stop()
	defer flush.Stop()
	position := int64(-1)
	for {
		var err error
		if position, err = h.tail(ctx, position); err != nil && ctx.Err() == nil {
			h.log.Warn("the event log could not be read; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-flush.C:
			h.flushAll()
		case <-bell:
		case <-look.C:
		}
	}
}

// tail reads what is new after position and gives the new position; -1 means "from where the tail begins".
func (h *Hub) tail(ctx context.Context, position int64) (int64, error) {
	if position < 0 {
		if err := h.begin(ctx); err != nil {
			return position, err
		}
		position = h.first
	}
	for {
		events, err := h.store.EventsAfter(ctx, position, tailBatch)
		if err != nil {
			return position, err
		}
		for _, e := range events {
			h.publish(ctx, e)
			position = e.ID
		}
		if len(events) < tailBatch {
			return position, nil
		}
	}
}

func (h *Hub) publish(ctx context.Context, e parley.Event) {
	h.mu.Lock()
	watched := h.stories[e.Story]
	switch {
	case e.Kind == parley.EventRecommended:
		if len(watched) > 0 {
			h.count(e)
		}
	case len(watched) > 0:
		if m, public := messageOf(e); public {
			h.flush(e.Story)
			h.send(watched, m)
		}
	}
	if m, personal := personalOf(e); personal {
		h.send(h.readers[e.Subject], m)
	}
	if e.Kind == parley.EventSession || e.Kind == parley.EventRolesChanged {
		for s := range h.readers[e.Subject] {
			h.end(s) // the page comes back as whoever it is now
		}
	}
	someone, pages := len(h.readers) > 0, len(watched)
	h.mu.Unlock()
	h.told(ctx, e, pages)
	if e.Kind == parley.EventPublished && someone {
		h.tellFollowers(ctx, e)
	}
}

// told notes that an event has reached the mailboxes of so many pages.
func (h *Hub) told(ctx context.Context, e parley.Event, pages int) {
	now := h.store.Now()
	h.delays.Observe(max(0, float64(now-e.At)/1000))
	_, span := trace.After(ctx, trace.CauseOf(e.ID), "tell open pages", trace.ID("event", e.ID), trace.ID("pages", pages))
	span.End()
}

// tellFollowers lets signed-in pages know that one of their follows moved. Only readers with an open page are
// told, so a followed star costs one query, not one row a follower.
func (h *Hub) tellFollowers(ctx context.Context, e parley.Event) {
	var audience []parley.ID
	err := h.store.View(ctx, func(tx *store.Tx) (err error) {
		audience, err = tx.Audience(e.Data.Author, e.Data.Root, e.Story)
		return err
	})
	if err != nil {
		h.log.Warn("followers were not told", "error", err)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, reader := range audience {
		if reader != e.Actor {
			h.send(h.readers[reader], noticeMessage())
		}
	}
}
