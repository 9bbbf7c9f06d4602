package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A simulated forum. The chance of each thing moves as news comes in, a random walk that ends in yes or no; most
// things are unlikely from the start, so that differences of scores are lopsided. The crowd sees the chance
// through an error that all share (so that its answers hang together) and one of each reader's own. Copiers look
// at what readers think together, the figure itself, add their noise, and answer with the step that fits; they
// know nothing else, so none of them is better than the others.

const simulated = 100 * day

// copier is a kind of reader who knows nothing but the crowd: log odds of the crowd in, own log odds out.
type copier struct {
	name string
	see  func(r *rand.Rand, crowd float64) float64
}

var copiers = []copier{
	{"little noise", func(r *rand.Rand, l float64) float64 { return l + 0.2*r.NormFloat64() }},
	{"noise", func(r *rand.Rand, l float64) float64 { return l + 0.5*r.NormFloat64() }},
	{"much noise", func(r *rand.Rand, l float64) float64 { return l + r.NormFloat64() }},
	{"bold", func(r *rand.Rand, l float64) float64 { return 1.5*l + 0.3*r.NormFloat64() }},
	{"very bold", func(r *rand.Rand, l float64) float64 { return 3*l + 0.3*r.NormFloat64() }},
	{"timid", func(r *rand.Rand, l float64) float64 { return 0.6*l + 0.3*r.NormFloat64() }},
	{"says no", func(r *rand.Rand, l float64) float64 { return l - 0.6 + 0.3*r.NormFloat64() }},
	{"says yes", func(r *rand.Rand, l float64) float64 { return l + 0.6 + 0.3*r.NormFloat64() }},
}

// world is one question of the simulation.
type world struct {
	course  *Course
	outcome Outcome
	seen    []Point            // readers together, a hundred times
	chances [Parts + 1]float64 // the truth, as often
}

