package api_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"parley"
	"parley/internal/web/api"
)

// origins says for each origin whether pages of it are the site's. "" is a program without a browser.
func origins(w *town) map[string]bool {
	own := w.bases[first]
	return map[string]bool{
		"": true, own: true, "https://news.first.example": true,
		"http://news.first.example": false, "https://news.first.example:8443": false, "https://news.first.example.": false,
		"https://NEWS.first.example": false, "https://news.first.example.evil.example": false, "https://evilnews.first.example": false,
		"https://first.example": false, "https://a.news.first.example": false, "https://news.first.example/": false,
		"https://news.first.example@evil.example": false, "https://news.first.example%60.evil.example": false, "https://news.first.example, https://evil.example": false,
		"null": false, "https://evil.example": false, "https://news.second.example": false, w.bases[second]: false, strings.Replace(own, "http:", "https:", 1): false,
		"file://": false, "chrome-extension://abcdefgh": false, "*": false,
	}
}

// TestWritesComeFromTheSite sends writes as pages of many origins would, in every form a page can send: those that
// are not the site's are refused before anything is read, and change nothing.
func TestWritesComeFromTheSite(t *testing.T) {
	w := newTown(t)
	owner := w.join(first, "owner", 0)
	w.join(first, "other", 0)
	story := w.story(first)
	comment := w.comment(owner, story, parley.Published)
	question := w.asked(first, "open")
	cookie := w.as("other")
	writes := []struct{ method, path, media, body string }{
		{"POST", api.Prefix + "/stories/" + story.ID.String() + "/comments", "application/json", `{"body":"Sent along."}`},
		{"POST", api.Prefix + "/stories/" + story.ID.String() + "/comments", "text/plain", `{"body":"Sent along."}`},
		{"POST", api.Prefix + "/stories/" + story.ID.String() + "/comments", "application/x-www-form-urlencoded", `{"body":"Sent along.","x":"="}`},
		{"POST", api.Prefix + "/stories/" + story.ID.String() + "/comments", "multipart/form-data; boundary=x", `{"body":"Sent along."}`},
		{"POST", api.Prefix + "/stories/" + story.ID.String() + "/comments", "", `{"body":"Sent along."}`},
		{"PUT", api.Prefix + "/comments/" + comment.ID.String() + "/recommendation", "", ""},
		{"PUT", api.Prefix + "/readers/" + owner.ID.String() + "/block", "text/plain", ""},
		{"POST", api.Prefix + "/questions/" + question.ID.String() + "/answers", "application/json", `{"version":1,"step":"likely"}`},
		{"POST", api.Prefix + "/stories/" + story.ID.String() + "/corrections", "text/plain", `{"body":"Sent along.","source":"The book"}`},
		{"DELETE", api.Prefix + "/session", "", ""},
		{"POST", "/account/sign-out", "application/x-www-form-urlencoded", "next=/"},
		{"POST", "/account", "application/x-www-form-urlencoded", "do=hide"},
	}
	for origin, ours := range origins(w) {
		if ours {
			continue
		}
		for _, site := range []string{"", "cross-site", "same-site"} {
			for _, one := range writes {
				headers := append([]string{"Origin", origin, "Sec-Fetch-Site", site, "Content-Type", one.media}, cookie...)
				before := w.counts()
				if got := w.ask(first, one.method, one.path, " "+one.body, headers...); got.StatusCode != http.StatusForbidden {
					t.Errorf("%s %s as %q from %q (%s): %d %.200s", one.method, one.path, one.media, origin, site, got.StatusCode, got.body)
				}
				if after := w.counts(); !maps.Equal(before, after) {
					t.Fatalf("%s %s from %q wrote: %v, then %v", one.method, one.path, origin, before, after)
				}
			}
		}
	}
	// The browser says that a page of another site asks, and no origin: nothing of ours does that.
	for _, one := range writes {
		if got := w.ask(first, one.method, one.path, one.body, append([]string{"Sec-Fetch-Site", "cross-site", "Content-Type", one.media}, cookie...)...); got.StatusCode != http.StatusForbidden {
			t.Errorf("%s %s from another site without an origin: %d", one.method, one.path, got.StatusCode)
		}
	}
	// The site's own pages may, in JSON only.
	for origin, ours := range origins(w) {
		if !ours || origin == "" {
			continue
		}
		for i, one := range writes[:5] {
			body := strings.Replace(one.body, "along", "along from "+origin, 1)
			want := map[bool]int{true: http.StatusCreated, false: http.StatusUnsupportedMediaType}[i == 0]
			if got := w.ask(first, one.method, one.path, " "+body, append([]string{"Origin", origin, "Content-Type", one.media}, cookie...)...); got.StatusCode != want {
				t.Errorf("%q from %s: %d %s", one.media, origin, got.StatusCode, got.body)
			}
		}
	}
}

