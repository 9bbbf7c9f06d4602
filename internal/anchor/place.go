package anchor

import "cmp"

// Outcome is how a search for a passage ended.
type Outcome string

// The outcomes of [Text.Find]: the passage is there, or it cannot be told where with confidence.
const (
	Found   Outcome = "found"
	Changed Outcome = "changed"
)

// The ways in which a passage was found.
const (
	ByExact    = "exact"    // its words stand there, and nowhere else
	ByContext  = "context"  // its words stand in several places, but only here in these surroundings
	ByPosition = "position" // places look alike, and this is where it stood, or where the text around it has moved to
	ByFuzzy    = "fuzzy"    // its words stand there with some edits
)

// The reasons why a passage was not found.
const (
	WhyEmpty     = "empty"     // the description holds no words, or the text none
	WhyLong      = "long"      // the words or the text are too long to be looked for
	WhyGone      = "gone"      // nothing near stands anywhere
	WhyEdited    = "edited"    // something near stands there, but too little of it to be sure
	WhyAmbiguous = "ambiguous" // several places fit alike, or one that may be another than was meant
)

// Place is where a passage is, or why that cannot be told.
type Place struct {
	Outcome    Outcome
	By         string  // when found
	Start, End int     // when found: code points of the normalised text
	Score      float64 // when found: how much of the words and what is known of their surroundings stands there, 0 to 1
	Why        string  // when changed
}

// place is where a passage may be, and how well it fits there.
type place struct {
	start, end  int
	exact       bool    // the words themselves stand there
	quote       float64 // likeness of the words: 1 less the share of edits
	left, right float64 // likeness of the sides, or unknown
	run         [2]int  // code points of each side that stand there without a break, when exact
	unclear     bool    // where it starts or ends is in doubt, and the rest the best that may be
	score       float64
}

// Half of the score is what the quote says and half is what stands around it: words that occur once stand on their
// own, repeated ones need their surroundings. (Hypothesis, whose annotator ranks places so too, weighs 50 to 40.)
const (
	quoteWeight = 0.5
	sideWeight  = 0.25 // each; the other's too where only one is known
)

// weigh compares the sides with what stands around p and gives p its score.
func (t *Text) weigh(q *query, p *place) {
	p.left, p.right = t.likeness(&q.prefix, p.start), t.likeness(&q.suffix, p.end)
	p.score = quoteWeight * p.quote
	switch {
	case p.left >= 0 && p.right >= 0:
		p.score += sideWeight * (p.left + p.right)
	case p.left >= 0:
		p.score += 2 * sideWeight * p.left
	case p.right >= 0:
		p.score += 2 * sideWeight * p.right
	default:
		p.score += 2 * sideWeight * p.quote
	}
}

// fit is how the surroundings of a place speak for it.
type fit int

const (
	strange fit = iota // something is known of them, and neither side stands there
	bare               // nothing is known
	half               // one side stands there
	both               // both do, with edits
	whole              // all that is known stands there, and that is something
)

const (
	// leastSide is the likeness from which a side counts as standing there. Any two texts of a language share four
	// in ten.
	leastSide = 0.6
	// fewKnown is how many code points of surroundings count as something: two words.
	fewKnown = 12
)

// entire tells whether all that is known around the quote stands around an exact place unchanged, and that is
// something.
func (q *query) entire(p *place) bool {
	known := len(q.prefix.words) + len(q.suffix.words)
	return known >= fewKnown && p.run[0]+p.run[1] == known
}

// fit judges a place that was weighed.
func (q *query) fit(p *place) fit {
	switch {
	case !q.prefix.known() && !q.suffix.known():
		return bare
	case p.exact && q.entire(p):
		return whole
	case max(p.left, p.right) < leastSide:
		return strange
	case min(p.left, p.right) >= leastSide:
		return both
	}
	return half
}

// better orders places, the one that fits best first.
func better(a, b place) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.start, b.start))
}
