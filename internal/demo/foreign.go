package demo

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"time"
)

//go:embed foreign
var foreignFiles embed.FS

var foreignTemplate = template.Must(template.ParseFS(foreignFiles, "foreign/frame.html"))

// letter is a piece of the foreign magazine.
type letter struct {
	Slug, Title, Standfirst, Author string
	Published                       time.Time
	talk                            string // file of its hand-written talk; "" = nobody has written yet
}

// Path gives the piece's address on its own host.
func (l letter) Path() string { return "/" + l.Slug }

// Date gives the date line.
func (l letter) Date() string { return dateLine(l.Published) }

func dateLine(day time.Time) string { return day.Format("Monday, 2 January 2006") }

// letters are the pieces of the magazine. Parley learns of the second when somebody first writes under it.
var letters = []letter{
	{
		Slug: "ferry", Title: "The ferry that waits", Author: "Ottoline Brae", talk: "foreign.talk",
		Standfirst: "For as long as anyone remembers, the last boat to the Orlings has gone when everybody was on it. A report has been written.",
		Published:  time.Date(2026, 11, 18, 8, 0, 0, 0, time.UTC),
	},
	{
		Slug: "bench", Title: "A bench facing the wall", Author: "Ottoline Brae",
		Standfirst: "There is one seat in the upper town without a view, and it is to be put right.",
		Published:  time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC),
	},
}

// view is what the templates of the magazine see.
type view struct {
	Names
	Piece   *letter       // nil on the other pages
	Body    template.HTML // of the piece, from our own file
	Pieces  []letter      // on the front page
	Entry   *entry        // a page of the Almanac
	Entries []entry       // the list of the Almanac, newest first
}

// Title gives what the page is called, "" for the front page.
func (v view) Title() string {
	switch {
	case v.Piece != nil:
		return v.Piece.Title
	case v.Entry != nil:
		return v.Entry.Title
	case v.Entries != nil:
		return "The Almanac"
	}
	return ""
}

// Talk gives the path of the page whose conversation it shows, "" for none.
func (v view) Talk() string {
	switch {
	case v.Piece != nil:
		return v.Piece.Path()
	case v.Entry != nil:
		return v.Entry.Path()
	}
	return ""
}

// Address gives the whole address of a page, by which Parley knows its conversation.
func (n Names) Address(path string) string { return n.Letters + path }

// Foreign gives the magazine: a few static pages that embed the forum's conversations by its script, with the
// content security policy that the documentation asks of publishers.
func Foreign(n Names) (http.Handler, error) {
	mux := http.NewServeMux()
	css, err := foreignFiles.ReadFile("foreign/letters.css")
	if err != nil {
		return nil, fmt.Errorf("read the foreign pages: %w", err)
	}
	mux.Handle("GET /letters.css", n.static("text/css; charset=utf-8", css))
	entries, err := almanac()
	if err != nil {
		return nil, err
	}
	pages := map[string]view{"/{$}": {Pieces: letters}, "/almanac": {Entries: newestFirst(entries)}}
	for _, l := range letters {
		body, err := foreignFiles.ReadFile("foreign/" + l.Slug + ".html")
		if err != nil {
			return nil, fmt.Errorf("read the foreign pages: %w", err)
		}
		pages[l.Path()] = view{Piece: &l, Body: template.HTML(body)}
	}
	for _, e := range entries {
		pages[e.Path()] = view{Entry: &e}
	}
	for path, v := range pages {
		v.Names = n
		made, err := page(v)
		if err != nil {
			return nil, err
		}
		mux.Handle("GET "+path, n.static("text/html; charset=utf-8", made))
	}
	return mux, nil
}

func page(v view) ([]byte, error) {
	var out bytes.Buffer
	if err := foreignTemplate.ExecuteTemplate(&out, "page", v); err != nil {
		return nil, fmt.Errorf("make a foreign page: %w", err)
	}
	return out.Bytes(), nil
}

// static serves bytes that never change.
func (n Names) static(kind string, body []byte) http.Handler {
	policy := fmt.Sprintf("default-src 'none'; script-src %[1]s; connect-src %[1]s; frame-src %[1]s; style-src 'self' %[1]s; form-action %[1]s; base-uri 'none'", n.Forum)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}
