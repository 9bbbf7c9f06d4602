package anchor

import "slices"

const (
	// nearContext is how much is kept of the text before and after a passage, in code points: five words, as much
	// as Hypothesis keeps.
	nearContext = 32
	// MaxContext is how much text before and after a passage counts, in code points: a long paragraph. Only in texts
	// that say the same again and again does a description need more than 32.
	MaxContext = 512
)

// side is the text on one side of a passage. The space between the two is not part of it: descriptions keep it or
// not, as their maker likes.
type side struct {
	before bool   // it ends where the passage starts
	spaced bool   // the space was kept
	words  []rune // empty when not known
}

func newSide(folded string, before bool) side {
	all := []rune(folded)
	if before {
		spaced := len(all) > 0 && all[len(all)-1] == ' '
		all = all[:len(all)-b2i(spaced)]
		return side{true, spaced, all[max(0, len(all)-MaxContext):]}
	}
	spaced := len(all) > 0 && all[0] == ' '
	all = all[b2i(spaced):]
	return side{false, spaced, all[:min(len(all), MaxContext)]}
}

// known tells whether anything is known of this side.
func (s *side) known() bool { return len(s.words) > 0 }

// near cuts the side to what is next to the passage.
func (s *side) near() []rune {
	n := min(len(s.words), nearContext)
	if s.before {
		return s.words[len(s.words)-n:]
	}
	return s.words[:n]
}

// beside is near with the space, as it stands next to the passage.
func (s *side) beside() []rune { return s.withSpace(s.near()) }

// text is all of it with the space.
func (s *side) text() []rune { return s.withSpace(s.words) }

func (s *side) withSpace(words []rune) []rune {
	switch {
	case !s.spaced || len(words) == 0:
		return words
	case s.before:
		return append(slices.Clone(words), ' ')
	}
	return append([]rune{' '}, words...)
}

// edge gives the position from which a side is read at x: past the space.
func (t *Text) edge(s *side, x int) int {
	switch {
	case s.before && x > 0 && t.runes[x-1] == ' ':
		return x - 1
	case !s.before && x < t.Len() && t.runes[x] == ' ':
		return x + 1
	}
	return x
}

// run counts how many code points of a side stand at x without a break.
func (t *Text) run(s *side, x int) (n int) {
	x = t.edge(s, x)
	if s.before {
		for last := len(s.words) - 1; n <= last && n < x && s.words[last-n] == t.runes[x-1-n]; n++ {
		}
		return n
	}
	for n < len(s.words) && x+n < t.Len() && s.words[n] == t.runes[x+n] {
		n++
	}
	return n
}

// unknown is the likeness of a side of which nothing is known.
const unknown = -1

// likeness gives how much of a side stands at x, 0 to 1. What is near tells places apart when what is farther was
// edited, and the other way round: both count alike.
func (t *Text) likeness(s *side, x int) float64 {
	if !s.known() {
		return unknown
	}
	if t.run(s, x) == len(s.words) {
		return 1
	}
	x = t.edge(s, x)
	one := func(words []rune) float64 {
		edits := t.beginnings
		if s.before {
			edits = t.endings
		}
		return 1 - float64(edits(words, x, x)[0])/float64(len(words))
	}
	near := one(s.near())
	if len(s.words) == len(s.near()) {
		return near
	}
	return (near + one(s.words)) / 2
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
