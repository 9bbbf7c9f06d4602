package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean gives a body as it is stored: UTF-8 in Unicode normal form C, lines
// ending in LF, no blank lines around it and no spaces at the ends of lines.
// Control characters except newline and tab, and characters that turn the
// direction of text, are removed: they are accidents of pasting more often
// than attacks. A NUL or invalid UTF-8 is refused with code body_invalid,
// since no reader ever typed it; so are texts with nothing visible in them
// (body_empty) and over [MaxImport] bytes (body_too_long). Whether a text is
// short enough for a comment, [Comment] says.
func Clean(body string) (string, error) {
	if len(body) > MaxImport {
		return "", importTooLong()
	}
	if !utf8.ValidString(body) || strings.ContainsRune(body, 0) {
		return "", notText()
	}
	lines := strings.Split(norm.NFC.String(tidy(body)), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
	}
	body = strings.Trim(strings.Join(lines, "\n"), "\n")
	if !visible(body) {
		return "", empty()
	}
	return body, nil
}

// tidy makes any bytes into text that the parser and we read the same way.
func tidy(s string) string {
	if ordinary(s) {
		return s
	}
	if strings.ContainsRune(s, '\r') {
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	}
	return strip(s)
}

// strip removes unwanted characters and replaces what is not UTF-8.
func strip(s string) string {
	if !strings.ContainsFunc(s, unwanted) && utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unwanted(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// ordinary says whether s has only visible ASCII, spaces, newlines and tabs, as most texts in English have.
func ordinary(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' || c > '~') && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// unwanted says which characters no text of ours contains: controls except
// newline and tab, and the direction characters that the package comment names.
func unwanted(r rune) bool {
	if ' ' <= r && r <= '~' { // nearly all of most texts
		return false
	}
	return r != '\n' && r != '\t' && unicode.IsControl(r) || '\u202A' <= r && r <= '\u202E' || '\u2066' <= r && r <= '\u2069'
}

// visible reports whether s has a character that leaves a trace on the screen.
func visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.Mn, unicode.Other_Default_Ignorable_Code_Point) && r != '\u2800'
	})
}
