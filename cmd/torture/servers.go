package main

import (
	"context"
	"time"
)

// crash crashes PostgreSQL under the processes, which go on, and starts it again.
func (r *round) crash(ctx context.Context) error {
	for range legs {
		r.crowd.Start(ctx)
		if err := r.some(ctx, 200*time.Millisecond, 1500*time.Millisecond); err != nil {
			return err
		}
		if err := r.pg.Crash(); err != nil {
			return err
		}
		if err := r.sleep(ctx, time.Duration(r.dice.Int64N(int64(time.Second)))); err != nil {
			return err
		}
		if err := r.pg.Start(ctx); err != nil {
			return err
		}
		if err := r.back(ctx, "after the crash of PostgreSQL"); err != nil {
			return err
		}
		r.crowd.Stop()
		if err := r.judge(ctx); err != nil {
			return err
		}
	}
	return nil
}

// promisedFailover is within what time writing must go on after the first PostgreSQL is gone.
const promisedFailover = 10 * time.Second

// failover kills the first PostgreSQL and promotes its standby. Nothing tells the processes but their database address,
// which names both.
func (r *round) failover(ctx context.Context) error {
	r.crowd.Start(ctx)
	if err := r.some(ctx, 200*time.Millisecond, 1500*time.Millisecond); err != nil {
		return err
	}
	begun, since := time.Now(), r.journal.Since()
	if err := r.pg.Kill(); err != nil {
		return err
	}
	if err := r.standby.Run(ctx, "postgres", "SELECT pg_promote()"); err != nil {
		return err
	}
	since = r.journal.Since()
	if err := r.await(ctx, patience, "an acknowledgement after the failover", func() bool { return r.acknowledgedSince(since) }); err != nil {
		return err
	}
	took := time.Since(begun)
	r.inTime(took, promisedFailover, "writing again after the failover")
	r.note("no writing for %s", took.Round(10*time.Millisecond))
	r.pg, r.standby = r.standby, nil
	if err := r.some(ctx, 100*time.Millisecond, 500*time.Millisecond); err != nil {
		return err
	}
	r.crowd.Stop()
	return r.judge(ctx)
}
