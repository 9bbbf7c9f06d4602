package anchor

// word is how many rows of the matrix one machine word holds.
const word = 64

// pattern is compiled for counting edits (insert, remove or replace one code point) against pieces of one text,
// 64 rows of the matrix at a time: G. Myers, "A fast bit-vector algorithm for approximate string matching based
// on dynamic programming", Journal of the ACM 46(3), 1999, with its blocks for patterns over 64 (section 4), in
// the form of H. Hyyrö (2003).
type pattern struct {
	length   int
	blocks   int
	row      []int32  // by the text's alphabet: which row of equal, 0 for what the pattern does not hold
	equal    []uint64 // rows of blocks words: where the pattern holds the character
	up, down []uint64 // where a cell is one more, one less than the one above it
}

// compile prepares words, not empty, for pieces of t.
func (t *Text) compile(words []rune) *pattern {
	blocks := (len(words) + word - 1) / word
	p := &pattern{length: len(words), blocks: blocks, row: make([]int32, len(t.alphabet)), equal: make([]uint64, blocks, blocks*32)}
	bits := make([]uint64, 2*blocks)
	p.up, p.down = bits[:blocks], bits[blocks:]
	rows := int32(0)
	for i, r := range words {
		id, known := t.alphabet[r]
		if !known {
			continue
		}
		if p.row[id] == 0 {
			rows++
			p.row[id] = rows
			p.equal = append(p.equal, make([]uint64, blocks)...)
		}
		p.equal[int(p.row[id])*blocks+i/word] |= 1 << (i % word)
	}
	return p
}

// scan writes to out, for each end j+1 of a piece of ids, the fewest edits that make the pattern of that piece.
// The piece starts anywhere when free is set, at 0 when not.
func (p *pattern) scan(ids []int32, free bool, out []int32) {
	for b := range p.up {
		p.up[b], p.down[b] = ^uint64(0), 0
	}
	last := uint64(1) << ((p.length - 1) % word)
	edits := int32(p.length)
	for j, id := range ids {
		equal := p.equal[int(p.row[id])*p.blocks:][:p.blocks]
		in := int32(1)
		if free {
			in = 0
		}
		for b := 0; b < p.blocks-1; b++ {
			in = p.step(b, equal[b], in, 1<<(word-1))
		}
		edits += p.step(p.blocks-1, equal[p.blocks-1], in, last)
		out[j] = edits
	}
}

// step moves block b one column on: in and the result are the differences, -1 to 1, along its upper edge and
// along the row of bit last.
func (p *pattern) step(b int, equal uint64, in int32, last uint64) (out int32) {
	up, down := p.up[b], p.down[b]
	vertical := equal | down
	if in < 0 {
		equal |= 1
	}
	horizontal := (((equal & up) + up) ^ up) | equal
	right := down | ^(horizontal | up)
	left := up & horizontal
	if right&last != 0 {
		out = 1
	} else if left&last != 0 {
		out = -1
	}
	right <<= 1
	left <<= 1
	if in > 0 {
		right |= 1
	} else if in < 0 {
		left |= 1
	}
	p.up[b] = left | ^(vertical | right)
	p.down[b] = right & vertical
	return out
}

// distance counts the edits that make the pattern of all of ids.
func (p *pattern) distance(ids []int32) int {
	if len(ids) == 0 {
		return p.length
	}
	out := make([]int32, len(ids))
	p.scan(ids, false, out)
	return int(out[len(ids)-1])
}

// endings gives, for each x from lo to hi (both within t), the fewest edits that make words of a piece that ends
// at x.
func (t *Text) endings(words []rune, lo, hi int) []int32 {
	out := make([]int32, hi-lo+1)
	if len(words) == 0 {
		return out
	}
	from := max(0, lo-2*len(words)) // no cheaper piece is longer: each character more costs one edit
	all := make([]int32, hi-from+1)
	all[0] = int32(len(words))
	t.compile(words).scan(t.ids[from:hi], true, all[1:])
	copy(out, all[lo-from:])
	return out
}

// beginnings is [Text.endings] for pieces that begin at x.
func (t *Text) beginnings(words []rune, lo, hi int) []int32 {
	out := make([]int32, hi-lo+1)
	if len(words) == 0 {
		return out
	}
	to := min(t.Len(), hi+2*len(words))
	all := make([]int32, to-lo+1)
	all[0] = int32(len(words))
	t.compile(reversed(words)).scan(reversed(t.ids[lo:to]), true, all[1:])
	for x := range out {
		out[x] = all[to-lo-x]
	}
	return out
}

func reversed[T any](all []T) []T {
	back := make([]T, len(all))
	for i, one := range all {
		back[len(all)-1-i] = one
	}
	return back
}
