package broker

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// echo listens and says back each line it hears.
func echo(t *testing.T) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = io.Copy(conn, conn)
			}()
		}
	}()
	return &Server{host: l.Addr().String()}
}

func dial(t *testing.T, w *Wire) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.URL(), "nats://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn, bufio.NewReader(conn)
}

// TestAWire carries a line, holds one up, is torn and mended.
func TestAWire(t *testing.T) {
	w, err := echo(t).Wire()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	conn, lines := dial(t, w)
	say := func(line string) {
		t.Helper()
		if _, err := io.WriteString(conn, line); err != nil {
			t.Fatal(err)
		}
	}
	hear := func(want string) {
		t.Helper()
		if got, err := lines.ReadString('\n'); err != nil || got != want {
			t.Fatalf("heard %q (%v), want %q", got, err, want)
		}
	}
	say("one\n")
	hear("one\n")
	if n := w.Carried(); n != 8 {
		t.Errorf("%d bytes were carried, want 8", n)
	}

	w.Hold()
	say("two\n")
	if err := conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if got, err := lines.ReadString('\n'); err == nil {
		t.Errorf("a wire that is held carries %q", got)
	}
	if err := conn.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	w.Release()
	hear("two\n")

	w.Tear()
	if got, err := lines.ReadString('\n'); err == nil {
		t.Errorf("a torn wire carries %q", got)
	}
	other, heard := dial(t, w)
	_, _ = io.WriteString(other, "three\n")
	if got, err := heard.ReadString('\n'); err == nil {
		t.Errorf("a torn wire carries %q", got)
	}

	w.Mend()
	conn, lines = dial(t, w)
	say("four\n")
	hear("four\n")
}
