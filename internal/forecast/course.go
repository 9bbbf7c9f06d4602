package forecast

const (
	// Parts is how many equal parts the time from opening to close is cut into, to compare a reader with the
	// others: what they think together changes all the time, and in each part its value at the middle stands
	// for the whole.
	Parts = 100
	// FewestOthers is how many others must have answered before a question is compared: with the reader, as
	// many as for the picture.
	FewestOthers = Enough - 1
)

// Course is how what readers think together moved through a question, from which any one reader can be taken
// out. It is made once a question and serves all its readers; it does not change afterwards.
type Course struct {
	opened, closed int64
	weights        [Parts]float64 // at the middle of each part
	weighted       [Parts]float64 // log odds times weights
	readers        [Parts]int
}

// NewCourse follows the counted answers of a question from its opening to its close: the moment answers ended
// or, when that was earlier, the moment at which the outcome became known. It takes time in proportion to Parts
// times readers.
func NewCourse(answers []Answer, opened, closed int64) *Course {
	course := &Course{opened: opened, closed: closed}
	c := &crowd{place: map[int64]int{}}
	in := counting(answers, opened, closed)
	for k := range Parts {
		for len(in) > 0 && course.byMiddle(in[0], k) {
			c.let(in[0], opened)
			in = in[1:]
		}
		course.weights[k], course.weighted[k] = c.sums(course.middle(k))
		course.readers[k] = len(c.all)
	}
	return course
}

func (c *Course) length() int64 { return c.closed - c.opened }

// edge gives where part k begins, in ms after the opening.
func (c *Course) edge(k int) float64 { return float64(c.length()*int64(k)) / Parts }

func (c *Course) middle(k int) float64 { return float64(c.length()*int64(2*k+1)) / (2 * Parts) }

// byMiddle tells, without rounding, whether an answer was given by the middle of part k.
func (c *Course) byMiddle(a Answer, k int) bool {
	return 2*Parts*(a.At-c.opened) <= c.length()*int64(2*k+1)
}

// others gives, at the middle of each part, how many there are and what they think together when the own
// answers, in the order of their times, are taken out; own is empty for a reader who is not in the course.
func (c *Course) others(own []Answer) (p [Parts]float64, readers [Parts]int) {
	mine := -1 // the own answer that stands
	for k := range Parts {
		for mine+1 < len(own) && c.byMiddle(own[mine+1], k) {
			mine++
		}
		weights, weighted, n := c.weights[k], c.weighted[k], c.readers[k]
		if mine >= 0 {
			w := weight(c.middle(k)-float64(own[mine].At-c.opened), c.middle(k))
			weights, weighted, n = weights-w, weighted-w*logOdds(own[mine].P), n-1
		}
		if readers[k] = n; n > 0 {
			p[k] = chance(weighted / weights)
		}
	}
	return p, readers
}
