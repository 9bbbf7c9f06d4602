package main

import "testing"

func TestThrift(t *testing.T) {
	const mib = 1 << 20
	kept := thrift{percent: leastPercent}
	for i, look := range []struct {
		live, allocated uint64
		percent         int
		limit           uint64
		rest            bool
	}{
		{0, 3 * mib, 400, room, false},          // just started
		{10 * mib, 100 * mib, 400, room, false}, // read by many
		{20 * mib, 900 * mib, 320, room, false}, // and more
		{21 * mib, 999 * mib, 320, room, false}, // a small difference is none
		{56 * mib, 2000 * mib, 114, room, false},
		{64 * mib, 2500 * mib, 100, 90 * mib, false}, // as Go would have it
		{72 * mib, 3000 * mib, 100, 100 * mib, false},
		{640 * mib, 4000 * mib, 100, 810 * mib, false}, // streams by the ten thousand
		{600 * mib, 5000 * mib, 100, 810 * mib, false}, // a small difference is none
		{700 * mib, 6000 * mib, 100, 885 * mib, false},
		{20 * mib, 6000 * mib, 320, room, true}, // all have gone
		{10 * mib, 6000 * mib, 400, room, false},
		{10 * mib, 6001*mib - 1, 400, room, false}, // nothing new to give back
		{10 * mib, 6020 * mib, 400, room, false},
		{10 * mib, 6020 * mib, 400, room, true},
	} {
		rest := kept.look(held{live: look.live, beside: 8 * mib, allocated: look.allocated})
		if kept.percent != look.percent || kept.limit != look.limit || rest != look.rest {
			t.Errorf("look %d: %d %%, limit %d, rest %v; want %d %%, %d, %v", i, kept.percent, kept.limit/mib, rest, look.percent, look.limit/mib, look.rest)
		}
	}
}

// TestUsed asks for nothing the runtime does not know.
func TestUsed(t *testing.T) {
	if u := used(); u.allocated == 0 || u.beside == 0 {
		t.Errorf("%+v", u)
	}
}
