package conversation_test

import (
	"log/slog"
	"testing"
	"time"

	"parley"
	"parley/internal/conversation"
	"parley/internal/store"
)

var long = parley.TimeOf(time.Date(2011, 5, 1, 12, 0, 0, 0, time.UTC))

func TestImportTwiceIsImportOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		past := []conversation.Past{
			{Source: "old", SourceID: "1", Story: w.story.ID, Author: w.nadia.ID, State: parley.Published, Body: "From long ago.", At: long},
			{Source: "old", SourceID: "2", Story: w.story.ID, Author: w.tobias.ID, State: parley.Held, Body: "Never shown.", At: long + 1000},
		}
		for round := range 2 {
			done, err := w.verbs.Import(t.Context(), past)
			if err != nil || len(done) != 2 || done[0].Made != (round == 0) || done[1].Made != (round == 0) {
				t.Fatalf("round %d: %+v, %v", round, done, err)
			}
		}
		if story := w.now(w.story.ID); story.Comments != 1 || story.Threads != 1 {
			t.Errorf("%d comments in %d threads", story.Comments, story.Threads)
		}
	})
}

func TestAPlaceholderIsFilledAndItsRepliesAnswerItsAuthor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		lost := conversation.Past{Source: "old", SourceID: "9", Story: w.story.ID, Author: w.tobias.ID, State: parley.Removed, At: long}
		done, err := w.verbs.Import(t.Context(), []conversation.Past{lost})
		if err != nil {
			t.Fatal(err)
		}
		reply := conversation.Past{Source: "old", SourceID: "10", Story: w.story.ID, Parent: done[0].ID, Author: w.tobias.ID, State: parley.Published, Body: "To whom?", At: long - 1000}
		if _, err := w.verbs.Import(t.Context(), []conversation.Past{reply}); err != nil {
			t.Fatal(err)
		}
		lost.State, lost.Body, lost.Author = parley.Published, "Found again.", w.nadia.ID
		again, err := w.verbs.Import(t.Context(), []conversation.Past{lost})
		if err != nil || again[0].ID != done[0].ID || !again[0].Made {
			t.Fatalf("%+v, %v", again, err)
		}
		w.view(func(tx *store.Tx) error {
			threads, _, err := tx.Threads(parley.Nobody(w.site.ID), w.story.ID, parley.Oldest, parley.Cursor{}, 10)
			if err != nil || len(threads) != 1 || threads[0].Root.Body != "Found again." || len(threads[0].Replies) != 1 {
				t.Fatalf("%+v, %v", threads, err)
			}
			answer := threads[0].Replies[0]
			if answer.To.ID != w.nadia.ID || answer.ID <= threads[0].Root.ID {
				t.Errorf("the reply answers %+v and stands at %s after %s", answer.To, answer.ID, threads[0].Root.ID)
			}
			return nil
		})
		if story := w.now(w.story.ID); story.Comments != 2 || story.Threads != 1 {
			t.Errorf("%d comments in %d threads", story.Comments, story.Threads)
		}
	})
}

func TestManyCommentsOfOneMoment(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 3 {
			past := make([]conversation.Past, 2_000)
			for i := range past {
				past[i] = conversation.Past{Story: w.story.ID, Author: w.nadia.ID, State: parley.Published, Body: "All at once.", At: long}
			}
			if _, err := w.verbs.Import(t.Context(), past); err != nil {
				t.Fatal(err)
			}
		}
		if story := w.now(w.story.ID); story.Comments != 6_000 {
			t.Errorf("%d comments", story.Comments)
		}
	})
}

func TestImportFindsPassages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.site.Passages = true
		verbs := conversation.New(w.store, w.site, w.screens, slog.New(slog.DiscardHandler))
		w.write(func(tx *store.Tx) error {
			_, err := tx.AddVersion(parley.Version{Story: w.story.ID, Number: 1, Title: "War", Blocks: []string{"The guns stop on Thursdays.", "Nobody says why."}, At: long})
			return err
		})
		words := parley.Passage{Exact: "guns stop", Prefix: "The ", Suffix: " on Thursdays."}
		past := []conversation.Past{
			{Source: "old", SourceID: "1", Story: w.story.ID, Author: w.nadia.ID, State: parley.Published, Body: "Do they?", Passage: words, At: long + 1000},
			{Source: "old", SourceID: "2", Story: w.story.ID, Author: w.tobias.ID, State: parley.Published, Body: "They did.", Passage: words, At: long + 2000},
			{Source: "old", SourceID: "3", Story: w.story.ID, Author: w.tobias.ID, State: parley.Published, Body: "I mean it all.", At: long + 3000},
		}
		done, err := verbs.Import(t.Context(), past)
		if err != nil {
			t.Fatal(err)
		}
		answer := conversation.Past{Source: "old", SourceID: "4", Story: w.story.ID, Parent: done[0].ID, Author: w.tobias.ID, State: parley.Published, Body: "Yes.", Passage: words, At: long + 4000}
		if _, err := verbs.Import(t.Context(), []conversation.Past{answer}); err != nil {
			t.Fatal(err)
		}
		w.view(func(tx *store.Tx) error {
			all, err := tx.Passages(parley.Nobody(w.site.ID), w.story.ID)
			if err != nil || len(all) != 1 || all[0].State != parley.PassageFound || all[0].Start != 4 || all[0].Threads != 2 || all[0].Comments != 3 || all[0].CreatedAt != past[0].At {
				t.Errorf("the passages are %+v (%v)", all, err)
			}
			return err
		})
		past[0].SourceID, past[0].Passage.Exact = "5", "words that are nowhere"
		if _, err := verbs.Import(t.Context(), past[:1]); parley.CodeOf(err) != parley.CodePassageUnknown {
			t.Errorf("words that are not in the text give %v", err)
		}
	})
}
