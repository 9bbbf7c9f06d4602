package press

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"parley"
)

func TestFeedReadsBack(t *testing.T) {
	zone := time.FixedZone("UTC+1", 3600)
	articles := []*Article{{
		Slug: "two-ships", Title: "Ships & <cargo> ]]> \x01", Standfirst: `"Quoted" standfirst`, Section: "Opinion", Author: "Aurel Whitcombe",
		Published: time.Date(2026, 11, 16, 6, 30, 0, 0, zone), Updated: time.Date(2026, 11, 17, 6, 30, 0, 0, zone),
	}}
	for i := range FeedLength + 10 {
		articles = append(articles, &Article{Slug: fmt.Sprintf("a%d", i), Title: "T", Published: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	}
	var b strings.Builder
	if err := RSS(&b, "https://forum.example", "The Meridian", articles); err != nil {
		t.Fatal(err)
	}
	var back struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Channel struct {
			Title string `xml:"title"`
			Links []struct {
				XMLName xml.Name
				Text    string `xml:",chardata"`
				Href    string `xml:"href,attr"`
			} `xml:"link"`
			Built string `xml:"lastBuildDate"`
			Items []struct {
				Title       string `xml:"title"`
				Link        string `xml:"link"`
				GUID        string `xml:"guid"`
				PubDate     string `xml:"pubDate"`
				Creator     string `xml:"http://purl.org/dc/elements/1.1/ creator"`
				Category    string `xml:"category"`
				Description string `xml:"description"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	if err := xml.Unmarshal([]byte(b.String()), &back); err != nil {
		t.Fatalf("the feed does not parse: %v\n%s", err, b.String())
	}
	if back.Version != "2.0" || back.Channel.Title != "The Meridian" || len(back.Channel.Items) != FeedLength {
		t.Fatalf("version %q, title %q, %d items", back.Version, back.Channel.Title, len(back.Channel.Items))
	}
	if l := back.Channel.Links; len(l) != 2 || l[0].Text != "https://forum.example/" || l[1].Href != "https://forum.example/articles/feed.xml" ||
		l[1].XMLName.Space != "http://www.w3.org/2005/Atom" {
		t.Errorf("links are %+v", l)
	}
	got := back.Channel.Items[0]
	for name, pair := range map[string][2]string{
		"title":       {got.Title, "Ships & <cargo> ]]> \ufffd"},
		"link":        {got.Link, "https://forum.example/articles/two-ships"},
		"guid":        {got.GUID, got.Link},
		"date":        {got.PubDate, "Mon, 16 Nov 2026 06:30:00 +0100"},
		"creator":     {got.Creator, "Aurel Whitcombe"},
		"category":    {got.Category, "Opinion"},
		"description": {got.Description, `"Quoted" standfirst`},
		"built":       {back.Channel.Built, "Tue, 17 Nov 2026 06:30:00 +0100"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %q, want %q", name, pair[0], pair[1])
		}
	}
}

func TestFeedOfNothing(t *testing.T) {
	var b strings.Builder
	if err := RSS(&b, "https://forum.example", "The Meridian", nil); err != nil || strings.Contains(b.String(), "lastBuildDate") {
		t.Errorf("an empty feed gives %v:\n%s", err, b.String())
	}
}

// desk stands for the verb that keeps stories.
type desk struct {
	stories []parley.Story
	err     error
}

func (d *desk) Revise(context.Context, parley.ID, string, []string) (bool, error) { return false, nil }

func (d *desk) Register(_ context.Context, story parley.Story) (parley.ID, error) {
	d.stories = append(d.stories, story)
	return parley.ID(len(d.stories)), d.err
}

func TestEveryArticleGetsItsStoryOnce(t *testing.T) {
	dir := fstest.MapFS{
		"a.md": {Data: []byte("---\n" + goodKeys + "\nsection: World\n---\nText.")},
		"b.md": {Data: []byte("---\ntitle: B\npublished: 2026-11-16T05:00:00Z\nclosed: true\n---\nText.")},
	}
	p, d := load(t, dir), &desk{}
	register := NewRegister(d, "https://forum.example")
	for range 2 {
		if err := register.All(t.Context(), p.Edition()); err != nil {
			t.Fatal(err)
		}
	}
	at := parley.TimeOf(time.Date(2026, 11, 16, 5, 30, 0, 0, time.UTC))
	want := []parley.Story{
		{URL: "https://forum.example/articles/a", Title: "X", Section: "World", PublishedAt: at},
		{URL: "https://forum.example/articles/b", Title: "B", PublishedAt: at.Add(-30 * time.Minute), ClosedAt: at.Add(-30 * time.Minute)},
	}
	if len(d.stories) != 2 || d.stories[0] != want[0] || d.stories[1] != want[1] {
		t.Fatalf("registered %+v, want %+v", d.stories, want)
	}

	dir["a.md"] = &fstest.MapFile{Data: []byte("---\n" + strings.Replace(goodKeys, "X", "New", 1) + "\n---\nText.")}
	if err := p.Reload(); err != nil {
		t.Fatal(err)
	}
	id, err := register.Story(t.Context(), p.Edition().Article("a"))
	if err != nil || id != 3 || d.stories[2].Title != "New" {
		t.Errorf("after a change: id %d, %v, %+v", id, err, d.stories)
	}
}

func TestAFailedRegistrationIsTriedAgain(t *testing.T) {
	p, d := load(t, fstest.MapFS{"a.md": {Data: []byte(goodFront)}}), &desk{err: errors.New("disk full")}
	register := NewRegister(d, "https://forum.example")
	if err := register.All(t.Context(), p.Edition()); err == nil || !strings.Contains(err.Error(), "register the story of a: disk full") {
		t.Errorf("got %v", err)
	}
	d.err = nil
	if err := register.All(t.Context(), p.Edition()); err != nil || len(d.stories) != 2 {
		t.Errorf("second try: %v, %d calls", err, len(d.stories))
	}
}