// TestWhoMayRead asks for everything as pages of many origins, with a cookie and without: an answer made for one
// reader is for the site's exact origins, by name; what anybody may read never comes with credentials; and what
// depends on the origin says so.
func TestWhoMayRead(t *testing.T) {
	w := newTown(t)
	owner := w.join(first, "owner", 0)
	story := w.story(first)
	comment := w.comment(owner, story, parley.Published)
	id, full := story.ID.String(), w.full(owner).ID.String()
	question := w.ask(first, "GET", api.Prefix+"/stories/"+full, "").member("question")
	for _, path := range []string{
		api.Prefix + "/stories/" + full + "/passages", api.Prefix + "/stories/" + full + "/annotations", api.Prefix + "/stories/" + full + "/suggestions",
		api.Prefix + "/stories/" + full + "/corrections", api.Prefix + "/questions/" + question, api.Prefix + "/questions/" + question + "/answers",
		api.Prefix + "/questions/" + question + "/together", api.Prefix + "/me/record", api.Prefix + "/me/corrections", api.Prefix + "/me?story=" + full,
		api.Prefix + "/me?story=" + id, api.Prefix + "/feed", api.Prefix + "/notices", api.Prefix + "/stories/" + id + "/comments", api.Prefix + "/stories/" + id + "/events",
		api.Prefix + "/comments/" + comment.ID.String(), api.Prefix + "/readers/" + owner.ID.String(), api.Prefix + "/counts?story=" + id, api.Prefix + "/nothing",
		api.Prefix + "/comments/12", api.Prefix + "/stories/" + id + "/comments?sort=odd", "/s/" + id, "/fragment?story=" + id, "/s/" + id + "/comments", "/account", "/account/bar",
		"/account/sign-in", "/login", "/bridge", "/nothing", "/", "/following", "/c/" + comment.ID.String() + "/act",
	} {
		for origin, ours := range origins(w) {
			for _, cookies := range [][]string{nil, w.as("owner"), {"Cookie", "parley=made-up"}} {
				h := w.ask(first, "GET", path, "", append([]string{"Origin", origin}, cookies...)...).Header
				allowed, credentials := h.Get("Access-Control-Allow-Origin"), h.Get("Access-Control-Allow-Credentials")
				where := fmt.Sprintf("%s from %q with %d cookies", path, origin, len(cookies)/2)
				switch {
				case len(h.Values("Access-Control-Allow-Origin")) > 1:
					t.Errorf("%s: two answers to one question: %v", where, h)
				case allowed == "*" && credentials != "":
					t.Errorf("%s: anybody may read, with credentials", where)
				case allowed == "*" && strings.Contains(h.Get("Cache-Control"), "private") && h.Get("Content-Type") != "application/problem+json":
					t.Errorf("%s: anybody may read what is private", where)
				case allowed != "" && allowed != "*" && (!ours || allowed != origin):
					t.Errorf("%s: %q may read", where, allowed)
				case allowed != "" && allowed != "*" && !strings.Contains(strings.Join(h.Values("Vary"), ","), "Origin"):
					t.Errorf("%s: the answer depends on the origin and does not say so: %v", where, h)
				case credentials != "" && strings.Contains(h.Get("Cache-Control"), "public"):
					t.Errorf("%s: caches may keep what was made for one reader", where)
				}
			}
			h := w.ask(first, "OPTIONS", path, "", "Origin", origin, "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "content-type").Header
			want := ""
			if ours {
				want = origin
			}
			if h.Get("Access-Control-Allow-Origin") != want || (h.Get("Access-Control-Allow-Methods") != "") != (want != "") {
				t.Errorf("a preflight for %s from %q: %v", path, origin, h)
			}
		}
	}
}
