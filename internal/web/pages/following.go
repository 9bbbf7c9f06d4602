package pages

import (
	"html/template"
	"io"
	"net/http"
	"net/url"

	"parley"
	"parley/internal/markup"
	"parley/internal/render"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// The lists that cursors of a reader's own pages belong to.
const (
	listFeed    = "feed"
	listNotices = "notices"
)

type followingView struct {
	page.Frame
	List  template.HTML
	First bool
}

// following shows what the readers one follows wrote, and what answers oneself, each under what it answers.
func (p *Pages) following(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	from, err := parley.ParseCursor(listFeed, r.URL.Query().Get("cursor"))
	if err != nil {
		return err
	}
	list := render.CommentList{Site: p.f.Site}
	viewer := who.Viewer(p.f.Site)
	err = p.f.Store.View(r.Context(), func(tx *store.Tx) error {
		found, err := tx.Feed(viewer, from.ID, listed+1)
		if err != nil {
			return err
		}
		found, next := cut(found, listFeed)
		if next != "" {
			list.Next = p.f.Site.BaseURL + "/following?cursor=" + next
		}
		list.Items, err = withStories(tx, viewer, found)
		return err
	})
	if err != nil {
		return err
	}
	v := followingView{Frame: p.PrivateFrame("Following", who), First: from.IsZero()}
	if len(list.Items) > 0 {
		html, err := page.Rendered(func(out io.Writer) error { return p.f.Renderer.Comments(out, list) })
		if err != nil {
			return err
		}
		v.List = template.HTML(html)
	}
	return p.Show(w, http.StatusOK, "following", v)
}

type noticesView struct {
	page.Frame
	Notices []noticeRow // newest first; those that have not been seen are marked
	Unseen  bool
	Older   string
	First   bool
}

// noticeRow is a notice with its sentence, which the story's title ends.
type noticeRow struct {
	parley.Notice
	Bold, Rest string
}

func (p *Pages) noticeRow(n parley.Notice) noticeRow {
	n.Excerpt = markup.Text(markup.PlainHTML(n.Excerpt), excerpt)
	many := p.Words().Number(n.Count)
	if n.Count >= parley.MaxBundle {
		many += " or more"
	}
	noun := func(one, other string) string {
		if n.Count == 1 {
			return "1 " + one
		}
		return many + " " + other
	}
	switch n.Kind {
	case parley.NoticeReply:
		return noticeRow{n, n.By.Name, "replied to you in"}
	case parley.NoticeReader:
		return noticeRow{n, n.By.Name, "wrote " + noun("new comment in", "new comments, the newest in")}
	case parley.NoticeThread:
		return noticeRow{n, noun("new reply", "new replies"), "in a thread of"}
	}
	return noticeRow{n, noun("new comment", "new comments"), "in"}
}

// notices lists what concerns the reader. Opening the page marks nothing as seen: the reader does.
func (p *Pages) notices(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	from, err := parley.ParseCursor(listNotices, r.URL.Query().Get("cursor"))
	if err != nil {
		return err
	}
	v := noticesView{Frame: p.PrivateFrame("Notices", who), First: from.IsZero()}
	viewer := who.Viewer(p.f.Site)
	err = p.f.Store.View(r.Context(), func(tx *store.Tx) error {
		found, err := tx.Notices(viewer, from.ID, listed+1)
		if err != nil {
			return err
		}
		if len(found) > listed {
			found = found[:listed]
			v.Older = p.f.Site.BaseURL + "/notices?cursor=" + parley.Cursor{ID: found[listed-1].ID}.Encode(listNotices)
		}
		if v.First {
			bundles, err := tx.Bundles(viewer)
			if err != nil {
				return err
			}
			found = append(bundles, found...)
		}
		for _, n := range found {
			v.Notices = append(v.Notices, p.noticeRow(n))
			v.Unseen = v.Unseen || !n.Seen
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.Show(w, http.StatusOK, "notices", v)
}

// see marks every notice as seen.
func (p *Pages) see(w http.ResponseWriter, r *http.Request, who web.Asker, _ url.Values) error {
	if who.Reader.ID == 0 {
		return p.ToSignIn(w, r, "/notices")
	}
	if err := p.f.AllowReader(r, web.PaceMark); err != nil {
		return err
	}
	if err := p.f.Conversation.See(r.Context(), who.Reader); err != nil {
		return err
	}
	return p.SeeOther(w, r, "/notices")
}
