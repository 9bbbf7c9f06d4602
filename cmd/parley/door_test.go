package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func testDoor(t *testing.T) door {
	t.Helper()
	d, err := listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// TestWhoStandsBeforeTheDoorIsLetIn shuts a door that a crowd stands before, when the time for it has passed already, as
// on a machine that had no time to look.
func TestWhoStandsBeforeTheDoorIsLetIn(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the system cannot be asked who waits")
	}
	const crowd = 50
	d := testDoor(t)
	for range crowd {
		conn, err := net.Dial("tcp", d.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	if err := d.shut(); err != nil {
		t.Fatal(err)
	}
	if err := d.SetDeadline(time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	for n := range crowd {
		conn, err := d.Accept()
		if err != nil {
			t.Fatalf("%d of %d were let in: %v", n, crowd, err)
		}
		defer conn.Close()
	}
	if conn, err := d.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Fatalf("after the last one: %v %v", conn, err)
	}
	if _, err := net.Dial("tcp", d.Addr().String()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a newcomer at the shut door: %v", err)
	}
}

// TestNobodyIsCutOffAtTheDoor has clients come without a pause, a connection for each request, to servers that are
// stopped meanwhile. Who was connected is answered.
func TestNobodyIsCutOffAtTheDoor(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the system cannot be told to leave newcomers outside")
	}
	for range 10 {
		t.Run("door", func(t *testing.T) { t.Parallel(); comeAndGo(t) })
	}
}

func comeAndGo(t *testing.T) {
	d := testDoor(t)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "welcome") })}
	server.ConnState = d.new.note
	served := make(chan error, 1)
	go func() { served <- server.Serve(d) }()
	var answered atomic.Int64
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
			for {
				got, err := client.Get("http://" + d.Addr().String())
				if failed, ok := errors.AsType[*net.OpError](err); ok && failed.Op == "dial" {
					return // it may go elsewhere
				}
				if err != nil {
					t.Errorf("a client was let in and cut off: %v", err)
					return
				}
				got.Body.Close()
				answered.Add(1)
			}
		})
	}
	await(t, "some answers", func() bool { return answered.Load() > 100 })
	if err := d.shut(); err != nil {
		t.Error(err)
	}
	if err := <-served; !errors.Is(err, net.ErrClosed) {
		t.Errorf("serving ended with %v", err)
	}
	d.new.hear(t.Context())
	if err := server.Shutdown(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	clients.Wait()
}
