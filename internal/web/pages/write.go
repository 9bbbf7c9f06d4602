package pages

import (
	"crypto/rand"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"parley"
	"parley/internal/render"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// kept is a comment on its way. Nothing of it is stored before it is posted: it travels from form to form,
// through refusals, registering and signing in.
type kept struct {
	Next string // where it is posted to: the path of a writing page
	Body string
	Key  string // Idempotency-Key; made with the form, so that the same form sent twice is one comment
}

type writeView struct {
	page.Frame
	kept
	Story     parley.Story
	Parent    parley.Comment // zero for a comment on the story itself
	Answers   template.HTML  // the parent as readers see it
	Preview   template.HTML
	Problem   *page.Problem
	SignedOut bool
	Waits     bool // comments of this reader wait for the address to be confirmed
	MaxBody   int
}

// target is where a comment is to be written.
type target struct {
	story  parley.Story
	parent parley.Comment
}

// path gives the path of the writing page.
func (t target) path() string {
	path := storyPath(t.story, "/write")
	if t.parent.ID != 0 {
		path += "?parent=" + t.parent.ID.String()
	}
	return path
}

// targetOf finds the story in a path and the comment to be answered in parent=, as the asker may see them.
func (p *Pages) targetOf(r *http.Request, who web.Asker) (t target, err error) {
	if t.story, err = p.storyAt(r); err != nil || r.URL.Query().Get("parent") == "" {
		return t, err
	}
	id, err := parley.ParseID(r.URL.Query().Get("parent"))
	if err != nil {
		return t, err
	}
	err = p.f.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		t.parent, err = tx.Comment(who.Viewer(p.f.Site), id)
		return err
	})
	if err == nil && t.parent.Story != t.story.ID {
		err = parley.Errorf(parley.CodeParentElsewhere, "The comment you are replying to belongs to another conversation.")
	}
	return t, err
}

// writing shows the plain form for a comment.
func (p *Pages) writing(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	t, err := p.targetOf(r, who)
	if err != nil {
		return err
	}
	return p.showWriting(w, http.StatusOK, who, t, kept{}, func(v *writeView) {
		if t.parent.ID != 0 {
			v.Problem, _, _ = page.Refused(w, r, t.parent.MayAnswer())
		}
	})
}

func (p *Pages) showWriting(w http.ResponseWriter, status int, who web.Asker, t target, k kept, fill func(*writeView)) error {
	k.Next = t.path()
	if k.Key == "" {
		k.Key = rand.Text()
	}
	v := writeView{
		Frame: p.PrivateFrame("Write a comment", who), kept: k, Story: t.story, Parent: t.parent, SignedOut: who.Reader.ID == 0,
		Waits: p.f.Site.HoldUnconfirmed && !who.Reader.Confirmed(), MaxBody: parley.MaxBody,
	}
	if t.parent.ID != 0 {
		v.Title = "Reply"
		if t.parent.Author.Name != "" {
			v.Title = "Reply to " + t.parent.Author.Name
		}
		var err error
		if v.Answers, err = p.listOne(t.parent, t.story); err != nil {
			return err
		}
	}
	fill(&v)
	return p.Show(w, status, "write", v)
}

// listOne shows one comment away from its conversation.
func (p *Pages) listOne(c parley.Comment, story parley.Story) (template.HTML, error) {
	html, err := page.Rendered(func(out io.Writer) error {
		return p.f.Renderer.Comments(out, render.CommentList{Site: p.f.Site, Items: []render.Listed{{Comment: c, Story: story}}})
	})
	return template.HTML(html), err
}

// write posts a comment, previews it, or takes it along to where the reader registers or signs in.
func (p *Pages) write(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	t, err := p.targetOf(r, who)
	if err != nil {
		return err
	}
	k := kept{Next: t.path(), Body: in.Get("body"), Key: in.Get("key")}
	switch {
	case in.Get("do") == "preview":
		return p.preview(w, r, who, t, k)
	case who.Reader.ID != 0:
		return p.post(w, r, who, t, k)
	case in.Get("do") == "register":
		return p.showRegister(w, http.StatusOK, registerView{kept: k})
	case in.Get("do") == "sign-in":
		return p.showSignIn(w, http.StatusOK, signInView{kept: k})
	}
	return p.showWriting(w, http.StatusUnauthorized, who, t, k, func(v *writeView) {
		v.Problem = &page.Problem{Sentence: "You have been signed out. Your comment is kept here: sign in, and post it."}
	})
}

func (p *Pages) preview(w http.ResponseWriter, r *http.Request, who web.Asker, t target, k kept) error {
	err := p.f.Room(web.RoomForPreviews)
	if err == nil {
		err = p.f.AllowReader(r, web.PacePreview)
	}
	html := ""
	if err == nil {
		html, err = p.f.Conversation.Preview(r.Context(), k.Body)
	}
	if err != nil {
		return p.refuseWriting(w, r, who, t, k, err)
	}
	return p.showWriting(w, http.StatusOK, who, t, k, func(v *writeView) { v.Preview = template.HTML(html) })
}

func (p *Pages) post(w http.ResponseWriter, r *http.Request, who web.Asker, t target, k kept) error {
	err := p.f.Room(web.RoomForComments)
	if err == nil {
		err = p.f.AllowReader(r, web.PaceComment)
	}
	if err == nil && t.story.ID == 0 {
		t.story, _, err = p.f.Conversation.OpenStory(r.Context(), who.Reader, t.story.URL, "")
	}
	if err != nil {
		return p.refuseWriting(w, r, who, t, k, err)
	}
	posted, err := p.f.Conversation.Post(r.Context(), who.Reader, parley.Draft{Story: t.story.ID, Parent: t.parent.ID, Body: k.Body, Key: k.Key})
	if err != nil {
		return p.refuseWriting(w, r, who, t, k, err)
	}
	return p.toComment(w, r, posted.Comment, posted.Revision)
}

// toComment sends the author to where a comment can be seen: its permalink, no older than the write, or while
// only the author can see it, the page with what can be done to it.
func (p *Pages) toComment(w http.ResponseWriter, r *http.Request, c parley.Comment, revision int64) error {
	id := c.ID.String()
	if !c.State.Shown() {
		return p.SeeOther(w, r, "/c/"+id+"/act?done="+string(c.State))
	}
	return p.SeeOther(w, r, "/c/"+id+"?rev="+strconv.FormatInt(revision, 10)+"#c-"+id)
}

// refuseWriting shows the form again with everything in it and what was wrong.
func (p *Pages) refuseWriting(w http.ResponseWriter, r *http.Request, who web.Asker, t target, k kept, err error) error {
	problem, status, err := page.Refused(w, r, err)
	if err != nil {
		return err
	}
	if problem.Code == parley.CodeKeyReused {
		k.Key = "" // the earlier words were posted: these are another comment
		problem.Sentence = "You have posted an earlier form of this comment. Press Post again to post these words as well."
	}
	return p.showWriting(w, status, who, t, k, func(v *writeView) { v.Problem = problem })
}
