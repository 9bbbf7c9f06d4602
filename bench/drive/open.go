package drive

import (
	"context"
	"sync"
	"time"

	"parley/bench/figures"
)

// Open is load by arrivals at a steady rate, whatever becomes of those before: readers do not wait for each
// other. Each arrival takes a free connection or a new one.
type Open struct {
	Base        string
	Rate        float64 // arrivals a second
	For         time.Duration
	Connections int // at most; who finds none free is not sent, and counted as that
	Source      Source
}

// Run puts the load on and waits for every answer. Times count from when a request was due, so that a driver that falls
// behind hides nothing; those of refusals from when it was sent, and how late that was is told beside them: what a
// server has no time for must not be blamed for a driver that has none either.
func (o Open) Run(ctx context.Context) figures.Run {
	free := make(chan *line, o.Connections)
	opened := 0
	var mu sync.Mutex
	var sum tally
	var all sync.WaitGroup
	begun := time.Now()
	for n := range int(o.Rate * o.For.Seconds()) {
		due := begun.Add(time.Duration(float64(n) / o.Rate * float64(time.Second)))
		if !until(ctx, due) {
			break
		}
		var l *line
		select {
		case l = <-free:
		default:
			if opened == o.Connections {
				mu.Lock()
				sum.unsent++
				mu.Unlock()
				continue
			}
			l = &line{host: Host(o.Base)}
			opened++
		}
		shot := o.Source(0, n)
		all.Go(func() {
			sent := time.Now()
			answer, err := l.exchange(ctx, shot.Raw, shot.Hear != nil)
			took, heard := time.Since(due), time.Since(sent)
			if err == nil && shot.Hear != nil {
				shot.Hear(answer)
			}
			mu.Lock()
			if err == nil && answer.refused() {
				sum.add(answer, err, heard)
			} else {
				sum.add(answer, err, took)
			}
			sum.late = append(sum.late, sent.Sub(due))
			mu.Unlock()
			free <- l
		})
	}
	all.Wait()
	for range opened {
		(<-free).close()
	}
	return sum.run(max(o.For, time.Since(begun)))
}

// until waits for a moment; false when ctx ends first.
func until(ctx context.Context, moment time.Time) bool {
	wait := time.Until(moment)
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
