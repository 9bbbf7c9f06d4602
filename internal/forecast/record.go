package forecast

import "math"

const (
	// FewSettled is how many settled questions a record needs before anything is said about it.
	FewSettled = 5
	// EnoughSettled is how many it needs before more is said than that they are too few: below, a record is
	// noise (the two halves of one person's questions hardly agree).
	EnoughSettled = 20
	// shrink is how many questions' worth of doubt draws a score towards zero.
	shrink = 20
)

// Verdict is what may be said of a record.
type Verdict int

// The verdicts.
const (
	Nothing      Verdict = iota // fewer than FewSettled: say nothing but how many are missing
	TooFew                      // too few to tell
	NoDifference                // the bounds do not clear zero
	Better                      // better than the other readers
	OthersCloser                // the other readers together were closer
)

var verdicts = [...]string{"nothing", "too_few", "no_difference", "better", "others_closer"}

// String gives the verdict's name in JSON and in the catalogues of words.
func (v Verdict) String() string { return verdicts[v] }

// Record is how one reader's answers fared. It is for that reader alone.
type Record struct {
	Settled  int // questions that count
	Compared int // of these, with enough other readers
	Verdict  Verdict

	// From EnoughSettled compared questions on; 0 before. Differences of Brier scores: above 0 the reader
	// was closer.
	Mean      float64 // of the differences
	Score     float64 // the mean, drawn towards zero
	Low, High float64 // the 80 % band around the score
	Bound     float64 // the one-sided 98 % bound on the side towards zero

	Rows []Row // calibration, from EnoughSettled settled questions on: a row for each step that was said
}

// RecordOf judges a reader by all questions the reader answered, in any order. Questions that do not count may
// be among them.
func RecordOf(histories []History) Record {
	var r Record
	var t tally
	var steps calibration
	for _, h := range histories {
		own := h.own()
		if own == nil {
			continue
		}
		r.Settled++
		steps.add(longest(spans(own, h.Course)), h.Outcome == Yes)
		if c, ok := Compare(h); ok {
			t.add(c)
		}
	}
	r.Compared = len(t.differences)
	if r.Settled < FewSettled {
		return r
	}
	r.Verdict = TooFew
	if r.Settled >= EnoughSettled {
		r.Rows = steps.rows()
	}
	if r.Compared >= EnoughSettled {
		t.judge(&r)
	}
	return r
}

// tally gathers comparisons.
type tally struct {
	differences []float64
	expected    float64 // sum of variances
}

func (t *tally) add(c Comparison) {
	t.differences = append(t.differences, c.Difference())
	t.expected += c.Variance
}

// judge fills in what a record says once it is long enough. The score is the mean, and its uncertainty that of
// the mean, when one holds beforehand that the advantage is zero, as firmly as so many questions would say it.
func (t *tally) judge(r *Record) {
	n := float64(len(t.differences))
	for _, d := range t.differences {
		r.Mean += d / n
	}
	r.Score = r.Mean * n / (n + shrink)
	spread := t.spread(r.Mean) / math.Sqrt(n+shrink)
	band, bound := quantile(0.90, len(t.differences)-1)*spread, quantile(0.98, len(t.differences)-1)*spread
	r.Low, r.High = r.Score-band, r.Score+band
	r.Verdict = NoDifference
	if r.Score < 0 {
		if r.Bound = r.Score + bound; r.Bound < 0 {
			r.Verdict = OthersCloser
		}
		return
	}
	if r.Bound = r.Score - bound; r.Bound > 0 {
		r.Verdict = Better
	}
}

// spread gives the standard deviation of the differences: the larger of what was seen and what was to be
// expected had the others been right, since what was seen may hold none of the rare losses of a bold reader.
func (t *tally) spread(mean float64) float64 {
	n := float64(len(t.differences))
	var squares float64
	for _, d := range t.differences {
		squares += (d - mean) * (d - mean)
	}
	return math.Sqrt(max(squares/(n-1), t.expected/n))
}
