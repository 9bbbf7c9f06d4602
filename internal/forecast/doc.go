// Package forecast holds the mathematics of a story's standing question: what readers think together, how that
// moved, and how one reader's answers fared. docs/question.md is its specification, was written first, and says
// why each rule is as it is; names and formulas here are those of that page.
//
// Everything is a pure function of what it is given. Times are milliseconds UTC, probabilities lie between 0
// and 1, steps run from 1 (remote chance) to 7 (almost certain).
//
// Callers hand over only what counts: the answers of confirmed accounts, to the current words of a question,
// which opened when those words were written. Answers before the opening, and at or after the close, are left
// out here.
package forecast

// Answer is what one reader thought from one moment on. Lists of answers may come in any order; of two answers
// by one reader at the same millisecond the one later in the list counts.
type Answer struct {
	Reader int64
	At     int64   // ms UTC
	P      float64 // the middle of the step's range, see Midpoint
}
