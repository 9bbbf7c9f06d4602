package press

import (
	"strings"
	"time"

	"parley/internal/markup"
)

// Base is the path under which articles and their pictures are served. A picture has a dot in its name and
// an article has none, so both live here and a picture named in Markdown is found where it is named.
const Base = "/articles/"

// wordsPerMinute is how fast people read non-fiction silently: 238 words, by Brysbaert, "How many words do
// we read per minute?", Journal of Memory and Language 109 (2019).
const wordsPerMinute = 238

// Article is one served piece. It is never changed once made and may be read by many at once.
type Article struct {
	Slug       string // the file's name without ".md": small letters, digits and hyphens
	Title      string
	Standfirst string
	Section    string
	Author     string
	Published  time.Time // in the zone that the file gives
	Updated    time.Time // likewise; zero when it was never changed
	Picture    *Picture  // nil when there is none
	Caption    string
	Alt        string
	Note       string
	Closed     bool           // the conversation takes no more comments
	Written    time.Time      // when the author finished it; zero when the file does not say
	Email      string         // whose account with this proved address is the author's; never shown
	Passages   bool           // readers can talk about its passages
	Questions  bool           // it can carry an open question
	HTML       string         // the body, safe to put into a page as it is; pictures of the folder have their sizes
	Blocks     []markup.Block // the paragraphs with their stable ids, in order
	Words      int
	Minutes    int    // of reading, at least 1
	Version    string // changes whenever anything above does

	pictures []*Picture // all it shows
}

// Path gives the article's address below the forum's base URL.
func (a *Article) Path() string { return Base + a.Slug }

// count fills in how long the article is.
func (a *Article) count() {
	for _, block := range a.Blocks {
		a.Words += len(strings.Fields(block.Text))
	}
	a.Minutes = max(1, (a.Words+wordsPerMinute/2)/wordsPerMinute)
}

// slugOf gives the slug that a file's name stands for, and "" when it makes none.
func slugOf(name string) string {
	slug := strings.TrimSuffix(name, ".md")
	if len(slug) > maxSlug || strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return ""
	}
	return slug
}

// maxSlug keeps an article's address, whatever the base URL, well below the most bytes a story's may have.
const maxSlug = 200
