package drive

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// what wrk prints, with the line of the script among it.
const printed = `Running 1s test @ http://127.0.0.1:1/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   312.00us  101.00us   2.10ms   90.00%
    Req/Sec    50.10k     1.20k   52.00k    70.00%
  50100 requests in 1.00s, 1.40GB read
  Non-2xx or 3xx responses: 7
  Socket errors: connect 1, read 2, write 3, timeout 4
Requests/sec:  50100.00
Transfer/sec:      1.40GB
parley-bench {"requests":50100,"micros":1002003,"bytes":1503238553,"connect":1,"read":2,"write":3,"status":7,"timeout":4,"p50":312,"p95":800,"p99":2050}
`

func TestParseWrk(t *testing.T) {
	got, err := parseWrk([]byte(printed))
	if err != nil {
		t.Fatal(err)
	}
	if got.Requests != 50089 || got.Errors != 17 || got.Seconds != 1.002003 || got.P50 != 0.312 || got.P95 != 0.8 || got.P99 != 2.05 {
		t.Errorf("%+v", got)
	}
	for _, broken := range []string{"", "unable to connect to 127.0.0.1:1", "parley-bench {"} {
		if got, err := parseWrk([]byte(broken)); err == nil {
			t.Errorf("%q gives %+v", broken, got)
		}
	}
}

func TestWrkIsAskedRightly(t *testing.T) {
	one := Request{Path: "/s/1?a=b", Header: [][2]string{{"Cookie", "parley=x"}}}.Zipped()
	args := strings.Join(Reads{Base: "http://127.0.0.1:9", Connections: 16, For: 1400 * time.Millisecond, Requests: []Request{one}}.arguments("f.lua"), " ")
	if want := "-t 1 -c 16 -d 1s --timeout 5s -s f.lua -H Cookie: parley=x -H Accept-Encoding: gzip http://127.0.0.1:9/s/1?a=b"; args != want {
		t.Errorf("%s\nwant %s", args, want)
	}
	if got := quoted([]byte("a\"\\\r\n7é")); got != `"a\034\092\013\0107\195\169"` {
		t.Error(got)
	}
}

// town answers in all the ways that are told apart and counts what it was asked.
func town(t *testing.T) (base string, asked map[string]*atomic.Int64) {
	asked = map[string]*atomic.Int64{"/good": {}, "/kept": {}, "/busy": {}, "/gone": {}, "/moved": {}, "/cut": {}, "/who": {}}
	cookies := sync.Map{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := asked[r.URL.Path]
		n.Add(1)
		switch r.URL.Path {
		case "/good":
			fmt.Fprint(w, "welcome")
		case "/kept":
			w.WriteHeader(http.StatusNotModified)
		case "/busy":
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/gone":
			w.WriteHeader(http.StatusInternalServerError)
		case "/moved":
			w.Header().Set("Location", "/good")
			w.WriteHeader(http.StatusSeeOther)
		case "/cut":
			panic(http.ErrAbortHandler)
		case "/who":
			if _, again := cookies.LoadOrStore(r.Header.Get("Cookie"), true); again {
				n.Add(-1)
			}
		}
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

// TestErrors holds the driver to what an error is: any answer but 2xx and 304.
func TestErrors(t *testing.T) {
	base, asked := town(t)
	for path, want := range map[string]struct{ good, errors, refused int64 }{
		"/good": {9, 0, 0}, "/kept": {9, 0, 0}, "/busy": {0, 9, 9}, "/gone": {0, 9, 0}, "/moved": {0, 9, 0}, "/cut": {0, 9, 0},
	} {
		got := Closed{Base: base, Connections: 3, Each: 3, Source: InTurn(base, Request{Path: path})}.Run(t.Context())[0]
		if got.Requests != want.good || got.Errors != want.errors || got.Refused != want.refused || asked[path].Load() != 9 {
			t.Errorf("%s: %+v, asked %d times", path, got, asked[path].Load())
		}
	}
	nobody := Closed{Base: "http://127.0.0.1:1", Connections: 2, Each: 2, Source: InTurn("", Request{Path: "/"})}.Run(t.Context())[0]
	if nobody.Errors != 4 || nobody.Requests != 0 {
		t.Errorf("nobody listens: %+v", nobody)
	}
}

func TestClosedLastsAsLongAsAsked(t *testing.T) {
	base, asked := town(t)
	got := Closed{Base: base, Connections: 4, For: 50 * time.Millisecond, Source: InTurn(base, Request{Path: "/good"}, Request{Path: "/kept"})}.Run(t.Context())[0]
	sum := asked["/good"].Load() + asked["/kept"].Load()
	if got.Seconds < 0.05 || got.Errors != 0 || got.Requests < 4 || sum-got.Requests > 4 || got.P99 < got.P50 || got.P50 <= 0 {
		t.Errorf("%+v of %d", got, sum)
	}
}

// TestTheFirstAnswerCounts asks a server that answers too late for the run.
func TestTheFirstAnswerCounts(t *testing.T) {
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(30 * time.Millisecond) }))
	defer slow.Close()
	got := Closed{Base: slow.URL, Connections: 2, For: time.Millisecond, Source: InTurn(slow.URL, Request{Path: "/"})}.Run(t.Context())[0]
	if got.Requests != 2 || got.P50 < 30 || got.Seconds < 0.03 {
		t.Errorf("%+v", got)
	}
}

