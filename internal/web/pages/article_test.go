package pages_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"parley"
	"parley/internal/store"
	"parley/internal/web/pages"
)

func TestArticle(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	path := "/articles/who-may-close-a-street"
	page := b.get(path).want(t, http.StatusOK,
		"<h1>Who may close a street?</h1>", `<p class="standfirst">A ferry is a street that moves.</p>`, "By <b>Ilse Marrow</b>",
		`<time datetime="2026-11-19T06:00:00&#43;01:00">Thursday 19 November 2026, 6.00 UTC&#43;1</time>`,
		`<img src="`+w.base+`/articles/quay.svg" width="600" height="400" alt="Two ships at a quay.">`, "The Long Quay at dusk.", "A street costs something too.",
		"Ilse Marrow writes about cities.", "Join our commenting forum.", `<link rel="canonical" href="`+w.base+path+`">`,
		`property="og:title" content="Who may close a street?"`, "application/rss&#43;xml", "No comments yet", `<parley-conversation class="parley"`)
	ld := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindStringSubmatch(page.body)
	var data struct {
		Type, Headline, URL string
		Author              struct{ Name string }
	}
	if ld == nil {
		t.Fatal("no data for machines")
	}
	if err := json.Unmarshal([]byte(strings.ReplaceAll(ld[1], `"@type":"NewsArticle"`, `"type":"NewsArticle"`)), &data); err != nil || data.Headline != "Who may close a street?" || data.Type != "NewsArticle" || data.Author.Name != "Ilse Marrow" {
		t.Errorf("data for machines: %+v, %v", data, err)
	}
	var story parley.Story
	if err := w.f.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
		story, err = tx.StoryByURL(w.f.Nobody(), w.base+path)
		return err
	}); err != nil || story.Title != "Who may close a street?" {
		t.Fatalf("the article's story is %+v, %v", story, err)
	}

	posted := w.post(w.reader("Hanne Quill"), story.ID, 0, "Nobody may.")
	eventually(t, func() bool { return strings.Contains(b.get(path).body, "Nobody may.") })
	changed := b.get(path).want(t, http.StatusOK, "1 comment", `"commentCount":1`, "/c/"+posted.ID.String())
	if changed.Header.Get("ETag") == page.Header.Get("ETag") {
		t.Error("the comment did not change the ETag")
	}

	w.folder["who-may-close-a-street.md"] = &fstest.MapFile{Data: []byte(strings.Replace(onePiece, "A street costs something too.", "A street costs nothing.", 1))}
	if err := w.press.Reload(); err != nil {
		t.Fatal(err)
	}
	b.get(path, "If-None-Match", changed.Header.Get("ETag")).want(t, http.StatusOK, "A street costs nothing.", "Nobody may.")
	picture := b.get("/articles/quay.svg").want(t, http.StatusOK, "<svg")
	if picture.Header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(picture.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the picture is served as %v", picture.Header)
	}
}

func TestIndex(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.get("/").want(t, http.StatusOK, "Who may close a street?", "A ferry is a street that moves.", "By Ilse Marrow", "19 November 2026", "<parley-count story-id=", "Cities")
	for i := range 40 {
		name := fmt.Sprintf("piece-%02d.md", i)
		w.folder[name] = &fstest.MapFile{Data: []byte(fmt.Sprintf("---\ntitle: Piece %02d\npublished: 2026-10-%02dT06:00:00Z\nsection: Opinion\n---\nWords.\n", i, i%28+1))}
	}
	if err := w.press.Reload(); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	path := "/"
	for pages := 0; path != "" && pages < 5; pages++ {
		page := b.get(path).want(t, http.StatusOK)
		for _, found := range regexp.MustCompile(`<h2><a href="[^"]*">([^<]*)<`).FindAllStringSubmatch(page.body, -1) {
			if seen[found[1]] {
				t.Errorf("%s stands there twice", found[1])
			}
			seen[found[1]] = true
		}
		path = ""
		if older := regexp.MustCompile(`<a href="([^"]*)">Older pieces`).FindStringSubmatch(page.body); older != nil {
			path = strings.ReplaceAll(older[1], "&amp;", "&")
		}
	}
	if len(seen) != 41 {
		t.Errorf("the index shows %d pieces, want 41", len(seen))
	}
	b.get("/?section=Cities").want(t, http.StatusOK, "Who may close a street?", "!Piece 01")
	var feed struct {
		Items []struct {
			Title string `xml:"title"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal([]byte(b.get("/articles/feed.xml").body), &feed); err != nil || len(feed.Items) != 41 {
		t.Errorf("the feed has %d articles, %v", len(feed.Items), err)
	}
	if to := b.get("/rss.xml").want(t, http.StatusPermanentRedirect).Header.Get("Location"); to != w.base+"/articles/feed.xml" {
		t.Errorf("/rss.xml leads to %s", to)
	}
}

func TestForumWithoutArticles(t *testing.T) {
	w := newWorld(t)
	p, err := pages.New(w.f, pages.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := w.serve(p)
	b.get("/").want(t, http.StatusOK, "<h1>The Test</h1>", "Join our commenting forum.", "!feed.xml")
	b.get("/articles/who-may-close-a-street").want(t, http.StatusNotFound)
	b.get("/articles/feed.xml").want(t, http.StatusNotFound)
	b.get("/rss.xml").want(t, http.StatusNotFound)
}

func TestStrip(t *testing.T) {
	w := newWorld(t)
	p, err := pages.New(w.f, pages.Options{Articles: w.press, Strip: &pages.Strip{Text: "This is a demo.", Links: []pages.Link{{Text: "Mail", URL: "/demo/mail"}}}})
	if err != nil {
		t.Fatal(err)
	}
	w.serve(p).get("/").want(t, http.StatusOK, "This is a demo.", `<a href="/demo/mail">Mail</a>`)
	w.serve(p).get("/?section=Cities").want(t, http.StatusOK, "!This is a demo.")
}

func TestPrepareMakesStories(t *testing.T) {
	w := newWorld(t)
	if err := w.pages.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.f.Store.Read(t.Context(), func(tx *store.Tx) error {
		_, err := tx.StoryByURL(w.f.Nobody(), w.base+"/articles/who-may-close-a-street")
		return err
	}); err != nil {
		t.Error(err)
	}
}

func TestBrowserCodeIsServed(t *testing.T) {
	b := newWorld(t).browser()
	for _, name := range []string{"embed.js", "embed.css", "page.css", "bridge.js", "login.js"} {
		b.get("/"+name).want(t, http.StatusOK)
	}
	b.get("/embed-none.js").want(t, http.StatusNotFound)
}
