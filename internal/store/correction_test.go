package store_test

import (
	"testing"

	"parley"
	"parley/internal/store"
)

// suggest adds a correction.
func (w *world) suggest(by parley.Reader, thanks bool) parley.Correction {
	w.Helper()
	var c parley.Correction
	w.write(func(tx *store.Tx) error {
		c = parley.Correction{ID: tx.NewID(), Site: w.site, Story: w.story.ID, Passage: 7, Reader: by.Byline(), Body: "It was Tuesday", Source: "The almanac",
			Thanks: thanks, State: parley.CorrectionOpen, CreatedAt: tx.Now}
		return tx.InsertCorrection(c)
	})
	return c
}

func (w *world) decide(c parley.Correction, by parley.Reader, state parley.CorrectionState) parley.Correction {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		c.State, c.Reply, c.DecidedBy, c.DecidedAt = state, "So it was", by.Byline(), tx.Now
		return tx.DecideCorrection(c)
	})
	return c
}

func TestCorrectionsAreDecidedOnce(t *testing.T) {
	each(t, func(w *world) {
		by, editor := w.reader("By"), w.reader("Editor")
		c := w.suggest(by, true)
		read := func(site parley.ID) (got parley.Correction, err error) {
			err = w.s.View(ctx, func(tx *store.Tx) error {
				got, err = tx.CorrectionForVerb(site, c.ID)
				return err
			})
			return got, err
		}
		if got, err := read(w.site); got != c || err != nil {
			t.Errorf("suggested %+v, read %+v: %v", c, got, err)
		}
		_, err := read(w.site + 1)
		wantCode(t, err, parley.CodeNotFound)
		c = w.decide(c, editor, parley.CorrectionAccepted)
		if got, err := read(w.site); got != c || err != nil {
			t.Errorf("decided %+v, read %+v: %v", c, got, err)
		}
		err = w.s.Write(ctx, 0, func(tx *store.Tx) error {
			again := c
			again.State = parley.CorrectionDeclined
			return tx.DecideCorrection(again)
		})
		wantCode(t, err, parley.CodeBusy)
		if got, _ := read(w.site); got != c {
			t.Errorf("a second decision made it %+v", got)
		}
		checkCounters(w)
	})
}

// TestSeeCorrections has two readers suggest, and asks who sees what while it waits and once it is accepted.
func TestSeeCorrections(t *testing.T) {
	each(t, func(w *world) {
		author, editor, one, two := w.reader("Author"), w.reader("Editor"), w.reader("One"), w.reader("Two")
		impostor := w.reader("Impostor") // says to have the author's address, and has not proved it
		w.write(func(tx *store.Tx) error {
			_, err := tx.Raw().Exec(`UPDATE readers SET email = $1 WHERE id = $2`, author.Email, impostor.ID)
			return err
		})
		w.confirm(author)
		w.story.AuthorEmail = author.Email
		w.write(func(tx *store.Tx) error {
			_, err := tx.DescribeStory(w.story)
			return err
		})
		thanked, shy := w.suggest(one, true), w.suggest(two, false)
		as := func(r parley.Reader, roles parley.Role, desk bool) parley.Viewer {
			return parley.Viewer{Site: r.Site, Reader: r.ID, Roles: roles, Desk: desk}
		}
		elsewhere := as(editor, parley.RoleEditor, true)
		elsewhere.Site++
		viewers := map[string]struct {
			v    parley.Viewer
			want int
		}{
			"nobody": {parley.Nobody(w.site), 0}, "author": {viewerOf(author), 2}, "editor": {as(editor, parley.RoleEditor, false), 2},
			"desk": {as(editor, parley.RoleModerator, true), 2}, "moderator": {as(editor, parley.RoleModerator, false), 0},
			"one": {viewerOf(one), 1}, "two": {viewerOf(two), 1}, "impostor": {viewerOf(impostor), 0}, "another site's editor": {elsewhere, 0},
		}
		for name, c := range viewers {
			got := view(w, func(tx *store.Tx) ([]parley.Correction, error) {
				return tx.Corrections(c.v, w.story.ID, parley.CorrectionOpen, 0, 10)
			})
			if len(got) != c.want {
				t.Errorf("%s sees %d suggestions, want %d", name, len(got), c.want)
			}
		}
		accepted := func() []parley.Correction {
			return view(w, func(tx *store.Tx) ([]parley.Correction, error) { return tx.AcceptedCorrections(w.story.ID, 10) })
		}
		if got := accepted(); len(got) != 0 {
			t.Errorf("accepted while they wait: %+v", got)
		}
		open := func() int {
			return view(w, func(tx *store.Tx) (int, error) { return tx.CountOpenCorrections(one.ID, w.story.ID) })
		}
		waiting := func() []parley.Correction {
			return view(w, func(tx *store.Tx) ([]parley.Correction, error) { return tx.OpenCorrections(w.site, 0, 10) })
		}
		if got := waiting(); open() != 1 || len(got) != 2 || got[0] != shy || got[1] != thanked {
			t.Errorf("one has %d open, the desk sees %+v", open(), got)
		}
		thanked, shy = w.decide(thanked, editor, parley.CorrectionAccepted), w.decide(shy, editor, parley.CorrectionAccepted)
		nameless := shy
		nameless.Reader = parley.Byline{}
		if got := accepted(); len(got) != 2 || got[0] != nameless || got[1] != thanked {
			t.Errorf("accepted: %+v", got)
		}
		if got := waiting(); open() != 0 || len(got) != 0 {
			t.Errorf("decided on, and yet one has %d open, the desk sees %+v", open(), got)
		}
		own := view(w, func(tx *store.Tx) ([]parley.Correction, error) { return tx.CorrectionsBy(two.ID, 0, 10) })
		if len(own) != 1 || own[0] != shy {
			t.Errorf("two suggested %+v", own)
		}
	})
}
