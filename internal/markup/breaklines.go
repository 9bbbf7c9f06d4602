package markup

import (
	"strings"

	"golang.org/x/net/html"
)

// breakLines puts <br> where a newline of the source means one, and two where
// an empty line does. Newlines next to a block's tag only lay out the source,
// and those inside pre stand as they are.
func breakLines(source string) string {
	var b breaker
	z := html.NewTokenizer(strings.NewReader(source))
	b.drop = true
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.out.String()
		case html.TextToken:
			b.text(z.Token().Data)
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			b.tag(z.Token())
		}
	}
}

type breaker struct {
	out     strings.Builder
	pending int  // newlines seen since the last thing written
	drop    bool // at a block's edge, where newlines mean nothing
	pre     int  // open pre elements
}

func (b *breaker) text(s string) {
	if b.pre > 0 {
		b.out.WriteString(html.EscapeString(s))
		return
	}
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.pending++
		}
		if strings.TrimSpace(line) != "" {
			b.flush()
			b.drop = false
			b.out.WriteString(html.EscapeString(line))
		} else if b.pending == 0 {
			b.out.WriteString(line)
		}
	}
}

func (b *breaker) flush() {
	if !b.drop {
		b.out.WriteString(strings.Repeat("<br>", min(b.pending, 2)))
	}
	b.pending = 0
}

func (b *breaker) tag(t html.Token) {
	switch t.Data {
	case "p", "div", "blockquote", "ul", "ol", "li", "pre", "hr", "br", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th":
		b.pending, b.drop = 0, true
	default:
		if t.Type == html.StartTagToken {
			b.flush()
		}
	}
	if t.Data == "pre" && t.Type == html.StartTagToken {
		b.pre++
	}
	if t.Data == "pre" && t.Type == html.EndTagToken && b.pre > 0 {
		b.pre--
	}
	b.out.WriteString(t.String())
}
