package forecast

import (
	"fmt"
	"math"
)

// Chance is a probability as a natural frequency: Of cases In, such as 1 in 3.
type Chance struct {
	Of, In int
	Beyond bool // fewer (when Of is 1) or more than that: it lies beyond the ends of the scale
}

// scale is the frequencies in use, up to a half; the rest are their mirror. Small whole numbers that people
// meet in life, close enough to each other that none is off by more than a twentieth.
var scale = []Chance{{1, 20, false}, {1, 10, false}, {1, 7, false}, {1, 5, false}, {1, 4, false}, {1, 3, false}, {2, 5, false}, {1, 2, false}}

const (
	beyond = 0.035 // where the scale ends: below it, "fewer than 1 in 20"
	equal  = 1e-9  // distances that differ by less are equal: 0.45 comes back from its log odds a little off
)

// ChanceOf gives the frequency nearest to p; of two equally near, the one nearer to 1 in 2.
func ChanceOf(p float64) Chance {
	if p > 0.5 {
		c := ChanceOf(1 - p)
		return Chance{Of: c.In - c.Of, In: c.In, Beyond: c.Beyond}
	}
	if p < beyond {
		return Chance{Of: 1, In: 20, Beyond: true}
	}
	best := scale[0]
	for _, c := range scale {
		if math.Abs(c.value()-p) <= math.Abs(best.value()-p)+equal {
			best = c
		}
	}
	return best
}

func (c Chance) value() float64 { return float64(c.Of) / float64(c.In) }

// String says it in English: "about 1 in 3", "fewer than 1 in 20", "more than 19 in 20".
func (c Chance) String() string {
	how := "about"
	switch {
	case c.Beyond && c.Of == 1:
		how = "fewer than"
	case c.Beyond:
		how = "more than"
	}
	return fmt.Sprintf("%s %d in %d", how, c.Of, c.In)
}

// Words gives p as a natural frequency in English, such as "about 1 in 3". Other languages start from ChanceOf.
func Words(p float64) string { return ChanceOf(p).String() }
