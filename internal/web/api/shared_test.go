package api_test

import (
	"net/http"
	"strings"
	"testing"

	"parley"
	"parley/internal/web/api"
)

const poison = "poison.example"

// poisons are headers that some program on the way, or behind it, believes. None of them is ours to believe.
var poisons = [][2]string{
	{"X-Forwarded-Host", poison}, {"X-Forwarded-Server", poison}, {"X-Forwarded-Proto", "poison"}, {"X-Forwarded-Scheme", "poison"}, {"X-Forwarded-Port", "666"},
	{"X-Forwarded-Prefix", "/" + poison}, {"X-Forwarded-Path", "/" + poison}, {"X-Forwarded-For", poison}, {"Forwarded", "host=" + poison + ";proto=poison"},
	{"X-Host", poison}, {"X-HTTP-Host-Override", poison}, {"X-Original-Host", poison}, {"X-Original-URL", "/account"}, {"X-Rewrite-URL", "/account"},
	{"X-Original-URI", "/account"}, {"X-HTTP-Method-Override", "DELETE"}, {"X-HTTP-Method", "DELETE"}, {"X-Method-Override", "DELETE"}, {"X-Real-IP", poison},
	{"True-Client-IP", poison}, {"CF-Connecting-IP", poison}, {"X-Client-IP", poison}, {"Via", "1.1 " + poison}, {"Referer", "https://" + poison + "/"}, {"User-Agent", poison},
	{"Accept-Language", "de, " + poison}, {"Accept", "application/json, " + poison}, {"X-Requested-With", poison}, {"X-Wap-Profile", "https://" + poison}, {"Range", "bytes=0-5"},
	{"Cookie", "other=" + poison}, {"Origin", "https://" + poison}, {"X-Request-Id", poison}, {"Traceparent", "00-" + poison}, {"Authorization", "Bearer " + poison},
	{"Host", poison}, {"Host", poison + ":80"}, {"Host", "FIRST.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}, {"Purpose", "prefetch"},
	{"X-Amz-Website-Redirect-Location", "https://" + poison}, {"Transfer-Encoding", "identity"}, {"Max-Forwards", "0"}, {"If-Range", `"` + poison + `"`},
}

func sharedPaths(w *town, story parley.Story, comment parley.Comment, owner parley.Reader) []string {
	s, c, r := story.ID.String(), comment.ID.String(), owner.ID.String()
	full := api.Prefix + "/stories/" + w.full(owner).ID.String()
	question := w.ask(first, "GET", full, "").member("question")
	passage := w.ask(first, "GET", full+"/comments", "").first("items", "passage", "id")
	return []string{
		full, full + "/passages", full + "/comments?passage=" + passage, full + "/annotations", full + "/versions", full + "/versions/1", full + "/corrections",
		full + "/sequels", full + "/question", api.Prefix + "/questions/" + question, "/s/" + strings.TrimPrefix(full, api.Prefix+"/stories/"),
		"/", "/articles/a-piece", "/articles/feed.xml", "/s/" + s, "/s/" + s + "?sort=oldest", "/s/" + s + "/comments", "/s/" + s + "/feed", "/s/" + s + "/feed?format=json", "/fragment?story=" + s,
		"/c/" + c, "/c/" + c + "/replies", "/c/" + c + "/item", "/readers/" + r, "/bridge", "/embed.js", "/embed.css", "/nothing", "/c/12",
		api.Prefix + "/stories/" + s, api.Prefix + "/stories/" + s + "/comments", api.Prefix + "/comments/" + c, api.Prefix + "/readers/" + r, api.Prefix + "/counts?story=" + s,
	}
}

// TestSharedAnswersCannotBePoisoned asks for everything shared with each header, and again as a cache would: the
// bytes are the same for everybody, and nothing that was sent comes back.
func TestSharedAnswersCannotBePoisoned(t *testing.T) {
	w := newTown(t)
	owner := w.join(first, "owner", 0)
	story := w.story(first)
	comment := w.comment(owner, story, parley.Published)
	w.ask(first, "GET", "/articles/a-piece", "") // makes the piece's story, which raises no revision later
	for _, path := range sharedPaths(w, story, comment, owner) {
		plain := w.ask(first, "GET", path, "")
		for _, header := range poisons {
			got := w.ask(first, "GET", path, "", header[0], header[1])
			where := path + " with " + header[0] + ": " + header[1]
			if header[0] == "Range" && got.StatusCode == http.StatusPartialContent {
				continue // a part for who asked for a part; no cache takes it for the whole
			}
			if got.body != plain.body || got.StatusCode != plain.StatusCode {
				t.Errorf("%s: %d instead of %d:\n%.300s\ninstead of\n%.300s", where, got.StatusCode, plain.StatusCode, got.body, plain.body)
			}
			for name, values := range got.Header {
				if text := strings.Join(values, " "); strings.Contains(text, "poison") {
					t.Errorf("%s comes back in %s: %s", where, name, text)
				}
			}
		}
		if again := w.ask(first, "GET", path, ""); again.body != plain.body {
			t.Errorf("%s is another page now:\n%.500s", path, again.body)
		}
	}
}

// TestSharedPagesKnowNobody: with a reader's cookie, with another's and without, a page is the same page, and no
// answer that caches may keep sets a cookie.
func TestSharedPagesKnowNobody(t *testing.T) {
	w := newTown(t)
	owner := w.join(first, "owner", 0)
	other := w.join(first, "other", 0)
	if err := w.forums[first].Conversation.Silence(t.Context(), owner, parley.Block, other.ID, true); err != nil {
		t.Fatal(err)
	}
	story := w.story(first)
	comment := w.comment(owner, story, parley.Published)
	w.ask(first, "GET", "/articles/a-piece", "")
	for _, path := range sharedPaths(w, story, comment, owner) {
		plain := w.ask(first, "GET", path, "")
		for _, name := range []string{"owner", "other"} {
			got := w.ask(first, "GET", path, "", w.as(name)...)
			if strings.HasPrefix(path, api.Prefix) && !strings.Contains(path, "/counts") {
				if got.Header.Get("Cache-Control") != "private, no-store" || !strings.Contains(strings.Join(got.Header.Values("Vary"), ","), "Cookie") {
					t.Errorf("%s for %s may be kept: %v", path, name, got.Header)
				}
				if vary := plain.Header.Get("Vary"); plain.StatusCode == http.StatusOK && !strings.Contains(vary, "Cookie") {
					t.Errorf("%s for nobody does not say that it depends on the cookie: %v", path, plain.Header)
				}
				continue
			}
			if got.body != plain.body || got.Header.Get("Set-Cookie") != "" || got.Header.Get("ETag") != plain.Header.Get("ETag") {
				t.Errorf("%s for %s is not the page for nobody: %v", path, name, got.Header)
			}
		}
	}
}
