package main

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// collector takes OTLP as a real one does, and keeps it.
type collector struct {
	*httptest.Server
	mu    sync.Mutex
	spans []otlpSpan
	text  strings.Builder
	bad   []string
}

func newCollector(t *testing.T) *collector {
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(c.take))
	t.Cleanup(c.Close)
	return c
}

func (c *collector) take(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.Method != "POST" || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/json" {
		c.bad = append(c.bad, r.Method+" "+r.URL.Path+" "+r.Header.Get("Content-Type"))
	}
	plain, err := gzip.NewReader(r.Body)
	if err != nil {
		c.bad = append(c.bad, err.Error())
		return
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		c.bad = append(c.bad, err.Error())
	}
	c.text.Write(text)
	var message otlpMessage
	if err := json.Unmarshal(text, &message); err != nil {
		c.bad = append(c.bad, err.Error())
	}
	for _, resource := range message.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			c.spans = append(c.spans, scope.Spans...)
		}
	}
	io.WriteString(w, "{}")
}

func (c *collector) find(is func(otlpSpan) bool) (otlpSpan, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.spans, is)
	if i < 0 {
		return otlpSpan{}, false
	}
	return c.spans[i], true
}

// has tells whether a trace, "" = any, holds a span of that name.
func (c *collector) has(trace, name string) bool {
	_, found := c.find(func(s otlpSpan) bool { return s.Name == name && (trace == "" || s.TraceID == trace) })
	return found
}

// TestTheWayOfAComment follows one comment from its request to the pages that watch and to the notice it brings, and
// looks for everything that must not travel with it.
func TestTheWayOfAComment(t *testing.T) {
	c := newCollector(t)
	p := start(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--origins", newsroom, "--traces", c.URL, "--traces-ratio", "1")
	odo, wen := stranger(p).register("Odo Canary"), stranger(p).register("Wen Canary")
	story := odo.story("canary-story")
	root := odo.post(story, "Canary words.")
	wen.ask("POST", comments(story), map[string]string{"body": "More canary words.", "parent": root}, http.StatusCreated)
	stranger(p).ask("GET", "/canary-path?canary=1", nil, http.StatusNotFound)

	// The answer is what brings a notice.
	trace := ""
	await(t, "the notice", func() bool {
		s, found := c.find(func(s otlpSpan) bool { return s.Name == "give notice" })
		trace = s.TraceID
		return found
	})
	parent := ""
	for _, name := range []string{"POST /api/v1/stories/{id}/comments", "conversation.post", "write", "commit"} {
		var s otlpSpan
		await(t, "the span "+name, func() (found bool) {
			s, found = c.find(func(s otlpSpan) bool { return s.Name == name && s.TraceID == trace && s.ParentSpanID == parent })
			return found
		})
		if s.Begun == "" || s.Ended < s.Begun || len(s.TraceID) != 32 || len(s.SpanID) != 16 {
			t.Errorf("%s is %+v", name, s)
		}
		parent = s.SpanID
	}
	for _, beside := range []string{"wait for the writer", "tell open pages"} {
		await(t, "the span "+beside, func() bool { return c.has(trace, beside) })
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.bad) > 0 {
		t.Errorf("the collector was sent %v", c.bad)
	}
	for _, private := range []string{"anary", "@example.com", "127.0.0.1", password, "Mozilla", "Go-http-client"} {
		if strings.Contains(c.text.String(), private) {
			t.Errorf("%q travels with the traces", private)
		}
	}
}

// TestStrangersChooseNothing sends a traceparent that asks to be traced, as a stranger and as a trusted proxy.
func TestStrangersChooseNothing(t *testing.T) {
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	for _, trusted := range []bool{false, true} {
		c := newCollector(t)
		args := []string{"serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--traces", c.URL, "--traces-ratio", "0", "--trusted-proxies", "127.0.0.1/32"}
		if trusted {
			args = append(args, "--traces-from-proxies")
		}
		p := start(t, args...)
		v := stranger(p)
		v.header.Set("Traceparent", "00-"+id+"-00f067aa0ba902b7-01")
		v.get("/healthz")
		p.stop(syscall.SIGTERM) // sends what waits
		if found := c.has("", "GET /healthz"); found != trusted {
			t.Errorf("trusted %v: traced %v", trusted, found)
		}
		if trusted && !c.has(id, "GET /healthz") {
			t.Error("the proxy's trace is not gone on with")
		}
	}
}

// TestADeadCollector has readers wait for nothing while the collector answers nothing, and counts what is thrown away.
func TestADeadCollector(t *testing.T) {
	silent := make(chan struct{})
	c := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-silent }))
	defer c.Close()
	defer close(silent)
	own := freePort(t)
	p := start(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--metrics-addr", own, "--traces", c.URL, "--traces-ratio", "1")
	v := stranger(p)
	slowest := time.Duration(0)
	for range spanQueue + 2*spanBatch {
		begun := time.Now()
		v.get("/healthz")
		slowest = max(slowest, time.Since(begun))
	}
	if slowest > 5*time.Second {
		t.Errorf("one reader waited %v", slowest)
	}
	await(t, "thrown away spans to be counted", func() bool {
		for line := range strings.Lines(v.get("http://" + own + "/metrics").body) {
			if rest, found := strings.CutPrefix(line, `parley_trace_spans_total{fate="dropped"} `); found {
				return strings.TrimSpace(rest) != "0"
			}
		}
		return false
	})
	begun := time.Now()
	if code := p.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("stopping gives %d", code)
	}
	within(t, 5*time.Second, "the program ended", begun)
}

// TestProfilesAreForOperators asks for them where readers are, and where operators are.
func TestProfilesAreForOperators(t *testing.T) {
	own := freePort(t)
	p := start(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--metrics-addr", own)
	v := stranger(p)
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/profile", "/debug/build", "/debug/vars"} {
		v.ask("GET", path, nil, http.StatusNotFound)
	}
	for path, holds := range map[string]string{
		"/debug/pprof/": "goroutine", "/debug/pprof/goroutine?debug=1": "main.", "/debug/build": `"GoVersion"`, "/debug/pprof/heap?debug=1": "heap profile",
	} {
		if got := v.get("http://" + own + path); !strings.Contains(got.body, holds) {
			t.Errorf("%s lacks %q", path, holds)
		}
	}
	for _, kind := range []string{"mutex", "block"} {
		v.ask("PUT", "http://"+own+"/debug/pprof/"+kind+"?rate=x", nil, http.StatusBadRequest)
		v.ask("PUT", "http://"+own+"/debug/pprof/"+kind+"?rate=1", nil, http.StatusNoContent)
		v.get("http://" + own + "/debug/pprof/" + kind + "?debug=1")
	}
}
