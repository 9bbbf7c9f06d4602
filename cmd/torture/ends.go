package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/cmd/torture/internal/disk"
	"parley/cmd/torture/internal/journal"
)

// legs is how often a round of a fault that is soon over kills: the second time there is something to lose already.
const legs = 2

// kill9 kills processes while the crowd writes, and starts them again on the same data. Now and then the crowd goes on
// trying all the while; otherwise it falls silent, so that nothing written later can hide what was lost.
func (r *round) kill9(ctx context.Context) error {
	for range legs {
		r.crowd.Start(ctx)
		if err := r.some(ctx, 200*time.Millisecond, 1500*time.Millisecond); err != nil {
			return err
		}
		victims := []int{r.dice.IntN(len(r.nodes))}
		if len(r.nodes) > 1 && r.dice.IntN(2) == 0 {
			victims = []int{0, 1}
		}
		for _, n := range victims {
			r.nodes[n].Kill()
		}
		silent := r.dice.IntN(3) > 0
		if silent {
			r.crowd.Stop()
		}
		for _, n := range victims {
			if err := r.again(ctx, n); err != nil {
				return err
			}
		}
		if !silent {
			if err := r.back(ctx, "after the kill"); err != nil {
				return err
			}
		}
		r.crowd.Stop()
		if err := r.judge(ctx); err != nil {
			return err
		}
	}
	return nil
}

// untilWriting is how long a cut is put off so that it hits while the disk is being written to. Without that most cuts of
// a quick disk fall between two writes.
const untilWriting = 50 * time.Millisecond

// powerCut cuts the power of the machine that holds the database: its disk saves nothing more, its programs are gone.
// They are stopped first, so that none acknowledges anything after the cut.
func (r *round) powerCut(ctx context.Context) error {
	for range legs {
		r.crowd.Start(ctx)
		if err := r.some(ctx, 200*time.Millisecond, 1500*time.Millisecond); err != nil {
			return err
		}
		cut, err := r.disk.Aim()
		if err != nil {
			return err
		}
		if err := r.checkpoint(ctx); err != nil {
			return err
		}
		if r.dice.IntN(4) > 0 {
			cut.UnderWay(untilWriting)
		}
		for _, node := range r.nodes {
			err = errors.Join(err, node.Pause())
		}
		if err := errors.Join(err, cut.Now()); err != nil {
			return err
		}
		for _, node := range r.nodes {
			node.Kill()
		}
		r.crowd.Stop()
		if r.pg != nil {
			if err := r.pg.Crash(); err != nil {
				return err
			}
		}
		surge := disk.Surges(r.dice)
		if err := cut.Restore(surge, r.dice); err != nil {
			return err
		}
		r.result.Cuts++
		r.note("%s: %d of %d unflushed blocks left", surge, cut.Kept, cut.Unsaved)
		if err := r.powerOn(ctx); err != nil {
			return err
		}
		if err := r.judge(ctx); err != nil {
			return err
		}
	}
	return nil
}

// checkpointing is how long after the beginning of a checkpoint a cut comes at most; it takes about that long.
const checkpointing = 30 * time.Millisecond

// checkpoint has PostgreSQL begin to write its tables to the disk, and waits until it may be in the midst of it. All it
// writes by itself are a few blocks of its log at a time, each flushed at once, so that a cut would find nothing on
// its way; there is no better moment for half a table to reach the disk.
func (r *round) checkpoint(ctx context.Context) error {
	if r.pg == nil {
		return nil
	}
	pg := r.pg
	go func() { _ = pg.Run(ctx, "postgres", "CHECKPOINT") }() // the cut ends it
	return r.sleep(ctx, time.Duration(r.dice.Int64N(int64(checkpointing))))
}

// powerOn starts everything again.
func (r *round) powerOn(ctx context.Context) error {
	if r.pg != nil {
		if err := r.pg.Start(ctx); err != nil {
			return &wrong{journal.Violation{Rule: journal.Damage, What: err.Error()}}
		}
	}
	return r.allAgain(ctx)
}

// term stops processes in order while the crowd writes.
func (r *round) term(ctx context.Context) error {
	for range legs {
		r.crowd.Start(ctx)
		if err := r.some(ctx, 200*time.Millisecond, 1500*time.Millisecond); err != nil {
			return err
		}
		n := r.dice.IntN(len(r.nodes))
		took, err := r.nodes[n].Stop()
		if err != nil {
			r.find(journal.Violation{Rule: journal.Fault, What: "stopping in order: " + err.Error()})
		}
		r.inTime(took, promisedStop, "stopping in order")
		if err := r.again(ctx, n); err != nil {
			return err
		}
		if err := r.back(ctx, "after the restart"); err != nil {
			return err
		}
		r.crowd.Stop()
		if err := r.judge(ctx); err != nil {
			return err
		}
	}
	return nil
}

// pause keeps a process from running for a while, as a machine that is moved or starved does.
func (r *round) pause(ctx context.Context) error {
	r.crowd.Start(ctx)
	if err := r.some(ctx, 200*time.Millisecond, time.Second); err != nil {
		return err
	}
	node := r.nodes[r.dice.IntN(len(r.nodes))]
	long := 300*time.Millisecond + time.Duration(r.dice.Int64N(int64(3*time.Second)))
	if err := node.Pause(); err != nil {
		return err
	}
	err := r.sleep(ctx, long)
	if going := node.Continue(); err == nil {
		err = going
	}
	if err != nil {
		return err
	}
	r.note("paused %s", fmt.Sprint(long.Round(10*time.Millisecond)))
	if err := r.back(ctx, "after the pause"); err != nil {
		return err
	}
	r.crowd.Stop()
	return r.judge(ctx)
}
