package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/conversation"
	"parley/internal/identity"
	"parley/internal/moderation"
	"parley/internal/store"
)

// sizes are how many comments the stories have that are compared.
var sizes = []int{100, 1_000, 10_000, 100_000}

// roundEvery keeps the rounds below the rate at which a story's pages are rebuilt at most, so that no request
// waits for its turn and hides what it costs.
const roundEvery = 150 * time.Millisecond

// grown is one story of a certain size.
type grown struct {
	size     int
	id       parley.ID
	roots    []parley.ID
	revision int64
	took     map[string][]time.Duration
}

// BenchmarkGrowth compares, over HTTP with every write synced, what the same requests cost in stories of 100
// to 100,000 comments in one database, round by round side by side: the first page from the cache, the first
// page built anew after a comment, a further page built anew, and a comment. It reports medians and, as
// "x100k/1k", how much dearer 100,000 comments are than 1,000. Run it with
//
//	go test ./internal/e2e -run '^$' -bench Growth -benchtime 60x
func BenchmarkGrowth(b *testing.B) {
	dir := b.TempDir()
	stories := grow(b, dir)
	base := serveFolder(b, dir)
	client := signedIn(b, base)
	visit := func(g *grown) {
		n := g.size
		g.revision = post(b, client, base, g, fmt.Sprintf("Round %d in a story of %d.", rand.Int64(), n))
		g.time("rebuilt", func() { get(b, client, fmt.Sprintf("%s/s/%s/comments?rev=%d", base, g.id, g.revision)) })
		g.time("cached", func() { get(b, client, fmt.Sprintf("%s/s/%s/comments", base, g.id)) })
		cursor := parley.Cursor{ID: g.roots[len(g.roots)/4+rand.IntN(len(g.roots)/2)]}.Encode("newest")
		g.time("next", func() {
			get(b, client, fmt.Sprintf("%s/s/%s/comments?cursor=%s&rev=%d", base, g.id, cursor, g.revision))
		})
	}
	for _, g := range stories {
		visit(g) // the first round warms what is warm in life
		g.took = map[string][]time.Duration{}
	}
	for b.Loop() {
		round := time.After(roundEvery)
		for _, i := range rand.Perm(len(stories)) {
			visit(stories[i])
		}
		<-round
	}
	for _, what := range []string{"cached", "rebuilt", "next", "post"} {
		var medians []string
		for _, g := range stories {
			medians = append(medians, fmt.Sprintf("%7d: %6.2f ms", g.size, g.median(what).Seconds()*1000))
		}
		b.Logf("%-8s %s", what, strings.Join(medians, "  "))
		b.ReportMetric(float64(stories[3].median(what))/float64(stories[1].median(what)), what+"-x100k/1k")
	}
}

func (g *grown) time(what string, fn func()) {
	begun := time.Now()
	fn()
	if g.took == nil {
		g.took = map[string][]time.Duration{}
	}
	g.took[what] = append(g.took[what], time.Since(begun))
}

func (g *grown) median(what string) time.Duration {
	sorted := slices.Sorted(slices.Values(g.took[what]))
	return sorted[len(sorted)/2]
}

const growthPassword = "growing like a hedge"

// grow fills a data folder with one story of each size: threads with none to nine replies.
func grow(b *testing.B, dir string) []*grown {
	b.Helper()
	log := slog.New(slog.DiscardHandler)
	s, err := store.Open(b.Context(), store.Options{Dir: dir, Log: log})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	site := parley.Site{Key: "main", Name: "Growth", BaseURL: "http://127.0.0.1", Origins: []string{"http://127.0.0.1"}}
	check(b, s.Write(b.Context(), 0, func(tx *store.Tx) (err error) {
		site.ID, err = tx.EnsureSite(site.Key, site.Name)
		return err
	}))
	who := identity.New(s, site, identity.Options{Log: log})
	reader, err := who.CreateConfirmed(b.Context(), identity.Registration{Name: "Grower", Email: "grower@example.com", Password: growthPassword}, 0)
	check(b, err)
	talk := conversation.New(s, site, moderation.Screen{}, log)
	var stories []*grown
	for _, size := range sizes {
		id, err := talk.Register(b.Context(), parley.Story{URL: fmt.Sprintf("http://127.0.0.1/%d", size), Title: "A story"})
		check(b, err)
		g := &grown{size: size, id: id}
		fillStory(b, talk, g, reader.ID)
		stories = append(stories, g)
	}
	return stories
}

