package pages

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"time"

	"parley"
	"parley/internal/render"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// feedLength is how many comments a feed carries: what a reader who looks every few hours can have missed in a
// lively conversation.
const feedLength = 50

// The forms a story's feed comes in, by the format parameter.
var feedForms = map[string]struct {
	media string
	write func(io.Writer, talk) error
}{
	"atom": {"application/atom+xml; charset=utf-8", writeAtom},
	"json": {"application/feed+json", writeJSONFeed},
}

// talk is what a feed says: a story and its newest comments.
type talk struct {
	Site     parley.Site
	Story    parley.Story
	Comments []parley.Comment // newest first
	Self     string
}

func (t talk) page() string                    { return t.Site.BaseURL + storyPath(t.Story, "") }
func (t talk) link(id parley.ID) string        { return t.Site.BaseURL + "/c/" + id.String() }
func (t talk) reader(r parley.Byline) string   { return t.Site.BaseURL + "/readers/" + r.ID.String() }
func (t talk) changed(c parley.Comment) string { return feedTime(max(c.CreatedAt, c.EditedAt)) }

func (t talk) title(c parley.Comment) string {
	if c.To.Name != "" {
		return c.Author.Name + " in reply to " + c.To.Name
	}
	return c.Author.Name
}

// updated gives when the feed last changed: with its newest comment, or when the story was made.
func (t talk) updated() string {
	newest := t.Story.CreatedAt
	for _, c := range t.Comments {
		newest = max(newest, c.CreatedAt, c.EditedAt)
	}
	return feedTime(newest)
}

func feedTime(t parley.Time) string { return t.UTC().Format(time.RFC3339) }

func (p *Pages) storyFeed(story parley.Story, form string) page.Feed {
	link := page.Feed{Type: "application/atom+xml", Title: "Comments on " + page.TitleOf(story), URL: p.f.Site.BaseURL + storyPath(story, "/feed")}
	if form == "json" {
		link.Type, link.URL = "application/feed+json", link.URL+"?format=json"
	}
	return link
}

// feed gives the newest comments of a story for feed readers.
func (p *Pages) feed(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, p.f.Site.BaseURL, "format") {
		return nil
	}
	id, err := web.PathID(r, "story")
	if err != nil {
		return err
	}
	name := r.URL.Query().Get("format")
	if name == "" {
		name = "atom"
	}
	form, known := feedForms[name]
	if !known {
		return parley.Errorf(parley.CodeMalformed, "Feeds come as atom or json.").On("format")
	}
	body, err := p.f.Other(r.Context(), id, 0, "feed", name, func(ctx context.Context) (render.Built, error) {
		t := talk{Site: p.f.Site}
		built, err := p.Snapshot(ctx, id, func(tx *store.Tx, v parley.Viewer, story parley.Story) (err error) {
			t.Story, t.Self = story, p.storyFeed(story, name).URL
			t.Comments, err = tx.LatestComments(v, id, feedLength)
			return err
		}, func(out io.Writer) error { return form.write(out, t) })
		built.Type = form.media
		return built, err
	})
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}

// Atom as in RFC 4287; what a comment answers as in RFC 4685.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Thread  string      `xml:"xmlns:thr,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string       `xml:"id"`
	Title     string       `xml:"title"`
	Published string       `xml:"published"`
	Updated   string       `xml:"updated"`
	Link      atomLink     `xml:"link"`
	Author    atomAuthor   `xml:"author"`
	Answers   *atomAnswers `xml:"thr:in-reply-to"`
	Content   atomContent  `xml:"content"`
}

type atomAuthor struct {
	Name string `xml:"name"`
	URI  string `xml:"uri"`
}

type atomAnswers struct {
	Ref  string `xml:"ref,attr"`
	Href string `xml:"href,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",chardata"`
}

func writeAtom(out io.Writer, t talk) error {
	feed := atomFeed{
		Thread: "http://purl.org/syndication/thread/1.0", ID: t.page(), Title: "Comments on " + page.TitleOf(t.Story), Updated: t.updated(),
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: t.Self}, {Rel: "alternate", Type: "text/html", Href: t.page()}},
	}
	for _, c := range t.Comments {
		entry := atomEntry{
			ID: t.link(c.ID), Title: t.title(c), Published: feedTime(c.CreatedAt), Updated: t.changed(c), Link: atomLink{Href: t.link(c.ID)},
			Author: atomAuthor{c.Author.Name, t.reader(c.Author)}, Content: atomContent{"html", string(textOf(c))},
		}
		if c.Parent != 0 {
			entry.Answers = &atomAnswers{t.link(c.Parent), t.link(c.Parent)}
		}
		feed.Entries = append(feed.Entries, entry)
	}
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return err
	}
	return xml.NewEncoder(out).Encode(feed)
}

// JSON Feed 1.1 (jsonfeed.org).
type jsonFeed struct {
	Version string     `json:"version"`
	Title   string     `json:"title"`
	Home    string     `json:"home_page_url"`
	Self    string     `json:"feed_url"`
	Items   []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	HTML      string       `json:"content_html"`
	Published string       `json:"date_published"`
	Modified  string       `json:"date_modified,omitempty"`
	Authors   []jsonAuthor `json:"authors"`
}

type jsonAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

func writeJSONFeed(out io.Writer, t talk) error {
	feed := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: "Comments on " + page.TitleOf(t.Story), Home: t.page(), Self: t.Self, Items: []jsonItem{},
	}
	for _, c := range t.Comments {
		item := jsonItem{
			ID: t.link(c.ID), URL: t.link(c.ID), Title: t.title(c), HTML: string(textOf(c)), Published: feedTime(c.CreatedAt),
			Authors: []jsonAuthor{{c.Author.Name, t.reader(c.Author)}},
		}
		if c.EditedAt != 0 {
			item.Modified = feedTime(c.EditedAt)
		}
		feed.Items = append(feed.Items, item)
	}
	return json.NewEncoder(out).Encode(feed)
}
