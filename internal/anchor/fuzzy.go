package anchor

import "slices"

// What a place with edited words must have. The figures come from the measured edits in this package's tests: nearer
// to 0.5, places that merely look alike get in; higher, edited passages are lost without need.
const (
	leastScore = 0.62
	wornScore  = 0.75 // where sentences are like one another
	leastQuote = 0.6
)

// reach is how far from a passage the ground on each side may be for the passage to be looked for between the two
// only: a paragraph.
const reach = 400

// between finds the edited words of a passage in the room between the pieces of ground that it stood between.
func (t *Text) between(l *look, n *neighbours, k known) (*place, bool) {
	var all []place
	for _, room := range n.rooms {
		if room.end-room.start <= len(l.query.exact)+2*reach {
			hits, _ := t.hits(l.query, room.start, room.end, n.start+n.left.shift)
			all = append(all, t.places(l, n, hits)...)
		}
	}
	all = distinct(all)
	if len(all) == 0 || len(all) > 1 && all[0].score-all[1].score < margin {
		return nil, false
	}
	p := &all[0]
	if p.unclear || p.quote < leastQuote || p.score < 0.5 {
		return nil, false
	}
	if p.quote < 1 && slices.ContainsFunc(l.exact, func(o place) bool { return overlap(p, &o) > 0.5 }) {
		return nil, false // the very words stand here, and were not believed
	}
	if l.fit(p) == strange && !n.held(p) && (n.right.from == nowhere || n.left.from < 0 || len(l.query.exact) < nearContext) {
		return nil, false
	}
	if !n.held(p) && slices.ContainsFunc(t.foremost(l.query, l.exact), func(o place) bool {
		return o.score > p.score-margin && overlap(p, &o) == 0 && !n.denies(&o)
	}) {
		return nil, false // it may have been moved there
	}
	return p, t.plain(p) || (n.held(p) || n.stands() || min(p.left, p.right) >= alikeSide) && p.score >= wornScore && t.kept(l.query, p) >= leastKept && t.ended(l.query, n, p) && !k.others(t, l.query, p)
}

// ended tells whether each end of p is the quote's own first or last word, perhaps misspelt, or stands in the very
// surroundings, or where the ground next to it has it.
func (t *Text) ended(q *query, n *neighbours, p *place) bool {
	now := pieces(t.runes, wordsOf(t.runes, p.start, p.end))
	on := n.stands()
	start := p.left >= verySide || (on || p.left == unknown || p.left >= nearSide) && cost(q.spans[0], now[0]) <= misspelt
	end := p.right >= verySide || (on || p.right == unknown || p.right >= nearSide) && cost(q.spans[len(q.spans)-1], now[len(now)-1]) <= misspelt
	for _, s := range n.ground {
		start = start || s.from <= n.start+slip && s.to >= n.start-2*nearContext && abs(p.start-n.start-s.shift) <= slip
		end = end || s.from <= n.end+2*nearContext && s.to >= n.end-slip && abs(p.end-n.end-s.shift) <= slip
	}
	return start && end
}

const (
	// verySide is the likeness of a side in which at most a letter is another.
	verySide = 0.96
	// alikeSide is that of one in which at most a word is another.
	alikeSide = 0.9
	// nearSide is that of one in which at most two words of five are.
	nearSide = 0.7
)

// plain tells whether p and what is around it is not one of many like it.
func (t *Text) plain(p *place) bool {
	from, to := p.start-nearContext, p.end+nearContext
	return t.novel(from, to) && t.worn(from, to) <= mostlyWorn
}

// mostlyWorn is the share of a piece made of common turns from which on it is taken for one of many like it. In prose
// one in twenty is, in a text of refrains nine in ten.
const mostlyWorn = 0.4

// leastKept is the share of its words that a passage must have kept where sentences are like one another.
const leastKept = 0.78

// kept gives the share of a quote's words that stand at p, in order; a misspelt one counts for two thirds.
func (t *Text) kept(q *query, p *place) float64 {
	now := pieces(t.runes, wordsOf(t.runes, p.start, p.end))
	if min(len(q.spans), len(now)) > mostWords {
		return p.quote
	}
	cost := ending(q.spans, now)[len(now)]
	return 1 - float64(cost)/float64(int(other)*max(len(q.spans), len(now)))
}

// mostWords bounds the words that are compared one with another.
const mostWords = 500

// places makes places of hits, without those that contradict the ground.
func (t *Text) places(l *look, n *neighbours, hits []hit) (out []place) {
	for _, h := range hits {
		if p := t.near(l.query, h); !n.denies(&p) {
			out = append(out, p)
		}
	}
	return out
}

// distinct orders places, best first, and drops those that only are a worse reading of a better one.
func distinct(all []place) (out []place) {
	slices.SortStableFunc(all, better)
	for _, p := range all {
		if !slices.ContainsFunc(out, func(o place) bool { return overlap(&p, &o) > 0.5 }) {
			out = append(out, p)
		}
	}
	return out
}

// overlap gives the share of the shorter place that both cover.
func overlap(a, b *place) float64 {
	both := max(0, min(a.end, b.end)-max(a.start, b.start))
	return float64(both) / float64(max(1, min(a.end-a.start, b.end-b.start)))
}

// anywhere finds the edited words of a passage in all of the text, or says why not.
func (t *Text) anywhere(l *look, n *neighbours) Place {
	hits, searched := t.hits(l.query, 0, t.Len(), max(0, l.hint))
	if !searched {
		return changed(WhyLong)
	}
	all := distinct(t.places(l, n, hits))
	switch {
	case len(all) == 0 && len(hits) == 0:
		return changed(WhyGone)
	case len(all) == 0:
		return changed(WhyEdited)
	}
	best := &all[0]
	switch {
	case n.outside(best):
		return changed(WhyAmbiguous)
	case best.unclear || best.score < leastScore || best.quote < leastQuote:
		return changed(WhyEdited)
	case len(all) > 1 && (best.score-all[1].score < margin || all[1].quote >= leastQuote):
		return changed(WhyAmbiguous)
	case !t.plain(best):
		return changed(WhyAmbiguous)
	}
	return found(best, ByFuzzy)
}
