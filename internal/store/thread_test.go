package store_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"parley"
	"parley/internal/store"
)

// TestPagingShowsEveryThreadOnce walks a story in each order, one cursor after another through its text form,
// with many ties in recommendations, while a thread is added before each page.
func TestPagingShowsEveryThreadOnce(t *testing.T) {
	each(t, func(w *world) {
		author := w.reader("Author")
		for _, sort := range parley.Sorts() {
			w.story = w.newStory(w.site)
			before := fillThreads(w, author, 53)
			var walked, during []parley.ID
			for _, limit := range []int{1, 7, 25} { // the page size may change on the way
				during = append(during, w.post(author, parley.Comment{}).ID)
				walked = append(walked, walk(w, sort, walked, limit, 2)...)
			}
			walked = append(walked, walk(w, sort, walked, 7, 100)...)
			seen := map[parley.ID]int{}
			for _, id := range walked {
				seen[id]++
			}
			for _, id := range before {
				if seen[id] != 1 {
					t.Errorf("%s: a thread was shown %d times", sort, seen[id])
				}
			}
			for _, id := range during {
				if seen[id] > 1 || (sort == parley.Oldest && seen[id] != 1) {
					t.Errorf("%s: a thread added on the way was shown %d times", sort, seen[id])
				}
			}
			if want := view(w, func(tx *store.Tx) ([]parley.ID, error) { return ordered(tx, w.story.ID, sort) }); !isSubsequence(walked, want) {
				t.Errorf("%s: the pages are out of order", sort)
			}
		}
	})
}

// fillThreads adds threads that strangers see, among others they do not, with few different counts of
// recommendations, and gives their ids.
func fillThreads(w *world, author parley.Reader, n int) (shown []parley.ID) {
	w.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	w.write(func(tx *store.Tx) error {
		shown = nil
		for len(shown) < n {
			c := draft(tx, w.story, author, parley.Comment{}, states[random.IntN(len(states))])
			if err := insert(tx, c); err != nil {
				return err
			}
			if _, err := tx.Raw().Exec(`UPDATE comments SET recommendations = $1 WHERE id = $2`, random.IntN(4), c.ID); err != nil {
				return err
			}
			if c.State.Shown() {
				shown = append(shown, c.ID)
			}
		}
		return nil
	})
	return shown
}

// walk shows at most pages pages after those already walked.
func walk(w *world, sort parley.Sort, walked []parley.ID, limit, pages int) (more []parley.ID) {
	w.Helper()
	var at parley.Cursor
	if len(walked) > 0 {
		at.ID = walked[len(walked)-1]
		if sort == parley.Recommended {
			at.Key = w.number(`SELECT recommendations FROM comments WHERE id = $1`, at.ID)
		}
	}
	for range pages {
		var threads []parley.Thread
		var next parley.Cursor
		err := w.s.View(ctx, func(tx *store.Tx) (err error) {
			threads, next, err = tx.Threads(parley.Nobody(w.site), w.story.ID, sort, at, limit)
			return err
		})
		if err != nil {
			w.Fatal(err)
		}
		for _, thread := range threads {
			more = append(more, thread.Root.ID)
		}
		if next.IsZero() {
			break
		}
		if len(threads) != limit {
			w.Fatalf("%s: a page of %d has %d threads and a next one", sort, limit, len(threads))
		}
		if at, err = parley.ParseCursor(string(sort), next.Encode(string(sort))); err != nil || at != next {
			w.Fatalf("the cursor %+v came back as %+v: %v", next, at, err)
		}
	}
	return more
}

// ordered gives every thread of a story in order, without pages.
func ordered(tx *store.Tx, story parley.ID, sort parley.Sort) ([]parley.ID, error) {
	by := map[parley.Sort]string{parley.Newest: "id DESC", parley.Oldest: "id", parley.Recommended: "recommendations DESC, id DESC"}[sort]
	rows, err := tx.Raw().Query(`SELECT id FROM comments WHERE story = $1 AND parent = 0 AND state IN ('published', 'removed', 'withdrawn') ORDER BY `+by, story)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []parley.ID
	for rows.Next() {
		var id parley.ID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		all = append(all, id)
	}
	return all, rows.Err()
}

// isSubsequence tells whether part stands in whole in the same order.
func isSubsequence(part, whole []parley.ID) bool {
	for _, id := range whole {
		if len(part) > 0 && part[0] == id {
			part = part[1:]
		}
	}
	return len(part) == 0
}

