package figures

import (
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0}, {[]float64{7}, 7}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 1, 3, 2}, 2.5},
	} {
		if got := Median(c.values); got != c.want {
			t.Errorf("the median of %v is %v, want %v", c.values, got, c.want)
		}
	}
	unsorted := []float64{3, 1, 2}
	Median(unsorted)
	if !slices.Equal(unsorted, []float64{3, 1, 2}) {
		t.Error("Median moved its caller's values")
	}
}

func TestPercentile(t *testing.T) {
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(100-i)*time.Millisecond)
	}
	for p, want := range map[float64]float64{0: 1, 1: 1, 50: 50, 99: 99, 99.5: 100, 100: 100} {
		if got := Percentile(hundred, p); got != want {
			t.Errorf("the %vth percentile of 1 to 100 ms is %v ms, want %v", p, got, want)
		}
	}
	if got := Percentile([]time.Duration{1500 * time.Microsecond}, 99); got != 1.5 {
		t.Errorf("of one value: %v ms", got)
	}
	if got := Percentile(nil, 99); got != 0 {
		t.Errorf("of none: %v ms", got)
	}
}

func run(rate int64, cpu, p99 float64) Run {
	return Run{Seconds: 1, Requests: rate, CPU: cpu, P99: p99, Busy: 1}
}

// TestRatiosAreOfPairs has a machine that slows down by ten between pairs: medians of the sides come from
// different pairs and would say 5, every pair says 0.5.
func TestRatiosAreOfPairs(t *testing.T) {
	r := Result{Pairs: []Pair{
		{run(500, 1, 4), run(1000, 1, 2)},
		{run(50, 1, 40), run(100, 1, 20)},
		{run(5000, 1, 0.4), run(10000, 1, 0.2)},
		{run(50, 1, 40), run(10, 1, 20)}, // one outlier moves nothing
		{run(400, 1, 4), run(1000, 1, 2)},
	}}
	r.Summarise()
	if got := r.Summary; got.RateRatio != 0.5 || got.CPURatio != 2 || got.P99Ratio != 2 || got.Rate != 400 {
		t.Errorf("%+v", got)
	}
}

func TestMissed(t *testing.T) {
	good := Run{Seconds: 2, Requests: 1600, CPU: 2, P99: 3, Memory: 10}
	r := Result{Goal: Goal{Rate: 0.8, CPU: 1.3, P99: 2}, Pairs: []Pair{{good, Run{Seconds: 2, Requests: 2000, CPU: 2, P99: 2}}}}
	r.Summarise()
	if missed := r.Missed(); missed != nil {
		t.Errorf("missed %v with %+v", missed, r.Summary)
	}
	r.Pairs[0].Peer.Errors = 1
	r.Goal = Goal{Rate: 0.81, CPU: 1.2, P99: 1.4, CPUus: 5000, RSS: 9}
	r.Summarise()
	if missed := r.Missed(); !slices.Equal(missed, []string{"errors", "rate", "CPU", "p99", "memory"}) {
		t.Errorf("missed %v with %+v", missed, r.Summary)
	}
}

// TestRefusing asks for refusals: they are right when they come at once, other errors never are.
func TestRefusing(t *testing.T) {
	r := Result{Goal: Goal{RefuseP99: 20}, Pairs: []Pair{{Run{Seconds: 1, Requests: 30, Errors: 200, Refused: 200, RefuseP99: 12}, run(30, 1, 1)}}}
	r.Summarise()
	if missed := r.Missed(); missed != nil {
		t.Errorf("missed %v", missed)
	}
	r.Pairs[0].Peer.Errors, r.Pairs[0].Peer.RefuseP99 = 201, 21
	r.Summarise()
	if missed := r.Missed(); !slices.Equal(missed, []string{"errors", "refusals"}) {
		t.Errorf("missed %v", missed)
	}
}

// TestNothingRan divides by nothing.
func TestNothingRan(t *testing.T) {
	r := Result{Goal: Goal{Rate: 0.1}, Pairs: []Pair{{}}}
	r.Summarise()
	if r.Summary != (Summary{}) || !slices.Equal(r.Missed(), []string{"rate"}) {
		t.Errorf("%+v %v", r.Summary, r.Missed())
	}
}

func TestReportComesBack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.json")
	r := &Report{Peer: "parley", Machine: Machine{Foreign: 0.2}, Results: []Result{{Workload: "read", Pairs: []Pair{{run(5, 1, 1), run(9, 1, 1)}}}}}
	if err := r.Save(file); err != nil {
		t.Fatal(err)
	}
	got, err := Open(file)
	if err != nil || !reflect.DeepEqual(r, got) || got.Machine.Quiet() {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := Open(file + ".missing"); err == nil {
		t.Error("a file that is not there was read")
	}
}
