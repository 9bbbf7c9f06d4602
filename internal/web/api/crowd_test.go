package api_test

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
)

// TestACrowdIsTurnedAwayInOrder has more and more requests under way and sees what is told to come back later: first
// what can best be done without, each at once and before anything of it is read, and at no time a finished page.
func TestACrowdIsTurnedAwayInOrder(t *testing.T) {
	w := newTown(t)
	w.join(first, "Me", 0)
	story := w.story(first)
	f := w.forums[first]
	id := story.ID.String()
	me := w.as("Me")
	for _, one := range []struct {
		name, method, path string
		most               int
	}{
		{"preview", "POST", "/api/v1/comments/preview", web.RoomForPreviews},
		{"comment", "POST", "/api/v1/stories/" + id + "/comments", web.RoomForComments},
		{"correction", "POST", "/api/v1/stories/" + id + "/corrections", web.RoomForComments},
		{"edit", "PATCH", "/api/v1/comments/1", web.RoomForComments},
		{"recommendation", "PUT", "/api/v1/comments/1/recommendation", web.RoomForMarks},
		{"report", "POST", "/api/v1/comments/1/reports", web.RoomForMarks},
		{"follow", "PUT", "/api/v1/stories/" + id + "/follow", web.RoomForMarks},
		{"own marks", "GET", "/api/v1/me?story=" + id, web.RoomForReading},
		{"decision", "POST", "/api/v1/comments/1/decisions", web.RoomForReading},
		{"page", "GET", "/fragment?story=" + id, math.MaxInt},
	} {
		t.Run(one.name, func(t *testing.T) {
			for _, under := range []int{0, one.most - 1, one.most, web.RoomForReading} {
				if under > web.RoomForReading {
					continue
				}
				for range under {
					if err := f.Enter(math.MaxInt); err != nil {
						t.Fatal(err)
					}
				}
				got := w.ask(first, one.method, one.path, "{not read", me...)
				busy := got.StatusCode == http.StatusServiceUnavailable
				if busy != (under >= one.most) {
					t.Errorf("with %d under way: %d %s", under, got.StatusCode, got.body)
				}
				if busy {
					wellRefused(t, got)
				}
				for range under {
					f.Leave()
				}
			}
		})
	}
	if n := f.UnderWay(); n != 0 {
		t.Errorf("%d places stay taken by requests that are over", n)
	}
}

// wellRefused looks at how somebody is told to come back later.
func wellRefused(t *testing.T, got reply) {
	t.Helper()
	if got.code() != string(parley.CodeBusy) {
		t.Errorf("refused by %s", got.body)
	}
	if after, err := strconv.Atoi(got.Header.Get("Retry-After")); err != nil || after < 1 || after > 10 {
		t.Errorf("Retry-After is %q, want 1 to 10 seconds", got.Header.Get("Retry-After"))
	}
	if kept := got.Header.Get("Cache-Control"); !strings.Contains(kept, "no-store") {
		t.Errorf("a refusal may be kept: %q", kept)
	}
}

// TestNoMoreCommentsThanThereIsRoomFor holds the writer up and sends half again as many comments as there is room for.
// Those that were taken are all saved in the end, the rest are told so while they wait, and the forum is back to normal.
func TestNoMoreCommentsThanThereIsRoomFor(t *testing.T) {
	const sent = web.RoomForComments * 3 / 2
	w := newTown(t)
	w.join(first, "Me", 0)
	story := w.story(first)
	f := w.forums[first]
	me := w.as("Me")
	held, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	once := sync.OnceFunc(func() { close(held) })
	all.Go(func() {
		_ = f.Store.Write(context.Background(), 0, func(*store.Tx) error { once(); <-release; return nil })
	})
	<-held
	statuses := make(chan int, sent)
	for i := range sent {
		all.Go(func() {
			body := `{"body": "One of very many comments, number ` + strconv.Itoa(i) + `."}`
			statuses <- w.ask(first, "POST", "/api/v1/stories/"+story.ID.String()+"/comments", body, me...).StatusCode
		})
	}
	for n := range sent - web.RoomForComments {
		select {
		case status := <-statuses:
			if status != http.StatusServiceUnavailable {
				t.Errorf("answer %d came while nothing could be saved: %d", n, status)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("only %d of %d were refused while the writer is held up", n, sent-web.RoomForComments)
		}
	}
	close(release)
	all.Wait()
	close(statuses)
	for status := range statuses {
		if status != http.StatusCreated {
			t.Errorf("a comment that was taken is answered %d", status)
		}
	}
	if n := f.UnderWay(); n != 0 {
		t.Errorf("%d places stay taken", n)
	}
}
