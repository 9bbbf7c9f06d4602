package anchor

import (
	"math/bits"
	"slices"
)

const (
	// mostPieces bounds how many pieces are put in order, the longest: the work grows with the square. Only texts that
	// say the same again and again have more.
	mostPieces = 1000
	// clearly is by how many code points one order must explain more than another for it to be believed.
	clearly = 48
)

// toll is what it costs, in code points, to believe that the text between two pieces grew or shrank by so much: one
// edit, and the more the longer it is.
func toll(by int) int {
	if by == 0 {
		return 0
	}
	return 6 * bits.Len(uint(max(by, -by)))
}

// moveToll is what it costs besides to believe that a piece was moved to before the one it followed.
const moveToll = 64

// gain is what piece s explains beyond p when it comes next in the old text, tolls paid; false when it does not.
func (p stretch) gain(s stretch) (int, bool) {
	if s.from <= p.from || s.to <= p.to {
		return 0, false
	}
	twice, extra := max(0, p.to-s.from), 0
	if over := p.to + p.shift - s.from - s.shift; over > 0 {
		if s.from+s.shift > p.from+p.shift && s.to+s.shift > p.to+p.shift {
			twice = max(twice, over)
		} else {
			extra = moveToll
		}
	}
	return s.len() - twice - extra - toll(s.shift-p.shift), true
}

// order is pieces in the order of the old text, and the choices among them that explain most of it.
type order struct {
	all        []stretch
	upTo, from []int // for each piece: what the best choice that ends with it explains, and what may follow it
	next       []int // the piece that follows it in that choice, or -1
	best       int
}

func newOrder(pieces []stretch) *order {
	n := min(len(pieces), mostPieces)
	o := &order{all: slices.Clone(pieces[:n]), upTo: make([]int, n), from: make([]int, n), next: make([]int, n)}
	ground(o.all).sort()
	for i, s := range o.all {
		o.upTo[i] = s.len() - toll(s.shift)
		for j := range i {
			if g, ok := o.all[j].gain(s); ok {
				o.upTo[i] = max(o.upTo[i], o.upTo[j]+g)
			}
		}
	}
	for i := n - 1; i >= 0; i-- {
		o.next[i] = -1
		for j := i + 1; j < n; j++ {
			if g, ok := o.all[i].gain(o.all[j]); ok && o.from[j]+g > o.from[i] {
				o.from[i], o.next[i] = o.from[j]+g, j
			}
		}
		o.best = max(o.best, o.upTo[i]+o.from[i])
	}
	return o
}

// chain gives the best choice of pieces. What another choice that explains nearly as much would have elsewhere, it
// leaves out.
func (t *Text) chain(o *order) (out ground) {
	at := -1
	for i, s := range o.all {
		if first := s.len() - toll(s.shift); at < 0 && o.upTo[i] == first && first+o.from[i] == o.best {
			at = i
		}
	}
	var chosen []stretch
	for ; at >= 0; at = o.next[at] {
		chosen = append(chosen, o.all[at])
	}
	chosen = slices.DeleteFunc(slices.Clone(chosen), func(s stretch) bool { return covered(s, chosen) })
	for i, s := range chosen {
		before, after := stretch{-1, 0, 0}, stretch{nowhere, nowhere, nowhere}
		if i > 0 {
			before = chosen[i-1]
		}
		if i+1 < len(chosen) {
			after = chosen[i+1]
		}
		if t.worth(before, s, after) && !o.inhabited(before, s, after) {
			out = append(out, o.certain(s, chosen)...)
		}
	}
	return out
}

// covered tells whether a longer one of all has most of the new text that s has.
func covered(s stretch, all []stretch) bool {
	return slices.ContainsFunc(all, func(o stretch) bool { return o.len() > s.len() && o.clash(s) })
}

// certain gives what is left of s, one of the chosen, without that which nearly as good choices have elsewhere.
func (o *order) certain(s stretch, chosen []stretch) (out []stretch) {
	from := s.from
	for k, r := range o.all {
		if r.shift == s.shift || o.upTo[k]+o.from[k] <= o.best-clearly {
			continue
		}
		old := min(r.to, s.to) - max(r.from, s.from)
		now := min(r.to+r.shift, s.to+s.shift) - max(r.from+r.shift, s.from+s.shift)
		if max(old, now) <= 0 || slices.ContainsFunc(chosen, func(c stretch) bool { return c != s && c.len() > r.len() && c.clash(r) }) {
			continue
		}
		if 2*now > s.len() {
			return nil
		}
		if old > 0 && r.to > from {
			if r.from > from {
				out = append(out, stretch{from, r.from, s.shift})
			}
			from = r.to
		}
	}
	if from < s.to {
		out = append(out, stretch{from, s.to, s.shift})
	}
	return out
}

// little is by how much a text grows or shrinks by small edits.
const little = 40

// longPiece is from where on a piece of common turns that moved by itself is believed.
const longPiece = 200

// worth tells whether to believe in s between its neighbours in a chain: it moved as they did, or explains clearly
// more than to leave it out.
func (t *Text) worth(before, s, after stretch) bool {
	near := min(abs(s.shift-before.shift), abs(s.shift-after.shift))
	if near == 0 {
		return true
	}
	if start, end := s.from+s.shift, s.to+s.shift; near > little && (!t.novel(start, end) || s.len() < longPiece && t.worn(start, end) > mostlyWorn) {
		return false
	}
	extra := s.len() - toll(s.shift-before.shift)
	if after.from != nowhere {
		extra += toll(after.shift-before.shift) - toll(after.shift-s.shift)
	}
	return extra >= clearly
}

// inhabited tells whether a good part of s also stands about where it stood, going by its neighbours: then it was edited
// there, and s is a copy elsewhere.
func (o *order) inhabited(before, s, after stretch) bool {
	room := s.len() // what a copy leaves more in the text than moving does
	if s.from+s.shift < before.to+before.shift || after.from != nowhere && s.to+s.shift > after.from+after.shift {
		room = 0
	}
	grown := after.from == nowhere || 2*(after.shift-before.shift) > 2*room-s.len()
	if !grown || min(abs(s.shift-before.shift), abs(s.shift-after.shift)) <= little {
		return false
	}
	sum, reached := 0, s.from
	for _, o := range o.all { // in the order of the old text
		if min(abs(o.shift-before.shift), abs(o.shift-after.shift)) <= little &&
			o.from+o.shift >= before.to+before.shift-little && (after.from == nowhere || o.to+o.shift <= after.from+after.shift+little) {
			sum += max(0, min(s.to, o.to)-max(reached, o.from))
			reached = max(reached, o.to)
		}
	}
	return 2*sum > s.len()
}

func abs(n int) int { return max(n, -n) }
