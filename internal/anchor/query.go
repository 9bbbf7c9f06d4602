package anchor

import (
	"strings"
	"unicode"
)

// query is a passage made ready for one text.
type query struct {
	exact            []rune
	words            string // exact again
	prefix, suffix   context
	hint             int  // start, -1 when not known
	midStart, midEnd bool // the quote begins or ends within a word
	rival            *Rival
}

func newQuery(p Passage) *query {
	exact := fold(p.Exact)
	q := &query{words: strings.Trim(exact, " "), hint: -1, rival: p.Rival}
	q.exact = []rune(q.words)
	q.prefix = newContext(fold(nearest(p.Prefix, true)+lead(exact, strings.HasPrefix)), true)
	q.suffix = newContext(fold(lead(exact, strings.HasSuffix)+nearest(p.Suffix, false)), false)
	if p.End > 0 {
		q.hint = p.Start
		q.prefix.edge = p.Start == 0 && q.prefix.words == ""
		q.suffix.edge = q.suffix.words == "" && (q.prefix.edge || q.prefix.words != "")
	}
	if n := len(q.exact); n > 0 {
		if prefix := []rune(q.prefix.words); len(prefix) > 0 {
			q.midStart = joined(prefix[len(prefix)-1], q.exact[0])
		}
		if suffix := []rune(q.suffix.words); len(suffix) > 0 {
			q.midEnd = joined(q.exact[n-1], suffix[0])
		}
	}
	return q
}

// lead gives the space that the quote has at an end: it belongs to what stands around.
func lead(exact string, has func(string, string) bool) string {
	if has(exact, " ") {
		return " "
	}
	return ""
}

// nearest cuts a context, which may be a megabyte of somebody's malice, before any work is done on it. Twice as
// much as counts leaves room for white space and combining characters.
func nearest(context string, last bool) string {
	const most = 2 * MaxContext * 4 // bytes
	if len(context) <= most {
		return context
	}
	if last {
		return strings.ToValidUTF8(context[len(context)-most:], "")
	}
	return strings.ToValidUTF8(context[:most], "")
}

// joined tells whether two characters that stand side by side are of one word: letters, digits and what hangs on
// them. Scripts that write no spaces have no words here: each character stands for itself.
func joined(a, b rune) bool {
	if unicode.IsMark(b) || b == '\u200d' || a == '\u200d' {
		return true
	}
	return inWord(a) && inWord(b)
}

func inWord(r rune) bool {
	if r < unicode.MaxASCII {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)) && !unicode.In(r, spaceless...)
}

// spaceless lists the scripts that part no words (Unicode Standard Annex 14, line breaking: classes ID and SA).
var spaceless = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// boundary tells whether no word is cut at position x.
func (t *Text) boundary(x int) bool {
	return x <= 0 || x >= t.Len() || !joined(t.runes[x-1], t.runes[x])
}

// longestWord is more than any language's, in code points; what is longer was written to be in the way.
const longestWord = 128

// snap moves the ends of a found piece, which edits at them may have shifted, to the words they are in, and off
// white space. An end of a quote that began or ended within a word stays, but not between a character and its
// marks.
func (t *Text) snap(q *query, start, end int) (int, int) {
	cut := func(x int, mid bool) bool {
		return x > 0 && x < t.Len() && joined(t.runes[x-1], t.runes[x]) && (!mid || unicode.IsMark(t.runes[x]))
	}
	for range longestWord {
		if cut(start, q.midStart) {
			start--
		}
		if cut(end, q.midEnd) {
			end++
		}
	}
	for start < end && t.runes[start] == ' ' {
		start++
	}
	for start < end && t.runes[end-1] == ' ' {
		end--
	}
	return start, end
}