func TestFirstRepliesAreCapped(t *testing.T) {
	each(t, func(w *world) {
		author := w.reader("Author")
		type want struct {
			shown int
			more  bool
		}
		wants := map[parley.ID]want{}
		for _, n := range []int{0, 1, parley.FirstReplies, parley.FirstReplies + 1, 10} {
			root := w.post(author, parley.Comment{})
			for range n {
				w.post(author, root)
				w.postAs(parley.Held, author, root) // waits, and takes no place
			}
			wants[root.ID] = want{min(n, parley.FirstReplies), n > parley.FirstReplies}
		}
		gone := w.post(author, parley.Comment{})
		w.move(w.post(author, gone), parley.Withdrawn)
		wants[gone.ID] = want{1, false} // its place stays
		for _, sort := range parley.Sorts() {
			threads := view(w, func(tx *store.Tx) ([]parley.Thread, error) {
				threads, _, err := tx.Threads(parley.Nobody(w.site), w.story.ID, sort, parley.Cursor{}, 100)
				return threads, err
			})
			if len(threads) != len(wants) {
				t.Fatalf("%d threads, want %d", len(threads), len(wants))
			}
			for _, thread := range threads {
				if got := (want{len(thread.Replies), thread.More}); got != wants[thread.Root.ID] {
					t.Errorf("a thread of %d replies shows %+v, want %+v", thread.Root.Replies, got, wants[thread.Root.ID])
				}
				if !slices.IsSortedFunc(thread.Replies, func(a, b parley.Comment) int { return int(a.ID - b.ID) }) {
					t.Error("first replies are not in written order")
				}
			}
		}
	})
}

// TestPagesShareTheirStatements shows stories whose threads with and without replies alternate in ever new
// ways: each new way must not be a new statement, which every connection would keep for ever.
func TestPagesShareTheirStatements(t *testing.T) {
	each(t, func(w *world) {
		author := w.reader("Author")
		random := rand.New(rand.NewPCG(3, 4))
		for range 100 {
			if root := w.post(author, parley.Comment{}); random.IntN(2) == 0 {
				w.post(author, root)
			}
		}
		prepared := view(w, func(tx *store.Tx) (n int, err error) {
			before := len(tx.Raw().Prepared())
			var at parley.Cursor
			for range 60 {
				if _, at, err = tx.Threads(parley.Nobody(w.site), w.story.ID, parley.Newest, at, 1+random.IntN(12)); err != nil {
					return 0, err
				}
			}
			return len(tx.Raw().Prepared()) - before, nil
		})
		if prepared > 4 {
			t.Errorf("60 pages prepared %d statements", prepared)
		}
	})
}

// TestDeepChain answers one comment a thousand times over, each answer under the one before.
func TestDeepChain(t *testing.T) {
	const depth, nearest = 1000, 50
	each(t, func(w *world) {
		author := w.reader("Author")
		root := w.post(author, parley.Comment{})
		chain := []parley.Comment{root}
		w.write(func(tx *store.Tx) error {
			chain = chain[:1]
			for len(chain) < depth {
				c := draft(tx, w.story, author, chain[len(chain)-1], parley.Published)
				if err := insert(tx, c); err != nil {
					return err
				}
				chain = append(chain, c)
			}
			return nil
		})
		deepest := chain[depth-1]
		if deepest.Depth != depth {
			t.Fatalf("the deepest comment lies at %d", deepest.Depth)
		}
		up := view(w, func(tx *store.Tx) ([]parley.Comment, error) { return tx.Ancestors(parley.Nobody(w.site), deepest) })
		if want := ids(chain[depth-1-nearest : depth-1]); !slices.Equal(ids(up), want) {
			t.Errorf("%d ancestors, want the nearest %d in written order", len(up), nearest)
		}
		short := view(w, func(tx *store.Tx) ([]parley.Comment, error) { return tx.Ancestors(parley.Nobody(w.site), chain[5]) })
		if !slices.Equal(ids(short), ids(chain[1:5])) {
			t.Errorf("ancestors %v, want those between the root and the comment", ids(short))
		}
		if none := view(w, func(tx *store.Tx) ([]parley.Comment, error) { return tx.Ancestors(parley.Nobody(w.site), root) }); len(none) > 0 {
			t.Errorf("a root has ancestors %v", ids(none))
		}
		if got := walkReplies(w, root.ID, 37); !slices.Equal(got, ids(chain[1:])) {
			t.Errorf("paging gave %d replies, want %d in order", len(got), depth-1)
		}
	})
}

