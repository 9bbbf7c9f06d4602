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
	// room is what the program may have from the system for everything but SQLite's caches before garbage is
	// collected sooner than by the rules above. With all caches full there is room for a dozen megabytes of garbage.
	room = 80 << 20
	// leeway is what garbage may take beyond what is in use where that is more than room: a quarter. Then streams by
	// the ten thousand are open, and to collect all the time would help nobody.
	leeway = 4
	// quiet is how little is asked for between two looks, in bytes, by a forum that nobody reads.
	quiet = 1 << 20
)

// thrift gives memory back when nobody reads, and lets garbage gather when many do.
type thrift struct {
	percent   int
	limit     uint64
	allocated uint64 // in all, when it was last looked at
	freed     uint64 // in all, when memory was last given back
}

// held is what the program has of memory, in bytes.
type held struct {
	live      uint64 // in use after the last collection
	beside    uint64 // stacks, the collector's own notes and other things that are no garbage ever
	allocated uint64 // ever
}

// keepMemory looks after memory until ctx ends; rest has others give back what they can while nobody reads. Whoever
// sets GOGC has a rule of their own, and whoever sets GOMEMLIMIT a limit of their own.
func keepMemory(ctx context.Context, rest func()) {
	ruled, limited := os.Getenv("GOGC") != "", os.Getenv("GOMEMLIMIT") != ""
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	t := thrift{percent: leastPercent}
	for {
		before := t
		idle := t.look(used())
		if t.percent != before.percent && !ruled {
			debug.SetGCPercent(t.percent)
		}
		if t.limit != before.limit && !limited {
			debug.SetMemoryLimit(int64(t.limit))
		}
		if idle && !ruled {
			rest()
			debug.FreeOSMemory()
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// used asks the runtime.
func used() held {
	samples := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/allocs:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"},
		{Name: "/memory/classes/metadata/mspan/inuse:bytes"}, {Name: "/memory/classes/metadata/other:bytes"}, {Name: "/memory/classes/other:bytes"},
	}
	metrics.Read(samples)
	u := held{live: samples[0].Value.Uint64(), allocated: samples[1].Value.Uint64()}
	for _, s := range samples[2:] {
		u.beside += s.Value.Uint64()
	}
	return u
}

// look decides how much garbage may gather, in percent of what is in use, what the program may have in all, and
// whether to give back what is free.
func (t *thrift) look(u held) (rest bool) {
	percent := max(leastPercent, int(min(mostPercent, spare*100/max(u.live, 1))))
	if near := percent - t.percent; near <= -20 || near >= 20 || percent == leastPercent || percent == mostPercent {
		t.percent = percent // to change the rule stops everything for a moment
	}
	needed := (u.live + u.beside) / leeway * (leeway + 1)
	if limit := max(room, needed); limit == room || t.limit == 0 || limit > t.limit || limit < t.limit/8*7 {
		t.limit = limit
	}
	rest = u.allocated-t.allocated < quiet && u.allocated-t.freed > spare/4
	if rest {
		t.freed = u.allocated
	}
	t.allocated = u.allocated
	return rest
}
