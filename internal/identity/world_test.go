package identity

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// goodPassword is one that nobody would guess, for tests that are not about passwords.
const goodPassword = "nine grey herons wait"

// world is a site with its verbs on a real store, and a clock that only the test moves.
type world struct {
	*Service
	t     *testing.T
	clock *storetest.Clock
}

// holding screens as a site that lets readers without a confirmed address wait.
type holding struct{}

func (holding) Screen(_ context.Context, _ parley.Site, author parley.Reader, body string) (parley.Verdict, error) {
	if !author.Confirmed() || body == "suspicious" {
		return parley.Verdict{State: parley.Held}, nil
	}
	return parley.Verdict{State: parley.Published}, nil
}

// each runs a test in a fresh world on each engine.
func each(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	clock := storetest.NewClock()
	storetest.EachAt(t, clock.Now, func(t *testing.T, st *store.Store) { test(t, newWorld(t, st, clock)) })
}

// one runs a test in a fresh world on SQLite, for rules that no engine has a part in.
func one(t *testing.T) *world {
	clock := storetest.NewClock()
	return newWorld(t, storetest.OpenAt(t, clock.Now), clock)
}

func newWorld(t *testing.T, st *store.Store, clock *storetest.Clock) *world {
	site := parley.Site{
		Key: "main", Name: "The Meridian", BaseURL: "https://forum.meridian.example", HoldUnconfirmed: true,
		Origins: []string{"https://forum.meridian.example", "https://www.meridian.example"},
	}
	must(t, st.Write(t.Context(), 0, func(tx *store.Tx) (err error) {
		site.ID, err = tx.EnsureSite(site.Key, site.Name)
		return err
	}))
	return &world{Service: New(st, site, Options{Screen: holding{}}), t: t, clock: clock}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wants fails the test unless err is a refusal with this code ("" = no error).
func wants(t testing.TB, what string, err error, code parley.Code) {
	t.Helper()
	if got := parley.CodeOf(err); got != code {
		t.Errorf("%s: got %q (%v), want %q", what, got, err, code)
	}
}

func (w *world) register(name, email string) (parley.Reader, Token) {
	w.t.Helper()
	r, token, err := w.Register(w.t.Context(), Registration{Name: name, Email: email, Password: goodPassword})
	must(w.t, err)
	return r, token
}

// mint makes a confirmation as the mail follower does.
func (w *world) mint(r parley.Reader) string {
	w.t.Helper()
	secret, err := w.MintConfirmation(w.t.Context(), r.ID)
	must(w.t, err)
	return secret
}

// confirmed makes a reader who owns an address.
func (w *world) confirmed(name, email string) parley.Reader {
	w.t.Helper()
	r, token := w.register(name, email)
	must(w.t, w.Confirm(w.t.Context(), r, w.mint(r)))
	return w.who(token)
}

// who gives the reader of a session that must live.
func (w *world) who(token Token) parley.Reader {
	w.t.Helper()
	_, r, err := w.Who(w.t.Context(), string(token))
	must(w.t, err)
	return r
}

func (w *world) reader(id parley.ID) (r parley.Reader) {
	w.t.Helper()
	w.read(func(tx *store.Tx) (err error) { r, err = tx.ReaderForVerb(w.site.ID, id); return err })
	return r
}

func (w *world) read(fn func(*store.Tx) error) {
	w.t.Helper()
	must(w.t, w.store.View(w.t.Context(), fn))
}

func (w *world) write(fn func(*store.Tx) error) {
	w.t.Helper()
	must(w.t, w.store.Write(w.t.Context(), 0, fn))
}

// events lists what happened, as "kind of subject", less what happened before.
func (w *world) events(after int64) (all []parley.Event) {
	w.t.Helper()
	w.read(func(tx *store.Tx) (err error) { all, err = tx.EventsAfter(after, 1000); return err })
	return all
}

func (w *world) last() (id int64) {
	w.t.Helper()
	w.read(func(tx *store.Tx) (err error) { id, err = tx.LastEvent(); return err })
	return id
}

// happened tells whether an event of the kind about the subject came after another.
func (w *world) happened(after int64, kind parley.EventKind, subject parley.ID) bool {
	w.t.Helper()
	return slices.ContainsFunc(w.events(after), func(e parley.Event) bool { return e.Kind == kind && e.Subject == subject })
}

// story makes a story to write under.
func (w *world) story(path string) (story parley.Story) {
	w.t.Helper()
	w.write(func(tx *store.Tx) (err error) {
		story, _, err = tx.EnsureStory(parley.Story{ID: tx.NewID(), Site: w.site.ID, URL: w.site.Origins[1] + path, Title: path, CreatedAt: tx.Now})
		return err
	})
	return story
}

// comment saves one as it stands; parent zero opens a thread.
func (w *world) comment(story parley.Story, author parley.Reader, state parley.State, body string, parent parley.Comment) (c parley.Comment) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		id := tx.NewID()
		c = parley.Comment{
			ID: id, Site: w.site.ID, Story: story.ID, Root: id, Depth: 1, Author: author.Byline(), State: state, Body: body, CreatedAt: tx.Now,
		}
		if parent.ID != 0 {
			c.Root, c.Parent, c.Depth, c.To = parent.Root, parent.ID, parent.Depth+1, parent.Author
		}
		if err := tx.InsertComment(c); err != nil {
			return fmt.Errorf("insert: %w", err)
		}
		_, err := tx.Count(c, "", state)
		return err
	})
	return c
}

func (w *world) state(c parley.Comment) parley.State {
	w.t.Helper()
	w.read(func(tx *store.Tx) (err error) { c, err = tx.CommentForVerb(w.site.ID, c.ID); return err })
	return c.State
}
