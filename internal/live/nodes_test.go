package live_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"parley"
	"parley/internal/live"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// broker starts a NATS server; port -1 takes a free one.
func broker(t *testing.T, port int) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, Username: "parley", Password: "hunter22", NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	go s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("NATS does not start")
	}
	return s
}

func addressOf(s *server.Server) string {
	return "nats://parley:hunter22@" + s.Addr().String()
}

// said keeps what is logged.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// join opens a database as one more process would, and gives what it says.
func join(t *testing.T, o store.Options, url string) (*store.Store, *live.Nodes, *said) {
	t.Helper()
	log := &said{}
	nodes, err := live.NewNodes(live.NodesOptions{URL: url, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	o.Announce = nodes.Announce
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := nodes.Join(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nodes.Close(); s.Close() })
	return s, nodes, log
}

func await(t *testing.T, what string, met func() bool) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(15 * time.Second); !met(); <-look.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// shared runs a test on a database that several processes can share.
func shared(t *testing.T, test func(t *testing.T, o store.Options)) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		if o.URL == "" {
			t.Skip("one process at a time serves a SQLite folder")
		}
		test(t, o)
	})
}

// quiet empties a bell and tells whether it stays silent for a while.
func quiet(bell <-chan struct{}) bool {
	for range 2 {
		select {
		case <-bell:
		default:
		}
	}
	select {
	case <-bell:
		return false
	case <-time.After(300 * time.Millisecond):
		return true
	}
}

func TestNATSCarriesTheBell(t *testing.T) {
	shared(t, func(t *testing.T, o store.Options) {
		nats := broker(t, -1)
		port := nats.Addr().String()[strings.LastIndex(nats.Addr().String(), ":")+1:]
		here, one, _ := join(t, o, addressOf(nats))
		there, two, log := join(t, o, addressOf(nats))
		deaf, err := store.Open(t.Context(), store.Options{URL: o.URL, Log: o.Log, Announce: func() {}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { deaf.Close() })
		both := func() bool { return one.Connected() && two.Connected() }
		await(t, "the way to NATS", both)
		bell, other, alone := here.Bell(), there.Bell(), deaf.Bell()
		await(t, "silence", func() bool { return quiet(bell) && quiet(other) })

		told := func(what string) {
			t.Helper()
			begun := time.Now()
			add(t, here, parley.Event{Story: 7, Kind: parley.EventRefreshed, Subject: 7})
			select {
			case <-other:
			case <-time.After(10 * time.Second):
				t.Fatalf("%s: the other process was not told", what)
			}
			if took := time.Since(begun); took > time.Second {
				t.Errorf("%s: the other process was told after %v", what, took)
			}
			<-bell
		}
		told("at first")
		if !quiet(alone) {
			t.Error("PostgreSQL carries the bell beside NATS")
		}
		if !quiet(bell) || !quiet(other) {
			t.Error("a ring that was heard is passed on")
		}

		nats.Shutdown()
		nats.WaitForShutdown()
		await(t, "the loss to be noticed", func() bool { return !one.Connected() && !two.Connected() })
		begun := time.Now()
		add(t, here, parley.Event{Story: 7, Kind: parley.EventRefreshed, Subject: 7}) // lost to the other, for now
		if took := time.Since(begun); took > time.Second {
			t.Errorf("a write without NATS took %v", took)
		}
		<-bell
		if !strings.Contains(log.String(), "NATS is away") || strings.Contains(log.String(), "hunter22") {
			t.Errorf("the loss is told of as %s", log)
		}
		broker(t, number(t, port))
		await(t, "NATS again", both)
		select {
		case <-other: // whoever was away looks
		case <-time.After(10 * time.Second):
			t.Error("nobody looks after NATS has come back")
		}
		await(t, "silence", func() bool { return quiet(bell) && quiet(other) })
		told("after its return")
	})
}

func number(t *testing.T, text string) (n int) {
	t.Helper()
	for _, digit := range text {
		n = 10*n + int(digit-'0')
	}
	return n
}

// TestStartingWithoutNATS has processes come before NATS does, and one that NATS does not know.
func TestStartingWithoutNATS(t *testing.T) {
	shared(t, func(t *testing.T, o store.Options) {
		first := broker(t, -1)
		url, port := addressOf(first), first.Addr().String()
		first.Shutdown()
		first.WaitForShutdown()
		s, nodes, log := join(t, o, url)
		_, strange, refused := join(t, o, strings.Replace(url, "hunter22", "hunter23", 1))
		add(t, s, parley.Event{Story: 7, Kind: parley.EventRefreshed, Subject: 7})
		await(t, "a warning", func() bool { return strings.Contains(log.String(), "cannot be reached yet") })
		if nodes.Connected() {
			t.Error("connected to nothing")
		}
		broker(t, number(t, port[strings.LastIndex(port, ":")+1:]))
		await(t, "NATS", nodes.Connected)
		await(t, "a refusal", func() bool { return strings.Contains(strings.ToLower(refused.String()), "authorization") })
		if strange.Connected() || strings.Contains(refused.String(), "hunter23") {
			t.Errorf("connected %v, logged %s", strange.Connected(), refused)
		}
	})
}

func TestFilesForNATSMustBeThere(t *testing.T) {
	wrong := filepath.Join(t.TempDir(), "wrong.pem")
	if err := os.WriteFile(wrong, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, o := range []live.NodesOptions{
		{Creds: filepath.Join(t.TempDir(), "none")}, {CA: filepath.Join(t.TempDir(), "none")}, {CA: wrong}, {Cert: wrong, Key: wrong},
	} {
		o.URL, o.Log = "nats://127.0.0.1:4222", slog.New(slog.DiscardHandler)
		if _, err := live.NewNodes(o); err == nil {
			t.Errorf("taken: %+v", o)
		}
	}
}
