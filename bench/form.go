package main

import (
	"time"

	"parley/bench/peer"
)

// form is how long and how large a measurement is. Both forms take five pairs or more of every figure.
type form struct {
	name    string
	pairs   int
	reading time.Duration // one run of reading
	writing time.Duration // one run of anything that writes
	shape   peer.Shape
	marked  peer.Marks
	cold    int // stories that one pair reads for the first time
	streams int
	idle    time.Duration // that open streams are watched doing nothing
	events  int           // that one run tells all streams of
	slow    []slow
	soak    time.Duration // of steady writing; 0 = none
	memory  int64         // bytes that the server may take under reading and writing; 0 = nothing is asked
}

// slow is a disk on which every fsync takes so much longer, and how many times what one writer gets done there 64
// must get done.
type slow struct {
	delay time.Duration
	times float64
}

const (
	pairs      = 5 // the least that a median says something of
	writers    = 64
	marked     = 32 // signed-in readers whose marks are asked for in turn
	hotSize    = 1_000
	coldSize   = 120
	minReaders = writers
)

// The stories that workloads have to themselves. Those of mixed come after these, one for each pair.
const (
	storyRead = iota
	storyBusy
	storyWrite
	storyLive
	storyMixed
)

// short takes less than five minutes.
func short() form {
	return form{
		name: "short", pairs: pairs, reading: 800 * time.Millisecond, writing: time.Second,
		shape:  peer.Shape{Hot: storyMixed + pairs, HotComments: hotSize, Cold: 60 * pairs, ColdComments: coldSize, Readers: minReaders},
		marked: marks(), cold: 60, streams: 2_000, idle: 2 * time.Second, events: 3, slow: []slow{{5 * time.Millisecond, 12}},
	}
}

// long takes about an hour and a half.
func long() form {
	const more = 7
	return form{
		name: "long", pairs: more, reading: 10 * time.Second, writing: 10 * time.Second,
		shape: peer.Shape{
			Hot: storyMixed + more, HotComments: hotSize, Cold: 400 * more, ColdComments: coldSize, Background: 650_000, Readers: minReaders,
		},
		marked: marks(), cold: 400, streams: 19_000, idle: 10 * time.Second, events: 10,
		slow: []slow{{5 * time.Millisecond, 12}, {10 * time.Millisecond, 20}}, soak: 10 * time.Minute, memory: 200 << 20,
	}
}

func marks() peer.Marks {
	return peer.Marks{Readers: marked, Recommended: 20, Followed: 10, Muted: 5, Notices: 3}
}
