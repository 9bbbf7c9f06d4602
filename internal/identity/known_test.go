package identity

import (
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/changes"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// remembering gives the same verbs with sessions kept in memory.
func (w *world) remembering() *Service {
	return New(w.store, w.site, Options{Screen: holding{}, Changes: changes.New(w.store)})
}

// TestKeptSessionsAreExact does to a reader whose session is kept whatever changes who that is, by the service that
// keeps it and by another, and asks again at once.
func TestKeptSessionsAreExact(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin, err := w.CreateConfirmed(t.Context(), Registration{Name: "Admin", Email: "admin@example.org", Password: goodPassword}, parley.RoleAdministrator)
		must(t, err)
		desk := parley.Viewer{Site: w.site.ID, Reader: admin.ID, Roles: admin.Roles, Desk: true}
		here, there := w.remembering(), w.remembering()
		for what, change := range map[string]struct {
			do   func(by *Service, r parley.Reader, token Token) error
			want func(r parley.Reader, err error) bool
		}{
			"signing out": {
				func(by *Service, _ parley.Reader, token Token) error { return by.SignOut(t.Context(), token) },
				func(_ parley.Reader, err error) bool { return parley.CodeOf(err) == parley.CodeSignInRequired },
			},
			"signing out everywhere": {
				func(by *Service, r parley.Reader, _ Token) error { return by.SignOutEverywhere(t.Context(), r) },
				func(_ parley.Reader, err error) bool { return parley.CodeOf(err) == parley.CodeSignInRequired },
			},
			"a role": {
				func(by *Service, r parley.Reader, _ Token) error {
					return by.GiveRoles(t.Context(), desk, r.ID, parley.RoleAuthor)
				},
				func(_ parley.Reader, err error) bool { return parley.CodeOf(err) == parley.CodeSignInRequired },
			},
			"a hidden profile": {
				func(by *Service, r parley.Reader, _ Token) error { return by.HideProfile(t.Context(), r, true) },
				func(r parley.Reader, err error) bool { return err == nil && r.Hidden },
			},
		} {
			for by, service := range map[string]*Service{"here": here, "there": there} {
				name := what + " " + by
				r, token := w.register(name, strings.ReplaceAll(name, " ", ".")+"@example.org")
				for range 2 {
					_, _, err := here.Who(t.Context(), string(token))
					must(t, err)
				}
				must(t, change.do(service, r, token))
				if _, now, err := here.Who(t.Context(), string(token)); !change.want(now, err) {
					t.Errorf("after %s: %+v, %v", name, now, err)
				}
			}
		}
	})
}

// TestSessionsAreKept deletes a session's row behind the back of the service that keeps it.
func TestSessionsAreKept(t *testing.T) {
	w := one(t)
	s := w.remembering()
	_, token := w.register("Ada Lovelace", "ada@example.org")
	_, _, err := s.Who(t.Context(), string(token))
	must(t, err)
	sum, _ := hashOf(string(token))
	w.write(func(tx *store.Tx) error { return tx.EndSession(sum) })
	if _, _, err := s.Who(t.Context(), string(token)); err != nil {
		t.Errorf("it was read again: %v", err)
	}
	w.clock.Advance(reread)
	_, _, err = s.Who(t.Context(), string(token))
	wants(t, "a while after its row was deleted", err, parley.CodeSignInRequired)
}

// TestAKeptSessionLapses: its time is looked at whenever it is used, and its use is noted as ever.
func TestAKeptSessionLapses(t *testing.T) {
	w := one(t)
	s := w.remembering()
	_, token := w.register("Ada Lovelace", "ada@example.org")
	before := w.store.Stats().Writes.Load()
	for range 6 {
		_, _, err := s.Who(t.Context(), string(token))
		must(t, err)
		w.clock.Advance(touchEvery / 3)
	}
	if n := w.store.Stats().Writes.Load() - before; n != 1 {
		t.Errorf("its use in two hours was noted %d times, want 1", n)
	}
	w.clock.Advance(parley.ConfirmLife)
	_, _, err := s.Who(t.Context(), string(token))
	wants(t, "a lapsed session", err, parley.CodeSignInRequired)
}

// TestRevocationReachesOtherProcesses ends a session by one process and uses it by another.
func TestRevocationReachesOtherProcesses(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		if o.URL == "" {
			t.Skip("SQLite has one process")
		}
		clock := storetest.NewClock()
		o.Now = clock.Now
		var nodes [2]*world
		for i := range nodes {
			st, err := store.Open(t.Context(), o)
			must(t, err)
			defer st.Close()
			nodes[i] = newWorld(t, st, clock)
		}
		other := nodes[1].remembering()
		_, token := nodes[0].register("Ada Lovelace", "ada@example.org")
		_, _, err := other.Who(t.Context(), string(token))
		must(t, err)
		must(t, nodes[0].SignOut(t.Context(), token))
		begun := time.Now()
		for err == nil && time.Since(begun) < time.Second {
			_, _, err = other.Who(t.Context(), string(token))
		}
		wants(t, "a second after it ended elsewhere", err, parley.CodeSignInRequired)
	})
}

// TestCrowded: whoever asks first is told at once, whoever it is.
func TestCrowded(t *testing.T) {
	w := one(t)
	p := w.ways[wayPassword].(*password)
	must(t, w.Crowded())
	for range cap(p.places) {
		p.places <- struct{}{}
	}
	wants(t, "with every place taken", w.Crowded(), parley.CodeBusy)
	<-p.places
	must(t, w.Crowded())
}
