package load

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/cmd/torture/internal/journal"
)

// Watcher is one open page: it listens to a story's stream, and when that breaks off it asks, anywhere, for what came
// after the last id it has heard, as browsers do.
type Watcher struct {
	nodes    func() []string
	cookie   string
	restless bool // leaves by itself now and then
	dice     *rand.Rand

	mu    sync.Mutex
	watch journal.Watch
}

// NewWatcher gives a page, which does not listen yet.
func NewWatcher(name string, world *World, n int, nodes func() []string, round uint64) *Watcher {
	w := &Watcher{nodes: nodes, restless: n%2 == 1, dice: rand.New(rand.NewPCG(round, uint64(2000+n)))}
	if n%3 == 0 {
		w.cookie = world.Writers[n%workers].Cookie // such a stream also brings what has no id
	}
	w.watch = journal.Watch{Name: name, Story: world.Stories[n%stories].ID, After: world.After}
	return w
}

// Heard gives a copy of what was heard so far.
func (w *Watcher) Heard() journal.Watch {
	w.mu.Lock()
	defer w.mu.Unlock()
	heard := w.watch
	heard.Messages = append([]journal.Message(nil), heard.Messages...)
	return heard
}

// Listen listens until ctx ends.
func (w *Watcher) Listen(ctx context.Context) {
	for ctx.Err() == nil {
		stay, leave := ctx, context.CancelFunc(func() {})
		if w.restless {
			stay, leave = context.WithTimeout(ctx, time.Duration(50+w.dice.IntN(600))*time.Millisecond)
		}
		// However it ends, the page comes back.
		_ = w.connect(stay)
		leave()
		wait(ctx, time.Duration(10+w.dice.IntN(80))*time.Millisecond)
	}
}

// streams has no time limit: its answers do not end.
var streams = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func (w *Watcher) connect(ctx context.Context) error {
	w.mu.Lock()
	last, first := w.watch.Last(), w.watch.Connections == 0
	w.mu.Unlock()
	nodes := w.nodes()
	address := fmt.Sprintf("%s/api/v1/stories/%s/events", nodes[w.dice.IntN(len(nodes))], w.watch.Story)
	if first {
		address += "?after=" + strconv.FormatInt(last, 10)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	if !first {
		request.Header.Set("Last-Event-ID", strconv.FormatInt(last, 10))
	}
	if w.cookie != "" {
		request.Header.Set("Cookie", w.cookie)
	}
	got, err := streams.Do(request)
	if err != nil {
		return err
	}
	defer got.Body.Close()
	if got.StatusCode != http.StatusOK {
		return fmt.Errorf("a stream is answered with %d", got.StatusCode)
	}
	w.mu.Lock()
	w.watch.Connections++
	w.mu.Unlock()
	return w.take(bufio.NewScanner(got.Body))
}

// take reads messages until the stream ends. One that broke off in the middle is not one (HTML Living Standard,
// section 9.2.6).
func (w *Watcher) take(lines *bufio.Scanner) error {
	lines.Buffer(nil, 1<<20)
	var m journal.Message
	var data string
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "":
			if value == "" && m.ID != 0 && m.Name != "" {
				w.add(m, data)
			}
			m, data = journal.Message{}, ""
		case "id":
			m.ID, _ = strconv.ParseInt(value, 10, 64)
		case "event":
			m.Name = value
		case "data":
			data = value
		}
	}
	return lines.Err()
}

func (w *Watcher) add(m journal.Message, data string) {
	var about struct {
		ID     string
		Counts map[string]int
	}
	if err := json.Unmarshal([]byte(data), &about); err != nil {
		about.ID = "unreadable: " + data
	}
	m.About, m.Counts = about.ID, about.Counts
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watch.Messages = append(w.watch.Messages, m)
}

// Await waits until the page has heard of an event, and tells whether it has in time.
func (w *Watcher) Await(ctx context.Context, event int64, within time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		w.mu.Lock()
		last := w.watch.Last()
		w.mu.Unlock()
		if last >= event {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-look.C:
		}
	}
}
