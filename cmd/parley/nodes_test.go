package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"parley/internal/mail/mailtest"
)

// crowdSize is how many pages watch in the tests of two nodes. PARLEY_TEST_STREAMS asks for more; docs/operate/nodes.md
// says with which figures.
func crowdSize(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("PARLEY_TEST_STREAMS"))
	if err != nil {
		return 200
	}
	return n
}

// follower is a page that stays: it comes back with the last id it saw, after as long as it was told.
type follower struct {
	address string
	client  *http.Client

	mu    sync.Mutex
	seen  map[string]int // comment → how often, by different events
	last  string
	at    string    // the node whose stream is open, or ""
	ended time.Time // when the last stream did
	away  time.Duration
}

func (f *follower) run(ctx context.Context) {
	for ctx.Err() == nil {
		wait := f.once(ctx)
		f.mu.Lock()
		if f.at != "" {
			f.at, f.ended = "", time.Now()
		}
		f.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// once reads one stream to its end and gives the pause before the next.
func (f *follower) once(ctx context.Context) (wait time.Duration) {
	wait = time.Second // of a browser that was told nothing
	r, err := http.NewRequestWithContext(ctx, "GET", f.address, nil)
	if err != nil {
		return wait
	}
	if f.last != "" {
		r.Header.Set("Last-Event-ID", f.last)
	}
	got, err := f.client.Do(r)
	if err != nil {
		return wait
	}
	defer got.Body.Close()
	if got.StatusCode != http.StatusOK {
		return wait
	}
	f.mu.Lock()
	f.at = got.Header.Get(nodeHeader)
	if !f.ended.IsZero() {
		f.away = max(f.away, time.Since(f.ended))
	}
	f.mu.Unlock()
	id, name := "", ""
	for lines := bufio.NewScanner(got.Body); lines.Scan(); {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "id":
			id = value
		case "event":
			name = value
		case "data":
			switch {
			case name == "bye":
				if ms, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(value, `{"retry":`), "}")); err == nil {
					wait = time.Duration(ms) * time.Millisecond
				}
			case name == "comment" && id != f.last:
				comment, _, _ := strings.Cut(strings.TrimPrefix(value, `{"id":"`), `"`)
				f.mu.Lock()
				f.seen[comment]++
				f.mu.Unlock()
			}
			if id != "" {
				f.last = id
			}
			id = ""
		}
	}
	return wait
}

// where gives the node whose stream is open, or "".
func (f *follower) where() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at
}

// longest gives how long the page that was away longest was without a stream, and forgets it.
func longest(pages []*follower) (away time.Duration) {
	for _, page := range pages {
		page.mu.Lock()
		away, page.away = max(away, page.away), 0
		page.mu.Unlock()
	}
	return away
}

// steady writes so many comments a second, or as many as are answered, until stop is closed and gives what waits for the
// answers.
func (j *journal) steady(v *visitor, rate int, story, prefix string, stop <-chan struct{}) *sync.WaitGroup {
	var writing sync.WaitGroup
	room := make(chan struct{}, 32)
	writing.Go(func() {
		due := time.NewTicker(time.Second / time.Duration(rate))
		defer due.Stop()
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-due.C:
				select {
				case room <- struct{}{}:
				default: // the machine is busy
					continue
				}
				writing.Go(func() {
					j.write(v, story, fmt.Sprintf("%s, comment %d.", prefix, i))
					<-room
				})
			}
		}
	})
	return &writing
}

