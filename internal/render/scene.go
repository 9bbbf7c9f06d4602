package render

import (
	"html/template"
	"net/url"

	"parley"
	"parley/internal/locale"
)

// scene is what the comments of one rendering share.
type scene struct {
	Site  parley.Site
	Story parley.Story
	place
}

// place is all that a comment's <li> takes from the site and the story it stands under.
type place struct {
	Words *locale.Catalogue

	base   string // the site's address, fit for an attribute
	write  string // the plain form for a new comment, fit for an attribute
	closed bool   // nobody may write
}

func newScene(site parley.Site, story parley.Story) *scene {
	s := &scene{Site: site, Story: story}
	s.place = place{
		Words: locale.For(site.Language), base: template.HTMLEscapeString(site.BaseURL),
		write: template.HTMLEscapeString(s.WriteURL()), closed: story.Closed(),
	}
	return s
}

// StoryURL gives the conversation's own page. A story that nobody has written under has no id yet; it is named by
// its address.
func (s *scene) StoryURL() string { return s.at("") }

// WriteURL gives the plain form for a new comment.
func (s *scene) WriteURL() string { return s.at("/write") }

func (s *scene) at(page string) string {
	if s.Story.ID == 0 {
		return s.Site.BaseURL + "/s/new" + page + "?story=" + url.QueryEscape(s.Story.URL)
	}
	return s.Site.BaseURL + "/s/" + s.Story.ID.String() + page
}

// List marks the place of the comments.
func (s *scene) List() template.HTML { return mark }

// Exact gives an attribute that holds an address to be compared, not followed. The templates would write some of
// its characters in another way, which makes it another story's.
func (s *scene) Exact(name, value string) template.HTMLAttr {
	return template.HTMLAttr(name + `="` + template.HTMLEscapeString(value) + `"`)
}

// link gives an href to a page of the forum. path holds nothing that a stranger wrote.
func (p place) link(path string) template.HTMLAttr {
	return template.HTMLAttr(`href="` + p.base + path + `"`)
}

// date writes a moment in UTC, because the page is the same for everybody; the script writes it nearer to home.
func (p place) date(t parley.Time) moment {
	return moment{Text: p.Words.Stamp(t, nil), ISO: template.HTMLAttr(`datetime="` + iso(t) + `"`)}
}

// moment is a date for people and, as an attribute, for machines.
type moment struct {
	Text string
	ISO  template.HTMLAttr
}

func iso(t parley.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
