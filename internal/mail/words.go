package mail

import (
	"regexp"
	"strings"
	"unicode"
)

// name makes the site's own name fit for one line of a letter or a subject: no
// controls, no characters that turn the direction of text, at most max
// characters, and nothing that reads as an encoded word (RFC 2047), which could
// bring all of these back.
func name(s string, max int) string {
	s = strings.ReplaceAll(printable(s), "=?", "= ?")
	return shorten(strings.Join(strings.Fields(s), " "), max)
}

// line is name for words that readers may have written: nothing in them is
// what a mail program makes a link of.
func line(s string, max int) string { return unlink(name(s, max)) }

// passage is line for several lines.
func passage(s string, max int) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return unlink(shorten(strings.Trim(printable(s), " \n"), max))
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r), '\u202A' <= r && r <= '\u202E', '\u2066' <= r && r <= '\u2069', r == '\u2028', r == '\u2029':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

func shorten(s string, max int) string {
	if runes := []rune(s); len(runes) > max {
		return strings.TrimRightFunc(string(runes[:max-1]), unicode.IsSpace) + "…"
	}
	return s
}

// linkish finds the places by which mail programs recognise addresses in
// plain text: the dot of a host name, a scheme, an @.
var linkish = regexp.MustCompile(`([\pL\pN_-]\.)([\pL]{2})|(:)(//)|(@)([\pL\pN])`)

// unlink puts a word joiner (U+2060), which is invisible, into them. Readers
// still see the address; a press of a finger does not follow it.
func unlink(s string) string {
	return linkish.ReplaceAllString(s, "$1$3$5\u2060$2$4$6")
}

// quoted marks every line as somebody's words, as mail programs do.
func quoted(s string) string {
	return "> " + strings.ReplaceAll(s, "\n", "\n> ")
}
