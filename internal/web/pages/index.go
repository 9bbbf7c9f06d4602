package pages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/press"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// piecesShown is how many pieces one page of the index holds.
const piecesShown = 30

// piece is one line of the index.
type piece struct {
	*press.Article
	Story parley.Story
	Date  string
	ISO   string
	Count string
}

type indexView struct {
	page.Frame
	Heading  string
	Section  string
	Sections []string
	Pieces   []piece
	Older    string // where the index goes on; "" = nowhere
	Strip    *Strip
	Press    bool           // there is a publication, be it empty
	Talk     []parley.Story // without one: where somebody wrote last
}

// SectionURL gives where a section's pieces are listed.
func (v indexView) SectionURL(section string) string {
	return v.Base + "/?" + url.Values{"section": {section}}.Encode()
}

// index lists the served pieces, newest first. A forum without any says what it is.
func (p *Pages) index(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, p.f.Site.BaseURL, "section", "from") {
		return nil
	}
	q := r.URL.Query()
	form := strings.Join([]string{q.Get("section"), q.Get("from"), p.edition().Version}, "\n")
	body, err := p.Passing(r.Context(), 0, "index", form, func(ctx context.Context) ([]byte, error) {
		v, err := p.indexOf(ctx, q.Get("section"), q.Get("from"))
		if err != nil {
			return nil, err
		}
		return p.View("index", v)
	})
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}

func (p *Pages) indexOf(ctx context.Context, section, from string) (indexView, error) {
	e := p.edition()
	v := indexView{
		Frame: p.Frame(p.f.Site.Name), Heading: p.f.Site.Name, Section: section, Sections: e.Sections(), Press: p.articles != nil,
		Strip: p.strip,
	}
	if !v.Press {
		err := p.f.Store.Read(ctx, func(tx *store.Tx) (err error) {
			v.Talk, err = tx.LatestStories(p.f.Nobody(), piecesShown)
			return err
		})
		if err != nil {
			return v, err
		}
	}
	pieces := e.Articles
	if section != "" {
		pieces = e.In(section)
		v.Title, v.Heading, v.Strip = section, section, nil
	}
	if from != "" {
		at := slices.IndexFunc(pieces, func(a *press.Article) bool { return a.Slug == from })
		pieces, v.Strip = pieces[max(at, 0):], nil
		if at < 0 {
			return v, page.ErrNothing()
		}
	}
	if section != "" && len(pieces) == 0 {
		return v, page.ErrNothing()
	}
	v.Canonical = p.indexAddress(section, from)
	if len(pieces) > piecesShown {
		v.Older = p.indexAddress(section, pieces[piecesShown].Slug)
		pieces = pieces[:piecesShown]
	}
	if v.Press {
		v.Feeds = []page.Feed{p.articlesFeed()}
	}
	for _, a := range pieces {
		story, err := p.pieceStory(ctx, a)
		if err != nil {
			return v, err
		}
		v.Pieces = append(v.Pieces, piece{
			Article: a, Story: story, Date: p.Words().Date(parley.TimeOf(a.Published), a.Published.Location()),
			ISO: a.Published.Format(time.RFC3339), Count: p.Words().Number(story.Comments),
		})
	}
	return v, nil
}

func (p *Pages) indexAddress(section, from string) string {
	q := url.Values{}
	if section != "" {
		q.Set("section", section)
	}
	if from != "" {
		q.Set("from", from)
	}
	if len(q) == 0 {
		return p.f.Site.BaseURL + "/"
	}
	return p.f.Site.BaseURL + "/?" + q.Encode()
}

func (p *Pages) articlesFeed() page.Feed {
	return page.Feed{Type: "application/rss+xml", Title: p.f.Site.Name, URL: p.f.Site.BaseURL + press.FeedPath}
}

// edition gives the publication as it stands; an empty one when there is none.
func (p *Pages) edition() *press.Edition {
	if p.articles == nil {
		return &press.Edition{}
	}
	return p.articles.Edition()
}

func (p *Pages) pieceStory(ctx context.Context, a *press.Article) (story parley.Story, err error) {
	id, err := p.stories.Story(ctx, a)
	if err != nil {
		return story, err
	}
	err = p.Read(ctx, func(tx *store.Tx, v parley.Viewer) (err error) {
		story, err = tx.Story(v, id)
		return err
	})
	return story, err
}
