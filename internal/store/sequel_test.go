package store_test

import (
	"testing"

	"parley"
	"parley/internal/store"
)

func TestSequelsStandByDay(t *testing.T) {
	each(t, func(w *world) {
		editor := w.reader("Editor")
		added := map[parley.Time]parley.Sequel{}
		for _, day := range []parley.Time{200, 300, 100} {
			w.write(func(tx *store.Tx) error {
				added[day] = parley.Sequel{ID: tx.NewID(), Site: w.site, Story: w.story.ID, Later: 7, URL: "https://news.example/later", Title: "Later",
					Note: "It rained", Day: day, Editor: editor.ID, At: tx.Now}
				return tx.InsertSequel(added[day])
			})
		}
		list := func() []parley.Sequel {
			return view(w, func(tx *store.Tx) ([]parley.Sequel, error) { return tx.Sequels(w.story.ID) })
		}
		if got := list(); len(got) != 3 || got[0] != added[300] || got[1] != added[200] || got[2] != added[100] {
			t.Errorf("sequels %+v", got)
		}
		end := func(site parley.ID) error {
			return w.s.Write(ctx, 0, func(tx *store.Tx) error {
				story, err := tx.EndSequel(site, added[300].ID, tx.Now)
				if err == nil && story != w.story.ID {
					t.Errorf("it stood at %d, want %d", story, w.story.ID)
				}
				return err
			})
		}
		wantCode(t, end(w.site+1), parley.CodeNotFound)
		wantCode(t, end(w.site), "")
		wantCode(t, end(w.site), parley.CodeNotFound)
		if got := list(); len(got) != 2 || got[0] != added[200] {
			t.Errorf("after one was taken off: %+v", got)
		}
		checkCounters(w)
	})
}
