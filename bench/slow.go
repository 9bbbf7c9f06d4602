package main

import (
	"context"
	"fmt"
	"os/exec"

	"parley/bench/figures"
)

// slowDisk restarts the forum under strace, which makes every fsync take so much longer, and compares 64 writers
// with one: how many share a commit shows where commits are slow. The build is the one that operators run.
func (b *bench) slowDisk(ctx context.Context) error {
	strace, err := exec.LookPath("strace")
	if err != nil {
		b.note("write-slow is left out: strace is not installed")
		return nil
	}
	for _, s := range b.slow {
		if err := b.stop(); err != nil {
			return err
		}
		delay := fmt.Sprintf("inject=fsync,fdatasync:delay_exit=%d", s.delay.Microseconds())
		if err := b.start(ctx, strace, "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", delay); err != nil {
			b.note("write-slow is left out: strace cannot run the server here: %v", err)
			return b.start(ctx)
		}
		talk := b.newTalker(storyWrite)
		many, one := b.writing(writers, talk.talk), b.writing(1, talk.talk)
		r := &figures.Result{
			Workload: fmt.Sprintf("write-slow-%d", s.delay.Milliseconds()), Connections: writers, Limit: "the forum itself with one writer", Driver: own,
			Goal: figures.Goal{Rate: s.times, P99ms: 10 * float64(s.delay.Milliseconds())},
		}
		err := b.measure(ctx, r, func(context.Context, int) (side, side, func() error, error) {
			return many, one, func() error { return nil }, nil
		})
		if err != nil {
			return err
		}
	}
	if err := b.stop(); err != nil {
		return err
	}
	return b.start(ctx)
}
