package anchor

import (
	"cmp"
	"slices"
)

// place is where a passage may be, and how well it fits there.
type place struct {
	start, end     int
	quote          float64 // likeness: 1 less the share of edits
	prefix, suffix []int   // edits that make the context of what stands there, for each scale
	exact          bool    // the words themselves stand there
	unclear        bool    // where it starts or ends is in doubt, and the rest the best that may be
	score          float64
}

// Half of the score is what the quote says and half is what stands around it: words that occur once stand on their
// own, repeated ones need their surroundings. (Hypothesis, whose annotator ranks places so too, weighs 50 to 40.)
const (
	quoteWeight   = 0.5
	contextWeight = 0.25 // each side; the other's too where only one is known
)

// weigh gives a place its score.
func (q *query) weigh(p *place) {
	left, right := q.prefix.known(), q.suffix.known()
	p.score = quoteWeight * p.quote
	switch {
	case left && right:
		p.score += contextWeight * (q.prefix.likeness(p.prefix) + q.suffix.likeness(p.suffix))
	case left:
		p.score += 2 * contextWeight * q.prefix.likeness(p.prefix)
	case right:
		p.score += 2 * contextWeight * q.suffix.likeness(p.suffix)
	default:
		p.score += 2 * contextWeight * p.quote
	}
}

// perfect tells whether the quote and all that is known of its surroundings stand at p unchanged.
func (p *place) perfect() bool { return p.exact && p.score == 1 }

// near makes a place of the end of an approximate match with that many edits: where the quote and its
// surroundings together need the fewest edits.
func (t *Text) near(q *query, end, edits int) place {
	m := len(q.exact)
	slack := edits + 8 // an edit moves an end by one; around the ends the surroundings may want some more
	head, tail := q.exact[:min(m, ends)], q.exact[max(0, m-ends):]

	lo, hi := max(0, end-m-slack), max(0, min(t.Len(), end-m+slack))
	start, sure := t.settle(t.beginnings(head, lo, hi), t.around(&q.prefix, 0, lo, hi), lo)
	lo, hi = max(start, end-slack), max(start, min(t.Len(), end+slack))
	end, sure2 := t.settle(t.endings(tail, lo, hi), t.around(&q.suffix, 0, lo, hi), lo)
	p := place{start: start, end: end}
	p.start, p.end = t.snap(q, start, end)
	if p.unclear = p.start >= p.end || !sure || !sure2 || !t.clean(q, p.start, p.end); p.unclear {
		p.start, p.end = min(start, end), max(start, end)
		p.quote = 1 - float64(edits)/float64(m)
	} else {
		p.quote = 1 - float64(t.compile(q.exact).distance(t.ids[p.start:p.end]))/float64(max(m, p.end-p.start))
	}
	p.prefix, p.suffix = t.beside(&q.prefix, p.start), t.beside(&q.suffix, p.end)
	q.weigh(&p)
	return p
}

// ends is how much of a long quote settles where its ends are, in code points.
const ends = 256

// settle picks the position from lo on where a quote's end (inside) and its context (outside) need the fewest
// edits in sum, the end itself before its context. It gives false when positions more than a word apart do as
// well: then the end is a guess.
func (t *Text) settle(inside, outside []int32, lo int) (int, bool) {
	best := 0
	for i := range inside {
		sum, least := inside[i]+outside[i], inside[best]+outside[best]
		if sum < least || sum == least && inside[i] < inside[best] {
			best = i
		}
	}
	least := inside[best] + outside[best]
	first, last := best, best
	for i := range inside {
		if inside[i]+outside[i] <= least+1 {
			first, last = min(first, i), max(last, i)
		}
	}
	return lo + best, t.spaces(lo+first, lo+best) <= 1 && t.spaces(lo+best, lo+last) <= 1
}

func (t *Text) spaces(from, to int) (n int) {
	for x := from; x < to; x++ {
		if t.boundary(x+1) && !t.boundary(x) || t.runes[x] == ' ' {
			n++
		}
	}
	return n
}

const (
	edge = 32 // code points at an end that are looked at by themselves: five words
	torn = 4  // one in so many of a context's edited leaves it in doubt as a guide
	worn = 8  // and one in so many of a quote's own, when its context is no guide
)

// clean tells whether each end of a place stands next to something that was not rewritten: what is around the
// quote, or the quote's own first or last word with little edited beside it. And neither end of the quote may be
// mostly others' words.
func (t *Text) clean(q *query, start, end int) bool {
	m := len(q.exact)
	head, tail := q.exact[:min(m, edge)], q.exact[max(0, m-edge):]
	atHead, atTail := int(t.beginnings(head, start, start)[0]), int(t.endings(tail, end, end)[0])
	if 2*atHead > len(head) || 2*atTail > len(tail) {
		return false
	}
	left, right := t.beside(&q.prefix, start), t.beside(&q.suffix, end)
	fits := func(c *context, edits []int) bool { return len(edits) > 0 && torn*edits[0] < c.size(0) }
	return (fits(&q.prefix, left) || worn*atHead <= len(head) && t.firstWord(q, start)) &&
		(fits(&q.suffix, right) || worn*atTail <= len(tail) && t.lastWord(q, end))
}

// firstWord tells whether the quote's first word stands at start, as a whole.
func (t *Text) firstWord(q *query, start int) bool {
	n := 1
	for n < len(q.exact) && joined(q.exact[n-1], q.exact[n]) {
		n++
	}
	return t.Slice(start, start+n) == string(q.exact[:n]) && (t.boundary(start+n) || n == len(q.exact))
}

// lastWord tells whether the quote's last word, with what stands after it, stands before end, as a whole.
func (t *Text) lastWord(q *query, end int) bool {
	from := len(q.exact) - 1
	for from > 0 && (!inWord(q.exact[from]) || joined(q.exact[from-1], q.exact[from])) {
		from--
	}
	n := len(q.exact) - from
	return n <= end && t.Slice(end-n, end) == string(q.exact[from:]) && (t.boundary(end-n) || from == 0)
}

// overlap gives the share of the shorter place that both cover.
func overlap(a, b *place) float64 {
	both := min(a.end, b.end) - max(a.start, b.start)
	return float64(both) / float64(max(1, min(a.end-a.start, b.end-b.start)))
}

// better orders places, the one that fits best first.
func better(a, b place) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.start, b.start))
}

// distinct sorts places and drops those that only are a worse reading of a better one.
func distinct(all []place) []place {
	slices.SortStableFunc(all, better)
	var out []place
	for _, p := range all {
		shadow := slices.ContainsFunc(out, func(better place) bool {
			return overlap(&p, &better) > 0.5 && (!p.exact || p.start == better.start && p.end == better.end)
		})
		if !shadow {
			out = append(out, p)
		}
	}
	return out
}
