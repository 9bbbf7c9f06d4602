// Package page is what every HTML page of the forum stands in: the frame around its content, the ways to answer
// for everybody and for one reader alone, and plain forms. The packages with the pages themselves stand above it,
// each with its own templates on top of the layout here.
//
// A template begins with {{template "top" .}} and ends with {{template "bottom" .}}; its data embeds a Frame.
// Beside these the layout brings "head" and "mast" for pages that put something of their own between them, "tabs"
// above a reader's private pages, "done" and "problem" for what came of a form, "wrong" and "field-sign-in" among
// the fields of forms, and "error". The files in templates say what each wants of its data.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"

	"parley"
	"parley/internal/locale"
	"parley/internal/web"
)

//go:embed templates/*.html
var layout embed.FS

// Set is the pages of one package: their templates on top of the layout, and the ways they are answered with.
// It is safe for concurrent use.
type Set struct {
	Plain bool // no page of the set runs a script; said before the first is shown

	f     *web.Forum
	views *template.Template
	words *locale.Catalogue
	own   *http.CrossOriginProtection
}

// New parses the layout and, on top of it, every templates/*.html in files. A template of theirs takes the place
// of one of the layout's with the same name. It fails when the program was built wrongly or the forum's origin is
// not one.
func New(f *web.Forum, files fs.FS) (*Set, error) {
	views, err := template.New("pages").Option("missingkey=error").ParseFS(layout, "templates/*.html")
	if err == nil {
		views, err = views.ParseFS(files, "templates/*.html")
	}
	if err != nil {
		return nil, fmt.Errorf("parse page templates: %w", err)
	}
	own := http.NewCrossOriginProtection()
	if err := own.AddTrustedOrigin(f.Origin()); err != nil {
		return nil, fmt.Errorf("trust the forum's own origin: %w", err)
	}
	return &Set{f: f, views: views, words: locale.For(f.Site.Language), own: own}, nil
}

// Words gives the forum's own sentences in the site's language.
func (s *Set) Words() *locale.Catalogue { return s.words }

// Write executes a template into out.
func (s *Set) Write(out io.Writer, name string, data any) error {
	return s.views.ExecuteTemplate(out, name, data)
}

// View gives a page's bytes. All of it is made before a byte leaves.
func (s *Set) View(name string, data any) ([]byte, error) {
	var html bytes.Buffer
	if err := s.Write(&html, name, data); err != nil {
		return nil, fmt.Errorf("show %s: %w", name, err)
	}
	return html.Bytes(), nil
}

// Show answers with a private page.
func (s *Set) Show(w http.ResponseWriter, status int, name string, data any) error {
	html, err := s.View(name, data)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(html) // whoever went away needs no answer
	return nil
}

type errorView struct {
	Frame
	Sentence string
	Request  string // what to name when asking the operator; "" when it is not their fault
}

var errorTitles = map[int]string{
	http.StatusNotFound: "There is nothing here", http.StatusTooManyRequests: "One moment, please",
	http.StatusGone: "This link is no longer good", http.StatusForbidden: "This cannot be done",
	http.StatusUnauthorized: "Please sign in", http.StatusServiceUnavailable: "One moment, please",
}

// ShowError shows a refusal as a page of its own, for web.Answer.
func (s *Set) ShowError(w http.ResponseWriter, r *http.Request, e *parley.Error, status int) {
	title, known := errorTitles[status]
	if !known {
		title = "This did not work"
	}
	v := errorView{Frame: s.Frame(title), Sentence: e.Sentence}
	v.Unlisted = true
	if status >= http.StatusInternalServerError {
		v.Request = web.RequestID(r)
	}
	if err := s.Show(w, status, "error", v); err != nil {
		web.Problem(w, r, e, status)
	}
}
