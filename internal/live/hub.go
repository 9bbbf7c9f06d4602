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
	"parley/internal/store"
)

const (
	// mailbox is how many messages wait for one subscriber before it counts as too slow.
	mailbox = 64
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
}

// New gives a hub over the store's events.
func New(s *store.Store, log *slog.Logger) *Hub {
	return &Hub{
		store: s, log: log,
		stories: map[parley.ID]map[*Subscription]struct{}{},
		readers: map[parley.ID]map[*Subscription]struct{}{},
		pending: map[parley.ID]*tally{},
	}
}

// Subscription is one open page. C gives its messages and is closed when the page was too slow or the program
// stops; the page then comes back with the last id it saw.
type Subscription struct {
	C      chan Message
	story  parley.ID
	reader parley.ID
	over   bool
}

// Subscribe watches a story; reader (0 = nobody) also gets what concerns that reader alone. Subscribe before
// replaying, so that nothing falls between.
func (h *Hub) Subscribe(story, reader parley.ID) *Subscription {
	s := &Subscription{C: make(chan Message, mailbox), story: story, reader: reader}
	unknown := h.begin(context.Background()) != nil
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || unknown {
		s.over = true
		close(s.C)
		return s
	}
	h.open++
	enter(h.stories, story, s)
	if reader != 0 {
		enter(h.readers, reader, s)
	}
	return s
}

// Unsubscribe ends a subscription; ending it twice is harmless.
func (h *Hub) Unsubscribe(s *Subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.end(s)
}

func (h *Hub) end(s *Subscription) {
	if s.over {
		return
	}
	s.over = true
	h.open--
	close(s.C)
	leave(h.stories, s.story, s)
	leave(h.readers, s.reader, s)
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

func enter(in map[parley.ID]map[*Subscription]struct{}, id parley.ID, s *Subscription) {
	if in[id] == nil {
		in[id] = map[*Subscription]struct{}{}
	}
	in[id][s] = struct{}{}
}

func leave(in map[parley.ID]map[*Subscription]struct{}, id parley.ID, s *Subscription) {
	delete(in[id], s)
	if len(in[id]) == 0 {
		delete(in, id)
	}
}

// send hands a message to a set of subscribers and drops those whose mailbox is full. h.mu is held.
func (h *Hub) send(to map[*Subscription]struct{}, m Message) {
	for s := range to {
		select {
		case s.C <- m:
		default:
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
			select {
			case s.C <- goodbye():
			default:
			}
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

// Run tails the event log until ctx ends.
func (h *Hub) Run(ctx context.Context) {
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
		var events []parley.Event
		err := h.store.View(ctx, func(tx *store.Tx) (err error) {
			events, err = tx.EventsAfter(position, tailBatch)
			return err
		})
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
	someone := len(h.readers) > 0
	h.mu.Unlock()
	if e.Kind == parley.EventPublished && someone {
		h.tellFollowers(ctx, e)
	}
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
