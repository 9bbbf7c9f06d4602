package store_test

import (
	"slices"
	"testing"

	"parley"
	"parley/internal/store"
)

func bundles(w *world, by parley.Reader) []parley.Notice {
	w.Helper()
	return view(w, func(tx *store.Tx) ([]parley.Notice, error) { return tx.Bundles(viewerOf(by)) })
}

func unread(w *world, by parley.Reader) int {
	w.Helper()
	return view(w, func(tx *store.Tx) (int, error) { return tx.CountUnread(viewerOf(by)) })
}

func notices(w *world, by parley.Reader) []parley.Notice {
	w.Helper()
	return view(w, func(tx *store.Tx) ([]parley.Notice, error) { return tx.Notices(viewerOf(by), 0, 100) })
}

func see(w *world, by parley.Reader) {
	w.Helper()
	w.write(func(tx *store.Tx) error { return tx.SeeNotices(viewerOf(by)) })
}

// TestBundlesAreCapped follows a story and a thread in it with more new comments than a bundle counts.
func TestBundlesAreCapped(t *testing.T) {
	each(t, func(w *world) {
		me, author := w.reader("Me"), w.reader("Author")
		root := w.post(author, parley.Comment{})
		w.follow(me, parley.FollowStory, w.story.ID, root.ID)
		w.follow(me, parley.FollowThread, root.ID, root.ID)
		w.follow(me, parley.FollowReader, author.ID, root.ID)
		fill := func(n int) (last parley.Comment) {
			w.write(func(tx *store.Tx) error {
				for range n {
					last = draft(tx, w.story, author, root, parley.Published)
					if err := insert(tx, last); err != nil {
						return err
					}
				}
				return nil
			})
			return last
		}
		for total, more := 0, []int{1, parley.MaxBundle - 2, 1, 1, 50}; len(more) > 0; more = more[1:] {
			total += more[0]
			last := fill(more[0])
			got := bundles(w, me)
			if len(got) != 3 || unread(w, me) != 3 {
				t.Fatalf("%d bundles, %d unread, want 3 each", len(got), unread(w, me))
			}
			for _, n := range got {
				if n.Count != min(total, parley.MaxBundle) || n.Comment != last.ID {
					t.Errorf("%s after %d comments: %+v", n.Kind, total, n)
				}
			}
		}
	})
}

// TestSeeingBundles turns bundles into rows once and starts to count afresh.
func TestSeeingBundles(t *testing.T) {
	each(t, func(w *world) {
		me, author := w.reader("Me"), w.reader("Author")
		w.follow(me, parley.FollowStory, w.story.ID, 0)
		for range 3 {
			w.post(author, parley.Comment{})
		}
		was := bundles(w, me)
		see(w, me)
		see(w, me)
		if n := len(bundles(w, me)); n != 0 || unread(w, me) != 0 {
			t.Errorf("after seeing: %d bundles, %d unread", n, unread(w, me))
		}
		rows := notices(w, me)
		if len(rows) != 1 || rows[0].Count != 3 || !rows[0].Seen || rows[0].ID == 0 || rows[0].Comment != was[0].Comment ||
			rows[0].Kind != parley.NoticeStory || rows[0].Subject != w.story.ID || rows[0].Title != w.story.Title || rows[0].By != author.Byline() {
			t.Errorf("seen bundles became %+v, want one like %+v", rows, was)
		}
		w.post(author, parley.Comment{})
		if again := bundles(w, me); len(again) != 1 || again[0].Count != 1 {
			t.Errorf("one comment later: %+v", again)
		}
	})
}

// TestOwnCommentsAreNoNews writes in everything one follows oneself.
func TestOwnCommentsAreNoNews(t *testing.T) {
	each(t, func(w *world) {
		me, other := w.reader("Me"), w.reader("Other")
		root := w.post(other, parley.Comment{})
		w.follow(me, parley.FollowStory, w.story.ID, root.ID)
		w.follow(me, parley.FollowThread, root.ID, root.ID)
		w.post(me, root)
		w.post(me, parley.Comment{})
		if got := bundles(w, me); len(got) != 0 || unread(w, me) != 0 {
			t.Errorf("own comments brought %+v", got)
		}
		w.post(other, root)
		w.post(me, root)
		for _, n := range bundles(w, me) {
			if n.Count != 1 || n.By.ID != other.ID {
				t.Errorf("one comment of another's between own ones: %+v", n)
			}
		}
	})
}

// TestHeldIsNoNewsUntilItAppears follows a comment from waiting to published to removed.
func TestHeldIsNoNewsUntilItAppears(t *testing.T) {
	each(t, func(w *world) {
		me, author := w.reader("Me"), w.reader("Author")
		w.follow(me, parley.FollowStory, w.story.ID, 0)
		c := w.postAs(parley.Held, author, parley.Comment{})
		if got := bundles(w, me); len(got) != 0 {
			t.Errorf("a held comment is news: %+v", got)
		}
		c = w.move(c, parley.Published)
		if got := bundles(w, me); len(got) != 1 {
			t.Errorf("a published comment is no news: %+v", got)
		}
		w.move(c, parley.Removed)
		if got := bundles(w, me); len(got) != 0 {
			t.Errorf("a removed comment is news: %+v", got)
		}
	})
}

func TestNoticesHaveOneCauseEach(t *testing.T) {
	each(t, func(w *world) {
		me, other := w.reader("Me"), w.reader("Other")
		mine := w.post(me, parley.Comment{})
		var want []parley.ID
		for range 5 {
			answer := w.post(other, mine)
			for twice := range 2 {
				var added bool
				w.write(func(tx *store.Tx) (err error) {
					n := parley.Notice{ID: tx.NewID(), Reader: me.ID, Kind: parley.NoticeReply, Subject: mine.ID, Comment: answer.ID, Count: 1, At: tx.Now}
					added, err = tx.AddNotice(n)
					if added {
						want = append([]parley.ID{n.ID}, want...)
					}
					return err
				})
				if added != (twice == 0) {
					t.Errorf("telling a cause for time %d: added %v", twice+1, added)
				}
			}
		}
		if unread(w, me) != 5 || unread(w, other) != 0 {
			t.Errorf("%d unread, want 5", unread(w, me))
		}
		var walked []parley.ID
		for before := parley.ID(0); ; {
			page := view(w, func(tx *store.Tx) ([]parley.Notice, error) { return tx.Notices(viewerOf(me), before, 2) })
			for _, n := range page {
				walked, before = append(walked, n.ID), n.ID
				if n.Seen || n.Story != w.story.ID || n.By != other.Byline() || n.Title != w.story.Title || n.Count != 1 {
					t.Errorf("notice %+v", n)
				}
			}
			if len(page) < 2 {
				break
			}
		}
		if !slices.Equal(walked, want) {
			t.Errorf("walked %v, want %v", walked, want)
		}
		see(w, me)
		if rows := notices(w, me); unread(w, me) != 0 || len(rows) != 5 || !rows[0].Seen {
			t.Errorf("after seeing: %d unread, %+v", unread(w, me), rows)
		}
		w.silence(me, parley.Mute, other)
		if rows := notices(w, me); len(rows) != 0 {
			t.Errorf("notices of a muted reader: %+v", rows)
		}
	})
}
