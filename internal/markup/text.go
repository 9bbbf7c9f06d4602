package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Text gives the beginning of rendered HTML as plain text on one line, for
// notices, feeds and descriptions: at most max characters, cut between words,
// with "…" (counted) where something is missing. The result is not HTML:
// whoever puts it into a page escapes it.
func Text(rendered string, max int) string {
	var out excerpt
	for z := html.NewTokenizer(strings.NewReader(rendered)); out.length <= max; {
		switch token := z.Next(); token {
		case html.ErrorToken:
			return out.cut(max)
		case html.TextToken:
			out.add(z.Token().Data)
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "a", "em", "strong", "del", "code":
			case "script", "style":
				if token == html.StartTagToken {
					z.Next() // its text is not for readers
				}
			default:
				out.space = out.length > 0
			}
		}
	}
	return out.cut(max)
}

// excerpt collects text with white space folded.
type excerpt struct {
	text   strings.Builder
	length int // characters in text
	space  bool
}

func (e *excerpt) add(s string) {
	for _, r := range s {
		if unicode.IsSpace(r) {
			e.space = e.length > 0
			continue
		}
		if e.space {
			e.text.WriteByte(' ')
			e.length++
			e.space = false
		}
		e.text.WriteRune(r)
		e.length++
	}
}

// cut gives at most max characters. A first word that is longer than that is
// cut inside, a word that would leave less than half of the room too.
func (e *excerpt) cut(max int) string {
	s := e.text.String()
	if max < 1 {
		return ""
	}
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	end := 0
	for range max - 1 {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	if s[end] != ' ' {
		if word := strings.LastIndexByte(s[:end], ' '); word > end/2 {
			end = word
		}
	}
	return strings.TrimRight(s[:end], " ,;:–—") + "…"
}
