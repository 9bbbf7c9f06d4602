package markup

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// elements are what a comment may consist of, links and ordered lists apart.
var elements = []string{"p", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "br", "hr"}

// commentPolicy is the second wall: built once, because building costs more
// than using, and never from bluemonday's UGCPolicy, which lets id and
// pictures through.
var commentPolicy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(elements...)
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,2}$`)).OnElements("ol")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^` + rel + `$`)).OnElements("a")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	return p
}()

// importPolicy runs before HTML becomes Markdown and lets through what the
// dialect can say. Pictures pass because they become links.
var importPolicy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(elements...)
	p.AllowElements("div", "b", "i", "s", "strike", "kbd", "samp", "tt", "h1", "h2", "h3", "h4", "h5", "h6")
	p.AllowElements("table", "tbody", "thead", "tr", "th", "td", "dl", "dt", "dd", "section", "article", "center", "figure", "figcaption")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	return p
}()

// articlePolicy is the second wall for [Article].
var articlePolicy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(elements...)
	p.AllowElements("h2", "h3")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^p-[0-9a-f]{10}(-[0-9]{1,6})?$`)).OnElements("p", "h2", "h3", "blockquote", "ul", "ol", "pre")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^pull$`)).OnElements("blockquote")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,2}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("loading").Matching(regexp.MustCompile(`^lazy$`)).OnElements("img")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	return p
}()
