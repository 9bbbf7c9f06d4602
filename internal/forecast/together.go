package forecast

import (
	"cmp"
	"math"
	"slices"
)

const (
	// HalfLife is the share of the time a question has been open after which an answer weighs half: large
	// enough that the first day's answers still weigh a sixteenth, small enough that news shows.
	HalfLife = 0.25
	// day is what the time open counts as at least, in ms: before that, "older" would mean minutes.
	day = 24 * 60 * 60 * 1000
)

// weight gives what an answer weighs, from 1/16 to 1, when it is age old in a question open for so long, in ms.
func weight(age, open float64) float64 {
	return math.Exp2(-age / (HalfLife * max(open, day)))
}

// standing is the latest answer of one reader.
type standing struct {
	at      float64 // ms after the opening
	logOdds float64
	step    int
}

// crowd is the answers that stand at one moment. Answers are let in one by one, in the order of their times.
type crowd struct {
	place map[int64]int // reader → index
	all   []standing
}

func (c *crowd) let(a Answer, opened int64) {
	s := standing{at: float64(a.At - opened), logOdds: logOdds(a.P), step: StepOf(a.P)}
	if i, there := c.place[a.Reader]; there {
		c.all[i] = s
		return
	}
	c.place[a.Reader] = len(c.all)
	c.all = append(c.all, s)
}

// sums gives the weights, and the weighted log odds, so many ms after the opening.
func (c *crowd) sums(open float64) (weights, weighted float64) {
	for _, s := range c.all {
		w := weight(open-s.at, open)
		weights += w
		weighted += w * s.logOdds
	}
	return weights, weighted
}

// counting gives the answers from opened on and before closed, in the order of their times.
func counting(answers []Answer, opened, closed int64) []Answer {
	var in []Answer
	for _, a := range answers {
		if a.At >= opened && a.At < closed {
			in = append(in, a)
		}
	}
	slices.SortStableFunc(in, func(a, b Answer) int { return cmp.Compare(a.At, b.At) })
	return in
}

// Together gives what readers think together at a moment: the geometric mean of the odds of each reader's latest
// answer up to then, later answers weighing more; and how many readers that are. Where n is 0, p says nothing.
func Together(answers []Answer, opened, at int64) (p float64, n int) {
	points := Series(answers, opened, at+1, []int64{at})
	return points[0].P, points[0].N
}

// Point is what readers thought at one moment.
type Point struct {
	At     int64      // ms UTC
	N      int        // readers
	P      float64    // together; says nothing where N is 0
	Counts [Steps]int // readers whose answer was step 1, 2, … 7
}

// Series gives what readers thought at each of the moments, which rise. Answers at until, the close, or later are
// left out; for a question still open it is any moment after now. It takes time in proportion to the number of
// moments times readers.
func Series(answers []Answer, opened, until int64, moments []int64) []Point {
	in := counting(answers, opened, until)
	c := &crowd{place: map[int64]int{}}
	points := make([]Point, 0, len(moments))
	for _, at := range moments {
		for len(in) > 0 && in[0].At <= at {
			c.let(in[0], opened)
			in = in[1:]
		}
		p := Point{At: at, N: len(c.all), P: 0.5}
		if p.N > 0 {
			weights, weighted := c.sums(float64(at - opened))
			p.P = chance(weighted / weights)
		}
		for _, s := range c.all {
			p.Counts[s.step-1]++
		}
		points = append(points, p)
	}
	return points
}
