package anchor

import "slices"

const (
	// endWords is how many of a quote's words at an end settle where that end is.
	endWords = 24
	// sideWords is how many words of a side do.
	sideWords = 8
	// mostSlack bounds how far edits move an end, in code points, for it to be looked for.
	mostSlack = 512
	// closeWords is how many words on each side of an end must not all have been edited.
	closeWords = 4
)

// near makes a place of an approximate match: each end is where the quote's words inside and the surroundings outside
// together need the fewest edits, a word at a time.
func (t *Text) near(q *query, h hit) place {
	m, slack := len(q.exact), min(h.edits+8, mostSlack) // an edit moves an end by one
	p := place{}
	var sure, sure2 bool
	p.start, sure = t.settle(q, h.end-m, slack, true)
	p.end, sure2 = t.settle(q, h.end, slack, false)
	if p.unclear = p.start >= p.end || !sure || !sure2; p.unclear {
		p.end = h.end
		p.start = max(0, min(p.end-1, h.end-m))
		p.quote = 1 - float64(h.edits)/float64(m)
	} else {
		p.quote = t.alike(q, p.start, p.end)
	}
	t.weigh(q, &p)
	q.spend(1000 + 2*m*((m+word-1)/word)) // about what this took
	return p
}

// alike gives the likeness of a quote and the piece from start to end, which is not empty.
func (t *Text) alike(q *query, start, end int) float64 {
	return 1 - float64(t.compile(q.exact).distance(t.ids[start:end]))/float64(max(len(q.exact), end-start))
}

// border is what is known around one end of a quote, word by word: the start or, mirrored, the end.
type border struct {
	start           bool
	inside, outside [][]rune
}

func (q *query) border(start bool) border {
	b := border{start: start, inside: nearestWords(q.spans, endWords, !start)}
	side := &q.suffix
	if start {
		side = &q.prefix
	}
	b.outside = nearestWords(pieces(side.words, wordsOf(side.words, 0, len(side.words))), sideWords, start)
	return b
}

// nearestWords gives the first n words, or the last.
func nearestWords(all [][]rune, n int, last bool) [][]rune {
	if n = min(n, len(all)); last {
		return all[len(all)-n:]
	}
	return all[:n]
}

// costs gives, for each word of a text, what the nearest n words inside and the nearest m outside cost when the end is
// before it.
func (b border) costs(n, m int, text [][]rune) (inside, outside []int32) {
	in, out := nearestWords(b.inside, n, !b.start), nearestWords(b.outside, m, b.start)
	if b.start {
		return beginning(in, text), ending(out, text)
	}
	return ending(in, text), beginning(out, text)
}

// sure tells whether the end is before word j of a text: enough of the nearest words inside were left alone, the very
// nearest too, or enough of those outside, or most of both.
func (b border) sure(text [][]rune, j, ties int) bool {
	in, out := b.costs(closeWords, closeWords, text)
	nearest, _ := b.costs(1, 0, text)
	mostIn, mostOut := int32(min(closeWords, len(b.inside)))*other, int32(min(closeWords, len(b.outside)))*other
	switch {
	case 2*in[j] > mostIn:
		return false
	case nearest[j] == same && 4*in[j] <= mostIn:
		return true
	case ties > 1:
		return false
	}
	return len(b.outside) > 0 && 4*out[j] <= mostOut || 5*(in[j]+out[j]) <= 2*(mostIn+mostOut)
}

// settle finds the start (or the end) of a quote at most slack from x. It gives false when places more than a word
// apart do as well, or too little of what is next to it was left alone: then it is a guess.
func (t *Text) settle(q *query, x, slack int, start bool) (int, bool) {
	b := q.border(start)
	from, to := x-slack-2*nearContext, x+slack+reachOf(b.inside)
	if !start {
		from, to = x-slack-reachOf(b.inside), x+slack+2*nearContext
	}
	around := wordsOf(t.runes, t.wordEdge(from, -1), t.wordEdge(to, 1))
	if len(around) == 0 {
		return x, false
	}
	words := pieces(t.runes, around)
	first, last := least(add(b.costs(endWords, sideWords, words)))
	// What came in at an end is not the quote's: of places that do as well the innermost counts.
	switch {
	case start && last < len(around):
		return t.trimStart(q, around[last]), b.sure(words, last, last-first)
	case !start && first > 0:
		return t.trimEnd(q, around[first-1]), b.sure(words, first, last-first)
	}
	return x, false
}

// least gives the first and the last place of the smallest sum.
func least(sum []int32) (first, last int) {
	smallest := slices.Min(sum)
	first = slices.Index(sum, smallest)
	for i, s := range sum {
		if s == smallest {
			last = i
		}
	}
	return first, last
}

func add(a, b []int32) []int32 {
	for i := range a {
		a[i] += b[i]
	}
	return a
}

func pieces(all []rune, spans []span) (out [][]rune) {
	for _, s := range spans {
		out = append(out, all[s.start:s.end])
	}
	return out
}

func reachOf(words [][]rune) (n int) {
	for _, w := range words {
		n += len(w) + 1
	}
	return n + n/2
}

// wordEdge moves x to the edge of the word it is in.
func (t *Text) wordEdge(x, step int) int {
	x = max(0, min(x, t.Len()))
	for n := 0; n < longestWord && x > 0 && x < t.Len() && t.runes[x-1] != ' ' && t.runes[x] != ' '; n++ {
		x += step
	}
	return x
}

// trimStart gives where in a word the quote's first word starts, when it ends that word.
func (t *Text) trimStart(q *query, w span) int {
	first := q.spans[0]
	if x := w.end - len(first); x > w.start && slices.Equal(t.runes[x:w.end], first) && (q.midStart || t.boundary(x)) {
		return x
	}
	return w.start
}

func (t *Text) trimEnd(q *query, w span) int {
	last := q.spans[len(q.spans)-1]
	if x := w.start + len(last); x < w.end && slices.Equal(t.runes[w.start:x], last) && (q.midEnd || t.boundary(x)) {
		return x
	}
	return w.end
}
