package main

import (
	"context"

	"parley/bench/drive"
	"parley/bench/figures"
)

// signIn floods the forum with ten times as many sign-ins as it can take, by passwords that are right, while
// a hundred pages a second are read. The limit is the forum itself at its best: what it takes when asked no faster than it answers.
// Those turned away are errors like any other answer but 2xx; what matters is that others are still let in, and
// that the rest hear so at once.
func (b *bench) signIn(ctx context.Context) error {
	const calm, times, most, pagesRate, readers = 4, 10, 1_000, 100, 8
	var all []drive.Request
	for i := range b.shape.Readers {
		all = append(all, b.peer.SignIn(i))
	}
	source := drive.InTurn(b.server.Base, all...)
	limit := b.metered(b.server.PID, func(ctx context.Context) (figures.Run, error) {
		return drive.Closed{Base: b.server.Base, Connections: calm, For: b.form.writing, Source: source}.Run(ctx)[0], nil
	})
	peak, err := limit(ctx)
	if err != nil {
		return err
	}
	var pages, late []float64
	flood := b.metered(b.server.PID, func(ctx context.Context) (figures.Run, error) {
		read := make(chan figures.Run, 1)
		go func() {
			read <- drive.Open{Base: b.server.Base, Rate: pagesRate, For: b.form.writing, Connections: readers, Source: drive.InTurn(b.server.Base, b.peer.First(storyRead).Zipped())}.Run(ctx)
		}()
		run := drive.Open{Base: b.server.Base, Rate: times * max(peak.Rate(), 1), For: b.form.writing, Connections: most, Source: source}.Run(ctx)
		pages = append(pages, (<-read).P99)
		late = append(late, run.LateP99)
		return run, nil
	})
	r := &figures.Result{Workload: "sign-in", Connections: most, Limit: "the forum itself, four at a time", Driver: own, Goal: figures.Goal{Rate: 0.8, RefuseP99: 20}}
	err = b.measure(ctx, r, func(context.Context, int) (side, side, func() error, error) {
		return flood, limit, func() error { return nil }, nil
	})
	r.Add("p99 of those turned away, ms", []float64{r.Summary.RefuseP99})
	r.Add("p99 of pages read meanwhile, ms", pages)
	r.Add("p99 of how late the driver sent, ms", late)
	return err
}
