// Package figures is what measuring comes to: runs, pairs of runs taken one right after the other, and the
// medians of their ratios. Absolute numbers of one machine say nothing about another; ratios within one pair do.
package figures

import (
	"math"
	"slices"
	"time"
)

// Late is how long an answer may take before it counts as an error, whatever it says.
const Late = 5 * time.Second

// Run is what one run of one load gave.
type Run struct {
	Seconds   float64 `json:"seconds"`
	Requests  int64   `json:"requests"`         // answered with 2xx or 304 and in time
	Errors    int64   `json:"errors"`           // every other answer, none at all, or one that came later than Late
	Refused   int64   `json:"refused,omitzero"` // of these the 503 and 429 that say when to come back
	CPU       float64 `json:"cpu_seconds"`      // of the server's process, user and system
	Busy      float64 `json:"core_busy"`        // share of the server's core that was not idle, 0 to 1
	P50       float64 `json:"p50_ms"`
	P95       float64 `json:"p95_ms,omitzero"`
	P99       float64 `json:"p99_ms"`
	RefuseP99 float64 `json:"refuse_p99_ms,omitzero"`
	Unsent    int64   `json:"unsent,omitzero"`      // that the driver had no connection for; the server never heard of them
	LateP99   float64 `json:"late_p99_ms,omitzero"` // from when a request was due until the driver sent it
	Memory    int64   `json:"rss_bytes"`            // resident memory of the server's process at the end
}

// Rate gives good answers a second; 0 when nothing ran.
func (r Run) Rate() float64 { return ratio(float64(r.Requests), r.Seconds) }

// CPUPer gives the server's CPU for one good answer, in microseconds; what errors cost is in it.
func (r Run) CPUPer() float64 { return ratio(r.CPU*1e6, float64(r.Requests)) }

// Pair is a run of the peer and one of what it is held against, one right after the other.
type Pair struct {
	Peer  Run `json:"peer"`
	Limit Run `json:"limit"`
}

// Goal is what a result should reach; 0 = nothing is asked.
type Goal struct {
	Rate  float64 `json:"rate_at_least,omitzero"`  // of the limit's
	CPU   float64 `json:"cpu_at_most,omitzero"`    // times the limit's for an answer
	P99   float64 `json:"p99_at_most,omitzero"`    // times the limit's
	CPUus float64 `json:"cpu_us_at_most,omitzero"` // for an answer, absolute
	P99ms float64 `json:"p99_ms_at_most,omitzero"` // absolute
	RSS   int64   `json:"rss_bytes_at_most,omitzero"`
	// RefuseP99 is how many milliseconds a refusal may take, where more is asked than can be done: there an
	// answer that says when to come back is an error, and still right.
	RefuseP99 float64 `json:"refuse_p99_ms_at_most,omitzero"`
}

// Result is one line of a report: a workload under one number of connections.
type Result struct {
	Workload    string  `json:"workload"`
	Connections int     `json:"connections"`
	Coding      string  `json:"coding,omitempty"` // "gzip" or "plain" for answers that come in both
	Bytes       int     `json:"bytes,omitempty"`  // of one answer's body, as sent
	Limit       string  `json:"limit"`            // what Pair.Limit was
	Driver      string  `json:"driver"`
	Least       bool    `json:"least,omitzero"`   // CPU and times are the least of all runs, not the median: what grows is never hidden by that
	Beside      []Extra `json:"beside,omitempty"` // what else was seen meanwhile
	Goal        Goal    `json:"goal"`
	Pairs       []Pair  `json:"pairs"`
	Summary     Summary `json:"summary"`
}

