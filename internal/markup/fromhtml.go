package markup

import (
	"fmt"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"parley"
)

// FromHTML turns a comment that another system kept as HTML into our
// Markdown, cleaned as by [Clean]. What the dialect has no word for is
// dropped, its text kept. At most [MaxImport] bytes go in and come out.
// Errors are of code body_too_long, body_tangled or body_empty.
func FromHTML(source string) (string, error) {
	if len(source) > MaxImport {
		return "", importTooLong()
	}
	if strings.Count(source, "[") > maxBrackets {
		return "", tangled()
	}
	doc, err := html.Parse(strings.NewReader(importPolicy.Sanitize(tidy(source))))
	if err != nil { // deeper than 512 elements
		return "", tangled()
	}
	flatten(doc, 0)
	markdown, err := converters.ConvertNode(doc)
	if err != nil {
		return "", parley.Errorf(parley.CodeBodyInvalid, "This HTML cannot be read as a comment.").Because(fmt.Errorf("convert html: %w", err))
	}
	return Clean(string(markdown))
}

// FromWordPress is [FromHTML] for text in which, as WordPress keeps it, a
// newline means a line break and an empty line a paragraph, next to HTML.
func FromWordPress(source string) (string, error) {
	if len(source) > MaxImport {
		return "", importTooLong()
	}
	return FromHTML(breakLines(tidy(source)))
}

// maxBrackets is how many opening brackets an import may have: the converter
// looks to the end of the text from each.
const maxBrackets = 5_000

// flatten turns quotes, lists and headings deeper than the dialect shows into
// plain blocks: the converter takes time with the power of their depth.
func flatten(n *html.Node, depth int) {
	switch n.DataAtom {
	case atom.Ul, atom.Ol, atom.Blockquote, atom.Li, atom.Dl, atom.Table, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if depth >= maxNesting {
			n.Data, n.DataAtom = "div", atom.Div
		} else if n.DataAtom != atom.Li {
			depth++
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		flatten(c, depth)
	}
}

// converters is safe for many at once.
var converters = func() *converter.Converter {
	c := converter.NewConverter(converter.WithPlugins(
		base.NewBasePlugin(),
		commonmark.NewCommonmarkPlugin(
			commonmark.WithHorizontalRule("---"),
			commonmark.WithListEndComment(false),
			commonmark.WithLinkEmptyHrefBehavior(commonmark.LinkBehaviorSkip),
			commonmark.WithLinkEmptyContentBehavior(commonmark.LinkBehaviorSkip),
		),
		strikethrough.NewStrikethroughPlugin(),
	))
	// The library leaves "&copy;" as it is where the page showed these six
	// characters. It must run before the library writes entities of its own.
	c.Register.TextTransformer(func(_ converter.Context, text string) string {
		return escapeEntities(text)
	}, converter.PriorityEarly)
	for _, tag := range []string{"tr", "th", "td"} { // tables we have not; their cells shall not run together
		c.Register.TagType(tag, converter.TagTypeBlock, converter.PriorityStandard)
	}
	return c
}()

func escapeEntities(text string) string {
	var out strings.Builder
	for rest := text; ; {
		before, after, found := strings.Cut(rest, "&")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		out.WriteByte('&')
		if _, length := entity([]byte("&" + after[:min(len(after), longestEntity)])); length > 0 {
			out.WriteString("amp;")
		}
		rest = after
	}
}
