package pages

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"parley"
	"parley/internal/locale"
	"parley/internal/web"
)

// frame is what every page has around its content.
type frame struct {
	Site        parley.Site
	Base        string // the forum's base URL; every address on a page begins with it
	Words       *locale.Catalogue
	Title       string // the window's; the site's name is added
	Description string
	Canonical   string // the page's one address; "" where none should be found by search engines
	Unlisted    bool   // asks search engines to leave the page out
	Graph       *graph
	Feeds       []feedLink
	Data        template.HTML // a script element for machines
	Who         *web.Asker    // on private pages: who asks

	zone *time.Location
}

// graph is what other sites show of a page when somebody links it (ogp.me).
type graph struct {
	Type, Title, Description, URL, Image, Alt string
	PublishedAt, ModifiedAt                   string // RFC 3339
	Author, Section                           string
}

type feedLink struct{ Type, Title, URL string }

func (p *Pages) frame(title string) frame {
	return frame{Site: p.f.Site, Base: p.f.Site.BaseURL, Words: p.words, Title: title, zone: p.f.Zone}
}

// privateFrame gives the frame of a page that is made for who.
func (p *Pages) privateFrame(title string, who web.Asker) frame {
	f := p.frame(title)
	f.Who, f.Unlisted = &who, true
	return f
}

// Date writes a day by the newsroom's clock.
func (f frame) Date(t parley.Time) string { return f.Words.Date(t, f.zone) }

// Stamp writes a moment by the newsroom's clock.
func (f frame) Stamp(t parley.Time) string { return f.Words.Stamp(t, f.zone) }

// ISO writes a moment for machines.
func (f frame) ISO(t parley.Time) string { return t.UTC().Format(time.RFC3339) }

// view executes a template. All of it is made before a byte leaves.
func (p *Pages) view(name string, data any) ([]byte, error) {
	var html bytes.Buffer
	if err := p.views.ExecuteTemplate(&html, name, data); err != nil {
		return nil, fmt.Errorf("show %s: %w", name, err)
	}
	return html.Bytes(), nil
}

// show answers with a private page.
func (p *Pages) show(w http.ResponseWriter, status int, name string, data any) error {
	html, err := p.view(name, data)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(html) // whoever went away needs no answer
	return nil
}

type errorView struct {
	frame
	Sentence string
	Request  string // what to name when asking the operator; "" when it is not their fault
}

var errorTitles = map[int]string{
	http.StatusNotFound: "There is nothing here", http.StatusTooManyRequests: "One moment, please",
	http.StatusGone: "This link is no longer good", http.StatusForbidden: "This cannot be done",
	http.StatusUnauthorized: "Please sign in", http.StatusServiceUnavailable: "One moment, please",
}

// showError shows a refusal as a page of its own.
func (p *Pages) showError(w http.ResponseWriter, r *http.Request, e *parley.Error, status int) {
	title, known := errorTitles[status]
	if !known {
		title = "This did not work"
	}
	v := errorView{frame: p.frame(title), Sentence: e.Sentence}
	v.Unlisted = true
	if status >= http.StatusInternalServerError {
		v.Request = web.RequestID(r)
	}
	if err := p.show(w, status, "error", v); err != nil {
		web.Problem(w, r, e, status)
	}
}