// TestOpen sends arrivals faster than one slow connection can take them.
func TestOpen(t *testing.T) {
	base, asked := town(t)
	got := Open{Base: base, Rate: 200, For: 100 * time.Millisecond, Connections: 20, Source: InTurn(base, Request{Path: "/busy"})}.Run(t.Context())
	if got.Errors != 20 || got.Refused == 0 || got.Refused > asked["/busy"].Load() || got.Seconds < 0.1 {
		t.Errorf("%+v, asked %d times", got, asked["/busy"].Load())
	}
	held := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-held }))
	defer slow.Close()
	time.AfterFunc(60*time.Millisecond, func() { close(held) })
	got = Open{Base: slow.URL, Rate: 1000, For: 20 * time.Millisecond, Connections: 2, Source: InTurn(slow.URL, Request{Path: "/"})}.Run(t.Context())
	if got.Requests != 2 || got.Unsent != 18 || got.Errors != 0 {
		t.Errorf("two connections for twenty arrivals: %+v", got)
	}
}

// TestWrk runs wrk itself.
func TestWrk(t *testing.T) {
	wrk := Wrk()
	if wrk == "" {
		t.Skip("wrk is not installed")
	}
	base, asked := town(t)
	var readers []Request
	for i := range 3 {
		readers = append(readers, Request{Path: "/who", Header: [][2]string{{"Cookie", fmt.Sprintf("parley=%d\"", i)}}})
	}
	got, err := Reads{Base: base, Connections: 2, For: time.Second, Requests: readers}.Run(t.Context(), wrk)
	if err != nil || got.Requests < 3 || got.Errors != 0 || got.P50 <= 0 || got.P99 < got.P50 || asked["/who"].Load() != 3 {
		t.Errorf("%+v %v, %d readers seen", got, err, asked["/who"].Load())
	}
}

// TestCrowd opens streams and tells them something, all but one.
func TestCrowd(t *testing.T) {
	var mu sync.Mutex
	var open []chan string
	ctx, cancel := context.WithCancel(t.Context())
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mine := make(chan string, 4)
		mu.Lock()
		open = append(open, mine)
		mu.Unlock()
		fmt.Fprint(w, ": welcome\n\n")
		http.NewResponseController(w).Flush()
		for {
			select {
			case <-ctx.Done():
				return
			case said := <-mine:
				fmt.Fprintf(w, "event: comment\ndata: %s\n\n", said)
				http.NewResponseController(w).Flush()
			}
		}
	}))
	defer s.Close()
	defer cancel()
	c, err := Watch(t.Context(), s.URL, Request{Path: "/"}, 5, func(line []byte) string {
		id, _ := strings.CutPrefix(string(line), "data: ")
		if id == string(line) {
			return ""
		}
		return id
	})
	if err != nil {
		t.Fatal(err)
	}
	since := time.Now()
	mu.Lock()
	for _, one := range open {
		one <- "7"
	}
	mu.Unlock()
	if took, errors := c.Heard(t.Context(), "7", since); len(took) != 5 || errors != 0 || took[0] <= 0 {
		t.Errorf("%v, %d errors", took, errors)
	}
	open[0] <- "8"
	some, end := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer end()
	if took, errors := c.Heard(some, "8", since); len(took) != 1 || errors != 4 {
		t.Errorf("%v, %d errors", took, errors)
	}
	if c.Ended() != 0 {
		t.Errorf("%d streams ended", c.Ended())
	}
	cancel()
	c.Close()
	if c.Ended() != 5 {
		t.Errorf("%d streams ended", c.Ended())
	}
}
