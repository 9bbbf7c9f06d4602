package forecast

import "math"

// Steps is how many steps the yardstick has.
const Steps = 7

// The probability yardstick of the Professional Head of Intelligence Assessment: Cabinet Office, Explaining
// Uncertainty in UK Intelligence Assessment, 24 March 2025 (docs/question.md has the address).
var (
	ranges    = [Steps][2]int{{0, 5}, {10, 20}, {25, 35}, {40, 50}, {55, 75}, {80, 90}, {95, 100}}
	midpoints = [Steps]float64{0.025, 0.15, 0.30, 0.45, 0.65, 0.85, 0.975}
	// borders halve the gaps between the ranges.
	borders = [Steps - 1]float64{0.075, 0.225, 0.375, 0.525, 0.775, 0.925}
)

// Range gives the published range of a step in per cent, such as 25 and 35; 0 and 0 for no step.
func Range(step int) (low, high int) {
	if step < 1 || step > Steps {
		return 0, 0
	}
	return ranges[step-1][0], ranges[step-1][1]
}

// Midpoint gives the probability that a step is counted as, such as 0.3; 0.5, which says nothing, for no step.
func Midpoint(step int) float64 {
	if step < 1 || step > Steps {
		return 0.5
	}
	return midpoints[step-1]
}

// StepOf gives the step whose words fit p. On a border between two it is the less certain one.
func StepOf(p float64) int {
	for i, border := range borders {
		if p < border || p == border && border > 0.5 {
			return i + 1
		}
	}
	return Steps
}

// Height gives where p stands on an axis on which the steps stand at equal distances, from 1 to 7: 3.5 is half
// way between the middles of steps 3 and 4. What lies outside the outermost middles stands on them.
func Height(p float64) float64 {
	for i := 1; i < Steps; i++ {
		if p < midpoints[i] {
			return float64(i) + max(0, (p-midpoints[i-1])/(midpoints[i]-midpoints[i-1]))
		}
	}
	return Steps
}

// The ends within which probabilities are kept before odds are taken: nobody's certainty may drown all others.
const (
	lowest  = 0.01
	highest = 0.99
)

// logOdds gives ln(p/(1−p)).
func logOdds(p float64) float64 {
	p = min(max(p, lowest), highest)
	return math.Log(p / (1 - p))
}

// chance is the inverse of logOdds.
func chance(logOdds float64) float64 { return 1 / (1 + math.Exp(-logOdds)) }
