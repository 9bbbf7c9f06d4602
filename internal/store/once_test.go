package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// postOnce posts as the verb does: what the key brought before, or a new comment remembered with it.
func postOnce(s *store.Store, story parley.Story, by parley.Reader, key string) (id parley.ID, err error) {
	err = s.Write(ctx, story.ID, func(tx *store.Tx) error {
		if _, id, err = tx.Remembered(by.ID, key); err != nil || id != 0 {
			return err
		}
		c := draft(tx, story, by, parley.Comment{}, parley.Published)
		if err := insert(tx, c); err != nil {
			return err
		}
		id = c.ID
		if fresh, err := tx.Remember(by.ID, key, []byte("request"), c.ID); err != nil || !fresh {
			return fmt.Errorf("remembered before the key was: %w", err)
		}
		return nil
	})
	return id, err
}

func TestOneKeyOneComment(t *testing.T) {
	each(t, func(w *world) {
		author, other := w.reader("Author"), w.reader("Other")
		var wg sync.WaitGroup
		var mu sync.Mutex
		got := map[parley.ID]int{}
		for range 100 {
			wg.Go(func() {
				id, err := postOnce(w.s, w.story, author, "one key")
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				got[id]++
			})
		}
		wg.Wait()
		if n := w.number(`SELECT count(*) FROM comments`); n != 1 || len(got) != 1 || got[0] != 0 {
			t.Errorf("100 requests with one key made %d comments and gave %v", n, got)
		}
		if id, err := postOnce(w.s, w.story, other, "one key"); err != nil || got[id] != 0 {
			t.Errorf("the same key of another reader gave comment %v: %v", id, err)
		}
		if id, err := postOnce(w.s, w.story, author, "One key"); err != nil || got[id] != 0 {
			t.Errorf("another key gave comment %v: %v", id, err)
		}
	})
}

// TestKeysLapse moves the clock to the last moment of a key and past it, swept or not.
func TestKeysLapse(t *testing.T) {
	for _, sweep := range []bool{false, true} {
		eachAt(t, func(w *world, clock *storetest.Clock) {
			author := w.reader("Author")
			post := func() parley.ID {
				if sweep {
					if err := w.s.Sweep(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				id, err := postOnce(w.s, w.story, author, "key")
				if err != nil {
					t.Fatal(err)
				}
				return id
			}
			first := post()
			clock.Advance(parley.KeyLife - time.Millisecond)
			if again := post(); again != first {
				t.Error("the key lapsed early")
			}
			clock.Advance(2 * time.Millisecond)
			second := post()
			if second == first {
				t.Error("the key did not lapse")
			}
			if again := post(); again != second {
				t.Error("a key used again is not remembered")
			}
		})
	}
}

func TestRememberedGivesTheRequest(t *testing.T) {
	each(t, func(w *world) {
		author := w.reader("Author")
		request := []byte{0, 255, '\'', 0, 7}
		for _, c := range []struct {
			request []byte
			fresh   bool
		}{{request, true}, {request, false}, {[]byte("another"), false}} {
			w.write(func(tx *store.Tx) error {
				fresh, err := tx.Remember(author.ID, "key", c.request, 42)
				if fresh != c.fresh {
					t.Errorf("%x is fresh: %v", c.request, fresh)
				}
				return err
			})
		}
		view(w, func(tx *store.Tx) (int, error) {
			got, id, err := tx.Remembered(author.ID, "key")
			if string(got) != string(request) || id != 42 {
				t.Errorf("remembered %x and %d", got, id)
			}
			return 0, err
		})
	})
}

func TestImportsAreRemembered(t *testing.T) {
	each(t, func(w *world) {
		imported := func(site parley.ID, source, kind, id string) parley.ID {
			return view(w, func(tx *store.Tx) (parley.ID, error) { return tx.Imported(site, source, kind, id) })
		}
		remember := func(tx *store.Tx) error { return tx.RememberImport(w.site, "blog", "comment", "7", 42) }
		w.write(remember)
		if got := imported(w.site, "blog", "comment", "7"); got != 42 {
			t.Errorf("the import is remembered as %d", got)
		}
		for name, got := range map[string]parley.ID{
			"site": imported(w.site+1, "blog", "comment", "7"), "source": imported(w.site, "Blog", "comment", "7"),
			"kind": imported(w.site, "blog", "reader", "7"), "id": imported(w.site, "blog", "comment", "07"),
		} {
			if got != 0 {
				t.Errorf("another %s gave %d", name, got)
			}
		}
		if err := w.s.Write(t.Context(), 0, remember); err == nil {
			t.Error("one record was remembered twice")
		}
	})
}
