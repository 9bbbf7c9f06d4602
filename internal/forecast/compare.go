package forecast

// late is the part of the time from opening to close, the last tenth, in which a first answer comes too late for
// the reader's own record: by then the outcome often shows.
const late = 10

// Outcome is how a question was settled.
type Outcome int

// The outcomes. The zero value scores nobody.
const (
	Void Outcome = iota // or not settled
	Yes
	No
)

// History is one reader's part in one question.
type History struct {
	Course  *Course  // of all counted answers
	Own     []Answer // the reader's, all of them, in any order; Reader is not looked at
	Counted bool     // they are part of the course: the account is confirmed
	Outcome Outcome
}

// Comparison is how a reader and the others fared in one question. Smaller Brier scores are better.
type Comparison struct {
	Own, Others float64 // Brier scores, averaged over the same time
	Variance    float64 // of their difference, to be expected had the others been right
}

// Difference is above 0 when the reader was closer than the others.
func (c Comparison) Difference() float64 { return c.Others - c.Own }

// Brier gives the score of one probability: 0 is perfect, 1 the worst (Brier, Monthly Weather Review 78, 1950).
func Brier(p float64, came bool) float64 {
	if came {
		p = 1 - p
	}
	return p * p
}

// own gives the reader's answers that count towards the record; none when the question does not.
func (h History) own() []Answer {
	if h.Outcome != Yes && h.Outcome != No || h.Course == nil {
		return nil
	}
	own := counting(h.Own, h.Course.opened, h.Course.closed)
	if len(own) == 0 || late*(own[0].At-h.Course.opened) >= (late-1)*h.Course.length() {
		return nil
	}
	return own
}

// Compare sets a reader against the others without the reader. It is false when the question does not count
// (void, first answered too late, not answered) or too few others answered.
func Compare(h History) (Comparison, bool) {
	own := h.own()
	if own == nil {
		return Comparison{}, false
	}
	var out []Answer
	if h.Counted {
		out = own
	}
	others, readers := h.Course.others(out)
	if readers[Parts-1] < FewestOthers {
		return Comparison{}, false
	}
	var time, mine, theirs, said, heard float64 // integrals over the compared time
	held := spans(own, h.Course)
	for k := range Parts {
		begin, end := h.Course.edge(k), h.Course.edge(k+1)
		for len(held) > 0 && held[0].to <= begin {
			held = held[1:]
		}
		for i := 0; i < len(held) && held[i].from < end && readers[k] > 0; i++ {
			s := held[i]
			length := min(s.to, end) - max(s.from, begin)
			time += length
			mine += length * Brier(s.p, h.Outcome == Yes)
			theirs += length * Brier(others[k], h.Outcome == Yes)
			said += length * s.p
			heard += length * others[k]
		}
	}
	yes, apart := heard/time, (said-heard)/time
	return Comparison{Own: mine / time, Others: theirs / time, Variance: 4 * yes * (1 - yes) * apart * apart}, true
}

// span is a time during which one answer held, in ms after the opening.
type span struct{ from, to, p float64 }

// spans gives how long each answer held: until the next one, or the close.
func spans(own []Answer, c *Course) []span {
	all := make([]span, len(own))
	for i, a := range own {
		all[i] = span{from: float64(a.At - c.opened), to: float64(c.length()), p: a.P}
		if i > 0 {
			all[i-1].to = all[i].from
		}
	}
	return all
}
