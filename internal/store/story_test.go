package store_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"parley"
	"parley/internal/store"
)

// TestStoriesAreMadeOnce lets many first writers meet at one address.
func TestStoriesAreMadeOnce(t *testing.T) {
	each(t, func(w *world) {
		var wg sync.WaitGroup
		var made atomic.Int64
		var mu sync.Mutex
		got := map[parley.ID]bool{}
		for i := range 50 {
			wg.Go(func() {
				var story parley.Story
				var mine bool
				err := w.s.Write(t.Context(), 0, func(tx *store.Tx) (err error) {
					story, mine, err = tx.EnsureStory(parley.Story{ID: tx.NewID(), Site: w.site, URL: "https://news.example/race", Title: fmt.Sprint("Title ", i), CreatedAt: tx.Now})
					return err
				})
				if err != nil {
					t.Error(err)
				}
				if mine {
					made.Add(1)
				}
				mu.Lock()
				defer mu.Unlock()
				got[story.ID] = true
			})
		}
		wg.Wait()
		if made.Load() != 1 || len(got) != 1 {
			t.Errorf("%d stories made, %d given", made.Load(), len(got))
		}
	})
}

func TestSitesAreMadeOnce(t *testing.T) {
	each(t, func(w *world) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		got := map[parley.ID]bool{}
		for range 20 {
			wg.Go(func() {
				var id parley.ID
				err := w.s.Write(t.Context(), 0, func(tx *store.Tx) (err error) {
					id, err = tx.EnsureSite("second", "Second")
					return err
				})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				got[id] = true
			})
		}
		wg.Wait()
		if len(got) != 1 || got[w.site] {
			t.Errorf("sites %v, the first is %d", got, w.site)
		}
		var again parley.ID
		w.write(func(tx *store.Tx) (err error) {
			again, err = tx.EnsureSite("main", "A new name")
			return err
		})
		if again != w.site || w.number(`SELECT count(*) FROM sites WHERE name = 'A new name'`) != 1 {
			t.Error("a site that is there was made again or kept its old name")
		}
	})
}

