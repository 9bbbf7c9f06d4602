package identity

import (
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestImportTwiceAddsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := pastService(t, db)
		since := parley.TimeOf(time.Date(2019, 5, 4, 3, 2, 1, 0, time.UTC))
		past := []Past{
			{Source: "old", SourceID: "1", Name: "Ada  Lum", Email: "ada@example.com", Roles: parley.RoleAuthor, Since: since},
			{Source: "old", SourceID: "2", Name: "ADA LUM", Since: since},
		}
		first, err := s.Import(t.Context(), past)
		if err != nil || len(first) != 2 || !first[0].Made || !first[1].Made || first[0].ID == first[1].ID {
			t.Fatalf("the first import gives %+v (%v)", first, err)
		}
		again, err := s.Import(t.Context(), past)
		if err != nil || again[0].ID != first[0].ID || again[1].ID != first[1].ID || again[0].Made || again[1].Made {
			t.Errorf("the second import gives %+v (%v), want %+v without Made", again, err, first)
		}
		for i, want := range []string{"Ada Lum", "ADA LUM"} {
			r := pastReader(t, s, first[i].ID)
			if r.Name != want || r.Confirmed() || r.CreatedAt != since || r.Email != past[i].Email || r.Roles != past[i].Roles {
				t.Errorf("reader %d became %+v", i, r)
			}
		}
		if _, _, err := s.Register(t.Context(), Registration{Name: "ada lum", Email: "a@example.com", Password: "four wet geese on a roof"}); parley.CodeOf(err) != parley.CodeNameTaken {
			t.Errorf("a name of the past was given again: %v", err)
		}
		if _, err := s.Import(t.Context(), []Past{{Source: "old", SourceID: "3", Name: "Bo", Since: since}, {Source: "old", SourceID: "4", Name: "x"}}); parley.CodeOf(err) != parley.CodeNameInvalid {
			t.Errorf("a name of one letter: %v", err)
		}
		if third, err := s.Import(t.Context(), []Past{{Source: "old", SourceID: "3", Name: "Bo", Since: since}}); err != nil || !third[0].Made {
			t.Errorf("a refused import left something behind: %+v (%v)", third, err)
		}
	})
}

func TestImportOfAProvedAddress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := pastService(t, db)
		since := parley.TimeOf(time.Date(2019, 5, 4, 3, 2, 1, 0, time.UTC))
		made, err := s.Import(t.Context(), []Past{
			{Source: "old", SourceID: "1", Name: "Ada Lum", Email: "ada@example.com", Confirmed: true, Since: since},
			{Source: "old", SourceID: "2", Name: "Bo Ek", Email: "ada@example.com", Confirmed: true, Since: since},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range made {
			if r := pastReader(t, s, one.ID); !r.Confirmed() || r.Email != "" {
				t.Errorf("made %+v, want a reader who counts and holds no address here", r)
			}
		}
		if _, _, err := s.Register(t.Context(), Registration{Name: "Ada", Email: "ada@example.com", Password: "four wet geese on a roof"}); err != nil {
			t.Errorf("the address is taken: %v", err)
		}
	})
}

func TestCreateSince(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := pastService(t, db)
		since := parley.TimeOf(time.Now().Add(-1000 * time.Hour))
		given := Registration{Name: "Ada Lum", Email: "ada@example.com", Password: "four wet geese on a roof"}
		made, err := s.CreateSince(t.Context(), given, parley.RoleEditor, since)
		if err != nil {
			t.Fatal(err)
		}
		r := pastReader(t, s, made.ID)
		if r.CreatedAt != since || r.ConfirmedAt != since || r.Roles != parley.RoleEditor {
			t.Errorf("made %+v, want it since %d", r, since)
		}
	})
}

func pastService(t *testing.T, db *store.Store) *Service {
	t.Helper()
	site := parley.Site{Key: "main", Name: "The Ledger", BaseURL: "http://localhost:1", Language: "en"}
	err := db.Write(t.Context(), 0, func(tx *store.Tx) (err error) {
		site.ID, err = tx.EnsureSite(site.Key, site.Name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return New(db, site, Options{})
}

func pastReader(t *testing.T, s *Service, id parley.ID) (r parley.Reader) {
	t.Helper()
	err := s.store.View(t.Context(), func(tx *store.Tx) (err error) {
		r, err = tx.ReaderForVerb(s.site.ID, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}
