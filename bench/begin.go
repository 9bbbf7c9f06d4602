package main

import (
	"context"
	"time"

	"parley/bench/drive"
	"parley/bench/figures"
)

// begin measures from the start of the program to its first page: after it was killed in the middle of writing,
// and, as the limit, after it ended in order. Times are the p50 of one start each.
func (b *bench) begin(ctx context.Context) error { return b.starts(ctx, "start") }

// beginLarge does so on a database of a million comments; the page is that of its story of a hundred thousand.
func (b *bench) beginLarge(ctx context.Context) (err error) {
	shape, _ := grownShapes()
	g, err := b.grown(ctx, "large", shape)
	if err != nil {
		return err
	}
	if err := g.start(ctx); err != nil {
		return err
	}
	defer func() {
		if ended := g.stop(); err == nil {
			err = ended
		}
		b.results = g.results
	}()
	return g.starts(ctx, "start-large")
}

func (b *bench) starts(ctx context.Context, name string) error {
	r := &figures.Result{Workload: name, Connections: 1, Limit: "the forum itself after a clean stop", Driver: own, Goal: figures.Goal{P99ms: 1000}}
	started := func(ctx context.Context) (run figures.Run, err error) {
		begun := time.Now()
		if err = b.start(ctx); err != nil {
			return run, err
		}
		if _, err = drive.Must(ctx, b.server.Base, b.peer.First(storyRead)); err != nil {
			return run, err
		}
		run.Seconds, run.Requests = time.Since(begun).Seconds(), 1
		run.P50 = 1000 * run.Seconds
		run.P99 = run.P50
		return run, nil
	}
	err := b.measure(ctx, r, func(context.Context, int) (peer, limit side, end func() error, err error) {
		peer = func(ctx context.Context) (figures.Run, error) {
			if _, err := b.writing(16, b.newTalker(storyWrite).talk)(ctx); err != nil {
				return figures.Run{}, err
			}
			b.server.Kill()
			return started(ctx)
		}
		limit = func(ctx context.Context) (figures.Run, error) {
			if err := b.stop(); err != nil {
				return figures.Run{}, err
			}
			return started(ctx)
		}
		return peer, limit, func() error { return nil }, nil
	})
	return err
}
