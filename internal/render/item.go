package render

import (
	"html/template"
	"net/url"

	"parley"
	"parley/internal/markup"
)

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

// Exact gives an attribute that holds an address to be compared, not followed. The templates would write some of
// its characters in another way, which makes it another story's.
func (s *scene) Exact(name, value string) template.HTMLAttr {
	return template.HTMLAttr(name + `="` + template.HTMLEscapeString(value) + `"`)
}

// Date writes a moment in UTC, because the page is the same for everybody; the script writes it nearer to home.
func (s *scene) Date(t parley.Time) string { return s.Words.Stamp(t, nil) }

// URL gives the comment's permalink.
func (it *item) URL() string { return it.In.Site.BaseURL + "/c/" + it.ID.String() }

// ActURL gives the plain page with everything one can do to the comment.
func (it *item) ActURL() string { return it.URL() + "/act" }

// ReplyURL gives the plain form for an answer.
func (it *item) ReplyURL() string { return it.In.WriteURL() + "?parent=" + it.ID.String() }

// ReaderURL gives the author's profile.
func (it *item) ReaderURL() string { return it.In.Site.BaseURL + "/readers/" + it.Author.ID.String() }

// ParentURL gives the permalink of the comment it answers.
func (it *item) ParentURL() string { return it.In.Site.BaseURL + "/c/" + it.Parent.String() }

// Gone tells whether only a placeholder is left.
func (it *item) Gone() bool { return it.State == parley.Removed || it.State == parley.Withdrawn }

// Answerable tells whether a reply may be offered.
func (it *item) Answerable() bool { return it.State == parley.Published && !it.In.Story.Closed() }

// Distant tells whether the line under the name says whom it answers: under the root the place says it.
func (it *item) Distant() bool {
	return it.To.Name != "" && it.Parent != 0 && (it.Depth > 2 || it.Alone)
}

// Thread gives the id of the thread; a comment that was never given one is its own.
func (it *item) Thread() parley.ID {
	if it.Root == 0 {
		return it.ID
	}
	return it.Root
}

// Text gives the comment's HTML. This is the one place where stored HTML is trusted: markup made it and cleaned
// it. A comment without markup has none stored.
func (it *item) Text() template.HTML {
	if it.HTML == "" && it.Body != "" {
		return template.HTML(markup.PlainHTML(it.Body))
	}
	return template.HTML(it.HTML)
}

// Counted gives how many replies the line above them speaks of; 0 when only placeholders are there.
func (it *item) Counted() int { return max(it.Comment.Replies, it.shown()) }

// Unshown gives how many further replies there are; 0 when that is not known.
func (it *item) Unshown() int { return max(0, it.Comment.Replies-it.shown()) }

// More tells whether replies exist beyond those shown.
func (it *item) More() bool { return it.more }

// ISO gives when it was written, for machines.
func (it *item) ISO() string { return iso(it.CreatedAt) }

// EditedISO gives when it was last changed, for machines.
func (it *item) EditedISO() string { return iso(it.EditedAt) }

func iso(t parley.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
