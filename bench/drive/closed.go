package drive

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"parley/bench/figures"
)

// Shot is one request, as it goes over the wire.
type Shot struct {
	Raw  []byte
	Kind int          // counted from 0; answers are told apart by it
	Hear func(Answer) // takes the answer, whole; nil = nobody looks at it
}

// Source gives the n-th shot of a connection. It is called by one goroutine for each connection.
type Source func(connection, n int) Shot

// InTurn gives some requests to a server one after the other; connections begin at different places.
func InTurn(base string, requests ...Request) Source {
	var all [][]byte
	for _, r := range requests {
		all = append(all, r.Raw(Host(base)))
	}
	return func(connection, n int) Shot { return Shot{Raw: all[(connection+n)%len(all)]} }
}

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
// and not counted, unless the load ends by number or it is the first request of its connection: a server that
// answers nobody in time shows how slow it is, and the run lasts until then.
func (c Closed) Run(ctx context.Context) []figures.Run {
	kinds := max(c.Kinds, 1)
	each := make([][]tally, c.Connections)
	begun := time.Now()
	end := begun.Add(c.For)
	var last atomic.Int64 // Unix nanoseconds of the last answer that counts
	var all sync.WaitGroup
	for i := range each {
		each[i] = make([]tally, kinds)
		all.Go(func() {
			at := c.keepBusy(ctx, i, each[i], end).UnixNano()
			for known := last.Load(); at > known && !last.CompareAndSwap(known, at); known = last.Load() {
			}
		})
	}
	all.Wait()
	lasted := max(c.For, time.Duration(last.Load()-begun.UnixNano()))
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

// keepBusy is one connection; it gives when its last answer that counts came.
func (c Closed) keepBusy(ctx context.Context, connection int, tallies []tally, end time.Time) (last time.Time) {
	l := &line{host: Host(c.Base)}
	defer l.close()
	for n := 0; ctx.Err() == nil && (c.For > 0 || n < c.Each); n++ {
		shot := c.Source(connection, n)
		begun := time.Now()
		if c.For > 0 && n > 0 && !begun.Before(end) {
			return last
		}
		answer, err := l.exchange(ctx, shot.Raw, shot.Hear != nil)
		now := time.Now()
		if c.For > 0 && n > 0 && now.After(end) && now.Sub(begun) <= figures.Late {
			return last
		}
		last = now
		tallies[shot.Kind].add(answer, err, now.Sub(begun))
		switch {
		case err != nil:
			pause(ctx)
		case shot.Hear != nil:
			shot.Hear(answer)
		}
	}
	return last
}

// pause keeps a connection that cannot be made from being tried without end at full speed.
func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(5 * time.Millisecond):
	}
}
