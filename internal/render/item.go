package render

import (
	"html/template"
	"strconv"
	"strings"

	"parley"
	"parley/internal/markup"
)

// item is one comment as its template prints it. Everything is decided here, because a template asks slowly and
// there are a hundred of them on a page. What strangers wrote stays a string and is escaped by the template; what
// is typed as HTML is built from ids, numbers and the site's address alone, with the one exception of Text.
type item struct {
	ID       string
	Facts    template.HTMLAttr // what the script reads from the <li>
	Top      bool              // a thread's root, or one that stands alone
	Alone    bool              // in a list that spans stories: no actions, and it says itself whom it answers
	Waiting  bool              // only its author sees it
	Said     string            // the sentence of a placeholder, or why it waits
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
	Count    template.HTMLAttr
	Writable bool // a reply may be offered

	Reader, Link, Act, Reply, Parent template.HTMLAttr

	Replies string // how many, in words
	Further string // the link to those that are not here; "" = all are
	Kids    []*item
}

// items gives what the templates print for some comments and for what hangs under them.
func (s *scene) items(nodes []*node) []*item {
	items := make([]*item, len(nodes))
	for i, n := range nodes {
		items[i] = s.item(n)
	}
	return items
}

func (s *scene) item(n *node) *item {
	id := n.ID.String()
	it := &item{ID: id, Facts: facts(n), Top: n.Level == 1, Kids: s.items(n.Kids), Link: s.link("/c/" + id)}
	if len(n.Kids) > 0 && it.Top {
		s.count(it, n)
	}
	if n.State != parley.Published {
		it.Said = s.Words.T(string(n.State))
	}
	if n.State == parley.Removed || n.State == parley.Withdrawn {
		return it
	}
	it.Waiting = n.State != parley.Published
	if n.Quote.ID != 0 {
		quote := n.Quote
		quote.Story = n.Story
		it.Quote = new(s.passage(quote))
	}
	it.Name, it.Initials, it.Badge = n.Author.Name, n.Author.Initials(), n.Author.Roles.Badge()
	it.At, it.Text = s.date(n.CreatedAt), text(n.Comment)
	if n.EditedAt != 0 {
		edited := s.date(n.EditedAt)
		it.Edited = &edited
	}
	it.Reader, it.Act = s.link("/readers/"+n.Author.ID.String()), s.link("/c/"+id+"/act")
	it.Count = template.HTMLAttr(`data-count="` + strconv.Itoa(n.Recommendations) + `"`)
	if n.Recommendations > 0 {
		it.Number = s.Words.Number(n.Recommendations)
	}
	it.Writable = !s.Story.Closed()
	it.Reply = template.HTMLAttr(`href="` + s.write + "?parent=" + id + `"`)
	if n.Parent != 0 {
		s.answers(it, n)
	}
	if n.Linked {
		it.Aside = strings.TrimPrefix(it.Aside+". "+s.Words.T("linked"), ". ")
	}
	return it
}

// answers says whom the comment answers.
func (s *scene) answers(it *item, n *node) {
	it.Parent = s.link("/c/" + n.Parent.String())
	if n.To.Name == "" {
		it.Aside = s.Words.T("level", n.Level)
		return
	}
	it.Aside = s.Words.T("reply_level", n.To.Name, n.Level)
	if n.Depth > 2 {
		it.To = n.To.Name
	}
}

// count says how many replies a thread has and how many of them are not here.
func (s *scene) count(it *item, n *node) {
	shown := n.shown()
	it.Replies = s.Words.T("replies_bare")
	if all := max(n.Comment.Replies, shown); all > 0 {
		it.Replies = s.Words.N("replies", all)
	}
	if !n.More {
		return
	}
	it.Further = s.Words.T("show_further_replies")
	if rest := n.Comment.Replies - shown; rest > 0 {
		it.Further = s.Words.N("show_more_replies", rest)
	}
}

// alone prepares an item for a list that spans stories.
func (s *scene) alone(c parley.Comment) *item {
	it := s.item(lone(c))
	it.Top, it.Alone, it.Aside, it.To = true, true, "", ""
	if c.Parent != 0 {
		it.To = c.To.Name
	}
	if c.Recommendations > 0 {
		it.Praise = s.Words.N("recommended_by", c.Recommendations)
	}
	return it
}

// facts gives the attributes of a <li>. Of what is gone nobody learns whose it was.
func facts(n *node) template.HTMLAttr {
	var b strings.Builder
	put := func(name, value string) { b.WriteString(name + `="` + value + `" `) }
	id := n.ID.String()
	put("id", "c-"+id)
	if n.Linked {
		put("class", "t target")
	} else {
		put("class", "t")
	}
	put("data-id", id)
	put("data-author", some(n.Author.ID, n.State != parley.Removed && n.State != parley.Withdrawn))
	put("data-parent", some(n.Parent, true))
	put("data-level", strconv.Itoa(n.Level))
	put("data-thread", n.thread().String())
	put("data-state", template.HTMLEscapeString(string(n.State)))
	if n.Passage != 0 {
		put("data-passage", n.Passage.String())
	}
	if n.Reason {
		put("data-reason", "true")
	}
	return template.HTMLAttr(strings.TrimSuffix(b.String(), " "))
}

// some gives an id, or "" for none or when it is not told.
func some(id parley.ID, told bool) string {
	if id == 0 || !told {
		return ""
	}
	return id.String()
}

// text gives the comment's HTML. This is the one place where stored HTML is trusted: markup made it and cleaned it.
// A comment without markup has none stored.
func text(c parley.Comment) template.HTML {
	if c.HTML == "" && c.Body != "" {
		return template.HTML(markup.PlainHTML(c.Body))
	}
	return template.HTML(c.HTML)
}
