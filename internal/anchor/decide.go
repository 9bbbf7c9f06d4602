package anchor

import "slices"

// moved finds the very words of a passage where the ground next to it, or in it, has moved to. Where pieces of ground
// have moved differently and the words stand where each would have them, one of them came new, or one was removed.
func (t *Text) moved(l *look, n *neighbours) (*place, string, bool) {
	var all []place
	sides := 0 // how many of the ground before and the ground after say so
	for i, s := range append([]stretch{n.left, n.right}, n.within()...) {
		p, ok := t.stands(l.query, n.start+s.shift)
		if !ok && s.from >= 0 {
			p, ok = t.standsNear(l, n.start+s.shift)
		}
		if !n.known || !ok {
			continue
		}
		if i < 2 {
			sides++
		}
		if len(all) == 0 || all[0].start != p.start {
			all = append(all, p)
		}
	}
	if len(all) != 1 {
		return nil, "", false
	}
	p := all[0]
	if n.denies(&p) {
		return nil, "", false
	}
	f, ok := l.fit(&p), false
	switch {
	case sides == 2:
		ok = f > strange || len(l.query.exact) >= fewKnown
	case t.plain(&p):
		ok = f > strange || len(l.query.exact) >= fewKnown
	default: // a copy may have come in next to it, or it went and left one
		ok = f == whole && 2*n.growth() < p.end-p.start+p.run[0]+p.run[1]
	}
	if ok {
		return &p, t.by(l, &p, ByPosition), true
	}
	return nil, "", false
}

// drift is by how much a position may be off that was counted with line ends, since the ground next to it.
const drift = 3

// standsNear gives the only place a few characters off x where the words stand in the very surroundings.
func (t *Text) standsNear(l *look, x int) (place, bool) {
	at := -1
	for _, p := range l.exact {
		if abs(p.start-x) <= drift && l.entire(&p) {
			if at >= 0 {
				return place{}, false
			}
			at = p.start
		}
	}
	return t.stands(l.query, at)
}

// by names how p was told from other places.
func (t *Text) by(l *look, p *place, otherwise string) string {
	if p.quote < 1 {
		return ByFuzzy
	}
	rival := slices.ContainsFunc(l.exact, func(o place) bool { return o.start != p.start && l.entire(&o) })
	switch {
	case len(l.exact) == 1:
		return ByExact
	case l.few && p.score == 1 && l.fit(p) != bare && !rival:
		return ByContext
	}
	return otherwise
}

const (
	// margin is by how much a place must score more than the next one.
	margin = 0.1
	// longPassage is from where on words that stand nowhere else are the passage even in other surroundings: it was a
	// paragraph, and was moved.
	longPassage = 120
)

// alone finds the very words of a passage by what stands around them.
func (t *Text) alone(l *look, n *neighbours) (*place, string, bool) {
	if !l.few || len(l.exact) == 0 {
		return nil, "", false
	}
	all := slices.DeleteFunc(slices.Clone(l.exact), func(p place) bool { return n.denies(&p) })
	few := t.foremost(l.query, all)
	if len(few) == 0 {
		return nil, "", false
	}
	best, only := &few[0], len(all) == 1
	if len(few) > 1 && best.score-few[1].score < margin {
		return nil, "", false
	}
	m := len(l.query.exact)
	single := t.novel(best.start, best.end)
	around := t.plain(best)
	inRoom, outOfRoom := n.inside(best), n.outside(best)
	if n.repeated && !n.held(best) {
		return nil, "", false
	}
	ok := false
	switch l.fit(best) {
	case whole:
		ok = around || !n.known || inRoom && only
	case both:
		ok = around
	case half:
		ok = only && single
	case bare:
		ok = only && (!outOfRoom || single && m >= 2*nearContext)
	case strange:
		ok = only && single && (inRoom && m >= nearContext || m >= longPassage)
	}
	return best, t.by(l, best, ByContext), ok && !t.rivalled(l, n, best)
}

const (
	// clearMargin is by how much a place with the very words must score more than any with words near them.
	clearMargin = 0.35
	// wholeMargin is the same when the surroundings stand there unchanged.
	wholeMargin = 0.15
)

// rivalled tells whether something stands elsewhere that may be the passage, edited, while p may be a copy of what it
// was: a pull quote, say.
func (t *Text) rivalled(l *look, n *neighbours, p *place) bool {
	if !t.echoes(l.query, p) {
		return false
	}
	by := clearMargin
	if l.fit(p) == whole {
		by = wholeMargin
	}
	hits, _ := t.hits(l.query, 0, t.Len(), p.start)
	for _, h := range hits {
		if 2*abs(h.end-p.end) <= len(l.query.exact) {
			continue
		}
		if other := t.near(l.query, h); other.score > p.score-by && other.quote > leastQuote && !n.denies(&other) {
			return true
		}
	}
	return false
}
