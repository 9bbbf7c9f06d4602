package forecast

import (
	"math"
	"testing"
)

func TestLongestHeld(t *testing.T) {
	const a, b, c = 0.15, 0.45, 0.85
	for _, test := range []struct {
		held []span
		want int
	}{
		{[]span{{0, 10, a}}, 2},
		{[]span{{0, 4, a}, {4, 10, b}}, 4},
		{[]span{{0, 4, a}, {4, 9, b}, {9, 14, a}}, 2},   // together longer
		{[]span{{0, 5, a}, {5, 10, b}}, 4},              // equally long: the later
		{[]span{{0, 5, b}, {5, 10, a}}, 2},              // whichever it is
		{[]span{{0, 3, a}, {3, 6, b}, {6, 9, c}}, 6},    // of three
		{[]span{{0, 0, c}, {0, 10, a}, {10, 10, b}}, 2}, // no time at all
	} {
		if got := longest(test.held); got != test.want {
			t.Errorf("%v: step %d, want %d", test.held, got, test.want)
		}
	}
}

func TestWilson(t *testing.T) {
	// 2 of 9, by hand from docs/question.md.
	low, high := wilson(2, 9)
	if math.Abs(low-0.09624) > 5e-6 || math.Abs(high-0.43394) > 5e-6 || Words(low) != "about 1 in 10" || Words(high) != "about 2 in 5" {
		t.Errorf("2 of 9: %v to %v, %s to %s", low, high, Words(low), Words(high))
	}
	for m := 1; m < 60; m++ {
		for k := 0; k <= m; k++ {
			low, high := wilson(k, m)
			back, forth := wilson(m-k, m)
			share := float64(k) / float64(m)
			if low < 0 || high > 1 || low > share || high < share || math.Abs(low-(1-forth)) > 1e-12 || math.Abs(high-(1-back)) > 1e-12 {
				t.Errorf("%d of %d: %v to %v", k, m, low, high)
			}
		}
	}
}

func TestShortRecordsSayNothing(t *testing.T) {
	var all []Answer
	for reader := range int64(10) {
		all = append(all, Answer{reader, 10, 0.65})
	}
	all[0].P = 0.85
	course := NewCourse(all, 0, 1000)
	h := History{Course: course, Own: []Answer{{0, 10, 0.85}}, Counted: true, Outcome: Yes}
	var histories []History
	for n := 1; n <= 30; n++ {
		histories = append(histories, h, History{Course: course, Own: h.Own, Counted: true}) // each with a void beside it
		r := RecordOf(histories)
		// All differences are 0.1, so their variance is 0: that to be expected, 0.0364, decides.
		want := Better
		switch {
		case n < FewSettled:
			want = Nothing
		case n < EnoughSettled:
			want = TooFew
		case 0.1*float64(n)/float64(n+20) < quantile(0.98, n-1)*math.Sqrt(0.0364/float64(n+20)):
			want = NoDifference
		}
		if r.Settled != n || r.Compared != n || r.Verdict != want || n == 20 && want != NoDifference || n == 30 && want != Better {
			t.Fatalf("after %d: %+v", n, r)
		}
		if n < EnoughSettled && (r.Rows != nil || r.Score != 0 || r.Low != 0 || r.High != 0 || r.Mean != 0 || r.Bound != 0) {
			t.Fatalf("after %d it says %+v", n, r)
		}
		if n >= EnoughSettled && (len(r.Rows) != 1 || r.Rows[0] != (Row{6, n, n, r.Rows[0].Low, 1}) || !(r.Low < r.Score && r.Score < r.High && r.Score < r.Mean)) {
			t.Fatalf("after %d: %+v", n, r)
		}
	}
}
