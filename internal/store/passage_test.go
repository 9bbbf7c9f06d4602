package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/store"
)

// TestPassagesAreShared chooses words again: in the same place, with the same fingerprint, and neither.
func TestPassagesAreShared(t *testing.T) {
	each(t, func(w *world) {
		choose := func(p parley.Passage, fingerprint string) (got parley.Passage, made bool) {
			w.write(func(tx *store.Tx) (err error) {
				p.ID, p.Site, p.Story, p.CreatedAt = tx.NewID(), w.site, w.story.ID, tx.Now
				got, made, err = tx.EnsurePassage(p, []byte(fingerprint))
				return err
			})
			return got, made
		}
		first, made := choose(parley.Passage{Exact: "the tide", Prefix: "when ", Suffix: " turns", Start: 10, End: 18, State: parley.PassageFound, Version: 1}, "1:10-18")
		if !made || first.Exact != "the tide" || first.Prefix != "when " || first.Suffix != " turns" || first.Start != 10 || first.End != 18 ||
			first.Version != 1 || first.State != parley.PassageFound || first.Site != w.site || first.Story != w.story.ID || first.CreatedAt == 0 {
			t.Errorf("made %v: %+v", made, first)
		}
		if again, made := choose(parley.Passage{Exact: "the tide", State: parley.PassageFound, Version: 1, Start: 10, End: 18}, "1:10-18"); made || again != first {
			t.Errorf("the same words again: made %v, %+v", made, again)
		}
		first.Start, first.End, first.Version = 40, 48, 2
		w.write(func(tx *store.Tx) error { return tx.MovePassage(first, "exact") })
		if moved, made := choose(parley.Passage{Exact: "the tide", State: parley.PassageFound, Version: 2, Start: 40, End: 48}, "2:40-48"); made || moved != first {
			t.Errorf("the same words where they stand now: made %v, %+v", made, moved)
		}
		if before, made := choose(parley.Passage{Exact: "the tide", State: parley.PassageFound, Version: 1, Start: 40, End: 48}, "1:40-48"); !made || before.ID == first.ID {
			t.Errorf("a place in another version was taken for the same: %+v", before)
		}
		if other, made := choose(parley.Passage{Exact: "the tide", State: parley.PassageQuoted}, "quoted"); !made || other.ID == first.ID {
			t.Errorf("quoted words were taken for those that were found: %+v", other)
		}
		story := w.newStory(w.site)
		if elsewhere := w.quoted(story, "quoted"); elsewhere.Story != story.ID {
			t.Errorf("a story got the passage of another: %+v", elsewhere)
		}
		if n := view(w, func(tx *store.Tx) (int, error) { return tx.CountPassages(w.story.ID) }); n != 3 {
			t.Errorf("%d passages, want 3", n)
		}
		all := view(w, func(tx *store.Tx) ([]parley.Passage, error) { return tx.PassagesForVerb(w.story.ID) })
		if len(all) != 3 || all[0] != first || all[1].ID > all[2].ID {
			t.Errorf("all passages: %+v", all)
		}
	})
}

