package db

import "sync"

// bell wakes whoever waits for something new. A ring is remembered until it is heard; several rings count as
// one.
type bell struct {
	mu        sync.Mutex
	listeners []chan struct{}
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

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ch := range b.listeners {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}
