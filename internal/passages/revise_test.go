package passages_test

import (
	"log/slog"
	"testing"

	"parley"
	"parley/internal/anchor"
	"parley/internal/passages"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// TestARevisionMovesEveryPassage in the transaction that adds the version: what stands elsewhere is found there,
// what was rewritten has changed since and keeps its words, and what became of each is kept.
func TestARevisionMovesEveryPassage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		site := parley.Site{Key: "main", Name: "The Test", BaseURL: "https://forum.test", Passages: true}
		var story parley.ID
		write := func(fn func(tx *store.Tx) error) {
			t.Helper()
			if err := s.Write(t.Context(), 0, fn); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *store.Tx) (err error) {
			if site.ID, err = tx.EnsureSite(site.Key, site.Name); err != nil {
				return err
			}
			story = tx.NewID()
			_, _, err = tx.EnsureStory(parley.Story{ID: story, Site: site.ID, URL: "https://forum.test/wall", Title: "The wall", CreatedAt: tx.Now})
			return err
		})
		verbs := passages.New(s, site, slog.New(slog.DiscardHandler))
		revise := func(want bool, blocks ...string) {
			t.Helper()
			if changed, err := verbs.Revise(t.Context(), story, "The wall", blocks); err != nil || changed != want {
				t.Fatalf("revised: %v, %v, want %v", changed, err, want)
			}
		}
		first := []string{"The wall was built in 1931 by men who had been promised bread.", "It has held ever since, and nobody has thanked it.", "Every spring a diver goes down."}
		revise(true, first...)
		revise(false, " The wall was  built in 1931 by men who had been promised bread.", first[1], first[2]) // white space is no change
		text := anchor.NewText(first...)
		ids := map[string]parley.ID{}
		write(func(tx *store.Tx) error {
			for _, words := range []string{"nobody has thanked it", "promised bread"} {
				place := text.Find(anchor.Quote{Exact: words})
				p := parley.Passage{ID: tx.NewID(), Site: site.ID, Story: story, Exact: words, Start: place.Start, End: place.End, State: parley.PassageFound, Version: 1, CreatedAt: tx.Now}
				ids[words] = p.ID
				if _, _, err := tx.EnsurePassage(p, []byte(words)); err != nil {
					return err
				}
			}
			return nil
		})
		revise(true, "Every spring a diver goes down.", "The wall was built in 1931.", "It has held ever since, and nobody has thanked it.")
		err := s.View(t.Context(), func(tx *store.Tx) error {
			all, err := tx.PassagesForVerb(story)
			now := anchor.NewText("Every spring a diver goes down.", "The wall was built in 1931.", "It has held ever since, and nobody has thanked it.")
			for _, p := range all {
				switch {
				case p.Version != 2:
					t.Errorf("%q was not looked for", p.Exact)
				case p.ID == ids["nobody has thanked it"] && (p.State != parley.PassageFound || now.Slice(p.Start, p.End) != p.Exact):
					t.Errorf("%q stands at %q, %s", p.Exact, now.Slice(p.Start, p.End), p.State)
				case p.ID == ids["promised bread"] && p.State != parley.PassageChanged:
					t.Errorf("%q is gone and called %s", p.Exact, p.State)
				}
				if kept, err := tx.Anchorings(p.ID); err != nil || len(kept) != 1 || kept[0].Version != 2 {
					t.Errorf("of %q is kept %+v, %v", p.Exact, kept, err)
				}
			}
			if len(all) != 2 {
				t.Errorf("%d passages, want 2", len(all))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		changes, err := verbs.Changes(t.Context(), parley.Nobody(site.ID), story)
		if err != nil || len(changes) != 2 || changes[0].Version.Number != 2 || len(changes[1].Paragraphs) != 0 {
			t.Fatalf("%+v, %v", changes, err)
		}
		removed := ""
		for _, paragraph := range changes[0].Paragraphs {
			for _, piece := range paragraph {
				if piece.Kind == passages.Removed {
					removed += piece.Text + "|"
				}
			}
		}
		if removed == "" {
			t.Errorf("nothing was removed: %+v", changes[0])
		}
	})
}
