package markup

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/net/html"
)

// rel says to search engines that we do not vouch for the link, and to the
// browser that the page it opens must not reach back.
const rel = "nofollow ugc noopener"

// writer renders a syntax tree. It writes the elements named in its own text
// and no others; whatever it does not know, it passes through to the children.
type writer struct {
	strings.Builder
	src     []byte
	article bool // the publisher's own text
	inLink  bool // links do not nest in HTML
	styles  int  // open em, strong and del
	seen    bool // something visible was written
}

func (w *writer) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.node(c)
	}
}

func (w *writer) wrap(tag string, n ast.Node) {
	w.WriteString("<" + tag + ">")
	w.children(n)
	w.WriteString("</" + tag + ">")
}

func (w *writer) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph:
		w.wrap("p", n)
	case *ast.Heading:
		if w.article {
			w.wrap("h"+strconv.Itoa(min(max(n.Level, 2), 3)), n)
			return
		}
		w.WriteString("<p>")
		w.wrap("strong", n)
		w.WriteString("</p>")
	case *ast.Blockquote:
		w.wrap("blockquote", n)
	case *ast.List:
		w.list(n)
	case *ast.ListItem:
		w.wrap("li", n)
	case *ast.ThematicBreak:
		w.WriteString("<hr>")
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		w.codeBlock(n)
	default:
		w.inline(n)
	}
}

func (w *writer) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		w.text(unescape(n.Segment.Value(w.src)))
		switch {
		case n.SoftLineBreak() && w.article:
			w.WriteString("\n")
		case n.SoftLineBreak() || n.HardLineBreak():
			w.WriteString("<br>")
		}
	case *ast.Emphasis:
		if n.Level >= 2 {
			w.style("strong", n)
		} else {
			w.style("em", n)
		}
	case *extast.Strikethrough:
		w.style("del", n)
	case *ast.CodeSpan:
		w.codeSpan(n)
	case *ast.Link:
		w.link(n, n.Destination, n.Title)
	case *ast.Image:
		w.image(n)
	case *ast.AutoLink:
		w.autoLink(n)
	default:
		w.children(n)
	}
}

func (w *writer) style(tag string, n ast.Node) {
	if w.styles >= maxStyles {
		w.children(n)
		return
	}
	w.styles++
	w.wrap(tag, n)
	w.styles--
}

// list keeps the number an ordered list starts with: people answer points by
// number.
func (w *writer) list(n *ast.List) {
	switch {
	case !n.IsOrdered():
		w.wrap("ul", n)
	case n.Start == 1:
		w.wrap("ol", n)
	default:
		w.WriteString(`<ol start="` + strconv.Itoa(n.Start) + `">`)
		w.children(n)
		w.WriteString("</ol>")
	}
}

func (w *writer) codeBlock(n ast.Node) {
	w.WriteString("<pre><code>")
	lines := n.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		w.text(string(line.Value(w.src)))
	}
	w.WriteString("</code></pre>")
}

func (w *writer) codeSpan(n *ast.CodeSpan) {
	w.WriteString("<code>")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			line := t.Segment.Value(w.src)
			w.text(string(bytes.ReplaceAll(line, []byte("\n"), []byte(" "))))
		}
	}
	w.WriteString("</code>")
}

// text is the only way by which a reader's characters reach the output, other
// than through [anchor].
func (w *writer) text(s string) {
	s = strip(s)
	w.seen = w.seen || visible(s)
	w.WriteString(html.EscapeString(s))
}
