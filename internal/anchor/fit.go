package anchor

import "cmp"

// fit is how the surroundings of a place speak for it.
type fit int

const (
	strange fit = iota // something is known of them, and neither side stands there
	bare               // nothing is known
	half               // one side stands there
	both               // both do, with edits
	whole              // all that is known stands there, and that is something
)

const (
	// leastSide is the likeness from which a side counts as standing there. Any two texts of a language share four
	// in ten.
	leastSide = 0.6
	// fewKnown is how many code points of surroundings count as something: two words.
	fewKnown = 12
)

// entire tells whether all that is known around the quote stands around an exact place unchanged, and that is
// something.
func (q *query) entire(p *place) bool {
	known := len(q.prefix.words) + len(q.suffix.words)
	return known >= fewKnown && p.run[0]+p.run[1] == known
}

// fit judges a place that was weighed.
func (q *query) fit(p *place) fit {
	switch {
	case !q.prefix.known() && !q.suffix.known():
		return bare
	case p.exact && q.entire(p):
		return whole
	case max(p.left, p.right) < leastSide:
		return strange
	case min(p.left, p.right) >= leastSide:
		return both
	}
	return half
}

// better orders places, the one that fits best first.
func better(a, b place) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.start, b.start))
}
