package main

import (
	"context"
	"math/rand/v2"

	"parley/bench/drive"
	"parley/bench/figures"
)

// mixed has connections that read a story's first page, and one time in twenty write a comment there. Every pair
// begins with a story of its own size. The limit is the bare server read by as many connections that do nothing
// else.
func (b *bench) mixed(ctx context.Context) error {
	const connections, writesIn = 16, 20
	r := &figures.Result{
		Workload: "mixed", Connections: connections, Coding: "gzip", Limit: bareHTTP + ", read only", Driver: own + "; limit: " + b.reader(),
		Goal: figures.Goal{Rate: 0.4},
	}
	var rates, slow []float64
	err := b.measure(ctx, r, func(ctx context.Context, i int) (peer, limit side, end func() error, err error) {
		talk, page := b.newTalker(storyMixed+i), b.peer.First(storyMixed+i).Zipped()
		bare, bytes, err := b.limit(ctx, b.server, page)
		if err != nil {
			return nil, nil, nil, err
		}
		r.Bytes = bytes
		raw := page.Raw(drive.Host(b.server.Base))
		source := func(connection, _ int) drive.Shot {
			if rand.IntN(writesIn) == 0 {
				return talk.shot(connection, 1)
			}
			return drive.Shot{Raw: raw}
		}
		peer = b.metered(b.server.PID, func(ctx context.Context) (figures.Run, error) {
			runs := drive.Closed{Base: b.server.Base, Connections: connections, For: b.form.writing, Kinds: 2, Source: source}.Run(ctx)
			rates, slow = append(rates, runs[1].Rate()), append(slow, runs[1].P99)
			runs[0].Errors += runs[1].Errors
			return runs[0], nil
		})
		return peer, b.reading(bare, connections, page), bare.Stop, nil
	})
	r.Add("comments written a second", rates)
	r.Add("p99 of these, ms", slow)
	return err
}
