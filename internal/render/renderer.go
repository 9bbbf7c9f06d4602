package render

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strings"

	"parley"
)

//go:embed templates/*.html
var files embed.FS

// Renderer writes views as HTML. It is safe for concurrent use.
type Renderer struct{ templates *template.Template }

// New parses the templates. It fails only when one of them is broken.
func New() (*Renderer, error) {
	t, err := template.New("render").Option("missingkey=error").ParseFS(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse conversation templates: %w", err)
	}
	return &Renderer{templates: t}, nil
}

// Fragment writes the whole element with a declarative shadow root, for a publisher's server or script to
// place under its own article.
func (r *Renderer) Fragment(w io.Writer, p Page) error {
	v := newPage(p)
	v.Foreign = true
	return r.write(w, "fragment", v)
}

// Conversation writes the same element without a shadow root, for the forum's own pages.
func (r *Renderer) Conversation(w io.Writer, p Page) error {
	return r.write(w, "conversation", newPage(p))
}

// Threads writes the page's <li>s alone.
func (r *Renderer) Threads(w io.Writer, p Page) error { return r.write(w, "items", newPage(p).Items) }

// Replies writes one flat <li> for each comment.
func (r *Renderer) Replies(w io.Writer, p RepliesPage) error {
	s := newScene(p.Site, p.Story)
	items := make([]*item, len(p.Comments))
	for i, c := range p.Comments {
		items[i] = s.item(c)
	}
	return r.write(w, "items", items)
}

// Item writes one comment's <li>.
func (r *Renderer) Item(w io.Writer, v ItemView) error {
	it := newScene(v.Site, v.Story).item(v.Comment)
	it.Note = v.Note
	return r.write(w, "items", []*item{it})
}

// ThreadPage writes the element of a linked comment's own page.
func (r *Renderer) ThreadPage(w io.Writer, v ThreadView) error {
	s := newScene(v.Site, v.Story)
	top := s.thread(v.Root, merge(v.Ancestors, v.Replies))
	top.mark(v.Target)
	return r.write(w, "permalink", struct {
		ThreadView
		In    *scene
		Items []*item
	}{v, s, []*item{top}})
}

// Comments writes a list of comments from many stories.
func (r *Renderer) Comments(w io.Writer, l CommentList) error {
	rows := make([]row, len(l.Items))
	for i, listed := range l.Items {
		s := newScene(l.Site, listed.Story)
		rows[i].Item = s.item(listed.Comment)
		rows[i].Item.Alone = true
		if a := listed.Answers; a != nil && a.State == parley.Published {
			rows[i].Answers = s.item(*a)
		}
	}
	return r.write(w, "list", struct {
		CommentList
		In   *scene
		Rows []row
	}{l, newScene(l.Site, parley.Story{}), rows})
}

// row is one comment of a list that spans stories.
type row struct {
	Item    *item
	Answers *item
}

func (r *Renderer) write(w io.Writer, name string, view any) error {
	if err := r.templates.ExecuteTemplate(w, name, view); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	return nil
}

// pageView is a Page with its threads assembled.
type pageView struct {
	Page
	In      *scene
	Items   []*item
	Sorts   []parley.Sort
	Foreign bool // it stands on another site's page and says where its own is
}

func newPage(p Page) pageView {
	s := newScene(p.Site, p.Story)
	v := pageView{Page: p, In: s, Items: make([]*item, len(p.Threads)), Sorts: parley.Sorts()}
	for i, t := range p.Threads {
		v.Items[i] = s.thread(t.Root, t.Replies)
		v.Items[i].more = t.More
	}
	return v
}

// Rest gives how many threads one more step shows, 0 when that is not known: only the first page can tell.
func (v pageView) Rest() int {
	if v.Cursor != "" {
		return 0
	}
	return max(0, min(parley.PageThreads, v.Story.Threads-len(v.Threads)))
}

// Total gives how many threads there are, never less than stand on the page.
func (v pageView) Total() int { return max(v.Story.Threads, len(v.Items)) }

// SortName gives what an order is called.
func (v pageView) SortName(sort parley.Sort) string {
	if sort == parley.Recommended {
		return v.In.Words.T("most_recommended")
	}
	return v.In.Words.T(string(sort))
}

// Address gives where this sort of the story's own page is.
func (v pageView) Address(sort parley.Sort) string { return v.address(sort, "") }

// NextAddress gives where the next page is without a script.
func (v pageView) NextAddress() string { return v.address(v.Sort, v.Next) }

func (v pageView) address(sort parley.Sort, cursor string) string {
	query := url.Values{}
	if sort != parley.Newest {
		query.Set("sort", string(sort))
	}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	address := v.In.StoryURL()
	switch {
	case len(query) == 0:
		return address
	case strings.Contains(address, "?"):
		return address + "&" + query.Encode()
	}
	return address + "?" + query.Encode()
}
