package meter_test

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/meter"
)

func scrape(s *meter.Set) string {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

func TestTheTextFormat(t *testing.T) {
	var s meter.Set
	h := meter.NewHistogram(.1, 1)
	for _, v := range []float64{.1, .5, 7} {
		h.Observe(v)
	}
	s.Counter("writes_total", "Writes\nand \\ more.", func() float64 { return 3 })
	s.Gauges("behind", "How far.", func(put meter.Series) { put(1.5, "follower", `a "b" \ c`+"\n", "kind", "x") })
	s.Histograms("took_seconds", "Time.", func(put func(*meter.Histogram, ...string)) { put(h, "route", "GET /") })
	want := `# HELP writes_total Writes\nand \\ more.
# TYPE writes_total counter
writes_total 3
# HELP behind How far.
# TYPE behind gauge
behind{follower="a \"b\" \\ c\n",kind="x"} 1.5
# HELP took_seconds Time.
# TYPE took_seconds histogram
took_seconds_bucket{route="GET /",le="0.1"} 1
took_seconds_bucket{route="GET /",le="1"} 2
took_seconds_bucket{route="GET /",le="+Inf"} 3
took_seconds_sum{route="GET /"} 7.6
took_seconds_count{route="GET /"} 3
`
	if got := scrape(&s); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNothingIsLostAmongMany(t *testing.T) {
	h := meter.NewHistogram(1)
	var together sync.WaitGroup
	for range 8 {
		together.Go(func() {
			for range 1_000 {
				h.Observe(.5)
			}
		})
	}
	together.Wait()
	var s meter.Set
	s.Histogram("x", "X.", h)
	if got := scrape(&s); h.Count() != 8_000 || !strings.Contains(got, "x_sum 4000\n") {
		t.Errorf("8,000 halves gave\n%s", got)
	}
}

func TestTheProcessTellsOfItself(t *testing.T) {
	var s meter.Set
	s.Process()
	got := scrape(&s)
	for _, name := range []string{"go_goroutines", "go_memstats_heap_inuse_bytes", "go_gc_cycles_total", "process_resident_memory_bytes", "process_open_fds", "process_max_fds"} {
		if !strings.Contains(got, "\n"+name+" ") {
			t.Errorf("%s is missing", name)
		} else if strings.Contains(got, "\n"+name+" 0\n") && name != "go_gc_cycles_total" {
			t.Errorf("%s is zero", name)
		}
	}
}

func TestMeasuringAllocatesNothing(t *testing.T) {
	h := meter.NewHistogram(.001, .01)
	if n := testing.AllocsPerRun(100, func() { h.Took(time.Millisecond) }); n > 0 {
		t.Errorf("a measurement allocates %v times", n)
	}
}

func BenchmarkTook(b *testing.B) {
	h := meter.NewHistogram(.0005, .001, .005, .01, .05, .1, .5, 1, 5)
	for b.Loop() {
		h.Took(40 * time.Microsecond)
	}
}
