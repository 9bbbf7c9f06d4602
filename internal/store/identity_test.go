package store_test

import (
	"bytes"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestSessionsLiveAndEnd(t *testing.T) {
	eachAt(t, func(w *world, clock *storetest.Clock) {
		r := w.reader("Reader")
		token := []byte{0, 1, 2, 255}
		want := store.Session{Token: token, Site: w.site, Reader: r.ID, Scope: store.ScopeDesk, CreatedAt: clock.Now(), SeenAt: clock.Now(), ExpiresAt: clock.Now().Add(time.Hour)}
		w.write(func(tx *store.Tx) error { return tx.InsertSession(want) })
		ask := func(site parley.ID, token []byte) (got store.Session, who parley.Reader, err error) {
			err = w.s.Read(t.Context(), func(tx *store.Tx) error {
				got, who, err = tx.Session(site, token)
				return err
			})
			return got, who, err
		}
		got, who, err := ask(w.site, token)
		if err != nil || !bytes.Equal(got.Token, token) || got.Scope != want.Scope || got.ExpiresAt != want.ExpiresAt || got.Reader != r.ID || who.Name != r.Name {
			t.Errorf("session %+v of %+v: %v", got, who, err)
		}
		for name, c := range map[string]struct {
			site  parley.ID
			token []byte
		}{"another token": {w.site, []byte{0, 1, 2}}, "another site": {w.site + 1, token}, "none": {w.site, nil}} {
			_, _, err := ask(c.site, c.token)
			if parley.CodeOf(err) != parley.CodeSignInRequired {
				t.Errorf("%s: %v", name, err)
			}
		}
		clock.Advance(30 * time.Minute)
		w.write(func(tx *store.Tx) error { return tx.TouchSession(token, tx.Now.Add(time.Hour)) })
		clock.Advance(time.Hour - time.Millisecond)
		if got, _, err := ask(w.site, token); err != nil || got.SeenAt != want.SeenAt.Add(30*time.Minute) {
			t.Errorf("a session in use ended early: %+v, %v", got, err)
		}
		clock.Advance(time.Millisecond)
		_, _, err = ask(w.site, token)
		wantCode(t, err, parley.CodeSignInRequired)
		clock.Advance(time.Millisecond)
		if err := w.s.Sweep(t.Context()); err != nil || w.number(`SELECT count(*) FROM sessions`) != 0 {
			t.Errorf("a lapsed session was not swept: %v", err)
		}
	})
}

func TestSessionsEndTogether(t *testing.T) {
	each(t, func(w *world) {
		a, b := w.reader("A"), w.reader("B")
		w.write(func(tx *store.Tx) error {
			for i, r := range []parley.Reader{a, a, a, b} {
				s := store.Session{Token: []byte{byte(i)}, Site: w.site, Reader: r.ID, Scope: store.ScopeReader, ExpiresAt: tx.Now.Add(time.Hour)}
				if err := tx.InsertSession(s); err != nil {
					return err
				}
			}
			return tx.EndSession([]byte{0})
		})
		if n := w.number(`SELECT count(*) FROM sessions`); n != 3 {
			t.Errorf("%d sessions after one ended, want 3", n)
		}
		w.write(func(tx *store.Tx) error { return tx.EndSessions(a.ID) })
		if n := w.number(`SELECT count(*) FROM sessions WHERE reader = $1`, b.ID); n != 1 || w.number(`SELECT count(*) FROM sessions`) != 1 {
			t.Error("ending one reader's sessions touched another's, or left some")
		}
	})
}

func TestCredentials(t *testing.T) {
	each(t, func(w *world) {
		r := w.reader("Reader")
		get := func(kind, subject string) string {
			return view(w, func(tx *store.Tx) (string, error) { return tx.Credential(r.ID, kind, subject) })
		}
		if get("password", "") != "" {
			t.Error("a reader without a password has one")
		}
		for _, secret := range []string{"first", "second"} {
			w.write(func(tx *store.Tx) error { return tx.SetCredential(r.ID, "password", "", secret) })
			if got := get("password", ""); got != secret {
				t.Errorf("the secret is %q, want %q", got, secret)
			}
		}
		if get("link", "") != "" || get("password", "other") != "" {
			t.Error("one way in opens another")
		}
	})
}

func TestConfirmationsDieOfAgeAndGuessing(t *testing.T) {
	eachAt(t, func(w *world, clock *storetest.Clock) {
		r := w.reader("Reader")
		set := func(token string) {
			w.write(func(tx *store.Tx) error {
				return tx.SetConfirmation(store.Confirmation{Reader: r.ID, Token: []byte(token), Code: []byte("code"), ExpiresAt: tx.Now.Add(time.Hour)})
			})
		}
		ask := func(token string) parley.Code {
			return parley.CodeOf(w.s.Read(t.Context(), func(tx *store.Tx) error {
				byToken, err := tx.ConfirmationByToken([]byte(token))
				if err == nil && (byToken.Reader != r.ID || string(byToken.Code) != "code") {
					t.Errorf("confirmation %+v", byToken)
				}
				return err
			}))
		}
		set("first")
		set("second")
		if ask("first") != parley.CodeLinkGone || ask("second") != "" {
			t.Error("a newer link did not kill the older")
		}
		for try := range parley.ConfirmTries {
			if c := view(w, func(tx *store.Tx) (store.Confirmation, error) { return tx.ConfirmationOf(r.ID) }); c.Tries != try {
				t.Errorf("%d wrong codes counted as %d", try, c.Tries)
			}
			w.write(func(tx *store.Tx) error { return tx.CountTry(r.ID) })
		}
		if ask("second") != parley.CodeLinkGone {
			t.Error("the link outlived the last wrong code")
		}
		set("third")
		clock.Advance(time.Hour)
		if ask("third") != parley.CodeLinkGone {
			t.Error("the link outlived its hour")
		}
		set("fourth")
		w.write(func(tx *store.Tx) error { return tx.EndConfirmation(r.ID) })
		if ask("fourth") != parley.CodeLinkGone {
			t.Error("the link outlived its use")
		}
	})
}

// TestOffersAreSpentOnce lets many pages redeem one sign-in.
func TestOffersAreSpentOnce(t *testing.T) {
	eachAt(t, func(w *world, clock *storetest.Clock) {
		r := w.reader("Reader")
		redeem := func(challenge, origin string) (who parley.ID, err error) {
			err = w.s.Write(t.Context(), 0, func(tx *store.Tx) (err error) {
				who, err = tx.Redeem([]byte(challenge), origin)
				return err
			})
			return who, err
		}
		offer := func(challenge string) {
			w.write(func(tx *store.Tx) error {
				return tx.Offer([]byte(challenge), r.ID, "https://news.example", tx.Now.Add(parley.RedeemLife))
			})
		}
		offer("one")
		for _, origin := range []string{"https://other.example", "https://news.example.org", ""} {
			if _, err := redeem("one", origin); parley.CodeOf(err) != parley.CodeLinkGone {
				t.Errorf("%q redeemed an offer to another: %v", origin, err)
			}
		}
		var wg sync.WaitGroup
		var got atomic.Int64
		for range 30 {
			wg.Go(func() {
				if who, err := redeem("one", "https://news.example"); err == nil && who == r.ID {
					got.Add(1)
				} else if parley.CodeOf(err) != parley.CodeLinkGone {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got.Load() != 1 {
			t.Errorf("one offer was redeemed %d times", got.Load())
		}
		offer("two")
		clock.Advance(parley.RedeemLife)
		if _, err := redeem("two", "https://news.example"); parley.CodeOf(err) != parley.CodeLinkGone {
			t.Errorf("a lapsed offer was redeemed: %v", err)
		}
	})
}

func TestMeta(t *testing.T) {
	each(t, func(w *world) {
		for _, value := range []string{"", "one", "two", "", ""} {
			w.write(func(tx *store.Tx) error { return tx.SetMeta("key", value) })
			if got := view(w, func(tx *store.Tx) (string, error) { return tx.Meta("key") }); got != value {
				t.Errorf("meta is %q, want %q", got, value)
			}
		}
	})
}
