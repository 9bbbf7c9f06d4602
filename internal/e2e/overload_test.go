package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"parley/internal/store"
	"parley/internal/store/storetest"
)

// TestOverloadIsWaitedOut: a comment that the server has no room for stays where it was written, with a word that says
// when it is tried again; it goes by itself, under the same key, and is there once.
func TestOverloadIsWaitedOut(t *testing.T) {
	folder, f := t.TempDir(), newFront(t)
	piece(t, folder, wall)
	f.pass(t, behind(t, f, "--data", t.TempDir(), "--articles", folder))
	tb := visit(t, browser(t), "Ada").open(f.base + "/articles/the-harbour-wall")
	tb.register("Ada Winter", "ada@example.com")
	var refused atomic.Int64
	f.first(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/comments") || refused.Add(1) > 2 {
			return false
		}
		w.Header().Set("Content-Type", "application/problem+json")
		w.Header().Set("Retry-After", "2")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte(`{"code":"overloaded","title":"Busy","status":503,"detail":"Very many readers are writing just now.","retry_after":2}`))
		return true
	})
	const words = "I have waited for the ferry before."
	tb.write("parley-conversation", words)
	tb.click("Post", "form.compose")
	tb.sees("Very many readers are writing just now.")
	tb.until("when it is tried again", "/We try again in [23] seconds/.test(parleyEyes.text())")
	tb.until("the text kept", "parleyEyes.one('form.compose textarea').value === "+quote(words))
	tb.until("the comment", "parleyEyes.one('[data-list] .body', "+quote(words)+")")
	tried := f.requests("POST /api/v1/stories/")
	keys := map[string]bool{}
	for _, one := range tried {
		keys[one.header.Get("Idempotency-Key")] = true
	}
	if len(tried) != 3 || len(keys) != 1 || keys[""] {
		t.Errorf("%d attempts under the keys %v", len(tried), keys)
	}
	if n := eval[int](tb, "parleyEyes.all('[data-list] .body').length"); n != 1 {
		t.Errorf("the comment is there %d times", n)
	}
}

// TestAnotherNodeGoesOn: of two servers on one PostgreSQL the one that an open page hears goes away. The page finds the
// other by itself, asks it for what it has missed, and misses nothing; what is posted there is text on the page.
func TestAnotherNodeGoesOn(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		if o.URL != "" { // a file is one server's
			anotherNode(t, o.URL)
		}
	})
}

func anotherNode(t *testing.T, database string) {
	folder, f := t.TempDir(), newFront(t)
	piece(t, folder, wall)
	var nodes []string
	for range 2 {
		nodes = append(nodes, behind(t, f, "--data", t.TempDir(), "--articles", folder, "--database", database))
	}
	f.pass(t, nodes[0])
	root := browser(t)
	writer := visit(t, root, "Ada").open(f.base + "/articles/the-harbour-wall")
	writer.register("Ada Winter", "ada@example.com")
	post := func(words string) {
		t.Helper()
		writer.write("parley-conversation", words)
		writer.click("Post", "form.compose")
		writer.until(words, "parleyEyes.one('[data-list] .body', "+quote(words)+")")
	}
	post("The first word.")
	reader := visit(t, root, "Ben").open(f.base + "/articles/the-harbour-wall")
	reader.sees("The first word.")
	reader.until("the stream", "performance.getEntriesByType('resource').some((r) => r.name.includes('embed-live'))")
	post("Heard on the first node.")
	reader.click("Show 1 new comment")
	reader.sees("Heard on the first node.")

	f.pass(t, nodes[1])
	post("Written while nobody listened.")
	t.Logf("there again after %v", reader.until("what was missed", "parleyEyes.press('Show 1 new comment')"))
	reader.click("Show 1 new comment")
	reader.sees("Written while nobody listened.")
	post("Heard on the second node.")
	reader.click("Show 1 new comment")
	reader.sees("Heard on the second node.")
	for _, one := range f.requests("GET /api/v1/stories/") {
		if after, _ := url.ParseQuery(one.query); strings.HasSuffix(one.path, "/events") && after.Get("after") == "" {
			t.Errorf("a stream was opened without saying what had been seen: %s?%s", one.path, one.query)
		}
	}
}
