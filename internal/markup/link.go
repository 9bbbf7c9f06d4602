package markup

import (
	"math"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// maxURL bounds one address in bytes: more than any page needs, less than
// what breaks old proxies and mail programs.
const maxURL = 2048

// SafeURL gives our own spelling of an address that a reader may link to, and
// "" for any other: only http, https and mailto, with a host and without
// anything before an @ in it, which serves to make one site look as another.
func SafeURL(raw string) string {
	if len(raw) > maxURL || strings.ContainsFunc(raw, unfit) {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil || u.User != nil {
		return ""
	}
	switch u.Scheme {
	case "http", "https":
		if u.Hostname() == "" {
			return ""
		}
	case "mailto":
		if !strings.Contains(u.Opaque, "@") {
			return ""
		}
	default:
		return ""
	}
	return u.String()
}

// unfit says which characters have no business in an address: white space and
// controls, which browsers drop and thereby read another address.
func unfit(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' || unwanted(r) }

// link writes an allowed link, and any other as it was typed.
func (w *writer) link(n ast.Node, destination, title []byte) {
	if w.inLink {
		w.children(n)
		return
	}
	href := w.address(destination)
	if href == "" {
		w.text("[")
		w.children(n)
		w.text("](" + string(destination))
		if len(title) > 0 {
			w.text(` "` + string(title) + `"`)
		}
		w.text(")")
		return
	}
	w.anchor(href, func() {
		before := w.Len()
		w.children(n)
		if w.Len() == before {
			w.text(href)
		}
	})
}

// address gives what a link or picture may point to, or "".
func (w *writer) address(destination []byte) string {
	if w.article {
		return articleURL(unescape(destination))
	}
	return SafeURL(unescape(destination))
}

// image writes a link to the picture: comments show none, because a picture
// tells its owner who reads. The publisher's own pictures are shown.
func (w *writer) image(n *ast.Image) {
	href := w.address(n.Destination)
	switch {
	case w.article && href != "":
		alt := writer{src: w.src, inLink: true}
		alt.children(n)
		w.WriteString(`<img src="` + html.EscapeString(href) + `" alt="` + html.EscapeString(Text(alt.String(), math.MaxInt)) + `" loading="lazy">`)
		return
	case !w.inLink && href == "":
		w.text("!")
	}
	w.link(n, n.Destination, n.Title)
}

func (w *writer) autoLink(n *ast.AutoLink) {
	label := string(n.Label(w.src))
	href := label
	switch {
	case n.AutoLinkType == ast.AutoLinkEmail:
		href = "mailto:" + strings.TrimPrefix(href, "mailto:")
	case n.Protocol != nil: // a bare www.…
		href = "https://" + href
	}
	if href = SafeURL(href); href == "" || w.inLink {
		if !w.inLink && n.Pos() >= 0 && w.src[n.Pos()] == '<' {
			label = "<" + label + ">"
		}
		w.text(label)
		return
	}
	w.anchor(href, func() { w.text(label) })
}

func (w *writer) anchor(href string, content func()) {
	w.WriteString(`<a href="` + html.EscapeString(href) + `"`)
	if !w.article {
		w.WriteString(` rel="` + rel + `"`)
	}
	w.WriteString(">")
	w.inLink = true
	content()
	w.inLink = false
	w.WriteString("</a>")
}
