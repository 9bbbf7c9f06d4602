package render

import (
	"cmp"
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

	Replies string        // how many, in words
	Further string        // the link to those that are not here; "" = all are
	Under   template.HTML // the place of the comments that hang under it; "" = none do
}

// shape is all that one comment's <li> takes from the comment and where it hangs.
type shape struct {
	parley.Comment
	Level  int
	Linked bool
	Hosts  bool   // comments hang under it
	Shown  int    // how many of them are published
	More   bool   // further ones exist
	Note   string // why it waits, told to its author; "" says it in general words
}

// shape gives the node without those under it. What is not printed is left out, so that it makes no difference.
func (n *node) shape() shape {
	sh := shape{Comment: n.Comment, Level: n.Level, Linked: n.Linked, Note: n.Note}
	if sh.HTML != "" {
		sh.Body = ""
	}
	q := n.Quote
	sh.Quote = parley.Passage{ID: q.ID, Exact: q.Exact, State: q.State}
	if len(n.Kids) > 0 {
		sh.Hosts, sh.Shown, sh.More = true, n.shown(), n.More
	} else {
		sh.Replies = 0
	}
	return sh
}

func (p place) item(n shape) *item {
	id := n.ID.String()
	it := &item{ID: id, Facts: facts(n), Top: n.Level == 1, Link: p.link("/c/" + id)}
	if n.Hosts {
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
	it.Count = template.HTMLAttr(`data-count="` + strconv.Itoa(n.Recommendations) + `"`)
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
func (p place) answers(it *item, n shape) {
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
func (p place) count(it *item, n shape) {
	it.Replies = p.Words.T("replies_bare")
	if all := max(n.Replies, n.Shown); all > 0 {
		it.Replies = p.Words.N("replies", all)
	}
	if !n.More {
		return
	}
	it.Further = p.Words.T("show_further_replies")
	if rest := n.Replies - n.Shown; rest > 0 {
		it.Further = p.Words.N("show_more_replies", rest)
	}
}

// alone prepares an item for a list that spans stories.
func (s *scene) alone(c parley.Comment) *item {
	it := s.item(lone(c).shape())
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
func facts(n shape) template.HTMLAttr {
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
	put("data-thread", cmp.Or(n.Root, n.ID).String()) // one that was never given a thread is its own
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