// TestTwoNodesBehindAProxy has pages watch and readers write through a proxy while two nodes over NATS are restarted one
// after the other, and then one is killed. Nothing that was acknowledged is lost, no page misses or repeats anything,
// and what ends in order fails nobody.
func TestTwoNodesBehindAProxy(t *testing.T) {
	eachPostgres(t, func(t *testing.T, address string) {
		broker, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, NoLog: true, NoSigs: true})
		if err != nil {
			t.Fatal(err)
		}
		go broker.Start()
		t.Cleanup(func() { broker.Shutdown(); broker.WaitForShutdown() })
		if !broker.ReadyForConnections(patience) {
			t.Fatal("NATS does not start")
		}
		sink := mailtest.Start(t)
		f := newFront(t)
		serve := func(i int) *process {
			p := startIn(t, []string{"HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir(), "PARLEY_DATABASE=" + address, "PARLEY_NATS=nats://" + broker.Addr().String()},
				"serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--base-url", f.URL, "--origins", newsroom, "--limits", "off",
				"--smtp", sink.Addr, "--smtp-tls", "none", "--mail-from", "forum@example.com")
			f.set(i, p)
			return p
		}
		nodes := [2]*process{serve(0), serve(1)}
		outside := *nodes[0]
		outside.url = f.URL
		odo := stranger(&outside).register("Odo Pell")
		odo.client.Transport.(*http.Transport).MaxIdleConnsPerHost = 100
		story, elsewhere := odo.story("tides"), odo.story("gates")

		t.Run("what is revoked at one ends at the other", func(t *testing.T) {
			runa := stranger(nodes[0]).register("Runa Vey")
			there := *runa
			there.client = &http.Client{Jar: runa.client.Jar, Transport: stranger(nodes[1]).client.Transport, Timeout: patience}
			stream := there.watch(story)
			runa.ask("DELETE", "/api/v1/session", nil, http.StatusNoContent)
			begun := time.Now()
			told := ""
			for m := range stream { // until it ends
				told += m + ";"
			}
			if !strings.HasSuffix(told, "session {};") {
				t.Errorf("the other node's stream was told %q", told)
			}
			within(t, 2*time.Second, "the stream ended", begun)
		})

		var pages []*follower
		ctx, leave := context.WithCancel(t.Context())
		var watching sync.WaitGroup
		defer watching.Wait()
		defer leave()
		for range crowdSize(t) {
			page := &follower{
				address: f.URL + "/api/v1/stories/" + story + "/events?after=1", seen: map[string]int{},
				client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
			}
			pages = append(pages, page)
			watching.Go(func() { page.run(ctx) })
		}
		// except tells whether all pages are open, at other nodes than the one that is gone.
		except := func(gone string) func() bool {
			return func() bool {
				return !slices.ContainsFunc(pages, func(page *follower) bool { at := page.where(); return at == "" || at == gone })
			}
		}
		await(t, "all streams to be open", except(""))

		// Fifty comments a second; under the page that all watch as many of them as make ten thousand messages.
		j, other := newJournal(), newJournal()
		watched := max(1, min(50, 10_000/len(pages)))
		write := func(prefix string) (end func()) {
			stop := make(chan struct{})
			writing := []*sync.WaitGroup{j.steady(odo, watched, story, prefix, stop)}
			if watched < 50 {
				writing = append(writing, other.steady(odo, 50-watched, elsewhere, prefix+" elsewhere", stop))
			}
			return func() {
				close(stop)
				for _, one := range writing {
					one.Wait()
				}
			}
		}
		// complete fails unless every page has heard of everything that was acknowledged, once.
		complete := func(t *testing.T) {
			t.Helper()
			begun := time.Now()
			for _, page := range pages {
				await(t, "a page to have heard of everything", func() bool {
					page.mu.Lock()
					defer page.mu.Unlock()
					for _, id := range j.acked {
						if page.seen[id] == 0 {
							return false
						}
					}
					return true
				})
				for id, times := range page.seen {
					if times > 1 {
						t.Errorf("a page was told of %s %d times", id, times)
					}
				}
			}
			within(t, 10*time.Second, "everybody knew of everything", begun)
		}

		t.Run("rolling restart", func(t *testing.T) {
			f.complaints() // of before
			longest(pages)
			end := write("While nodes restart")
			for i := range nodes {
				before, gone := j.acknowledged(), f.nodes[i].address
				await(t, "some comments", func() bool { return j.acknowledged() > before+watched/2 })
				begun := time.Now()
				if code := nodes[i].stop(syscall.SIGTERM); code != 0 {
					t.Errorf("node %d ends with status %d:\n%s", i, code, nodes[i].out)
				}
				within(t, 5*time.Second, "the node ended", begun)
				nodes[i] = serve(i)
				await(t, "all pages to be back", except(gone))
				atMost(t, 10*time.Second, "the last page was back", longest(pages))
			}
			end()
			failed, full := f.complaints()
			if len(failed) > 0 {
				t.Errorf("%d requests failed while nodes restarted: %q", len(failed), failed[:min(5, len(failed))])
			}
			// Refusals for want of room are a failure too, unless the machine stood still.
			if slowest := max(j.most, other.most); full > 0 && slowest < time.Second {
				t.Errorf("%d requests were refused, and none took longer than %v", full, slowest)
			} else {
				t.Logf("the slowest answer took %v, %d requests were refused for want of room", slowest.Round(time.Millisecond), full)
			}
			if n := len(j.asked) + len(other.asked); n > 0 {
				t.Errorf("%d of %d writes were not answered", n, len(j.acked)+len(other.acked))
			}
			complete(t)
		})

		t.Run("one is killed", func(t *testing.T) {
			end := write("While one is killed")
			before := j.acknowledged()
			await(t, "some comments", func() bool { return j.acknowledged() > before+watched/2 })
			pagesAt := func(i int) (n int) {
				for _, page := range pages {
					if page.where() == f.nodes[i].address {
						n++
					}
				}
				return n
			}
			victim := 0
			if pagesAt(1) > pagesAt(0) {
				victim = 1
			}
			nodes[victim].command.Process.Kill()
			<-nodes[victim].ended
			begun := time.Now()
			before = j.acknowledged()
			await(t, "comments at the other", func() bool { return j.acknowledged() > before+watched/2 })
			await(t, "all pages to be back", except(f.nodes[victim].address))
			within(t, 10*time.Second, "all pages were back", begun)
			end()
			complete(t)
			// Letters are sent by one at a time; if that was the one that is dead, the other takes over.
			letters := len(sink.Letters())
			stranger(&outside).register("Ilse Marrow")
			sink.Wait(letters + 1)
			within(t, 40*time.Second, "a letter was sent by the one that is left", begun)
		})
		checkWritten(t, odo, story, j.acked)
		if len(other.acked) > 0 {
			checkWritten(t, odo, elsewhere, other.acked)
		}
		t.Logf("%d acknowledged, %d pages", len(j.acked)+len(other.acked), len(pages))
	})
}
