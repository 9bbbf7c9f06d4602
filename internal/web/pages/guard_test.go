package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/store"
)

// away are ways to write an address so that some program reads it as another site's.
var away = []string{
	"https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "////evil.example/x", `/\evil.example`, `\\evil.example`,
	`/\/evil.example`, "/%2f/evil.example", "/%2F%2Fevil.example", "/%5cevil.example", "/\t/evil.example", "/\n/evil.example", "/%09/evil.example",
	" //evil.example", "\x00//evil.example", "https:evil.example", "https:/evil.example", "http:///evil.example", "javascript:alert(1)",
	"JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "mailto:x@evil.example", "evil.example", "@evil.example", ".evil.example", "/../evil.example",
	"/./evil", "/s/../../evil.example", "//evil.example%2f@forum", "//user:pass@evil.example", "/a//b", "https://forum.example@evil.example/",
	"//ⓔvil.example", "/ /evil.example", "?next=//evil.example", "#//evil.example", "", "/s/1\r\nSet-Cookie: a=b", strings.Repeat("/a", 5000) + `\`,
}

func TestNoWayLeadsAway(t *testing.T) {
	w := newWorld(t)
	w.reader("Ilse Marrow")
	b := w.browser()
	for i, next := range away {
		for _, page := range []string{"/account/sign-in", "/account/register"} {
			if kept := b.get(page+"?"+url.Values{"next": {next}}.Encode()).form(t, "password").fields.Get("next"); kept != "/" {
				t.Errorf("next=%.60q stands on %s as %q", next, page, kept)
			}
		}
		posts := map[string]url.Values{"/account/sign-out": {"next": {next}}}
		if i%10 == 0 { // signing in costs a hash
			posts["/account/sign-in"] = url.Values{"next": {next}, "email": {address("Ilse Marrow")}, "password": {password}}
		}
		for path, fields := range posts {
			if to := b.send(path, fields).want(t, http.StatusSeeOther).Header.Get("Location"); to != w.base+"/" {
				t.Errorf("next=%.60q at %s leads to %q", next, path, to)
			}
		}
	}
	for next, want := range map[string]string{
		"/following": "/following", "/c/12/act?done=held": "/c/12/act?done=held", "/s/1/write?parent=2": "/s/1/write?parent=2",
		"/c/1?rev=3#c-1": "/c/1?rev=3#c-1", "/": "/", "/s/new?story=https%3A%2F%2Fnews.example%2Fa": "/s/new?story=https%3A%2F%2Fnews.example%2Fa",
	} {
		if to := b.send("/account/sign-out", url.Values{"next": {next}}).Header.Get("Location"); to != w.base+want {
			t.Errorf("next=%s leads to %s", next, to)
		}
	}
}

// TestBackToTheLink: a link to sign in that names no way back leads back to the page it was on, if that is one of ours.
func TestBackToTheLink(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	for from, want := range map[string]string{
		w.base + "/following?feed=2": "/following?feed=2",
		w.base + "/account/register": "/",
		w.base + "//evil.example":    "/",
		w.base + ".evil.example/s/1": "/",
		paper + "/a-page":            "/",
		"":                           "/",
	} {
		for _, page := range []string{"/account/sign-in", "/account/register"} {
			if kept := b.get(page, "Referer", from).form(t, "password").fields.Get("next"); kept != want {
				t.Errorf("%s linked from %q leads to %q, want %q", page, from, kept, want)
			}
		}
	}
	if kept := b.get("/account/sign-in?next=/notices", "Referer", w.base+"/following").form(t, "password").fields.Get("next"); kept != "/notices" {
		t.Errorf("what the link says is overruled by %q", kept)
	}
}

func TestOnlyOwnPagesSendForms(t *testing.T) {
	w := newWorld(t)
	w.reader("Ilse Marrow")
	story := w.foreign("A page")
	b := w.browser().signIn("Ilse Marrow")
	path := "/s/" + story.ID.String() + "/write"
	for name, headers := range map[string][]string{
		"another site":           {"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"},
		"a page of the paper":    {"Origin", paper, "Sec-Fetch-Site", "same-site"},
		"the paper, old browser": {"Origin", paper, "Sec-Fetch-Site", ""},
		"a sandboxed frame":      {"Origin", "null", "Sec-Fetch-Site", "cross-site"},
		"no origin, old browser": {"Origin", "null", "Sec-Fetch-Site", ""},
	} {
		for _, to := range []string{path, "/account", "/account/sign-out", "/account/register", "/login", "/notices/seen", "/account/confirm"} {
			got := b.send(to, url.Values{"body": {"Words."}, "do": {"hide"}}, headers...)
			if got.StatusCode != http.StatusForbidden {
				t.Errorf("%s: %s answers %d", name, to, got.StatusCode)
			}
		}
	}
	b.send(path, url.Values{"body": {"Words."}}, "Content-Type", "text/plain").want(t, http.StatusUnsupportedMediaType)
	b.send(path, url.Values{"body": {"Words."}}, "Content-Type", "multipart/form-data; boundary=x").want(t, http.StatusUnsupportedMediaType)
	var comments int
	if err := w.f.Store.Read(t.Context(), func(tx *store.Tx) error {
		s, err := tx.Story(w.f.Nobody(), story.ID)
		comments = s.Comments
		return err
	}); err != nil || comments != 0 {
		t.Errorf("%d comments were posted, %v", comments, err)
	}
}

func TestWhoMayFrame(t *testing.T) {
	w := newWorld(t)
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("A page")
	root := w.post(ilse, story.ID, 0, "Words.")
	b := w.browser()
	site := "frame-ancestors 'self' " + w.base + " " + paper
	for path, want := range map[string]string{
		"/s/" + story.ID.String(): site, "/c/" + root.ID.String(): site, "/bridge": site, "/account/bar": site,
		"/s/new?story=https%3A%2F%2Fnews.example%2Fnobody": site,
		"/":                                  "frame-ancestors 'none'",
		"/account/sign-in":                   "frame-ancestors 'none'",
		"/account/register":                  "frame-ancestors 'none'",
		"/login?return=" + paper:             "frame-ancestors 'none'",
		"/s/" + story.ID.String() + "/write": "frame-ancestors 'none'",
		"/c/" + root.ID.String() + "/act":    "frame-ancestors 'none'",
		"/articles/who-may-close-a-street":   "frame-ancestors 'none'",
		"/readers/" + ilse.ID.String():       "frame-ancestors 'none'",
		w.setup():                            "frame-ancestors 'none'",
	} {
		got := b.get(path).want(t, http.StatusOK)
		if policy := got.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, want) {
			t.Errorf("%s: %s", path, policy)
		}
		if got.Header.Get("Cross-Origin-Opener-Policy") != "" {
			t.Errorf("%s cuts its opener", path)
		}
	}
}

func TestPrivatePagesAreKeptByNobody(t *testing.T) {
	w := newWorld(t)
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("A page")
	root := w.post(ilse, story.ID, 0, "Words.")
	b := w.browser().signIn("Ilse Marrow")
	for _, path := range []string{
		"/s/" + story.ID.String() + "/write", "/s/" + story.ID.String() + "/follow", "/c/" + root.ID.String() + "/act",
		"/readers/" + ilse.ID.String() + "/act", "/following", "/notices", "/account", "/account/register", "/account/sign-in",
		"/account/sign-out", "/account/confirm", "/account/bar", w.setup(), "/login?return=" + paper,
	} {
		got := b.get(path).want(t, http.StatusOK)
		if got.Header.Get("Cache-Control") != "private, no-store" || got.Header.Get("Access-Control-Allow-Origin") != "" || got.Header.Get("ETag") != "" {
			t.Errorf("%s: %v", path, got.Header)
		}
		stranger := w.browser().get(path)
		if stranger.StatusCode == http.StatusSeeOther && !strings.HasPrefix(stranger.Header.Get("Location"), w.base+"/account/sign-in?next=%2F") {
			t.Errorf("%s sends strangers to %s", path, stranger.Header.Get("Location"))
		}
		if strings.Contains(stranger.body, address("Ilse Marrow")) || stranger.Header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s shows strangers what is not theirs", path)
		}
	}
}

// TestNoAddressInPublic holds that no page for everybody says how to reach a reader.
func TestNoAddressInPublic(t *testing.T) {
	w := newWorld(t)
	for name, path := range sharedPaths(w) {
		if got := w.browser().get(path); strings.Contains(got.body, "@example.org") || strings.Contains(got.body, "example.org") {
			t.Errorf("%s shows an address", name)
		}
	}
}
