package store_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"parley"
	"parley/internal/store"
)

func (w *world) readerNow(id parley.ID) parley.Reader {
	w.Helper()
	return view(w, func(tx *store.Tx) (parley.Reader, error) { return tx.ReaderForVerb(w.site, id) })
}

func TestReadersComeBackAsTheyWere(t *testing.T) {
	each(t, func(w *world) {
		want := parley.Reader{Site: w.site, Name: "Zoë O’Brien-Łukasz", Email: "zoe@example.org", ConfirmedAt: 5, Roles: parley.RoleAuthor | parley.RoleEditor, Hidden: true, CreatedAt: 7}
		w.write(func(tx *store.Tx) error {
			want.ID = tx.NewID()
			_, err := tx.InsertReader(want, "zoe")
			return err
		})
		if got := w.readerNow(want.ID); got != want {
			t.Errorf("read %+v, saved %+v", got, want)
		}
		w.write(func(tx *store.Tx) error {
			if err := tx.HideProfile(want.ID, false); err != nil {
				return err
			}
			return tx.GiveRoles(want.ID, parley.RoleModerator)
		})
		want.Hidden, want.Roles = false, parley.RoleModerator
		if got := w.readerNow(want.ID); got != want {
			t.Errorf("after changes %+v, want %+v", got, want)
		}
		err := w.s.Read(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ReaderForVerb(w.site+1, want.ID)
			return err
		})
		wantCode(t, err, parley.CodeNotFound)
	})
}

// TestNamesAreTakenOnce lets many register with one name, on two sites.
func TestNamesAreTakenOnce(t *testing.T) {
	each(t, func(w *world) {
		var abroad parley.ID
		w.write(func(tx *store.Tx) (err error) {
			abroad, err = tx.EnsureSite("abroad", "Abroad")
			return err
		})
		var wg sync.WaitGroup
		var got atomic.Int64
		for i := range 40 {
			wg.Go(func() {
				var taken bool
				err := w.s.Write(t.Context(), 0, func(tx *store.Tx) (err error) {
					taken, err = tx.InsertReader(parley.Reader{ID: tx.NewID(), Site: []parley.ID{w.site, abroad}[i%2], Name: "Ann", CreatedAt: tx.Now}, "ann")
					return err
				})
				if err != nil {
					t.Error(err)
				}
				if !taken {
					got.Add(1)
				}
			})
		}
		wg.Wait()
		if got.Load() != 2 {
			t.Errorf("one name on two sites was given %d times, want twice", got.Load())
		}
	})
}

// TestNamesComeFree frees a name only when its account never wrote, was never confirmed and has no session.
func TestNamesComeFree(t *testing.T) {
	each(t, func(w *world) {
		register := func(confirmed parley.Time) (r parley.Reader, taken bool) {
			w.write(func(tx *store.Tx) (err error) {
				r = parley.Reader{ID: tx.NewID(), Site: w.site, Name: "Ann", ConfirmedAt: confirmed, CreatedAt: tx.Now}
				taken, err = tx.InsertReader(r, "ann")
				return err
			})
			return r, taken
		}
		free := func(r parley.Reader) { w.write(func(tx *store.Tx) error { return tx.FreeName(r.ID) }) }
		first, _ := register(0)
		if _, taken := register(0); !taken {
			t.Fatal("a name was given twice")
		}
		free(first)
		second, taken := register(0)
		if taken {
			t.Fatal("a freed name is still taken")
		}
		w.write(func(tx *store.Tx) error {
			return tx.InsertSession(store.Session{Token: []byte("t"), Site: w.site, Reader: second.ID, Scope: store.ScopeReader, ExpiresAt: tx.Now + 1})
		})
		free(second)
		if _, taken := register(0); !taken {
			t.Error("the name of a signed-in account was freed")
		}
		w.write(func(tx *store.Tx) error { return tx.EndSessions(second.ID) })
		w.postAs(parley.Held, second, parley.Comment{})
		free(second)
		if _, taken := register(0); !taken {
			t.Error("the name of an account that wrote was freed")
		}
	})
}

// TestAddressesBelongToWhoConfirms lets several accounts wait for one address.
func TestAddressesBelongToWhoConfirms(t *testing.T) {
	each(t, func(w *world) {
		const address = "shared@example.org"
		byAddress := func() (parley.Reader, error) {
			var r parley.Reader
			err := w.s.Read(t.Context(), func(tx *store.Tx) (err error) {
				r, err = tx.ReaderByAddress(w.site, address)
				return err
			})
			return r, err
		}
		var waiting []parley.Reader
		w.write(func(tx *store.Tx) error {
			waiting = nil
			for _, name := range []string{"One", "Two", "Three"} {
				r := parley.Reader{ID: tx.NewID(), Site: w.site, Name: name, Email: address, CreatedAt: tx.Now}
				if taken, err := tx.InsertReader(r, name); err != nil || taken {
					t.Fatalf("taken %v: %v", taken, err)
				}
				waiting = append(waiting, r)
			}
			return nil
		})
		if _, err := byAddress(); parley.CodeOf(err) != parley.CodeNotFound {
			t.Errorf("an address nobody confirmed belongs to somebody: %v", err)
		}
		var done atomic.Int64
		var wg sync.WaitGroup
		for _, r := range slices.Repeat(waiting, 5) {
			wg.Go(func() {
				var mine bool
				err := w.s.Write(t.Context(), 0, func(tx *store.Tx) (err error) {
					mine, err = tx.ConfirmAddress(r)
					return err
				})
				if err != nil {
					t.Error(err)
				}
				if mine {
					done.Add(1)
				}
			})
		}
		wg.Wait()
		owner, err := byAddress()
		if err != nil || done.Load() != 1 || !owner.Confirmed() {
			t.Errorf("one address was confirmed %d times and belongs to %+v: %v", done.Load(), owner, err)
		}
	})
}

func TestHeldByAndRoles(t *testing.T) {
	each(t, func(w *world) {
		author := w.reader("Author")
		var want []parley.ID
		for range 3 {
			w.post(author, parley.Comment{})
			want = append(want, w.postAs(parley.Held, author, parley.Comment{}).ID)
			w.postAs(parley.Refused, author, parley.Comment{})
		}
		if got := view(w, func(tx *store.Tx) ([]parley.ID, error) { return tx.HeldBy(author.ID) }); !slices.Equal(got, want) {
			t.Errorf("held %v, want %v", got, want)
		}
		any := func(role parley.Role) bool {
			return view(w, func(tx *store.Tx) (bool, error) { return tx.AnyWithRole(w.site, role) })
		}
		all := []parley.Role{parley.RoleAuthor, parley.RoleEditor, parley.RoleModerator, parley.RoleAdministrator}
		for _, given := range []parley.Role{0, parley.RoleAuthor, parley.RoleModerator, parley.RoleEditor | parley.RoleAdministrator, 15} {
			w.write(func(tx *store.Tx) error { return tx.GiveRoles(author.ID, given) })
			for _, role := range all {
				if got := any(role); got != given.Has(role) {
					t.Errorf("a reader has roles %d; anybody with %d: %v", given, role, got)
				}
			}
		}
	})
}
