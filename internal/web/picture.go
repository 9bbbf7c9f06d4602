package web

import (
	"time"

	"parley"
	"parley/internal/chart"
	"parley/internal/forecast"
	"parley/internal/locale"
	"parley/internal/question"
)

// StepName gives a step in the site's language, such as "Highly likely".
func (f *Forum) StepName(s parley.Step) string { return locale.For(f.Site.Language).T(s.String()) }

// Chance gives a probability as a natural frequency in the site's language, such as "about 1 in 3".
func (f *Forum) Chance(p float64) string {
	c, key := forecast.ChanceOf(p), "chance_about"
	switch {
	case c.Beyond && c.Of == 1:
		key = "chance_fewer"
	case c.Beyond:
		key = "chance_more"
	}
	return locale.For(f.Site.Language).T(key, c.Of, c.In)
}

// year is from how long a picture on its days need their year.
const year = 365 * 24 * time.Hour

// Drawn gives what readers think together ready to be drawn, in the site's language and by the newsroom's clock.
func (f *Forum) Drawn(p question.Picture) chart.Picture {
	words := locale.For(f.Site.Language)
	now := parley.Step(forecast.StepOf(p.Now.P))
	c := chart.Picture{
		Title: words.T("together_title"), Together: words.T("together"), Answers: words.T("together_bands"),
		Summary: words.N("together_summary", p.Readers, f.StepName(now), f.Chance(p.Now.P)),
		From:    int64(p.Question.Words.At), To: p.Now.At,
	}
	for i, s := range parley.Steps() {
		c.Steps[i] = f.StepName(s)
	}
	for _, one := range p.Points {
		c.Points = append(c.Points, chart.Point{At: one.At, Counts: one.Counts, Height: forecast.Height(one.P), Step: forecast.StepOf(one.P), Words: f.Chance(one.P)})
	}
	for _, m := range p.Milestones {
		c.Marks = append(c.Marks, chart.Mark{At: int64(m.Day), Text: m.Text})
	}
	long := parley.Time(c.To) > parley.Time(c.From).Add(year)
	c.Day = func(at int64) string { return words.Day(parley.Time(at), f.Zone, long) }
	return c
}
