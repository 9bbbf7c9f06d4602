package main

import (
	"context"

	"parley/bench/drive"
	"parley/bench/figures"
)

// The kinds of work that overload asks for.
const (
	reads = iota
	posts
	signIns
	kinds
)

// overload asks for everything at once and for far more than can be done: reads on four times the connections, three
// times the comments and ten times the sign-ins that are got done by readers who wait for their answers. What is
// compared is work: every good answer counts with the CPU that it takes when nothing else is asked for, because one
// sign-in costs as much as a thousand pages. Refusals count as nothing, and must come at once.
func (b *bench) overload(ctx context.Context) error {
	const connections, times, more, patience = 16, 4, 3, 10
	many := b.talkers(b.shape.Hot, min(500, b.shape.Cold))
	var accounts []drive.Request
	for i := range b.shape.Readers {
		accounts = append(accounts, b.peer.SignIn(i))
	}
	sources := [kinds]drive.Source{
		drive.InTurn(b.server.Base, b.peer.First(storyRead).Zipped()),
		func(connection, n int) drive.Shot { return many[(connection*31+n)%len(many)].shot(connection, 0) },
		drive.InTurn(b.server.Base, accounts...),
	}
	waiting := [kinds]int{connections, writers, 4}
	closed := func(kind, connections int) func(context.Context) figures.Run {
		load := drive.Closed{Base: b.server.Base, Connections: connections, For: b.form.writing, Source: sources[kind]}
		return func(ctx context.Context) figures.Run { return load.Run(ctx)[0] }
	}
	open := func(kind int, rate float64, most int) func(context.Context) figures.Run {
		return drive.Open{Base: b.server.Base, Rate: max(rate, 1), For: b.form.writing, Connections: most, Source: sources[kind]}.Run
	}
	r := &figures.Result{
		Workload: "overload", Connections: times*connections + 2_000, Limit: "the forum itself, asked by readers who wait; both in µs of work done", Driver: own,
		Goal: figures.Goal{Rate: 0.8, RefuseP99: 20},
	}
	var cost [kinds]float64
	for kind := range cost {
		alone, err := b.metered(b.server.PID, func(ctx context.Context) (figures.Run, error) { return closed(kind, waiting[kind])(ctx), nil })(ctx)
		if err != nil {
			return err
		}
		cost[kind] = alone.CPUPer()
	}
	var calm [kinds]figures.Run
	together := func(load [kinds]func(context.Context) figures.Run, into *[kinds]figures.Run) side {
		return b.metered(b.server.PID, func(ctx context.Context) (figures.Run, error) { return work(ctx, load, cost, into), nil })
	}
	limit := together([kinds]func(context.Context) figures.Run{closed(reads, connections), closed(posts, writers), closed(signIns, 4)}, &calm)
	if _, err := limit(ctx); err != nil {
		return err
	}
	var got [kinds]figures.Run
	var shares [kinds][]float64
	flood := together([kinds]func(context.Context) figures.Run{
		closed(reads, times*connections), open(posts, more*calm[posts].Rate(), 1_000), open(signIns, patience*calm[signIns].Rate(), 1_000),
	}, &got)
	err := b.measure(ctx, r, func(context.Context, int) (side, side, func() error, error) {
		return func(ctx context.Context) (figures.Run, error) {
			run, err := flood(ctx)
			for kind := range shares {
				shares[kind] = append(shares[kind], got[kind].Rate())
			}
			return run, err
		}, limit, func() error { return nil }, nil
	})
	for kind, name := range [kinds]string{"pages", "comments", "sign-ins"} {
		r.Add(name+" a second under overload", shares[kind])
	}
	return err
}

// work runs loads at the same time and gives what was got done together, in microseconds of work.
func work(ctx context.Context, load [kinds]func(context.Context) figures.Run, cost [kinds]float64, into *[kinds]figures.Run) (sum figures.Run) {
	done := make(chan int)
	for kind, run := range load {
		go func() { into[kind] = run(ctx); done <- kind }()
	}
	for range load {
		<-done
	}
	for kind, one := range into {
		sum.Seconds = max(sum.Seconds, one.Seconds)
		sum.Requests += int64(float64(one.Requests) * cost[kind])
		sum.Errors += one.Errors
		sum.Refused += one.Refused
		sum.P50, sum.P99 = max(sum.P50, one.P50), max(sum.P99, one.P99)
		sum.RefuseP99 = max(sum.RefuseP99, one.RefuseP99)
	}
	return sum
}
