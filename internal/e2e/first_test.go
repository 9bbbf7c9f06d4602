package e2e

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"parley"
	chain "parley/bench/words"
	"parley/internal/conversation"
	"parley/internal/identity"
	"parley/internal/moderation"
	"parley/internal/store"
)

const (
	// longStory is how many comments the story has on which the first comment is timed.
	longStory = 1_000
	// firstRequests and allRequests are how many requests a foreign page may send to the forum until the first comment
	// can be read, and in all while its reader does nothing.
	firstRequests, allRequests = 3, 5
	// allBytes is how much may come from the forum meanwhile, headers and all.
	allBytes = 40_000
	// settled is how long a page must have sent nothing to count as loaded.
	settled = 3 * time.Second
)

// watching notes when the first comment is on the screen (ms since the navigation began): in the frame after it
// has been found within the window. And how long the longest task of the page was, in ms; shorter ones than 50 ms
// are not told.
const watching = `
window.firstComment = 0; window.longTasks = [];
new PerformanceObserver((list) => { for (const one of list.getEntries()) longTasks.push(Math.round(one.duration)); }).observe({ type: "longtask", buffered: true });
(function look() {
  const body = document.querySelector("parley-conversation")?.shadowRoot?.querySelector("[data-list] li .body");
  const box = body?.getBoundingClientRect();
  if (!box || !box.height || box.top >= innerHeight || getComputedStyle(body).visibility !== "visible") return requestAnimationFrame(look);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => { firstComment = performance.now(); };
  requestAnimationFrame(() => port2.postMessage(0));
})();`

