package drive

import (
	"time"

	"parley/bench/figures"
)

// tally counts the answers of one kind of request that one connection got.
type tally struct {
	requests, errors, refused int64
	took, refusals            []time.Duration
	unsent                    int64           // for want of a connection
	late                      []time.Duration // from when a request was due until it was sent
}

func (t *tally) add(a Answer, err error, took time.Duration) {
	switch {
	case err == nil && a.Good() && took <= figures.Late:
		t.requests++
		t.took = append(t.took, took)
		return
	case err == nil && a.refused():
		t.refused++
		t.refusals = append(t.refusals, took)
	}
	t.errors++
}

func (t *tally) join(o tally) {
	t.requests += o.requests
	t.errors += o.errors
	t.refused += o.refused
	t.took = append(t.took, o.took...)
	t.refusals = append(t.refusals, o.refusals...)
}

func (t *tally) run(lasted time.Duration) figures.Run {
	return figures.Run{
		Seconds: lasted.Seconds(), Requests: t.requests, Errors: t.errors, Refused: t.refused,
		P50: figures.Percentile(t.took, 50), P95: figures.Percentile(t.took, 95), P99: figures.Percentile(t.took, 99),
		RefuseP99: figures.Percentile(t.refusals, 99),
		Unsent:    t.unsent, LateP99: figures.Percentile(t.late, 99),
	}
}
