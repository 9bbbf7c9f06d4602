package forecast

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// Here stands docs/question.md a second time, written from the page and in other ways than the package: nothing is
// sorted or carried along, everybody is looked up anew at every moment, odds are multiplied and not their
// logarithms added, time is kept in exact fractions, Student's distribution is integrated, Wilson's interval is
// found from its definition. It shares no function with the package.

type plainQuestion struct {
	all            []Answer // of everybody
	by             map[int64][]Answer
	me             int64
	confirmed      bool // I am
	opened, closed int64
	outcome        Outcome
}

// latest gives the answer of a reader that stands at a moment, a fraction of ms.
func (q plainQuestion) latest(reader int64, at *big.Rat) (Answer, bool) {
	found, ok := Answer{}, false
	whole := new(big.Int).Quo(at.Num(), at.Denom()).Int64() // answers come at whole ms
	for _, a := range q.by[reader] {
		if a.At < q.opened || a.At >= q.closed || a.At > whole {
			continue
		}
		if !ok || a.At >= found.At {
			found, ok = a, true
		}
	}
	return found, ok
}

// together multiplies the odds of all but me.
func (q plainQuestion) together(at *big.Rat) (p float64, n int) {
	exact, _ := new(big.Rat).Sub(at, new(big.Rat).SetInt64(q.opened)).Float64()
	halfLife := math.Max(exact, 24*3600*1000) / 4
	var odds, weights []float64
	total := 0.0
	for reader := range int64(len(q.by)) { // they are numbered from 0
		a, ok := q.latest(reader, at)
		if reader == q.me || !ok {
			continue
		}
		age, _ := new(big.Rat).Sub(at, new(big.Rat).SetInt64(a.At)).Float64()
		w := math.Pow(0.5, age/halfLife)
		odds, weights, total = append(odds, a.P/(1-a.P)), append(weights, w), total+w
	}
	if len(odds) == 0 {
		return 0, 0
	}
	product := 1.0
	for i := range odds {
		product *= math.Pow(odds[i], weights[i]/total)
	}
	return product / (1 + product), len(odds)
}

// part gives k hundredths (or 2k+1 two hundredths) of the time from opening to close as a moment.
func (q plainQuestion) part(k, of int64) *big.Rat {
	share := new(big.Rat).Mul(big.NewRat(k, of), new(big.Rat).SetInt64(q.closed-q.opened))
	return share.Add(share, new(big.Rat).SetInt64(q.opened))
}

func (q plainQuestion) first() (first int64, ok bool) {
	for _, a := range q.all {
		if a.Reader == q.me && a.At >= q.opened && a.At < q.closed && (!ok || a.At < first) {
			first, ok = a.At, true
		}
	}
	return first, ok
}

func (q plainQuestion) counts() bool {
	first, ok := q.first()
	if !ok || q.outcome == Void {
		return false
	}
	return new(big.Rat).SetInt64(first).Cmp(q.part(9, 10)) < 0
}

// compare cuts the compared time wherever anything changes and looks at the middle of each piece.
func (q plainQuestion) compare() (own, others, variance float64, ok bool) {
	if _, n := q.together(q.part(199, 200)); !q.counts() || n < 9 {
		return 0, 0, 0, false
	}
	first, _ := q.first()
	y := 0.0
	if q.outcome == Yes {
		y = 1
	}
	var time, said, heard float64
	for k := int64(0); k < 100; k++ {
		c, n := q.together(q.part(2*k+1, 200))
		if n == 0 {
			continue
		}
		cuts := []*big.Rat{q.part(k, 100), q.part(k+1, 100)}
		for _, a := range q.all {
			if at := new(big.Rat).SetInt64(a.At); a.Reader == q.me && at.Cmp(cuts[0]) > 0 && at.Cmp(cuts[1]) < 0 {
				cuts = append(cuts, at)
			}
		}
		slices.SortFunc(cuts, func(a, b *big.Rat) int { return a.Cmp(b) })
		for i := 1; i < len(cuts); i++ {
			middle := new(big.Rat).Add(cuts[i-1], cuts[i])
			middle.Mul(middle, big.NewRat(1, 2))
			a, answered := q.latest(q.me, middle)
			if !answered || new(big.Rat).SetInt64(first).Cmp(middle) > 0 {
				continue
			}
			length, _ := new(big.Rat).Sub(cuts[i], cuts[i-1]).Float64()
			time += length
			own += length * math.Pow(a.P-y, 2)
			others += length * math.Pow(c-y, 2)
			said, heard = said+length*a.P, heard+length*c
		}
	}
	pi := heard / time
	// The variance of the two values that the difference can take: p² and c² against (1−p)² and (1−c)².
	ifYes, ifNo := 0.0, 2*(heard-said)/time // but for what both have in common
	mean := pi*ifYes + (1-pi)*ifNo
	variance = pi*math.Pow(ifYes-mean, 2) + (1-pi)*math.Pow(ifNo-mean, 2)
	return own / time, others / time, variance, true
}