// normal is the distribution function of the normal distribution.
func normal(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// A forum asks about things that news decides (restless), or about unlikely things of which nothing is heard
// until they happen (rare): there twenty questions may hold no surprise at all.
func newWorld(r *rand.Rand, rare bool) world {
	var w world
	bar := 0.9 + 0.9*r.NormFloat64()
	walk, still := 0.0, 0.03+0.08*r.Float64()
	for k := range w.chances {
		if k > 0 {
			walk += r.NormFloat64() / math.Sqrt(Parts)
		}
		left := math.Sqrt(max(1e-9, 1-float64(k)/Parts))
		if w.chances[k] = normal((walk - bar) / left); rare {
			w.chances[k] = still
		}
	}
	w.outcome = No
	if rare && r.Float64() < still || !rare && walk > bar {
		w.outcome = Yes
	}
	var answers []Answer
	shared := 0.3 * r.NormFloat64()
	for reader := range int64(12 + r.IntN(30)) {
		own := 0.6 * r.NormFloat64()
		for range 1 + r.IntN(3) {
			k := int64(float64(Parts) * math.Pow(r.Float64(), 1.7)) // most come early
			answers = append(answers, Answer{reader, k*simulated/Parts + r.Int64N(simulated/Parts), step(logOdds(w.chances[k]) + shared + own)})
		}
	}
	w.course = NewCourse(answers, 0, simulated)
	var moments []int64
	for k := range int64(Parts) {
		moments = append(moments, k*simulated/Parts)
	}
	w.seen = Series(answers, 0, simulated, moments)
	return w
}

func step(logOdds float64) float64 { return Midpoint(StepOf(chance(logOdds))) }

// answers lets somebody look now and then, or follow closely, and answer; nobody before others had.
func (w world) answers(r *rand.Rand, close bool, see func(k int) float64) []Answer {
	var own []Answer
	add := func(k int) {
		if w.seen[k].N > 0 {
			own = append(own, Answer{At: w.seen[k].At, P: step(see(k))})
		}
	}
	if !close {
		for range 1 + r.IntN(4) {
			add(r.IntN(Parts))
		}
		return own
	}
	for k := r.IntN(Parts / 3); k < Parts; k += 1 + r.IntN(8) {
		add(k)
	}
	return own
}

// told is how many readers of a kind were told that they are better: at the end of their record; at any fifth
// question on the way; and how many the usual t-test would have told.
type told struct{ readers, end, ever, usual int }

// follow gives one reader's record, question by question.
func (n *told) follow(histories []History) Record {
	var t tally
	ever, sum := false, 0.0
	for _, h := range histories {
		c, ok := Compare(h)
		if !ok {
			continue
		}
		sum += c.Difference()
		if t.add(c); sum > 0 && len(t.differences) >= EnoughSettled && len(t.differences)%5 == 0 {
			var r Record
			t.judge(&r)
			ever = ever || r.Verdict == Better
		}
	}
	record := RecordOf(histories)
	n.readers++
	if record.Verdict == Better {
		n.end++
	}
	if ever || record.Verdict == Better {
		n.ever++
	}
	if usual(t.differences) {
		n.usual++
	}
	return record
}

// usual is the test that docs/question.md decides against: the 98 % bound of the mean by its standard deviation.
func usual(d []float64) bool {
	n, mean, squares := float64(len(d)), 0.0, 0.0
	for _, x := range d {
		mean += x / n
	}
	for _, x := range d {
		squares += (x - mean) * (x - mean)
	}
	return n >= EnoughSettled && mean > 0 && mean-quantile(0.98, len(d)-1)*math.Sqrt(squares/(n-1)/n) > 0
}

// TestCopiersAreNotToldThatTheyAreBetter is the promise of docs/question.md: of readers who copy the others plus
// noise at most 2 in 100 are told that they are better, whatever their noise, their diligence and the length of
// their record, and even when they look again after every fifth question. The last kind does know more, and shows
// that the words can be said at all.
func TestCopiersAreNotToldThatTheyAreBetter(t *testing.T) {
	t.Parallel()
	const forums, each, questions = 10, 32, 80
	lengths := []int{20, 25, 30, 40, 60, 80}
	for _, rare := range []bool{false, true} {
		counts := map[string]*told{}
		var knows told
		for forum := range uint64(forums) {
			r := rand.New(rand.NewPCG(2026, forum))
			var worlds []world
			for range questions {
				worlds = append(worlds, newWorld(r, rare))
			}
			reader := func(n *told, i int, see func(w world, k int) float64) {
				var histories []History
				for _, q := range r.Perm(questions)[:lengths[i/2%len(lengths)]] {
					w := worlds[q]
					own := w.answers(r, i%2 == 0, func(k int) float64 { return see(w, k) })
					histories = append(histories, History{Course: w.course, Own: own, Outcome: w.outcome})
				}
				n.follow(histories)
			}
			for _, kind := range copiers {
				if counts[kind.name] == nil {
					counts[kind.name] = &told{}
				}
				for i := range each {
					reader(counts[kind.name], i, func(w world, k int) float64 { return kind.see(r, logOdds(w.seen[k].P)) })
				}
			}
			for range 4 { // the longest records, diligent
				reader(&knows, 10, func(w world, k int) float64 { return logOdds(w.chances[min(k+Parts/5, Parts)]) })
			}
		}
		var all told
		for _, kind := range copiers {
			n := counts[kind.name]
			t.Logf("rare %v: %-12s %d readers, told at the end %d, ever %d; the usual t-test would tell %d", rare, kind.name, n.readers, n.end, n.ever, n.usual)
			if 50*n.ever > n.readers {
				t.Errorf("%s: %d of %d are told that they are better, more than 2 in 100", kind.name, n.ever, n.readers)
			}
			all = told{all.readers + n.readers, all.end + n.end, all.ever + n.ever, all.usual + n.usual}
		}
		t.Logf("rare %v: all %+v; of those who know more %+v", rare, all, knows)
		if all.readers < 2500 {
			t.Errorf("only %d copiers", all.readers)
		}
		if rare && 50*all.usual < all.readers {
			t.Error("the usual t-test passes too: these forums are too easy to show anything")
		}
		if !rare && 2*knows.end < knows.readers {
			t.Error("those who know what comes are not told that they are better")
		}
	}
}
