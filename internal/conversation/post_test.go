package conversation_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

func TestPostCountsAndRaisesTheRevision(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		before := w.now(w.story.ID)
		root := w.post(w.nadia, "First.", 0)
		reply := w.post(w.tobias, "Second, *louder*.", root.Comment.ID)
		after := w.now(w.story.ID)
		if after.Comments != 2 || after.Threads != 1 || after.Revision != reply.Revision || after.Revision != before.Revision+2 || after.LastComment != reply.Comment.ID {
			t.Errorf("the story is now %+v", after)
		}
		if root.Comment.HTML != "" || !strings.Contains(reply.Comment.HTML, "<em>") {
			t.Errorf("plain text stores %q, markup %q", root.Comment.HTML, reply.Comment.HTML)
		}
		if reply.Comment.Depth != 2 || reply.Comment.Root != root.Comment.ID || reply.Comment.To.ID != w.nadia.ID {
			t.Errorf("the reply is %+v", reply.Comment)
		}
	})
}

func TestOneKeyIsOneComment(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		draft := parley.Draft{Story: w.story.ID, Body: "Only once.", Key: "key-1"}
		ids := make([]parley.ID, 50)
		replayed := make([]bool, len(ids))
		var posting sync.WaitGroup
		for i := range ids {
			posting.Go(func() {
				posted, err := w.verbs.Post(t.Context(), w.nadia, draft)
				if err != nil {
					t.Error(err)
				}
				ids[i], replayed[i] = posted.Comment.ID, posted.Replayed
			})
		}
		posting.Wait()
		first := 0
		for i := range ids {
			if ids[i] != ids[0] {
				t.Errorf("one key brought %s and %s", ids[0], ids[i])
			}
			if !replayed[i] {
				first++
			}
		}
		if first != 1 || w.now(w.story.ID).Comments != 1 {
			t.Errorf("%d were told they were first, %d comments stand", first, w.now(w.story.ID).Comments)
		}
		if _, err := w.verbs.Post(t.Context(), w.tobias, draft); err != nil {
			t.Errorf("another reader's key: %v", err)
		}
		draft.Body = "Something else."
		if _, err := w.verbs.Post(t.Context(), w.nadia, draft); parley.CodeOf(err) != parley.CodeKeyReused {
			t.Errorf("the key with other words: %v", err)
		}
	})
}

func TestRefusalsWriteNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := w.open("https://forum.test/peace")
		root := w.post(w.tobias, "Here.", 0).Comment
		if err := w.verbs.Silence(t.Context(), w.tobias, parley.Block, w.nadia.ID, true); err != nil {
			t.Fatal(err)
		}
		before := w.now(w.story.ID)
		for what, c := range map[string]struct {
			draft parley.Draft
			want  parley.Code
		}{
			"no words":            {parley.Draft{Story: w.story.ID, Body: " \n "}, parley.CodeBodyEmpty},
			"too many words":      {parley.Draft{Story: w.story.ID, Body: strings.Repeat("a", parley.MaxBody+1)}, parley.CodeBodyTooLong},
			"no story":            {parley.Draft{Story: 12, Body: "x"}, parley.CodeNotFound},
			"no parent":           {parley.Draft{Story: w.story.ID, Parent: 12, Body: "x"}, parley.CodeNotFound},
			"a parent elsewhere":  {parley.Draft{Story: other.ID, Parent: root.ID, Body: "x"}, parley.CodeParentElsewhere},
			"a reader who blocks": {parley.Draft{Story: w.story.ID, Parent: root.ID, Body: "x"}, parley.CodeBlocked},
			"a key with a line":   {parley.Draft{Story: w.story.ID, Body: "x", Key: "a\nb"}, parley.CodeKeyInvalid},
		} {
			if _, err := w.verbs.Post(t.Context(), w.nadia, c.draft); parley.CodeOf(err) != c.want {
				t.Errorf("%s: %v, want %s", what, err, c.want)
			}
		}
		if after := w.now(w.story.ID); after != before {
			t.Errorf("refusals changed the story from %+v to %+v", before, after)
		}
	})
}

func TestWhatIsConfirmedMeanwhileDoesNotWait(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		newcomer := w.reader("Newcomer", false)
		if posted := w.post(newcomer, "I wait.", 0); posted.Comment.State != parley.Held {
			t.Fatalf("an unconfirmed reader's comment is %s", posted.Comment.State)
		}
		*w.screens.before = func() {
			*w.screens.before = nil
			w.write(func(tx *store.Tx) error {
				_, err := tx.ConfirmAddress(newcomer)
				return err
			})
		}
		if posted := w.post(newcomer, "I do not.", 0); posted.Comment.State != parley.Published {
			t.Errorf("confirmed between screening and saving, the comment is %s", posted.Comment.State)
		}
	})
}

func TestCountsOfRecommendationsReachThePagesTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		root := w.post(w.tobias, "Worth reading.", 0).Comment
		before := w.now(w.story.ID).Revision
		for range 3 {
			done, err := w.verbs.Recommend(t.Context(), w.nadia, root.ID, true)
			if err != nil || done.Count != 1 || !done.On {
				t.Fatalf("%+v, %v", done, err)
			}
		}
		if now := w.now(w.story.ID).Revision; now != before {
			t.Errorf("a recommendation alone raised the revision from %d to %d", before, now)
		}
		ctx := t.Context()
		refreshing := make(chan struct{})
		go func() { defer close(refreshing); w.verbs.Refresh(ctx) }()
		for end := time.Now().Add(20 * time.Second); w.now(w.story.ID).Revision != before+1; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("the revision is %d, want %d", w.now(w.story.ID).Revision, before+1)
			}
		}
	})
}

func TestWithdrawingLeavesTheReplies(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		root := w.post(w.nadia, "I take this back.", 0).Comment
		reply := w.post(w.tobias, "I do not.", root.ID).Comment
		for range 2 {
			posted, err := w.verbs.Withdraw(t.Context(), w.nadia, root.ID)
			if err != nil || posted.Comment.State != parley.Withdrawn {
				t.Fatalf("%+v, %v", posted, err)
			}
		}
		w.view(func(tx *store.Tx) error {
			threads, _, err := tx.Threads(parley.Nobody(w.site.ID), w.story.ID, parley.Newest, parley.Cursor{}, 10)
			if err != nil || len(threads) != 1 || len(threads[0].Replies) != 1 || threads[0].Replies[0].ID != reply.ID || threads[0].Root.Body != "" {
				t.Errorf("%+v, %v", threads, err)
			}
			return nil
		})
		if story := w.now(w.story.ID); story.Comments != 1 || story.Threads != 1 {
			t.Errorf("counted %d comments in %d threads", story.Comments, story.Threads)
		}
	})
}

func TestManyFirstWritersMakeOneStory(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		made := make([]bool, 20)
		var opening sync.WaitGroup
		for i := range made {
			opening.Go(func() {
				story, first, err := w.verbs.OpenStory(t.Context(), w.nadia, fmt.Sprintf("https://forum.test/new?utm_source=%d", i), "New")
				if err != nil || story.URL != "https://forum.test/new" {
					t.Errorf("%+v, %v", story, err)
				}
				made[i] = first
			})
		}
		opening.Wait()
		n := 0
		for _, first := range made {
			if first {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d made the story", n)
		}
	})
}
