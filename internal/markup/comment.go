package markup

import "github.com/yuin/goldmark/text"

// Comment renders a comment's Markdown, at most [MaxBody] bytes of it, as HTML
// that is safe inside any page: only p, em, strong, del, code, pre,
// blockquote, ul, ol, li, br, hr and a, with href and rel on links and start
// on ordered lists. Errors are of code body_too_long or body_empty, in words for
// the reader.
func Comment(body string) (string, error) {
	if len(body) > MaxBody {
		return "", tooLong()
	}
	return render(body)
}

// Imported renders a comment from another system like [Comment], but up to
// [MaxImport] bytes.
func Imported(body string) (string, error) {
	if len(body) > MaxImport {
		return "", importTooLong()
	}
	return render(body)
}

func render(body string) (string, error) {
	w := draw(body)
	if !w.seen {
		return "", empty()
	}
	return commentPolicy.Sanitize(w.String()), nil
}

// draw parses and renders, before the second wall.
func draw(body string) *writer {
	w := &writer{src: []byte(tidy(body))}
	w.Grow(len(body) + len(body)/4)
	w.children(comments.Parse(text.NewReader(w.src)))
	return w
}
