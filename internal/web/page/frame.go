package page

import (
	"html/template"
	"time"

	"parley"
	"parley/internal/locale"
	"parley/internal/web"
)

// Frame is what every page has around its content. Views embed it.
type Frame struct {
	Site        parley.Site
	Base        string // the forum's base URL; every address on a page begins with it
	Words       *locale.Catalogue
	Title       string // the window's; the site's name is added
	Description string
	Canonical   string // the page's one address; "" where none should be found by search engines
	Unlisted    bool   // asks search engines to leave the page out
	Graph       *Graph
	Feeds       []Feed
	Styles      []string      // assets linked after page.css, by their names, such as "argument.css"
	Plain       bool          // no script runs on the page
	Data        template.HTML // a script element for machines
	Who         *web.Asker    // on private pages: who asks

	zone *time.Location
}

// Graph is what other sites show of a page when somebody links it (ogp.me).
type Graph struct {
	Type, Title, Description, URL, Image, Alt string
	PublishedAt, ModifiedAt                   string // RFC 3339
	Author, Section                           string
}

// Feed is a feed that a page names: its media type, its title and its address.
type Feed struct{ Type, Title, URL string }

// Frame gives the frame of a page that is the same for everybody.
func (s *Set) Frame(title string) Frame {
	return Frame{Site: s.f.Site, Base: s.f.Site.BaseURL, Words: s.words, Title: title, Plain: s.Plain, zone: s.f.Zone}
}

// PrivateFrame gives the frame of a page that is made for who.
func (s *Set) PrivateFrame(title string, who web.Asker) Frame {
	f := s.Frame(title)
	f.Who, f.Unlisted = &who, true
	return f
}

// Date writes a day by the newsroom's clock.
func (f Frame) Date(t parley.Time) string { return f.Words.Date(t, f.zone) }

// Stamp writes a moment by the newsroom's clock.
func (f Frame) Stamp(t parley.Time) string { return f.Words.Stamp(t, f.zone) }

// ISO writes a moment for machines (RFC 3339, UTC).
func (f Frame) ISO(t parley.Time) string { return t.UTC().Format(time.RFC3339) }

// TitleOf names a story; one without a title is named by its address.
func TitleOf(story parley.Story) string {
	if story.Title == "" {
		return story.URL
	}
	return story.Title
}
