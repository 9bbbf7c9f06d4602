package anchor

import "slices"

// neighbours is the ground around a passage.
type neighbours struct {
	ground
	known       bool // the passage tells where it stood
	left, right stretch
	start, end  int // the old position
}

func (t *Text) neighbours(l *look, g ground) neighbours {
	if l.hint < 0 {
		return neighbours{}
	}
	n := neighbours{ground: g, known: true, start: l.hint, end: l.hint + len(l.query.exact)}
	n.left, n.right = g.around(n.start, n.end)
	return n
}

// room gives the part of the text that lies between the ground before and after the passage; false when the two are
// no longer in order.
func (n *neighbours) room(t *Text) (from, to int, ok bool) {
	from, to = min(n.left.to, n.start)+n.left.shift, t.Len()
	if n.right.from != nowhere {
		to = max(n.right.from, n.end) + n.right.shift
	}
	return max(0, from), min(to, t.Len()), from <= to
}

// growth gives by how much the text between the ground before and after the passage grew or shrank.
func (n *neighbours) growth() int {
	if n.right.from == nowhere {
		return 0
	}
	return max(n.right.shift-n.left.shift, n.left.shift-n.right.shift)
}

// taken tells whether more than half of the text from start to end now is other old text than the passage.
func (n *neighbours) taken(start, end int) bool {
	sum := 0
	for _, s := range n.ground {
		from, to := max(start, s.from+s.shift), min(end, s.to+s.shift)
		if from < to {
			own := min(to-s.shift, n.end) - max(from-s.shift, n.start)
			sum += to - from - max(0, own)
		}
	}
	return 2*sum > end-start
}

// inside tells whether p lies between the ground before and after the passage, outside that it does not; when there
// is no ground, neither.
func (n *neighbours) inside(t *Text, p *place) bool {
	from, to, ok := n.room(t)
	return n.known && ok && len(n.ground) > 0 && p.start >= from-1 && p.end <= to+1
}

func (n *neighbours) outside(t *Text, p *place) bool {
	_, _, ok := n.room(t)
	return n.known && ok && len(n.ground) > 0 && !n.inside(t, p)
}

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
	if n.owned(p.start, p.end, p.start-n.start) {
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
	inRoom, outOfRoom := n.inside(t, best), n.outside(t, best)
	if n.known && n.owned(best.start, best.end, best.start-n.start) {
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
