package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/internal/live"
	"parley/internal/store"
)

// Metrics counts what operators watch. A nil Metrics counts nothing.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

// NewMetrics gives the counters of one process.
func NewMetrics(s *store.Store, hub *live.Hub) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "parley_request_seconds", Help: "Time to answer, by route and status.",
			Buckets: []float64{.0005, .001, .005, .01, .05, .1, .5, 1, 5},
		}, []string{"route", "status"}),
	}
	stats := s.Stats()
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	counter := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value)
	}
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), m.requests,
		gauge("parley_writes_waiting", "Writes in the queue.", func() float64 { return float64(s.Waiting()) }),
		counter("parley_writes_total", "Writes done.", func() float64 { return float64(stats.Writes.Load()) }),
		counter("parley_write_batches_total", "Commits; writes divided by this is how many share one.", func() float64 { return float64(stats.Batches.Load()) }),
		counter("parley_writes_refused_total", "Writes turned away because the queue was full.", func() float64 { return float64(stats.Refused.Load()) }),
		counter("parley_write_failures_total", "Commits that failed.", func() float64 { return float64(stats.Failures.Load()) }),
		gauge("parley_bell_connected", "1 when what other processes do is heard at once.", func() float64 {
			if hub.Hears() {
				return 1
			}
			return 0
		}),
		gauge("parley_streams_open", "Pages watching live.", func() float64 { open, _ := hub.Open(); return float64(open) }),
		counter("parley_streams_dropped_total", "Pages cut off because they did not keep up.", func() float64 { _, dropped := hub.Open(); return float64(dropped) }),
	)
	return m
}

func (m *Metrics) request(route string, status int, took time.Duration) {
	if m == nil {
		return
	}
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

// Handler serves the counters in Prometheus' text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
