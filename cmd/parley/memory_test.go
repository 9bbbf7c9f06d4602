package main

import "testing"

func TestThrift(t *testing.T) {
	const mib = 1 << 20
	kept := thrift{percent: leastPercent}
	for i, look := range []struct {
		live, allocated uint64
		percent         int
		rest            bool
	}{
		{0, 3 * mib, 400, false},           // just started
		{10 * mib, 100 * mib, 400, false},  // read by many
		{20 * mib, 900 * mib, 320, false},  // and more
		{21 * mib, 999 * mib, 320, false},  // a small difference is none
		{64 * mib, 2000 * mib, 100, false}, // as Go would have it
		{640 * mib, 4000 * mib, 100, false},
		{20 * mib, 4000 * mib, 320, true}, // all have gone
		{10 * mib, 4000 * mib, 400, false},
		{10 * mib, 4001*mib - 1, 400, false}, // nothing new to give back
		{10 * mib, 4020 * mib, 400, false},
		{10 * mib, 4020 * mib, 400, true},
	} {
		percent, rest := kept.look(look.live, look.allocated)
		kept.percent = percent
		if percent != look.percent || rest != look.rest {
			t.Errorf("look %d: %d %%, rest %v; want %d %%, %v", i, percent, rest, look.percent, look.rest)
		}
	}
}
