package conversation_test

import (
	"context"
	"log/slog"
	"testing"

	"parley"
	"parley/internal/conversation"
	"parley/internal/moderation"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// world is a site with a story and two readers on a real store.
type world struct {
	t       *testing.T
	store   *store.Store
	site    parley.Site
	verbs   *conversation.Service
	story   parley.Story
	nadia   parley.Reader
	tobias  parley.Reader
	screens screener
}

// screener is the real screening, after whatever the test does first.
type screener struct{ before *func() }

func (s screener) Screen(ctx context.Context, site parley.Site, author parley.Reader, body string) (parley.Verdict, error) {
	verdict, err := moderation.Screen{}.Screen(ctx, site, author, body)
	if *s.before != nil {
		(*s.before)()
	}
	return verdict, err
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := &world{t: t, store: s, screens: screener{before: new(func())}}
		w.site = parley.Site{Key: "main", Name: "The Test", BaseURL: "https://forum.test", Origins: []string{"https://forum.test"}, HoldUnconfirmed: true}
		w.write(func(tx *store.Tx) (err error) {
			w.site.ID, err = tx.EnsureSite(w.site.Key, w.site.Name)
			return err
		})
		w.nadia, w.tobias = w.reader("Nadia", true), w.reader("Tobias", true)
		w.verbs = conversation.New(s, w.site, w.screens, slog.New(slog.DiscardHandler))
		w.story = w.open("https://forum.test/war")
		test(t, w)
	})
}

func (w *world) write(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.store.Write(w.t.Context(), 0, fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) view(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.store.View(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) reader(name string, confirmed bool) (r parley.Reader) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		r = parley.Reader{ID: tx.NewID(), Site: w.site.ID, Name: name, Email: name + "@example.com", CreatedAt: tx.Now}
		if confirmed {
			r.ConfirmedAt = tx.Now
		}
		_, err := tx.InsertReader(r, name)
		return err
	})
	return r
}

func (w *world) open(url string) parley.Story {
	w.t.Helper()
	story, _, err := w.verbs.OpenStory(w.t.Context(), w.nadia, url, "A story")
	if err != nil {
		w.t.Fatal(err)
	}
	return story
}

func (w *world) post(by parley.Reader, body string, parent parley.ID) conversation.Posted {
	w.t.Helper()
	posted, err := w.verbs.Post(w.t.Context(), by, parley.Draft{Story: w.story.ID, Parent: parent, Body: body})
	if err != nil {
		w.t.Fatal(err)
	}
	return posted
}

func (w *world) now(story parley.ID) (t parley.Story) {
	w.t.Helper()
	w.view(func(tx *store.Tx) (err error) {
		t, err = tx.Story(parley.Nobody(w.site.ID), story)
		return err
	})
	return t
}
