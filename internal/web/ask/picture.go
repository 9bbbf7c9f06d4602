package ask

import (
	"cmp"
	"context"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/internal/chart"
	"parley/internal/forecast"
	"parley/internal/markup"
	"parley/internal/question"
)

// picture is what readers think together, as pages show it: drawn, in words, and as a table.
type picture struct {
	Readers int
	Now     thought
	Began   thought // when the tenth had answered
	Past    bool    // answers have ended
	SVG     template.HTML
	Steps   [chart.Steps]string
	Rows    []chart.Row
	Marks   []numbered
}

// thought is what readers thought together at a moment, never as a number.
type thought struct {
	At     parley.Time
	Step   string // in the middle of a sentence
	Chance string // such as "about 1 in 3"
}

// numbered is a mark with the number it has in the picture.
type numbered struct {
	Number int
	parley.Milestone
}

// together gives the picture of a question, as far as the viewer may see it. Without one, missing is how many
// readers still have to answer; 0 when it is the viewer who has not answered.
func (a *Ask) together(ctx context.Context, v parley.Viewer, q asked) (p *picture, missing int, err error) {
	found, err := a.f.Question.Together(ctx, v, q.ID)
	switch {
	case parley.CodeOf(err) == parley.CodeCrowdHidden && found.Question.ID == 0:
		return nil, 0, nil
	case parley.CodeOf(err) == parley.CodeCrowdHidden:
		return nil, parley.CrowdFrom - found.Readers, nil
	case err != nil:
		return nil, 0, err
	}
	return a.drawn(found), 0, nil
}

func (a *Ask) drawn(p question.Picture) *picture {
	c := a.f.Drawn(p)
	v := &picture{
		Readers: p.Readers, Now: a.thought(p.Now), Began: a.thought(p.Points[0]), Past: p.Closed != 0,
		SVG: template.HTML(c.SVG()), Steps: c.Steps, Rows: c.Rows(), // the chart escapes what it writes
	}
	// In the order in which the chart numbers them.
	marks := slices.Clone(p.Milestones)
	slices.SortStableFunc(marks, func(a, b parley.Milestone) int { return cmp.Compare(a.Day, b.Day) })
	for i, m := range marks {
		v.Marks = append(v.Marks, numbered{i + 1, m})
	}
	return v
}

func (a *Ask) thought(p forecast.Point) thought {
	return thought{At: parley.Time(p.At), Step: a.within(parley.Step(forecast.StepOf(p.P))), Chance: a.f.Chance(p.P)}
}

// within names a step in the middle of a sentence.
func (a *Ask) within(s parley.Step) string { return strings.ToLower(a.f.StepName(s)) }

// step is a step of the yardstick as pages explain it.
type step struct {
	Value   string
	Name    string
	Range   string // the published one, in words
	Counted string // as which probability
}

// yardstick gives the seven steps from the least likely.
func (a *Ask) yardstick() []step {
	var all []step
	for _, s := range parley.Steps() {
		counted := strconv.FormatFloat(forecast.Midpoint(int(s)), 'f', -1, 64)
		all = append(all, step{s.String(), a.f.StepName(s), rangeOf(s), counted})
	}
	return all
}

// rangeOf writes a step's published range. Its ends are rough but for nothing, everything and half.
func rangeOf(s parley.Step) string {
	end := func(percent int, exact string) string {
		switch percent {
		case 0, 50, 100:
			return exact + " " + strconv.Itoa(percent) + "\u00a0%"
		}
		return "about " + strconv.Itoa(percent) + "\u00a0%"
	}
	low, high := forecast.Range(int(s))
	return end(low, "above") + " to " + end(high, "below")
}

// beginning gives the first characters of a comment as plain text.
func beginning(c parley.Comment, max int) string {
	html := c.HTML
	if html == "" {
		html = markup.PlainHTML(c.Body)
	}
	return markup.Text(html, max)
}