// TestPassagesStandInOrder lists passages of every state with the talk about them.
func TestPassagesStandInOrder(t *testing.T) {
	each(t, func(w *world) {
		by := w.reader("By")
		var want []string
		for _, p := range []struct {
			words string
			state parley.PassageState
			start int
			rank  int
		}{
			{"quoted first", parley.PassageQuoted, 900, 4}, {"at 70", parley.PassageFound, 70, 1}, {"lost at 5", parley.PassageChanged, 5, 2},
			{"at 3", parley.PassageFound, 3, 0}, {"lost at 2", parley.PassageChanged, 2, 3}, {"quoted second", parley.PassageQuoted, 1, 5},
		} {
			passage := w.quoted(w.story, p.words)
			w.write(func(tx *store.Tx) error {
				_, err := tx.Raw().Exec(`UPDATE passages SET state = $1, start_at = $2 WHERE id = $3`, p.state, p.start, passage.ID)
				return err
			})
			root := w.speak(parley.Published, by, passage)
			w.post(by, root)
			want = append(want, fmt.Sprint(p.rank, p.words))
		}
		w.quoted(w.story, "nobody talks about this")
		slices.Sort(want)
		var got []string
		for i, p := range view(w, func(tx *store.Tx) ([]parley.Passage, error) { return tx.Passages(parley.Nobody(w.site), w.story.ID) }) {
			got = append(got, fmt.Sprint(i, p.Exact))
			if p.Threads != 1 || p.Comments != 2 {
				t.Errorf("counts of %+v", p)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		story := view(w, func(tx *store.Tx) (parley.Story, error) { return tx.Story(parley.Nobody(w.site), w.story.ID) })
		if story.Passages != 6 {
			t.Errorf("the story counts %d passages", story.Passages)
		}
	})
}

// TestAnchoringsAreKept moves a passage through three versions, through one of them twice.
func TestAnchoringsAreKept(t *testing.T) {
	each(t, func(w *world) {
		p := w.quoted(w.story, "words")
		want := []store.Anchoring{
			{Passage: p.ID, Version: 1, State: parley.PassageFound, Means: "exact", Start: 5, End: 10},
			{Passage: p.ID, Version: 2, State: parley.PassageChanged, Means: "nothing like it", Start: 5, End: 10},
			{Passage: p.ID, Version: 3, State: parley.PassageFound, Means: "fuzzy", Start: 7, End: 13},
		}
		for _, a := range slices.Insert(slices.Clone(want), 1, store.Anchoring{Passage: p.ID, Version: 2, State: parley.PassageFound, Means: "exact"}) {
			p.Version, p.State, p.Start, p.End = a.Version, a.State, a.Start, a.End
			w.write(func(tx *store.Tx) error { return tx.MovePassage(p, a.Means) })
		}
		if got := view(w, func(tx *store.Tx) ([]store.Anchoring, error) { return tx.Anchorings(p.ID) }); !slices.Equal(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if now := view(w, func(tx *store.Tx) (parley.Passage, error) { return tx.PassageForVerb(w.site, p.ID) }); now != p {
			t.Errorf("the passage is %+v, want %+v", now, p)
		}
	})
}

// TestPassageCountsFollowItsRoots takes the first of two threads about a passage down and puts it back, while
// replies come to it.
func TestPassageCountsFollowItsRoots(t *testing.T) {
	each(t, func(w *world) {
		by := w.reader("By")
		p := w.quoted(w.story, "words")
		counts := func() [3]int {
			now := view(w, func(tx *store.Tx) (parley.Passage, error) { return tx.PassageForVerb(w.site, p.ID) })
			story := view(w, func(tx *store.Tx) (parley.Story, error) { return tx.Story(parley.Nobody(w.site), w.story.ID) })
			return [3]int{now.Threads, now.Comments, story.Passages}
		}
		want := func(when string, threads, comments, passages int) {
			t.Helper()
			if got := counts(); got != [3]int{threads, comments, passages} {
				t.Errorf("%s: %d threads, %d comments, %d passages, want %d, %d, %d", when, got[0], got[1], got[2], threads, comments, passages)
			}
		}
		root := w.speak(parley.Held, by, p)
		want("a held root", 0, 0, 0)
		root = w.move(root, parley.Published)
		reply := w.post(by, root)
		w.post(by, reply)
		w.postAs(parley.Held, by, root)
		want("a root with two replies", 1, 3, 1)
		root = w.move(root, parley.Removed)
		w.post(by, reply)
		want("a removed root that is still answered", 0, 0, 0)
		other := w.speak(parley.Published, by, p)
		want("another thread", 1, 1, 1)
		root = w.move(root, parley.Published)
		want("the root restored", 2, 5, 1)
		w.move(root, parley.Withdrawn)
		w.move(other, parley.Withdrawn)
		want("both withdrawn", 0, 0, 0)
	})
}

// TestQuotesCostNothingWhereThereAreNone looks at what a page of a story without passages asks, and at one of a
// story with many.
func TestQuotesCostNothingWhereThereAreNone(t *testing.T) {
	each(t, func(w *world) {
		by := w.reader("By")
		w.post(by, w.post(by, parley.Comment{}))
		talked := w.newStory(w.site)
		quotes := map[parley.ID]parley.Passage{}
		for i := range 30 {
			c := w.speak(parley.Published, by, w.quoted(talked, fmt.Sprint("words ", i)))
			quotes[c.ID] = c.Quote
			w.post(by, c)
		}
		page := func(story parley.ID) (asked []string, threads []parley.Thread) {
			err := w.s.View(ctx, func(tx *store.Tx) (err error) {
				known := tx.Raw().Prepared()
				threads, _, err = tx.Threads(parley.Nobody(w.site), story, parley.Newest, parley.Cursor{}, parley.PageThreads)
				for _, text := range tx.Raw().Prepared() {
					if !slices.Contains(known, text) && strings.Contains(text, "FROM passages") {
						asked = append(asked, text)
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return asked, threads
		}
		if asked, _ := page(w.story.ID); len(asked) != 0 {
			t.Errorf("a story without passages asks %q", asked)
		}
		asked, threads := page(talked.ID)
		if len(asked) != 1 || len(threads) != parley.PageThreads {
			t.Errorf("%d threads ask %q, want one statement", len(threads), asked)
		}
		for _, thread := range threads {
			if got, want := thread.Root.Quote, quotes[thread.Root.ID]; got != want || got.Exact == "" || thread.Replies[0].Quote != (parley.Passage{}) {
				t.Errorf("a root wears %+v, want %+v; its reply %+v", got, want, thread.Replies[0].Quote)
			}
		}
		all := view(w, func(tx *store.Tx) ([]parley.Comment, error) {
			return tx.CommentsBy(parley.Nobody(w.site), by.ID, 0, 500)
		})
		for _, c := range all {
			if c.Quote != quotes[c.ID] {
				t.Errorf("in a long list a comment wears %+v, want %+v", c.Quote, quotes[c.ID])
			}
		}
	})
}

// TestThreadsAboutAPassageByPages walks the threads of one passage among others both ways.
func TestThreadsAboutAPassageByPages(t *testing.T) {
	each(t, func(w *world) {
		by := w.reader("By")
		p, other := w.quoted(w.story, "these"), w.quoted(w.story, "those")
		var want []parley.ID
		for range 7 {
			c := w.speak(parley.Published, by, p)
			want = append(want, c.ID)
			w.post(by, c)
			w.speak(parley.Published, by, other)
			w.speak(parley.Held, by, p)
			w.post(by, parley.Comment{})
		}
		for _, newest := range []bool{false, true} {
			var got []parley.ID
			var from parley.Cursor
			for range 10 {
				var threads []parley.Thread
				err := w.s.View(ctx, func(tx *store.Tx) (err error) {
					threads, from, err = tx.ThreadsAbout(parley.Nobody(w.site), p.ID, newest, from, 3)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				for _, thread := range threads {
					got = append(got, thread.Root.ID)
					if len(thread.Replies) != 1 || thread.Root.Quote.Exact != "these" {
						t.Errorf("thread %+v", thread)
					}
				}
				if from.IsZero() {
					break
				}
			}
			if newest {
				slices.Reverse(got)
			}
			if !slices.Equal(got, want) {
				t.Errorf("newest %v: walked %v, want %v", newest, got, want)
			}
		}
	})
}
