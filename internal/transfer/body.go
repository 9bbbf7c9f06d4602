package transfer

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	nethtml "golang.org/x/net/html"

	"parley/internal/markup"
)

// wordpressBody makes a comment's stored text into our Markdown.
func wordpressBody(content string) (string, error) {
	return markup.FromWordPress(decodeTwice(decodeWhole(content)))
}

var encodedEntity = regexp.MustCompile(`&amp;(#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5}|[a-zA-Z][a-zA-Z0-9]{1,30});`)

// decodeTwice mends entities that went through two programs: "&amp;#8217;" is an apostrophe. Text with code
// in it is left alone, since there the entity itself may be meant.
func decodeTwice(source string) string {
	if !strings.Contains(source, "&amp;") || strings.Contains(source, "<code") || strings.Contains(source, "<pre") {
		return source
	}
	return encodedEntity.ReplaceAllStringFunc(source, func(whole string) string {
		once := "&" + strings.TrimPrefix(whole, "&amp;")
		if html.UnescapeString(once) == once {
			return whole // no such entity
		}
		return once
	})
}

// decodeWhole mends a text that a plug-in encoded as a whole: it begins and ends with an encoded paragraph
// and has no tag of its own.
func decodeWhole(source string) string {
	source = strings.TrimSpace(source)
	if strings.HasPrefix(source, "&lt;p") && strings.HasSuffix(source, "&lt;/p&gt;") && !strings.Contains(source, "<") {
		return html.UnescapeString(source)
	}
	return source
}

// plainText gives the text of a title or a name that may hold entities and tags, on one line and without
// characters that would turn the direction of what stands beside it.
func plainText(source string) string {
	if strings.ContainsAny(source, "<&") {
		var b strings.Builder
		tokens := nethtml.NewTokenizer(strings.NewReader(decodeTwice(source)))
		for kind := tokens.Next(); kind != nethtml.ErrorToken; kind = tokens.Next() {
			if kind == nethtml.TextToken {
				b.WriteString(tokens.Token().Data)
			}
		}
		source = b.String()
	}
	source = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, source)
	return strings.Join(strings.Fields(source), " ")
}
