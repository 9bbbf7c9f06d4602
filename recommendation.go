package parley

// Signal is what a reader's mark on a comment says. There is one now; the column exists so that a second can
// join without moving rows.
//
// It is stored in the row of every mark, so it is a number.
type Signal int64

// Recommend is the one signal: "others should read this".
const Recommend Signal = 1

// Recommendation is one reader's mark on one comment; there is at most one of each signal.
type Recommendation struct {
	Comment ID
	Reader  ID
	Signal  Signal
	At      Time
}
