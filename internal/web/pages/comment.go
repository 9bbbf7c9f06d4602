package pages

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"net/http"

	"parley"
	"parley/internal/markup"
	"parley/internal/render"
	"parley/internal/store"
	"parley/internal/web"
)

// excerpt is how many characters of a comment stand for it where there is no room for all of it.
const excerpt = 160

// place is where a comment stands. It never moves.
type place struct{ id, story, thread parley.ID }

// maxPlaces is how many comments' places are remembered, some bytes each; others cost one probe of an index.
const maxPlaces = 100_000

// commentAt finds where the comment in a path stands, or refuses with parley.CodeNotFound one that nobody may
// see. Whether its text may still be seen is for the page to say: that changes with the story's revision.
func (p *Pages) commentAt(r *http.Request) (place, error) {
	id, err := web.PathID(r, "comment")
	if err != nil {
		return place{}, err
	}
	if at, known := p.places.Get(id); known {
		return at, nil
	}
	var at place
	err = p.Read(r.Context(), func(tx *store.Tx, v parley.Viewer) error {
		c, err := tx.Comment(v, id)
		at = place{c.ID, c.Story, c.Root}
		return err
	})
	if err == nil {
		p.places.Set(id, at)
	}
	return at, err
}

// textOf gives a comment's HTML. markup made and cleaned what is stored; plain comments store none.
func textOf(c parley.Comment) template.HTML {
	if c.HTML == "" && c.Body != "" {
		return template.HTML(markup.PlainHTML(c.Body))
	}
	return template.HTML(c.HTML)
}

// replies gives further replies of a thread, each by itself, in written order.
func (p *Pages) replies(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, p.f.Site.BaseURL, "cursor", "rev") {
		return nil
	}
	q := r.URL.Query()
	least, err := web.Revision(q)
	if err != nil {
		return err
	}
	from, err := parley.ParseCursor(listReplies, q.Get("cursor"))
	if err != nil {
		return err
	}
	at, err := p.commentAt(r)
	if err != nil {
		return err
	}
	form := fmt.Sprintf("%d %d", at.thread, from.ID)
	body, err := p.f.Other(r.Context(), at.story, least, "replies", form, func(ctx context.Context) (render.Built, error) {
		shown := render.RepliesPage{Site: p.f.Site}
		more := false
		built, err := p.Snapshot(ctx, at.story, func(tx *store.Tx, v parley.Viewer, story parley.Story) (err error) {
			shown.Story = story
			shown.Comments, more, err = tx.Replies(v, at.thread, from.ID, parley.PageReplies)
			return err
		}, func(out io.Writer) error { return p.f.Renderer.Replies(out, shown) })
		if more {
			built.Next = parley.Cursor{ID: shown.Comments[len(shown.Comments)-1].ID}.Encode(listReplies)
		}
		return built, err
	})
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}

// item gives one comment by itself, as it is now.
func (p *Pages) item(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, p.f.Site.BaseURL, "rev") {
		return nil
	}
	least, err := web.Revision(r.URL.Query())
	if err != nil {
		return err
	}
	at, err := p.commentAt(r)
	if err != nil {
		return err
	}
	body, err := p.f.Other(r.Context(), at.story, least, "item", at.id.String(), func(ctx context.Context) (render.Built, error) {
		view := render.ItemView{Site: p.f.Site}
		return p.Snapshot(ctx, at.story, func(tx *store.Tx, v parley.Viewer, story parley.Story) (err error) {
			view.Story = story
			view.Comment, err = tx.Comment(v, at.id)
			return err
		}, func(out io.Writer) error { return p.f.Renderer.Item(out, view) })
	})
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}
