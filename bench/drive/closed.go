package drive

import (
	"context"
	"sync"
	"time"

	"parley/bench/figures"
)

// Source gives connections what to send. Its methods are called by one goroutine for each connection.
type Source interface {
	// Next gives the n-th request of a connection, as it goes over the wire, and its kind, counted from 0.
	Next(connection, n int) (raw []byte, kind int)
	// Hear takes the answer to it; whether Hears(kind), its body too.
	Hear(connection, kind int, a Answer)
	// Hears tells whether answers of a kind are read by Hear.
	Hears(kind int) bool
}

// Turn is a source that sends requests in turn and looks at no answer.
type Turn [][]byte

// InTurn gives the source of some requests to a server.
func InTurn(base string, requests ...Request) Turn {
	var t Turn
	for _, r := range requests {
		t = append(t, r.Raw(Host(base)))
	}
	return t
}

// Next gives one after the other; connections begin at different places.
func (t Turn) Next(connection, n int) ([]byte, int) { return t[(connection+n)%len(t)], 0 }

// Hear ignores the answer.
func (Turn) Hear(int, int, Answer) {}

// Hears says that no answer is looked at.
func (Turn) Hears(int) bool { return false }

// Closed is load by connections that each send a request as soon as the last one is answered.
type Closed struct {
	Base        string
	Connections int
	For         time.Duration // 0 = until each connection has sent Each
	Each        int
	Kinds       int // of requests; 0 = one
	Source      Source
}

// Run puts the load on and gives one run for each kind of request. What is under way at the end is waited for
// and not counted, unless the load ends by number.
func (c Closed) Run(ctx context.Context) []figures.Run {
	kinds := max(c.Kinds, 1)
	each := make([][]tally, c.Connections)
	begun := time.Now()
	end := begun.Add(c.For)
	var all sync.WaitGroup
	for i := range each {
		each[i] = make([]tally, kinds)
		all.Go(func() { c.keepBusy(ctx, i, each[i], end) })
	}
	all.Wait()
	lasted := c.For
	if c.For == 0 {
		lasted = time.Since(begun)
	}
	var runs []figures.Run
	for kind := range kinds {
		var sum tally
		for i := range each {
			sum.join(each[i][kind])
		}
		runs = append(runs, sum.run(lasted))
	}
	return runs
}

func (c Closed) keepBusy(ctx context.Context, connection int, tallies []tally, end time.Time) {
	l := &line{host: Host(c.Base)}
	defer l.close()
	for n := 0; ctx.Err() == nil && (c.For > 0 || n < c.Each); n++ {
		raw, kind := c.Source.Next(connection, n)
		begun := time.Now()
		if c.For > 0 && !begun.Before(end) {
			return
		}
		answer, err := l.exchange(ctx, raw, c.Source.Hears(kind))
		now := time.Now()
		if c.For > 0 && now.After(end) && now.Sub(begun) <= figures.Late {
			return
		}
		tallies[kind].add(answer, err, now.Sub(begun))
		if err == nil {
			c.Source.Hear(connection, kind, answer)
		} else if !pause(ctx) {
			return
		}
	}
}

// pause keeps a connection that cannot be made from being tried without end at full speed.
func pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(5 * time.Millisecond):
		return true
	}
}
