package render

import (
	"fmt"
	"html/template"
	"io"

	"parley"
	"parley/internal/locale"
)

// Renderer writes views as HTML. It is safe for concurrent use.
type Renderer struct {
	byLanguage map[string]*plates
}

// New parses the templates. It fails only when one of them is broken.
func New() (*Renderer, error) {
	r := &Renderer{byLanguage: map[string]*plates{}}
	for _, language := range locale.Languages() {
		p, err := newPlates(locale.For(language))
		if err != nil {
			return nil, fmt.Errorf("make conversation templates ready: %w", err)
		}
		r.byLanguage[language] = p
	}
	return r, nil
}

// Fragment writes the whole element with a declarative shadow root, for a publisher's server or script to
// place under its own article.
func (r *Renderer) Fragment(w io.Writer, p Page) error {
	return r.page(w, true, p)
}

// Conversation writes the same element without a shadow root, for the forum's own pages.
func (r *Renderer) Conversation(w io.Writer, p Page) error {
	return r.page(w, false, p)
}

func (r *Renderer) page(w io.Writer, foreign bool, p Page) error {
	v := newPage(p)
	plate := r.of(v.In).conversation
	if foreign {
		plate, v.Foreign = r.of(v.In).fragment, true
	}
	around, err := plate.Append(make([]byte, 0, surroundings), v)
	if err != nil {
		return fmt.Errorf("render: %w", err)
	}
	head, tail := cut(around, 0)
	return r.parts(v, head, []byte(tail)).lay(w)
}

// Since writes what has happened since, for the head of the story's own page; nothing when nothing has.
func (r *Renderer) Since(w io.Writer, p Page) error {
	if len(p.Argument.Sequels) == 0 {
		return nil
	}
	s := newScene(p.Site, p.Story)
	return r.write(w, r.of(s).since, &sinceView{s.sequels(p.Argument.Sequels)})
}

// Threads writes the page's <li>s alone.
func (r *Renderer) Threads(w io.Writer, p Page) error {
	v := newPage(p)
	return r.parts(v, nil, nil).lay(w)
}

func (r *Renderer) parts(v *pageView, head, tail []byte) *parts {
	return &parts{head: head, tail: tail, laid: laid{v.In.place, v.Threads}, item: r.of(v.In).item}
}

// Replies writes one flat <li> for each comment.
func (r *Renderer) Replies(w io.Writer, p RepliesPage) error {
	s := newScene(p.Site, p.Story)
	nodes := make([]*node, len(p.Comments))
	for i, c := range p.Comments {
		nodes[i] = lone(c)
	}
	return r.put(w, s, nodes)
}

// Item writes one comment's <li>.
func (r *Renderer) Item(w io.Writer, v ItemView) error {
	s := newScene(v.Site, v.Story)
	n := lone(v.Comment)
	n.Note = v.Note
	return r.put(w, s, []*node{n})
}

// ThreadPage writes the element of a linked comment's own page.
func (r *Renderer) ThreadPage(w io.Writer, v ThreadView) error {
	s := newScene(v.Site, v.Story)
	top := grow(v.Root, merge(v.Ancestors, v.Replies))
	top.mark(v.Target)
	return r.around(w, r.of(s).permalink, s, []*node{top}, &threadView{v, s})
}

// Comments writes a list of comments from many stories.
func (r *Renderer) Comments(w io.Writer, l CommentList) error {
	rows := make([]row, len(l.Items))
	for i, listed := range l.Items {
		s := newScene(l.Site, listed.Story)
		rows[i] = row{Item: s.alone(listed.Comment), Title: listed.Story.Title, Story: s.link("/s/" + listed.Story.ID.String())}
		if a := listed.Answers; a != nil && a.State == parley.Published {
			rows[i].Answers = s.alone(*a)
		}
	}
	return r.write(w, r.of(newScene(l.Site, parley.Story{})).list, &listView{rows, l.Next})
}

// row is one comment of a list that spans stories.
type row struct {
	Item    *item
	Answers *item
	Story   template.HTMLAttr
	Title   string
}
