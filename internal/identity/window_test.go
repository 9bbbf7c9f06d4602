package identity

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"parley"
)

// challengeFor does what the page does that opens the sign-in window.
func challengeFor(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func TestSignInWindow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, own := w.register("Ada Lovelace", "ada@example.org")
		page := w.site.Origins[1]
		verifier := newSecret()
		_, _, err := w.Redeem(t.Context(), verifier, page)
		wants(t, "redeeming before the offer", err, parley.CodeLinkGone)
		must(t, w.Offer(t.Context(), r, challengeFor(verifier), page))
		_, _, err = w.Redeem(t.Context(), verifier, w.site.Origins[0])
		wants(t, "redeeming from another page", err, parley.CodeLinkGone)
		_, _, err = w.Redeem(t.Context(), newSecret(), page)
		wants(t, "redeeming by another verifier", err, parley.CodeLinkGone)
		before := w.last()
		got, token, err := w.Redeem(t.Context(), verifier, page)
		if err != nil || got.ID != r.ID || token == own || w.who(token).ID != r.ID || !w.happened(before, parley.EventSession, r.ID) {
			t.Errorf("redeeming gives %+v: %v", got, err)
		}
		_, _, err = w.Redeem(t.Context(), verifier, page)
		wants(t, "redeeming twice", err, parley.CodeLinkGone)

		late := newSecret()
		must(t, w.Offer(t.Context(), r, challengeFor(late), page))
		w.clock.Advance(parley.RedeemLife)
		_, _, err = w.Redeem(t.Context(), late, page)
		wants(t, "redeeming too late", err, parley.CodeLinkGone)
	})
}

func TestSignInWindowRefusals(t *testing.T) {
	w := one(t)
	r, _ := w.register("Ada Lovelace", "ada@example.org")
	good := challengeFor(newSecret())
	for _, origin := range []string{"", "null", "https://meridian.example", "https://www.meridian.example.evil.example", "http://www.meridian.example", "https://www.meridian.example/"} {
		wants(t, "an offer to "+origin, w.Offer(t.Context(), r, good, origin), parley.CodeForbidden)
	}
	for _, challenge := range []string{"", "x", good + "=", good[:42], strings.Repeat("A", 1_000_000)} {
		wants(t, "a made-up challenge", w.Offer(t.Context(), r, challenge, w.site.Origins[1]), parley.CodeMalformed)
	}
	for _, verifier := range []string{"", "x", strings.Repeat("A", 1_000_000)} {
		_, _, err := w.Redeem(t.Context(), verifier, w.site.Origins[1])
		wants(t, "a made-up verifier", err, parley.CodeLinkGone)
	}
}