// TestRepliesPageByPage answers at random places and walks the thread with every page size around its end.
func TestRepliesPageByPage(t *testing.T) {
	each(t, func(w *world) {
		author := w.reader("Author")
		root := w.post(author, parley.Comment{})
		random := rand.New(rand.NewPCG(5, 6))
		all := []parley.Comment{root}
		for range 40 {
			all = append(all, w.post(author, all[random.IntN(len(all))]))
		}
		for _, limit := range []int{1, 3, 39, 40, 41} {
			got := walkReplies(w, root.ID, limit)
			if !slices.Equal(got, ids(all[1:])) {
				t.Errorf("pages of %d gave %d replies, want 40 in written order", limit, len(got))
			}
		}
		replies := view(w, func(tx *store.Tx) ([]parley.Comment, error) {
			replies, _, err := tx.Replies(parley.Nobody(w.site), root.ID, 0, 100)
			return replies, err
		})
		known := map[parley.ID]bool{root.ID: true}
		for _, c := range replies {
			if !known[c.Parent] {
				t.Error("a reply stands before what it answers")
			}
			known[c.ID] = true
		}
	})
}

func walkReplies(w *world, root parley.ID, limit int) (all []parley.ID) {
	w.Helper()
	var after parley.ID
	for more := true; more; {
		var page []parley.Comment
		view(w, func(tx *store.Tx) (_ int, err error) {
			page, more, err = tx.Replies(parley.Nobody(w.site), root, after, limit)
			return 0, err
		})
		if more && len(page) != limit || len(page) > limit {
			w.Fatalf("a page of %d has %d replies, more: %v", limit, len(page), more)
		}
		all = append(all, ids(page)...)
		if len(page) > 0 {
			after = page[len(page)-1].ID
		}
	}
	return all
}

func TestListsByIDAreBounded(t *testing.T) {
	each(t, func(w *world) {
		author := w.reader("Author")
		var all []parley.ID
		for range 9 {
			all = append(all, w.post(author, parley.Comment{}).ID)
		}
		held := w.postAs(parley.Held, author, parley.Comment{})
		backwards := slices.Clone(all)
		slices.Reverse(backwards)
		nobody, own := parley.Nobody(w.site), viewerOf(author)
		for name, c := range map[string]struct {
			got  func(tx *store.Tx) ([]parley.Comment, error)
			want []parley.ID
		}{
			"new, a few":     {func(tx *store.Tx) ([]parley.Comment, error) { return tx.NewComments(nobody, w.story.ID, all[2], 3) }, all[3:6]},
			"new, the rest":  {func(tx *store.Tx) ([]parley.Comment, error) { return tx.NewComments(nobody, w.story.ID, all[6], 100) }, all[7:]},
			"new, none":      {func(tx *store.Tx) ([]parley.Comment, error) { return tx.NewComments(nobody, w.story.ID, all[8], 100) }, nil},
			"by, newest":     {func(tx *store.Tx) ([]parley.Comment, error) { return tx.CommentsBy(nobody, author.ID, 0, 4) }, backwards[:4]},
			"by, further":    {func(tx *store.Tx) ([]parley.Comment, error) { return tx.CommentsBy(nobody, author.ID, all[5], 100) }, backwards[4:]},
			"own, newer":     {func(tx *store.Tx) ([]parley.Comment, error) { return tx.OwnComments(own, w.story.ID, all[6], 100) }, []parley.ID{held.ID, all[8], all[7]}},
			"own, a few":     {func(tx *store.Tx) ([]parley.Comment, error) { return tx.OwnComments(own, w.story.ID, 0, 2) }, []parley.ID{held.ID, all[8]}},
			"own, elsewhere": {func(tx *store.Tx) ([]parley.Comment, error) { return tx.OwnComments(own, 1, 0, 100) }, nil},
			"threads of none": {func(tx *store.Tx) ([]parley.Comment, error) {
				threads, _, err := tx.Threads(nobody, 1, parley.Newest, parley.Cursor{}, 10)
				return everything(threads), err
			}, nil},
		} {
			if got := ids(view(w, c.got)); !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
	})
}
