package render

import (
	"html/template"
	"strings"

	"parley"
	"parley/internal/markup"
)

// item is one comment as its template prints it. Everything is decided here, because a template asks slowly and
// there are a hundred of them on a page. What strangers wrote stays a string and is escaped by the template; what
// is typed as HTML is built from ids, numbers and the site's address alone, with the one exception of Text.
type item struct {
	ID      string
	Answers string // the comment it answers where its place does not say so; "" for a root
	Thread  string
	Level   int
	State   parley.State
	Linked  bool
	Passage parley.ID
	Reason  bool

	Top      bool   // a thread's root, or one that stands alone
	Alone    bool   // in a list that spans stories: no actions, and it says itself whom it answers
	Waiting  bool   // only its author sees it
	Said     string // the sentence of a placeholder, or why it waits
	Name     string
	Initials string
	Badge    string
	Aside    string // for those who cannot see where it stands
	At       moment
	Edited   *moment
	To       string // whom it answers, where its place does not say so
	Text     template.HTML
	Quote    *passageView // what it speaks of; nil = the story as a whole
	Number   string       // recommendations as written; "" for none
	Praise   string       // the same in words, in lists
	Count    int
	Writable bool // a reply may be offered

	Reader, Link, Act, Reply, Parent template.HTMLAttr

	Replies string        // how many, in words
	Further string        // the link to those that are not here; "" = all are
	Under   template.HTML // the place of the comments that hang under it; "" = none do
}

// item prepares a comment in the place of the one before; there are a hundred of them on a page.
func (p place) item(it *item, n *node) *item {
	id := n.ID.String()
	*it = item{
		ID: id, Level: n.Level, Linked: n.Linked, State: n.State, Thread: id, Passage: n.Passage, Reason: n.Reason,
		Top: n.Level == 1, Link: p.link("/c/" + id),
	}
	if n.Root != 0 { // one that was never given a thread is its own
		it.Thread = n.Root.String()
	}
	if n.Parent != n.under {
		it.Answers = n.Parent.String()
	}
	if len(n.Kids) > 0 {
		it.Under = mark
		if it.Top {
			p.count(it, n)
		}
	}
	if n.State != parley.Published {
		it.Said = p.Words.T(string(n.State))
	}
	if n.State == parley.Removed || n.State == parley.Withdrawn {
		return it
	}
	it.Waiting = n.State != parley.Published
	if it.Waiting && n.Note != "" {
		it.Said = n.Note
	}
	if n.Quote.ID != 0 {
		quote := n.Quote
		quote.Story = n.Story
		it.Quote = new(p.passage(quote))
	}
	it.Name, it.Initials, it.Badge = n.Author.Name, n.Author.Initials(), n.Author.Roles.Badge()
	it.At, it.Text = p.date(n.CreatedAt), text(n.Comment)
	if n.EditedAt != 0 {
		edited := p.date(n.EditedAt)
		it.Edited = &edited
	}
	it.Reader, it.Act = p.link("/readers/"+n.Author.ID.String()), p.link("/c/"+id+"/act")
	it.Count = n.Recommendations
	if n.Recommendations > 0 {
		it.Number = p.Words.Number(n.Recommendations)
	}
	it.Writable = !p.closed
	it.Reply = template.HTMLAttr(`href="` + p.write + "?parent=" + id + `"`)
	if n.Parent != 0 {
		p.answers(it, n)
	}
	if n.Linked {
		it.Aside = strings.TrimPrefix(it.Aside+". "+p.Words.T("linked"), ". ")
	}
	return it
}

// answers says whom the comment answers.
func (p place) answers(it *item, n *node) {
	it.Parent = p.link("/c/" + n.Parent.String())
	if n.To.Name == "" {
		it.Aside = p.Words.T("level", n.Level)
		return
	}
	it.Aside = p.Words.T("reply_level", n.To.Name, n.Level)
	if n.Depth > 2 {
		it.To = n.To.Name
	}
}

// count says how many replies a thread has and how many of them are not here.
func (p place) count(it *item, n *node) {
	shown := n.shown()
	it.Replies = p.Words.T("replies_bare")
	if all := max(n.Replies, shown); all > 0 {
		it.Replies = p.Words.N("replies", all)
	}
	if !n.More {
		return
	}
	it.Further = p.Words.T("show_further_replies")
	if rest := n.Replies - shown; rest > 0 {
		it.Further = p.Words.N("show_more_replies", rest)
	}
}

// alone prepares an item for a list that spans stories.
func (s *scene) alone(c parley.Comment) *item {
	it := s.item(new(item), lone(c))
	it.Top, it.Alone, it.Aside, it.To = true, true, "", ""
	if c.Parent != 0 {
		it.To = c.To.Name
	}
	if c.Recommendations > 0 {
		it.Praise = s.Words.N("recommended_by", c.Recommendations)
	}
	return it
}

// text gives the comment's HTML. This is the one place where stored HTML is trusted: markup made it and cleaned it.
// A comment without markup has none stored.
func text(c parley.Comment) template.HTML {
	if c.HTML == "" && c.Body != "" {
		return template.HTML(markup.PlainHTML(c.Body))
	}
	return template.HTML(c.HTML)
}