func TestStoriesBelongToOneSite(t *testing.T) {
	each(t, func(w *world) {
		var abroad parley.ID
		w.write(func(tx *store.Tx) (err error) {
			abroad, err = tx.EnsureSite("abroad", "Abroad")
			return err
		})
		here := parley.Nobody(w.site)
		theirs := w.newStory(abroad)
		for name, ask := range map[string]func(tx *store.Tx) (parley.Story, error){
			"by id":  func(tx *store.Tx) (parley.Story, error) { return tx.Story(here, theirs.ID) },
			"by URL": func(tx *store.Tx) (parley.Story, error) { return tx.StoryByURL(here, theirs.URL) },
			"no id":  func(tx *store.Tx) (parley.Story, error) { return tx.Story(here, 1) },
		} {
			err := w.s.Read(t.Context(), func(tx *store.Tx) error {
				_, err := ask(tx)
				return err
			})
			if parley.CodeOf(err) != parley.CodeNotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		found := view(w, func(tx *store.Tx) (map[parley.ID]parley.Story, error) {
			return tx.StoriesByID(here, []parley.ID{w.story.ID, theirs.ID, 1, w.story.ID})
		})
		if len(found) != 1 || found[w.story.ID] != w.story {
			t.Errorf("stories by id: %+v", found)
		}
	})
}

func TestDescribeAndClose(t *testing.T) {
	each(t, func(w *world) {
		want := w.story
		want.Title, want.Section, want.PublishedAt = "Another title", "Opinion", 12345
		w.write(func(tx *store.Tx) (err error) {
			if want.Revision, err = tx.DescribeStory(want); err != nil {
				return err
			}
			want.Revision, err = tx.CloseStory(want.ID, 777)
			want.ClosedAt = 777
			return err
		})
		get := func() parley.Story {
			return view(w, func(tx *store.Tx) (parley.Story, error) { return tx.StoryByURL(parley.Nobody(w.site), w.story.URL) })
		}
		if got := get(); got != want || !got.Closed() {
			t.Errorf("story %+v, want %+v", got, want)
		}
		w.write(func(tx *store.Tx) error {
			_, err := tx.CloseStory(want.ID, 0)
			return err
		})
		if get().Closed() {
			t.Error("the story did not open again")
		}
	})
}

func TestStoriesOf(t *testing.T) {
	each(t, func(w *world) {
		author, other := w.reader("Author"), w.reader("Other")
		second := w.newStory(w.site)
		w.post(author, parley.Comment{})
		w.post(author, parley.Comment{})
		w.postIn(second, parley.Held, author, parley.Comment{})
		w.postIn(w.newStory(w.site), parley.Published, other, parley.Comment{})
		got := view(w, func(tx *store.Tx) ([]parley.ID, error) { return tx.StoriesOf(author.ID) })
		if len(got) != 2 || got[0] == got[1] || got[0]+got[1] != w.story.ID+second.ID {
			t.Errorf("stories %v, want %d and %d", got, w.story.ID, second.ID)
		}
	})
}

// TestStoriesKeepWhatIsKnown makes a story, describes and switches it.
func TestStoriesKeepWhatIsKnown(t *testing.T) {
	each(t, func(w *world) {
		want := parley.Story{Site: w.site, URL: "https://news.example/known", Title: "Title", Section: "Section", CreatedAt: 5, PublishedAt: 4, WrittenAt: 3,
			AuthorEmail: "author@example.org", PassagesOff: true, Revision: 1}
		w.write(func(tx *store.Tx) error {
			want.ID = tx.NewID()
			got, made, err := tx.EnsureStory(want)
			if err == nil && (!made || got != want) {
				t.Errorf("made %v: %+v, want %+v", made, got, want)
			}
			return err
		})
		w.write(func(tx *store.Tx) (err error) {
			want.Title, want.WrittenAt, want.AuthorEmail = "Other title", 2, "other@example.org"
			want.Revision, err = tx.DescribeStory(want)
			return err
		})
		w.write(func(tx *store.Tx) (err error) {
			want.PassagesOff, want.QuestionsOff = false, true
			want.Revision, err = tx.SwitchStory(want.ID, false, true)
			return err
		})
		if got := view(w, func(tx *store.Tx) (parley.Story, error) { return tx.Story(parley.Nobody(w.site), want.ID) }); got != want || got.Revision != 3 {
			t.Errorf("got %+v, want %+v", got, want)
		}
		err := w.s.Write(ctx, 0, func(tx *store.Tx) error {
			_, err := tx.SwitchStory(1, true, true)
			return err
		})
		wantCode(t, err, parley.CodeNotFound)
	})
}

func TestNewestStories(t *testing.T) {
	each(t, func(w *world) {
		// The first was published long before it was made here, and the second before 1970.
		old, older := w.open("https://news.example/old", 1_000_000), w.open("https://news.example/older", -1_000_000)
		second := w.open("https://news.example/second", 0)
		third := w.open("https://news.example/third", 0)
		want := []parley.ID{third, second, w.story.ID, old, older}
		err := w.s.View(t.Context(), func(tx *store.Tx) error {
			var got []parley.ID
			for after := parley.ID(0); len(got) < 10; {
				found, err := tx.NewestStories(parley.Nobody(w.site), after, 2)
				if err != nil {
					return err
				}
				if len(found) == 0 {
					break
				}
				for _, story := range found {
					got = append(got, story.ID)
					after = story.ID
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("the order is %v, want %v", got, want)
			}
			elsewhere, err := tx.NewestStories(parley.Nobody(w.site+1), 0, 10)
			if err != nil || len(elsewhere) != 0 {
				t.Errorf("another site sees %d, %v", len(elsewhere), err)
			}
			if _, err = tx.NewestStories(parley.Nobody(w.site+1), third, 10); parley.CodeOf(err) != parley.CodeNotFound {
				t.Errorf("another site goes on after a story that is not its own: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// open makes a story that was published at a moment, or nobody knows when.
func (w *world) open(url string, published parley.Time) (id parley.ID) {
	w.Helper()
	err := w.s.Write(w.Context(), 0, func(tx *store.Tx) error {
		story, _, err := tx.EnsureStory(parley.Story{ID: tx.NewID(), Site: w.site, URL: url, Title: url, CreatedAt: tx.Now, PublishedAt: published})
		id = story.ID
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return id
}
