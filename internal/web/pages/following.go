package pages

import (
	"html/template"
	"io"
	"net/http"
	"net/url"
	"strings"

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

// noticeRow is a notice with its sentence, which the story's title ends, and where that leads below the forum's
// address.
type noticeRow struct {
	parley.Notice
	Bold, Rest string
	Path       string
}

// noticeRow puts a notice into words.
func (p *Pages) noticeRow(tx *store.Tx, n parley.Notice) (noticeRow, error) {
	if !n.Kind.OfComment() {
		return p.argumentNotice(tx, n)
	}
	n.Excerpt = markup.Text(markup.PlainHTML(n.Excerpt), excerpt)
	row := noticeRow{Notice: n, Path: "/c/" + n.Comment.String()}
	row.Bold, row.Rest = p.commentNotice(n)
	return row, nil
}

func (p *Pages) commentNotice(n parley.Notice) (bold, rest string) {
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
		return n.By.Name, "replied to you in"
	case parley.NoticeReader:
		return n.By.Name, "wrote " + noun("new comment in", "new comments, the newest in")
	case parley.NoticeThread:
		return noun("new reply", "new replies"), "in a thread of"
	}
	return noun("new comment", "new comments"), "in"
}

// argumentNotice puts into words what a notice tells of a story's question, of what has happened since, or of a
// correction.
func (p *Pages) argumentNotice(tx *store.Tx, n parley.Notice) (noticeRow, error) {
	row := noticeRow{Notice: n, Path: "/s/" + n.Story.String()}
	switch n.Kind {
	case parley.NoticeSettled:
		settlement, err := tx.SettlementForVerb(p.f.Site.ID, n.Subject)
		if err != nil {
			return row, err
		}
		row.Bold, row.Rest = p.Words().T("settled_"+n.Excerpt), "It is the question that you answered or follow under"
		row.Path, row.Excerpt = "/q/"+settlement.Question.String(), settlement.Note
	case parley.NoticeSequel:
		row.Bold, row.Rest = p.Words().T("since_then"), "something has happened, after"
	case parley.NoticeCorrection:
		decided, reply, _ := strings.Cut(n.Excerpt, ": ")
		row.Bold, row.Rest, row.Excerpt = "Your correction was "+decided, "in", reply
		row.Path += "/correct"
	case parley.NoticeSuggestion:
		row.Bold, row.Rest = n.By.Name, "suggests a correction to"
		row.Path += "/author"
	}
	row.Excerpt = markup.Text(markup.PlainHTML(row.Excerpt), excerpt)
	return row, nil
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
			row, err := p.noticeRow(tx, n)
			if err != nil {
				return err
			}
			v.Notices = append(v.Notices, row)
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
