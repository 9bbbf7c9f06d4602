package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"parley/internal/anchor"
	"parley/internal/markup"
)

// readText reads a text by what its name ends in.
func readText(name string) (*anchor.Text, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, anchor.MaxText+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > anchor.MaxText {
		return nil, fmt.Errorf("%s is longer than %d bytes", name, anchor.MaxText)
	}
	raw = bytes.TrimPrefix(raw, []byte("\uFEFF"))
	switch strings.ToLower(filepath.Ext(name)) {
	case ".md", ".markdown":
		return markdownText(raw)
	case ".html", ".htm", ".xhtml":
		return htmlText(raw)
	}
	return anchor.NewText(string(raw)), nil
}

// markdownText gives the paragraphs of a piece as Parley serves it; front matter is not of the text.
func markdownText(raw []byte) (*anchor.Text, error) {
	if rest, ok := bytes.CutPrefix(raw, []byte("---\n")); ok {
		if _, body, ok := bytes.Cut(rest, []byte("\n---\n")); ok {
			raw = body
		}
	}
	_, blocks, err := markup.Article(raw)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, b := range blocks {
		texts = append(texts, b.Text)
	}
	return anchor.NewText(texts...), nil
}

// apart is what is not an article's text: pictures with their words, asides, controls. It and parting are those of
// the browser's part, so that both count positions alike.
var apart = []atom.Atom{atom.Figure, atom.Figcaption, atom.Aside, atom.Nav, atom.Form, atom.Button, atom.Select, atom.Textarea,
	atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Object, atom.Audio, atom.Video, atom.Canvas, atom.Svg}

// parting is the elements whose edges part words, as a space does.
var parting = []atom.Atom{atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Br, atom.Caption, atom.Dd, atom.Dl, atom.Dt,
	atom.Details, atom.Div, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
	atom.Header, atom.Hr, atom.Iframe, atom.Img, atom.Li, atom.Main, atom.Nav, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Summary,
	atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Ul}

// htmlText gives the text of a page's article element, else of its main part, else of all of it.
func htmlText(raw []byte) (*anchor.Text, error) {
	page, err := html.Parse(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	root := page
	for _, name := range []atom.Atom{atom.Article, atom.Main, atom.Body} {
		if found := element(page, name); found != nil {
			root = found
			break
		}
	}
	var out strings.Builder
	addText(&out, root)
	return anchor.NewText(out.String()), nil
}

func element(root *html.Node, name atom.Atom) *html.Node {
	for n := range root.Descendants() {
		if n.DataAtom == name {
			return n
		}
	}
	return nil
}

func addText(out *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		out.WriteString(n.Data)
	}
	edge := ""
	if slices.Contains(parting, n.DataAtom) {
		edge = " "
	}
	out.WriteString(edge)
	hidden := slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "hidden" })
	for c := n.FirstChild; c != nil && !hidden && !slices.Contains(apart, n.DataAtom); c = c.NextSibling {
		addText(out, c)
	}
	out.WriteString(edge)
}
