package pages_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley"
)

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

var verifier = strings.Repeat("v", 42) + "8"

func loginAddress(origin, way string) string {
	return "/login?" + url.Values{"challenge": {challengeOf(verifier)}, "return": {origin}, "way": {way}}.Encode()
}

// TestWindow signs in by the window that a page of the paper opens.
func TestWindow(t *testing.T) {
	w := newWorld(t)
	ilse := w.reader("Ilse Marrow")
	b := w.browser()
	page := b.get(loginAddress(paper, ""), "Referer", paper+"/").want(t, http.StatusOK, "/login.js", "Sign in")
	page = b.submit(page.form(t, "Register instead"), "way", "register").want(t, http.StatusOK, "Join our commenting forum")
	page = b.submit(page.form(t, "I have an account already"), "way", "sign-in")
	page = b.submit(page.form(t, "current-password"), "do", "sign-in", "email", address("Ilse Marrow"), "password", "wrong").
		want(t, http.StatusUnauthorized, "No account fits", address("Ilse Marrow"))
	b.submit(page.form(t, "current-password"), "do", "sign-in", "password", password).
		want(t, http.StatusOK, "You are signed in, Ilse Marrow.", `data-return="`+paper+`"`, "data-done=", "/login.js")
	if who, _, err := w.f.Identity.Redeem(t.Context(), verifier, paper); err != nil || who.ID != ilse.ID {
		t.Errorf("redeemed as %q, %v", who.Name, err)
	}

	page = b.get(loginAddress(paper, ""), "Referer", paper+"/a?b").want(t, http.StatusOK, "You are signed in as Ilse Marrow.")
	if _, _, err := w.f.Identity.Redeem(t.Context(), verifier, paper); parley.CodeOf(err) != parley.CodeLinkGone {
		t.Errorf("opening the window alone lets its opener in: %v", err)
	}
	b.submit(page.form(t, "Go on as"), "do", "continue").want(t, http.StatusOK, "data-done=")
	if _, _, err := w.f.Identity.Redeem(t.Context(), verifier, paper); err != nil {
		t.Error(err)
	}

	fresh := w.browser()
	page = fresh.get(loginAddress(paper, "register"), "Referer", paper+"/").want(t, http.StatusOK, "new-password")
	fresh.submit(page.form(t, "new-password"), "do", "register", "email", "new@example.org", "name", "Ne", "password", password).
		want(t, http.StatusOK, "Thank you for registering, Ne.")
}

// TestWindowOfAnotherSite holds that whoever knows the answer to a challenge gets nobody's session unless the
// browser itself says that a page of the site opened the window.
func TestWindowOfAnotherSite(t *testing.T) {
	for name, open := range map[string]struct{ origin, referer string }{
		"an origin in the address only":    {paper, ""},
		"another site's page":              {paper, "https://evil.example/"},
		"a look-alike":                     {paper, paper + ".evil.example/"},
		"credentials before the host":      {paper, paper + "@evil.example/"},
		"the forum's own redirect":         {paper, "OWN/account/sign-in"},
		"an origin that is not the site's": {"https://evil.example", "https://evil.example/"},
		"another port":                     {paper + ":8443", paper + ":8443/"},
		"a path after the origin":          {paper + "/", paper + "/"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.reader("Ilse Marrow")
			b := w.browser()
			page := b.get(loginAddress(open.origin, ""), "Referer", strings.Replace(open.referer, "OWN", w.base, 1)).want(t, http.StatusOK)
			done := b.submit(page.form(t, "current-password"), "do", "sign-in", "email", address("Ilse Marrow"), "password", password).want(t, http.StatusOK, "data-done=")
			if open.origin != paper && !strings.Contains(done.body, `data-return=""`) {
				t.Error("the window would tell a page that is not the site's")
			}
			for _, origin := range []string{paper, open.origin, w.base} {
				if who, _, err := w.f.Identity.Redeem(t.Context(), verifier, origin); err == nil {
					t.Errorf("%s is let in as %q", origin, who.Name)
				}
			}
		})
	}
}

func TestBridge(t *testing.T) {
	w := newWorld(t)
	w.browser().get("/bridge").want(t, http.StatusOK, `data-origins="`+w.base+" "+paper+`"`, "/bridge.js")
}

func TestSetup(t *testing.T) {
	w := newWorld(t)
	link := w.setup()
	b := w.browser()
	page := b.get(link).want(t, http.StatusOK, "Become the administrator")
	if page.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Error("the link leaks to where the page leads")
	}
	f := page.form(t, "new-password")
	b.submit(f, "email", "boss@example.org", "name", "B", "password", password).want(t, http.StatusBadRequest, "boss@example.org")
	b.follow(b.submit(f, "name", "Barbara Oss"), http.StatusSeeOther).want(t, http.StatusOK, "Barbara Oss", "confirmed.")
	w.browser().submit(f, "name", "Carla Oss", "email", "other@example.org").want(t, http.StatusGone)
	for _, spent := range []string{link, "/account/setup", "/account/setup?token=made-up"} {
		w.browser().get(spent).want(t, http.StatusGone, "This link has been used or has lapsed.", "!<form")
	}
}

func TestSigningOut(t *testing.T) {
	w := newWorld(t)
	w.reader("Ilse Marrow")
	b := w.browser().signIn("Ilse Marrow")
	page := b.get("/account/sign-out").want(t, http.StatusOK, "You are signed in as Ilse Marrow.")
	b.follow(b.submit(page.form(t, "Sign out</button>")), http.StatusSeeOther).want(t, http.StatusOK)
	b.get("/account").want(t, http.StatusSeeOther)
	b.get("/account/sign-out").want(t, http.StatusOK, "You are signed out.")
	b.get("/account/bar").want(t, http.StatusOK, "Register", "!Ilse")
}
