package live

import (
	"context"
	"sync"

	"parley"
)

// mailbox is how many messages wait for one subscriber before it counts as too slow.
const mailbox = 64

// Subscription is one open page. It ends when the page was too slow, when its reader has become somebody else, or
// when the program stops; the page then comes back with the last id it saw.
type Subscription struct {
	story  parley.ID
	reader parley.ID
	ended  bool // the hub knows it no more; guarded by the hub's lock

	mu      sync.Mutex
	waiting []*Message // shared with the other pages that are told the same
	after   int64      // what has an id up to this is known already
	over    bool
	wake    func()
}

// Subscribe watches a story; reader (0 = nobody) also gets what concerns that reader alone. Subscribe before
// replaying, so that nothing falls between; what comes meanwhile waits until Attend. Whoever comes when the program stops
// is told to come back, as those were who came before.
func (h *Hub) Subscribe(story, reader parley.ID) *Subscription {
	s := &Subscription{story: story, reader: reader}
	unknown := h.begin(context.Background()) != nil
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || unknown {
		s.put(goodbye())
		s.ended, s.over = true, true
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
	if s.ended {
		return
	}
	s.ended = true
	h.open--
	leave(h.stories, s.story, s)
	leave(h.readers, s.reader, s)
	s.mu.Lock()
	s.over = true
	wake := s.wake
	s.mu.Unlock()
	if wake != nil {
		wake()
	}
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

// put leaves a message and tells whether there was room for it.
func (s *Subscription) put(m *Message) bool {
	s.mu.Lock()
	if len(s.waiting) >= mailbox {
		s.mu.Unlock()
		return false
	}
	s.waiting = append(s.waiting, m)
	wake := s.wake
	s.mu.Unlock()
	if wake != nil {
		wake()
	}
	return true
}

// Attend has wake called whenever something waits to be taken, or the subscription has ended, from now on: at once
// when that is so already. Messages with ids up to after are left out. wake must not wait, nor ask anything of the
// hub.
func (s *Subscription) Attend(after int64, wake func()) {
	s.mu.Lock()
	s.after, s.wake = after, wake
	due := len(s.waiting) > 0 || s.over
	s.mu.Unlock()
	if due {
		wake()
	}
}

// Take appends what waits, in order, and tells whether more may come.
func (s *Subscription) Take(to []*Message) (messages []*Message, open bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, m := range s.waiting {
		if m.ID == 0 || m.ID > s.after {
			to = append(to, m)
		}
		s.waiting[i] = nil
	}
	if s.waiting = s.waiting[:0]; cap(s.waiting) > 2 {
		s.waiting = nil // most pages keep up and need no room
	}
	return to, !s.over
}