// longestStep adds up how long each step stood.
func (q plainQuestion) longestStep() int {
	steps := []float64{0.025, 0.15, 0.30, 0.45, 0.65, 0.85, 0.975}
	held, last := map[int]int64{}, map[int]int{}
	var mine []Answer
	for i, a := range q.all {
		if a.Reader == q.me && a.At >= q.opened && a.At < q.closed {
			mine = append(mine, a)
			last[slices.Index(steps, a.P)] = i
		}
	}
	// Each answer holds until the nearest later one of mine; of those at the same moment only the last holds.
	order := map[int][2]int64{}
	for i, a := range mine {
		until := q.closed
		for j, b := range mine {
			if b.At > a.At || b.At == a.At && j > i {
				until = min(until, b.At)
			}
		}
		step := slices.Index(steps, a.P)
		held[step] += until - a.At
		if key := [2]int64{a.At, int64(i)}; key[0] > order[step][0] || key[0] == order[step][0] && key[1] >= order[step][1] {
			order[step] = key
		}
	}
	best := -1
	for step, time := range held {
		switch {
		case best < 0, time > held[best]:
			best = step
		case time == held[best] && (order[step][0] > order[best][0] || order[step][0] == order[best][0] && order[step][1] > order[best][1]):
			best = step
		}
	}
	return best + 1
}

// plainStudent integrates the density by Simpson's rule and looks for the quantile by secants.
func plainStudent(q float64, freedom int) float64 {
	f := float64(freedom)
	density := func(t float64) float64 {
		return math.Gamma((f+1)/2) / (math.Sqrt(f*math.Pi) * math.Gamma(f/2)) * math.Pow(1+t*t/f, -(f+1)/2)
	}
	area := func(t float64) float64 {
		const n = 2000
		sum, h := density(0)+density(t), t/n
		for i := 1; i < n; i++ {
			sum += float64(2+2*(i%2)) * density(float64(i)*h)
		}
		return 0.5 + sum*h/3
	}
	a, b := 1.0, 2.0
	for range 50 {
		fa, fb := area(a)-q, area(b)-q
		if math.Abs(b-a) < 1e-14 || fa == fb {
			break
		}
		a, b = b, b-fb*(b-a)/(fb-fa)
	}
	return b
}

func same(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9) {
		t.Fatalf("%s: %.15f, independently %.15f", what, got, want)
	}
}

// randomQuestion is one that may go wrong in every way: void, nobody else, too few others, late, repeated, at
// the very edges, open for a second or for years.
func randomQuestion(r *rand.Rand) plainQuestion {
	opened := int64(1_600_000_000_000) + r.Int64N(1e11)
	long := []int64{1000, hour, 3 * day, 40 * day, 700 * day}[r.IntN(5)] + r.Int64N(1000)
	readers := []int{1, 2, 9, 10, 11, 20}[r.IntN(6)]
	if r.IntN(3) > 0 {
		readers = 12
	}
	q := plainQuestion{
		all: randomAnswers(r, readers, opened, opened+long), me: r.Int64N(int64(readers)), confirmed: r.IntN(4) > 0,
		opened: opened, closed: opened + long, outcome: []Outcome{Void, Yes, Yes, No, No, No}[r.IntN(6)],
	}
	switch r.IntN(8) {
	case 0: // answered late, once, or just in time
		q.all = slices.DeleteFunc(q.all, func(a Answer) bool { return a.Reader == q.me })
		at := opened + long*9/10 - r.Int64N(3) + r.Int64N(3)
		q.all = append(q.all, Answer{q.me, at, 0.3}, Answer{q.me, at + 1, 0.65})
	case 1: // the others came late
		for i, a := range q.all {
			if a.Reader != q.me && a.At < opened+long {
				q.all[i].At = max(a.At, opened+long*int64(30+r.IntN(60))/100)
			}
		}
	}
	return q
}

func (q plainQuestion) history() History {
	var own, counted []Answer
	for _, a := range q.all {
		if a.Reader == q.me {
			own = append(own, a)
		}
		if a.Reader != q.me || q.confirmed {
			counted = append(counted, a)
		}
	}
	return History{Course: NewCourse(counted, q.opened, q.closed), Own: own, Counted: q.confirmed, Outcome: q.outcome}
}

