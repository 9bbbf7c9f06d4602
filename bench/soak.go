package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"parley/bench/drive"
	"parley/bench/figures"
)

// steady writes two hundred comments a second for minutes on end, over many stories. The limit of every minute
// from the third on is the second one: what was fast then must be fast at the end.
func (b *bench) steady(ctx context.Context) error {
	const perSecond, connections = 200, 256
	r := &figures.Result{
		Workload: "steady", Connections: connections, Limit: "the forum itself in the second minute", Driver: own, Goal: figures.Goal{P99: 1.2},
	}
	many := b.talkers(b.shape.Hot, min(500, b.shape.Cold))
	minute := b.metered(b.server.PID, func(ctx context.Context) (figures.Run, error) {
		return drive.Open{Base: b.server.Base, Rate: perSecond, For: time.Minute, Connections: connections, Source: func(_, n int) drive.Shot {
			return many[n%len(many)].shot(n, 0)
		}}.Run(ctx), nil
	})
	var second figures.Run
	var wal int64
	for n := 1; time.Duration(n)*time.Minute <= b.soak; n++ {
		b.step(r.Workload)
		run, err := minute(ctx)
		if err != nil {
			return err
		}
		wal = max(wal, logSize(b.dir))
		switch {
		case n == 2:
			second = run
		case n > 2:
			r.Pairs = append(r.Pairs, figures.Pair{Peer: run, Limit: second})
		}
	}
	if len(r.Pairs) == 0 {
		return errors.New("steady takes ten minutes: ask for the long form (-long)")
	}
	r.Summarise()
	last := r.Pairs[len(r.Pairs)-1]
	r.Add("p99 of the last minute over that of the second", []float64{last.Peer.P99 / last.Limit.P99})
	r.Add("memory grown since the second minute, MiB", []float64{float64(last.Peer.Memory-last.Limit.Memory) / (1 << 20)})
	r.Add("write-ahead log at most, MiB", []float64{float64(wal) / (1 << 20)})
	b.results = append(b.results, r)
	return nil
}

// logSize gives the size of the write-ahead logs in a folder, 0 where there is none.
func logSize(dir string) (sum int64) {
	files, _ := filepath.Glob(filepath.Join(dir, "*-wal"))
	for _, file := range files {
		if info, err := os.Stat(file); err == nil {
			sum += info.Size()
		}
	}
	return sum
}
