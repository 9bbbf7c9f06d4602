package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/internal/mail/mailtest"
)

// watch opens a story's stream and sends the name and data of each message to the channel, which is closed at its end.
func (v *visitor) watch(story string) <-chan string {
	v.t.Helper()
	got, err := (&http.Client{Transport: v.client.Transport, Jar: v.client.Jar}).Get(v.base + "/api/v1/stories/" + story + "/events")
	if err != nil || got.StatusCode != http.StatusOK {
		v.t.Fatalf("open a stream: %v %v", got, err)
	}
	messages := make(chan string, 1000)
	go func() {
		defer close(messages)
		defer got.Body.Close()
		name := ""
		for lines := bufio.NewScanner(got.Body); lines.Scan(); {
			if text, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				name = text
			}
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				messages <- name + " " + text
			}
		}
	}()
	return messages
}

// next waits for a message of a kind and gives its data; "" when the stream ended without.
func next(t testing.TB, messages <-chan string, name string) string {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case m, open := <-messages:
			if !open {
				return ""
			}
			if data, ok := strings.CutPrefix(m, name+" "); ok {
				return data
			}
		case <-late:
			t.Fatalf("no %s message came", name)
		}
	}
}

// journal is what a client knows of its writes: the text of each, and the id once it was acknowledged.
type journal struct {
	mu    sync.Mutex
	acked map[string]string // text → comment id
	asked map[string]string // text → key, not answered
	most  time.Duration     // that an answer took
}

func newJournal() *journal { return &journal{acked: map[string]string{}, asked: map[string]string{}} }

// write posts under a key and notes what came of it. It tells whether the server answered.
func (j *journal) write(v *visitor, story, text string) (status int) {
	writer := *v
	writer.header = http.Header{"Idempotency-Key": {"key of " + text}}
	j.mu.Lock()
	j.asked[text] = "key of " + text
	j.mu.Unlock()
	begun := time.Now()
	got, err := writer.try("POST", comments(story), map[string]string{"body": text})
	j.mu.Lock()
	defer j.mu.Unlock()
	if err != nil {
		return 0
	}
	delete(j.asked, text)
	j.most = max(j.most, time.Since(begun))
	if got.status == http.StatusCreated {
		j.acked[text] = got.text(v.t, "comment", "id")
	}
	return got.status
}

// crowd lets n writers post until stop is closed or the server goes away.
func (j *journal) crowd(v *visitor, n int, story, prefix string, stop <-chan struct{}) *sync.WaitGroup {
	var writing sync.WaitGroup
	for w := range n {
		writing.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if j.write(v, story, fmt.Sprintf("%s, writer %d, comment %d.", prefix, w, i)) == 0 {
					return
				}
			}
		})
	}
	return &writing
}

func (j *journal) acknowledged() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.acked)
}

// TestStopping stops a server that eight pages watch and eight readers write to, while one client has stalled in the
// middle of a request and the mail server does not answer.
func TestStopping(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	data := t.TempDir()
	args := []string{"serve", "--data", data, "--addr", "127.0.0.1:0", "--origins", newsroom, "--limits", "off"}
	p := start(t, append(args, "--smtp", silent.Addr().String(), "--smtp-tls", "none", "--mail-from", "forum@example.com")...)
	odo := stranger(p).register("Odo Pell")
	story := odo.story("tides")
	var pages []<-chan string
	for range 8 {
		pages = append(pages, stranger(p).watch(story))
	}
	stalled, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer stalled.Close()
	fmt.Fprintf(stalled, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", comments(story))

	j, stop := newJournal(), make(chan struct{})
	writing := j.crowd(odo, 8, story, "Before the stop", stop)
	await(t, "some comments", func() bool { return j.acknowledged() > 40 })
	begun := time.Now()
	code := p.stop(syscall.SIGTERM)
	within(t, 5*time.Second, "the program ended", begun)
	close(stop)
	writing.Wait()
	if code != 0 {
		t.Errorf("stopping ends with status %d:\n%s", code, p.out)
	}
	if strings.Contains(p.out.String(), "level=ERROR") {
		t.Errorf("stopping is logged as an error:\n%s", p.out)
	}
	waits := map[string]bool{}
	for i, page := range pages {
		bye := next(t, page, "bye")
		if bye == "" {
			t.Errorf("page %d was not told to come back", i)
		}
		waits[bye] = true
	}
	if len(waits) < 3 {
		t.Errorf("all pages are told to come back at once: %v", waits)
	}

	p = start(t, args...)
	checkWritten(t, stranger(p), story, j.acked)
	checkDatabase(t, p, data)
}

// TestStoppingQuietly stops servers that nobody uses, by each signal that ends them in order.
func TestStoppingQuietly(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		p := start(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0")
		begun := time.Now()
		if code := p.stop(signal); code != 0 {
			t.Errorf("%v: status %d", signal, code)
		}
		within(t, 3*time.Second, fmt.Sprintf("%v: the program ended", signal), begun)
	}
}

// TestLoadBalancersAreGivenTime stops a server that serves on for a while: not ready, but for everybody who asks, and
// each answer ends its connection. Asked a second time, it does not wait any longer, and ends in order.
func TestLoadBalancersAreGivenTime(t *testing.T) {
	p := start(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--origins", newsroom, "--drain", "1m")
	odo := stranger(p).register("Odo Pell")
	story := odo.story("tides")
	pages := stranger(p).watch(story)
	if odo.get("/healthz").last {
		t.Error("a server that stays ends connections")
	}
	p.command.Process.Signal(syscall.SIGTERM)
	await(t, "the server not to be ready", func() bool {
		got, err := odo.try("GET", "/readyz", nil)
		if err != nil {
			t.Fatal(err)
		}
		return got.status == http.StatusServiceUnavailable
	})
	await(t, "connections to end with their answers", func() bool { return odo.get("/healthz").last })
	id := odo.post(story, "While it serves on.")
	if told := next(t, pages, "comment"); !strings.Contains(told, id) {
		t.Errorf("the open page is told of %q", told)
	}
	begun := time.Now()
	if code := p.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("status %d:\n%s", code, p.out)
	}
	within(t, 3*time.Second, "the program ended", begun)
	if next(t, pages, "bye") == "" {
		t.Error("the open page was not told to come back")
	}
	if strings.Contains(p.out.String(), "level=ERROR") {
		t.Errorf("that it is not ready is logged as an error:\n%s", p.out)
	}
}

// TestTheSecondSignalEndsAtOnce asks a server twice that waits for a client.
func TestTheSecondSignalEndsAtOnce(t *testing.T) {
	sink := mailtest.Start(t)
	p := posted(t, t.TempDir(), sink)
	stalled, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer stalled.Close()
	fmt.Fprint(stalled, "POST /account/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nname=")
	p.command.Process.Signal(syscall.SIGINT)
	await(t, "the server to take nobody any more", func() bool {
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	begun := time.Now()
	if code := p.stop(syscall.SIGINT); code == 0 {
		t.Error("a program that was cut off says that it ended in order")
	}
	within(t, 2*time.Second, "the program ended", begun)
}
