package web

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// sparse notes what may happen thousands of times a second, one line a second: a forum that turns a crowd away has better
// things to do than to write about it.
type sparse struct {
	next  atomic.Int64 // Unix nanoseconds from which on another line may be written
	count atomic.Int64 // since the last line
}

// turnedAway notes refusals for want of room. They are counted in parley_refusals_total, too.
var turnedAway sparse

func (s *sparse) note(r *http.Request) {
	s.count.Add(1)
	now := time.Now().UnixNano()
	next := s.next.Load()
	if now < next || !s.next.CompareAndSwap(next, now+int64(time.Second)) {
		return
	}
	slog.WarnContext(r.Context(), "the forum is too busy for everybody", "turned away", s.count.Swap(0), "request", RequestID(r), "route", r.Pattern)
}
