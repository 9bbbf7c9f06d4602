package identity

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestSessionsExpire(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.confirmed("Ada Lovelace", "ada@example.org")
		signIn := func() Token {
			_, token, err := w.SignIn(t.Context(), "ada@example.org", goodPassword)
			must(t, err)
			return token
		}
		idle, used := signIn(), signIn()
		for range int(parley.SessionIdle / (24 * time.Hour)) {
			w.clock.Advance(24 * time.Hour)
			w.who(used)
		}
		_, _, err := w.Who(t.Context(), string(idle))
		wants(t, "a session nobody used", err, parley.CodeSignInRequired)
		for range int((parley.SessionLife-parley.SessionIdle)/(24*time.Hour)) - 1 {
			w.clock.Advance(24 * time.Hour)
			w.who(used)
		}
		w.clock.Advance(24 * time.Hour)
		_, _, err = w.Who(t.Context(), string(used))
		wants(t, "a session used every day, at its end", err, parley.CodeSignInRequired)
	})
}

// TestUnconfirmedSessionsExpireEarlier: what cannot be confirmed any more ends with its link.
func TestUnconfirmedSessionsExpireEarlier(t *testing.T) {
	w := one(t)
	r, token := w.register("Ada Lovelace", "ada@example.org")
	w.clock.Advance(parley.ConfirmLife - time.Hour)
	w.who(token)
	must(t, w.Confirm(t.Context(), r, w.mint(r)))
	w.who(token) // the first use after the confirmation extends the session
	w.clock.Advance(parley.SessionIdle - time.Hour)
	w.who(token)

	_, other := w.register("Grace Hopper", "grace@example.org")
	w.clock.Advance(parley.ConfirmLife)
	_, _, err := w.Who(t.Context(), string(other))
	wants(t, "an unconfirmed session nobody used", err, parley.CodeSignInRequired)
}

// TestReadingWritesHourly counts what a thousand page views in three hours cost.
func TestReadingWritesHourly(t *testing.T) {
	w := one(t)
	w.confirmed("Ada Lovelace", "ada@example.org")
	_, token, err := w.SignIn(t.Context(), "ada@example.org", goodPassword)
	must(t, err)
	before := w.store.Stats().Writes.Load()
	for range 1000 {
		w.clock.Advance(3 * time.Hour / 1000)
		w.who(token)
	}
	if n := w.store.Stats().Writes.Load() - before; n < 2 || n > 3 {
		t.Errorf("%d writes, want one an hour", n)
	}
}

// TestReadingGoesOn: a session whose use cannot be written down is good all the same, and not every page view
// tries again.
func TestReadingGoesOn(t *testing.T) {
	w := one(t)
	_, token := w.register("Ada Lovelace", "ada@example.org")
	w.clock.Advance(2 * touchEvery)
	ctx, cancel := context.WithCancel(t.Context())
	session, r, err := w.Who(t.Context(), string(token))
	must(t, err)
	w.clock.Advance(2 * touchEvery)
	cancel() // a write whose asker is gone is not made
	before := w.store.Stats().Writes.Load()
	for range 100 {
		again := session
		w.touch(ctx, &again, r)
		if again.SeenAt != session.SeenAt {
			t.Fatal("a use counts as noted that is not")
		}
	}
	if n := w.store.Stats().Writes.Load() - before; n != 1 {
		t.Errorf("%d tries within a moment, want 1", n)
	}
	w.clock.Advance(touchRest)
	if w.who(token); w.store.Stats().Writes.Load()-before != 2 {
		t.Error("the use is not noted once it can be again")
	}
}

func TestGarbageIsNobody(t *testing.T) {
	w := one(t)
	_, token := w.register("Ada Lovelace", "ada@example.org")
	for _, garbage := range []string{
		"", "x", strings.Repeat("A", 43), strings.Repeat("A", 10_000_000), string(token) + "A", string(token[:42]), string(token) + "=",
		strings.ToLower(string(token)) + "\x00", "' OR 1=1 --", string(token[:42]) + "\xff",
	} {
		_, _, err := w.Who(t.Context(), garbage)
		wants(t, "garbage", err, parley.CodeSignInRequired)
		wants(t, "signing garbage out", w.SignOut(t.Context(), Token(garbage)), "")
	}
	w.who(token)
}

