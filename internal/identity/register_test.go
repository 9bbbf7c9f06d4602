package identity

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

func TestRegisterSignsIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, token := w.register("  Ada   Lovelace ", " Ada@Example.ORG ")
		if r.Name != "Ada Lovelace" || r.Email != "ada@example.org" || r.Confirmed() || r.Roles != 0 {
			t.Errorf("registered %+v", r)
		}
		if got := w.who(token); got != r {
			t.Errorf("the session belongs to %+v, want %+v", got, r)
		}
		if MaxAge(r, store.ScopeReader) != 0 {
			t.Error("the cookie of an unconfirmed account outlives the browser")
		}
		if !w.happened(0, parley.EventRegistered, r.ID) {
			t.Error("nothing asks for a confirmation mail")
		}
	})
}

func TestRegisterRefusals(t *testing.T) {
	w := one(t)
	w.register("Ada Lovelace", "ada@example.org")
	good := Registration{Name: "Grace Hopper", Email: "grace@example.org", Password: goodPassword}
	for what, c := range map[string]struct {
		change func(*Registration)
		code   parley.Code
		field  string
	}{
		"no name":           {func(g *Registration) { g.Name = "" }, parley.CodeNameInvalid, "name"},
		"endless name":      {func(g *Registration) { g.Name = strings.Repeat("a", 1_000_000) }, parley.CodeNameInvalid, "name"},
		"name in use":       {func(g *Registration) { g.Name = "Ada Lovelace" }, parley.CodeNameTaken, "name"},
		"name alike":        {func(g *Registration) { g.Name = "аda lοve1ace" }, parley.CodeNameTaken, "name"}, // Cyrillic а, Greek ο, digit 1
		"name of a badge":   {func(g *Registration) { g.Name = "M0derator" }, parley.CodeNameTaken, "name"},
		"name of the site":  {func(g *Registration) { g.Name = "the meridian" }, parley.CodeNameTaken, "name"},
		"no address":        {func(g *Registration) { g.Email = "" }, parley.CodeEmailInvalid, "email"},
		"two addresses":     {func(g *Registration) { g.Email = "a@example.org, b@example.org" }, parley.CodeEmailInvalid, "email"},
		"address and line":  {func(g *Registration) { g.Email = "a@example.org\r\nBcc: b@example.org" }, parley.CodeEmailInvalid, "email"},
		"named address":     {func(g *Registration) { g.Email = "Grace <g@example.org>" }, parley.CodeEmailInvalid, "email"},
		"endless address":   {func(g *Registration) { g.Email = strings.Repeat("a", 1_000_000) + "@example.org" }, parley.CodeEmailInvalid, "email"},
		"short password":    {func(g *Registration) { g.Password = "14 characters!" }, parley.CodePasswordShort, "password"},
		"long password":     {func(g *Registration) { g.Password = strings.Repeat("é", 129) }, parley.CodePasswordLong, "password"},
		"endless password":  {func(g *Registration) { g.Password = strings.Repeat("xy z", 250_000) }, parley.CodePasswordLong, "password"},
		"common password":   {func(g *Registration) { g.Password = "Password1234567" }, parley.CodePasswordWeak, "password"},
		"password of words": {func(g *Registration) { g.Password = "grace@example.org" }, parley.CodePasswordWeak, "password"},
		"no text":           {func(g *Registration) { g.Password = "\xff\xfe\xfd is not text at all" }, parley.CodeMalformed, "password"},
	} {
		given := good
		c.change(&given)
		_, token, err := w.Register(t.Context(), given)
		wants(t, what, err, c.code)
		if refusal, ok := err.(*parley.Error); !ok || refusal.Field != c.field || token != "" {
			t.Errorf("%s: the refusal speaks of %v and gave token %q, want field %q", what, err, token, c.field)
		}
	}
	if _, _, err := w.Register(t.Context(), good); err != nil {
		t.Errorf("after all refusals the good registration fails too: %v", err)
	}
}