// newspaper is a page of another site with the two lines of the quick start; at /ready it also has the lines that
// let everything load side by side.
func newspaper(t testing.TB) (origin string, forum func(base string)) {
	t.Helper()
	base := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		story := origin + "/story"
		head := ""
		if r.URL.Path == "/ready" {
			head = fmt.Sprintf(`<link rel="preload" as="style" href="%[1]s/embed.css"><link rel="preload" as="fetch" crossorigin href="%[1]s/fragment?story=%[2]s&amp;lang=en">`, base, strings.NewReplacer(":", "%3A", "/", "%2F").Replace(story))
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>The ferry</title><link rel="icon" href="data:,">
%s<script type="module" src="%s/embed.js"></script>
<parley-conversation story-url="%s"></parley-conversation>`, head, base, story)
	}))
	t.Cleanup(server.Close)
	origin = strings.Replace(server.URL, "127.0.0.1", "news.localhost", 1)
	return origin, func(forum string) { base = forum }
}

// fillLong puts a story of longStory comments, by several writers, into a data folder.
func fillLong(t testing.TB, dir, address string) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s, err := store.Open(t.Context(), store.Options{Dir: dir, Log: log})
	must(t, err)
	defer s.Close()
	origin, _, _ := strings.Cut(strings.TrimPrefix(address, "http://"), "/")
	site := parley.Site{Key: "main", Name: "The forum", BaseURL: "http://127.0.0.1", Origins: []string{"http://" + origin}}
	must(t, s.Write(t.Context(), 0, func(tx *store.Tx) (err error) {
		site.ID, err = tx.EnsureSite(site.Key, site.Name)
		return err
	}))
	who := identity.New(s, site, identity.Options{Log: log})
	var authors []parley.ID
	for i, name := range strings.Fields("Anders Beatrix Cosima Dorian Elspeth Fabian Greta Henrik Ingrid Jasper Konrad Leonie") {
		reader, err := who.CreateConfirmed(t.Context(), identity.Registration{Name: name, Email: fmt.Sprintf("writer%d@example.com", i), Password: growthPassword}, 0)
		must(t, err)
		authors = append(authors, reader.ID)
	}
	talk := conversation.New(s, site, moderation.Screen{}, log)
	story, err := talk.Register(t.Context(), parley.Story{URL: address, Title: "The ferry"})
	must(t, err)
	vocabulary, dice := chain.Learn(learnt(t)), rand.New(rand.NewPCG(longStory, 1))
	at := parley.TimeOf(time.Now()) - longStory*60_000
	past := func(parent parley.ID) conversation.Past {
		at += 60_000
		return conversation.Past{Story: story, Parent: parent, Author: authors[dice.IntN(len(authors))], State: parley.Published, Body: vocabulary.Text(dice, 100+dice.IntN(320)), At: at}
	}
	for written := 0; written < longStory; {
		done, err := talk.Import(t.Context(), []conversation.Past{past(0)})
		must(t, err)
		written++
		var replies []conversation.Past
		for range min(dice.IntN(8), longStory-written) {
			replies = append(replies, past(done[0].ID))
			written++
		}
		_, err = talk.Import(t.Context(), replies)
		must(t, err)
	}
}

// learnt is what the comments' words are learnt from.
func learnt(t testing.TB) string {
	t.Helper()
	pieces, err := filepath.Glob("../demo/content/*.md")
	if err != nil || len(pieces) == 0 {
		t.Fatalf("no texts to learn from: %v", err)
	}
	var all strings.Builder
	for _, piece := range pieces {
		text, err := os.ReadFile(piece)
		must(t, err)
		_, body, _ := strings.Cut(strings.TrimPrefix(string(text), "---\n"), "\n---\n")
		all.WriteString(body + "\n")
	}
	return all.String()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// behind starts a server behind a front, which is the address that it goes by, and gives the one it listens at.
func behind(t testing.TB, f *front, args ...string) string {
	t.Helper()
	out := &logged{}
	start(t, out, append([]string{"serve", "--addr", "127.0.0.1:0", "--base-url", f.base, "--limits", "off", "--log-level", "error"}, args...)...)
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(10 * time.Millisecond) {
		if _, rest, found := strings.Cut(out.String(), "It listens at "); found && strings.Contains(rest, "\n") {
			return address.FindString(rest)
		}
	}
	t.Fatalf("no address to listen at:\n%s", out)
	return ""
}

// TestFirstCommentIsCheap counts what a page on another site asks the forum for, with a story of 1,000 comments and a
// reader whom nobody knows: requests, questions before requests included, and bytes. None of it depends on how fast the
// machine is.
func TestFirstCommentIsCheap(t *testing.T) {
	origin, forum := newspaper(t)
	dir, f := t.TempDir(), newFront(t)
	fillLong(t, dir, origin+"/story")
	f.pass(t, behind(t, f, "--data", dir, "--origins", origin))
	forum(f.base)
	tb := visit(t, browser(t), "reader").open(origin+"/", script(watching))
	tb.until("the first comment", "firstComment")
	shown := time.UnixMicro(int64(1000 * eval[float64](tb, "performance.timeOrigin + firstComment")))
	for quiet := time.Duration(0); quiet < settled; time.Sleep(settled - quiet) {
		all := f.requests("")
		if quiet = time.Since(all[len(all)-1].at); time.Since(shown) > patience {
			t.Fatalf("the page does not come to rest: %d requests", len(all))
		}
	}
	var first, all []string
	for _, one := range f.requests("") {
		all = append(all, one.method+" "+one.path)
		if one.at.Before(shown) {
			first = append(first, one.method+" "+one.path)
		}
	}
	t.Logf("%d requests before the first comment, %d in all, %d bytes: %v", len(first), len(all), f.down.Load(), all)
	if slices.Sort(first); !slices.Equal(first, []string{"GET /embed.css", "GET /embed.js", "GET /fragment"}) {
		t.Errorf("asked for before the first comment: %v, want %d", first, firstRequests)
	}
	if len(all) > allRequests {
		t.Errorf("%d requests, more than %d: %v", len(all), allRequests, all)
	}
	if down := f.down.Load(); down > allBytes {
		t.Errorf("%d bytes came from the forum, more than %d", down, allBytes)
	}
}

// BenchmarkFirstComment times, on a page of another site, how long it takes from the beginning of the navigation until the
// first of 1,000 comments is on the screen, and the longest task of the page, with the processor as it is and four times
// slower. The browser runs already, as a reader's does, and has shown a page; each round is a profile of its own, with
// nothing kept. It fails on no figure: machines differ. Run it with
//
//	go test ./internal/e2e -run '^$' -bench FirstComment -benchtime 9x
func BenchmarkFirstComment(b *testing.B) {
	origin, forum := newspaper(b)
	dir := b.TempDir()
	fillLong(b, dir, origin+"/story")
	base := address.FindString(start(b, &logged{}, "serve", "--data", dir, "--addr", "127.0.0.1:0", "--origins", origin, "--limits", "off", "--log-level", "error"))
	forum(base)
	for name, page := range map[string]string{"plain": "/", "ready": "/ready"} {
		for _, slower := range []float64{1, 4} {
			b.Run(fmt.Sprintf("page=%s/slower=%.0f", name, slower), func(b *testing.B) {
				var shown, longest, scripts []float64
				root, end := newBrowser(b)
				defer end()
				before := visit(b, root, "somebody else").open(origin+page, script(watching))
				before.until("the first comment", "firstComment")
				before.do(chromedp.Navigate("about:blank"))
				for b.Loop() {
					tb := visit(b, root, "reader").open("about:blank", script(watching),
						command(emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: slower}))
					tb.do(chromedp.Navigate(origin + page))
					time.Sleep(settled) // nobody asks meanwhile: questions are tasks too; what is left for later counts
					tb.until("the first comment", "firstComment")
					shown = append(shown, eval[float64](tb, "firstComment"))
					longest = append(longest, eval[float64](tb, "Math.max(0, ...longTasks)"))
					scripts = append(scripts, eval[float64](tb, "performance.getEntriesByType('resource').length"))
					tb.do(chromedp.Navigate("about:blank"))
				}
				slices.Sort(shown)
				slices.Sort(longest)
				b.ReportMetric(shown[len(shown)/2], "ms-to-first-comment")
				b.ReportMetric(shown[len(shown)-1], "ms-at-worst")
				b.ReportMetric(longest[len(longest)/2], "ms-longest-task")
				b.ReportMetric(longest[len(longest)-1], "ms-longest-of-all")
				b.ReportMetric(scripts[0], "resources")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
