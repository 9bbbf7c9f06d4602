package pages

import (
	"context"
	"html/template"
	"io"
	"net/http"

	"parley"
	"parley/internal/render"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

const (
	// listProfile is the list that cursors of a reader's comments belong to.
	listProfile = "profile"
	// listed is how many comments one page of a profile or a feed shows.
	listed = 25
)

type profileView struct {
	page.Frame
	Reader   parley.Byline
	Since    parley.Time
	Comments int
	Hidden   bool
	First    bool // the page begins with the newest comment
	List     template.HTML
}

// profile shows what a reader has published. Nobody's address and no score stands there; a hidden profile shows
// its name alone.
func (p *Pages) profile(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, p.f.Site.BaseURL, "cursor") {
		return nil
	}
	id, err := web.PathID(r, "reader")
	if err != nil {
		return err
	}
	cursor := r.URL.Query().Get("cursor")
	from, err := parley.ParseCursor(listProfile, cursor)
	if err != nil {
		return err
	}
	body, err := p.Passing(r.Context(), id, "profile", cursor, func(ctx context.Context) ([]byte, error) {
		v, err := p.profileOf(ctx, id, from)
		if err != nil {
			return nil, err
		}
		return p.View("profile", v)
	})
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}

func (p *Pages) profileOf(ctx context.Context, id parley.ID, from parley.Cursor) (profileView, error) {
	nobody := p.f.Nobody()
	var v profileView
	list := render.CommentList{Site: p.f.Site}
	err := p.f.Store.View(ctx, func(tx *store.Tx) error {
		reader, err := tx.Reader(nobody, id)
		if err != nil {
			return err
		}
		v = profileView{Frame: p.Frame(reader.Name), Reader: reader.Byline(), Hidden: reader.Hidden, First: from.IsZero()}
		if v.Unlisted = reader.Hidden || !v.First; reader.Hidden {
			return nil
		}
		v.Canonical = p.f.Site.BaseURL + "/readers/" + id.String()
		v.Since, v.Comments = reader.CreatedAt, reader.Comments
		found, err := tx.CommentsBy(nobody, id, from.ID, listed+1)
		if err != nil {
			return err
		}
		found, next := cut(found, listProfile)
		if next != "" {
			list.Next = v.Canonical + "?cursor=" + next
		}
		list.Items, err = withStories(tx, nobody, found)
		return err
	})
	if err != nil || len(list.Items) == 0 {
		return v, err
	}
	html, err := page.Rendered(func(out io.Writer) error { return p.f.Renderer.Comments(out, list) })
	v.List = template.HTML(html)
	return v, err
}

// cut takes the one comment too many off a page of listed and gives the cursor for it, "" when there is none.
func cut(found []parley.Comment, list string) ([]parley.Comment, string) {
	if len(found) <= listed {
		return found, ""
	}
	return found[:listed], parley.Cursor{ID: found[listed-1].ID}.Encode(list)
}

// withStories adds to comments what makes them understood away from their conversations: the story and what
// they answer.
func withStories(tx *store.Tx, v parley.Viewer, comments []parley.Comment) ([]render.Listed, error) {
	items := make([]render.Listed, len(comments))
	for i, c := range comments {
		story, err := tx.Story(v, c.Story)
		if err != nil {
			return nil, err
		}
		items[i] = render.Listed{Comment: c, Story: story}
		if c.IsRoot() {
			continue
		}
		parent, err := tx.Comment(v, c.Parent)
		if err == nil {
			items[i].Answers = &parent
		} else if parley.CodeOf(err) != parley.CodeNotFound { // a block hides it from this viewer
			return nil, err
		}
	}
	return items, nil
}
