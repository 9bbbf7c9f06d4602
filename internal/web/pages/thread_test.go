package pages_test

import (
	"encoding/json"
	"encoding/xml"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley"
)

var (
	itemID = regexp.MustCompile(`<li id="c-(\d+)"`)
	ways   = regexp.MustCompile(`<p class="beyond"><a href="([^"]*)">(Earlier|Later)`)
)

func itemsOf(a answer) (ids []string) {
	for _, found := range itemID.FindAllStringSubmatch(a.body, -1) {
		ids = append(ids, found[1])
	}
	return ids
}

func waysOf(a answer) map[string]string {
	all := map[string]string{}
	for _, found := range ways.FindAllStringSubmatch(a.body, -1) {
		all[found[2]] = html.UnescapeString(found[1])
	}
	return all
}

// TestLongThread walks a long thread from a comment in its middle, without a script.
func TestLongThread(t *testing.T) {
	w := newWorld(t)
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("A page")
	root := w.post(ilse, story.ID, 0, "The beginning.")
	all := []string{}
	last := root.ID
	for i := range 130 {
		parent := root.ID
		if i%3 != 0 {
			parent = last
		}
		last = w.post(ilse, story.ID, parent, "Reply "+strconv.Itoa(i)+".").ID
		all = append(all, last.String())
	}
	b := w.browser()
	middle := b.get("/c/"+all[80]).want(t, http.StatusOK, "The beginning.", "Reply 80.", `class="target"`)
	for _, ancestor := range []string{all[78], all[79]} {
		if !slices.Contains(itemsOf(middle), ancestor) {
			t.Errorf("what the linked comment answers (%s) is not shown", ancestor)
		}
	}
	if strings.Count(middle.body, "target\"") != 1 || len(waysOf(middle)) != 2 {
		t.Errorf("%d marked, ways %v", strings.Count(middle.body, "target\""), waysOf(middle))
	}
	shown := itemsOf(middle)
	walk := func(way string) {
		page := middle
		for range 10 {
			next, more := waysOf(page)[way]
			if !more {
				return
			}
			page = b.get(next).want(t, http.StatusOK, "noindex")
			shown = append(shown, itemsOf(page)...)
		}
		t.Errorf("%s never ends", way)
	}
	walk("Earlier")
	walk("Later")
	slices.Sort(shown)
	if shown = slices.Compact(shown); len(shown) != len(all)+1 {
		t.Errorf("the ways show %d comments, want %d", len(shown), len(all)+1)
	}
	if first := b.get("/c/" + root.ID.String()); len(waysOf(first)) != 1 || waysOf(first)["Later"] == "" {
		t.Errorf("the thread's own page leads to %v", waysOf(first))
	}
	b.get("/c/"+root.ID.String()+"?after=made-up").want(t, http.StatusBadRequest)

	var flat []string
	for path := "/c/" + root.ID.String() + "/replies"; path != ""; {
		page := b.get(path).want(t, http.StatusOK)
		flat = append(flat, itemsOf(page)...)
		if path = ""; page.Header.Get("Parley-Next") != "" {
			path = "/c/" + root.ID.String() + "/replies?cursor=" + page.Header.Get("Parley-Next")
		}
	}
	if !slices.Equal(flat, all) {
		t.Errorf("the replies one after another are %d, want %d in written order", len(flat), len(all))
	}
}

func TestThreadsPageByPage(t *testing.T) {
	w := newWorld(t)
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("A page")
	var all []string
	for i := range 60 {
		all = append(all, w.post(ilse, story.ID, 0, "Thread "+strconv.Itoa(i)).ID.String())
	}
	b := w.browser()
	for _, sort := range []string{"oldest", "newest"} {
		var shown []string
		for cursor := ""; ; {
			path := "/s/" + story.ID.String() + "/comments?sort=" + sort
			if cursor != "" {
				path += "&cursor=" + cursor
			}
			page := b.get(path).want(t, http.StatusOK)
			shown = append(shown, itemsOf(page)...)
			if cursor = page.Header.Get("Parley-Next"); cursor == "" {
				break
			}
			b.get("/s/"+story.ID.String()+"?sort="+sort+"&cursor="+cursor).want(t, http.StatusOK, "Back to the first threads")
		}
		if sort == "newest" {
			slices.Reverse(shown)
		}
		if !slices.Equal(shown, all) {
			t.Errorf("%s shows %d threads", sort, len(shown))
		}
	}
	b.get("/s/"+story.ID.String()).want(t, http.StatusOK, "25 of 60 threads", "Show 25 more threads")
	foreign := b.get("/s/" + story.ID.String() + "/comments?sort=oldest").Header.Get("Parley-Next")
	b.get("/s/"+story.ID.String()+"?sort=newest&cursor="+foreign).want(t, http.StatusBadRequest)

	b.get("/s/"+story.ID.String()+"/new?after="+all[57]).want(t, http.StatusOK, "Thread 58", "Thread 59", "!Thread 57")
	for i := range 50 {
		w.post(ilse, story.ID, 0, "Later "+strconv.Itoa(i))
	}
	many := b.get("/s/" + story.ID.String() + "/new?after=" + all[0])
	if many.Header.Get("Parley-More") != "1" || len(itemsOf(many)) != parley.MaxPage {
		t.Errorf("Parley-More %q with %d comments", many.Header.Get("Parley-More"), len(itemsOf(many)))
	}
}

