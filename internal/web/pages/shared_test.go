package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"parley"
)

// sharedPaths fills a forum and lists an address of every shared page.
func sharedPaths(w *world) map[string]string {
	w.Helper()
	ilse, tobias := w.reader("Ilse Marrow"), w.reader("Tobias Renn")
	story := w.foreign("The ferry is a street")
	root := w.post(ilse, story.ID, 0, "A pavement *loses* money too.")
	reply := w.post(tobias, story.ID, root.ID, "Then close the pavement.")
	id := story.ID.String()
	return map[string]string{
		"index": "/", "section": "/?section=Cities", "article": "/articles/who-may-close-a-street", "rss": "/articles/feed.xml",
		"fragment": "/fragment?story=" + id, "fragment of nothing yet": "/fragment?story=https%3A%2F%2Fnews.example%2Fnobody",
		"story": "/s/" + id, "story of nothing yet": "/s/new?story=https%3A%2F%2Fnews.example%2Fnobody",
		"threads": "/s/" + id + "/comments?sort=oldest", "arrivals": "/s/" + id + "/new?after=" + root.ID.String(),
		"atom": "/s/" + id + "/feed", "json feed": "/s/" + id + "/feed?format=json",
		"permalink": "/c/" + reply.ID.String(), "replies": "/c/" + root.ID.String() + "/replies", "item": "/c/" + root.ID.String() + "/item",
		"profile": "/readers/" + ilse.ID.String(), "bridge": "/bridge",
	}
}

// TestSharedPages holds every shared page to what makes it free for every cache on the way.
func TestSharedPages(t *testing.T) {
	w := newWorld(t)
	paths := sharedPaths(w)
	stranger, member := w.browser(), w.browser()
	for name, path := range paths {
		t.Run(name, func(t *testing.T) {
			first := stranger.get(path).want(t, http.StatusOK)
			h := first.Header
			if got := h.Get("Cache-Control"); got != "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400" {
				t.Errorf("Cache-Control is %q", got)
			}
			if h.Get("Vary") != "Accept-Encoding" || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("Vary %q, Access-Control-Allow-Origin %q", h.Values("Vary"), h.Get("Access-Control-Allow-Origin"))
			}
			if h.Get("Set-Cookie") != "" {
				t.Error("a cookie is set")
			}
			with := member.get(path, "Cookie", "parley=something; __Host-parley=else", "X-Forwarded-Host", "evil.example", "Authorization", "Bearer x")
			if with.body != first.body || with.Header.Get("Set-Cookie") != "" {
				t.Error("the answer depends on who asks")
			}
			tag := h.Get("ETag")
			again := stranger.get(path, "If-None-Match", tag, "Accept-Encoding", "gzip")
			if again.StatusCode != http.StatusOK && again.StatusCode != http.StatusNotModified {
				t.Errorf("asked again it answers %d", again.StatusCode)
			}
			same := stranger.get(path, "If-None-Match", again.Header.Get("ETag"), "Accept-Encoding", "gzip").want(t, http.StatusNotModified)
			if same.Header.Get("Cache-Control") != h.Get("Cache-Control") || same.Header.Get("Vary") != h.Get("Vary") {
				t.Error("304 does not repeat the caching headers")
			}
			if policy := h.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self';") {
				t.Errorf("policy is %q", policy)
			}
		})
	}
}

func TestUnknownParametersAreRedirected(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	for name, path := range sharedPaths(w) {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		got := b.get(path+sep+"utm_source=mail&x=%0d%0a").want(t, http.StatusPermanentRedirect)
		target := strings.TrimPrefix(got.Header.Get("Location"), w.base)
		if name == "rss" {
			target = strings.TrimPrefix(target, w.base)
		}
		if strings.Contains(target, "utm") || b.get(target).StatusCode != http.StatusOK {
			t.Errorf("%s leads to %s", name, target)
		}
	}
}

func TestNothingThere(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("A page")
	root := w.post(ilse, story.ID, 0, "Words.")
	for _, path := range []string{
		"/nothing", "/s/1", "/s/0", "/s/-1", "/s/01", "/s/x", "/s/99999999999999999999", "/c/1", "/c/" + story.ID.String(), "/readers/1",
		"/readers/" + root.ID.String(), "/articles/none", "/articles/../secret", "/articles/none.svg", "/?section=None", "/?from=none",
		"/s/" + root.ID.String() + "/extra/x.css", "/c/" + root.ID.String() + "/x.css",
	} {
		got := b.get(path)
		if got.StatusCode == http.StatusMovedPermanently || got.StatusCode == http.StatusTemporaryRedirect {
			got = b.get(strings.TrimPrefix(got.Header.Get("Location"), w.base))
		}
		got.want(t, http.StatusNotFound, "Go to the first page", "</html>")
		if got.Header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: Cache-Control is %q", path, got.Header.Get("Cache-Control"))
		}
	}
	for _, path := range []string{"/s/1/comments", "/c/1/item", "/c/1/replies", "/fragment?story=1"} {
		got := b.get(path).want(t, http.StatusNotFound, `"code":"not_found"`)
		if got.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: pages of other origins cannot read why", path)
		}
	}
	b.get("/fragment?story=https://elsewhere.example/").want(t, http.StatusBadRequest, "bad_story")
	b.get("/s/"+story.ID.String()+"?sort=best").want(t, http.StatusBadRequest)
	b.get("/s/"+story.ID.String()+"?cursor=made-up").want(t, http.StatusBadRequest)
	b.get("/s/"+story.ID.String()+"/new?after=x").want(t, http.StatusBadRequest, "bad_cursor")
	b.send("/s/"+story.ID.String(), nil).want(t, http.StatusMethodNotAllowed)
}

func TestStatesOnPermalinks(t *testing.T) {
	w := newWorld(t, func(f *webForum) { f.Site.HoldUnconfirmed = true })
	b := w.browser()
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("A page")
	root := w.post(ilse, story.ID, 0, "Words to be taken back.")
	reply := w.post(ilse, story.ID, root.ID, "An answer.")
	if _, err := w.f.Conversation.Withdraw(t.Context(), ilse, root.ID); err != nil {
		t.Fatal(err)
	}
	b.get("/c/"+root.ID.String()).want(t, http.StatusOK, "Withdrawn by its author.", "!taken back", "An answer.")
	b.get("/c/"+reply.ID.String()).want(t, http.StatusOK, "Withdrawn by its author.", `class="target"`, "An answer.")
	held := w.tilt(ilse, story, parley.Held)
	b.get("/c/"+held.ID.String()).want(t, http.StatusNotFound, "!Waiting words")
	b.get("/c/"+held.ID.String()+"/item").want(t, http.StatusNotFound, "!Waiting words")
}
