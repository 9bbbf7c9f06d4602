package chart

import (
	"fmt"
	"strings"
)

const (
	apart    = 6.0 // per cent of the width between two numbers of a line: 20 px on a telephone
	mostRows = 3   // lines of numbers; beyond, numbers overlap and the list under the picture tells
)

// placed is a mark's place in the drawing.
type placed struct {
	number int
	x      float64 // per cent
	tier   int     // 0 is the one next to the plot
	title  string
}

// place gives each mark within the time shown its place, and how many lines of numbers that takes. A number that
// would stand on the one before it moves up a line.
func (p Picture) place() (all []placed, tiers int) {
	last := [mostRows]float64{-100, -100, -100}
	for _, m := range p.Numbers() {
		if m.At < p.From || m.At > p.To {
			continue
		}
		one := placed{number: m.Number, x: left + across*p.at(m.At), title: fmt.Sprintf("%d. %s: %s", m.Number, p.Day(m.At), m.Text)}
		for t := range last {
			if one.x-last[t] >= apart {
				one.tier = t
				break
			}
			if last[t] < last[one.tier] {
				one.tier = t
			}
		}
		last[one.tier] = one.x
		tiers = max(tiers, one.tier+1)
		all = append(all, one)
	}
	return all, tiers
}

// draw writes the marks: a number over a broken line.
func draw(b *strings.Builder, marks []placed, top int) {
	if len(marks) == 0 {
		return
	}
	var lines, circles, numbers strings.Builder
	for _, m := range marks {
		x, y := short(m.x), top-4-tier/2-m.tier*tier
		fmt.Fprintf(&lines, `<line x1="%s%%" x2="%s%%" y1="%d" y2="%d"/>`, x, x, y, top+high)
		fmt.Fprintf(&circles, `<circle cx="%s%%" cy="%d" r="9"><title>%s</title></circle>`, x, y, escape(m.title, 64))
		fmt.Fprintf(&numbers, `<text x="%s%%" y="%d">%d</text>`, x, y+4, m.number)
	}
	fmt.Fprintf(b, `<g stroke="%s" stroke-dasharray="2 3">%s</g><g stroke="%s" fill="%s">%s</g>`, editor, lines.String(), editor, paper, circles.String())
	fmt.Fprintf(b, `<g fill="%s" font-size="11" font-weight="600" text-anchor="middle" pointer-events="none">%s</g>`, editor, numbers.String())
}