func fillStory(b *testing.B, talk *conversation.Service, g *grown, author parley.ID) {
	b.Helper()
	dice := rand.New(rand.NewPCG(uint64(g.size), 1))
	at := parley.TimeOf(time.Now()) - parley.Time(g.size)*1000
	for written := 0; written < g.size; {
		var roots, replies []conversation.Past
		for len(roots) < 200 && written < g.size {
			at += 1000
			written++
			roots = append(roots, conversation.Past{Story: g.id, Author: author, State: parley.Published, Body: words(dice), At: at})
		}
		done, err := talk.Import(b.Context(), roots)
		check(b, err)
		for _, root := range done {
			g.roots = append(g.roots, root.ID)
			for range min(dice.IntN(10)*dice.IntN(2), g.size-written) {
				at += 1000
				written++
				replies = append(replies, conversation.Past{Story: g.id, Parent: root.ID, Author: author, State: parley.Published, Body: words(dice), At: at})
			}
		}
		_, err = talk.Import(b.Context(), replies)
		check(b, err)
	}
}

func words(dice *rand.Rand) string {
	all := strings.Fields("the ferry waits at the pier while the mayor counts votes for a bridge that nobody in the lower town has ever asked for and the gulls know it")
	var text []string
	for range 20 + dice.IntN(80) {
		text = append(text, all[dice.IntN(len(all))])
	}
	return strings.Join(text, " ") + "."
}

// serveFolder starts the real server on a data folder, without rate limits, and gives its address.
func serveFolder(b *testing.B, dir string) string {
	b.Helper()
	out := &logged{}
	line := start(b, out, "serve", "--data", dir, "--addr", "127.0.0.1:0", "--limits", "off", "--log-level", "error")
	return strings.TrimSuffix(address.FindString(line), "/")
}

func signedIn(b *testing.B, base string) *http.Client {
	b.Helper()
	jar, err := cookiejar.New(nil)
	check(b, err)
	client := &http.Client{Jar: jar, Timeout: 30 * time.Second}
	send(b, client, base+"/api/v1/session", map[string]string{"email": "grower@example.com", "password": growthPassword}, http.StatusOK)
	return client
}

func post(b *testing.B, client *http.Client, base string, g *grown, body string) int64 {
	b.Helper()
	var answer struct{ Revision int64 }
	g.time("post", func() {
		text := send(b, client, fmt.Sprintf("%s/api/v1/stories/%s/comments", base, g.id), map[string]string{"body": body}, http.StatusCreated)
		check(b, json.Unmarshal(text, &answer))
	})
	return answer.Revision
}

func send(b *testing.B, client *http.Client, address string, body any, want int) []byte {
	b.Helper()
	encoded, err := json.Marshal(body)
	check(b, err)
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, address, bytes.NewReader(encoded))
	check(b, err)
	r.Header.Set("Content-Type", "application/json")
	return answered(b, client, r, want)
}

func get(b *testing.B, client *http.Client, address string) []byte {
	b.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	check(b, err)
	return answered(b, client, r, http.StatusOK)
}

func answered(b *testing.B, client *http.Client, r *http.Request, want int) []byte {
	b.Helper()
	answer, err := client.Do(r)
	check(b, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	check(b, err)
	if answer.StatusCode != want {
		b.Fatalf("%s %s: %d %.300s", r.Method, filepath.Base(r.URL.Path), answer.StatusCode, text)
	}
	return text
}

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
