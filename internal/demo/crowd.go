package demo

import (
	"math"
	"math/rand/v2"
	"time"
)

// The names of made-up readers are put together from these, so that they read like names and no two of the
// first million are alike.
var (
	firstNames = []string{
		"Ada", "Alvar", "Amund", "Annis", "Arvid", "Asta", "Bram", "Brida", "Carl", "Cilla", "Corin", "Dagmar", "Della", "Edvin",
		"Elke", "Ennis", "Erla", "Fenno", "Frid", "Garth", "Gerda", "Gil", "Greta", "Hanne", "Harald", "Hedda", "Ida", "Imre",
		"Ingo", "Isa", "Jana", "Jorun", "Kalle", "Karin", "Lena", "Lorenz", "Malin", "Marek", "Meta", "Miro", "Nell", "Niko",
		"Odd", "Olga", "Otto", "Pavel", "Peer", "Rolf", "Runa", "Sanna", "Silas", "Sven", "Tilda", "Toma", "Ulla", "Uno",
		"Vera", "Viggo", "Wanda", "Yrsa",
	}
	nameHeads = []string{
		"Ack", "Alm", "Bask", "Berg", "Bran", "Carn", "Dal", "Dun", "Eck", "Fal", "Fern", "Garn", "Grim", "Hal", "Hart", "Holm",
		"Kest", "Kirk", "Lang", "Lind", "Lor", "Mar", "Mel", "Nor", "Oak", "Orm", "Pell", "Quar", "Rav", "Roth", "Sand", "Sel",
		"Skar", "Stav", "Tarn", "Thorn", "Ul", "Var", "West", "Wind",
	}
	nameTails = []string{
		"a", "aby", "ard", "bek", "berg", "bury", "by", "dahl", "den", "er", "ersen", "eth", "field", "gate", "ham", "holt", "hurst",
		"ing", "kin", "land", "ley", "lund", "mark", "mere", "mond", "ner", "ow", "quist", "sen", "stad", "stone", "ström", "ter",
		"ton", "vale", "wick", "wood", "worth",
	}
)

// scatter is a prime that shares no factor with the lengths above: stepping by it visits every name once
// before any comes again.
const scatter = 1_000_003

// nameOf gives the name of the made-up reader with this number, from 0.
func nameOf(number int) string {
	all := len(firstNames) * len(nameHeads) * len(nameTails)
	round, place := number/all, number%all*scatter%all
	first := firstNames[place%len(firstNames)]
	place /= len(firstNames)
	last := nameHeads[place%len(nameHeads)] + nameTails[place/len(nameHeads)]
	if round > 0 {
		return first + " " + initials(round) + " " + last
	}
	return first + " " + last
}

// initials gives "A.", "B.", … "AA.", … from 1 on.
func initials(n int) string {
	s := "."
	for ; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}

// shares splits a total over stories as readers do: by Zipf's law with an exponent a little under 1, the
// first getting most. Every story gets its share rounded down and the first what is left.
func shares(total, stories int) []int {
	const exponent = 0.9
	sum := 0.0
	for i := range stories {
		sum += math.Pow(float64(i+1), -exponent)
	}
	parts, left := make([]int, stories), total
	for i := range parts {
		parts[i] = int(float64(total) * math.Pow(float64(i+1), -exponent) / sum)
		left -= parts[i]
	}
	if stories > 0 {
		parts[0] += left
	}
	return parts
}

// authors draws who writes: by Zipf's law, so that few readers write much and most write once.
type authors struct{ zipf *rand.Zipf }

func newAuthors(r *rand.Rand, readers int) authors {
	return authors{rand.NewZipf(r, 1.15, 6, uint64(readers-1))}
}

func (a authors) draw() int { return int(a.zipf.Uint64()) }

// threadSize draws how many comments a thread has: four in ten stay alone, and the tail falls by a power, so
// that one in a hundred has fifty.
func threadSize(r *rand.Rand) int {
	const exponent, width, most = 1.15, 0.9, 1_500
	pareto := math.Pow(1-r.Float64(), -1/exponent)
	return min(most, int(1.45+width*(pareto-1)))
}

// answeredPlace draws which of the comments of a thread, in the order they were written, is answered next:
// often the first, mostly one of the latest.
func answeredPlace(r *rand.Rand, written int) int {
	back := int(2 * r.ExpFloat64())
	if r.Float64() < 0.3 || back >= written {
		return 0
	}
	return written - 1 - back
}

// recommendations draws by how many of so many readers a comment is recommended: most by none or one, a few
// by hundreds, those that open a thread by more.
func recommendations(r *rand.Rand, opens bool, readers int) int {
	middle := -0.9
	if opens {
		middle = -0.3
	}
	return max(0, min(readers-1, 400, int(math.Exp(middle+1.3*r.NormFloat64()))))
}

// The pauses before a thread begins and before a reply comes: log-normal, with a median of nine hours and of
// twenty-five minutes.
const (
	threadPause, threadSpread = 9 * time.Hour, 1.4
	replyPause, replySpread   = 25 * time.Minute, 1.5
)

// pause draws a log-normal time that is shorter than most. It draws the same numbers whatever most is, so that
// the texts of a seed do not depend on the clock.
func pause(r *rand.Rand, median time.Duration, spread float64, most time.Duration) time.Duration {
	drawn := math.Exp(spread*r.NormFloat64()) * float64(median)
	instead := r.Float64()
	if drawn >= float64(most) {
		drawn = instead * float64(most)
	}
	return max(0, time.Duration(drawn))
}
