package anchor

import (
	"cmp"
	"slices"
	"strings"
)

const (
	// mostExact bounds how often words may stand in a text: each letter of a page does less often.
	mostExact = 1 << 12
	// mostWeighed bounds how many of those are compared with all that is known of their surroundings, and how many
	// places with something near the words.
	mostWeighed = 16
	// mostScan bounds one search for something near, in machine words times characters: a tenth of a second. A quote
	// of 20,000 characters is looked for in 100,000 characters, one of 1,000 in two million.
	mostScan = 1 << 25
	// editShare is how much of a quote may be edited for a place to be looked at at all.
	editShare = 0.35
	// longQuote is from where on words without surroundings may be cut at both ends by whoever described them.
	longQuote = 12
)

// exactly gives the places where the words of a quote stand unchanged, overlapping ones too, in the text's order;
// false when they are too many to tell.
func (t *Text) exactly(q *query) ([]place, bool) {
	var all, within []place
	for from := 0; ; {
		b := strings.Index(t.words[from:], q.words)
		if b < 0 {
			break
		}
		start := t.position(from + b)
		p := place{start: start, end: start + len(q.exact), exact: true, quote: 1}
		if t.apart(q, &p) {
			p.run = [2]int{t.run(&q.prefix, p.start), t.run(&q.suffix, p.end)}
			all = append(all, p)
		} else {
			within = append(within, p)
		}
		if len(all)+len(within) > mostExact {
			return nil, false
		}
		from = int(t.at[start+1])
	}
	if len(all) == 0 && !q.prefix.known() && !q.suffix.known() && len(q.exact) >= longQuote {
		all = within
	}
	return all, q.spend((len(all) + len(within)) * (8 + (len(q.exact)+len(q.prefix.words)+len(q.suffix.words))/word))
}

// foremost gives those of exact places around which most stands unchanged, the best first.
func (t *Text) foremost(q *query, all []place) []place {
	all = slices.Clone(all)
	if len(all) > mostWeighed {
		slices.SortStableFunc(all, func(a, b place) int { return cmp.Compare(b.run[0]+b.run[1], a.run[0]+a.run[1]) })
		all = all[:mostWeighed]
	}
	for i := range all {
		t.weigh(q, &all[i])
	}
	slices.SortStableFunc(all, better)
	return all
}

// stands gives the place at start when the words of a quote stand there.
func (t *Text) stands(q *query, start int) (place, bool) {
	p := place{start: start, end: start + len(q.exact), exact: true, quote: 1}
	if start < 0 || p.end > t.Len() || !t.apart(q, &p) || t.Slice(p.start, p.end) != q.words {
		return place{}, false
	}
	p.run = [2]int{t.run(&q.prefix, p.start), t.run(&q.suffix, p.end)}
	t.weigh(q, &p)
	return p, true
}

// hit is the end of an approximate match.
type hit struct{ end, edits int }

// hits gives the ends between two positions where the words of a quote stand with few enough edits, the best of
// each neighbourhood, fewest edits first and then nearest to hint; false when the search would take too long.
func (t *Text) hits(q *query, from, to, hint int) ([]hit, bool) {
	from, to = max(0, from), min(t.Len(), to)
	if from >= to {
		return nil, true
	}
	m := len(q.exact)
	if cost := (m + word - 1) / word * (to - from); cost > mostScan || !q.spend(cost) {
		return nil, false
	}
	edits := make([]int32, to-from)
	t.compile(q.exact).scan(t.ids[from:to], true, edits)
	var all []hit
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
	away := func(h hit) int { return max(h.end-m-hint, hint-h.end+m) }
	slices.SortStableFunc(all, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.edits, b.edits), cmp.Compare(away(a), away(b)))
	})
	return all[:min(len(all), mostWeighed)], true
}
