package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Line makes one line of printable text out of what somebody typed into a field: NFC, single spaces, nothing that
// cannot be seen or that turns the writing around. The joiners that some scripts need stay.
func Line(text string) string {
	printable := strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d':
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, text)
	return norm.NFC.String(strings.Join(strings.Fields(printable), " "))
}
