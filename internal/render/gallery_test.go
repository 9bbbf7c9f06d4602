package render

import (
	"bytes"
	"flag"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var gallery = flag.String("gallery", "", "write pages for looking at into this folder")

// TestGallery writes what the eye has to judge: the conversation and its states as whole pages, with the style
// sheets in them, so that a browser shows them without a server.
func TestGallery(t *testing.T) {
	if *gallery == "" {
		t.Skip("no -gallery folder given")
	}
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("../web/assets/dist", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	embed, page := read("embed.css"), read("page.css")
	show := newShow(t)

	fragment := bytes.ReplaceAll(show(func(r *Renderer, w *bytes.Buffer) error { return r.Fragment(w, sample()) }),
		[]byte(`<link rel="stylesheet" href="https://forum.example/embed.css">`),
		[]byte("<style>"+embed+".thread>li{content-visibility:visible!important}</style>"))
	pages := map[string][]byte{"fragment": append([]byte(`<main style="max-width:680px;margin:30px auto;padding:0 18px">`), fragment...)}

	for name, draw := range map[string]func(*Renderer, *bytes.Buffer) error{
		"permalink": func(r *Renderer, w *bytes.Buffer) error { return r.ThreadPage(w, samplePermalink()) },
		"list":      func(r *Renderer, w *bytes.Buffer) error { return r.Comments(w, sampleList()) },
		"empty": func(r *Renderer, w *bytes.Buffer) error {
			p := sample()
			p.Threads, p.Next = nil, ""
			p.Story.Comments, p.Story.Threads = 0, 0
			return r.Conversation(w, p)
		},
		"closed": func(r *Renderer, w *bytes.Buffer) error {
			p := sample()
			p.Story.ClosedAt = noon
			return r.Conversation(w, p)
		},
	} {
		pages[name] = append([]byte(`<main class="page">`), show(draw)...)
	}
	drawn, err := filepath.Glob("testdata/gallery/*.html")
	if err != nil || len(drawn) == 0 {
		t.Fatalf("no pages to draw: %v", err)
	}
	for _, path := range drawn {
		if pages[strings.TrimSuffix(filepath.Base(path), ".html")], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range pages {
		whole := fmt.Sprintf(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>%s</title><style>:root{color-scheme:light dark}%s%s.thread>li{content-visibility:visible!important}</style>%s`,
			template.HTMLEscapeString(name), embed, page, content)
		if err := os.WriteFile(filepath.Join(*gallery, name+".html"), []byte(whole), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// newShow gives a function that draws one view.
func newShow(t testing.TB) func(func(*Renderer, *bytes.Buffer) error) []byte {
	t.Helper()
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return func(draw func(*Renderer, *bytes.Buffer) error) []byte {
		t.Helper()
		var w bytes.Buffer
		if err := draw(r, &w); err != nil {
			t.Fatal(err)
		}
		return w.Bytes()
	}
}
