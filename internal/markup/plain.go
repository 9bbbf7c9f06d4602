package markup

import "strings"

// Plain reports whether body has no markup in it, so that [PlainHTML] gives
// the very bytes that [Comment] gives, many times faster, and storing HTML for
// it would be a waste. It says no when in doubt.
func Plain(body string) bool {
	if strings.ContainsAny(body, "\\`*_<\r") || tidy(body) != body || !visible(body) {
		return false
	}
	for _, pair := range []string{"](", "~~", "://", "www."} {
		if strings.Contains(body, pair) {
			return false
		}
	}
	for line := range strings.Lines(body) {
		if marked(strings.TrimSuffix(line, "\n")) {
			return false
		}
	}
	return escapeEntities(body) == body
}

// marked reports whether a line may begin a block other than a paragraph, or
// has spaces around it.
func marked(line string) bool {
	if line == "" {
		return false
	}
	if strings.Trim(line, " \t") != line || strings.IndexByte("#>-+", line[0]) >= 0 {
		return true
	}
	rest := strings.TrimLeft(line, "0123456789")
	return rest != line && (rest == "" || rest[0] == '.' || rest[0] == ')')
}

// PlainHTML shows any text as paragraphs and line breaks with nothing in it
// interpreted. It is safe for every text, and equal to what [Comment] gives
// for those that [Plain] accepts.
func PlainHTML(body string) string {
	var out strings.Builder
	out.Grow(len(body) + len(body)/8 + 16)
	open := false
	for line := range strings.Lines(tidy(body)) {
		line = strings.Trim(line, " \t\n")
		switch {
		case line == "" && open:
			out.WriteString("</p>")
			open = false
		case line == "":
		case open:
			out.WriteString("<br>")
			writeEscaped(&out, line)
		default:
			out.WriteString("<p>")
			writeEscaped(&out, line)
			open = true
		}
	}
	if open {
		out.WriteString("</p>")
	}
	return out.String()
}

// signs are what stands for characters that mean something in HTML: the very ones that golang.org/x/net/html writes.
var signs = [256]string{'&': "&amp;", '\'': "&#39;", '<': "&lt;", '>': "&gt;", '"': "&#34;", '\r': "&#13;"}

// writeEscaped writes text as HTML.
func writeEscaped(out *strings.Builder, text string) {
	from := 0
	for i := range len(text) {
		if sign := signs[text[i]]; sign != "" {
			out.WriteString(text[from:i])
			out.WriteString(sign)
			from = i + 1
		}
	}
	out.WriteString(text[from:])
}
