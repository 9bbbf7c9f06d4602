// Package meter counts and measures, and writes what it has found in Prometheus' text format, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/). Counting is one atomic addition, measuring three;
// neither allocates. That is all of it that Parley needs: the usual client brings six modules and protocol buffers.
package meter

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Histogram tells how values spread. It is safe for concurrent use.
type Histogram struct {
	bounds  []float64
	buckets []atomic.Uint64 // one more than bounds: what lies above all of them
	sum     atomic.Uint64   // a float64's bits
}

// NewHistogram gives a histogram with these upper bounds, in rising order.
func NewHistogram(bounds ...float64) *Histogram {
	return &Histogram{bounds: bounds, buckets: make([]atomic.Uint64, len(bounds)+1)}
}

// Observe counts one value.
func (h *Histogram) Observe(value float64) {
	i := 0
	for i < len(h.bounds) && value > h.bounds[i] {
		i++
	}
	h.buckets[i].Add(1)
	for {
		old := h.sum.Load()
		if h.sum.CompareAndSwap(old, math.Float64bits(math.Float64frombits(old)+value)) {
			return
		}
	}
}

// Took counts a time in seconds.
func (h *Histogram) Took(d time.Duration) { h.Observe(d.Seconds()) }

// Count tells how many values there were.
func (h *Histogram) Count() (n uint64) {
	for i := range h.buckets {
		n += h.buckets[i].Load()
	}
	return n
}

// Series takes one value of a family with its labels, which stand in pairs of name and value.
type Series func(value float64, labels ...string)

// Set is everything that one process tells. The order is that in which it was added.
type Set struct {
	mu       sync.Mutex
	families []family
}

type family struct {
	name, help, kind string
	write            func(*page)
}

// Counter adds a number that only grows; its name ends in _total.
func (s *Set) Counter(name, help string, value func() float64) {
	s.add(name, help, "counter", func(p *page) { p.line(name, value()) })
}

// Gauge adds a number that rises and falls.
func (s *Set) Gauge(name, help string, value func() float64) {
	s.add(name, help, "gauge", func(p *page) { p.line(name, value()) })
}

// Counters adds a family of counters with labels; each is called with what takes them, at every scrape.
func (s *Set) Counters(name, help string, each func(Series)) {
	s.add(name, help, "counter", func(p *page) { each(func(v float64, labels ...string) { p.line(name, v, labels...) }) })
}

// Gauges adds a family of gauges with labels.
func (s *Set) Gauges(name, help string, each func(Series)) {
	s.add(name, help, "gauge", func(p *page) { each(func(v float64, labels ...string) { p.line(name, v, labels...) }) })
}

// Histogram adds a histogram.
func (s *Set) Histogram(name, help string, h *Histogram) {
	s.add(name, help, "histogram", func(p *page) { p.histogram(name, h) })
}

// Histograms adds a family of histograms with labels.
func (s *Set) Histograms(name, help string, each func(func(h *Histogram, labels ...string))) {
	s.add(name, help, "histogram", func(p *page) { each(func(h *Histogram, labels ...string) { p.histogram(name, h, labels...) }) })
}

func (s *Set) add(name, help, kind string, write func(*page)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.families = append(s.families, family{name, help, kind, write})
}

// ServeHTTP answers a scrape.
func (s *Set) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	families := s.families
	s.mu.Unlock()
	var p page
	for _, f := range families {
		p.WriteString("# HELP " + f.name + " " + escape(f.help) + "\n# TYPE " + f.name + " " + f.kind + "\n")
		f.write(&p)
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Write([]byte(p.String()))
}

// page is one answer in the making.
type page struct{ strings.Builder }

func (p *page) line(name string, value float64, labels ...string) {
	p.WriteString(name)
	for i := 0; i+1 < len(labels); i += 2 {
		p.WriteString(map[bool]string{true: "{", false: ","}[i == 0])
		p.WriteString(labels[i] + `="` + strings.ReplaceAll(escape(labels[i+1]), `"`, `\"`) + `"`)
	}
	if len(labels) > 1 {
		p.WriteByte('}')
	}
	p.WriteString(" " + number(value) + "\n")
}

func (p *page) histogram(name string, h *Histogram, labels ...string) {
	var below uint64
	for i, bound := range h.bounds {
		below += h.buckets[i].Load()
		p.line(name+"_bucket", float64(below), append(labels[:len(labels):len(labels)], "le", number(bound))...)
	}
	below += h.buckets[len(h.bounds)].Load()
	p.line(name+"_bucket", float64(below), append(labels[:len(labels):len(labels)], "le", "+Inf")...)
	p.line(name+"_sum", math.Float64frombits(h.sum.Load()), labels...)
	p.line(name+"_count", float64(below), labels...)
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func escape(s string) string { return strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(s) }
