package notify

import (
	"bytes"
	"context"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/identity"
	"parley/internal/mail"
	"parley/internal/mail/mailtest"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

const goodPassword = "nine grey herons wait"

// world is a site whose letters go to a mail server of the test's own.
type world struct {
	*Service
	t        *testing.T
	clock    *storetest.Clock
	accounts *identity.Service
	sink     *mailtest.Sink
	log      *logBook
	read     map[string]int64 // how far each postman was taken by delivered
}

func each(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	clock := storetest.NewClock()
	storetest.EachAt(t, clock.Now, func(t *testing.T, st *store.Store) { test(t, newWorld(t, st, clock)) })
}

func one(t *testing.T) *world {
	clock := storetest.NewClock()
	return newWorld(t, storetest.OpenAt(t, clock.Now), clock)
}

func newWorld(t *testing.T, st *store.Store, clock *storetest.Clock) *world {
	site := parley.Site{Key: "main", Name: "The Meridian", BaseURL: "https://forum.meridian.example", Origins: []string{"https://forum.meridian.example"}}
	must(t, st.Write(t.Context(), 0, func(tx *store.Tx) (err error) {
		site.ID, err = tx.EnsureSite(site.Key, site.Name)
		return err
	}))
	w := &world{t: t, clock: clock, accounts: identity.New(st, site, identity.Options{}), sink: mailtest.Start(t), log: &logBook{}, read: map[string]int64{}}
	sender, err := mail.NewSMTP(mail.SMTPOptions{Addr: w.sink.Addr, TLS: "starttls", Roots: w.sink.Roots, From: "forum@meridian.example"})
	must(t, err)
	w.Service = New(st, site, w.accounts, sender, slog.New(slog.NewTextHandler(w.log, nil)))
	t.Cleanup(w.checkLog)
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// logBook keeps what was logged.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

var secret = regexp.MustCompile(`@|[A-Za-z0-9_-]{43}`)

// checkLog looks for addresses and tokens in everything that was logged.
func (w *world) checkLog() {
	if found := secret.FindString(w.log.String()); found != "" {
		w.t.Errorf("the log holds %q:\n%s", found, w.log)
	}
}

func (w *world) register(name, email string) (parley.Reader, identity.Token) {
	w.t.Helper()
	r, token, err := w.accounts.Register(w.t.Context(), identity.Registration{Name: name, Email: email, Password: goodPassword})
	must(w.t, err)
	return r, token
}

// confirmed makes a reader who owns an address, without any mail.
func (w *world) confirmed(name, email string) parley.Reader {
	w.t.Helper()
	r, err := w.accounts.CreateConfirmed(w.t.Context(), identity.Registration{Name: name, Email: email, Password: goodPassword}, 0)
	must(w.t, err)
	return r
}

func (w *world) write(fn func(*store.Tx) error) {
	w.t.Helper()
	must(w.t, w.store.Write(w.t.Context(), 0, fn))
}

func (w *world) view(fn func(*store.Tx) error) {
	w.t.Helper()
	must(w.t, w.store.View(w.t.Context(), fn))
}

func (w *world) events(after int64) (all []parley.Event) {
	w.t.Helper()
	w.view(func(tx *store.Tx) (err error) { all, err = tx.EventsAfter(after, 10_000); return err })
	return all
}

// run follows in the background until the test ends.
func (w *world) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); w.Run(ctx) }()
	w.t.Cleanup(func() { cancel(); <-done })
}

// delivered takes every postman through what is new and due, and gives the letters that came of it.
func (w *world) delivered() []mailtest.Letter {
	w.t.Helper()
	before := len(w.sink.Letters())
	for _, p := range w.postmen() {
		events := w.events(w.read[p.name])
		for i, e := range events {
			if p.wants(e) && e.At.Add(p.waits) > w.clock.Now() {
				events = events[:i]
				break
			}
		}
		must(w.t, p.deliver(w.t.Context(), events))
		if len(events) > 0 {
			w.read[p.name] = events[len(events)-1].ID
		}
	}
	var letters []mailtest.Letter
	for _, received := range w.sink.Letters()[before:] {
		letters = append(letters, w.open(received))
	}
	return letters
}

func (w *world) open(received mailtest.Received) mailtest.Letter {
	w.t.Helper()
	letter, err := received.Letter()
	must(w.t, err)
	if len(received.To) != 1 || !strings.Contains(letter.Header.Get("To"), received.To[0]) {
		w.t.Errorf("a letter to %q went to %q", letter.Header.Get("To"), received.To)
	}
	return letter
}

var linkIn = regexp.MustCompile(`https://forum\.meridian\.example/account/confirm\?\S+`)

// token gives the token of the confirmation link in a letter, "" when there is none.
func token(t *testing.T, l mailtest.Letter) string {
	t.Helper()
	u, err := url.Parse(linkIn.FindString(l.Text))
	must(t, err)
	return u.Query().Get("token")
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !condition(); {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (w *world) story() (story parley.Story) {
	w.t.Helper()
	w.write(func(tx *store.Tx) (err error) {
		story, _, err = tx.EnsureStory(parley.Story{ID: tx.NewID(), Site: w.site.ID, URL: w.site.BaseURL + "/a", Title: "A story", CreatedAt: tx.Now})
		return err
	})
	return story
}

// comment publishes one and tells of it, as posting does; parent zero opens a thread.
func (w *world) comment(story parley.Story, author parley.Reader, body string, parent parley.Comment) (c parley.Comment) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		id := tx.NewID()
		c = parley.Comment{ID: id, Site: w.site.ID, Story: story.ID, Root: id, Depth: 1, Author: author.Byline(), State: parley.Published, Body: body, CreatedAt: tx.Now}
		if parent.ID != 0 {
			c.Root, c.Parent, c.Depth, c.To = parent.Root, parent.ID, parent.Depth+1, parent.Author
		}
		if err := tx.InsertComment(c); err != nil {
			return err
		}
		revision, err := tx.Count(c, "", c.State)
		tx.Append(published(c, revision))
		return err
	})
	return c
}

func published(c parley.Comment, revision int64) parley.Event {
	return parley.Event{
		Site: c.Site, Story: c.Story, Kind: parley.EventPublished, Subject: c.ID, Actor: c.Author.ID,
		Data: parley.EventData{Revision: revision, Root: c.Root, Parent: c.Parent, Author: c.Author.ID, To: c.To.ID},
	}
}
