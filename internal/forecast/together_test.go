package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

const hour = day / 24

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12 {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestTogetherByHand(t *testing.T) {
	opened := int64(1_700_000_000_000)
	if _, n := Together(nil, opened, opened+day); n != 0 {
		t.Errorf("nobody answered, counted %d", n)
	}
	one := []Answer{{1, opened, 0.15}}
	p, n := Together(one, opened, opened+300*day)
	near(t, "one answer is what all think, however old", p, 0.15)
	if n != 1 {
		t.Errorf("counted %d", n)
	}

	both := append(one, Answer{2, opened + 10*day, 0.85})
	p, _ = Together(both, opened, opened+10*day)
	// The first weighs 1/16 of the second; ln(0.15/0.85) = −ln(0.85/0.15).
	near(t, "the first day weighs a sixteenth", math.Log(p/(1-p)), math.Log(0.85/0.15)*(1-1./16)/(1+1./16))
	p, _ = Together(both, opened, opened+20*day)
	near(t, "half way weighs a quarter", math.Log(p/(1-p)), math.Log(0.85/0.15)*(1./4-1./16)/(1./4+1./16))

	young := []Answer{{1, opened, 0.15}, {2, opened + 6*hour, 0.85}}
	p, _ = Together(young, opened, opened+6*hour)
	near(t, "on the first day six hours halve", math.Log(p/(1-p)), math.Log(0.85/0.15)*(1-0.5)/(1+0.5))

	changed := append(both, Answer{1, opened + 12*day, 0.65}, Answer{1, opened + 12*day, 0.45})
	p, n = Together(changed[:2:2], opened, opened+12*day)
	q, m := Together(changed, opened, opened+12*day-1)
	second := math.Exp2(-4 * float64(2*day-1) / float64(12*day-1))
	near(t, "a change counts from its moment", math.Log(q/(1-q)), math.Log(0.85/0.15)*(second-1./16)/(second+1./16))
	if n != 2 || m != 2 || p == q {
		t.Errorf("%d and %d readers", n, m)
	}
	alone := []Answer{changed[2], changed[3]}
	p, n = Together(alone, opened, opened+13*day)
	near(t, "of two at once the later stored counts", p, 0.45)
	if n != 1 {
		t.Errorf("one account counted %d times", n)
	}
}

func TestTogetherLeavesOut(t *testing.T) {
	answers := []Answer{{1, 999, 0.975}, {2, 1000, 0.3}, {3, 5000, 0.975}, {4, 5001, 0.975}}
	points := Series(answers, 1000, 5000, []int64{1000, 4999, 9000})
	for _, p := range points {
		if p.N != 1 || math.Abs(p.P-0.3) > 1e-12 || p.Counts != [Steps]int{0, 0, 1} {
			t.Errorf("at %d: %+v, want the one answer between opening and close", p.At, p)
		}
	}
}

func TestSeriesIsTogetherAtEachMoment(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	answers := randomAnswers(r, 30, 0, 100*day)
	moments := Moments(0, 100*day)
	for i, p := range Series(answers, 0, 100*day, moments) {
		want, n := Together(answers, 0, moments[i])
		total := 0
		for _, c := range p.Counts {
			total += c
		}
		if p.P != want || p.N != n || total != n || p.At != moments[i] {
			t.Errorf("at %d: %+v, want %v of %d", moments[i], p, want, n)
		}
	}
}

func TestPictureBeginsWithTheTenth(t *testing.T) {
	var answers []Answer
	for i := range int64(12) {
		answers = append(answers, Answer{i % 11, 1000 * (i + 1), 0.3}) // reader 0 answers twice
	}
	if at := Began(answers, 0, 1<<40, Enough); at != 10_000 {
		t.Errorf("ten had answered at %d", at)
	}
	if at := Began(answers[:9], 0, 1<<40, Enough); at != 0 {
		t.Errorf("nine had answered at %d", at)
	}
	if at := Began(answers, 0, 10_000, Enough); at != 0 {
		t.Errorf("the tenth came at the close, %d", at)
	}
}

func TestMoments(t *testing.T) {
	for _, span := range []int64{0, 1, 5, hour, 59 * hour, 59*hour + 1, 3 * day, 59 * day, 59*day + 1, 118 * day, 365 * day, 5000*day + 7} {
		from := int64(1_700_000_000_000)
		moments := Moments(from, from+span)
		if moments[0] != from || moments[len(moments)-1] != from+span || len(moments) > MostMoments {
			t.Errorf("%d ms: %d moments from %d to %d", span, len(moments), moments[0]-from, moments[len(moments)-1]-from)
		}
		for i := 1; i < len(moments); i++ {
			if gap := moments[i] - moments[i-1]; gap <= 0 || i > 1 && (gap%hour != 0 || gap != moments[2]-moments[1]) {
				t.Errorf("%d ms: gap %d is %d", span, i, gap)
			}
		}
	}
}

// randomAnswers gives answers by so many readers: most between from and to, some before, at and after; some
// repeated, some changed at the very same moment, in no order.
func randomAnswers(r *rand.Rand, readers int, from, to int64) []Answer {
	var all []Answer
	for reader := range int64(readers) {
		for range 1 + r.IntN(4) {
			at := from + r.Int64N(to-from)
			switch r.IntN(20) {
			case 0:
				at = from - r.Int64N(1000) - 1
			case 1:
				at = to + r.Int64N(1000)
			case 2:
				at = from
			}
			a := Answer{reader, at, Midpoint(1 + r.IntN(Steps))}
			if all = append(all, a); r.IntN(6) == 0 {
				a.P = Midpoint(1 + r.IntN(Steps))
				all = append(all, a)
			}
		}
	}
	// Order among equals decides, so only whole moments are mixed: rotate.
	cut := r.IntN(len(all))
	for cut > 0 && cut < len(all) && all[cut].At == all[cut-1].At && all[cut].Reader == all[cut-1].Reader {
		cut--
	}
	return append(append([]Answer{}, all[cut:]...), all[:cut]...)
}
