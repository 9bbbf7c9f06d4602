package anchor

import (
	"cmp"
	"slices"
)

// island is a piece of the text as it was when passages were described: the words of passages that overlap and what
// is known around them, put together.
type island struct {
	from  int
	words []rune
}

// mostKnown bounds how much of the old text is put together, in code points.
const mostKnown = MaxText

// mosaic puts together what passages tell of the old text, in its order. A passage that contradicts those before it
// tells nothing.
func mosaic(tiles []island) (out []island) {
	slices.SortStableFunc(tiles, func(a, b island) int { return cmp.Compare(a.from, b.from) })
	for _, t := range tiles {
		if n := len(out); n == 0 || !out[n-1].join(t) {
			out = append(out, island{t.from, slices.Clone(t.words)})
		}
	}
	return out
}

// tile is what a passage tells of the old text, nothing when it does not say where it stood.
func (q *query) tile() island {
	if q.hint < 0 {
		return island{}
	}
	before := q.prefix.text()
	return island{q.hint - len(before), slices.Concat(before, q.exact, q.suffix.text())}
}

// join adds tile, which begins later, where the two overlap. It gives false when they do not.
func (i *island) join(tile island) bool {
	at := tile.from - i.from
	both := min(len(i.words)-at, len(tile.words))
	if both <= 0 {
		return false
	}
	if slices.Equal(i.words[at:at+both], tile.words[:both]) {
		i.words = append(i.words, tile.words[both:]...)
	}
	return true
}

const (
	// leastPiece is how long a piece must be that stands in the old text and in the new, in code points: shorter ones
	// are everywhere.
	leastPiece = 16
	// mostSeeds bounds the places in the new text where one such beginning is looked at, and mostLooks those of all: a
	// quarter of a second. Only texts that say the same again and again have so many.
	mostSeeds = 256
	mostLooks = 1 << 22
)

// standing gives the pieces of the old text that stand in t, each as long as it is alike, anywhere.
func (t *Text) standing(old []island) (out []stretch) {
	places, power := t.repeats.seeds(), powerOf(leastPiece)
	reached, looks := map[int]int{}, 0 // by shift: the end of the last piece
	for _, land := range old {
		sums := hashes(land.words)
		for i := 0; i+leastPiece <= len(land.words); i++ {
			if land.words[i] == ' ' || i > 0 && joined(land.words[i-1], land.words[i]) {
				continue
			}
			for _, x := range places[sums[i+leastPiece]-sums[i]*power] {
				if looks++; looks > mostLooks {
					return out
				}
				shift := int(x) - i - land.from
				if end, ok := reached[shift]; ok && end >= land.from+i+leastPiece {
					continue
				}
				s := t.stretch(land, i, shift)
				if s.len() >= leastPiece {
					reached[shift] = s.to
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// twins counts the pieces of that length that begin with a word, by their hash.
func twins(old []island) map[uint64]int {
	times, power := map[uint64]int{}, powerOf(leastPiece)
	for _, land := range old {
		sums := hashes(land.words)
		for i := 0; i+leastPiece <= len(land.words); i++ {
			if land.words[i] != ' ' && (i == 0 || !joined(land.words[i-1], land.words[i])) {
				times[sums[i+leastPiece]-sums[i]*power]++
			}
		}
	}
	return times
}

// stretch makes the longest piece of land that stands in t by shift, from its i-th code point both ways.
func (t *Text) stretch(land island, i, shift int) stretch {
	from, to, now := i, i, land.from+shift
	for from > 0 && now+from > 0 && land.words[from-1] == t.runes[now+from-1] {
		from--
	}
	for to < len(land.words) && now+to < t.Len() && land.words[to] == t.runes[now+to] {
		to++
	}
	return stretch{land.from + from, land.from + to, shift}
}

// seeds gives the places of every piece of that length that begins with a word, by its hash.
func (t *Text) seeds() map[uint64][]int32 {
	hash, power := t.repeats.hash(), powerOf(leastPiece)
	places := map[uint64][]int32{}
	for x := 0; x+leastPiece <= t.Len(); x++ {
		if t.runes[x] != ' ' && t.boundary(x) {
			h := hash[x+leastPiece] - hash[x]*power
			if all := places[h]; len(all) < mostSeeds {
				places[h] = append(all, int32(x))
			}
		}
	}
	return places
}

// echoes tells whether any piece of a quote or its surroundings stands somewhere else than at p.
func (t *Text) echoes(q *query, p *place) bool {
	words := slices.Concat(q.prefix.text(), q.exact, q.suffix.text())
	sums, power := hashes(words), powerOf(leastPiece)
	from := p.start - len(q.prefix.text())
	for i := 0; i+leastPiece <= len(words); i++ {
		for _, x := range t.repeats.seeds()[sums[i+leastPiece]-sums[i]*power] {
			if abs(int(x)-from-i) > leastPiece {
				return true
			}
		}
	}
	return false
}
