package forecast

import "parley"

const (
	// Enough is how many readers must have answered before anybody sees what readers think together.
	Enough = parley.CrowdFrom
	// MostMoments is the most moments that a picture of a question is drawn from: finer than a line on a
	// telephone shows.
	MostMoments = 60
)

// Began gives the moment at which so many readers had answered, where the picture begins; 0 = not yet. Answers at
// until or later are left out.
func Began(answers []Answer, opened, until int64, readers int) int64 {
	seen := map[int64]bool{}
	for _, a := range counting(answers, opened, until) {
		if seen[a.Reader] = true; len(seen) >= readers {
			return a.At
		}
	}
	return 0
}

// strides are the distances between two moments, in ms, from an hour up; above a day, whole days are added.
var strides = []int64{day / 24, day / 8, day / 4, day / 2, day}

// Moments gives at most MostMoments moments from one to another, both included, at equal whole hours or days but
// for the first, which may be nearer to the second.
func Moments(from, to int64) []int64 {
	if to <= from {
		return []int64{from}
	}
	span := to - from
	stride := (span + (MostMoments-1)*day - 1) / ((MostMoments - 1) * day) * day
	for _, s := range strides {
		if span <= s*(MostMoments-1) {
			stride = s
			break
		}
	}
	moments := []int64{from}
	for at := to - (span-1)/stride*stride; at <= to; at += stride {
		moments = append(moments, at)
	}
	return moments
}
