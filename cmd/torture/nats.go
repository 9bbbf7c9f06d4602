package main

import (
	"context"
	"fmt"
	"time"

	"parley/cmd/torture/internal/journal"
)

// trouble is a way in which NATS, or the way to it, can be gone.
type trouble struct {
	name  string
	begin func(*round) error
	end   func(*round, context.Context) error
}

// troubles gives all of them, in an order by the dice. A wire is that of one process; the other's is whole.
func (r *round) troubles() []trouble {
	n := r.dice.IntN(len(r.wires))
	all := []trouble{
		{"killed", func(r *round) error { r.nats.Kill(); return nil }, func(r *round, ctx context.Context) error { return r.nats.Start(ctx) }},
		{"paused", func(r *round) error { return r.nats.Pause() }, func(r *round, _ context.Context) error { return r.nats.Continue() }},
		{"torn off", func(r *round) error { r.wires[n].Tear(); return nil }, func(r *round, _ context.Context) error { r.wires[n].Mend(); return nil }},
		{"held up", func(r *round) error { r.wires[n].Hold(); return nil }, func(r *round, _ context.Context) error { r.wires[n].Release(); return nil }},
	}
	r.dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// loseNATS takes NATS away for a while, in two ways. Writing does not notice; pages hear of everything, sometimes judged
// while it is still away.
func (r *round) loseNATS(ctx context.Context) error {
	for _, t := range r.troubles()[:legs] {
		r.note("%s", t.name)
		begun := r.journal.Since()
		r.crowd.Start(ctx)
		if err := r.some(ctx, 200*time.Millisecond, time.Second); err != nil {
			return err
		}
		if err := t.begin(r); err != nil {
			return err
		}
		err := r.without(ctx)
		if ended := t.end(r, ctx); err == nil {
			err = ended
		}
		if err != nil {
			return err
		}
		if err := r.some(ctx, 200*time.Millisecond, time.Second); err != nil {
			return err
		}
		r.crowd.Stop()
		r.undisturbed(begun, "with NATS "+t.name)
		if err := r.judge(ctx); err != nil {
			return err
		}
	}
	return nil
}

// without lets the crowd work while NATS is away; every second time the forum is judged before it is back.
func (r *round) without(ctx context.Context) error {
	if err := r.some(ctx, 300*time.Millisecond, 1500*time.Millisecond); err != nil || r.dice.IntN(2) == 0 {
		return err
	}
	r.crowd.Stop()
	if err := r.judge(ctx); err != nil {
		return err
	}
	r.crowd.Start(ctx)
	return nil
}

// promisedAnswer is within what time everything must be answered that does not depend on what is gone.
const promisedAnswer = 2 * time.Second

// undisturbed finds requests since a moment that were not answered, turned away or late.
func (r *round) undisturbed(since time.Duration, while string) {
	late := time.Duration(float64(promisedAnswer) * r.slow)
	for _, e := range r.journal.Entries() {
		for _, t := range e.Tries {
			if t.Sent > since && (t.Status == 0 || t.Status/100 == 5 || t.Took > late) {
				r.find(journal.Violation{Rule: journal.Answer, What: fmt.Sprintf("%s, %s %s was answered with %d %s%s after %s", while, e.Kind, e.Key, t.Status, t.Code, t.Why, t.Took.Round(time.Millisecond))})
			}
		}
	}
}
