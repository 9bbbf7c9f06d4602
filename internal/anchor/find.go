package anchor

// Outcome is how a search for a passage ended.
type Outcome string

// The outcomes of [Text.Find].
const (
	Found     Outcome = "found"
	Changed   Outcome = "changed"   // something near stands there, but too little of it to be sure
	Ambiguous Outcome = "ambiguous" // several places fit alike, or one that may be another than was meant
	Gone      Outcome = "gone"      // nothing near stands there
)

// The ways in which a passage was found.
const (
	ByPosition = "position" // the text has not changed
	ByQuote    = "quote"    // its words stand there unchanged
	ByLikeness = "likeness" // its words stand there with some edits
)

// Result is where a passage is, or why that cannot be told.
type Result struct {
	Outcome    Outcome
	By         string  // when found
	Start, End int     // when found: code points of the normalised text
	Score      float64 // when found: how well the place fits, up to 1
}

// What a place must have. The figures come from the measured edits in this package's tests: nearer to 0.5, places
// that merely look alike get in; higher, edited passages are lost without need.
const (
	leastScore = 0.62
	leastQuote = 0.6
	// margin is by how much a place must score more than the next one.
	margin = 0.1
	// A side fits better than it did at any rival when it needs three quarters of the edits, and a word less.
	betterOf, betterBy = 4, 3
	// unknownSide is one in so many characters that may be edited on each side, in a passage that does not tell of
	// its rivals and a text that repeats itself.
	unknownSide = 7
	// leastEvidence is how many characters of quote and context must fit: fewer occur by chance.
	leastEvidence = 24
	// atHint is what standing exactly where it stood counts for, in such characters.
	atHint = 16
)

// Find looks for a passage. It takes at most a tenth of a second or so whatever it is given (see [MaxContext] and
// docs/anchors.md), and gives the same every time.
func (t *Text) Find(p Passage) Result {
	q := newQuery(p)
	if p.Text != "" && p.End > p.Start && p.Text == t.digest() && t.Slice(p.Start, p.End) == q.words {
		return Result{Found, ByPosition, p.Start, p.End, 1}
	}
	if len(q.exact) == 0 || t.Len() == 0 {
		return Result{Outcome: Gone}
	}
	if perfect := t.perfectly(q); len(perfect) > 0 {
		if len(perfect) == 1 && t.atHome(q, &perfect[0]) {
			return Result{Outcome: Ambiguous}
		}
		return t.decide(q, perfect)
	}
	all, few := t.exactly(q)
	if !few {
		return Result{Outcome: Ambiguous}
	}
	all = all[:min(len(all), 2)]
	near, seen, searched := t.nearly(q, all)
	all = distinct(append(all, near...))
	if len(all) == 0 {
		if seen || !searched {
			return Result{Outcome: Changed}
		}
		return Result{Outcome: Gone}
	}
	return t.decide(q, all)
}

const (
	// home is how far from its hint a passage is looked for when it was found unchanged elsewhere: edits before it
	// have moved it, by a paragraph or two.
	home = 1024
	// homeMargin is by how much a place found unchanged must score more than one there.
	homeMargin = 0.2
)

// atHome tells whether near the place where the passage stood something stands that may be it, edited, while p,
// elsewhere, may be a copy of what it was.
func (t *Text) atHome(q *query, p *place) bool {
	m := len(q.exact)
	if q.hint < 0 || max(p.start-q.hint, q.hint-p.start) < leastContext {
		return false
	}
	for _, h := range t.hitsWithin(q, q.hint-home, q.hint+m+home) {
		away := max(h.end-p.end, p.end-h.end)
		if 2*away <= m {
			continue
		}
		if other := t.near(q, h.end, h.edits); other.score > p.score-homeMargin && t.beats(q, &other) {
			return true
		}
	}
	return false
}

// decide takes the best of all, which are sorted, or refuses.
func (t *Text) decide(q *query, all []place) Result {
	best := &all[0]
	if best.perfect() {
		switch {
		case len(all) > 1 || q.rival.same():
			return Result{Outcome: Ambiguous}
		case q.evidence(best) < leastEvidence:
			return Result{Outcome: Changed}
		}
		return Result{Found, ByQuote, best.start, best.end, 1}
	}
	switch {
	case len(all) > 1 && best.score-all[1].score < margin && t.rivals(q, best, &all[1]):
		return Result{Outcome: Ambiguous}
	case best.unclear || best.score < leastScore || best.quote < leastQuote || q.evidence(best) < leastEvidence:
		return Result{Outcome: Changed}
	case !t.beats(q, best):
		return Result{Outcome: Ambiguous}
	case best.exact:
		return Result{Found, ByQuote, best.start, best.end, best.score}
	}
	return Result{Found, ByLikeness, best.start, best.end, best.score}
}

// rivals tells whether next may be the passage as well as best. Where the passage tells of its rivals, those that
// fit no better than they did are not.
func (t *Text) rivals(q *query, best, next *place) bool {
	return q.rival == nil || len(q.rival.Prefix) == 0 || !t.beats(q, best) || t.beats(q, next)
}

// same tells whether a rival's surroundings were those of the passage as far as anybody looked.
func (r *Rival) same() bool {
	whole := func(all []int) bool { return len(all) > 0 && all[len(all)-1] == 0 }
	return r != nil && whole(r.Prefix) && whole(r.Suffix)
}

// beats tells whether each side of a place fits better than it did at other places when the passage was described.
func (t *Text) beats(q *query, p *place) bool {
	if q.rival == nil {
		whole := func(c *context, edits []int) bool {
			for i, n := range edits {
				if n*unknownSide > c.size(i) {
					return false
				}
			}
			return true
		}
		return !t.repeated() || whole(&q.prefix, p.prefix) && whole(&q.suffix, p.suffix)
	}
	better := func(edits, rival []int) bool {
		for i := range min(len(edits), len(rival)) {
			if edits[i]*betterOf <= rival[i]*(betterOf-1) && edits[i] <= rival[i]-betterBy {
				return true
			}
		}
		return len(rival) == 0
	}
	return better(p.prefix, q.rival.Prefix) && better(p.suffix, q.rival.Suffix)
}

// evidence counts the characters that fit at p. Any two texts of a language share four in ten somewhere near, so
// contexts count from there.
func (q *query) evidence(p *place) float64 {
	const chance = 0.4
	sum := p.quote * float64(len(q.exact))
	for _, side := range []struct {
		of    *context
		edits []int
	}{{&q.prefix, p.prefix}, {&q.suffix, p.suffix}} {
		if len(side.of.scales) == 0 {
			continue
		}
		likeness := 1.0
		if len(side.edits) > 0 {
			likeness -= float64(side.edits[0]) / float64(side.of.size(0))
		}
		sum += float64(side.of.size(0)) * max(0, likeness-chance) / (1 - chance)
	}
	if p.start == q.hint {
		sum += atHint
	}
	return sum
}