// TestAgainstAnIndependentCalculation holds every figure of a record to a second calculation, to 1e-9.
func TestAgainstAnIndependentCalculation(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(20, 26))
	var questions, compared, voids, lates, few int
	verdicts := map[Verdict]int{}
	quantiles := map[[2]float64]float64{}
	student := func(q float64, freedom int) float64 {
		key := [2]float64{q, float64(freedom)}
		if _, known := quantiles[key]; !known {
			quantiles[key] = plainStudent(q, freedom)
		}
		return quantiles[key]
	}
	for range 58 {
		var histories []History
		var differences, variances []float64
		var said, came [8]int
		settled := 0
		knows := map[Outcome]float64{Yes: 0.85, No: 0.15} // so that every verdict comes up
		if r.IntN(2) == 0 {
			knows = map[Outcome]float64{Yes: 0.15, No: 0.85}
		}
		for range []int{4, 12, 30, 60, 90}[r.IntN(5)] {
			q := randomQuestion(r)
			for i, a := range q.all {
				if p, ok := knows[q.outcome]; ok && a.Reader == q.me && r.IntN(2) == 0 {
					q.all[i].P = p
				}
			}
			q.by = map[int64][]Answer{}
			for _, a := range q.all {
				q.by[a.Reader] = append(q.by[a.Reader], a)
			}
			h := q.history()
			histories = append(histories, h)
			questions++

			own, others, variance, ok := q.compare()
			c, got := Compare(h)
			if got != ok {
				t.Fatalf("compared %v, independently %v: %+v", got, ok, q)
			}
			same(t, "own Brier", c.Own, own)
			same(t, "others' Brier", c.Others, others)
			same(t, "variance", c.Variance, variance)
			if ok {
				differences, variances = append(differences, others-own), append(variances, variance)
				compared++
			}
			if q.counts() {
				settled++
				step := q.longestStep()
				said[step]++
				if q.outcome == Yes {
					came[step]++
				}
				if !ok {
					few++
				}
			} else if _, answered := q.first(); q.outcome == Void {
				voids++
			} else if answered {
				lates++
			}
		}
		verdicts[checkRecord(t, RecordOf(histories), settled, differences, variances, said, came, student)]++
	}
	t.Logf("%d questions, %d compared, %d void, %d answered late, %d with too few others; verdicts %v", questions, compared, voids, lates, few, verdicts)
	if questions < 2000 || compared < 1000 || voids < 100 || lates < 50 || few < 50 || len(verdicts) < 5 {
		t.Errorf("too little was tried: %d, %d, %d, %d, %d, %v", questions, compared, voids, lates, few, verdicts)
	}
}

func checkRecord(t *testing.T, got Record, settled int, d, v []float64, said, came [8]int, student func(float64, int) float64) Verdict {
	t.Helper()
	if got.Settled != settled || got.Compared != len(d) {
		t.Fatalf("%d settled, %d compared; independently %d and %d", got.Settled, got.Compared, settled, len(d))
	}
	rows := 0
	for step := range said {
		if settled < 20 || said[step] == 0 {
			continue
		}
		row := got.Rows[rows]
		rows++
		if row.Step != step || row.Said != said[step] || row.True != came[step] {
			t.Fatalf("row %+v, independently step %d, %d of %d", row, step, came[step], said[step])
		}
		// Wilson: the ends are the shares whose own normal interval just reaches what was seen.
		m, share := float64(row.Said), float64(row.True)/float64(row.Said)
		for _, end := range []float64{row.Low, row.High} {
			same(t, "interval", math.Abs(share-end), 1.2815515655446004*math.Sqrt(end*(1-end)/m))
		}
		if row.Low > share || row.High < share {
			t.Fatalf("row %+v does not hold its share", row)
		}
	}
	if len(got.Rows) != rows {
		t.Fatalf("%d rows, independently %d", len(got.Rows), rows)
	}
	if len(d) < 20 {
		want := TooFew
		if settled < 5 {
			want = Nothing
		}
		if got.Verdict != want || got.Score != 0 || got.High != 0 {
			t.Fatalf("a short record says %+v", got)
		}
		return want
	}
	n := float64(len(d))
	var sum, twice, expected float64
	for i := range d {
		sum, expected = sum+d[i], expected+v[i]/n
		for j := range d { // the variance from all pairs
			twice += (d[i] - d[j]) * (d[i] - d[j])
		}
	}
	spread := math.Sqrt(math.Max(twice/2/n/(n-1), expected)) / math.Sqrt(n+20)
	score := sum / (n + 20)
	same(t, "mean", got.Mean, sum/n)
	same(t, "score", got.Score, score)
	same(t, "low", got.Low, score-student(0.9, len(d)-1)*spread)
	same(t, "high", got.High, score+student(0.9, len(d)-1)*spread)
	low, high := score-student(0.98, len(d)-1)*spread, score+student(0.98, len(d)-1)*spread
	want := NoDifference
	switch {
	case low > 0:
		want = Better
	case high < 0:
		want = OthersCloser
	}
	if got.Verdict != want {
		t.Fatalf("verdict %v, independently %v", got.Verdict, want)
	}
	return want
}
