package e2e

import (
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// front stands before a server as a publisher's proxy does. It counts what browsers ask for and what goes down the
// line, passes requests on to the server that it was last told of, and answers some itself.
type front struct {
	base string // its address, without a trailing slash
	down atomic.Int64

	mu     sync.Mutex
	behind *url.URL
	asked  []asked
	open   map[net.Conn]bool
	answer func(http.ResponseWriter, *http.Request) bool
}

// asked is one request that arrived.
type asked struct {
	at           time.Time
	method, path string
	query        string
	header       http.Header
}

// newFront gives a front on a free port, with nothing behind it yet.
func newFront(t testing.TB) *front {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &front{base: "http://" + listener.Addr().String(), open: map[net.Conn]bool{}}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			f.mu.Lock()
			defer f.mu.Unlock()
			r.SetURL(f.behind)
			r.Out.Host = r.In.Host
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			f.mu.Lock()
			f.asked = append(f.asked, asked{time.Now(), r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Clone()})
			answer := f.answer
			f.mu.Unlock()
			if answer == nil || !answer(w, r) {
				proxy.ServeHTTP(w, r)
			}
		}),
		ReadHeaderTimeout: patience,
		ConnState: func(c net.Conn, state http.ConnState) {
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.open[c] = true; state == http.StateClosed {
				delete(f.open, c)
			}
		},
	}
	go func() { _ = server.Serve(counting{listener, &f.down}) }()
	t.Cleanup(func() { _ = server.Close() })
	return f
}

// pass sends what comes from now on to another server, and cuts what is open, as when a server goes.
func (f *front) pass(t testing.TB, to string) {
	t.Helper()
	behind, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.behind = behind
	for c := range f.open {
		_ = c.Close()
	}
}

// first has every request shown to answer, which answers those that it says true of.
func (f *front) first(answer func(http.ResponseWriter, *http.Request) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = answer
}

// requests gives those that arrived whose method and path begin like this, oldest first.
func (f *front) requests(beginning string) []asked {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.asked), func(one asked) bool { return !strings.HasPrefix(one.method+" "+one.path, beginning) })
}

// counting counts the bytes that the connections of a listener send.
type counting struct {
	net.Listener
	sent *atomic.Int64
}

func (l counting) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return counted{c, l.sent}, err
}

type counted struct {
	net.Conn
	sent *atomic.Int64
}

func (c counted) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.sent.Add(int64(n))
	return n, err
}
