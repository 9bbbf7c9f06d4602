package anchor

import "slices"

// look is a passage that is looked for, with the places where its words stand.
type look struct {
	*query
	exact []place // in the text's order
	few   bool    // they are all of them
}

// Find looks for one passage by itself. Of words that stand in many places alike [Text.FindAll] can tell more.
func (t *Text) Find(q Quote) Place { return t.FindAll([]Quote{q})[0] }

// FindAll looks for passages that were described in one text, in whatever order, and gives a place for each. It
// gives the same every time, and takes no longer than docs/anchors.md says whatever it is given.
func (t *Text) FindAll(qs []Quote) []Place {
	steps, size := mostSteps, 0
	var tiles []island
	for _, q := range qs {
		tile := newQuery(q, &steps).tile()
		if size += len(tile.words); size <= mostKnown && len(tile.words) > 0 {
			tiles = append(tiles, tile)
		}
	}
	k := t.know(mosaic(tiles))
	out := make([]Place, len(qs))
	for i, q := range qs { // made again, because thousands of long ones would fill the memory
		out[i] = t.find(newQuery(q, &steps), k)
	}
	return out
}

// Carry finds passages of old in a later version of it. Knowing all of the old text, it tells more places that look
// alike apart than [Text.FindAll] does. Of passages that do not stand where they say, it uses the words only.
func Carry(old, later *Text, qs []Quote) []Place {
	steps := mostSteps
	var k known
	if len(old.words) <= MaxText && len(later.words) <= MaxText {
		k = later.know([]island{{0, old.runes}})
	}
	out := make([]Place, len(qs))
	for i, q := range qs {
		made := newQuery(q, &steps)
		if _, ok := old.stands(made, made.hint); !ok {
			made.hint = -1
		}
		out[i] = later.find(made, k)
	}
	return out
}

// known is what is known of the old text.
type known struct {
	ground ground
	times  map[uint64]int // how often each piece stood in it
}

func (t *Text) know(old []island) known { return known{t.ground(old), twins(old)} }

// repeated tells whether most pieces of a quote stood in the old text more than once.
func (k known) repeated(q *query) bool {
	words := slices.Concat(q.prefix.beside(), q.exact, q.suffix.beside())
	sums, power := hashes(words), powerOf(leastPiece)
	all, twice := 0, 0
	for i := 0; i+leastPiece <= len(words); i++ {
		switch times := k.times[sums[i+leastPiece]-sums[i]*power]; {
		case times > 1:
			twice++
			fallthrough
		case times == 1:
			all++
		}
	}
	return 2*twice > all
}

// others tells whether what is new in p, compared with the quote, stood in the old text already, all but a little: then p is
// other words of it, come here, and no edit of the quote's.
func (k known) others(t *Text, q *query, p *place) bool {
	own, power := map[uint64]bool{}, powerOf(leastPiece)
	sums := hashes(q.exact)
	for i := 0; i+leastPiece <= len(q.exact); i++ {
		own[sums[i+leastPiece]-sums[i]*power] = true
	}
	all, old, hash := 0, 0, t.repeats.hash()
	for x := p.start; x+leastPiece <= p.end; x++ {
		if h := hash[x+leastPiece] - hash[x]*power; t.runes[x] != ' ' && t.boundary(x) && !own[h] {
			all++
			old += b2i(k.times[h] > 0)
		}
	}
	return all > 4 && 10*old >= 9*all
}

// find says where a passage is. First come its very words: where the ground moved them; then words near them between
// the pieces of ground they stood between; then again its very words, where their surroundings are; and at last
// words near them anywhere.
func (t *Text) find(q *query, k known) Place {
	switch {
	case len(q.exact) == 0 || t.Len() == 0:
		return changed(WhyEmpty)
	case len(t.words) > MaxText || *q.steps < 0:
		return changed(WhyLong)
	}
	l := &look{query: q}
	l.exact, l.few = t.exactly(q)
	n := t.neighbours(l, k)
	if p, by, ok := t.moved(l, &n); ok {
		return found(p, by)
	}
	if p, ok := t.between(l, &n, k); ok {
		return found(p, t.by(l, p, ByPosition))
	}
	if p, by, ok := t.alone(l, &n); ok {
		return found(p, by)
	}
	if len(l.exact) > 0 || !l.few {
		return changed(WhyAmbiguous)
	}
	return t.anywhere(l, &n)
}

func changed(why string) Place { return Place{Outcome: Changed, Why: why} }

func found(p *place, by string) Place {
	return Place{Outcome: Found, By: by, Start: p.start, End: p.end, Score: p.score}
}
