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
		posts:   func(connection, n int) drive.Shot { return many[(connection*31+n)%len(many)].shot(connection, 0) },
		signIns: drive.InTurn(b.server.Base, accounts...),
	}
	// wrk reads where it can: a driver that is busy reading would be late to see refusals.
	page := drive.Reads{Base: b.server.Base, For: b.form.writing, Requests: []drive.Request{b.peer.First(storyRead).Zipped()}}
	read := func(connections int) func(context.Context) (figures.Run, error) {
		load := page
		load.Connections = connections
		return func(ctx context.Context) (figures.Run, error) { return load.Run(ctx, b.wrk) }
	}
	closed := func(kind, connections int) func(context.Context) (figures.Run, error) {
		load := drive.Closed{Base: b.server.Base, Connections: connections, For: b.form.writing, Source: sources[kind]}
		return func(ctx context.Context) (figures.Run, error) { return load.Run(ctx)[0], nil }
	}
	open := func(kind int, rate float64, most int) func(context.Context) (figures.Run, error) {
		load := drive.Open{Base: b.server.Base, Rate: max(rate, 1), For: b.form.writing, Connections: most, Source: sources[kind]}
		return func(ctx context.Context) (figures.Run, error) { return load.Run(ctx), nil }
	}
	alone := [kinds]func(context.Context) (figures.Run, error){read(connections), closed(posts, writers), closed(signIns, 4)}
	r := &figures.Result{
		Workload: "overload", Connections: times*connections + 2_000, Limit: "the forum itself, asked by readers who wait; both in µs of work done", Driver: b.reader(),
		Goal: figures.Goal{Rate: 0.8, RefuseP99: 20},
	}
	var cost [kinds]float64
	for kind := range cost {
		run, err := b.metered(b.server.PID, alone[kind])(ctx)
		if err != nil {
			return err
		}
		cost[kind] = run.CPUPer()
	}
	var calm [kinds]figures.Run
	together := func(load [kinds]func(context.Context) (figures.Run, error), into *[kinds]figures.Run) side {
		return b.metered(b.server.PID, func(ctx context.Context) (figures.Run, error) { return work(ctx, load, cost, into) })
	}
	limit := together(alone, &calm)
	if _, err := limit(ctx); err != nil {
		return err
	}
	var got [kinds]figures.Run
	var shares, served, refused, late [kinds][]float64
	var unsent []float64
	flood := together([kinds]func(context.Context) (figures.Run, error){
		read(times * connections), open(posts, more*calm[posts].Rate(), 1_000), open(signIns, patience*calm[signIns].Rate(), 1_000),
	}, &got)
	err := b.measure(ctx, r, func(context.Context, int) (side, side, func() error, error) {
		return func(ctx context.Context) (figures.Run, error) {
			run, err := flood(ctx)
			none := int64(0)
			for kind, one := range got {
				shares[kind] = append(shares[kind], one.Rate())
				served[kind] = append(served[kind], one.P99)
				refused[kind] = append(refused[kind], one.RefuseP99)
				late[kind] = append(late[kind], one.LateP99)
				none += one.Unsent
			}
			unsent = append(unsent, float64(none))
			return run, err
		}, limit, func() error { return nil }, nil
	})
	for kind, name := range [kinds]string{"pages", "comments", "sign-ins"} {
		r.Add(name+" a second under overload", shares[kind])
		r.Add("p99 of these, ms", served[kind])
		if kind != reads { // a page that is at hand costs no more than to refuse it
			r.Add("p99 of "+name+" turned away, ms", refused[kind])
			r.Add("p99 of how late the driver sent "+name+", ms", late[kind])
		}
	}
	r.Add("requests that the driver had no connection for", unsent)
	return err
}

// work runs loads at the same time and gives what was got done together, in microseconds of work.
func work(ctx context.Context, load [kinds]func(context.Context) (figures.Run, error), cost [kinds]float64, into *[kinds]figures.Run) (sum figures.Run, err error) {
	done := make(chan error)
	for kind, run := range load {
		go func() {
			var failed error
			into[kind], failed = run(ctx)
			done <- failed
		}()
	}
	for range load {
		if failed := <-done; failed != nil {
			err = failed
		}
	}
	for kind, one := range into {
		sum.Seconds = max(sum.Seconds, one.Seconds)
		sum.Requests += int64(float64(one.Requests) * cost[kind])
		sum.Errors += one.Errors
		sum.Refused += one.Refused
		sum.P50, sum.P99 = max(sum.P50, one.P50), max(sum.P99, one.P99)
		sum.RefuseP99 = max(sum.RefuseP99, one.RefuseP99)
		sum.Unsent += one.Unsent
		sum.LateP99 = max(sum.LateP99, one.LateP99)
	}
	return sum, err
}
