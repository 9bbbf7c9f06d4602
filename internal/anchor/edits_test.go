package anchor

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// token is one word of a draft, with its punctuation. It knows which word of the first draft it was, so that
// where a passage is after any edits follows from the edits themselves and not from any search.
type token struct {
	word   string
	origin int // number of the word in the first draft, -1 for a new one
	edited bool
	copied bool // said again elsewhere, so that taking it away here would be moving it
}

// draft is paragraphs of tokens.
type draft [][]token

func newDraft(paragraphs []string) draft {
	var d draft
	n := 0
	for _, p := range paragraphs {
		var one []token
		for _, w := range strings.Fields(p) {
			one = append(one, token{word: w, origin: n})
			n++
		}
		if len(one) > 0 {
			d = append(d, one)
		}
	}
	return d
}

func (d draft) clone() draft {
	out := make(draft, len(d))
	for i := range d {
		out[i] = slices.Clone(d[i])
	}
	return out
}

func (d draft) text() string {
	var b strings.Builder
	for _, p := range d {
		for i, t := range p {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(t.word)
		}
		b.WriteString("\n\n")
	}
	return b.String()
}

func (d draft) tokens() []token { return slices.Concat(d...) }

// sentences gives the pieces of a paragraph that end in a full stop.
func sentences(p []token) (out [][2]int) {
	from := 0
	for i, t := range p {
		if strings.ContainsAny(t.word[len(t.word)-1:], ".?!") || i == len(p)-1 {
			out = append(out, [2]int{from, i + 1})
			from = i + 1
		}
	}
	return out
}

// edit makes one version out of another, as editors do. strength is about how much of the text is touched.
type editor struct {
	*rand.Rand
	stock  []string     // words that new ones are taken from
	lost   map[int]bool // words of the first draft whose sentence was rewritten or removed
	copies bool         // also say again elsewhere what is said
}

func (e editor) lose(words []token) {
	for _, one := range words {
		e.lost[one.origin] = true
	}
}

func (e editor) lostAny(first, last int) bool {
	for i := first; i <= last; i++ {
		if e.lost[i] {
			return true
		}
	}
	return false
}

// double tells whether the words from one place of a paragraph to another stand right before or after themselves.
// Of two such sentences nobody can tell which one was removed or came new.
func double(p []token, from, to int) bool {
	n := to - from
	same := func(a, b int) bool {
		if a < 0 || b+n > len(p) {
			return false
		}
		for i := range n {
			if p[a+i].word != p[b+i].word {
				return false
			}
		}
		return true
	}
	return same(from-n, from) || same(from, to)
}

func copied(words []token) bool {
	return slices.ContainsFunc(words, func(one token) bool { return one.copied })
}

func (e editor) word() string { return e.stock[e.IntN(len(e.stock))] }

// typo changes one letter of a word.
func (e editor) typo(w string) string {
	letters := []rune(w)
	i := e.IntN(len(letters))
	switch e.IntN(4) {
	case 0:
		if len(letters) > 1 {
			return string(slices.Delete(letters, i, i+1))
		}
		fallthrough
	case 1:
		return string(slices.Insert(letters, i, letters[i]))
	case 2:
		if i+1 < len(letters) && letters[i] != letters[i+1] {
			letters[i], letters[i+1] = letters[i+1], letters[i]
			return string(letters)
		}
	}
	letters[i] = rune('a' + (int(letters[i])+1+e.IntN(20))%26)
	return string(letters)
}

// touch changes some words from one place of a paragraph to another: most are replaced, some misspelt, removed
// or joined by a new one.
func (e editor) touch(p []token, from, to int, share float64) []token {
	words := slices.Clone(p[from:to])
	for n := max(1, int(share*float64(len(words)))); n > 0; n-- {
		i := e.IntN(len(words))
		switch e.IntN(6) {
		case 0:
			words[i] = token{word: e.typo(words[i].word), origin: words[i].origin, edited: true}
		case 1:
			if len(words) > 1 {
				words = slices.Delete(words, i, i+1)
			}
		case 2:
			words = slices.Insert(words, i, token{word: e.word(), origin: -1, edited: true})
		default:
			words[i] = token{word: e.word(), origin: words[i].origin, edited: true}
		}
	}
	return slices.Concat(p[:from], words, p[to:])
}

// mend changes up to a fifth of the words of a passage.
func (e editor) mend(d draft, first, last int) draft {
	d = d.clone()
	for i, p := range d {
		in := func(one token) bool { return one.origin >= first && one.origin <= last }
		from := slices.IndexFunc(p, in)
		if from < 0 {
			continue
		}
		to := from
		for to < len(p) && in(p[to]) {
			to++
		}
		d[i] = e.touch(p, from, to, 0.2*e.Float64())
	}
	return d
}

// revise makes a new version: n edits of all kinds.
func (e editor) revise(d draft, n int) draft {
	d = d.clone()
	for range n {
		i := e.IntN(len(d))
		all := sentences(d[i])
		one := all[e.IntN(len(all))]
		kinds := 9
		if e.copies {
			kinds = 10
		}
		switch e.IntN(kinds) {
		case 0, 1: // misspell
			k := e.IntN(len(d[i]))
			d[i][k] = token{word: e.typo(d[i][k].word), origin: d[i][k].origin, edited: true}
		case 2, 3, 4: // mend a sentence, or a paragraph
			if e.IntN(4) == 0 {
				one = [2]int{0, len(d[i])}
			}
			d[i] = e.touch(d[i], one[0], one[1], 0.2)
		case 5: // rewrite a sentence: all words are new
			if copied(d[i][one[0]:one[1]]) || double(d[i], one[0], one[1]) {
				continue
			}
			words := make([]token, 3+e.IntN(20))
			for k := range words {
				words[k] = token{word: e.word(), origin: -1, edited: true}
			}
			words[len(words)-1].word += "."
			e.lose(d[i][one[0]:one[1]])
			d[i] = slices.Concat(d[i][:one[0]], words, d[i][one[1]:])
		case 6: // remove a sentence
			if len(all) > 1 && !copied(d[i][one[0]:one[1]]) && !double(d[i], one[0], one[1]) {
				e.lose(d[i][one[0]:one[1]])
				d[i] = slices.Delete(d[i], one[0], one[1])
			}
		case 7: // remove a paragraph, seldom
			if len(d) > 3 && e.IntN(3) == 0 && !copied(d[i]) {
				e.lose(d[i])
				d = slices.Delete(d, i, i+1)
			}
		case 8: // move a paragraph
			p := d[i]
			d = slices.Delete(d, i, i+1)
			d = slices.Insert(d, e.IntN(len(d)+1), p)
		case 9: // say again what is said elsewhere
			from := d[e.IntN(len(d))]
			other := sentences(from)
			piece := other[e.IntN(len(other))]
			words := slices.Clone(from[piece[0]:piece[1]])
			for k := range words {
				words[k] = token{word: words[k].word, origin: -1, edited: true}
			}
			after := slices.Insert(slices.Clone(d[i]), one[1], words...)
			if !double(after, one[1], one[1]+len(words)) {
				for k := piece[0]; k < piece[1]; k++ {
					from[k].copied = true
				}
				d[i] = slices.Insert(d[i], one[1], words...)
			}
		}
	}
	return d
}
