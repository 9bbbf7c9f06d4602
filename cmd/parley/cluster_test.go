package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/internal/mail/mailtest"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// eachPostgres runs a test with the address of an empty PostgreSQL database, when there is a server.
func eachPostgres(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		if o.URL == "" {
			t.Skip("one process at a time serves a SQLite folder")
		}
		test(t, o.URL)
	})
}

// TestTwoServersOnOneDatabase posts at one server and watches at the other, cuts all their connections, and stops one.
func TestTwoServersOnOneDatabase(t *testing.T) {
	eachPostgres(t, func(t *testing.T, address string) {
		sink := mailtest.Start(t)
		wire, address := lay(t, address)
		serve := func() *process {
			return startIn(t, []string{"HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir(), "PARLEY_DATABASE=" + address},
				"serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--base-url", "http://localhost:1", "--origins", newsroom,
				"--limits", "off", "--drain", "0s", "--smtp", sink.Addr, "--smtp-tls", "none", "--mail-from", "forum@example.com")
		}
		here, there := serve(), serve()
		odo := stranger(here).register("Odo Pell")
		runa := stranger(there).register("Runa Vey")
		odoThere := *odo // with the same cookie at the other server, as behind one proxy
		odoThere.client = &http.Client{Jar: odo.client.Jar, Transport: stranger(there).client.Transport, Timeout: patience, CheckRedirect: odo.client.CheckRedirect}
		story := odo.story("tides")

		hears := func(what string, from *visitor, at *process) {
			t.Helper()
			pages := stranger(at).watch(story)
			begun := time.Now()
			id := from.post(story, what)
			if data := next(t, pages, "comment"); !strings.Contains(data, id) {
				t.Errorf("%s: the other server tells of %s, not of %s", what, data, id)
			}
			within(t, 2*time.Second, what, begun)
		}
		hears("From the first to the second.", odo, there)
		hears("From the second to the first.", runa, here)
		hears("By the same reader at the second.", &odoThere, here)

		if n := wire.cut(); n < 4 {
			t.Fatalf("%d connections were cut", n)
		}
		for _, v := range []*visitor{odo, runa} {
			await(t, "posting again after the connections were cut", func() bool {
				got, err := v.try("POST", comments(story), map[string]string{"body": "After the cut, from " + v.base + fmt.Sprint(time.Now().UnixNano())})
				if err != nil || got.status >= 500 && got.status != http.StatusServiceUnavailable {
					t.Fatalf("while the connections are cut: %d %s %v", got.status, got.body, err)
				}
				return got.status == http.StatusCreated
			})
		}
		hears("After the cut, to the second.", odo, there)
		hears("After the cut, to the first.", runa, here)

		// The one that sends mail stops; the other takes over.
		stranger(here).register("Ilse Marrow")
		sink.Wait(3)
		if code := here.stop(syscall.SIGTERM); code != 0 {
			t.Errorf("stopping one of two: status %d", code)
		}
		stranger(there).register("Anton Quist")
		hears("From the one that is left.", runa, there)
		sink.Wait(4)
		there.stop(syscall.SIGTERM)
		last := serve() // whatever is still to be sent, it sends
		stranger(last).register("Berit Lund")
		to := map[string]int{}
		for _, letter := range sink.Wait(5) {
			to[strings.Join(letter.To, ",")]++
		}
		if len(to) != 5 || len(sink.Letters()) != 5 {
			t.Errorf("letters went to %v, want one to each of five", to)
		}
	})
}

// wire carries connections to a database server, and cuts all of them when it is told to.
type wire struct {
	mu   sync.Mutex
	open []net.Conn
}

// lay gives a wire to the server of a database, and the address of the database at its near end.
func lay(t *testing.T, address string) (w *wire, near string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	far := u.Host
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w = &wire{}
	t.Cleanup(func() { listener.Close(); w.cut() })
	go func() {
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			w.join(here, far)
		}
	}()
	u.Host = listener.Addr().String()
	return w, u.String()
}

func (w *wire) join(here net.Conn, far string) {
	there, err := net.Dial("tcp", far)
	if err != nil {
		here.Close()
		return
	}
	w.mu.Lock()
	w.open = append(w.open, here, there)
	w.mu.Unlock()
	for from, to := range map[net.Conn]net.Conn{here: there, there: here} {
		go func() { io.Copy(to, from); to.Close() }()
	}
}

// cut ends every connection and tells how many there were.
func (w *wire) cut() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(w.open) / 2
	for _, conn := range w.open {
		conn.Close()
	}
	w.open = nil
	return n
}
