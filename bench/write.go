package main

import (
	"context"

	"parley/bench/drive"
	"parley/bench/figures"
	"parley/bench/machine"
)

// bareSQLite is what writing is held against.
const bareSQLite = "SQLite committing the same row, one at a time, synchronous=FULL"

// write has 64 readers write without pause, over many stories and then all in one.
func (b *bench) write(ctx context.Context) error {
	d, err := machine.Converse(ctx, machine.Command{Path: b.self, Args: []string{"bare-sqlite"}, Core: b.core})
	if err != nil {
		return err
	}
	var patterns int
	if err := d.Ask(b.peer.Row(b.dir), &patterns); err != nil {
		return err
	}
	limit := b.metered(d.PID, func(context.Context) (run figures.Run, err error) {
		return run, d.Ask(b.form.writing.Seconds(), &run)
	})
	one, many := b.newTalker(storyWrite), b.talkers(b.shape.Hot, min(500, b.shape.Cold))
	for _, w := range []struct {
		name   string
		source drive.Source
	}{
		{"write", func(connection, n int) drive.Shot { return many[(connection*31+n)%len(many)].shot(connection, 0) }},
		{"write-one", func(connection, _ int) drive.Shot { return one.shot(connection, 0) }},
	} {
		r := &figures.Result{Workload: w.name, Connections: writers, Limit: bareSQLite, Driver: own, Goal: figures.Goal{Rate: 0.8, CPUus: 300}}
		peer := b.writing(writers, w.source)
		err := b.measure(ctx, r, func(context.Context, int) (side, side, func() error, error) {
			return peer, limit, func() error { return nil }, nil
		})
		if err != nil {
			return err
		}
		// Every writer waits for the 63 others; three times as long is too long for anybody.
		r.Goal.P99ms = 3 * 1000 * writers / r.Summary.Rate
	}
	return d.Close()
}

// talkers gives one for each of some stories.
func (b *bench) talkers(from, n int) (all []*talker) {
	for i := range n {
		all = append(all, b.newTalker(from+i))
	}
	return all
}

// writing gives the side that writes to the peer with some connections for a while.
func (b *bench) writing(connections int, source drive.Source) side {
	return b.metered(b.server.PID, func(ctx context.Context) (figures.Run, error) {
		return drive.Closed{Base: b.server.Base, Connections: connections, For: b.form.writing, Source: source}.Run(ctx)[0], nil
	})
}
