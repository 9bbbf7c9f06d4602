package chart

import (
	"fmt"
	"math"
	"strings"
)

const (
	fullest = row * 0.46 // px that a band reaches above and below its row's middle at the most
	least   = 0.4        // the share of readers that is drawn as thick as can be, unless one is larger
)

// thickest gives the share of readers that fills a row: the same for all rows, so that bands can be compared.
func (p Picture) thickest() float64 {
	most := least
	for _, point := range p.Points {
		for _, c := range point.Counts {
			if c > 0 {
				most = max(most, float64(c)/float64(point.readers()))
			}
		}
	}
	return most
}

// bands draws for each step how large a share of the readers gave it, as thickness over time.
func (p Picture) bands(b *strings.Builder) {
	most := p.thickest()
	fmt.Fprintf(b, `<g fill="%s" fill-opacity=".7">`, accent)
	for step := range Steps {
		middle := high - step*row - row/2
		var shape []corner
		empty := true
		for _, point := range p.Points {
			thick := 0
			if c := point.Counts[step]; c > 0 {
				thick = max(1, int(math.Round(float64(c)/float64(point.readers())/most*fullest)))
				empty = false
			}
			shape = append(shape, corner{int(math.Round(p.at(point.At) * wide)), thick})
		}
		if empty {
			continue
		}
		if one := shape[0]; len(shape) == 1 { // a moment has no width
			shape = []corner{{one.x - 6, one.y}, {one.x + 6, one.y}}
		}
		fmt.Fprintf(b, `<path d="%s"/>`, kite(straight(shape), middle))
	}
	b.WriteString(`</g>`)
}

// corner is a point of a band's upper edge: how far across, and how far above the middle.
type corner struct{ x, y int }

// straight leaves out corners that lie on a straight line between their neighbours.
func straight(shape []corner) []corner {
	var kept []corner
	for i, c := range shape {
		if i > 0 && i < len(shape)-1 {
			before, after := kept[len(kept)-1], shape[i+1]
			if (c.y-before.y)*(after.x-c.x) == (after.y-c.y)*(c.x-before.x) {
				continue
			}
		}
		kept = append(kept, c)
	}
	return kept
}

// kite writes the path of a band: along its upper edge, and back along the lower.
func kite(shape []corner, middle int) string {
	var b strings.Builder
	first := shape[0]
	fmt.Fprintf(&b, "M%d %d", first.x, middle-first.y)
	before := corner{first.x, middle - first.y}
	to := func(x, y int) {
		switch dx, dy := x-before.x, y-before.y; {
		case dx == 0 && dy == 0:
		case dy == 0:
			fmt.Fprintf(&b, "h%d", dx)
		case dx == 0:
			fmt.Fprintf(&b, "v%d", dy)
		case dy < 0:
			fmt.Fprintf(&b, "l%d%d", dx, dy)
		default:
			fmt.Fprintf(&b, "l%d %d", dx, dy)
		}
		before = corner{x, y}
	}
	for _, c := range shape[1:] {
		to(c.x, middle-c.y)
	}
	for i := len(shape) - 1; i >= 0; i-- {
		to(shape[i].x, middle+shape[i].y)
	}
	b.WriteString("z")
	return b.String()
}

// line draws what readers think together, with a dot at its end. A rim in the colour of the paper
// keeps it apart from the bands.
func (p Picture) line(b *strings.Builder, top int) {
	var d strings.Builder
	y := func(point Point) float64 {
		return high - (min(max(point.Height, 1), Steps)-0.5)*row
	}
	for i, point := range p.Points {
		letter := "L"
		if i == 0 {
			letter = "M"
		}
		fmt.Fprintf(&d, "%s%d %s", letter, int(math.Round(p.at(point.At)*wide)), short(y(point)))
	}
	fmt.Fprintf(b, `<svg x="%s%%" y="%d" width="%s%%" height="%d" viewBox="0 0 %d %d" preserveAspectRatio="none" overflow="visible">`, short(left), top, short(across), high, wide, high)
	fmt.Fprintf(b, `<g fill="none" stroke-linejoin="round" stroke-linecap="round"><path stroke="%s" stroke-width="6" vector-effect="non-scaling-stroke" d="%s"/>`, paper, d.String())
	fmt.Fprintf(b, `<path stroke="%s" stroke-width="2.5" vector-effect="non-scaling-stroke" d="%s"/></g></svg>`, ink, d.String())

	last := p.Points[len(p.Points)-1]
	fmt.Fprintf(b, `<circle cx="%s%%" cy="%s" r="5" fill="%s" stroke="%s" stroke-width="2"/>`, short(left+across*p.at(last.At)), short(y(last)+float64(top)), ink, paper)
}
