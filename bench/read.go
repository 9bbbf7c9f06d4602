package main

import (
	"context"
	"time"

	"parley/bench/drive"
	"parley/bench/figures"
	"parley/bench/machine"
)

// bareHTTP is what reading is held against.
const bareHTTP = "net/http sending the same bytes"

var codings = []string{"gzip", "plain"}

func coded(r drive.Request, coding string) drive.Request {
	if coding == "gzip" {
		return r.Zipped()
	}
	return r
}

// read reads the first page of a hot story, as somebody who is not signed in.
func (b *bench) read(ctx context.Context) error {
	for _, coding := range codings {
		for _, connections := range []int{16, 64} {
			r := &figures.Result{Workload: "read", Connections: connections, Coding: coding, Goal: figures.Goal{Rate: 0.8, CPU: 1.3, P99: 2}}
			if err := b.readAgainstBare(ctx, r, b.server, nil, coded(b.peer.First(storyRead), coding)); err != nil {
				return err
			}
		}
	}
	return nil
}

// readBusy reads a hot story's first page while fifty comments a second are written there.
func (b *bench) readBusy(ctx context.Context) error {
	const perSecond = 50
	for _, connections := range []int{16, 64} {
		var slow []float64
		talk := b.newTalker(storyBusy)
		writing := func(ctx context.Context) figures.Run {
			// It goes on until the reading ends.
			return drive.Open{Base: b.server.Base, Rate: perSecond, For: time.Hour, Connections: writers, Source: talk.talk}.Run(ctx)
		}
		r := &figures.Result{Workload: "read-busy", Connections: connections, Coding: "gzip", Goal: figures.Goal{Rate: 0.6}}
		err := b.readAgainstBare(ctx, r, b.server, func(run side) side {
			return func(ctx context.Context) (figures.Run, error) {
				during, end := context.WithCancel(ctx)
				wrote := make(chan figures.Run)
				go func() { wrote <- writing(during) }()
				got, err := run(ctx)
				end()
				w := <-wrote
				got.Errors += w.Errors
				slow = append(slow, w.P99)
				return got, err
			}
		}, b.peer.First(storyBusy).Zipped())
		if err != nil {
			return err
		}
		r.Add("p99 of the comments written meanwhile, ms", slow)
	}
	return nil
}

// own reads what signed-in readers see of their own, by many of them in turn.
func (b *bench) own(ctx context.Context) error {
	var all []drive.Request
	for i := range b.marked.Readers {
		all = append(all, b.peer.Own(i, storyRead))
	}
	r := &figures.Result{Workload: "own", Connections: 16, Goal: figures.Goal{Rate: 0.3}}
	return b.readAgainstBare(ctx, r, b.server, nil, all...)
}

// readAgainstBare compares reading from a server with reading the same bytes from a bare one; around, which may
// be nil, puts something beside the reading of the peer.
func (b *bench) readAgainstBare(ctx context.Context, r *figures.Result, server *machine.Process, around func(side) side, requests ...drive.Request) error {
	r.Limit, r.Driver = bareHTTP, b.reader()
	return b.measure(ctx, r, func(ctx context.Context, _ int) (peer, limit side, end func() error, err error) {
		bare, bytes, err := b.limit(ctx, server, requests[0])
		if err != nil {
			return nil, nil, nil, err
		}
		r.Bytes = bytes
		peer = b.reading(server, r.Connections, requests...)
		if around != nil {
			peer = around(peer)
		}
		return peer, b.reading(bare, r.Connections, requests...), bare.Stop, nil
	})
}
