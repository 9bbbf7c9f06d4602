package pages

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"slices"

	"parley"
	"parley/internal/markup"
	"parley/internal/render"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// repliesBefore is how many replies a permalink into a long thread shows before the linked one.
const repliesBefore = 10

type permalinkView struct {
	page.Frame
	Story  parley.Story
	Thread template.HTML
}

// permalink shows a comment in its thread, marked.
func (p *Pages) permalink(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, p.f.Site.BaseURL, "after", "before", "rev") {
		return nil
	}
	q := r.URL.Query()
	least, err := web.Revision(q)
	if err != nil {
		return err
	}
	at, err := p.commentAt(r)
	if err != nil {
		return err
	}
	part, err := windowOf(q)
	if err != nil {
		return err
	}
	form := fmt.Sprintf("%d %d %d", at.id, part.after, part.before)
	body, err := p.f.Other(r.Context(), at.story, least, "permalink", form, func(ctx context.Context) (render.Built, error) {
		t := render.ThreadView{Site: p.f.Site, Target: at.id}
		return p.Snapshot(ctx, at.story, func(tx *store.Tx, v parley.Viewer, story parley.Story) (err error) {
			t.Story = story
			if t.Event, err = tx.LastEvent(); err != nil {
				return err
			}
			return p.fillThread(tx, v, &t, part)
		}, func(out io.Writer) error { return p.writePermalink(out, t, part) })
	})
	if err != nil {
		return err
	}
	web.AllowFrames(w.Header(), p.f.Site)
	web.ServeShared(w, r, body)
	return nil
}

// window is the part of a long thread that is asked for: what follows one reply or what precedes one. The zero
// window is the part around the linked comment.
type window struct{ after, before parley.ID }

// The lists that cursors of a thread belong to.
const (
	listReplies = "replies"
	listEarlier = "earlier"
)

func windowOf(q url.Values) (window, error) {
	after, err := parley.ParseCursor(listReplies, q.Get("after"))
	if err != nil {
		return window{}, err
	}
	before, err := parley.ParseCursor(listEarlier, q.Get("before"))
	return window{after.ID, before.ID}, err
}

// fillThread reads a comment's thread, or the part of it that is asked for.
func (p *Pages) fillThread(tx *store.Tx, v parley.Viewer, t *render.ThreadView, at window) error {
	target, err := tx.Comment(v, t.Target)
	if err != nil {
		return err
	}
	t.Root = target
	if !target.IsRoot() {
		if t.Root, err = tx.Comment(v, target.Root); err != nil {
			return err
		}
	}
	if !target.IsRoot() && at == (window{}) {
		if t.Ancestors, err = tx.Ancestors(v, target); err != nil {
			return err
		}
	}
	replies, earlier, later, err := partOf(tx, v, target, at)
	t.Replies = replies
	p.addWays(t, earlier, later)
	return err
}

// addWays adds the addresses of the parts before and after the replies shown.
func (p *Pages) addWays(t *render.ThreadView, earlier, later bool) {
	if len(t.Replies) == 0 {
		return
	}
	address := p.f.Site.BaseURL + "/c/" + t.Root.ID.String() + "?"
	if earlier {
		t.Earlier = address + "before=" + parley.Cursor{ID: t.Replies[0].ID}.Encode(listEarlier)
	}
	if later {
		t.Later = address + "after=" + parley.Cursor{ID: t.Replies[len(t.Replies)-1].ID}.Encode(listReplies)
	}
}

// partOf reads the replies a permalink shows, in written order, and tells whether there are others before and
// after them.
func partOf(tx *store.Tx, v parley.Viewer, target parley.Comment, at window) (replies []parley.Comment, earlier, later bool, err error) {
	switch {
	case at.after != 0:
		replies, later, err = tx.Replies(v, target.Root, at.after, parley.PageReplies)
		return replies, true, later, err
	case at.before != 0:
		replies, earlier, err = tx.RepliesBefore(v, target.Root, at.before, parley.PageReplies)
		return replies, earlier, true, err
	}
	replies, later, err = tx.Replies(v, target.Root, 0, parley.PageReplies)
	if err != nil || target.IsRoot() || !later || replies[len(replies)-1].ID >= target.ID {
		return replies, false, later, err
	}
	if replies, earlier, err = tx.RepliesBefore(v, target.Root, target.ID, repliesBefore); err != nil {
		return nil, false, false, err
	}
	following, later, err := tx.Replies(v, target.Root, target.ID-1, parley.PageReplies-repliesBefore)
	return append(replies, following...), earlier, later, err
}

func (p *Pages) writePermalink(out io.Writer, t render.ThreadView, at window) error {
	thread, err := page.Rendered(func(out io.Writer) error { return p.f.Renderer.ThreadPage(out, t) })
	if err != nil {
		return err
	}
	v := permalinkView{Frame: p.Frame("A comment on " + page.TitleOf(t.Story)), Story: t.Story, Thread: template.HTML(thread)}
	if t.Root.Quote.ID != 0 {
		v.Styles = append(v.Styles, argumentStyle)
	}
	for _, c := range slices.Concat([]parley.Comment{t.Root}, t.Ancestors, t.Replies) {
		if c.ID == t.Target && c.State == parley.Published {
			v.Title = c.Author.Name + " on " + page.TitleOf(t.Story)
			v.Description = markup.Text(string(textOf(c)), excerpt)
		}
	}
	v.Canonical = p.f.Site.BaseURL + "/c/" + t.Target.String()
	v.Unlisted = at != window{}
	return p.Write(out, "permalink", v)
}
