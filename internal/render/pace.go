package render

import (
	"context"
	"errors"
	"sync"
	"time"
)

var errFull = errors.New("more rebuilds are waiting than can be made in time")

// pace spreads the rebuilds of one story: at most Rebuilds within any second. Turns are given in the order in
// which they are asked for.
type pace struct {
	mu    sync.Mutex
	turns [Rebuilds]time.Time // the last turns given, which may lie ahead
	next  int                 // the oldest of them
}

// wait returns when it is the caller's turn, or with errFull at once when that is too far off.
func (p *pace) wait(ctx context.Context) error {
	turn, err := p.take()
	if err != nil {
		return err
	}
	delay := time.Until(turn)
	if delay <= 0 {
		return nil
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (p *pace) take() (time.Time, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	turn := now
	if free := p.turns[p.next].Add(time.Second); free.After(now) {
		turn = free
	}
	if turn.Sub(now) > queueing {
		return time.Time{}, errFull
	}
	p.turns[p.next] = turn
	p.next = (p.next + 1) % Rebuilds
	return turn, nil
}

// full tells whether a rebuild would have to wait now.
func (p *pace) full() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Since(p.turns[p.next]) < time.Second
}
