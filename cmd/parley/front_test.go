package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"sync"
	"testing"
	"time"
)

// front is a load balancer before two nodes, such as stands before them in earnest: it asks each ten times a second
// whether it is ready, keeps connections to both, and sends a request to one that is ready. Where a node takes no
// connection it asks the other; what was sent is not sent again.
type front struct {
	*httptest.Server
	kept *http.Transport

	mu     sync.Mutex
	nodes  [2]behind
	turn   int
	failed []string // what was answered with 5xx, or not at all
	full   int      // what a node had no room for, and said so
}

// nodeHeader tells which node an answer is from.
const nodeHeader = "Node"

// behind is what a load balancer knows of a node.
type behind struct {
	address string // host:port
	ready   bool
}

func newFront(t *testing.T) *front {
	dialer := net.Dialer{Timeout: patience}
	f := &front{kept: &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 32, DisableCompression: true}}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = "http", "node", r.In.Host
			r.SetXForwarded()
		},
		Transport: f,
		ModifyResponse: func(r *http.Response) error {
			r.Header.Set(nodeHeader, r.Request.URL.Host)
			switch {
			case r.StatusCode == http.StatusServiceUnavailable && r.Header.Get("Retry-After") != "":
				f.mu.Lock()
				f.full++
				f.mu.Unlock()
			case r.StatusCode >= 500:
				f.note(fmt.Sprint(r.Request.Method, " ", r.Request.URL.Path, " ", r.StatusCode))
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() == nil {
				f.note(fmt.Sprint(r.Method, " ", r.URL.Path, " ", err))
			}
			w.WriteHeader(http.StatusBadGateway)
		},
	}
	f.Server = httptest.NewServer(proxy)
	ctx, end := context.WithCancel(context.Background())
	var looking sync.WaitGroup
	for i := range f.nodes {
		looking.Go(func() { f.look(ctx, i) })
	}
	t.Cleanup(func() {
		end()
		looking.Wait()
		f.CloseClientConnections()
		f.Close()
		f.kept.CloseIdleConnections()
	})
	return f
}

// look asks a node whether it is ready until ctx ends.
func (f *front) look(ctx context.Context, i int) {
	client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	due := time.NewTicker(100 * time.Millisecond)
	defer due.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-due.C:
		}
		f.mu.Lock()
		address := f.nodes[i].address
		f.mu.Unlock()
		if address == "" {
			continue
		}
		got, err := client.Get("http://" + address + "/readyz")
		if err == nil {
			got.Body.Close()
		}
		f.mu.Lock()
		if f.nodes[i].address == address {
			f.nodes[i].ready = err == nil && got.StatusCode == http.StatusOK
		}
		f.mu.Unlock()
	}
}

// order gives the addresses of the nodes in the order in which they are asked: in turn, those that are ready first.
func (f *front) order() (addresses []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turn++
	for _, ready := range []bool{true, false} {
		for i := range f.nodes {
			if node := f.nodes[(f.turn+i)%2]; node.ready == ready {
				addresses = append(addresses, node.address)
			}
		}
	}
	return addresses
}

// RoundTrip sends a request that has arrived as a whole, as load balancers for pages do.
func (f *front) RoundTrip(r *http.Request) (got *http.Response, err error) {
	var body []byte
	if r.Body != nil {
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	for _, address := range f.order() {
		out := r.Clone(r.Context())
		out.URL.Host, out.Body = address, http.NoBody
		if len(body) > 0 {
			out.Body = io.NopCloser(bytes.NewReader(body)) // without GetBody: the transport cannot send it twice either
		}
		got, err = f.kept.RoundTrip(out)
		if failed, ok := errors.AsType[*net.OpError](err); !ok || failed.Op != "dial" {
			break
		}
	}
	return got, err
}

func (f *front) set(i int, p *process) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.nodes[i] = behind{strings.TrimPrefix(p.url, "http://"), true}
}

func (f *front) note(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failed = append(f.failed, what)
}

// complaints gives what failed since it was asked last, and how often a node had no room.
func (f *front) complaints() (failed []string, full int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	failed, full = f.failed, f.full
	f.failed, f.full = nil, 0
	return failed, full
}
