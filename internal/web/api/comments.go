package api

import (
	"bytes"
	"net/http"

	"parley"
	"parley/internal/conversation"
	"parley/internal/locale"
	"parley/internal/markup"
	"parley/internal/render"
	"parley/internal/store"
	"parley/internal/web"
)

func htmlOf(c parley.Comment) string {
	if c.HTML == "" && c.Body != "" {
		return markup.PlainHTML(c.Body)
	}
	return c.HTML
}

// item gives a comment as the conversation shows it to its author, told what a waiting one waits for: the
// browser holds no second renderer.
func (a *API) item(author parley.Reader, story parley.Story, c parley.Comment) (string, error) {
	var html bytes.Buffer
	note := ""
	if a.f.Site.HoldUnconfirmed && !author.Confirmed() {
		note = locale.For(a.f.Site.Language).T("held_unconfirmed")
	}
	err := a.f.Renderer.Item(&html, render.ItemView{Site: a.f.Site, Story: story, Comment: c, Note: note})
	return html.String(), err
}

func (a *API) post(w http.ResponseWriter, r *http.Request) error {
	who, err := a.f.Reader(r)
	if err != nil {
		return err
	}
	var in struct {
		Body    string    `json:"body"`
		Parent  parley.ID `json:"parent"`
		Passage passageIn `json:"passage"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	story, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceComment); err != nil {
		return err
	}
	draft := parley.Draft{Story: story, Parent: in.Parent, Body: in.Body, Passage: parley.Passage(in.Passage), Key: r.Header.Get("Idempotency-Key")}
	posted, err := a.f.Conversation.Post(r.Context(), who.Reader, draft)
	if err != nil {
		return err
	}
	return a.answerPosted(w, http.StatusCreated, who, posted)
}

func (a *API) edit(w http.ResponseWriter, r *http.Request) error {
	who, id, err := a.readerAnd(r)
	if err != nil {
		return err
	}
	var in struct {
		Body string `json:"body"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceComment); err != nil {
		return err
	}
	posted, err := a.f.Conversation.Edit(r.Context(), who.Reader, id, in.Body)
	if err != nil {
		return err
	}
	return a.answerPosted(w, http.StatusOK, who, posted)
}

func (a *API) withdraw(w http.ResponseWriter, r *http.Request) error {
	who, id, err := a.readerAnd(r)
	if err != nil {
		return err
	}
	posted, err := a.f.Conversation.Withdraw(r.Context(), who.Reader, id)
	if err != nil {
		return err
	}
	return a.answerPosted(w, http.StatusOK, who, posted)
}

func (a *API) answerPosted(w http.ResponseWriter, status int, who web.Asker, p conversation.Posted) error {
	html, err := a.item(who.Reader, parley.Story{ID: p.Comment.Story, Revision: p.Revision}, p.Comment)
	if err != nil {
		return err
	}
	return web.WriteJSON(w, status, map[string]any{
		"comment": shapeComment(who.Viewer(a.f.Site), p.Comment), "html": html, "revision": p.Revision,
	})
}

// readerAnd gives the signed-in reader and the id in the path.
func (a *API) readerAnd(r *http.Request) (web.Asker, parley.ID, error) {
	who, err := a.f.Reader(r)
	if err != nil {
		return who, 0, err
	}
	id, err := web.PathID(r, "id")
	return who, id, err
}

func (a *API) preview(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.f.Reader(r); err != nil {
		return err
	}
	var in struct {
		Body string `json:"body"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PacePreview); err != nil {
		return err
	}
	html, err := a.f.Conversation.Preview(r.Context(), in.Body)
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{"html": html})
}

// read answers a reading request: shared when nobody is signed in, the viewer's own otherwise.
func (a *API) read(w http.ResponseWriter, r *http.Request, fn func(tx *store.Tx, v parley.Viewer) (any, error)) error {
	return a.readAs(w, r, "application/json", func(v parley.Viewer) (answer any, err error) {
		err = a.f.Store.View(r.Context(), func(tx *store.Tx) (err error) {
			answer, err = fn(tx, v)
			return err
		})
		return answer, err
	})
}

// readAs is read for what a verb reads by itself, and for other media types.
func (a *API) readAs(w http.ResponseWriter, r *http.Request, media string, fn func(v parley.Viewer) (any, error)) error {
	who, err := a.f.Who(r)
	if err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceRead); err != nil {
		return err
	}
	answer, err := fn(who.Viewer(a.f.Site))
	if err != nil {
		return err
	}
	if !a.f.HasCookie(r) {
		shared(w.Header())
	}
	return web.WriteAs(w, http.StatusOK, media, answer)
}

func (a *API) comment(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if _, err := web.Query(r); err != nil {
		return err
	}
	return a.read(w, r, func(tx *store.Tx, v parley.Viewer) (any, error) {
		c, err := tx.Comment(v, id)
		return shapeComment(v, c), err
	})
}

func (a *API) replies(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	q, err := web.Query(r, "cursor", "limit")
	if err != nil {
		return err
	}
	limit, err := web.Limit(q, parley.PageReplies)
	if err != nil {
		return err
	}
	from, err := parley.ParseCursor("replies", q.Get("cursor"))
	if err != nil {
		return err
	}
	return a.read(w, r, func(tx *store.Tx, v parley.Viewer) (any, error) {
		root, err := tx.Comment(v, id)
		if err != nil {
			return nil, err
		}
		found, more, err := tx.Replies(v, root.Root, from.ID, limit)
		next := ""
		if more {
			next = parley.Cursor{ID: found[len(found)-1].ID}.Encode("replies")
		}
		return page(shapeAll(found, func(c parley.Comment) commentShape { return shapeComment(v, c) }), next), err
	})
}
