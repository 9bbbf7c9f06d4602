package trace_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/internal/trace"
)

type list struct {
	mu    sync.Mutex
	spans []trace.Finished
}

func (l *list) Take(f trace.Finished) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.spans = append(l.spans, f)
}

func (l *list) named(t *testing.T, name string) trace.Finished {
	t.Helper()
	i := slices.IndexFunc(l.spans, func(f trace.Finished) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("there is no span %q among %d", name, len(l.spans))
	}
	return l.spans[i]
}

func join(t *testing.T, ratio float64) *list {
	l := new(list)
	trace.To(l, ratio)
	t.Cleanup(func() { trace.To(nil, 0) })
	return l
}

func TestSpansHangTogether(t *testing.T) {
	l := join(t, 1)
	ctx, root := trace.Root(t.Context(), "request", "")
	_, verb := trace.Start(ctx, "verb", trace.ID("story", int64(7)))
	verb.Past("wait", time.Now().Add(-time.Second), time.Now())
	_, other := trace.Root(t.Context(), "other", "")
	verb.Link(other.Place())
	verb.Fail("busy")
	verb.End()
	root.Name("GET /")
	root.End()
	trace.Caused(41, verb.Place())
	_, later := trace.After(context.Background(), trace.CauseOf(41), "later")
	later.End()

	request, inside, wait, after := l.named(t, "GET /"), l.named(t, "verb"), l.named(t, "wait"), l.named(t, "later")
	if !request.Server || request.Parent != [8]byte{} {
		t.Errorf("the request is %+v", request)
	}
	if inside.Parent != request.Span || wait.Parent != inside.Span || after.Parent != inside.Span || wait.Trace != request.Trace || after.Trace != request.Trace {
		t.Errorf("the spans do not hang together: %+v", l.spans)
	}
	if took := wait.Ended.Sub(wait.Begun).Round(time.Millisecond); took != time.Second {
		t.Errorf("the wait took %v", took)
	}
	if len(inside.Links) != 1 || inside.Links[0] != other.Place() || inside.Failed != "busy" || len(inside.Attrs) != 1 || inside.Attrs[0].Number != 7 {
		t.Errorf("the verb is %+v", inside)
	}
	if trace.CauseOf(41+4096) != (trace.Place{}) || trace.CauseOf(42) != (trace.Place{}) {
		t.Error("events that nobody caused have a cause")
	}
}

func TestWhoDecides(t *testing.T) {
	const id, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	join(t, 0)
	for header, want := range map[string]bool{
		"00-" + id + "-" + parent + "-01":                       true,
		"00-" + id + "-" + parent + "-00":                       false,
		"cc-" + id + "-" + parent + "-01-later":                 true,
		"00-" + id + "-" + parent + "-01-x":                     false,
		"ff-" + id + "-" + parent + "-01":                       false,
		"00-4BF92F3577B34DA6A3CE929D0E0E4736-" + parent + "-01": false,
		"00-00000000000000000000000000000000-" + parent + "-01": false,
		"00-" + id + "-0000000000000000-01":                     false,
		"00-" + id + "-" + parent + "-1":                        false,
		"00-" + id + "-" + parent:                               false,
		"":                                                      false,
	} {
		_, s := trace.Root(t.Context(), "request", header)
		if s.Noted() != want {
			t.Errorf("%q: noted %v, want %v", header, s.Noted(), want)
		}
		if want && fmt.Sprintf("%x", s.Place().Trace) != id {
			t.Errorf("%q is followed under %x", header, s.Place().Trace)
		}
	}
}

func TestTheRatioHolds(t *testing.T) {
	join(t, .1)
	noted := 0
	for range 20_000 {
		if _, s := trace.Root(t.Context(), "request", ""); s.Noted() {
			noted++
		}
	}
	if noted < 1_700 || noted > 2_300 { // seven standard deviations
		t.Errorf("%d of 20,000 requests are traced, of 2,000 wanted", noted)
	}
}

func TestNothingCostsNothing(t *testing.T) {
	work := func() {
		ctx, root := trace.Root(context.Background(), "request", "")
		ctx, verb := trace.Start(ctx, "verb", trace.ID("story", int64(7)), trace.Word("kind", "x"))
		verb.Note(trace.ID("n", 1))
		verb.Past("wait", time.Time{}, time.Time{}, trace.ID("n", 1))
		trace.Onto(ctx, ctx)
		verb.End()
		root.End()
	}
	if n := testing.AllocsPerRun(100, work); n > 0 {
		t.Errorf("with nobody listening a request's spans allocate %v times", n)
	}
	join(t, 0)
	if n := testing.AllocsPerRun(100, work); n > 0 {
		t.Errorf("a request that was not chosen allocates %v times", n)
	}
}

func benchmark(b *testing.B, join func()) {
	join()
	defer trace.To(nil, 0)
	b.ReportAllocs()
	for b.Loop() {
		ctx, root := trace.Root(context.Background(), "request", "")
		_, verb := trace.Start(ctx, "verb", trace.ID("story", int64(7)))
		verb.End()
		root.End()
	}
}

type nowhere struct{}

func (nowhere) Take(trace.Finished) {}

func BenchmarkOff(b *testing.B)       { benchmark(b, func() {}) }
func BenchmarkNotChosen(b *testing.B) { benchmark(b, func() { trace.To(nowhere{}, 0) }) }
func BenchmarkNoted(b *testing.B)     { benchmark(b, func() { trace.To(nowhere{}, 1) }) }
