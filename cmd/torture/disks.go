package main

import (
	"context"
	"errors"
	"time"

	"parley/cmd/torture/internal/disk"
)

// diskPossible tells why no disk can be made below a folder, or nil.
func diskPossible(folder string) error { return disk.Possible(folder) }

const (
	// untilFelt is how long a disk that is full or read-only may go unnoticed: a log that was grown before may still
	// have room.
	untilFelt = 8 * time.Second
	// turnedAway is how many refusals are waited for.
	turnedAway = 10
)

// felt waits until the crowd has been turned away with a code, or long enough.
func (r *round) felt(ctx context.Context, code string, since time.Duration) error {
	late := time.Now().Add(untilFelt)
	for r.refusedWith(code, since) < turnedAway {
		if time.Now().After(late) {
			r.note("nobody was turned away in %s", untilFelt)
			return nil
		}
		if err := r.sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// full fills the disk while the crowd writes, and makes room again. Reading goes on; writing does by itself, once there
// is room.
func (r *round) full(ctx context.Context) error {
	r.crowd.Start(ctx)
	if err := r.some(ctx, 200*time.Millisecond, time.Second); err != nil {
		return err
	}
	since := r.journal.Since()
	empty, err := r.disk.Fill()
	if err != nil {
		return err
	}
	if err := r.felt(ctx, "storage_full", since); err != nil {
		return err
	}
	r.reading(ctx, "with the disk full")
	if err := empty(); err != nil {
		return err
	}
	if err := r.back(ctx, "with room again"); err != nil {
		return err
	}
	if err := r.some(ctx, 100*time.Millisecond, 300*time.Millisecond); err != nil {
		return err
	}
	r.crowd.Stop()
	if err := r.judge(ctx); err != nil {
		return err
	}
	return r.restart(ctx)
}

// readOnly makes the disk read-only between two system calls of the program, while the crowd writes. Reading goes on; writing does once the disk is mended and the
// program started anew, because what a failed fsync has left is unknown.
func (r *round) readOnly(ctx context.Context) error {
	r.crowd.Start(ctx)
	if err := r.some(ctx, 200*time.Millisecond, time.Second); err != nil {
		return err
	}
	since := r.journal.Since()
	if err := r.nodes[0].Rest(ctx); err != nil {
		return err
	}
	if err := errors.Join(r.disk.Abort(), r.nodes[0].Continue()); err != nil {
		return err
	}
	if err := r.felt(ctx, "storage_read_only", since); err != nil {
		return err
	}
	r.reading(ctx, "with the disk read-only")
	r.crowd.Stop()
	if r.dice.IntN(2) == 0 {
		r.nodes[0].Kill()
	} else {
		_, _ = r.nodes[0].Stop() // it may say that the database could not be closed
	}
	if err := r.disk.Mend(); err != nil {
		return err
	}
	if err := r.again(ctx, 0); err != nil {
		return err
	}
	return r.judge(ctx)
}

// restart stops the process in order and judges what it has left on the disk.
func (r *round) restart(ctx context.Context) error {
	r.nodes[0].Kill()
	if err := r.again(ctx, 0); err != nil {
		return err
	}
	return r.judge(ctx)
}
