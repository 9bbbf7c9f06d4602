package show

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"parley/bench/figures"
)

// The measures of the picture, in its own units.
const (
	width   = 760
	left    = 210 // where bars begin
	right   = 110 // kept free for the figure and the goal behind the longest bar
	rowHigh = 24
	barHigh = 12
	heading = 34
)

// style follows the light or dark look of whoever shows the picture.
const style = `text{font:13px system-ui,sans-serif;fill:#222}.h{font-weight:600}.s{fill:#666;font-size:12px}.b{fill:#2f6f73}.m{fill:#b3541e}.l{stroke:#999}.g{stroke:#222;stroke-width:2}` +
	`@media(prefers-color-scheme:dark){text{fill:#ddd}.s{fill:#999}.b{fill:#6db3b7}.m{fill:#e08a52}.l{stroke:#777}.g{stroke:#eee}}`

// panel is one group of bars on a scale of its own.
type panel struct {
	title string
	value func(figures.Result) float64
	goal  func(figures.Result) float64
	more  bool // more is better
}

var panels = []panel{
	{
		"Answers a second, as a share of the limit's (1 = the limit)",
		func(r figures.Result) float64 { return r.Summary.RateRatio }, func(r figures.Result) float64 { return only(r.Goal.Rate <= 1, r.Goal.Rate) }, true,
	},
	{
		"Answers a second, as a multiple of the limit's",
		func(r figures.Result) float64 { return r.Summary.RateRatio }, func(r figures.Result) float64 { return only(r.Goal.Rate > 1, r.Goal.Rate) }, true,
	},
	{
		"CPU for one answer, as a multiple of the limit's",
		func(r figures.Result) float64 { return r.Summary.CPURatio }, func(r figures.Result) float64 { return r.Goal.CPU }, false,
	},
	{
		"99 of 100 answers came within, as a multiple of the limit's",
		func(r figures.Result) float64 { return r.Summary.P99Ratio }, func(r figures.Result) float64 { return r.Goal.P99 }, false,
	},
	{
		"CPU for one answer, in µs",
		func(r figures.Result) float64 { return r.Summary.CPU }, func(r figures.Result) float64 { return r.Goal.CPUus }, false,
	},
}

// only gives a goal to the panel on whose scale it can be seen.
func only(here bool, goal float64) float64 {
	if here {
		return goal
	}
	return 0
}

// Chart draws a report as SVG: one panel for each kind of ratio, a bar for each result that has a goal for it,
// and the goal as a line across the bar.
func Chart(w io.Writer, r *figures.Report) error {
	var body strings.Builder
	y := 24
	line := func(x, y int, class, text string) {
		fmt.Fprintf(&body, `<text x="%d" y="%d" class="%s">%s</text>`+"\n", x, y, class, escaped(text))
	}
	line(0, 16, "h", fmt.Sprintf("%s, %s form, %s", r.Peer, r.Form, r.Started[:min(10, len(r.Started))]))
	if !r.Machine.Quiet() {
		y += 20
		line(0, y+8, "m", fmt.Sprintf("Noisy: other programs used %.2f of a core meanwhile.", r.Machine.Foreign))
	}
	for _, p := range panels {
		rows := p.rows(r.Results)
		if len(rows) == 0 {
			continue
		}
		y += heading
		line(0, y, "h", p.title)
		scale := p.scale(rows)
		for _, one := range rows {
			y += rowHigh
			p.bar(&body, one, y, scale)
			line(0, y, "", label(one))
		}
	}
	y += heading
	line(0, y, "s", "Bars are medians of the pairs; the line across a bar is what is asked of it. Orange: not reached, or with errors.")
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" role="img"><title>%[3]s</title><style>%[4]s</style>`+"\n%[5]s</svg>\n",
		width, y+12, escaped("What "+r.Peer+" did against the limit"), style, body.String())
	return err
}

func (p panel) rows(all []figures.Result) (rows []figures.Result) {
	for _, one := range all {
		if p.goal(one) > 0 && one.Summary.Rate > 0 {
			rows = append(rows, one)
		}
	}
	return rows
}

// scale gives how many units one of the panel's values is wide.
func (p panel) scale(rows []figures.Result) float64 {
	most := 0.0
	for _, one := range rows {
		most = max(most, p.value(one), p.goal(one))
	}
	return float64(width-left-right) / most
}

func (p panel) bar(body *strings.Builder, r figures.Result, y int, scale float64) {
	value, goal := p.value(r), p.goal(r)
	class := "b"
	if slices.Contains(r.Missed(), "errors") || p.more && value < goal || !p.more && value > goal {
		class = "m"
	}
	long, mark := value*scale, left+goal*scale
	fmt.Fprintf(body, `<rect x="%d" y="%d" width="%.1f" height="%d" class="%s"/>`+"\n", left, y-barHigh+1, long, barHigh, class)
	fmt.Fprintf(body, `<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" class="g"/>`+"\n", mark, mark, y-barHigh-2, y+4)
	how := "≤"
	if p.more {
		how = "≥"
	}
	fmt.Fprintf(body, `<text x="%.1f" y="%d">%s<tspan class="s"> %s %s</tspan></text>`+"\n", max(left+long, mark)+6, y, number(value), how, number(goal))
}

func label(r figures.Result) string {
	text := fmt.Sprintf("%s, %d", r.Workload, r.Connections)
	if r.Coding != "" {
		text += ", " + r.Coding
	}
	return text
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
	return b.String()
}
