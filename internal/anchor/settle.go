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

// settle finds the start (or the end) of a quote at most slack from x. It gives false when places more than a word
// apart do as well, or too little of what is next to it was left alone: then it is a guess.
func (t *Text) settle(q *query, x, slack int, start bool) (int, bool) {
	inside, side, mid := q.spans, &q.prefix, q.midStart
	if !start {
		side, mid = &q.suffix, q.midEnd
	}
	from, to := x-slack, x+slack
	if start {
		inside = inside[:min(len(inside), endWords)]
		from, to = from-2*nearContext, to+reachOf(inside)
	} else {
		inside = inside[max(0, len(inside)-endWords):]
		from, to = from-reachOf(inside), to+2*nearContext
	}
	around := wordsOf(t.runes, t.wordEdge(from, -1), t.wordEdge(to, 1))
	if len(around) == 0 {
		return x, false
	}
	words, outside := pieces(t.runes, around), sideOf(side)
	in, out := beginning, ending
	if !start {
		in, out = ending, beginning
	}
	sum := add(in(inside, words), out(outside, words))
	first, last := least(sum)
	j := last // what came in at an end is not the quote's
	if !start {
		j = first
	}
	few := func(all [][]rune, tail bool) [][]rune {
		n := min(len(all), closeWords)
		if tail {
			return all[len(all)-n:]
		}
		return all[:n]
	}
	innermost, outermost := few(inside, !start), few(outside, start)
	inCost, outCost := in(innermost, words)[j], out(outermost, words)[j]
	most := int32(len(innermost)) * other
	sure := 2*inCost <= most && 5*(inCost+outCost) <= 2*(most+int32(len(outermost))*other)
	if last-first > 1 {
		sure = sure && in(innermost[:min(1, len(innermost))], words)[j] == same
	}
	_ = mid
	if start {
		if j >= len(around) {
			return x, false
		}
		return t.trimStart(q, around[j]), sure
	}
	if j == 0 {
		return x, false
	}
	return t.trimEnd(q, around[j-1]), sure
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

// sideOf gives the words of a side that are whole, those next to the quote.
func sideOf(s *side) [][]rune {
	all := pieces(s.words, wordsOf(s.words, 0, len(s.words)))
	if s.before {
		return all[max(0, len(all)-sideWords):]
	}
	return all[:min(len(all), sideWords)]
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