// TestKnownAddressLooksTheSame compares everything a stranger can see of an account made with a known address
// and of one made with a new one, up to the last code tried.
func TestKnownAddressLooksTheSame(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		owner := w.confirmed("Olive Owner", "owner@example.org")
		before := w.last()
		known, knownToken := w.register("Known", "owner@example.org")
		fresh, freshToken := w.register("Fresh", "fresh@example.org")
		if !w.happened(before, parley.EventKnownAddress, known.ID) || w.happened(before, parley.EventRegistered, known.ID) {
			t.Error("the owner of the address will not be told")
		}

		alike := fresh
		alike.ID, alike.Name, alike.Email = known.ID, known.Name, known.Email
		if known != alike || len(knownToken) != len(freshToken) {
			t.Errorf("the accounts differ: %+v and %+v", known, fresh)
		}
		if got := w.who(knownToken); got != known {
			t.Errorf("the account with the known address is not signed in: %+v", got)
		}
		for range 2 {
			wants(t, "another mail, known", w.Resend(t.Context(), known), "")
			wants(t, "another mail, fresh", w.Resend(t.Context(), fresh), "")
		}
		w.mint(known) // the follower mints for both, so that codes are judged alike
		w.mint(fresh)
		for try := range parley.ConfirmTries + 2 {
			a, b := w.ConfirmByCode(t.Context(), known, "00000000"), w.ConfirmByCode(t.Context(), fresh, "00000000")
			if a == nil || b == nil || a.Error() != b.Error() {
				t.Errorf("try %d tells the accounts apart: %v and %v", try, a, b)
			}
		}
		var answers []string
		for _, c := range [][2]string{
			{"owner@example.org", "not the right one at all"}, {"nobody@example.org", goodPassword}, {"fresh@example.org", goodPassword},
			{"no address", goodPassword}, {"owner@example.org", strings.Repeat("x", 100_000)},
		} {
			_, _, err := w.SignIn(t.Context(), c[0], c[1])
			wants(t, "signing in as "+c[0], err, parley.CodeSignInFailed)
			answers = append(answers, err.Error())
		}
		if len(slices.Compact(answers)) != 1 {
			t.Errorf("failures to sign in differ: %q", answers)
		}
		if w.reader(owner.ID) != owner {
			t.Error("the owner's account changed")
		}
	})
}

// TestUnknownAddressHashesToo: a sign-in that skipped the hash would answer hundreds of times faster.
func TestUnknownAddressHashesToo(t *testing.T) {
	w := one(t)
	w.confirmed("Ada Lovelace", "ada@example.org")
	median := func(email string) time.Duration {
		var took []time.Duration
		for range 5 {
			begin := time.Now()
			_, _, err := w.SignIn(t.Context(), email, "some other password")
			wants(t, email, err, parley.CodeSignInFailed)
			took = append(took, time.Since(begin))
		}
		slices.Sort(took)
		return took[2]
	}
	known, unknown := median("ada@example.org"), median("nobody@example.org")
	if unknown < known/4 || known < unknown/4 {
		t.Errorf("known addresses take %v, unknown ones %v", known, unknown)
	}
}

// TestPreHijack: an attacker registers the victim's address first and waits.
func TestPreHijack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		attacker, attackersToken := w.register("Mallory", "victim@example.org")
		attackersLink := w.mint(attacker) // went to the victim's mailbox

		victim, victimsToken := w.register("Victoria", "victim@example.org")
		if victim.ID == attacker.ID {
			t.Fatal("the victim was given the attacker's account")
		}
		wants(t, "the victim confirms", w.Confirm(t.Context(), victim, w.mint(victim)), "")

		wants(t, "the attacker confirms with the link", w.Confirm(t.Context(), attacker, attackersLink), parley.CodeLinkGone)
		fresh := w.mint(attacker)
		wants(t, "the attacker confirms with a newer link", w.Confirm(t.Context(), attacker, fresh), parley.CodeLinkGone)
		w.mint(attacker)
		fresh = w.mint(attacker)
		wants(t, "the attacker confirms with the code", w.ConfirmByCode(t.Context(), attacker, codeOf(fresh)), parley.CodeLinkGone)
		if w.who(attackersToken).Confirmed() {
			t.Error("the attacker's account is confirmed")
		}
		if got := w.who(victimsToken); !got.Confirmed() {
			t.Error("the victim's account is not confirmed")
		}
		r, _, err := w.SignIn(t.Context(), "victim@example.org", goodPassword)
		if err != nil || r.ID != victim.ID {
			t.Errorf("signing in gives reader %v (%v), want the victim %v", r.ID, err, victim.ID)
		}
	})
}

// TestFreeName: the name of an account that can never be used again and wrote nothing is free.
func TestFreeName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		silent, token := w.register("Silent", "silent@example.org")
		must(t, w.SignOut(t.Context(), token))
		again, token := w.register("Silent", "silent@example.org")
		if again.ID == silent.ID {
			t.Error("the dead account came back")
		}
		w.comment(w.story("/a"), again, parley.Held, "words", parley.Comment{})
		must(t, w.SignOut(t.Context(), token))
		_, _, err := w.Register(t.Context(), Registration{Name: "Silent", Email: "x@example.org", Password: goodPassword})
		wants(t, "the name of somebody who wrote", err, parley.CodeNameTaken)
	})
}