// Extra is one more figure of a workload, with its unit in its name.
type Extra struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// Summary is what a table shows of a result: medians over the pairs; ratios are medians of the pairs' ratios,
// never ratios of medians.
type Summary struct {
	Rate      float64 `json:"rate"`
	LimitRate float64 `json:"limit_rate"`
	RateRatio float64 `json:"rate_ratio"`
	CPU       float64 `json:"cpu_us"`
	LimitCPU  float64 `json:"limit_cpu_us"`
	CPURatio  float64 `json:"cpu_ratio"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
	LimitP99  float64 `json:"limit_p99_ms"`
	P99Ratio  float64 `json:"p99_ratio"`
	Busy      float64 `json:"core_busy"`
	LimitBusy float64 `json:"limit_core_busy"`
	Errors    int64   `json:"errors"`           // of all the peer's runs together
	Refused   int64   `json:"refused,omitzero"` // of these
	RefuseP99 float64 `json:"refuse_p99_ms,omitzero"`
	Memory    int64   `json:"rss_bytes"` // the largest of the peer's runs
}

// Summarise fills in the summary from the pairs.
func (r *Result) Summarise() {
	over := func(of func(Pair) float64) float64 {
		var values []float64
		for _, p := range r.Pairs {
			values = append(values, of(p))
		}
		return Median(values)
	}
	s := Summary{
		Rate:      over(func(p Pair) float64 { return p.Peer.Rate() }),
		LimitRate: over(func(p Pair) float64 { return p.Limit.Rate() }),
		RateRatio: over(func(p Pair) float64 { return ratio(p.Peer.Rate(), p.Limit.Rate()) }),
		CPU:       over(func(p Pair) float64 { return p.Peer.CPUPer() }),
		LimitCPU:  over(func(p Pair) float64 { return p.Limit.CPUPer() }),
		CPURatio:  over(func(p Pair) float64 { return ratio(p.Peer.CPUPer(), p.Limit.CPUPer()) }),
		P50:       over(func(p Pair) float64 { return p.Peer.P50 }),
		P99:       over(func(p Pair) float64 { return p.Peer.P99 }),
		LimitP99:  over(func(p Pair) float64 { return p.Limit.P99 }),
		P99Ratio:  over(func(p Pair) float64 { return ratio(p.Peer.P99, p.Limit.P99) }),
		Busy:      over(func(p Pair) float64 { return p.Peer.Busy }),
		LimitBusy: over(func(p Pair) float64 { return p.Limit.Busy }),
		RefuseP99: over(func(p Pair) float64 { return p.Peer.RefuseP99 }),
	}
	if r.Least && len(r.Pairs) > 0 {
		r.least(&s)
	}
	for _, p := range r.Pairs {
		s.Errors += p.Peer.Errors
		s.Refused += p.Peer.Refused
		s.Memory = max(s.Memory, p.Peer.Memory)
	}
	r.Summary = s
}

// least puts the least CPU and time of each side in place of medians, and the ratios of these: where the same work
// is done again and again, everything above the least is what else ran on the machine.
func (r *Result) least(s *Summary) {
	over := func(of func(Pair) float64) float64 {
		var values []float64
		for _, p := range r.Pairs {
			values = append(values, of(p))
		}
		return slices.Min(values)
	}
	s.CPU, s.LimitCPU = over(func(p Pair) float64 { return p.Peer.CPUPer() }), over(func(p Pair) float64 { return p.Limit.CPUPer() })
	s.P50, s.P99 = over(func(p Pair) float64 { return p.Peer.P50 }), over(func(p Pair) float64 { return p.Peer.P99 })
	s.LimitP99 = over(func(p Pair) float64 { return p.Limit.P99 })
	s.CPURatio, s.P99Ratio = ratio(s.CPU, s.LimitCPU), ratio(s.P99, s.LimitP99)
}

// Join adds up runs that make one together. Times are medians of theirs.
func Join(runs []Run) (sum Run) {
	var p50, p99 []float64
	for _, r := range runs {
		sum.Seconds += r.Seconds
		sum.Requests += r.Requests
		sum.Errors += r.Errors
		sum.CPU += r.CPU
		sum.Memory = max(sum.Memory, r.Memory)
		p50, p99 = append(p50, r.P50), append(p99, r.P99)
	}
	sum.P50, sum.P99 = Median(p50), Median(p99)
	return sum
}

// Missed lists in words which goals a summarised result does not reach. No error is ever right, but a refusal
// where refusing is asked for.
func (r Result) Missed() (missed []string) {
	s, g := r.Summary, r.Goal
	short := func(failed bool, what string) {
		if failed {
			missed = append(missed, what)
		}
	}
	for _, p := range r.Pairs {
		if p.Peer.Unsent > 0 {
			missed = append(missed, "the driver")
			break
		}
	}
	if g.RefuseP99 > 0 {
		short(s.Errors > s.Refused, "errors")
		short(s.RefuseP99 > g.RefuseP99, "refusals")
	} else {
		short(s.Errors > 0, "errors")
	}
	short(g.Rate > 0 && s.RateRatio < g.Rate, "rate")
	short(g.CPU > 0 && s.CPURatio > g.CPU || g.CPUus > 0 && s.CPU > g.CPUus, "CPU")
	short(g.P99 > 0 && s.P99Ratio > g.P99 || g.P99ms > 0 && s.P99 > g.P99ms, "p99")
	short(g.RSS > 0 && s.Memory > g.RSS, "memory")
	return missed
}

// Median gives the middle value, the mean of the two middle ones when their number is even, 0 of none.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// Percentile gives the least of the values that p percent of them do not exceed (the nearest rank), in
// milliseconds; 0 of none. It sorts in place.
func Percentile(took []time.Duration, p float64) float64 {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	rank := int(math.Ceil(p / 100 * float64(len(took))))
	return float64(took[min(max(rank, 1), len(took))-1]) / float64(time.Millisecond)
}

// ratio is a/b, and 0 where there is no b: a ratio that cannot be formed reaches no goal that asks for much.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// Add puts the median of some values beside a result.
func (r *Result) Add(name string, values []float64) {
	r.Beside = append(r.Beside, Extra{Name: name, Value: Median(values)})
}
