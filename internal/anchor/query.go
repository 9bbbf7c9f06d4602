package anchor

import (
	"strings"
	"unicode"
)

// query is a quote made ready to be looked for.
type query struct {
	exact            []rune
	words            string   // exact again
	spans            [][]rune // and word by word
	prefix, suffix   side
	hint             int  // where it stood, -1 when not known
	midStart, midEnd bool // it begins or ends within a word
	steps            *int // what may still be spent on looking, shared by passages that are looked for together
}

// mostSteps bounds what is spent on passages that are looked for together, in machine words compared: some seconds.
// A thousand passages of a page take a hundredth of it; ten thousand of 20,000 characters each, of which none is
// there, would take fifty times as much.
const mostSteps = 1 << 30

// spend takes steps off, and gives false when they are used up.
func (q *query) spend(steps int) bool {
	*q.steps -= steps
	return *q.steps >= 0
}

func newQuery(q Quote, steps *int) *query {
	exact := fold(q.Exact)
	made := &query{words: strings.Trim(exact, " "), hint: -1, steps: steps}
	made.exact = []rune(made.words)
	made.spans = pieces(made.exact, wordsOf(made.exact, 0, len(made.exact)))
	if q.HasPosition && q.End > q.Start && q.Start >= 0 && q.Start <= MaxText {
		made.hint = q.Start
		if strings.HasPrefix(exact, " ") {
			made.hint++
		}
	}
	prefix, suffix := fold(nearest(q.Prefix, true)), fold(nearest(q.Suffix, false))
	made.prefix, made.suffix = newSide(prefix, true), newSide(suffix, false)
	if n := len(made.exact); n > 0 {
		if before := []rune(prefix + exact[:len(exact)-len(strings.TrimLeft(exact, " "))]); len(before) > 0 {
			made.midStart = joined(before[len(before)-1], made.exact[0])
		}
		if after := []rune(exact[len(strings.TrimRight(exact, " ")):] + suffix); len(after) > 0 {
			made.midEnd = joined(made.exact[n-1], after[0])
		}
	}
	return made
}

// nearest cuts what stood beside a passage, which may be a megabyte of somebody's malice, before any work is done on
// it. Several times what counts leaves room for white space and combining characters.
func nearest(beside string, last bool) string {
	const most = 2 * MaxContext * 4 // bytes
	if len(beside) <= most {
		return beside
	}
	if last {
		return strings.ToValidUTF8(beside[len(beside)-most:], "")
	}
	return strings.ToValidUTF8(beside[:most], "")
}

// joined tells whether two characters that stand side by side are of one word: letters, digits and what hangs on
// them. Scripts that write no spaces have no words here: each character stands for itself.
func joined(a, b rune) bool {
	if a < unicode.MaxASCII && b < unicode.MaxASCII {
		return inWord(a) && inWord(b)
	}
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

// apart tells whether p cuts no word that the quote did not cut: words that are part of longer ones are others.
func (t *Text) apart(q *query, p *place) bool {
	return (q.midStart || t.boundary(p.start)) && (q.midEnd || t.boundary(p.end))
}

// longestWord is more than any language's, in code points; what is longer was written to be in the way.
const longestWord = 128
