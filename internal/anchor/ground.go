package anchor

import (
	"cmp"
	"slices"
	"sort"
)

// stretch is a piece of the text as it was when passages were described, put together from what they tell of it,
// and how far it stands from there now: character for character the same.
type stretch struct{ from, to, shift int }

func (s stretch) len() int { return s.to - s.from }

// clash tells whether s and o cannot both be: they move the same old words to two places, or two pieces of old
// words to one place. Ends that happen to be alike overlap by a little.
func (s stretch) clash(o stretch) bool {
	if s.shift == o.shift {
		return false
	}
	old := min(s.to, o.to) - max(s.from, o.from)
	now := min(s.to+s.shift, o.to+o.shift) - max(s.from+s.shift, o.from+o.shift)
	return 2*max(old, now) > min(s.len(), o.len())
}

// meets tells whether s and o clash or are of the same piece.
func (s stretch) meets(o stretch) bool {
	return s.clash(o) || s.shift == o.shift && s.from < o.to && o.from < s.to
}

// ground is what is known of where the old text is now: stretches that do not clash, in the order of the old text.
// The nearest ones tell how far a passage must have moved that stands in many places.
type ground []stretch

// ground finds the pieces of the old text in the new one: first those that stand in the same order as they stood, then
// pieces that were moved elsewhere, longest first.
func (t *Text) ground(old []island) ground {
	pieces := t.standing(old)
	slices.SortStableFunc(pieces, func(a, b stretch) int { return cmp.Compare(b.len(), a.len()) })
	o := newOrder(pieces)
	g := t.chain(o)
	for _, s := range pieces {
		if s.len() < clearly || slices.ContainsFunc(g, s.meets) || !t.novel(s.from+s.shift, s.to+s.shift) {
			continue
		}
		if before, after := g.around(s.from+1, s.to-1); !o.inhabited(before, s, after) {
			g = append(g, s)
			g.sort()
		}
	}
	return g.trim()
}

// trim takes away what two pieces both claim, of the old text or of the new: nobody can tell whose it is.
func (g ground) trim() (out ground) {
	for i := range g {
		for j := range i {
			a, b := &g[j], &g[i]
			if over := a.to - b.from; over > 0 && a.shift != b.shift {
				a.to, b.from = a.to-over, b.from+over
			}
			if a.from+a.shift > b.from+b.shift {
				a, b = b, a
			}
			if over := a.to + a.shift - b.from - b.shift; over > 0 && a.shift != b.shift {
				a.to, b.from = a.to-over, b.from+over
			}
		}
	}
	g = slices.DeleteFunc(g, func(s stretch) bool { return s.to <= s.from })
	for i, s := range g { // what is left of a piece that moved by itself may be too little to be believed
		before, after := stretch{-1, 0, 0}, stretch{nowhere, nowhere, nowhere}
		if i > 0 {
			before = g[i-1]
		}
		if i+1 < len(g) {
			after = g[i+1]
		}
		if s.len() >= clearly || min(abs(s.shift-before.shift), abs(s.shift-after.shift)) <= little {
			out = append(out, s)
		}
	}
	return out
}

func (g ground) sort() {
	slices.SortFunc(g, func(a, b stretch) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
}

// nowhere is the ground after all that is known.
const nowhere = 1 << 40

// around gives the ground that begins before start and that which ends after end, the nearest of each, in positions
// of the old text. The text's beginning has not moved; nothing is known of its end.
func (g ground) around(start, end int) (left, right stretch) {
	left, right = stretch{-1, 0, 0}, stretch{nowhere, nowhere, nowhere}
	if i := sort.Search(len(g), func(i int) bool { return g[i].from >= start }); i > 0 {
		left = g[i-1]
	}
	if i := sort.Search(len(g), func(i int) bool { return g[i].to > end }); i < len(g) {
		right = g[i]
	}
	return left, right
}
