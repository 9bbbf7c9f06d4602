package store_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"parley"
	"parley/internal/store"
)

// TestParallelRecommendations lets one reader and many readers press at once.
func TestParallelRecommendations(t *testing.T) {
	each(t, func(w *world) {
		author := w.reader("Author")
		readers := w.readers(20)
		c := w.post(author, parley.Comment{})
		press := func(by parley.Reader, on bool) (changed bool) {
			err := w.s.Write(t.Context(), c.Story, func(tx *store.Tx) (err error) {
				mark := tx.Recommend
				if !on {
					mark = tx.Unrecommend
				}
				_, changed, err = mark(c, by.ID)
				return err
			})
			if err != nil {
				t.Error(err)
			}
			return changed
		}
		var wg sync.WaitGroup
		var took atomic.Int64
		for i := range 200 {
			wg.Go(func() {
				if press(readers[0], true) {
					took.Add(1)
				}
				press(readers[i%len(readers)], i%3 > 0)
			})
		}
		wg.Wait()
		if took.Load() == 0 {
			t.Error("no call changed anything")
		}
		checkCounters(w)
		for _, r := range readers {
			press(r, true)
		}
		if n := w.number(`SELECT recommendations FROM comments WHERE id = $1`, c.ID); n != int64(len(readers)) {
			t.Errorf("%d readers recommend, counted %d", len(readers), n)
		}
		for _, r := range readers {
			if press(r, true) || !press(r, false) || press(r, false) {
				t.Fatal("a mark was set twice, or taken back twice")
			}
		}
		if n := w.number(`SELECT recommendations FROM comments WHERE id = $1`, c.ID); n != 0 {
			t.Errorf("nobody recommends, counted %d", n)
		}
		checkCounters(w)
	})
}

// TestRecommendationsMakeStoriesStale follows the mark that asks for the pages to be raised.
func TestRecommendationsMakeStoriesStale(t *testing.T) {
	each(t, func(w *world) {
		by := w.reader("By")
		c := w.post(w.reader("Author"), parley.Comment{})
		stale := func() int {
			return len(view(w, func(tx *store.Tx) ([]parley.Story, error) { return tx.StaleStories(10) }))
		}
		if stale() != 0 {
			t.Error("a story is stale before anything was recommended")
		}
		revision := w.number(`SELECT revision FROM stories WHERE id = $1`, c.Story)
		for range 2 { // the second changes nothing
			w.write(func(tx *store.Tx) error {
				_, _, err := tx.Recommend(c, by.ID)
				return err
			})
			if stale() != 1 {
				t.Error("the story is not stale")
			}
		}
		if w.number(`SELECT revision FROM stories WHERE id = $1`, c.Story) != revision {
			t.Error("a recommendation alone raised the revision")
		}
		raise := func(tx *store.Tx) error {
			_, err := tx.Raise(c.Story)
			return err
		}
		w.write(raise)
		if stale() != 0 {
			t.Error("the story is stale after its revision was raised")
		}
		w.write(func(tx *store.Tx) error {
			_, _, err := tx.Recommend(c, by.ID)
			return err
		})
		if stale() != 0 {
			t.Error("a mark that was there already made the story stale")
		}
	})
}

func TestReports(t *testing.T) {
	each(t, func(w *world) {
		c := w.post(w.reader("Author"), parley.Comment{})
		readers := w.readers(50)
		save := func(by parley.Reader, note string) (first bool) {
			err := w.s.Write(t.Context(), c.Story, func(tx *store.Tx) (err error) {
				first, err = tx.SaveReport(parley.Report{ID: tx.NewID(), Comment: c.ID, Reader: by.ID, Reason: parley.ReasonSpam, Note: note, At: tx.Now})
				return err
			})
			if err != nil {
				t.Error(err)
			}
			return first
		}
		var wg sync.WaitGroup
		var firsts atomic.Int64
		for i := range 100 {
			wg.Go(func() {
				if save(readers[i%len(readers)], "words") {
					firsts.Add(1)
				}
			})
		}
		wg.Wait()
		n := view(w, func(tx *store.Tx) (int, error) { return tx.CountReports(c.ID) })
		if n != len(readers) || firsts.Load() != int64(n) {
			t.Errorf("%d readers reported twice each: %d reports, %d were first ones", len(readers), n, firsts.Load())
		}
		save(readers[0], "other words")
		if w.number(`SELECT count(*) FROM reports WHERE note = 'other words' AND reader = $1`, readers[0].ID) != 1 {
			t.Error("a second report did not replace the first")
		}
	})
}

func TestDecisions(t *testing.T) {
	each(t, func(w *world) {
		c := w.post(w.reader("Author"), parley.Comment{})
		var want parley.Decision
		w.write(func(tx *store.Tx) error {
			want = parley.Decision{ID: tx.NewID(), Comment: c.ID, Moderator: c.Author.ID, Action: parley.ActionRemove, Reason: parley.ReasonHate,
				Note: "Please stay with the matter.", From: parley.Published, To: parley.Removed, At: tx.Now}
			return tx.InsertDecision(want)
		})
		if got := view(w, func(tx *store.Tx) (parley.Decision, error) { return tx.Decision(want.ID) }); got != want {
			t.Errorf("read %+v, saved %+v", got, want)
		}
		err := w.s.Read(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Decision(want.ID + 1)
			return err
		})
		wantCode(t, err, parley.CodeNotFound)
	})
}
