package conversation_test

import (
	"log/slog"
	"testing"

	"parley"
	"parley/internal/conversation"
	"parley/internal/store"
)

// TestFollowingAQuestion: a question can be followed while readers are shown it, and no longer at any time.
func TestFollowingAQuestion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.site.Questions = true
		verbs := conversation.New(w.store, w.site, w.screens, slog.New(slog.DiscardHandler))
		q := parley.Question{Site: w.site.ID, Story: w.story.ID, State: parley.QuestionOpen, AskedBy: w.tobias.ID}
		w.write(func(tx *store.Tx) error {
			q.ID, q.OpenedAt = tx.NewID(), tx.Now
			q.Words = parley.QuestionWords{Version: 1, Text: "Will it?", Rule: "By looking.", Judge: "We", Editor: w.tobias.ID, At: tx.Now}
			return tx.InsertQuestion(q)
		})
		follow := func(verbs *conversation.Service, question parley.ID, on bool) parley.Code {
			return parley.CodeOf(verbs.Follow(t.Context(), w.nadia, parley.FollowQuestion, question, on))
		}
		follows := func() (on bool) {
			w.view(func(tx *store.Tx) (err error) {
				on, err = tx.Follows(w.nadia.ID, parley.FollowQuestion, q.ID)
				return err
			})
			return on
		}
		if code := follow(w.verbs, q.ID, true); code != parley.CodeNotFound || follows() {
			t.Errorf("on a site without questions: %q", code)
		}
		if code := follow(verbs, w.story.ID, true); code != parley.CodeNotFound {
			t.Errorf("a story as a question: %q", code)
		}
		for range 2 { // following twice is following once
			if code := follow(verbs, q.ID, true); code != "" || !follows() {
				t.Errorf("following: %q", code)
			}
		}
		w.write(func(tx *store.Tx) error { _, err := tx.SwitchStory(w.story.ID, false, true); return err })
		if code := follow(verbs, q.ID, true); code != parley.CodeNotFound {
			t.Errorf("where the question is switched off: %q", code)
		}
		if code := follow(verbs, q.ID, false); code != "" || follows() {
			t.Errorf("following no longer: %q", code)
		}
	})
}
