package anchor

import "math"

const (
	// leastContext is how much is kept of the text before and after a passage, in code points: five words, as much
	// as Hypothesis keeps.
	leastContext = 32
	// MaxContext is how much text before and after a passage counts, in code points: six sentences. What looks the
	// same so far around is not worth telling apart.
	MaxContext = 512
)

// context is the text on one side of a passage, looked at at several scales: its nearest 32 code points, its
// nearest 64 and so on. What is near tells places apart when what is farther was edited, and the other way round.
type context struct {
	before bool // it ends where the passage starts
	words  string
	scales [][]rune
	edge   bool // it is known that nothing stood there: the passage was at that end of the text
	asked  int
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
	count := t.beginnings
	if c.before {
		count = t.endings
	}
	if len(c.scales) == 0 {
		return make([]int32, hi-lo+1)
	}
	if c.asked++; c.asked > fewLooks*len(c.scales) && c.edits == nil {
		for _, words := range c.scales {
			c.edits = append(c.edits, count(words, 0, t.Len()))
		}
	}
	if c.edits != nil {
		return c.edits[scale][lo : hi+1]
	}
	return count(c.scales[scale], lo, hi)
}

// likeness gives for each scale how much of the context stands beside position x, 0 to 1.
func (t *Text) likeness(c *context, x int) []float64 {
	if c.edge {
		if at := t.Len(); c.before && x == 0 || !c.before && x == at {
			return []float64{1}
		}
		return []float64{0}
	}
	out := make([]float64, len(c.scales))
	for i, words := range c.scales {
		out[i] = 1 - float64(t.around(c, i, x, x)[0])/float64(len(words))
	}
	return out
}

// most raises each of rival to what stands beside the best position from lo to hi, in thousandths, rounded up.
func (t *Text) most(c *context, rival []float64, lo, hi int) {
	lo, hi = max(0, lo), min(t.Len(), hi)
	for i, words := range c.scales {
		for _, edits := range t.around(c, i, lo, hi) {
			rival[i] = max(rival[i], math.Ceil(1000*(1-float64(edits)/float64(len(words))))/1000)
		}
	}
}

func mean(all []float64) float64 {
	sum := 0.0
	for _, one := range all {
		sum += one
	}
	return sum / float64(max(1, len(all)))
}
