package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// ajarFor is how long a door stays ajar while it is shut: connections that the system has begun to make are
	// complete by then, wherever a load balancer stands in the same part of the world.
	ajarFor = 50 * time.Millisecond
	// sayWithin is how long whoever has just come in has for a request once the door is shut. A load balancer sends it
	// with the connection; browsers also open connections that they may never need.
	sayWithin = time.Second
)

// door is a listener that can be shut without losing anybody. Closing one cuts off those who stand before it, whose
// connections the system has made and nobody has taken yet, and [http.Server.Shutdown] those who have come in and not
// yet said what they want. Whoever sent their requests cannot know whether they were heard, and a load balancer must not
// try such a request elsewhere.
type door struct {
	*net.TCPListener
	new *newcomers
}

// listen opens a door at an address, without Multipath TCP: browsers and load balancers do not speak it, and its
// listeners cannot be told to leave newcomers outside.
func listen(ctx context.Context, address string) (door, error) {
	var how net.ListenConfig
	how.SetMultipathTCP(false)
	listener, err := how.Listen(ctx, "tcp", address)
	if err != nil {
		return door{}, fmt.Errorf("listen: %w", err)
	}
	return door{listener.(*net.TCPListener), &newcomers{silent: map[net.Conn]struct{}{}}}, nil
}

// shut lets in who stands before the door, and nobody else. Accept gives [net.ErrClosed] once they are in. Where the
// system can be told so (Linux), newcomers are left without an answer until then and refused when they knock again;
// elsewhere there is an instant in which one may be cut off.
func (d door) shut() error {
	_ = d.leaveOutside() // where the system does not allow it, the instant remains
	return d.SetDeadline(time.Now().Add(ajarFor))
}

// Accept is [net.Listener.Accept].
func (d door) Accept() (net.Conn, error) {
	for {
		conn, err := d.TCPListener.Accept()
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return conn, err
		}
		if !d.crowded() {
			return nil, errors.Join(net.ErrClosed, d.TCPListener.Close())
		}
		// The machine was too busy to let all of them in.
		if err := d.SetDeadline(time.Now().Add(ajarFor)); err != nil {
			return nil, err
		}
	}
}

// newcomers are connections that have not sent a request yet.
type newcomers struct {
	some atomic.Bool // spares connections that are kept, as most are, the lock with every request

	mu     sync.Mutex
	silent map[net.Conn]struct{}
}

// note is an [http.Server.ConnState].
func (n *newcomers) note(conn net.Conn, state http.ConnState) {
	switch {
	case state == http.StateNew:
	case state == http.StateIdle || !n.some.Load():
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if state == http.StateNew {
		n.silent[conn] = struct{}{}
	} else {
		delete(n.silent, conn)
	}
	n.some.Store(len(n.silent) > 0)
}

// hear waits until all have said what they want, and sends those away who do not within their time or until ctx ends.
func (n *newcomers) hear(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, sayWithin)
	defer cancel()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for n.some.Load() && ctx.Err() == nil {
		select {
		case <-look.C:
		case <-ctx.Done():
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for conn := range n.silent {
		_ = conn.Close()
	}
}
