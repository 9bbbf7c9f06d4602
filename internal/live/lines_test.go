package live_test

import (
	"bufio"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"parley"
)

// dial gives both ends of a TCP connection.
func dial(t *testing.T) (server, client net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if client, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close(); client.Close() })
	return server, client
}

// names gives the names of the messages that arrive, until the connection ends.
func names(client net.Conn) <-chan string {
	heard := make(chan string, 1000)
	go func() {
		defer close(heard)
		for lines := bufio.NewScanner(client); lines.Scan(); {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				heard <- name
			}
		}
	}()
	return heard
}

func hear(t *testing.T, heard <-chan string, want string) {
	t.Helper()
	select {
	case got := <-heard:
		if got != want {
			t.Fatalf("heard %q, want %q", got, want)
		}
	case <-time.After(10 * time.Second):
		t.Fatalf("%s was not heard", want)
	}
}

var closed = parley.Event{Story: 7, Kind: parley.EventStoryClosed, Subject: 7}

func TestALineCarriesMessagesAndEndsWithItsClient(t *testing.T) {
	s, hub := setUp(t)
	settle(t, s, watch(hub, 7, 0))
	server, client := dial(t)
	sub := hub.Subscribe(7, 11)
	add(t, s, closed, parley.Event{Story: 7, Kind: parley.EventStoryOpened, Subject: 7})
	hub.Carry(server, sub, 0)
	heard := names(client)
	hear(t, heard, "closed") // it waited
	hear(t, heard, "opened")
	add(t, s, closed)
	hear(t, heard, "closed")
	if open, _ := hub.Open(); open != 2 {
		t.Errorf("%d are open", open)
	}
	client.Close()
	await(t, "the line to end", func() bool { open, _ := hub.Open(); return open == 1 })

	server, client = dial(t)
	hub.Carry(server, hub.Subscribe(7, 11), 0)
	heard = names(client)
	add(t, s, parley.Event{Kind: parley.EventRolesChanged, Subject: 11})
	hear(t, heard, "session")
	hear(t, heard, "") // ended by the server: the reader is somebody else now

	server, client = dial(t)
	hub.Carry(server, hub.Subscribe(7, 0), 0)
	heard = names(client)
	hub.Stop()
	hear(t, heard, "bye")
	hear(t, heard, "")
}

func TestWhatIsKnownIsNotCarried(t *testing.T) {
	s, hub := setUp(t)
	settle(t, s, watch(hub, 7, 0))
	server, client := dial(t)
	sub, all := hub.Subscribe(7, 0), watch(hub, 7, 0)
	add(t, s, closed, parley.Event{Story: 7, Kind: parley.EventRefreshed, Subject: 7})
	next(t, all)
	head := next(t, all).ID
	hub.Carry(server, sub, head)
	add(t, s, parley.Event{Story: 7, Kind: parley.EventStoryOpened, Subject: 7})
	hear(t, names(client), "opened")
}

// TestLinesThatNeverReadAreCutOffAndHoldUpNobody tells 300 clients that do not read more than their buffers take.
func TestLinesThatNeverReadAreCutOffAndHoldUpNobody(t *testing.T) {
	const stuck = 300
	s, hub := setUp(t)
	settle(t, s, watch(hub, 7, 0))
	for range stuck {
		server, client := dial(t)
		_ = client.(*net.TCPConn).SetReadBuffer(4 << 10)
		hub.Carry(server, hub.Subscribe(7, 0), 0)
	}
	server, client := dial(t)
	hub.Carry(server, hub.Subscribe(7, 0), 0)
	heard := names(client)
	begun := runtime.NumGoroutine()
	var worst time.Duration
	events := 0
	stillThere := func() bool { open, _ := hub.Open(); return open > 2 }
	for ; stillThere() && events < 5000; events++ {
		since := time.Now()
		add(t, s, parley.Event{Story: 7, Kind: parley.EventPublished, Subject: parley.ID(events + 1)})
		hear(t, heard, "comment")
		worst = max(worst, time.Since(since))
	}
	if stillThere() {
		open, _ := hub.Open()
		t.Fatalf("%d of %d clients that never read are still told after %d events", open-2, stuck, events)
	}
	if worst > 2*time.Second {
		t.Errorf("who reads waited %v for a message", worst)
	}
	if _, dropped := hub.Open(); dropped == 0 {
		t.Error("nobody was counted as too slow")
	}
	await(t, "their goroutines to end", func() bool { return runtime.NumGoroutine() < begun-stuck+20 })
	t.Logf("all were cut off after %d events; the worst wait of who reads was %v", events, worst)
}

// TestASlowLineCatchesUp has a client begin to read late, and miss nothing that its mailbox and buffers hold.
func TestASlowLineCatchesUp(t *testing.T) {
	s, hub := setUp(t)
	all := watch(hub, 7, 0)
	settle(t, s, all)
	server, client := dial(t)
	_ = client.(*net.TCPConn).SetReadBuffer(4 << 10)
	hub.Carry(server, hub.Subscribe(7, 0), 0)
	const rounds = 20
	for range rounds { // more than the system's buffers take, in fewer pieces than the mailbox holds
		var many []parley.Event
		for i := range 400 {
			many = append(many, parley.Event{Story: 7, Kind: parley.EventRecommended, Subject: parley.ID(1<<40 + i), Data: parley.EventData{Count: 5}})
		}
		add(t, s, append(many, closed)...)
		next(t, all)
		next(t, all)
	}
	heard := names(client)
	for range rounds {
		hear(t, heard, "recommend")
		hear(t, heard, "closed")
	}
	add(t, s, parley.Event{Story: 7, Kind: parley.EventStoryOpened, Subject: 7})
	hear(t, heard, "opened")
}
