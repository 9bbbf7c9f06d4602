package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// look is how often the use of memory is looked at.
	look = 5 * time.Second
	// spare is how much garbage may gather before it is collected, in bytes. Go's own rule lets as much gather as
	// is in use: with the twenty megabytes of a small forum that is a collection for every few hundred answers.
	spare = 64 << 20
	// mostPercent bounds the same as a part of what is in use, and leastPercent is Go's own rule, for programs
	// that use more than spare.
	mostPercent, leastPercent = 400, 100
	// quiet is how little is asked for between two looks, in bytes, by a forum that nobody reads.
	quiet = 1 << 20
)

// thrift gives memory back when nobody reads, and lets garbage gather when many do.
type thrift struct {
	percent   int
	allocated uint64 // in all, when it was last looked at
	freed     uint64 // in all, when memory was last given back
}

// keepMemory looks after memory until ctx ends. Whoever sets GOGC has a rule of their own.
func keepMemory(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	t := thrift{percent: leastPercent}
	for {
		sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/allocs:bytes"}}
		metrics.Read(sample)
		percent, rest := t.look(sample[0].Value.Uint64(), sample[1].Value.Uint64())
		if percent != t.percent {
			t.percent = percent
			debug.SetGCPercent(percent)
		}
		if rest {
			debug.FreeOSMemory()
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// look decides by the bytes in use after the last collection and those ever allocated: how much garbage may gather,
// in percent of what is in use, and whether to give back what is free.
func (t *thrift) look(live, allocated uint64) (percent int, rest bool) {
	percent = max(leastPercent, int(min(mostPercent, spare*100/max(live, 1))))
	if near := percent - t.percent; near > -20 && near < 20 && percent > leastPercent && percent < mostPercent {
		percent = t.percent // to change the rule stops everything for a moment
	}
	rest = allocated-t.allocated < quiet && allocated-t.freed > spare/4
	if rest {
		t.freed = allocated
	}
	t.allocated = allocated
	return percent, rest
}
