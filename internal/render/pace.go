package render

import (
	"context"
	"sync"
	"time"
)

// pace spreads the rebuilds of one story: at most Rebuilds within any second. Turns are given in the order in
// which they are asked for.
type pace struct {
	mu    sync.Mutex
	turns [Rebuilds]time.Time // the last turns given, which may lie ahead
	next  int                 // the oldest of them
}

// wait returns when it is the caller's turn, or with an error when that cannot be before ctx ends.
func (p *pace) wait(ctx context.Context) error {
	turn, err := p.take(ctx)
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

func (p *pace) take(ctx context.Context) (time.Time, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	turn := time.Now()
	if free := p.turns[p.next].Add(time.Second); free.After(turn) {
		turn = free
	}
	if end, ok := ctx.Deadline(); ok && turn.After(end) {
		return time.Time{}, errFull
	}
	p.turns[p.next] = turn
	p.next = (p.next + 1) % Rebuilds
	return turn, nil
}
