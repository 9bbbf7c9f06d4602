package pages

import (
	"bytes"
	"context"
	"errors"
	"html/template"
	"io"
	"net/http"
	"strings"
	"time"

	"parley"
	"parley/internal/press"
	"parley/internal/render"
	"parley/internal/web"
	"parley/internal/web/page"
)

// Prepare gives every served piece its story, so that counts and feeds know them before anybody has opened
// them.
func (p *Pages) Prepare(ctx context.Context) error { return p.stories.All(ctx, p.edition()) }

// article serves what lies under /articles/: pieces, their pictures (whose names have a dot) and their feed.
func (p *Pages) article(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	switch {
	case p.articles == nil:
		return page.ErrNothing()
	case press.Base+name == press.FeedPath:
		return p.articleFeed(w, r)
	case strings.Contains(name, "."):
		return p.articles.ServePicture(w, r, name)
	}
	a := p.articles.Edition().Article(name)
	if a == nil {
		return parley.Errorf(parley.CodeNotFound, "There is no such article here.")
	}
	if web.Canonical(w, r, p.f.Site.BaseURL) {
		return nil
	}
	story, err := p.stories.Story(r.Context(), a)
	if err != nil {
		return err
	}
	part := web.Part{Story: story, Sort: parley.Newest}
	body, err := p.f.Body(r.Context(), part, "article", a.Version, func(out io.Writer, shown render.Page) error {
		v, err := p.articleOf(a, shown)
		if err != nil {
			return err
		}
		return p.Write(out, "article", v)
	})
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}

type articleView struct {
	page.Frame
	A            *press.Article
	Body         template.HTML
	PublishedOn  string
	PublishedISO string
	UpdatedOn    string
	UpdatedISO   string
	SectionURL   string
	WrittenOn    string // where that was another day
	WrittenISO   string
	Changes      string // the page that says what changed; "" = nothing has
	Comments     int
	Since        template.HTML
	Conversation template.HTML
}

// argumentStyle is the look of passages and questions. Pages of the forum's own link it in their head, and only where
// it is needed.
const argumentStyle = "argument.css"

// articleText finds the text of a served piece on its page.
const articleText = ".piece .text"

func (p *Pages) articleOf(a *press.Article, shown render.Page) (articleView, error) {
	var talk, since bytes.Buffer
	shown.Argument.Article, shown.Argument.SinceAbove, shown.Argument.Styled = articleText, true, true
	if err := errors.Join(p.f.Renderer.Conversation(&talk, shown), p.f.Renderer.Since(&since, shown)); err != nil {
		return articleView{}, err
	}
	address, image := p.f.Site.BaseURL+a.Path(), ""
	if a.Picture != nil {
		image = p.f.Site.BaseURL + a.Picture.Path()
	}
	data, err := render.NewsArticleLD(render.Article{
		URL: address, Headline: a.Title, Description: a.Standfirst, Section: a.Section, Language: p.Words().Lang(), Author: a.Author,
		Publisher: p.f.Site.Name, Image: image, PublishedAt: parley.TimeOf(a.Published), ModifiedAt: timeOf(a.Updated),
	}, shown)
	if err != nil {
		return articleView{}, err
	}
	v := articleView{
		Frame: p.Frame(a.Title), A: a,
		Body:        template.HTML(a.HTML), // markup made it and cleaned it
		PublishedOn: p.Words().DateTime(parley.TimeOf(a.Published), a.Published.Location()), PublishedISO: a.Published.Format(time.RFC3339),
		SectionURL: p.indexAddress(a.Section, ""), Comments: shown.Story.Comments, Conversation: template.HTML(talk.String()),
		Since: template.HTML(since.String()),
	}
	if shown.Argument.Any() || len(shown.Argument.Sequels) > 0 {
		v.Styles = append(v.Styles, argumentStyle)
	}
	if shown.Story.Version > 1 {
		v.Changes = p.f.Site.BaseURL + storyPath(shown.Story, "/changes")
	}
	if !a.Written.IsZero() && a.Written.Format(time.DateOnly) != a.Published.Format(time.DateOnly) {
		v.WrittenOn, v.WrittenISO = p.Words().Date(timeOf(a.Written), a.Written.Location()), a.Written.Format(time.RFC3339)
	}
	if !a.Updated.IsZero() {
		v.UpdatedOn, v.UpdatedISO = p.Words().DateTime(timeOf(a.Updated), a.Updated.Location()), a.Updated.Format(time.RFC3339)
	}
	v.Canonical, v.Description, v.Data = address, a.Standfirst, data
	v.Feeds = []page.Feed{p.articlesFeed(), p.storyFeed(shown.Story, "atom")}
	v.Graph = &page.Graph{
		Type: "article", Title: a.Title, Description: a.Standfirst, URL: address, Image: image, Alt: a.Alt,
		PublishedAt: v.PublishedISO, ModifiedAt: v.UpdatedISO, Author: a.Author, Section: a.Section,
	}
	return v, nil
}

// timeOf gives a moment, or none for the zero time.
func timeOf(t time.Time) parley.Time {
	if t.IsZero() {
		return 0
	}
	return parley.TimeOf(t)
}

func (p *Pages) articleFeed(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, p.f.Site.BaseURL) {
		return nil
	}
	e := p.edition()
	key := render.Key{Kind: "rss", Form: e.Version}
	settled := func(context.Context) (int64, error) { return 0, nil }
	body, err := p.f.Cache.Get(r.Context(), key, 0, settled, func(context.Context) (render.Built, error) {
		var xml bytes.Buffer
		err := press.RSS(&xml, p.f.Site.BaseURL, p.f.Site.Name, e.Articles)
		return render.Built{HTML: xml.Bytes(), Version: page.Digest(xml.Bytes()), Type: "application/rss+xml; charset=utf-8"}, err
	})
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}

// toFeed sends readers who guess the feed's address to where it is.
func (p *Pages) toFeed(w http.ResponseWriter, r *http.Request) error {
	if p.articles == nil {
		return page.ErrNothing()
	}
	w.Header().Set("Cache-Control", render.Shared)
	http.Redirect(w, r, p.f.Site.BaseURL+press.FeedPath, http.StatusPermanentRedirect)
	return nil
}
