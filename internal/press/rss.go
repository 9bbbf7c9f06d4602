package press

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// FeedLength is how many articles a feed carries: what a reader who looks once a week can have missed.
const FeedLength = 50

type rss struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	DC      string   `xml:"xmlns:dc,attr"`
	Channel channel  `xml:"channel"`
}

type channel struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	Self        atomLink `xml:"atom:link"`
	Description string   `xml:"description"`
	Built       string   `xml:"lastBuildDate,omitempty"`
	Items       []item   `xml:"item"`
}

type atomLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type item struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	GUID        guid   `xml:"guid"`
	PubDate     string `xml:"pubDate"`
	Creator     string `xml:"dc:creator,omitempty"`
	Category    string `xml:"category,omitempty"`
	Description string `xml:"description,omitempty"`
}

type guid struct {
	IsPermaLink bool   `xml:"isPermaLink,attr"`
	Value       string `xml:",chardata"`
}

// FeedPath is where the feed is served, below the base URL.
const FeedPath = Base + "feed.xml"

// RSS writes an RSS 2.0 feed (rssboard.org/rss-specification, with dc:creator because RSS's own author must
// be a mail address) of the first [FeedLength] articles, which come newest first. base is the forum's base
// URL without a slash at its end.
func RSS(w io.Writer, base, siteName string, articles []*Article) error {
	feed := rss{
		Version: "2.0", Atom: "http://www.w3.org/2005/Atom", DC: "http://purl.org/dc/elements/1.1/",
		Channel: channel{
			Title: siteName, Link: base + "/", Description: "Articles of " + siteName,
			Self: atomLink{Href: base + FeedPath, Rel: "self", Type: "application/rss+xml"},
		},
	}
	var built time.Time
	for _, a := range articles[:min(len(articles), FeedLength)] {
		for _, t := range []time.Time{a.Published, a.Updated} {
			if t.After(built) {
				built = t
			}
		}
		feed.Channel.Items = append(feed.Channel.Items, item{
			Title: a.Title, Link: base + a.Path(), GUID: guid{IsPermaLink: true, Value: base + a.Path()},
			PubDate: a.Published.Format(time.RFC1123Z), Creator: a.Author, Category: a.Section, Description: a.Standfirst,
		})
	}
	if !built.IsZero() {
		feed.Channel.Built = built.Format(time.RFC1123Z)
	}
	var b strings.Builder
	b.WriteString(xml.Header)
	encoder := xml.NewEncoder(&b)
	encoder.Indent("", "  ")
	if err := encoder.Encode(feed); err != nil {
		return fmt.Errorf("write the feed of articles: %w", err)
	}
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}
