package forecast

import (
	"math"
	"testing"
)

func TestMidpointsAreTheMiddlesOfTheRanges(t *testing.T) {
	for step := 1; step <= Steps; step++ {
		low, high := Range(step)
		if got, want := Midpoint(step), float64(low+high)/200; math.Abs(got-want) > 1e-15 {
			t.Errorf("step %d: counted as %v, the middle of its range is %v", step, got, want)
		}
		if StepOf(Midpoint(step)) != step || math.Abs(Height(Midpoint(step))-float64(step)) > 1e-12 {
			t.Errorf("step %d: its middle is step %d, height %v", step, StepOf(Midpoint(step)), Height(Midpoint(step)))
		}
		for _, end := range []int{low, high} {
			if StepOf(float64(end)/100) != step {
				t.Errorf("%d %% is step %d, published as %d", end, StepOf(float64(end)/100), step)
			}
		}
		if back := chance(logOdds(Midpoint(step))); math.Abs(back-Midpoint(step)) > 1e-15 {
			t.Errorf("step %d comes back from its odds as %v: the ends cut it", step, back)
		}
	}
	if Midpoint(0) != 0.5 || Midpoint(8) != 0.5 {
		t.Error("no step must say nothing")
	}
}

func TestStepOfOnBorders(t *testing.T) {
	for p, want := range map[float64]int{0: 1, 0.0749: 1, 0.075: 2, 0.225: 3, 0.375: 4, 0.525: 4, 0.5251: 5, 0.775: 5, 0.925: 6, 0.9251: 7, 1: 7} {
		if got := StepOf(p); got != want {
			t.Errorf("StepOf(%v) = %d, want %d", p, got, want)
		}
	}
}

func TestHeightRises(t *testing.T) {
	before := 0.0
	for p := 0.0; p <= 1; p += 0.001 {
		h := Height(p)
		if h < before || h < 1 || h > Steps {
			t.Fatalf("Height(%v) = %v after %v", p, h, before)
		}
		before = h
	}
	if got := Height(0.375); math.Abs(got-3.5) > 1e-12 {
		t.Errorf("half way between unlikely and realistic possibility stands at %v", got)
	}
}

func TestWords(t *testing.T) {
	for p, want := range map[float64]string{
		0: "fewer than 1 in 20", 0.0349: "fewer than 1 in 20", 0.035: "about 1 in 20", 0.074: "about 1 in 20", 0.076: "about 1 in 10",
		0.15: "about 1 in 7", 0.19: "about 1 in 5", 0.24: "about 1 in 4", 0.30: "about 1 in 3", 0.31: "about 1 in 3", 0.38: "about 2 in 5",
		0.45: "about 1 in 2", 0.5: "about 1 in 2", 0.55: "about 1 in 2", 0.56: "about 3 in 5", 0.65: "about 2 in 3", 0.76: "about 3 in 4",
		0.81: "about 4 in 5", 0.86: "about 6 in 7", 0.9: "about 9 in 10", 0.96: "about 19 in 20", 0.966: "more than 19 in 20", 1: "more than 19 in 20",
	} {
		if got := Words(p); got != want {
			t.Errorf("Words(%v) = %q, want %q", p, got, want)
		}
	}
	if back := chance(logOdds(0.45)); Words(back) != Words(0.45) {
		t.Errorf("0.45 is %q, and %q after its odds were taken", Words(0.45), Words(back))
	}
}

func TestWordsAreNear(t *testing.T) {
	for p := beyond; p <= 1-beyond; p += 0.0007 {
		if c := ChanceOf(p); c.Beyond || math.Abs(c.value()-p) > 0.05+1e-9 {
			t.Errorf("%v is said as %v", p, c)
		}
	}
}
