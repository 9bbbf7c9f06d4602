package drive

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"

	"parley/bench/figures"
)

// Crowd is a number of open streams of server-sent events.
type Crowd struct {
	streams int
	heard   func(line []byte) string

	mu      sync.Mutex
	events  map[string]*event // by what was heard
	conns   []net.Conn
	ended   int
	reading sync.WaitGroup
}

// event is when the streams told of it.
type event struct {
	at  []time.Time
	all chan struct{} // closed when every stream has
}

const (
	// opening is how many streams are opened at once.
	opening = 64
	// addresses is how many loopback addresses streams come from: one has ports for some 28,000 connections to a
	// server, shared with those that have just ended.
	addresses = 8
)

// from gives where the nth stream comes from. Linux takes all of 127.0.0.0/8 for this machine; elsewhere it is one
// address.
func from(host string, n int) net.Addr {
	if address, _, err := net.SplitHostPort(host); err != nil || address != "127.0.0.1" || runtime.GOOS != "linux" {
		return nil
	}
	return &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+n%addresses))}
}

// Watch opens streams to a server; heard gives the id of the event that a line tells of, "" for any other.
// It returns when all are open, or fails.
func Watch(ctx context.Context, base string, r Request, streams int, heard func(line []byte) string) (*Crowd, error) {
	c := &Crowd{streams: streams, heard: heard, events: map[string]*event{}}
	raw := r.With("Accept", "text/event-stream").Raw(Host(base))
	var all sync.WaitGroup
	var failed error
	turns := make(chan struct{}, opening)
	for n := range streams {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			if err := c.open(ctx, Host(base), n, raw); err != nil {
				c.mu.Lock()
				failed = err
				c.mu.Unlock()
			}
		})
	}
	all.Wait()
	if failed != nil {
		c.Close()
		return nil, fmt.Errorf("open %d streams: %w", streams, failed)
	}
	return c, nil
}

func (c *Crowd) open(ctx context.Context, host string, n int, raw []byte) error {
	dialer := net.Dialer{Timeout: patience, LocalAddr: from(host, n)}
	conn, err := dialer.DialContext(ctx, "tcp", host)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.conns = append(c.conns, conn)
	c.mu.Unlock()
	if _, err := conn.Write(raw); err != nil {
		return err
	}
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	answer, err := http.ReadResponse(bufio.NewReaderSize(conn, 1<<10), nil)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("a stream is answered with %d", answer.StatusCode)
	}
	if err := conn.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	c.reading.Go(func() { c.read(answer.Body) })
	return nil
}

func (c *Crowd) read(body io.Reader) {
	lines := bufio.NewReaderSize(body, 512)
	for {
		text, _, err := lines.ReadLine()
		if err != nil {
			break
		}
		if id := c.heard(text); id != "" {
			now := time.Now()
			c.mu.Lock()
			e := c.event(id)
			if e.at = append(e.at, now); len(e.at) == c.streams {
				close(e.all)
			}
			c.mu.Unlock()
		}
	}
	c.mu.Lock()
	c.ended++
	c.mu.Unlock()
}

// event gives what is known of one event; c.mu is held.
func (c *Crowd) event(id string) *event {
	e := c.events[id]
	if e == nil {
		e = &event{all: make(chan struct{})}
		c.events[id] = e
	}
	return e
}

// Heard waits until every stream has told of an event, or until it is late, and gives how long each took since
// a moment. A stream that told of it twice counts as an error, as one does that told nothing.
func (c *Crowd) Heard(ctx context.Context, id string, since time.Time) (took []time.Duration, errors int64) {
	c.mu.Lock()
	e := c.event(id)
	c.mu.Unlock()
	select {
	case <-e.all:
	case <-time.After(figures.Late):
	case <-ctx.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, at := range e.at {
		took = append(took, at.Sub(since))
	}
	errors = int64(c.streams - len(took))
	return took, max(errors, -errors)
}

// Ended gives how many streams the server has ended.
func (c *Crowd) Ended() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended
}

// Close ends all streams.
func (c *Crowd) Close() {
	c.mu.Lock()
	for _, conn := range c.conns {
		conn.Close()
	}
	c.mu.Unlock()
	c.reading.Wait()
}
