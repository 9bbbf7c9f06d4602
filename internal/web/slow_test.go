package web_test

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"parley/internal/web"
)

// TestSlowClients opens a thousand connections that never end their headers. Others are answered as ever, and the
// slow ones are cut off.
func TestSlowClients(t *testing.T) {
	t.Parallel() // it waits for the server's patience to end
	const slow, patience = 1_000, 5 * time.Second
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := web.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "welcome") }), slog.New(slog.DiscardHandler))
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	var all sync.WaitGroup
	for range slow {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "); err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			_ = conn.SetReadDeadline(time.Now().Add(3 * patience))
			if _, err := io.Copy(io.Discard, conn); err != nil {
				t.Errorf("a slow client was not cut off: %v", err)
			}
		})
	}
	for range 20 {
		begun := time.Now()
		got, err := http.Get("http://" + listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		got.Body.Close()
		if took := time.Since(begun); got.StatusCode != http.StatusOK || took > time.Second {
			t.Errorf("%d after %v", got.StatusCode, took)
		}
	}
	all.Wait()
}
