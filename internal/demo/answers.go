package demo

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"parley"
)

// given is an answer to a question, by name.
type given struct {
	name  string
	at    parley.Time
	step  parley.Step
	talk  *told // where its reason stands, and its place there; nil = it has none
	place int
}

// given gives all answers to the question of a story, oldest first: those set by hand, those that comments give
// the reason for, and those made up around the path. The same files make the same answers at every start. cast
// lists who may have answers made up, in order of preference.
func (a *Asked) given(story string, talks []*told, cast []string) []given {
	var all []given
	fixed := map[string]bool{}
	for _, name := range a.Crowd.Without {
		fixed[name] = true
	}
	for name, thoughts := range a.Answers {
		fixed[name] = true
		for _, t := range thoughts {
			all = append(all, given{name: name, at: t.at, step: t.step})
		}
	}
	for _, t := range talks {
		for place, said := range t.talk {
			if said.Thought != 0 {
				fixed[said.Name] = true
				all = append(all, given{said.Name, t.written(said), said.Thought, t, place})
			}
		}
	}
	for made := 0; len(cast) > 0 && made < a.Crowd.Readers; cast = cast[1:] {
		if name := cast[0]; !fixed[name] {
			fixed[name] = true
			all = append(all, a.imagine(story, name)...)
			made++
		}
	}
	slices.SortFunc(all, func(a, b given) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.name, b.name)) })
	return all
}

// What a made-up reader is like: how far above or below the path one stands on every question, and how much one
// answer wavers, both in steps; and how soon after an event one comes back to think again.
const (
	leaning, wavering = 0.8, 0.4
	comesBack         = 60 * time.Hour
)

// imagine makes up what one reader answers: the first time mostly in the first days, then, for those who come
// back, mostly after an event. Who thinks the same again answers nothing.
func (a *Asked) imagine(story, name string) []given {
	r := drawFor("answers", story, name)
	lean := leaning * drawFor("leaning", name).NormFloat64()
	from, until := parley.Time(a.Asked), a.until()
	span := time.Duration(until-from) * time.Millisecond
	times := []parley.Time{from.Add(a.first(r, span))}
	for range 1 + min(4, int(1.7*r.ExpFloat64())) {
		at := from.Add(time.Duration(r.Float64() * float64(span)))
		if n := len(a.Milestones); n > 0 && r.IntN(5) > 0 {
			at = parley.Time(a.Milestones[r.IntN(n)].Day).Add(time.Duration(r.ExpFloat64() * float64(comesBack)))
		}
		times = append(times, at)
	}
	slices.Sort(times)
	var all []given
	for _, at := range times {
		at = awake(r, at)
		step := parley.Step(math.Round(min(7, max(1, a.path(at)+lean+wavering*r.NormFloat64()))))
		if n := len(all); at >= until || at <= from || n > 0 && (all[n-1].step == step || at < all[n-1].at.Add(time.Hour)) {
			continue
		}
		all = append(all, given{name: name, at: at, step: step})
	}
	return all
}

// first draws when somebody answers first: seven in ten soon, in a tenth of the time or so, the others any time.
func (a *Asked) first(r *rand.Rand, span time.Duration) time.Duration {
	if r.IntN(10) < 7 {
		return time.Duration(r.ExpFloat64() * float64(span) / 10)
	}
	return time.Duration(r.Float64() * float64(span))
}

// awake moves a moment out of the small hours.
func awake(r *rand.Rand, at parley.Time) parley.Time {
	if t := at.UTC(); t.Hour() < 6 {
		at = at.Add(time.Duration(6-t.Hour())*time.Hour + time.Duration(r.IntN(120))*time.Minute)
	}
	return at
}

// path gives where the middle of the readers stood at a moment.
func (a *Asked) path(at parley.Time) float64 {
	points := a.Crowd.Path
	i := slices.IndexFunc(points, func(p point) bool { return p.at > at })
	switch {
	case i < 0:
		return points[len(points)-1].step
	case i == 0:
		return points[0].step
	}
	before, after := points[i-1], points[i]
	part := float64(at-before.at) / float64(after.at-before.at)
	return before.step + part*(after.step-before.step)
}

// until gives when made-up answers end: when the outcome was known or, of an open question, two days after the
// last point of the path.
func (a *Asked) until() parley.Time {
	end := a.Crowd.Path[len(a.Crowd.Path)-1].at.Add(48 * time.Hour)
	if a.Settled != nil {
		end = parley.Time(a.Settled.Happened)
	}
	if closes := parley.Time(a.Closes); closes != 0 {
		end = min(end, closes)
	}
	return end
}

// check says what is wrong with a question's file.
func (a *Asked) check() error {
	from := parley.Time(a.Asked)
	switch {
	case len(a.Crowd.Path) == 0:
		return fmt.Errorf("the path of the crowd has no point")
	case a.Settled != nil && a.Settled.Happened < a.Asked:
		return fmt.Errorf("it was settled before it was asked")
	case a.Settled == nil && a.Closes == 0:
		return fmt.Errorf("it does not say when answers end")
	}
	for i, p := range a.Crowd.Path {
		if p.at < from-parley.Time(12*time.Hour.Milliseconds()) || i > 0 && p.at <= a.Crowd.Path[i-1].at {
			return fmt.Errorf("the point of %v on the path is out of order", p.at.UTC())
		}
	}
	for _, m := range a.Milestones {
		if day := parley.Time(m.Day); day < from || day > a.until() {
			return fmt.Errorf("the milestone %q lies outside the time of the answers", m.Text)
		}
	}
	for name, thoughts := range a.Answers {
		for i, t := range thoughts {
			if t.at <= from || t.at >= a.until() || i > 0 && t.at <= thoughts[i-1].at {
				return fmt.Errorf("the answer of %s of %v is out of order", name, t.at.UTC())
			}
		}
	}
	return nil
}
