package anchor

import "slices"

const (
	// leastContext is how much is kept of the text before and after a passage, in code points: five words, as much
	// as Hypothesis keeps.
	leastContext = 32
	// MaxContext is how much text before and after a passage counts, in code points: a page. So much is kept only in
	// texts that repeat themselves, where a sentence that came in beside a passage must not outweigh all that
	// tells it from others.
	MaxContext = 2048
)

// context is the text on one side of a passage, looked at at several scales: its nearest 32 code points, its
// nearest 64 and so on. What is near tells places apart when what is farther was edited, and the other way round.
type context struct {
	before bool // it ends where the passage starts
	words  string
	scales [][]rune
	edge   bool      // it is known that nothing stood there: the passage was at that end of the text
	asked  []int     // for each scale how often it was looked at
	edits  [][]int32 // for each scale the edits at every position of the text, once that is cheaper
}

func newContext(text string, before bool) context {
	all := []rune(text)
	c := context{before: before}
	cut := func(n int) []rune {
		if before {
			return all[len(all)-n:]
		}
		return all[:n]
	}
	all = cut(min(len(all), MaxContext))
	c.words = string(all)
	for size := leastContext; len(all) > 0; size *= 2 {
		c.scales = append(c.scales, cut(min(len(all), size)))
		if size >= len(all) {
			break
		}
	}
	return c
}

// known tells whether anything is known of the text on this side.
func (c *context) known() bool { return c.edge || len(c.scales) > 0 }

// fewLooks are made at one place each; with more, one pass over the whole text is cheaper.
const fewLooks = 6

// around counts, for each position from lo to hi, the edits that make the context at that scale of the text beside
// it; zeros when nothing is known.
func (t *Text) around(c *context, scale, lo, hi int) []int32 {
	if len(c.scales) == 0 {
		return make([]int32, hi-lo+1)
	}
	if c.edits == nil {
		c.edits = make([][]int32, len(c.scales))
		c.asked = make([]int, len(c.scales))
	}
	if c.asked[scale]++; c.asked[scale] > fewLooks && c.edits[scale] == nil {
		c.edits[scale] = t.count(c, c.scales[scale], 0, t.Len())
	}
	if c.edits[scale] != nil {
		return c.edits[scale][lo : hi+1]
	}
	return t.count(c, c.scales[scale], lo, hi)
}

func (t *Text) count(c *context, words []rune, lo, hi int) []int32 {
	if c.before {
		return t.endings(words, lo, hi)
	}
	return t.beginnings(words, lo, hi)
}

// beside counts, for each scale, the edits that make the context of the text beside position x. At an end of the
// text that the passage was known to be at, all of the context is right; elsewhere none of it is.
func (t *Text) beside(c *context, x int) []int {
	if c.edge {
		if c.before && x == 0 || !c.before && x == t.Len() {
			return []int{0}
		}
		return []int{leastContext}
	}
	out := make([]int, len(c.scales))
	for i := range out {
		out[i] = int(t.around(c, i, x, x)[0])
	}
	return out
}

// likeness gives how much of the context such edits leave, 0 to 1: the mean of the scales, so that what is near
// counts most; 0 when nothing is known.
func (c *context) likeness(edits []int) float64 {
	sum := 0.0
	for i, n := range edits {
		sum += 1 - float64(n)/float64(c.size(i))
	}
	return sum / float64(max(1, len(edits)))
}

// size gives the length of the context at a scale, in code points.
func (c *context) size(scale int) int {
	if c.edge {
		return leastContext
	}
	return len(c.scales[scale])
}

// fewest lowers each of rival, one for each scale, to the edits at the best position from lo to hi.
func (t *Text) fewest(c *context, rival []int, lo, hi int) {
	lo, hi = max(0, lo), min(t.Len(), hi)
	for i := range c.scales {
		rival[i] = min(rival[i], int(slices.Min(t.around(c, i, lo, hi))))
	}
}
