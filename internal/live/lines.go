package live

import (
	"context"
	"net"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// beat is after how many seconds a line is told something without meaning, so that proxies keep it open and a
	// client that left without a word is noticed.
	beat = 25
	// sendWithin is how long what a slow client is told may take to leave; then it is cut off and catches up later.
	sendWithin = 5 * time.Second
	// leaveWithin is how long lines may take to end when the program stops.
	leaveWithin = 2 * time.Second
	// room is the send buffer that is asked of the system for a line: a hundred messages and more. The usual
	// megabytes would let thousands of clients that never read take all memory.
	room = 16 << 10
	// breath is after how many lines a writer lets others run: telling thousands must not keep requests waiting.
	breath = 32
)

// pulse is an empty comment (HTML Living Standard, section 9.2.6).
var pulse = []byte(": \n\n")

// lines writes to many connections by few goroutines: one a processor. A connection that takes what it is given at
// once, as nearly all do, costs a system call a message and no more than some hundred bytes and a small stack
// while it is idle.
type lines struct {
	shards []*shard

	mu    sync.Mutex
	wheel [beat]map[*line]struct{} // who is due in which second
	now   int
	next  int
	open  int
	ended bool
}

// shard is what one goroutine writes to.
type shard struct {
	mu    sync.Mutex
	ready []*line
	spare []*line
	bell  chan struct{}
}

// line is one connection.
type line struct {
	hub    *Hub
	sub    *Subscription
	conn   net.Conn
	raw    syscall.RawConn // nil where there is none: every write may wait then
	shard  *shard
	due    int         // its place on the wheel
	queued atomic.Bool // its shard will look at it
	slow   atomic.Bool // a goroutine of its own writes to it
	silent atomic.Bool // it is to hear a pulse
	closed atomic.Bool
}

func newLines() *lines {
	l := &lines{}
	for range runtime.GOMAXPROCS(0) {
		l.shards = append(l.shards, &shard{bell: make(chan struct{}, 1)})
	}
	for i := range l.wheel {
		l.wheel[i] = map[*line]struct{}{}
	}
	return l
}

// Carry takes a connection over and writes to it what the subscription brings, except messages with ids up to
// after, until the client leaves or the subscription ends; then it closes it. It returns at once.
func (h *Hub) Carry(conn net.Conn, sub *Subscription, after int64) {
	l := &line{hub: h, sub: sub, conn: conn}
	if c, ok := conn.(*net.TCPConn); ok {
		_ = c.SetWriteBuffer(room) // a wish
		l.raw, _ = c.SyscallConn()
	}
	if !h.lines.enter(l) {
		_ = conn.Close()
		h.Unsubscribe(sub)
		return
	}
	go l.watch()
	sub.Attend(after, l.wake)
}

// enter tells whether there is anybody who will write to the line.
func (all *lines) enter(l *line) bool {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.ended {
		return false
	}
	all.open++
	l.shard = all.shards[all.next%len(all.shards)]
	all.next++
	l.due = all.next % beat // not by the clock: all who come back after a restart would be due at once
	all.wheel[l.due][l] = struct{}{}
	return true
}

// watch waits for the client to leave. It has nothing to say on a stream: whatever comes ends it.
func (l *line) watch() {
	var one [1]byte
	_, _ = l.conn.Read(one[:])
	l.close()
}

func (l *line) close() {
	if l.closed.Swap(true) {
		return
	}
	_ = l.conn.Close()
	l.hub.Unsubscribe(l.sub)
	all := l.hub.lines
	all.mu.Lock()
	delete(all.wheel[l.due], l)
	all.open--
	all.mu.Unlock()
}

// wake has the line's shard look at it.
func (l *line) wake() {
	if l.queued.Swap(true) {
		return
	}
	s := l.shard
	s.mu.Lock()
	s.ready = append(s.ready, l)
	s.mu.Unlock()
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

// run writes until end is called, which lets lines whose subscriptions have ended hear the last of it.
func (all *lines) run() (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var writing sync.WaitGroup
	for _, s := range all.shards {
		writing.Go(func() { s.run(ctx) })
	}
	writing.Go(func() { all.turn(ctx) })
	return func() {
		look := time.NewTicker(5 * time.Millisecond)
		defer look.Stop()
		for late := time.Now().Add(leaveWithin); !all.empty() && time.Now().Before(late); {
			<-look.C
		}
		all.cut()
		cancel()
		writing.Wait()
	}
}

func (all *lines) empty() bool {
	all.mu.Lock()
	defer all.mu.Unlock()
	return all.open == 0
}

// cut closes every connection and takes no more.
func (all *lines) cut() {
	all.mu.Lock()
	all.ended = true
	var left []*line
	for _, some := range all.wheel {
		for l := range some {
			left = append(left, l)
		}
	}
	all.mu.Unlock()
	for _, l := range left {
		l.close()
	}
}

// turn lets a twenty-fifth of the lines hear a pulse each second.
func (all *lines) turn(ctx context.Context) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	var due []*line
	for {
		select {
		case <-ctx.Done():
			return
		case <-second.C:
		}
		all.mu.Lock()
		all.now = (all.now + 1) % beat
		due = due[:0]
		for l := range all.wheel[all.now] {
			due = append(due, l)
		}
		all.mu.Unlock()
		for _, l := range due {
			l.silent.Store(true)
			l.wake()
		}
		clear(due)
	}
}

func (s *shard) run(ctx context.Context) {
	var p pen
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.bell:
		}
		for batch := s.take(); len(batch) > 0; batch = s.take() {
			for i, l := range batch {
				l.write(&p)
				if i%breath == breath-1 {
					runtime.Gosched()
				}
			}
			clear(batch)
		}
	}
}

func (s *shard) take() []*line {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready, s.spare = s.spare[:0], s.ready
	return s.spare
}

// pen is what one writer writes with.
type pen struct {
	messages []*Message
	text     []byte
	attempt
}

// gather gives what is to be sent, valid until the next call, and whether more may come.
func (l *line) gather(p *pen) (text []byte, open bool) {
	p.messages, open = l.sub.Take(p.messages[:0])
	silent := l.silent.Swap(false)
	switch {
	case len(p.messages) == 0 && silent && open:
		return pulse, true
	case len(p.messages) == 1:
		return p.messages[0].Wire, open
	}
	p.text = p.text[:0]
	for _, m := range p.messages {
		p.text = append(p.text, m.Wire...)
	}
	return p.text, open
}

// write sends what waits for a line, without waiting itself: what the system does not take at once is left to a
// goroutine of the line's own.
func (l *line) write(p *pen) {
	l.queued.Store(false)
	if l.slow.Load() || l.closed.Load() {
		return
	}
	text, open := l.gather(p)
	sent := 0
	if l.raw != nil {
		var err error
		if sent, err = p.try(l.raw, text); err != nil {
			l.close()
			return
		}
	}
	switch {
	case sent < len(text):
		l.slow.Store(true)
		go l.finish(slices.Clone(text[sent:]), open)
	case !open:
		l.close()
	}
}

// finish sends what is left, and what comes meanwhile, and gives the line back to its shard.
func (l *line) finish(text []byte, open bool) {
	var p pen
	for len(text) > 0 {
		_ = l.conn.SetWriteDeadline(time.Now().Add(sendWithin))
		if _, err := l.conn.Write(text); err != nil {
			l.close()
			return
		}
		if !open {
			break
		}
		text, open = l.gather(&p)
	}
	if !open {
		l.close()
		return
	}
	l.slow.Store(false)
	l.wake() // for what came just now
}
