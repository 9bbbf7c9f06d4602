package conversation_test

import (
	"testing"

	"parley"
	"parley/internal/live"
	"parley/internal/store"
)

// heard gives what pages that watch the story have been told since an event.
func (w *world) heard(after int64) (names []string) {
	w.t.Helper()
	w.view(func(tx *store.Tx) error {
		events, err := tx.StoryEventsAfter(w.story.ID, after, 100)
		for _, m := range live.Replay(events) {
			names = append(names, m.Name)
		}
		return err
	})
	return names
}

func (w *world) lastEvent() (id int64) {
	w.t.Helper()
	w.view(func(tx *store.Tx) (err error) {
		id, err = tx.LastEvent()
		return err
	})
	return id
}

// TestWhatWaitsLeavesNoTrace changes and withdraws a comment that waits: a placeholder, a count or a word on the
// story's stream would show strangers that it was there.
func TestWhatWaitsLeavesNoTrace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		newcomer := w.reader("Newcomer", false)
		before, event := w.now(w.story.ID), w.lastEvent()
		held := w.post(newcomer, "Unseen.", 0).Comment
		if _, err := w.verbs.Edit(t.Context(), newcomer, held.ID, "Still unseen."); err != nil {
			t.Fatal(err)
		}
		posted, err := w.verbs.Withdraw(t.Context(), newcomer, held.ID)
		if err != nil || posted.Comment.State != parley.Withdrawn || posted.Revision != before.Revision {
			t.Fatalf("%+v, %v", posted, err)
		}
		if after := w.now(w.story.ID); after != before {
			t.Errorf("the story is now %+v, was %+v", after, before)
		}
		if names := w.heard(event); len(names) != 0 {
			t.Errorf("the story's pages hear %v", names)
		}
		w.view(func(tx *store.Tx) error {
			threads, _, err := tx.Threads(parley.Nobody(w.site.ID), w.story.ID, parley.Newest, parley.Cursor{}, 10)
			if err != nil || len(threads) != 0 {
				t.Errorf("strangers see %+v, %v", threads, err)
			}
			for _, v := range []parley.Viewer{parley.Nobody(w.site.ID), {Site: w.site.ID, Reader: newcomer.ID}} {
				if c, err := tx.Comment(v, held.ID); parley.CodeOf(err) != parley.CodeNotFound {
					t.Errorf("%+v, %v", c, err)
				}
			}
			return nil
		})
	})
}

func TestWhatWasRefusedCannotBeWithdrawnIntoView(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		newcomer := w.reader("Newcomer", false)
		refused := w.post(newcomer, "Refused.", 0).Comment
		w.write(func(tx *store.Tx) error { _, err := tx.MoveComment(refused, parley.Refused); return err })
		before := w.now(w.story.ID)
		if _, err := w.verbs.Withdraw(t.Context(), newcomer, refused.ID); parley.CodeOf(err) != parley.CodeNotPublished {
			t.Errorf("%v, want %s", err, parley.CodeNotPublished)
		}
		if after := w.now(w.story.ID); after != before {
			t.Errorf("the story is now %+v, was %+v", after, before)
		}
	})
}

// TestAnEditIsScreenedLikeTheFirstWords: a moderator has let a comment through whose author's words wait; other
// words would get by.
func TestAnEditIsScreenedLikeTheFirstWords(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		newcomer := w.reader("Newcomer", false)
		held := w.post(newcomer, "Harmless.", 0).Comment
		w.write(func(tx *store.Tx) error { _, err := tx.MoveComment(held, parley.Published); return err })
		if _, err := w.verbs.Edit(t.Context(), newcomer, held.ID, "Advertising."); parley.CodeOf(err) != parley.CodeForbidden {
			t.Errorf("%v, want %s", err, parley.CodeForbidden)
		}
		w.view(func(tx *store.Tx) error {
			if c, err := tx.Comment(parley.Nobody(w.site.ID), held.ID); err != nil || c.Body != "Harmless." {
				t.Errorf("strangers read %q, %v", c.Body, err)
			}
			return nil
		})
	})
}

// TestAHiddenParentIsLikeNone: the refusal must not tell that a comment with this id waits somewhere.
func TestAHiddenParentIsLikeNone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		held := w.post(w.reader("Newcomer", false), "Unseen.", 0).Comment
		elsewhere := w.open("https://forum.test/elsewhere")
		_, none := w.verbs.Post(t.Context(), w.nadia, parley.Draft{Story: elsewhere.ID, Parent: 12, Body: "x"})
		for _, story := range []parley.ID{elsewhere.ID, w.story.ID} {
			_, err := w.verbs.Post(t.Context(), w.nadia, parley.Draft{Story: story, Parent: held.ID, Body: "x"})
			if parley.CodeOf(err) != parley.CodeNotFound || err.Error() != none.Error() {
				t.Errorf("%v, want %v", err, none)
			}
		}
	})
}
