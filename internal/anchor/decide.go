package anchor

import "slices"

// moved finds the very words of a passage where the ground next to it has moved to. Where the ground before and
// after it has moved differently and the words stand in both places, one of them came new, or one was removed.
func (t *Text) moved(l *look, n *neighbours) (*place, string, bool) {
	if !n.known {
		return nil, "", false
	}
	p, ok := t.stands(l.query, n.start+n.left.shift)
	other, ok2 := t.stands(l.query, n.start+n.right.shift)
	switch {
	case ok && ok2 && p.start != other.start:
		return nil, "", false
	case ok2:
		p = other
	case !ok:
		return nil, "", false
	}
	if n.denies(&p) {
		return nil, "", false
	}
	f := l.fit(&p)
	switch {
	case ok && ok2: // the ground on both sides says so
		ok = f > strange || len(l.query.exact) >= fewKnown
	case t.novel(p.start-nearContext, p.end+nearContext):
		ok = f > strange || len(l.query.exact) >= fewKnown
	default: // a copy may have come in next to it, or it went and left one
		ok = f == whole && 2*n.growth() < p.end-p.start+p.run[0]+p.run[1]
	}
	if ok {
		return &p, t.by(l, &p, ByPosition), true
	}
	return nil, "", false
}

// by names how p was told from other places.
func (t *Text) by(l *look, p *place, otherwise string) string {
	rival := slices.ContainsFunc(l.exact, func(o place) bool { return o.start != p.start && l.entire(&o) })
	switch {
	case len(l.exact) == 1:
		return ByExact
	case l.entire(p) && !rival:
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
	few := slices.Clone(l.exact[:min(len(l.exact), mostWeighed)])
	for i := range few {
		t.weigh(l.query, &few[i])
	}
	slices.SortStableFunc(few, better)
	best, only := &few[0], len(l.exact) == 1
	if len(few) > 1 && best.score-few[1].score < margin {
		return nil, "", false
	}
	m := len(l.query.exact)
	single := t.again(m+best.run[0]+best.run[1]) <= rare
	inRoom, outOfRoom := n.inside(best), n.outside(best)
	if n.denies(best) {
		return nil, "", false
	}
	ok := false
	switch l.fit(best) {
	case whole:
		ok = single || !n.known || inRoom && only
	case both:
		ok = single
	case half:
		ok = only && single
	case bare:
		ok = only && (!outOfRoom || single && m >= 2*nearContext)
	case strange:
		ok = only && single && (inRoom && m >= nearContext || m >= longPassage)
	}
	return best, t.by(l, best, ByContext), ok && !t.rivalled(l, best)
}

const (
	// clearMargin is by how much a place with the very words must score more than any with words near them.
	clearMargin = 0.35
	// wholeMargin is the same when the surroundings stand there unchanged.
	wholeMargin = 0.15
)

// rivalled tells whether something stands elsewhere that may be the passage, edited, while p may be a copy of what it
// was: a pull quote, say.
func (t *Text) rivalled(l *look, p *place) bool {
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
		if other := t.near(l.query, h); other.score > p.score-by && other.quote > leastQuote {
			return true
		}
	}
	return false
}