// TestAskedRevision holds that whoever has seen a change never gets a page without it.
func TestAskedRevision(t *testing.T) {
	w := newWorld(t)
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("A page")
	b := w.browser()
	paths := []string{"/s/" + story.ID.String(), "/s/" + story.ID.String() + "/comments", "/fragment?story=" + story.ID.String()}
	for i := range 5 {
		for _, path := range paths {
			b.get(path).want(t, http.StatusOK)
		}
		words := "Words number " + strconv.Itoa(i)
		posted, err := w.f.Conversation.Post(t.Context(), ilse, parley.Draft{Story: story.ID, Body: words})
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			got := b.get(path+sep+"rev="+strconv.FormatInt(posted.Revision, 10)).want(t, http.StatusOK, words)
			if revision, _ := strconv.ParseInt(got.Header.Get("Parley-Revision"), 10, 64); revision < posted.Revision {
				t.Errorf("%s has revision %d, want %d", path, revision, posted.Revision)
			}
		}
	}
	b.get(paths[0]+"?rev=999999999").want(t, http.StatusOK)
	b.get(paths[0]+"?rev=-1").want(t, http.StatusBadRequest)
}

func TestFeeds(t *testing.T) {
	w := newWorld(t)
	ilse := w.reader("Ilse <Marrow> & Co")
	story := w.foreign("Ferries & <streets>")
	root := w.post(ilse, story.ID, 0, "A *pavement* & a bridge.")
	for i := range 55 {
		w.post(ilse, story.ID, root.ID, "Reply "+strconv.Itoa(i))
	}
	b := w.browser()
	atom := b.get("/s/" + story.ID.String() + "/feed")
	if atom.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" {
		t.Errorf("Atom is served as %s", atom.Header.Get("Content-Type"))
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Entries []struct {
			ID, Title, Updated, Content string
			Answers                     struct {
				Ref string `xml:"ref,attr"`
			} `xml:"in-reply-to"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(atom.body), &feed); err != nil {
		t.Fatal(err)
	}
	if len(feed.Entries) != 50 || feed.Title != "Comments on Ferries & <streets>" || feed.ID != w.base+"/s/"+story.ID.String() || feed.Updated == "" {
		t.Errorf("%d entries, title %q, id %q", len(feed.Entries), feed.Title, feed.ID)
	}
	if !strings.Contains(atom.body, "Reply 54") || strings.Contains(atom.body, "Reply 4<") || !strings.Contains(atom.body, `ref="`+w.base+"/c/"+root.ID.String()+`"`) {
		t.Error("the feed does not hold the newest fifty, each with what it answers")
	}
	plain := b.get("/s/" + story.ID.String() + "/feed?format=json")
	var parsed struct {
		Version string
		Items   []struct {
			URL  string
			HTML string `json:"content_html"`
		}
	}
	if err := json.Unmarshal([]byte(plain.body), &parsed); err != nil || len(parsed.Items) != 50 || parsed.Items[0].HTML != "<p>Reply 54</p>" {
		t.Errorf("JSON Feed: %+v, %v", parsed, err)
	}
	b.get("/s/"+story.ID.String()+"/feed?format=xls").want(t, http.StatusBadRequest)
	b.get("/s/1/feed").want(t, http.StatusNotFound)
}

func TestProfilePageByPage(t *testing.T) {
	w := newWorld(t)
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("A page")
	for i := range 60 {
		w.post(ilse, story.ID, 0, "Words number "+strconv.Itoa(i)+".")
	}
	b := w.browser()
	path, shown := "/readers/"+ilse.ID.String(), 0
	for pages := 0; path != "" && pages < 9; pages++ {
		page := b.get(path).want(t, http.StatusOK, "60 comments")
		shown += len(itemsOf(page))
		older := regexp.MustCompile(`data-more href="([^"]*)"`).FindStringSubmatch(page.body)
		if path = ""; older != nil {
			path = html.UnescapeString(older[1])
		}
	}
	if shown != 60 {
		t.Errorf("the profile shows %d comments, want 60", shown)
	}
}

func TestFragment(t *testing.T) {
	w := newWorld(t)
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("A page")
	w.post(ilse, story.ID, 0, "Words.")
	b := w.browser()
	for _, asked := range []string{story.ID.String(), story.URL, story.URL + "#parley", "HTTPS://NEWS.example:443/1?utm_source=x"} {
		b.get("/fragment?story="+strings.ReplaceAll(strings.ReplaceAll(asked, "#", "%23"), "?", "%3F")+"&lang=en-GB").
			want(t, http.StatusOK, `<template shadowrootmode="open">`, "Words.", `story-id="`+story.ID.String()+`"`, `base="`+w.base+`"`, `lang="en"`)
	}
	b.get("/fragment?story="+paper+"/nobody").want(t, http.StatusOK, `story-id=""`, "Nobody has written here yet.", "/s/new/write?story=")
	b.get("/fragment").want(t, http.StatusBadRequest)
	if to := b.get("/s/https%3A%2F%2Fnews.example%2F1").want(t, http.StatusTemporaryRedirect).Header.Get("Location"); b.get(to).StatusCode != http.StatusTemporaryRedirect {
		t.Errorf("a story named by its address leads to %s", to)
	}
	if to := b.get("/s/new?story=https%3A%2F%2Fnews.example%2F1").Header.Get("Location"); to != w.base+"/s/"+story.ID.String() {
		t.Errorf("a story that has been written under leads to %s", to)
	}
}
