package pages_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"parley"
	"parley/internal/identity"
	"parley/internal/press"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/web"
	"parley/internal/web/pages"
	"parley/internal/web/webtest"
)

// world is a whole forum behind a real server, and short ways to fill and ask it.
type world struct {
	testing.TB
	f      *web.Forum
	clock  *storetest.Clock
	base   string
	folder fstest.MapFS
	press  *press.Publication
	pages  *pages.Pages
	names  int
}

const paper = "https://news.example" // another origin of the site

const onePiece = `---
title: Who may close a street?
published: 2026-11-19T06:00:00+01:00
standfirst: A ferry is a street that moves.
section: Cities
author: Ilse Marrow
picture: quay.svg
caption: The Long Quay at dusk.
alt: Two ships at a quay.
note: Ilse Marrow writes about cities.
---
Every spring the ministry prints a table.

## What it leaves out

A street costs something too.
`

const quay = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><path d="M0 0h600v400H0z"/></svg>`

// newWorld gives a forum with one served piece.
func newWorld(t testing.TB, change ...func(*web.Forum)) *world {
	t.Helper()
	return newWorldAt(t, time.Now(), change...)
}

// newWorldAt is newWorld with a clock that begins at a moment.
func newWorldAt(t testing.TB, begin time.Time, change ...func(*web.Forum)) *world {
	t.Helper()
	w := &world{TB: t, clock: storetest.NewClock(), folder: fstest.MapFS{
		"who-may-close-a-street.md": {Data: []byte(onePiece)}, "quay.svg": {Data: []byte(quay)},
	}}
	w.clock.Advance(begin.Sub(w.clock.Now().UTC()))
	server := httptest.NewUnstartedServer(nil)
	w.base = "http://" + server.Listener.Addr().String()
	w.f = webtest.Forum(t, storetest.OpenAt(t, w.clock.Now), "main", w.base, paper)
	for _, fn := range change {
		fn(w.f)
	}
	var err error
	if w.press, err = press.Load(w.folder); err != nil {
		t.Fatal(err)
	}
	if w.pages, err = pages.New(w.f, pages.Options{Articles: w.press}); err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = w.handler(w.pages)
	server.Start()
	t.Cleanup(server.Close)
	return w
}

func (w *world) handler(p *pages.Pages) http.Handler {
	w.Helper()
	mux := http.NewServeMux()
	p.Routes(mux)
	handler, err := w.f.Wrap(mux)
	if err != nil {
		w.Fatal(err)
	}
	return handler
}

// serve serves other pages of the same forum, and gives a browser that looks at them.
func (w *world) serve(p *pages.Pages) *browser {
	w.Helper()
	server := httptest.NewServer(w.handler(p))
	w.Cleanup(server.Close)
	b := w.browser()
	b.home = server.URL
	return b
}

// reader makes an account with a confirmed address.
func (w *world) reader(name string) parley.Reader {
	w.Helper()
	r, err := w.f.Identity.CreateConfirmed(w.Context(), identity.Registration{
		Name: name, Email: address(name), Password: password,
	}, 0)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

const password = "four crows eat my plums"

func address(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r < 'a' || r > 'z' }), ".") + "@example.org"
}

// foreign makes a story on the paper's own pages.
func (w *world) foreign(title string) parley.Story {
	w.Helper()
	w.names++
	story, _, err := w.f.Conversation.OpenStory(w.Context(), parley.Reader{}, fmt.Sprintf("%s/%d", paper, w.names), title)
	if err != nil {
		w.Fatal(err)
	}
	return story
}

func (w *world) post(by parley.Reader, story, parent parley.ID, body string) parley.Comment {
	w.Helper()
	posted, err := w.f.Conversation.Post(w.Context(), by, parley.Draft{Story: story, Parent: parent, Body: body})
	if err != nil {
		w.Fatal(err)
	}
	return posted.Comment
}

// tx writes what no verb writes.
func (w *world) tx(fn func(*store.Tx) error) {
	w.Helper()
	if err := w.f.Store.Write(w.Context(), 0, fn); err != nil {
		w.Fatal(err)
	}
}

// answer is what came back, read to its end.
type answer struct {
	*http.Response
	body string
}

// browser keeps cookies and follows no redirect by itself.
type browser struct {
	*world
	client *http.Client
	home   string // where paths are looked up
}

// setup gives the path of a fresh setup link.
func (w *world) setup() string {
	w.Helper()
	link, needed, err := w.f.Identity.SetupLink(w.Context())
	if err != nil || !needed {
		w.Fatal(needed, err)
	}
	return strings.TrimPrefix(link, w.base)
}

func (w *world) browser() *browser {
	w.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{world: w, client: &http.Client{Jar: jar, CheckRedirect: stay}, home: w.base}
}

func (b *browser) do(r *http.Request) answer {
	b.Helper()
	got, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answer{got, string(body)}
}

func (b *browser) request(method, path string, body io.Reader, headers ...string) *http.Request {
	b.Helper()
	if !strings.HasPrefix(path, "http") {
		path = b.home + path
	}
	r, err := http.NewRequestWithContext(b.Context(), method, path, body)
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func (b *browser) get(path string, headers ...string) answer {
	b.Helper()
	return b.do(b.request("GET", path, nil, headers...))
}

// send posts a form as a browser does from a page of the forum's own.
func (b *browser) send(path string, fields url.Values, headers ...string) answer {
	b.Helper()
	all := append([]string{"Content-Type", "application/x-www-form-urlencoded", "Origin", b.base, "Sec-Fetch-Site", "same-origin"}, headers...)
	return b.do(b.request("POST", path, strings.NewReader(fields.Encode()), all...))
}

// want checks a status and texts that must stand in the answer; those that begin with "!" must not.
func (a answer) want(t testing.TB, status int, texts ...string) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s %s answers %d, want %d:\n%s", a.Request.Method, a.Request.URL, a.StatusCode, status, clip(a.body))
	}
	for _, text := range texts {
		text, not := strings.CutPrefix(text, "!")
		if strings.Contains(a.body, text) == not {
			t.Errorf("%s %s: %q stands there: %v:\n%s", a.Request.Method, a.Request.URL, text, !not == false, clip(a.body))
		}
	}
	return a
}

func clip(s string) string { return s[:min(len(s), 4000)] }

type webForum = web.Forum

// tilt adds a comment in a state that no verb gives an account like this.
func (w *world) tilt(by parley.Reader, story parley.Story, state parley.State) (c parley.Comment) {
	w.Helper()
	w.tx(func(tx *store.Tx) error {
		id := tx.NewID()
		c = parley.Comment{ID: id, Site: by.Site, Story: story.ID, Root: id, Depth: 1, Author: by.Byline(), State: state, Body: "Waiting words.", CreatedAt: tx.Now}
		return tx.InsertComment(c)
	})
	return c
}
