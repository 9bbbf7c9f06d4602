package demo

import (
	"fmt"
	"slices"
	"time"

	"parley"
)

// entry is one small question of the Almanac, a column of the foreign magazine: a paragraph, and a question that
// has been settled. content/almanac.yaml holds them, oldest first.
type entry struct {
	Slug        string
	Day         moment
	Title, Text string
	Question    *Asked
}

// Path gives the entry's address on its own host.
func (e entry) Path() string { return "/almanac/" + e.Slug }

// Date gives the date line.
func (e entry) Date() string { return dateLine(parley.Time(e.Day).UTC()) }

// What the entries of the Almanac have in common.
const (
	almanacAsks     = "Judith Amsel"
	almanacConfirms = "Lorenz Haake"
	almanacJudge    = "The two editors of the Almanac, who do not answer, from the source that the rule names."
	almanacVoid     = "Void if the thing that the question is about is called off."

	// almanacHour is how long before noon an entry appears, and almanacPause how long after the outcome the
	// editors get round to it.
	almanacHour  = 5 * time.Hour
	almanacPause = 26 * time.Hour
)

// almanac reads the entries and fills in what they share.
func almanac() ([]entry, error) {
	const file = "almanac.yaml"
	var all []entry
	if err := readYAML(Pieces(), file, &all); err != nil {
		return nil, err
	}
	for i := range all {
		e := &all[i]
		if e.Question == nil || e.Question.Settled == nil || e.Slug == "" || e.Title == "" || e.Text == "" {
			return nil, fmt.Errorf("%s: the entry %q is not whole", file, e.Slug)
		}
		q, s := e.Question, e.Question.Settled
		q.Asked = moment(parley.Time(e.Day).Add(-almanacHour))
		q.By, q.Judge, s.By, s.With = almanacAsks, almanacJudge, almanacAsks, almanacConfirms
		if q.Void == "" {
			q.Void = almanacVoid
		}
		s.At = moment(parley.Time(s.Happened).Add(almanacPause))
		if err := q.check(); err != nil {
			return nil, fmt.Errorf("%s: the entry %q: %w", file, e.Slug, err)
		}
	}
	return all, nil
}

// newestFirst gives the entries as the magazine lists them.
func newestFirst(all []entry) []entry {
	all = slices.Clone(all)
	slices.Reverse(all)
	return all
}
