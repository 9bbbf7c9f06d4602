package chart

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// The measures: across in per cent of the width there is, down in px.
const (
	left, across = 27.0, 71.0 // the plot; what is left of it holds the steps' words
	row          = 34         // each step's
	high         = Steps * row
	tier         = 22 // a line of numbered marks above the plot
	head         = 8
	foot         = 52   // dates, and the key
	wide         = 1000 // units across the plot, which stretch
)

// The colours, each with the light one of the forum's style sheet for where that is missing.
const (
	ink    = "var(--_ink,#161616)"
	muted  = "var(--_ink2,#5a5854)"
	paper  = "var(--_paper,#fff)"
	rule   = "var(--_rule,#dedad3)"
	accent = "var(--_accent,#0f5a63)"
	editor = "var(--_wait,#8a5a00)" // what editors add
	face   = `var(--_ui,"Helvetica Neue",Helvetica,Arial,sans-serif)`
)

// SVG gives the drawing, or "" when there is no point to draw or no time to draw it over.
func (p Picture) SVG() string {
	if len(p.Points) == 0 || p.To <= p.From {
		return ""
	}
	marks, tiers := p.place()
	top := head + tier*tiers
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="picture" xmlns="http://www.w3.org/2000/svg" role="img" width="100%%" height="%d" direction="ltr" font-family=%s font-size="12" stroke="none"><title>%s</title><desc>%s</desc>`,
		top+high+foot, quoted(face), escape(p.Title, 300), escape(p.Summary, 600))
	p.words(&b, top)
	p.days(&b, top)
	fmt.Fprintf(&b, `<svg x="%s%%" y="%d" width="%s%%" height="%d" viewBox="0 0 %d %d" preserveAspectRatio="none" overflow="visible">`, short(left), top, short(across), high, wide, high)
	grid(&b)
	p.bands(&b)
	b.WriteString(`</svg>`)
	draw(&b, marks, top)
	p.line(&b, top)
	p.key(&b, top+high+43)
	b.WriteString(`</svg>`)
	return b.String()
}

// words writes the steps' words beside their rows; what readers think together now stands out.
func (p Picture) words(b *strings.Builder, top int) {
	now := p.Points[len(p.Points)-1].Step
	fmt.Fprintf(b, `<g fill="%s" text-anchor="end">`, muted)
	for i, words := range p.Steps {
		bold := ""
		if i+1 == now {
			bold = fmt.Sprintf(` fill="%s" font-weight="600"`, ink)
		}
		first, second := split(words)
		x, y := short(left-2), top+high-i*row-row/2+4
		if second == "" {
			fmt.Fprintf(b, `<text x="%s%%" y="%d"%s>%s</text>`, x, y, bold, escape(first, 40))
			continue
		}
		fmt.Fprintf(b, `<text x="%s%%" y="%d"%s>%s<tspan x="%s%%" dy="13">%s</tspan></text>`, x, y-6, bold, escape(first, 40), x, escape(second, 40))
	}
	b.WriteString(`</g>`)
}

// days writes three or four dates under the plot, as many as a telephone has room for.
func (p Picture) days(b *strings.Builder, top int) {
	n := 3
	if len([]rune(p.Day(p.From))) <= 7 && len([]rune(p.Day(p.To))) <= 7 {
		n = 4
	}
	fmt.Fprintf(b, `<g fill="%s" font-size="11" text-anchor="middle">`, muted)
	for i := range n {
		share := float64(i) / float64(n-1)
		anchor := ""
		switch i {
		case 0:
			anchor = ` text-anchor="start"`
		case n - 1:
			anchor = ` text-anchor="end"`
		}
		fmt.Fprintf(b, `<text x="%s%%" y="%d"%s>%s</text>`, short(left+across*share), top+high+17, anchor, escape(p.Day(p.From+int64(share*float64(p.To-p.From))), 24))
	}
	b.WriteString(`</g>`)
}

// key says what the line and the bands are.
func (p Picture) key(b *strings.Builder, y int) {
	fmt.Fprintf(b, `<g fill="%s"><path d="M1 %dh22" stroke="%s" stroke-width="2.5" stroke-linecap="round"/><circle cx="23" cy="%d" r="4"/><text x="34" y="%d">%s</text></g>`, ink, y-4, ink, y-4, y, escape(p.Together, 24))
	fmt.Fprintf(b, `<g fill="%s"><rect x="45%%" y="%d" width="22" height="9" fill="%s" fill-opacity=".7"/><text x="45%%" dx="30" y="%d">%s</text></g>`, ink, y-8, accent, y, escape(p.Answers, 40))
}

// grid draws the lines between the rows.
func grid(b *strings.Builder) {
	fmt.Fprintf(b, `<path fill="none" stroke="%s" vector-effect="non-scaling-stroke" d="`, rule)
	for i := range Steps + 1 {
		fmt.Fprintf(b, "M0 %dH%d", i*row, wide)
	}
	b.WriteString(`"/>`)
}

// at gives where a moment stands across the plot, from 0 to 1.
func (p Picture) at(moment int64) float64 {
	return min(max(float64(moment-p.From)/float64(p.To-p.From), 0), 1)
}

// split parts words that are too long for one line at the space nearest to their middle.
func split(words string) (first, second string) {
	const longest = 16 // characters beside the plot on a narrow telephone
	runes := []rune(words)
	if len(runes) <= longest {
		return words, ""
	}
	best := -1
	for i, r := range runes {
		if r == ' ' && (best < 0 || abs(2*i-len(runes)) < abs(2*best-len(runes))) {
			best = i
		}
	}
	if best < 0 {
		return words, ""
	}
	return string(runes[:best]), string(runes[best+1:])
}

func abs(n int) int { return max(n, -n) }

// escape makes text safe inside an element of SVG, alone or in a page, and cuts it to so many characters.
func escape(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		text = strings.TrimSpace(string(runes[:most-1])) + "…"
	}
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
	return b.String()
}

func quoted(value string) string { return "'" + value + "'" }

// short writes a number with at most one decimal.
func short(x float64) string {
	return strconv.FormatFloat(float64(int64(x*10+0.5))/10, 'f', -1, 64)
}
