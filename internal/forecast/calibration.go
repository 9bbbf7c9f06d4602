package forecast

import "math"

// Row says how often what a reader said came true.
type Row struct {
	Step      int // what was said
	Said      int // of so many questions
	True      int // of which so many came true
	Low, High float64
}

// calibration counts, for each step, questions and those that came true.
type calibration struct{ said, came [Steps]int }

func (c *calibration) add(step int, came bool) {
	c.said[step-1]++
	if came {
		c.came[step-1]++
	}
}

// rows gives a row for each step that was said, from the least likely, with its 80 % interval.
func (c *calibration) rows() []Row {
	var rows []Row
	for i, said := range c.said {
		if said == 0 {
			continue
		}
		row := Row{Step: i + 1, Said: said, True: c.came[i]}
		row.Low, row.High = wilson(row.True, said)
		rows = append(rows, row)
	}
	return rows
}

// z80 is the normal quantile that leaves a tenth on each side.
const z80 = 1.2815515655446004

// wilson gives the 80 % score interval of a share of k in m (Wilson, JASA 22, 1927), which behaves when m is
// small and k is 0 or m.
func wilson(k, m int) (low, high float64) {
	came, all, z2 := float64(k), float64(m), z80*z80
	middle := came + z2/2
	reach := z80 * math.Sqrt(came*(all-came)/all+z2/4)
	low, high = (middle-reach)/(all+z2), (middle+reach)/(all+z2)
	if k == 0 {
		low = 0 // not a rounding error above it
	}
	if k == m {
		high = 1
	}
	return low, high
}

// longest gives the step that was held longest; of two held equally long, the one answered later.
func longest(held []span) int {
	var times [Steps]float64
	best := 0
	for _, s := range held {
		times[StepOf(s.p)-1] += s.to - s.from
	}
	for _, s := range held {
		if step := StepOf(s.p); best == 0 || times[step-1] >= times[best-1] {
			best = step
		}
	}
	return best
}
