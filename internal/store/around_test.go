package store_test

import (
	"slices"
	"testing"

	"parley"
	"parley/internal/store"
)

func TestRepliesBefore(t *testing.T) {
	each(t, func(w *world) {
		author := w.reader("Author")
		root := w.post(author, parley.Comment{})
		var all []parley.ID
		for range 7 {
			all = append(all, w.post(author, root).ID)
		}
		held := w.postAs(parley.Held, author, root)
		before := func(id parley.ID, limit int) (got []parley.ID, more bool) {
			view(w, func(tx *store.Tx) (_ int, err error) {
				var page []parley.Comment
				page, more, err = tx.RepliesBefore(parley.Nobody(w.site), root.ID, id, limit)
				got = ids(page)
				return 0, err
			})
			return got, more
		}
		for _, tt := range []struct {
			id    parley.ID
			limit int
			want  []parley.ID
			more  bool
		}{
			{all[6], 3, all[3:6], true},
			{all[3], 3, all[:3], false},
			{all[1], 3, all[:1], false},
			{all[0], 3, nil, false},
			{held.ID + 1, 3, all[4:], true},
		} {
			if got, more := before(tt.id, tt.limit); !slices.Equal(got, tt.want) || more != tt.more {
				t.Errorf("before %d: %v, more %v; want %v, %v", tt.id, got, more, tt.want, tt.more)
			}
		}
	})
}

func TestLatestComments(t *testing.T) {
	each(t, func(w *world) {
		author := w.reader("Author")
		first := w.post(author, parley.Comment{})
		gone := w.move(w.post(author, first), parley.Withdrawn)
		second := w.post(author, gone)
		w.postAs(parley.Held, author, parley.Comment{})
		w.postIn(w.newStory(w.site), parley.Published, author, parley.Comment{})
		latest := func(limit int) []parley.ID {
			return ids(view(w, func(tx *store.Tx) ([]parley.Comment, error) {
				return tx.LatestComments(parley.Nobody(w.site), w.story.ID, limit)
			}))
		}
		if got := latest(5); !slices.Equal(got, []parley.ID{second.ID, first.ID}) {
			t.Errorf("the latest are %v", got)
		}
		if got := latest(1); !slices.Equal(got, []parley.ID{second.ID}) {
			t.Errorf("the latest one is %v", got)
		}
	})
}
