package anchor

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzFind holds that finding never fails, that places are in the text, that what is found by its very words has
// them, and that in an unchanged text a described passage is never found elsewhere.
func FuzzFind(f *testing.F) {
	f.Add("The council met. We wait. The ferry is late. We wait.", "We wait.", "late. ", "", 45, 53)
	f.Add("\u0301a\u200d b\x80 c", "\u0301", "\u200d", "b", 0, 1)
	f.Add("港口在十一月关闭。没有人告诉渔民", "没有人", "。", "告", 9, 12)
	f.Add(strings.Repeat("and on ", 40), "and on and", "on ", " on", 70, 80)
	f.Fuzz(func(t *testing.T, source, exact, prefix, suffix string, start, end int) {
		if len(source)+len(exact)+len(prefix)+len(suffix) > 4000 {
			return
		}
		text := NewText(source)
		quotes := []Quote{
			{exact, prefix, suffix, start, end, true},
			{exact, prefix, suffix, 0, 0, false},
			{Exact: exact},
			text.Describe(start, end),
		}
		for i, p := range append(text.FindAll(quotes), text.Find(quotes[0])) {
			switch {
			case p.Outcome == Changed && p.Why != "" && p.By == "":
				continue
			case p.Outcome != Found || p.By == "" || p.Why != "":
				t.Fatalf("%d: %+v", i, p)
			case p.Start < 0 || p.End <= p.Start || p.End > text.Len():
				t.Fatalf("%d: %+v in %d code points", i, p, text.Len())
			case p.Score < 0 || p.Score > 1:
				t.Fatalf("%d: %+v", i, p)
			case !utf8.ValidString(text.Slice(p.Start, p.End)):
				t.Fatalf("%d: %+v is %q", i, p, text.Slice(p.Start, p.End))
			}
			if q := quotes[i%len(quotes)]; p.By != ByFuzzy && text.Slice(p.Start, p.End) != strings.Trim(fold(q.Exact), " ") {
				t.Fatalf("%q is said to be at %+v, where %q is", q.Exact, p, text.Slice(p.Start, p.End))
			}
		}
		own := text.Describe(start, end)
		if p := text.Find(own); own.Exact != "" && p.Outcome == Found && (p.Start != own.Start || p.End != own.End) {
			t.Fatalf("%+v of the same text is found at %+v", own, p)
		}
	})
}
