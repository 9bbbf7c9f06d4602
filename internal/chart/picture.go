// Package chart draws what readers thought of a story's question over time, and holds the table behind it.
// docs/question.md says what is drawn.
//
// The drawing is one SVG element for use inside a page: text keeps its size while the plot takes the width there
// is, from 320 px up. It carries no script, no style and no id; colours are the custom properties of the forum's
// style sheet, with the light ones as they are where that is missing. Steps are told apart by their row, the
// readers' answers from what they think together by shape: no meaning hangs on a colour. Time runs from left to
// right in every language.
//
// The page's style sheet has nothing to do, but rules for other SVG elements must leave the class "picture" and
// the SVG element within it alone.
package chart

import (
	"cmp"
	"slices"
)

// Steps is how many steps the yardstick has, each a row.
const Steps = 7

// Picture is what readers thought of one question, ready to be drawn. All words are in the reader's language and
// are escaped here.
type Picture struct {
	Title    string             // the picture's name, for those who do not see it
	Summary  string             // what it shows, in a sentence
	Steps    [Steps]string      // the words of the yardstick, from the least likely
	Together string             // what the line is called in the key, such as "Readers together"
	Answers  string             // what the bands are called, such as "Answers: the thicker, the more"
	From, To int64              // the time shown, ms UTC: from the opening to now or the close
	Points   []Point            // in the order of time, at most about 60
	Marks    []Mark             // in any order
	Day      func(int64) string // a moment as a short date, such as "12 March"
}

// Point is what readers thought at one moment.
type Point struct {
	At     int64      // ms UTC
	Counts [Steps]int // readers whose answer was each step
	Height float64    // what they think together, from 1 to 7 between the steps
	Step   int        // the same as a step
	Words  string     // and as a natural frequency, such as "about 1 in 3"
}

// Mark is an editor's dated mark.
type Mark struct {
	At   int64 // ms UTC
	Text string
}

// Numbered is a mark with the number it has in the picture, from 1 in the order of time.
type Numbered struct {
	Number int
	Mark
}

// Row is one line of the table behind the picture.
type Row struct {
	Day     string
	Readers int
	Counts  [Steps]int
	Step    string     // what they think together, in the words of the yardstick
	Words   string     // and as a natural frequency
	Marks   []Numbered // what happened since the row before
}

// Numbers gives the marks in the order of time with their numbers, for the list under the picture.
func (p Picture) Numbers() []Numbered {
	marks := slices.Clone(p.Marks)
	slices.SortStableFunc(marks, func(a, b Mark) int { return cmp.Compare(a.At, b.At) })
	var all []Numbered
	for i, m := range marks {
		all = append(all, Numbered{i + 1, m})
	}
	return all
}

// Rows gives the same figures as the drawing. A mark stands in the first row that is not before it; marks after
// the last point stand in the last.
func (p Picture) Rows() []Row {
	marks := p.Numbers()
	var rows []Row
	for i, point := range p.Points {
		row := Row{Day: p.Day(point.At), Counts: point.Counts, Words: point.Words, Readers: point.readers()}
		if point.Step >= 1 && point.Step <= Steps {
			row.Step = p.Steps[point.Step-1]
		}
		for len(marks) > 0 && (marks[0].At <= point.At || i == len(p.Points)-1) {
			row.Marks = append(row.Marks, marks[0])
			marks = marks[1:]
		}
		rows = append(rows, row)
	}
	return rows
}

func (p Point) readers() (n int) {
	for _, c := range p.Counts {
		n += c
	}
	return n
}
