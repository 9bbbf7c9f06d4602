package markup

import (
	"testing"

	"parley"
)

func TestClean(t *testing.T) {
	for _, c := range []struct {
		name, body, want string
		code             parley.Code
	}{
		{name: "as it is", body: "Hello,\n\nworld", want: "Hello,\n\nworld"},
		{name: "Windows and old Mac lines", body: "a\r\nb\rc", want: "a\nb\nc"},
		{name: "space around", body: "\n \n\n  a  \nb\t\n\n \n", want: "  a\nb"},
		{name: "indentation stays", body: "a\n\n    code  \n\tmore", want: "a\n\n    code\n\tmore"},
		{name: "normal form", body: "Cafe\u0301", want: "Caf\u00e9"},
		{name: "controls", body: "a\x01\x07b\x1b[0m\x7fc\u0085d", want: "ab[0mcd"},
		{name: "direction", body: "a\u202eb\u202cc\u2066d\u2069\u202ae", want: "abcde"},
		{name: "direction marks stay", body: "\u05d0\u200e1\u200f", want: "\u05d0\u200e1\u200f"},
		{name: "joiners and tags stay", body: "👩\u200d🚀 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", want: "👩\u200d🚀 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"},
		{name: "NUL", body: "a\x00b", code: parley.CodeBodyInvalid},
		{name: "broken UTF-8", body: "a\xffb", code: parley.CodeBodyInvalid},
		{name: "surrogate", body: "a\xed\xa0\x80", code: parley.CodeBodyInvalid},
		{name: "nothing", body: "", code: parley.CodeBodyEmpty},
		{name: "white space", body: " \n\t\r\n\u00a0\u2003", code: parley.CodeBodyEmpty},
		{name: "invisible", body: "\u200b\u200d\u2060\ufeff\u3164\u2800\u00ad\u202e", code: parley.CodeBodyEmpty},
		{name: "only marks", body: "\u0301\u0302", code: parley.CodeBodyEmpty},
		{name: "emoji is something", body: "👍", want: "👍"},
	} {
		got, err := Clean(c.body)
		if got != c.want || parley.CodeOf(err) != c.code {
			t.Errorf("%s: got %q, %v", c.name, got, err)
		}
		if again, err := Clean(got); c.code == "" && (again != got || err != nil) {
			t.Errorf("%s: cleaned twice gives %q, %v", c.name, again, err)
		}
	}
}

// TestNothingToRead refuses comments that only look like text in the source.
func TestNothingToRead(t *testing.T) {
	for _, body := range []string{"***", "---", "> ", "- ", "#", "&nbsp;", "&#8203;", "&#8238;", "```\n```"} {
		if rendered, err := Comment(body); parley.CodeOf(err) != parley.CodeBodyEmpty {
			t.Errorf("%q: got %q, %v", body, rendered, err)
		}
	}
}
