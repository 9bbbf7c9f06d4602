package anchor

import (
	"cmp"
	"slices"
	"strings"
)

const (
	// mostExact bounds how often words may stand in a text: one in two of a long article's.
	mostExact = 1 << 13
	// mostPlaces bounds how many places with something near the words are looked at, best first.
	mostPlaces = 64
	// mostSteps bounds a search for something near: machine words times characters, about a tenth of a second. A
	// quote of 20,000 characters is looked for in 100,000 characters, one of 1,000 in two million.
	mostSteps = 1 << 25
	// editShare is how much of a quote may be edits for a place to be looked at at all.
	editShare = 0.35
)

// perfectly gives the places where a quote and all that is known around it stand unchanged, at most two: one is
// the passage, two are too many.
func (t *Text) perfectly(q *query) []place {
	var all []place
	whole := q.prefix.words + q.words + q.suffix.words
	for from, looked := 0, 0; len(all) < 2 && looked < mostExact; looked++ {
		b := strings.Index(t.words[from:], whole)
		if b < 0 {
			break
		}
		b += from
		start := t.position(b + len(q.prefix.words))
		if p := (place{start: start, end: start + len(q.exact), quote: 1, exact: true, score: 1}); t.apart(q, &p) && (!q.prefix.edge || start == 0) && (!q.suffix.edge || p.end == t.Len()) {
			all = append(all, p)
		}
		from = int(t.at[t.position(b)+1])
	}
	return all
}

// apart tells whether p cuts no word that the quote did not cut: words that are part of longer ones are others.
func (t *Text) apart(q *query, p *place) bool {
	return (q.midStart || t.boundary(p.start)) && (q.midEnd || t.boundary(p.end))
}

// exactly gives the places where the words of a quote stand unchanged, overlapping ones too, best first; false
// when there are too many to look at.
func (t *Text) exactly(q *query) ([]place, bool) {
	var all []place
	for from := 0; ; {
		b := strings.Index(t.words[from:], q.words)
		if b < 0 {
			break
		}
		b += from
		start := t.position(b)
		p := place{start: start, end: start + len(q.exact), quote: 1, exact: true}
		if t.apart(q, &p) {
			all = append(all, p)
		}
		if len(all) > mostExact {
			return nil, false
		}
		from = int(t.at[start+1])
	}
	for i := range all {
		p := &all[i]
		p.prefix, p.suffix = t.beside(&q.prefix, p.start), t.beside(&q.suffix, p.end)
		q.weigh(p)
	}
	slices.SortStableFunc(all, better)
	return all, true
}

// hit is the end of an approximate match.
type hit struct{ end, edits int }

// hits gives the ends where the words of a quote stand with few enough edits, the best of each neighbourhood,
// fewest edits first and then nearest to the hint; false when the search would take too long.
func (t *Text) hits(q *query) ([]hit, bool) {
	if (len(q.exact)+word-1)/word*t.Len() > mostSteps {
		return nil, false
	}
	all := t.hitsWithin(q, 0, t.Len())
	away := func(h hit) int { return max(h.end-len(q.exact)-q.hint, q.hint-h.end+len(q.exact)) }
	slices.SortStableFunc(all, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.edits, b.edits), cmp.Compare(away(a), away(b)))
	})
	return all[:min(len(all), mostPlaces)], true
}

// hitsWithin gives the hits between two positions, in order.
func (t *Text) hitsWithin(q *query, from, to int) (all []hit) {
	from, to = max(0, from), min(t.Len(), to)
	if from >= to {
		return nil
	}
	m := len(q.exact)
	edits := make([]int32, to-from)
	t.compile(q.exact).scan(t.ids[from:to], true, edits)
	most, stride := int32(editShare*float64(m)), max(4, m/3)
	for lo := 0; lo < len(edits); lo += stride {
		best := lo
		for x := lo; x < min(len(edits), lo+stride); x++ {
			if edits[x] < edits[best] {
				best = x
			}
		}
		if edits[best] > most {
			continue
		}
		found := hit{from + best + 1, int(edits[best])}
		last := len(all) - 1
		switch {
		case last < 0 || found.end-all[last].end >= stride:
			all = append(all, found)
		case found.edits < all[last].edits:
			all[last] = found
		}
	}
	return all
}

// nearly gives the places where a quote stands approximately and that may matter for the decision: all but those
// that must score much less than the best of them and of those known already. seen tells whether anything stood
// near, searched whether the text was looked through.
func (t *Text) nearly(q *query, known []place) (all []place, seen, searched bool) {
	hits, searched := t.hits(q)
	floor := leastScore - margin
	for _, p := range known {
		floor = max(floor, p.score-margin)
	}
	for _, h := range hits {
		reach := quoteWeight*(1-float64(h.edits)/float64(len(q.exact))) + 2*contextWeight
		if reach < floor {
			break
		}
		p := t.near(q, h.end, h.edits)
		all = append(all, p)
		floor = max(floor, p.score-margin)
	}
	return all, len(hits) > 0, searched
}
