package anchor

import (
	"slices"
	"sync"
)

// repeats knows how much of a text is said in it again, by the length of what is said.
type repeats struct {
	hash   func() []uint64 // of each beginning of the text
	shares [lengths]func() float64
	seeds  func() map[uint64][]int32
	common func() []int32 // for each position how many code points before it are of a common turn
}

// lengths is how many lengths are looked at: 8, 10, 12, 14, 16, 20 … to the longest text.
const lengths = 80

// length gives the i-th of them.
func length(i int) int { return (8 + 2*(i%4)) << (i / 4) }

// base of the polynomial hash: odd and without pattern. Whoever makes texts collide makes passages be refused.
const base = 0x9E3779B97F4A7C15

// hashes gives the hash of each beginning of words.
func hashes(words []rune) []uint64 {
	all := make([]uint64, len(words)+1)
	for i, r := range words {
		all[i+1] = all[i]*base + uint64(r) + 1
	}
	return all
}

func powerOf(n int) uint64 {
	power := uint64(1)
	for range n {
		power *= base
	}
	return power
}

func (t *Text) index() {
	t.repeats.hash = sync.OnceValue(func() []uint64 { return hashes(t.runes) })
	t.repeats.seeds = sync.OnceValue(t.seeds)
	t.repeats.common = sync.OnceValue(t.commonTurns)
	for i := range t.repeats.shares {
		t.repeats.shares[i] = sync.OnceValue(func() float64 { return t.share(length(i)) })
	}
}

// share counts the pieces of n code points that begin with a word and stand in the text more than once, as a share
// of all.
func (t *Text) share(n int) float64 {
	hash, power := t.repeats.hash(), powerOf(n)
	var all []uint64
	for x := 0; x+n <= t.Len(); x++ {
		if t.runes[x] != ' ' && t.boundary(x) {
			all = append(all, hash[x+n]-hash[x]*power)
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	again := 0
	for i := range all {
		if i > 0 && all[i] == all[i-1] || i+1 < len(all) && all[i] == all[i+1] {
			again++
		}
	}
	return float64(again) / float64(len(all))
}

// again gives the share of pieces of about n code points that stand in the text more than once.
func (t *Text) again(n int) float64 {
	i := 0
	for i+1 < lengths && length(i+1) <= n {
		i++
	}
	if length(i) > t.Len() {
		return 0
	}
	return t.repeats.shares[i]()
}

const (
	// turn is how long a piece is that stands in a text twice by chance only seldom, in code points: four words.
	turn = 24
	// enough is how much of a piece must not be of such turns for it to be told from any other.
	enough = 16
	// rare is the share of pieces of a length that may stand in a text twice for one of that length to be taken for
	// the only one: of passages that were removed, so many could be mistaken for a copy elsewhere.
	rare = 0.002
)

// commonTurns marks every piece of that length that begins with a word and stands in the text more than once.
func (t *Text) commonTurns() []int32 {
	hash, power := t.repeats.hash(), powerOf(turn)
	times := map[uint64]int{}
	each := func(do func(x int, h uint64)) {
		for x := 0; x+turn <= t.Len(); x++ {
			if t.runes[x] != ' ' && t.boundary(x) {
				do(x, hash[x+turn]-hash[x]*power)
			}
		}
	}
	each(func(_ int, h uint64) { times[h]++ })
	sums := make([]int32, t.Len()+1)
	each(func(x int, h uint64) {
		for i := x; times[h] > 1 && i < x+turn; i++ {
			sums[i+1] = 1
		}
	})
	for i := range t.runes {
		sums[i+1] += sums[i]
	}
	return sums
}

// novel tells whether the piece from start to end says something that stands nowhere else.
func (t *Text) novel(start, end int) bool {
	start, end = max(0, start), min(t.Len(), end)
	if end-start < turn+enough {
		return t.again(end-start) <= rare
	}
	common := t.repeats.common()
	return end-start-int(common[end]-common[start]) >= enough || t.again((end-start)*3/4) <= rare
}

// worn gives the share of the piece from start to end that is of common turns.
func (t *Text) worn(start, end int) float64 {
	start, end = max(0, start), min(t.Len(), end)
	if start >= end {
		return 0
	}
	common := t.repeats.common()
	return float64(common[end]-common[start]) / float64(end-start)
}
