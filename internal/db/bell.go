package db

import (
	"sync"
	"sync/atomic"
)

// bell wakes whoever waits for something new. A ring is remembered until it is heard; several rings count as
// one.
type bell struct {
	mu        sync.Mutex
	listeners []chan struct{}
	announce  func()      // tells other processes, where the database does not do it itself
	listening atomic.Bool // PostgreSQL's notifications arrive
}

// Bell gives a channel that is signalled after commits that left something. It carries no data and may be
// signalled without reason; missing one costs delay only for those who never look by themselves.
func (d *DB) Bell() <-chan struct{} {
	d.bell.mu.Lock()
	defer d.bell.mu.Unlock()
	ch := make(chan struct{}, 1)
	d.bell.listeners = append(d.bell.listeners, ch)
	return ch
}

// Ring signals the bell in this process alone: another one has said that something is new.
func (d *DB) Ring() { d.bell.signal() }

// Hears tells whether this process learns at once of what others do. One that shares its database with nobody, or
// has Options.Announce, which knows better, always does.
func (d *DB) Hears() bool { return !d.notifies() || d.bell.listening.Load() }

// notifies tells whether the database itself carries the bell from process to process.
func (d *DB) notifies() bool { return d.engine == Postgres && d.bell.announce == nil }

// ring signals the bell here and everywhere.
func (b *bell) ring() {
	b.signal()
	if b.announce != nil {
		b.announce()
	}
}

func (b *bell) signal() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ch := range b.listeners {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}
