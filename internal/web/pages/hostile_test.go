package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
)

// TestHostileFields puts markup into every field of others that a page shows, and looks for it as markup.
func TestHostileFields(t *testing.T) {
	w := newWorld(t)
	const evil = `"'><script>alert(1)</script><img src=x onerror=alert(2)>`
	w.folder["evil.md"] = &fstest.MapFile{Data: []byte("---\ntitle: |\n  " + evil + "\npublished: 2026-11-19T06:00:00Z\nstandfirst: |\n  " + evil +
		"\nsection: |\n  " + evil + "\nauthor: |\n  " + evil + "\npicture: quay.svg\ncaption: |\n  " + evil + "\nalt: |\n  " + evil + "\nnote: |\n  " + evil + "\n---\n" + evil + "\n")}
	if err := w.press.Reload(); err != nil || len(w.press.Edition().Problems) > 0 {
		t.Fatal(err, w.press.Edition().Problems)
	}
	ilse, other := w.reader(`Ilse "<b onclick>' & Co`), w.reader("Tobias Renn")
	story := w.foreign(evil)
	root := w.post(ilse, story.ID, 0, evil)
	w.post(other, story.ID, root.ID, evil)
	b := w.browser().signIn(`Tobias Renn`)
	for _, path := range []string{
		"/", "/?section=" + url.QueryEscape(evil), "/articles/evil", "/articles/feed.xml", "/s/" + story.ID.String(), "/s/" + story.ID.String() + "/feed",
		"/fragment?story=" + story.ID.String(), "/c/" + root.ID.String(), "/c/" + root.ID.String() + "/item", "/readers/" + ilse.ID.String(),
		"/s/" + story.ID.String() + "/write?parent=" + root.ID.String(), "/c/" + root.ID.String() + "/act", "/readers/" + ilse.ID.String() + "/act",
		"/s/" + story.ID.String() + "/follow", "/following", "/notices", "/account", "/account/bar",
		"/account/sign-in?next=" + url.QueryEscape("/"+evil), "/login?return=" + url.QueryEscape(evil) + "&challenge=" + url.QueryEscape(evil),
		"/s/new?story=" + url.QueryEscape(paper+"/"+evil), "/s/new/write?story=" + url.QueryEscape(paper+"/"+evil),
	} {
		got := b.get(path).want(t, http.StatusOK)
		for _, bad := range []string{"<script>alert", "<img src=x", "<b onclick"} {
			if strings.Contains(got.body, bad) {
				t.Errorf("%s holds %s:\n%s", path, bad, clip(got.body[max(0, strings.Index(got.body, bad)-200):]))
			}
		}
	}
	for path, fields := range map[string]url.Values{
		"/account/sign-in":                      {"email": {evil}, "password": {evil}, "body": {evil}, "key": {evil}, "next": {evil}},
		"/login":                                {"email": {evil}, "name": {evil}, "return": {evil}, "challenge": {evil}, "way": {"register"}},
		"/s/" + story.ID.String() + "/write":    {"body": {strings.Repeat(evil, 300)}, "key": {evil}, "do": {"post"}},
		"/c/" + root.ID.String() + "/act":       {"do": {"report"}, "note": {evil}, "reason": {evil}},
		"/readers/" + ilse.ID.String() + "/act": {"do": {evil}},
	} {
		if got := b.send(path, fields); strings.Contains(got.body, "<script>alert") || got.StatusCode >= 500 {
			t.Errorf("%s answers %d:\n%s", path, got.StatusCode, clip(got.body))
		}
	}
	stranger := w.browser()
	if got := stranger.send("/account/register", url.Values{"email": {evil}, "name": {evil}, "body": {evil}, "key": {evil}}); strings.Contains(got.body, "<script>alert") {
		t.Errorf("registering shows markup:\n%s", clip(got.body))
	}
}
