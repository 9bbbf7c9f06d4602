package markup_test

import (
	"testing"

	"parley/internal/markup"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"  two\n words\t": "two words", "e\u0301": "é", "a\u202egnp.exe": "agnp.exe", "\u0000x": "x", "می\u200cخواهم": "می\u200cخواهم", "\xff": "", "": "",
	} {
		if got := markup.Line(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
