package web

import (
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/forecast"
	"parley/internal/question"
)

// TestChanceInTheSitesWords: in English the catalogue says what the specification says.
func TestChanceInTheSitesWords(t *testing.T) {
	f := &Forum{Site: parley.Site{Language: "en-GB"}}
	for i := range 1001 {
		p := float64(i) / 1000
		if got, want := f.Chance(p), forecast.Words(p); got != want {
			t.Errorf("%v is %q, want %q", p, got, want)
		}
	}
	seen := map[string]bool{}
	for _, s := range parley.Steps() {
		name := f.StepName(s)
		if seen[name] || name == s.String() || !strings.EqualFold(strings.ReplaceAll(name, " ", "_"), s.String()) {
			t.Errorf("%s is called %q", s, name)
		}
		seen[name] = true
	}
}

// TestDrawn: the picture's last row says what is thought now, and days have their year when they need it.
func TestDrawn(t *testing.T) {
	f := &Forum{Site: parley.Site{Language: "en"}, Zone: time.UTC}
	opened := parley.TimeOf(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	for _, open := range []time.Duration{90 * 24 * time.Hour, 400 * 24 * time.Hour} {
		now := opened.Add(open)
		p := question.Picture{
			Question: parley.Question{Words: parley.QuestionWords{At: opened}}, Readers: 12,
			Points:     []forecast.Point{{At: int64(opened) + 1, N: 10, P: 0.5, Counts: [7]int{3: 10}}, {At: int64(now), N: 12, P: 0.31, Counts: [7]int{2: 2, 3: 10}}},
			Milestones: []parley.Milestone{{Day: opened.Add(time.Hour), Text: "It rained <hard>"}},
		}
		p.Now = p.Points[1]
		c := f.Drawn(p)
		rows := c.Rows()
		if last := rows[len(rows)-1]; len(rows) != 2 || last.Step != "Unlikely" || last.Words != "about 1 in 3" || last.Readers != 12 || len(last.Marks) != 1 {
			t.Errorf("the rows are %+v", rows)
		}
		if got := c.Day(int64(opened)); strings.Contains(got, "2026") != (open > year) || !strings.HasPrefix(got, "2 March") {
			t.Errorf("after %v the first day is %q", open, got)
		}
		svg := c.SVG()
		if !strings.HasPrefix(svg, "<svg ") || strings.Contains(svg, "<hard>") || !strings.Contains(svg, "12 readers have answered. Together they think: Unlikely, about 1 in 3.") {
			t.Errorf("the drawing is %.600s", svg)
		}
	}
}
