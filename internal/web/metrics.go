package web

import (
	"maps"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/live"
	"parley/internal/meter"
	"parley/internal/store"
)

// Metrics counts what operators watch. A nil Metrics counts nothing.
type Metrics struct {
	set      meter.Set
	requests table[requestKind, *meter.Histogram]
	refusals table[parley.Code, *atomic.Int64]
	spans    atomic.Pointer[func(meter.Series)]
}

// requestKind is what requests are counted by.
type requestKind struct {
	route  string
	status int
}

// table is a small map that is read on every request and hardly ever grows: reading takes no lock.
type table[K comparable, V any] struct {
	mu   sync.Mutex
	rows atomic.Pointer[map[K]V]
}

func (t *table[K, V]) get(key K, fresh func() V) V {
	if rows := t.rows.Load(); rows != nil {
		if v, known := (*rows)[key]; known {
			return v
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	rows := t.all()
	if v, known := rows[key]; known {
		return v
	}
	v := fresh()
	rows[key] = v
	t.rows.Store(&rows)
	return v
}

// all gives a copy.
func (t *table[K, V]) all() map[K]V {
	all := map[K]V{}
	if rows := t.rows.Load(); rows != nil {
		maps.Copy(all, *rows)
	}
	return all
}

// NewMetrics gives the counters of one process.
func NewMetrics(s *store.Store, hub *live.Hub) *Metrics {
	m := &Metrics{}
	m.set.Histograms("parley_request_seconds", "Time to answer, by route and status.", func(put func(*meter.Histogram, ...string)) {
		for by, h := range m.requests.all() {
			put(h, "route", by.route, "status", strconv.Itoa(by.status))
		}
	})
	m.set.Counters("parley_refusals_total", "Requests that were refused or failed, by the code in the answer.", func(put meter.Series) {
		for code, n := range m.refusals.all() {
			put(float64(n.Load()), "code", string(code))
		}
	})
	m.writing(s)
	m.reading(s)
	m.live(hub)
	m.following(s)
	m.set.Counters("parley_trace_spans_total", "Spans that the collector took, and that were thrown away because it did not.", func(put meter.Series) {
		if spans := m.spans.Load(); spans != nil {
			(*spans)(put)
		}
	})
	m.set.Process()
	return m
}

func (m *Metrics) writing(s *store.Store) {
	stats := s.Stats()
	m.set.Gauge("parley_writes_waiting", "Writes in the queue.", func() float64 { return float64(s.Waiting()) })
	m.set.Counter("parley_writes_total", "Writes done.", func() float64 { return float64(stats.Writes.Load()) })
	m.set.Counter("parley_write_batches_total", "Commits; writes divided by this is how many share one.", func() float64 { return float64(stats.Batches.Load()) })
	m.set.Counter("parley_writes_refused_total", "Writes turned away because the queue was full.", func() float64 { return float64(stats.Refused.Load()) })
	m.set.Counter("parley_write_failures_total", "Commits that failed.", func() float64 { return float64(stats.Failures.Load()) })
	m.set.Histogram("parley_write_wait_seconds", "Time that a write waited for its batch to begin.", stats.Waits)
	m.set.Histogram("parley_commit_seconds", "Time of a batch, from its first statement until it is on disk.", stats.Commits)
	m.set.Histogram("parley_commit_writes", "Writes that shared a commit.", stats.Sizes)
}

func (m *Metrics) reading(s *store.Store) {
	m.set.Gauges("parley_database_readers", "Connections for reading, by what they do.", func(put meter.Series) {
		free, most := s.Readers()
		put(float64(free), "state", "free")
		put(float64(most-free), "state", "busy")
	})
	m.set.Gauge("parley_wal_bytes", "Size of SQLite's write-ahead log; 0 on PostgreSQL.", func() float64 { return float64(s.WAL()) })
	m.set.Gauge("parley_checkpoint_age_seconds", "Time since the write-ahead log was last copied into the database file; 0 before the first time.", func() float64 {
		at := s.Stats().Checkpointed.Load()
		if at == 0 {
			return 0
		}
		return time.Since(time.UnixMilli(at)).Seconds()
	})
}

func (m *Metrics) live(hub *live.Hub) {
	m.set.Gauge("parley_bell_connected", "1 when what other processes do is heard at once.", func() float64 {
		if hub.Hears() {
			return 1
		}
		return 0
	})
	m.set.Gauge("parley_streams_open", "Pages watching live.", func() float64 { open, _ := hub.Open(); return float64(open) })
	m.set.Counter("parley_streams_dropped_total", "Pages cut off because they did not keep up.", func() float64 { _, dropped := hub.Open(); return float64(dropped) })
	m.set.Histogram("parley_live_delay_seconds", "Time from a change until it was handed to the pages that watch.", hub.Delays())
}

// following tells how the followers that run in this process get on.
func (m *Metrics) following(s *store.Store) {
	m.set.Gauges("parley_follower_behind_seconds", "Time since a follower of events had handled everything; about two seconds at rest.", func(put meter.Series) {
		s.Followers(func(name string, behind time.Duration) { put(behind.Seconds(), "follower", name) })
	})
}

// Watch adds the page cache, the limiter and the sign-ins of a forum.
func (m *Metrics) Watch(f *Forum) {
	cache := func(name, help string, value func() float64) { m.set.Counter(name, help, value) }
	cache("parley_page_hits_total", "Pages given from memory at once.", func() float64 { return float64(f.Cache.Stats().Hits.Load()) })
	cache("parley_page_confirmations_total", "Pages given from memory after asking whether their story has moved on.", func() float64 { return float64(f.Cache.Stats().Confirmed.Load()) })
	cache("parley_page_builds_total", "Pages built.", func() float64 { return float64(f.Cache.Stats().Built.Load()) })
	m.set.Gauges("parley_page_cache_bytes", "Finished pages in memory.", func(put meter.Series) {
		_, weight, _ := f.Cache.Size()
		put(float64(weight))
	})
	cache("parley_page_evictions_total", "Pages that had to make room for others.", func() float64 { _, _, gone := f.Cache.Size(); return float64(gone) })
	m.set.Gauge("parley_requests_under_way", "Requests that write or are answered for one reader alone, and have begun.", func() float64 { return float64(f.UnderWay()) })
	m.set.Gauges("parley_signins", "Passwords being checked, and waiting for their turn.", func(put meter.Series) {
		running, waiting := f.Identity.Hashing()
		put(float64(running), "state", "running")
		put(float64(waiting), "state", "waiting")
	})
	m.set.Counters("parley_limited_total", "Requests refused because they came too fast, by what they asked for.", func(put meter.Series) {
		f.Limits.Refused(func(pace string, n int64) { put(float64(n), "pace", pace) })
	})
}

// Spans says where the fate of traces is counted.
func (m *Metrics) Spans(each func(meter.Series)) { m.spans.Store(&each) }

func (m *Metrics) request(route string, status int, took time.Duration) {
	if m == nil {
		return
	}
	if route == "" {
		route = "none"
	}
	m.requests.get(requestKind{route, status}, newSpread).Took(took)
}

func newSpread() *meter.Histogram {
	return meter.NewHistogram(.0005, .001, .005, .01, .05, .1, .5, 1, 5)
}

// refused counts an answer that was a refusal; "" is none.
func (m *Metrics) refused(code parley.Code) {
	if m != nil && code != "" {
		m.refusals.get(code, func() *atomic.Int64 { return new(atomic.Int64) }).Add(1)
	}
}

// Handler serves the counters in Prometheus' text format.
func (m *Metrics) Handler() http.Handler { return &m.set }
