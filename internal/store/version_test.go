package store_test

import (
	"slices"
	"testing"

	"parley"
	"parley/internal/store"
)

func TestVersionsAreAdded(t *testing.T) {
	each(t, func(w *world) {
		texts := [][]string{{"One.", "Two, with 'quotes'."}, {"One."}, nil}
		for i, blocks := range texts {
			w.write(func(tx *store.Tx) error {
				_, err := tx.AddVersion(parley.Version{Story: w.story.ID, Number: i + 1, Title: "Title", Blocks: blocks, At: parley.Time(100 * (i + 1))})
				return err
			})
		}
		story := view(w, func(tx *store.Tx) (parley.Story, error) { return tx.Story(parley.Nobody(w.site), w.story.ID) })
		if story.Version != 3 || story.VersionAt != 300 {
			t.Errorf("the story stands at version %d of %d, want 3 of 300", story.Version, story.VersionAt)
		}
		for i, blocks := range texts {
			v := view(w, func(tx *store.Tx) (parley.Version, error) { return tx.Version(w.story.ID, i+1) })
			if !slices.Equal(v.Blocks, blocks) || v.Title != "Title" || v.Number != i+1 || v.Story != w.story.ID || v.At != parley.Time(100*(i+1)) {
				t.Errorf("version %d is %+v, want the blocks %q", i+1, v, blocks)
			}
		}
		all := view(w, func(tx *store.Tx) ([]parley.Version, error) { return tx.Versions(w.story.ID) })
		if len(all) != 3 || all[0].Number != 3 || all[2].Number != 1 || all[2].Blocks != nil || all[2].At != 100 {
			t.Errorf("versions %+v", all)
		}
		err := w.s.View(ctx, func(tx *store.Tx) error {
			_, err := tx.Version(w.story.ID, 4)
			return err
		})
		wantCode(t, err, parley.CodeNotFound)
	})
}

// TestVersionsAreNumberedInOrder adds a version that is not the next.
func TestVersionsAreNumberedInOrder(t *testing.T) {
	each(t, func(w *world) {
		for _, number := range []int{2, 0} {
			err := w.s.Write(ctx, w.story.ID, func(tx *store.Tx) error {
				_, err := tx.AddVersion(parley.Version{Story: w.story.ID, Number: number})
				return err
			})
			wantCode(t, err, parley.CodeBusy)
		}
		if n := w.number(`SELECT count(*) FROM versions`); n != 0 {
			t.Errorf("%d versions were kept", n)
		}
	})
}