// TestSessionsStayOnTheirSite: a token of one site is nothing on another of the same database.
func TestSessionsStayOnTheirSite(t *testing.T) {
	w := one(t)
	_, token := w.register("Ada Lovelace", "ada@example.org")
	other := w.site
	w.write(func(tx *store.Tx) (err error) { other.ID, err = tx.EnsureSite("second", "Second"); return err })
	_, _, err := New(w.store, other, Options{}).Who(t.Context(), string(token))
	wants(t, "another site", err, parley.CodeSignInRequired)
}

func TestSigningOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.confirmed("Ada Lovelace", "ada@example.org")
		var tokens []Token
		for range 3 {
			_, token, err := w.SignIn(t.Context(), "ada@example.org", goodPassword)
			must(t, err)
			tokens = append(tokens, token)
		}
		before := w.last()
		must(t, w.SignOut(t.Context(), tokens[0]))
		must(t, w.SignOut(t.Context(), tokens[0]))
		if n := len(w.events(before)); n != 1 {
			t.Errorf("signing out twice told of %d ends, want 1", n)
		}
		_, _, err := w.Who(t.Context(), string(tokens[0]))
		wants(t, "the ended session", err, parley.CodeSignInRequired)
		w.who(tokens[1])

		before = w.last()
		must(t, w.SignOutEverywhere(t.Context(), r))
		for _, token := range tokens {
			_, _, err := w.Who(t.Context(), string(token))
			wants(t, "after signing out everywhere", err, parley.CodeSignInRequired)
		}
		if !w.happened(before, parley.EventSession, r.ID) {
			t.Error("open pages will not hear of it")
		}
	})
}

func TestDesk(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.CreateConfirmed(t.Context(), Registration{Name: "Mo", Email: "mo@example.org", Password: goodPassword}, parley.RoleModerator)
		must(t, err)
		w.confirmed("Ada Lovelace", "ada@example.org")
		_, _, err = w.SignInDesk(t.Context(), "ada@example.org", goodPassword)
		wants(t, "a reader at the desk", err, parley.CodeForbidden)
		_, _, err = w.SignInDesk(t.Context(), "mo@example.org", "a wrong password it is")
		wants(t, "a wrong password at the desk", err, parley.CodeSignInFailed)

		_, token, err := w.SignInDesk(t.Context(), "mo@example.org", goodPassword)
		must(t, err)
		session, r, err := w.Who(t.Context(), string(token))
		if err != nil || session.Scope != store.ScopeDesk || !Viewer(session, r).Moderates() {
			t.Errorf("the desk session %+v does not moderate: %v", session, err)
		}
		_, plain, err := w.SignIn(t.Context(), "mo@example.org", goodPassword)
		must(t, err)
		session, r, err = w.Who(t.Context(), string(plain))
		if err != nil || Viewer(session, r).Moderates() {
			t.Errorf("a moderator's reader session moderates: %v", err)
		}
		if MaxAge(r, store.ScopeDesk) != 0 {
			t.Error("the desk's cookie outlives the browser")
		}
		for range int(parley.DeskLife/(6*time.Hour)) - 1 {
			w.clock.Advance(6 * time.Hour)
			w.who(token)
		}
		w.clock.Advance(6 * time.Hour)
		_, _, err = w.Who(t.Context(), string(token))
		wants(t, "a desk session at its end", err, parley.CodeSignInRequired)
	})
}

// TestADumpHoldsNoSecret looks for everything a browser or a mail may hold in the database's own bytes.
func TestADumpHoldsNoSecret(t *testing.T) {
	dir := t.TempDir()
	clock := storetest.NewClock()
	st, err := store.Open(t.Context(), store.Options{Dir: dir, Now: clock.Now})
	must(t, err)
	w := newWorld(t, st, clock)
	r, token := w.register("Ada Lovelace", "ada@example.org")
	link := w.mint(r)
	setup, _, err := w.SetupLink(t.Context())
	must(t, err)
	must(t, st.Close())
	_, setupToken, _ := strings.Cut(setup, "token=")
	secrets := map[string]string{"session": string(token), "link": link, "code": codeOf(link), "setup": setupToken, "password": goodPassword}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	found := false
	for _, file := range files {
		content, err := os.ReadFile(file)
		must(t, err)
		found = found || bytes.Contains(content, []byte("ada@example.org"))
		for what, secret := range secrets {
			if secret == "" || bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds the %s %q", filepath.Base(file), what, secret)
			}
		}
	}
	if !found {
		t.Error("the address was not found either: this test looks in the wrong place")
	}
}
